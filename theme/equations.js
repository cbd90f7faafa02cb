// Equation numbers become links.
(() => {
  // The first equation of each page; tested.
  const pages = {
    1.1: "introduction", 2.1: "structure", 3.1: "derivation/chain-rule",
    3.6: "derivation/softmax", 3.18: "derivation/cross-entropy",
    3.24: "derivation/parameters", 4.1: "example", 4.2: "example/forward",
    4.12: "example/backward", 4.27: "example/update", 5.1: "authors-run", 6.1: "errata",
  };
  const place = (n) => n.split(".").reduce((sum, i) => 1e3 * sum + +i);
  const page = (n) => pages[Object.keys(pages).findLast((one) => place(one) <= place(n))];
  const all = (root) => [...root.querySelectorAll(".katex-display")];
  const number = (one) => one.querySelector(".tag").textContent.match(/[\d.]+/)[0];

  const link = (n) => {
    const here = document.getElementById("eq-" + n);
    const span = document.createElement("span");
    span.className = "equation";
    span.innerHTML = `<a>(${n})</a><span role="tooltip"></span>`;
    const [a, tip] = span.children;
    a.href = (here ? "" : path_to_root + page(n) + ".html") + "#eq-" + n;
    span.onmouseenter = a.onfocus = async () => {
      const root = here ? document : new DOMParser()
        .parseFromString(await (await fetch(a.href)).text(), "text/html");
      const copy = all(root).find((one) => number(one) === n).cloneNode(true);
      copy.id = "";
      tip.replaceChildren(copy);
    };
    return span;
  };

  const main = document.querySelector("main");
  for (const one of all(main)) one.id = "eq-" + number(one);
  const walk = document.createTreeWalker(main, 4); // text
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode);
  for (const text of texts) {
    const parent = text.parentElement;
    if (parent.closest("pre, .katex, a") && !parent.matches(".hljs-comment")) continue;
    const parts = text.data.split(/\((\d+\.\d+)\)/);
    if (parts[1]) text.replaceWith(...parts.map((part, i) => (i % 2 ? link(part) : part)));
  }
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
})();
