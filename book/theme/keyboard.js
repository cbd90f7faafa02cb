// What mdBook leaves to the mouse: its button for the table of contents is a label, and boxes
// that scroll cannot be reached. Mends both.
(() => {
  const toggle = document.getElementById("mdbook-sidebar-toggle");
  toggle.role = "button";
  toggle.tabIndex = 0;
  toggle.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    toggle.click();
  });

  // The page *Worksheet* makes its lines anew, and says so by an event.
  const boxes = "main :is(.katex-display, pre > code, .table-wrapper, figure, .worksheet .line)";
  const reach = () => {
    for (const box of document.querySelectorAll(boxes)) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reach);
  document.fonts.ready.then(reach);
})();
