// A symbol of a formula says what it stands for while it is pointed at. For a keyboard, a finger
// and a screen reader a numbered equation has a button that lists its symbols below it.
(() => {
  const page = new URL(`${path_to_root}notation.html`, location);
  const explain = async (place) => (await import(new URL("theme/notation.js", page))).explain(place);

  const note = document.createElement("div");
  note.className = "symbol-note";
  const show = async (letter) => {
    const list = await explain(letter).catch(() => null);
    if (!list) return note.remove();
    const { left, bottom } = letter.getBoundingClientRect();
    note.style = `--left: ${left}px; --top: ${bottom}px`;
    note.replaceChildren(list);
    document.querySelector("main").append(note);
  };
  let soon;
  addEventListener("pointerover", ({ target, clientX, clientY }) => {
    clearTimeout(soon);
    // It stays while it is pointed at itself.
    if (note.contains(target)) return;
    // What holds an index in its place lies above it.
    const letter = target.closest(".katex-html")
      && document.elementsFromPoint(clientX, clientY).find((one) => one.matches(".mord") && !one.firstElementChild);
    soon = setTimeout(() => letter ? show(letter) : note.remove(), 300);
  });
  addEventListener("keydown", ({ key }) => key === "Escape" && note.remove());
  addEventListener("scroll", () => note.remove());

  for (const display of document.querySelectorAll(".marked > .katex-display[id]")) {
    const button = document.createElement("button");
    button.className = "list-symbols";
    button.textContent = "Symbols";
    button.ariaLabel = `Symbols of equation ${display.id.slice("eq-".length)}`;
    button.ariaExpanded = "false";
    const list = document.createElement("div");
    list.className = "table-wrapper symbols";
    button.onclick = async () => {
      const open = button.ariaExpanded === "false";
      button.ariaExpanded = String(open);
      if (!open) return list.remove();
      if (!list.firstChild) {
        // From disk no page can be read by another.
        const elsewhere = document.createElement("a");
        elsewhere.href = page;
        elsewhere.textContent = "The symbols of the book";
        list.append(await explain(display).catch(() => null) ?? elsewhere);
      }
      display.closest("p").after(list);
      // A box that scrolls is reached by the keyboard.
      dispatchEvent(new Event("resize"));
    };
    display.parentElement.append(button);
  }
})();
