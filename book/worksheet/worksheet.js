// The worksheets: the controls, and the sheets that the module writes. Nothing is computed here.

/** In the order of `Kind::ALL` in `crates/worksheet/src/sheets/mod.rs`. */
const kinds = {
  "network": "forward, backward, and one step",
  "jacobian": "the Jacobian of softmax, with holes",
  "wrong-line": "find the wrong line",
  "shapes": "match the shapes",
  "graph": "the loss as a graph",
};
const LARGEST = 0xffffffff;

const controls = `<p id="worksheet-error" class="error" role="alert"></p>
<div class="row">
<label>sheet <select id="worksheet-kind">
${Object.entries(kinds).map(([name, what]) => `<option value="${name}">${what}</option>`).join("")}
</select></label>
<label>seed <input type="text" id="worksheet-seed" inputmode="numeric" autocomplete="off" size="10" aria-describedby="worksheet-error"></label>
</div>
<label class="names">names or numbers, one a line: a sheet for each
<textarea id="worksheet-names" rows="3" autocomplete="off" spellcheck="false"></textarea></label>
<div class="row">
<button type="button" id="worksheet-print-sheets">print the sheets</button>
<button type="button" id="worksheet-print-keys">print the keys</button>
<label><input type="checkbox" id="worksheet-key" checked> show the key</label>
</div>
<p id="worksheet-said" role="status" aria-live="polite"></p>`;

/** Loads the module. The function returns the sheet of a kind and a seed: `{ task, key }`, in HTML. */
async function load() {
  const answer = await fetch(new URL("worksheet.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`worksheet.wasm: ${answer.status} ${answer.statusText}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
  const { draw, length, byte } = instance.exports;
  const text = (part) => {
    const bytes = Uint8Array.from({ length: length(part) }, (_, index) => byte(part, index));
    return new TextDecoder().decode(bytes);
  };
  return (kind, seed) => {
    if (draw(Object.keys(kinds).indexOf(kind), seed) !== 0) throw new Error(text(0));
    return { task: text(0), key: text(1) };
  };
}

/** A section as an element, with the name of the one it is for. */
function section(html, student) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const element = template.content.firstElementChild;
  element.querySelector(".student").textContent = student;
  return element;
}

export async function start() {
  const sheet = await load();
  const find = (name) => document.getElementById(`worksheet-${name}`);
  const sheets = document.getElementById("worksheets");
  find("controls").innerHTML = controls;
  const [kind, seed, names, key, error] = ["kind", "seed", "names", "key", "error"].map(find);
  document.querySelector("main").classList.add("worksheets-alive");

  /** The seed as it was typed, NaN for what is none. */
  const typed = () => (/^\s*\d{1,10}\s*$/.test(seed.value) && +seed.value <= LARGEST ? +seed.value : NaN);

  function draw() {
    const first = typed();
    if (Number.isNaN(first)) {
      seed.setAttribute("aria-invalid", "true");
      error.textContent = `seed: expected a whole number from 0 to ${LARGEST}, found ${seed.value.trim() || "nothing"}`;
      return;
    }
    const students = names.value.split("\n").map((name) => name.trim()).filter(Boolean);
    const class_ = students.length === 0 ? [""] : students;
    const seeds = class_.map((_, place) => (first + place) % (LARGEST + 1));
    seed.removeAttribute("aria-invalid");
    try {
      const drawn = seeds.map((one) => sheet(kind.value, one));
      const tasks = drawn.map(({ task }, place) => section(task, class_[place]));
      const keys = drawn.map((one, place) => section(one.key, class_[place]));
      sheets.replaceChildren(...tasks, ...keys);
    } catch (refused) {
      error.textContent = refused.message;
      return;
    }
    error.textContent = "";
    const name = (one) => `${kind.value}-${one}`;
    find("said").textContent = class_.length === 1
      ? `Sheet ${name(first)}.`
      : `${class_.length} sheets, ${name(first)} to ${name(seeds.at(-1))}. The first is shown, all are printed.`;
    history.replaceState(null, "", `#kind=${kind.value}&seed=${first}`);
    // What scrolls can be reached with the keyboard.
    dispatchEvent(new Event("resize"));
  }

  /** Takes over a link; the address of a heading is none. */
  function restore() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (given.get("kind") in kinds) kind.value = given.get("kind");
    if (given.has("seed")) seed.value = given.get("seed");
  }

  function print(what) {
    sheets.dataset.print = what;
    window.print();
  }

  for (const control of [kind, seed, names]) control.addEventListener("input", draw);
  key.addEventListener("change", () => sheets.classList.toggle("without-key", !key.checked));
  find("print-sheets").addEventListener("click", () => print("sheets"));
  find("print-keys").addEventListener("click", () => print("keys"));
  addEventListener("hashchange", () => {
    restore();
    draw();
  });
  seed.value = "7";
  restore();
  draw();
}
