// The lab: the controls, the state, and what follows from a change.

import * as chart from "./chart.js";
import { at, load } from "./crate.js";
import { show } from "./figure.js";
import * as link from "./link.js";
import { written } from "./written.js";

const STEPS = 200;

/** Where a reader may start from: `x`, `W` by rows, `b`, the class counted from 0, the rate. */
const presets = {
  "the book’s example": [0.6, -1.1, 0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3, 1, 0.5],
  "the author’s run": [8, 7, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 2, 1],
  "equal weights": [0.6, -1.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 0.5],
  "sure and right": [1, 1, -5, 5, -5, -5, 5, -5, 0, 0, 0, 1, 0.5],
  "sure and wrong": [1, 1, 5, -5, -5, 5, -5, -5, 0, 0, 0, 1, 0.5],
  "logits of 1000": [1, 1, 500, 499, 498, 500, 500, 500, 0, 0, 0, 1, 0.5],
};

const subscript = (index) => [...String(index)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
const names = [
  ...[1, 2].map((i) => `x${subscript(i)}`),
  ...[1, 2].flatMap((i) => [1, 2, 3].map((k) => `w${subscript(10 * i + k)}`)),
  ...[1, 2, 3].map((k) => `b${subscript(k)}`),
];

const control = (index, name, [least, most, step]) => `
<div class="control">
<label for="lab-${index}">${name}</label>
<input type="text" id="lab-${index}" data-index="${index}" autocomplete="off" spellcheck="false" aria-describedby="lab-error">
<input type="range" data-index="${index}" aria-label="${name}, slider" min="${least}" max="${most}" step="${step}">
</div>`;
const group = (legend, controls) => `<fieldset><legend>${legend}</legend><div class="controls">${controls}</div></fieldset>`;
const many = (start, count, range) => names.slice(start, start + count)
  .map((name, i) => control(start + i, name, range)).join("");
const button = (id, text) => `<button type="button" id="lab-${id}">${text}</button>`;

const markup = {
  start: `<div class="buttons-row" role="group" aria-label="Start from">
${Object.keys(presets).map((name) => `<button type="button" data-preset="${name}">${name}</button>`).join("")}
</div>
<div class="buttons-row"><label><input type="checkbox" id="lab-backward"> show the gradients</label></div>`,
  controls: `<p id="lab-error" class="error" role="alert"></p>
<div class="buttons-row">
${button("step", "step")}${button("run", "run")}${button("reset", "reset")}${button("random", "random")}
<label>seed <input type="text" id="lab-seed" value="1" autocomplete="off" size="5" aria-describedby="lab-error"></label>
</div>
<p class="loss"><i>J</i> = <span id="lab-loss"></span> nats <span id="lab-steps"></span></p>
<p id="lab-said" class="aloud" role="status" aria-live="polite"></p>
<figure>${chart.markup}</figure>
${group("inputs <b>x</b>", many(at.x, 2, [-10, 10, 0.1]))}
${group("weights <b>W</b>", many(at.w, 6, [-6, 6, 0.05]))}
${group("biases <b>b</b>", many(at.b, 3, [-6, 6, 0.05]))}
${group("true class", [1, 2, 3].map((k) => `<label><input type="radio" name="lab-class" value="${k - 1}"> ${k}</label>`).join(""))}
${group("learning rate", control(at.rate, "η", [0.05, 5, 0.05]))}`,
};

export async function start() {
  const crate = await load();
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  find("#lab-start").innerHTML = markup.start;
  find("#lab-controls").innerHTML = markup.controls;
  const fields = all("#lab-controls input[type=text][data-index]");
  const sliders = all("#lab-controls input[type=range]");
  const classes = all("#lab-controls input[type=radio]");
  const error = find("#lab-error");
  const backward = find("#lab-backward");

  /** The last good network with its values, where its descent began, and its losses since. */
  let state = crate.update(presets["the book’s example"]);
  let origin = state.numbers;
  let losses = [state.values[at.loss]];
  /** The run under way, if there is one; another object is another run. */
  let running = null;

  function draw(edited) {
    const { numbers, values } = state;
    show(state, backward.checked);
    chart.draw(losses);
    for (const control of [...fields, ...sliders]) {
      control.removeAttribute("aria-invalid");
      if (control === edited) continue;
      const number = numbers[control.dataset.index];
      control.value = control.type === "range" ? number : written(number, "plain").replaceAll("−", "-");
    }
    for (const radio of classes) radio.checked = +radio.value === numbers[at.class];
    error.textContent = "";
    find("#lab-loss").textContent = written(values[at.loss], "fixed");
    find("#lab-steps").textContent = count();
  }

  const count = () => (losses.length === 1 ? "" : `after ${losses.length - 1} ${losses.length === 2 ? "step" : "steps"}`);

  /** Keeps the state in the address and says the loss, once a change is over. */
  function settle() {
    history.replaceState(null, "", link.write(state.numbers, backward.checked));
    find("#lab-said").textContent = `The loss is ${written(state.values[at.loss], "fixed")} nats ${count()}`.trim();
  }

  /** What the crate answers, or null where it refuses: then the page says why and stays as it is. */
  function ask(request, edited) {
    try {
      return request();
    } catch (refused) {
      edited?.setAttribute("aria-invalid", "true");
      error.textContent = refused.message;
      return null;
    }
  }

  /** Ends a run and begins another descent, from what the crate answers. */
  function begin(request, edited) {
    running = null;
    const next = ask(request, edited);
    if (!next) return false;
    state = next;
    origin = next.numbers;
    losses = [next.values[at.loss]];
    draw(edited);
    return true;
  }
  const beginAt = (numbers, edited) => begin(() => crate.update(numbers), edited);

  function step() {
    const next = ask(() => crate.step(state.numbers, 1));
    if (!next) return false;
    state = next;
    losses.push(next.values[at.loss]);
    draw();
    return true;
  }

  async function run() {
    if (running) {
      running = null;
      return;
    }
    const mine = {};
    running = mine;
    find("#lab-run").textContent = "stop";
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (let taken = 0; running === mine && taken < STEPS && step(); taken++) {
      if (!still) await new Promise(requestAnimationFrame);
    }
    // A run that began meanwhile goes on.
    if (running && running !== mine) return;
    running = null;
    find("#lab-run").textContent = "run";
    settle();
  }

  function edit({ target }) {
    beginAt(state.numbers.with(target.dataset.index, link.parse(target.value)), target);
  }

  for (const control of [...fields, ...sliders]) {
    control.addEventListener("input", edit);
    control.addEventListener("change", () => error.textContent || (draw(), settle()));
  }
  for (const radio of classes) {
    radio.addEventListener("change", () => beginAt(state.numbers.with(at.class, +radio.value)) && settle());
  }
  for (const one of all("#lab-start [data-preset]")) {
    one.addEventListener("click", () => {
      if (beginAt(presets[one.dataset.preset])) settle();
    });
  }
  backward.addEventListener("change", () => {
    draw();
    settle();
  });
  find("#lab-step").addEventListener("click", () => step() && settle());
  find("#lab-run").addEventListener("click", run);
  find("#lab-reset").addEventListener("click", () => {
    if (beginAt(origin)) settle();
  });
  find("#lab-random").addEventListener("click", () => {
    const seed = find("#lab-seed");
    const found = link.parse(seed.value);
    if (!Number.isInteger(found) || found < 0 || found > 0xffffffff) {
      error.textContent = `seed: expected a whole number from 0 to ${0xffffffff}, found ${seed.value || "nothing"}`;
      return;
    }
    if (begin(() => crate.random(state.numbers, found))) {
      seed.value = (found + 1) % 2 ** 32;
      settle();
    }
  });

  /** Takes over a link; the address of a heading is none. */
  function restore() {
    if (!location.hash.includes("=")) return;
    const given = link.read(location.hash, presets["the book’s example"]);
    backward.checked = given.backward;
    draw();
    beginAt(given.numbers);
  }
  addEventListener("hashchange", restore);
  draw();
  restore();
}
