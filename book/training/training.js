// Training, live: buttons, options, the address, and what the module gives put into the page's
// pictures. Nothing is computed here.

import { parse } from "../lab/link.js";
import { about, load } from "./crate.js";

/** The options, in the order of the module. */
const names = ["hidden", "portion", "rate", "seed", "epochs"];
const labels = ["hidden units", "examples in a step", "learning rate", "seed", "epochs"];

/** Milliseconds of a frame that are trained; the rest draws. */
const BUDGET = 6;

const controls = `<div class="buttons" role="group" aria-label="Training">
<button type="button" class="run">train</button>
<button type="button" class="step">one epoch</button>
<button type="button" class="back">to the start</button>
<button type="button" class="book">the page’s run</button>
</div>
<p class="line"></p>
<p class="said aloud" role="status" aria-live="polite"></p>
<div class="options" role="group" aria-label="Options">
${labels.map((label, index) => `<label>${label} <input type="text" inputmode="decimal" data-index="${index}" autocomplete="off" spellcheck="false" aria-describedby="training-error"></label>`).join("\n")}
</div>
<p class="error" id="training-error" role="alert"></p>`;

export async function start(training) {
  const crate = await load(+training.dataset.task);
  const find = (selector) => training.querySelector(selector);
  const [map, chart] = training.querySelectorAll("figure");
  const described = map.querySelector("desc");
  const paths = [...map.querySelectorAll("g[shape-rendering] path")];
  const cells = [...training.querySelectorAll("td:not(:first-child)")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const panel = document.createElement("div");
  panel.className = "live-controls";
  panel.innerHTML = controls;
  map.after(panel);
  const [run, line, said, error] = [".run", ".line", ".said", ".error"].map(find);
  const fields = [...panel.querySelectorAll("input")];

  let options = crate.book;
  /** The epoch at which training stops, and the next frame, where there is one. */
  let [goal, frame] = [0, 0];
  /** Whether the page shows another state than that of its cells. */
  let moved = false;

  const last = () => options[names.indexOf("epochs")];

  function put(picture) {
    paths.forEach((path, index) => path.setAttribute("d", picture.paths[index]));
    chart.querySelector("svg").outerHTML = picture.chart;
    cells.forEach((cell, index) => {
      cell.textContent = picture.cells[index];
    });
  }

  /** Puts the state of the run into the page, in cells of a size. */
  function draw(size) {
    moved = true;
    put({
      paths: crate.text(about.regions + size - 1).split("\n"),
      chart: crate.text(about.chart),
      cells: crate.text(about.counts).split(" "),
    });
    line.textContent = crate.text(about.line);
    described.textContent = `The regions of the network, ${line.textContent}.`;
  }

  /** Shows the state at rest, keeps it in the address and says what it is. */
  function settle() {
    cancelAnimationFrame(frame);
    frame = 0;
    run.textContent = "train";
    draw(1);
    said.textContent = line.textContent;
    const parts = names.map((name, index) => `${name}=${options[index]}`);
    history.replaceState(null, "", `#${parts.join("&").replaceAll("e+", "e")}&at=${crate.epoch()}`);
  }

  /** Trains for the time of a frame. A run grows faster the longer it is: its first epochs change most. */
  function advance() {
    const end = performance.now() + BUDGET;
    const pace = still.matches ? Infinity : 1 + Math.floor(crate.epoch() / 60);
    try {
      for (let done = 0; done < pace && crate.epoch() < goal && performance.now() < end; done++) crate.train(1);
    } catch (refused) {
      settle();
      error.textContent = refused.message;
      return;
    }
    if (crate.epoch() >= goal) {
      settle();
      return;
    }
    if (!still.matches) draw(moving());
    frame = requestAnimationFrame(advance);
  }

  // Paper has the page's run.
  const unmoved = { paths: paths.map((path) => path.getAttribute("d")), chart: chart.querySelector("svg").outerHTML, cells: cells.map((cell) => cell.textContent) };
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (!moved) return;
    if (matches) put(unmoved);
    else draw(1);
  });

  /** Larger cells where a network has hidden units: a unit costs as much as a layer. */
  const moving = () => (options[0] > 0 ? 5 : 2);

  function train(to) {
    cancelAnimationFrame(frame);
    goal = to;
    run.textContent = "stop";
    frame = requestAnimationFrame(advance);
  }

  /** Begins a run with options, or says why the module refuses them. */
  function take(numbers, edited) {
    for (const field of fields) field.removeAttribute("aria-invalid");
    error.textContent = "";
    try {
      crate.begin(numbers);
    } catch (refused) {
      edited?.setAttribute("aria-invalid", "true");
      error.textContent = refused.message;
      return false;
    }
    options = numbers;
    for (const field of fields) {
      if (field !== edited) field.value = String(options[field.dataset.index]);
    }
    return true;
  }

  run.addEventListener("click", () => {
    if (frame !== 0) {
      settle();
      return;
    }
    if (crate.epoch() >= last()) take(options);
    train(last());
  });
  find(".step").addEventListener("click", () => train(Math.min(crate.epoch() + 1, last())));
  find(".back").addEventListener("click", () => take(options) && settle());
  find(".book").addEventListener("click", () => take(crate.book) && train(last()));
  for (const field of fields) {
    field.addEventListener("input", () => {
      const running = frame !== 0;
      if (!take(options.with(field.dataset.index, parse(field.value)), field)) return;
      if (running) train(last());
      else settle();
    });
  }
  panel.addEventListener("keydown", (event) => {
    // Elsewhere these keys turn the page of the book.
    if (["ArrowLeft", "ArrowRight"].includes(event.key)) event.stopPropagation();
  });

  /** Takes over a link; the address of a heading is none. */
  function restore() {
    if (!location.hash.includes("=")) return;
    const parts = new URLSearchParams(location.hash.slice(1));
    const numbers = names.map((name, index) => (parts.has(name) ? parse(parts.get(name)) : crate.book[index]));
    if (!take(numbers)) return;
    const at = Number(parts.get("at") ?? 0);
    if (at > 0) train(Math.min(at, last()));
    else settle();
  }
  addEventListener("hashchange", restore);
  take(options);
  line.textContent = `The picture shows the page’s run after ${last()} epochs.`;
  restore();
}
