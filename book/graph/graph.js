// The graph, stepped through: which step is shown, and the numbers that a reader sets. All values
// come from the module of the lab.

import { at, load } from "../lab/crate.js";
import * as link from "../lab/link.js";
import { fill } from "../lab/places.js";
import { written } from "../lab/written.js";

/** The book's example: `x`, `W` by rows, `b`, the class counted from 0, the rate. */
const example = [0.6, -1.1, 0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3, 1, 0.5];

const field = (index, name) =>
  `<input type="text" data-index="${index}" aria-label="${name}" autocomplete="off" spellcheck="false" aria-describedby="graph-error">`;
const group = (letter, columns, fields) =>
  `<fieldset><legend>${letter}</legend><div class="table" style="--columns: ${columns}">${fields.join("")}</div></fieldset>`;

const steps = (last) => `<div class="steps" role="group" aria-label="Steps">
<button type="button" data-by="-1">back</button>
<input type="range" min="0" max="${last}" step="1" value="0" aria-label="step">
<button type="button" data-by="1">forward</button>
</div>
<p class="name"></p>
<p class="said aloud" role="status" aria-live="polite"></p>`;

const given = `<p class="error" id="graph-error" role="alert"></p>
<div class="given" role="group" aria-label="Numbers">
${group("inputs <b>x</b>", 1, [1, 2].map((i) => field(at.x + i - 1, `x ${i}`)))}
${group("weights <b>W</b>", 3, [1, 2].flatMap((i) => [1, 2, 3].map((k) => field(at.w + 3 * i + k - 4, `w ${i} ${k}`))))}
${group("biases <b>b</b>", 1, [1, 2, 3].map((k) => field(at.b + k - 1, `b ${k}`)))}
${group("true class", 1, [1, 2, 3].map((k) => `<label><input type="radio" name="graph-class" value="${k - 1}"> ${k}</label>`))}
<button type="button" class="reset">the book’s example</button>
</div>`;

/** An element of the page, made from its text. */
function made(className, html) {
  const element = document.createElement("div");
  element.className = className;
  element.innerHTML = html;
  return element;
}

export async function start(graph) {
  const crate = await load();
  const find = (selector) => graph.querySelector(selector);
  const all = (selector) => [...graph.querySelectorAll(selector)];
  const figure = find("figure");
  const lines = all(".graph-lines > li");
  const last = lines.length;
  const places = all("[data-style]");
  const nodes = all("[data-at]");
  const passed = all("[data-since]");

  figure.after(made("graph-controls", steps(last)));
  graph.append(made("graph-controls", given));
  const [slider, name, said, error] = ["input[type=range]", ".name", ".said", ".error"].map(find);
  const fields = all("input[type=text]");
  const classes = all("input[type=radio]");
  const buttons = all("[data-by]");

  /** The last good network with its values, and the step, 0 where all is shown. */
  let state = crate.update(example);
  let step = 0;

  /** The steps that an element names. */
  const stepsOf = (text) => text.split(" ").filter(Boolean).map(Number);

  function draw(edited) {
    fill(places, state);
    lines.forEach((line, index) => line.classList.toggle("now", index + 1 === step));
    for (const node of nodes) node.classList.toggle("now", stepsOf(node.dataset.at).includes(step));
    for (const group of passed) {
      const since = stepsOf(group.dataset.since);
      group.classList.toggle("now", since.includes(step));
      group.classList.toggle("later", step > 0 && since[0] > step);
    }
    slider.value = step;
    name.textContent = title();
    slider.setAttribute("aria-valuetext", title());
    // Not disabled: it would lose the focus.
    buttons[0].ariaDisabled = step === 0;
    buttons[1].ariaDisabled = step === last;
    for (const control of fields) {
      control.removeAttribute("aria-invalid");
      if (control !== edited) control.value = written(state.numbers[control.dataset.index], "plain").replaceAll("−", "-");
    }
    for (const radio of classes) radio.checked = +radio.value === state.numbers[at.class];
    error.textContent = "";
    see();
    // What scrolls can be reached with the keyboard.
    dispatchEvent(new Event("resize"));
  }

  const title = () => (step === 0
    ? `All numbers at once; ${last} steps lead through them`
    : `Step ${step} of ${last}`);

  /** On a narrow screen the graph scrolls: the node that is lit comes into sight. */
  function see() {
    const node = figure.querySelector("[data-at].now");
    if (!node || figure.scrollWidth <= figure.clientWidth) return;
    const [inner, outer] = [node.getBoundingClientRect(), figure.getBoundingClientRect()];
    figure.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
  }

  /** Keeps the state in the address and says what changed. */
  function settle(what) {
    history.replaceState(null, "", `${link.write(state.numbers, false)}&step=${step}`);
    said.textContent = what;
  }

  const sayStep = () => {
    if (step === 0) return "All numbers are shown.";
    const heading = lines[step - 1].firstElementChild.textContent;
    const numbers = passed.filter((group) => group.classList.contains("now"))
      .flatMap((group) => [...group.children].map((one) => one.textContent));
    return `${heading}. Passes on ${numbers.join(", ")}.`;
  };
  const sayLoss = () => `The loss is ${written(state.values[at.loss], "fixed")} nats.`;

  function go(to) {
    const next = Math.min(Math.max(to, 0), last);
    if (next === step) return;
    step = next;
    draw();
    settle(sayStep());
  }

  /** Takes a network, or says why the crate refuses it and stays as it is. */
  function take(numbers, edited) {
    try {
      state = crate.update(numbers);
    } catch (refused) {
      edited?.setAttribute("aria-invalid", "true");
      error.textContent = refused.message;
      return false;
    }
    draw(edited);
    return true;
  }

  for (const button of buttons) {
    button.addEventListener("click", () => go(step + +button.dataset.by));
  }
  slider.addEventListener("input", () => go(+slider.value));
  graph.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    // Elsewhere these keys turn the page of the book.
    event.stopPropagation();
    if (event.target === slider || event.target.closest(".steps")) {
      event.preventDefault();
      go(step + by);
    }
  });
  for (const control of fields) {
    control.addEventListener("input", () => take(state.numbers.with(control.dataset.index, link.parse(control.value)), control));
    control.addEventListener("change", () => error.textContent || (draw(), settle(sayLoss())));
  }
  for (const radio of classes) {
    radio.addEventListener("change", () => take(state.numbers.with(at.class, +radio.value)) && settle(sayLoss()));
  }
  find(".reset").addEventListener("click", () => take(example) && settle(sayLoss()));

  /** Takes over a link; the address of a heading is none. */
  function restore() {
    if (!location.hash.includes("=")) return;
    const found = Number(new URLSearchParams(location.hash.slice(1)).get("step"));
    step = Number.isInteger(found) && found >= 0 && found <= last ? found : 0;
    if (!take(link.read(location.hash, example).numbers)) {
      const why = error.textContent;
      draw();
      error.textContent = why;
    }
  }
  addEventListener("hashchange", restore);
  draw();
  restore();
}
