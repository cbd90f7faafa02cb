// Equation numbers become links.
{
  // Each page's first equation; tested.
  const pages = `1 introduction,2 structure,3 derivation/chain-rule,3.6 derivation/softmax,
3.18 derivation/cross-entropy,3.24 derivation/parameters,4 example,4.2 example/forward,
4.12 example/backward,4.27 example/update,5 authors-run,6 errata,7 numbers,8 gradient-check,9 mistakes,10 batch,11 penguins,
12 hidden-layer,13 two-classes,14 soft-targets,15 curvature,16 questions,17 exercises`.split(",");
  const place = (n, [chapter, i = 0] = n.match(/\d+/g)) => 1e3 * chapter + +i;
  const page = (n) => pages.findLast((one) => place(one) <= place(n)).match(/[a-z].*/);
  const all = (root) => [...root.querySelectorAll(".katex-display")];
  const number = (one) => one.querySelector(".tag").textContent.slice(1, -1);

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
      copy.querySelector(".mark")?.remove();
      tip.replaceChildren(copy);
    };
    return span;
  };

  const main = document.querySelector("main");
  for (const one of all(main)) one.id = "eq-" + number(one);
  for (const one of main.querySelectorAll("*")) {
    if (one.closest("pre, .katex, summary, a") && !one.matches(".hljs-comment")) continue;
    for (const text of [...one.childNodes]) {
      const parts = text.data?.split(/\((\d+\.\d+)\)/);
      if (parts?.[1]) text.replaceWith(...parts.map((part, i) => (i % 2 ? link(part) : part)));
    }
  }
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
