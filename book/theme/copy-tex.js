// A formula is copied as its TeX, between dollars and without the book's macros; one that is
// selected in part, as a whole. Where rich text is pasted, it is MathML.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const formula = (node) => {
    const element = node.closest ? node : node.parentElement;
    return element.closest(".katex-display") ?? element.closest(".katex");
  };
  const selected = selection.getRangeAt(0);
  const [first, last] = [selected.startContainer, selected.endContainer].map(formula);
  // A range of its own: in Firefox a copy of the selected one fails once its end is moved.
  const range = new Range();
  if (first) range.setStartBefore(first);
  else range.setStart(selected.startContainer, selected.startOffset);
  if (last) range.setEndAfter(last);
  else range.setEnd(selected.endContainer, selected.endOffset);
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  const formulas = [...copy.querySelectorAll("[data-tex]")];
  if (formulas.length === 0) return;

  const unseen = '.katex-html, .mark, .copy-tex, [role="tooltip"], .buttons, .hide-boring .boring, details:not([open]) > :not(summary)';
  for (const one of copy.querySelectorAll(unseen)) one.remove();
  event.clipboardData.setData("text/html", copy.innerHTML);
  for (const one of formulas) {
    const dollars = one.closest(".katex-display") ? "$$" : "$";
    one.textContent = dollars + one.dataset.tex + dollars;
  }
  for (const one of copy.querySelectorAll("p, li, tr, h1, h2, h3, pre, figcaption, .katex-display")) one.append("\n");
  for (const one of copy.querySelectorAll("td, th")) one.append("\t");
  event.clipboardData.setData("text/plain", copy.textContent.trim());
  event.preventDefault();
});
