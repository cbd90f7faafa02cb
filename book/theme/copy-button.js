// A numbered equation has a button that copies it as TeX, seen while the equation is pointed at or
// the button has the focus. It copies what it selects, as `copy-tex.js` does, which needs no
// permission, and works on a page that is opened from disk.
for (const display of document.querySelectorAll(".marked > .katex-display[id]")) {
  const name = `equation ${display.id.slice("eq-".length)} as TeX`;
  const button = document.createElement("button");
  button.className = "copy-tex";
  const show = (words, label) => {
    button.textContent = words;
    button.ariaLabel = `${label} ${name}`;
  };
  const offer = () => show("TeX", "Copy");
  offer();
  button.onclick = () => {
    getSelection().selectAllChildren(display);
    const copied = document.execCommand("copy");
    getSelection().removeAllRanges();
    // Firefox has moved it to what was selected.
    button.focus();
    if (copied) show("Copied", "Copied");
  };
  button.onblur = display.parentElement.onmouseleave = offer;
  display.after(button);
}
