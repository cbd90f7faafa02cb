// A reference to an equation, (3.9), shows the equation while it is pointed at or has the focus.
// The link itself is in the page; where its page cannot be read, as from disk, it is all there is.
for (const link of document.querySelectorAll('main a[href*="#eq-"]')) {
  const reference = document.createElement("span");
  reference.className = "equation";
  const preview = document.createElement("span");
  preview.role = "tooltip";
  link.replaceWith(reference);
  reference.append(link, preview);

  const page = async () => {
    if (document.getElementById(link.hash.slice(1))) return document;
    const answer = await fetch(link.href);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  };
  const show = async () => {
    if (preview.firstChild) return;
    const equation = (await page()).getElementById(link.hash.slice(1)).cloneNode(true);
    equation.removeAttribute("id");
    equation.querySelector(".mark")?.remove();
    preview.replaceChildren(equation);
  };
  reference.onmouseenter = link.onfocus = () => show().catch(() => {});
}
