// The rows of *Notation* that the letters of a formula stand for.

const address = new URL("../notation.html", import.meta.url);

const letters = ".katex-html .mord:not(:has(*))";
const fontOf = ({ className }) => className.match(/math(?!normal)\w+|boldsymbol/) ?? "";

/** What a symbol is looked up by: W_1, W_i and W; φ( and φ. */
function keys(leaf) {
  const accent = leaf.closest(".accent");
  const letter = accent?.querySelector(letters) ?? leaf;
  let whole = accent ?? letter;
  const name = fontOf(letter) + whole.textContent;
  while (whole.parentElement.matches(".mord, .mop") && !whole.parentElement.childNodes[1]) whole = whole.parentElement;
  const next = whole.nextElementSibling;
  const plain = next?.matches(".mopen") ? [`${name}(`, name] : [name, `${name}(`];
  if (!next?.querySelector(":scope.msupsub > .vlist-t2")) return plain;
  // Above the index stands a power, or more of it in parentheses.
  const [below, above] = next.querySelector(".vlist").children;
  const index = below.textContent + (above?.textContent.match(/\(.*/) ?? "");
  return [/[a-z]/g, /\w/g].map((any) => `${name}_${index.replace(any, "i")}`).concat(plain);
}

/** The rows of the tables, by the keys of their symbols. */
const table = fetch(address).then((answer) => answer.text()).then((text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  const rows = new Map();
  for (const formula of page.querySelectorAll("td:first-child .katex")) {
    const row = formula.closest("tr");
    const letter = formula.querySelector(letters);
    // Signs have fewer columns, and derivatives are made of other symbols.
    if (row.cells.length < 5 || /[∂∇]/.test(letter.textContent)) continue;
    for (const link of row.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), address);
    const [key] = keys(letter);
    rows.set(key, [...rows.get(key) ?? [], row]);
  }
  return rows;
});

/** The rows of a letter, or of what it is an index of. */
function rowsOf(leaf, rows) {
  // Neighbours of one font are one element.
  const merged = leaf.matches(".mathbf, .mathnormal") ? [...leaf.textContent] : [];
  const each = merged[1] ? merged.map((one) => [fontOf(leaf) + one]) : [keys(leaf)];
  const found = each.flatMap((ways) => rows.get(ways.find((key) => rows.has(key))) ?? []);
  const base = leaf.closest(".msupsub")?.previousElementSibling;
  return found[0] || !base ? found : rowsOf(base.querySelector(letters) ?? base, rows);
}

/** A table of what a formula's letters, or one letter, stand for. */
export async function explain(place) {
  const rows = await table;
  const leaves = place.firstElementChild ? [...place.querySelectorAll(letters)] : [place];
  const found = new Set(leaves.flatMap((leaf) => rowsOf(leaf, rows)));
  const [first] = found;
  if (!first) return null;
  const list = document.createElement("table");
  list.append(...[first.closest("table").tHead, ...found].map((one) => one.cloneNode(true)));
  return list;
}
