// A mistake, switched on: what the module gives, put into the page's chart and table. Nothing is
// computed here.

import { parse } from "../lab/link.js";
import { load as module } from "../lab/module.js";

/** The options, in the order of the module. */
const names = ["mistake", "point", "rate", "step"];
/** The last step of a walk. */
const LAST = 60;
/** What the module writes. */
const about = { line: 0, chart: 1, marks: 2, mistakes: 3, points: 4 };

async function load() {
  const { exports, ask, text } = await module(new URL("missteps.wasm", import.meta.url));
  const { option, set, walk } = exports;
  return {
    book: names.map((_, index) => option(index)),
    walk(options) {
      options.forEach((one, index) => set(index, one));
      ask(walk());
    },
    text,
  };
}

const choice = (label, name, texts) => `<label>${label} <select data-name="${name}">
${texts.map((text, value) => `<option value="${value}">${text}</option>`).join("\n")}
</select></label>`;

const controls = (mistakes, points) => `<div class="options" role="group" aria-label="Options">
${choice("mistake", "mistake", ["none", ...mistakes.map((name, index) => `${index + 1}. ${name}`)])}
${choice("test point", "point", points)}
<label>learning rate <input type="text" inputmode="decimal" data-name="rate" autocomplete="off" spellcheck="false" aria-describedby="missteps-error"></label>
</div>
<div class="buttons" role="group" aria-label="Descent">
<button type="button" class="run">descend</button>
<button type="button" class="back">one step back</button>
<input type="range" min="0" max="${LAST}" step="1" data-name="step" aria-label="step">
<button type="button" class="on">one step on</button>
</div>
<p class="error" id="missteps-error" role="alert"></p>
<p class="line"></p>
<p class="said aloud" role="status" aria-live="polite"></p>`;

export async function start(place) {
  const crate = await load();
  const find = (selector) => place.querySelector(selector);
  const figure = find("figure");
  const cells = [...place.querySelectorAll("tbody td")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const unmoved = { chart: find("svg").outerHTML, marks: cells.map((cell) => cell.textContent) };

  const panel = document.createElement("div");
  panel.className = "live-controls";
  panel.innerHTML = controls(crate.text(about.mistakes).split("\n"), crate.text(about.points).split("\n"));
  figure.before(panel);
  const [run, line, said, error] = [".run", ".line", ".said", ".error"].map(find);
  const fields = names.map((name) => find(`[data-name="${name}"]`));
  const slider = fields[3];

  let options = crate.book;
  let frame = 0;
  const marks = () => cells.map((cell) => cell.textContent);

  function put({ chart, marks }) {
    find("svg").outerHTML = chart;
    cells.forEach((cell, index) => {
      cell.textContent = marks[index];
    });
  }
  const draw = () => {
    put({ chart: crate.text(about.chart), marks: crate.text(about.marks).split("\n") });
    line.textContent = crate.text(about.line);
    slider.setAttribute("aria-valuetext", line.textContent);
  };

  /** Walks with options, or says why the module refuses them. */
  function take(numbers, edited) {
    for (const field of fields) field.removeAttribute("aria-invalid");
    error.textContent = "";
    try {
      crate.walk(numbers);
    } catch (refused) {
      edited?.setAttribute("aria-invalid", "true");
      error.textContent = refused.message;
      return false;
    }
    options = numbers;
    fields.forEach((field, index) => {
      if (field !== edited) field.value = String(options[index]);
    });
    draw();
    return true;
  }

  /** At rest the address keeps the state, and what the line and the checks say is read aloud. */
  function settle() {
    cancelAnimationFrame(frame);
    frame = 0;
    run.textContent = "descend";
    const heads = [...place.querySelectorAll("thead th")].map((head) => head.textContent);
    const found = heads.filter((_, index) => marks()[index] === "caught");
    said.textContent = `${line.textContent}${found.length ? `: ${found.join(", ")}` : ""}.`;
    const parts = names.map((name, index) => `${name}=${options[index]}`);
    history.replaceState(null, "", `#${parts.join("&").replaceAll("e+", "e")}`);
  }

  const go = (step) => take(options.with(3, Math.min(Math.max(step, 0), LAST)));

  function advance() {
    go(options[3] + 1);
    if (options[3] >= LAST) settle();
    else frame = requestAnimationFrame(advance);
  }

  run.addEventListener("click", () => {
    if (frame !== 0) {
      settle();
      return;
    }
    if (still.matches) {
      go(LAST);
      settle();
      return;
    }
    if (options[3] >= LAST) go(0);
    run.textContent = "stop";
    frame = requestAnimationFrame(advance);
  });
  find(".back").addEventListener("click", () => go(options[3] - 1) && settle());
  find(".on").addEventListener("click", () => go(options[3] + 1) && settle());
  fields.forEach((field, index) => {
    field.addEventListener("input", () => take(options.with(index, parse(field.value)), field) && settle());
  });
  panel.addEventListener("keydown", (event) => {
    // Elsewhere these keys turn the page of the book.
    if (["ArrowLeft", "ArrowRight"].includes(event.key)) event.stopPropagation();
  });

  // Paper has the picture of the page.
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) put(unmoved);
    else draw();
  });

  /** Takes over a link; the address of a heading is none. */
  function restore() {
    if (!location.hash.includes("=")) return;
    const parts = new URLSearchParams(location.hash.slice(1));
    take(names.map((name, index) => (parts.has(name) ? parse(parts.get(name)) : crate.book[index])));
  }
  addEventListener("hashchange", restore);
  take(options);
  restore();
}
