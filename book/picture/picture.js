// A picture that moves: its controls, what is dragged in it, its state in the address. What it shows
// is computed and drawn by the module, from numbers and from the pixels of a pointer.

import { parse } from "../lab/link.js";
import { load as module } from "../lab/module.js";

/** Loads the module. A request returns the numbers of the state, or throws what was refused. */
async function load() {
  const { exports, text, ask } = await module(new URL("picture.wasm", import.meta.url));
  const { set, draw, change, number, slider } = exports;
  const granted = (refused, count) => {
    ask(refused);
    return Array.from({ length: count }, (_, index) => number(index));
  };
  return {
    draw(which, numbers) {
      numbers.forEach((one, index) => set(index, one));
      return granted(draw(which), numbers.length);
    },
    change: (count, what, a = 0, b = 0) => granted(change(what, a, b), count),
    slider,
    text,
  };
}

const range = ([name, what, from, to, step]) =>
  `<label><span>${name}</span><input type="range" data-change="${what}" min="${from}" max="${to}" step="${step}"><output></output></label>`;

/** A choice, with the names of what can be chosen. */
export const choice = (name, what, options) =>
  `<label><span>${name}</span><select data-change="${what}">${options.map((one, index) => `<option value="${index}">${one}</option>`).join("")}</select></label>`;

/** Legends with their sliders, each `[name, change, from, to, step]`. */
export const groups = (all) => Object.entries(all)
  .map(([legend, sliders]) => `<fieldset><legend>${legend}</legend>${sliders.map(range).join("")}</fieldset>`).join("");

/**
 * Moves a picture, of those that the module has. `rows` has the names and lengths of what the address holds, `example` its numbers;
 * `controls` is their HTML; `[data-part]` shows what the module draws, and the last part is said aloud.
 */
export async function move(picture, { which, rows, example, controls }) {
  const module = await load();
  const find = (selector) => picture.querySelector(selector);
  const parts = [...picture.querySelectorAll("[data-part]")];
  const box = document.createElement("div");
  box.className = "picture-controls";
  box.innerHTML = `${controls}<p class="error" role="alert"></p><p class="said aloud" role="status"></p>`;
  find("figure").after(box);
  const sliders = [...box.querySelectorAll("input, select")];
  const [error, said] = [".error", ".said"].map(find);
  let numbers;

  /** Makes a request, and shows what came of it or why it was refused. */
  function show(request, edited) {
    try {
      numbers = request();
    } catch (refused) {
      error.textContent = refused.message;
      return;
    }
    error.textContent = "";
    for (const part of parts) part.innerHTML = module.text(part.dataset.part);
    for (const slider of sliders) {
      const found = module.slider(slider.dataset.change);
      if (slider !== edited) slider.value = found;
      if (slider.type === "range") slider.nextElementSibling.textContent = slider.ariaValueText = String(+found.toFixed(3)).replace("-", "−");
    }
  }

  const change = (what, a, b) => show(() => module.change(example.length, what, a, b));

  /** Keeps the state in the address, and says what changed. */
  function settle() {
    let from = 0;
    const state = Object.entries(rows).map(([name, count]) => `${name}=${numbers.slice(from, from += count)}`);
    // A + would be read as a space.
    history.replaceState(null, "", `#${state.join("&").replaceAll("e+", "e")}`);
    said.textContent = module.text(parts.length);
  }

  /** Takes over a link; the address of a heading is none. What it leaves out is as in the example. */
  function restore() {
    const link = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    let from = 0;
    const found = Object.entries(rows).flatMap(([name, count]) => {
      const usual = example.slice(from, from += count);
      const given = link.get(name)?.split(",");
      return usual.map((one, index) => (given ? parse(given[index] ?? "") : one));
    });
    show(() => module.draw(which, found));
  }

  for (const slider of sliders) {
    slider.addEventListener("input", () => show(() => module.change(example.length, slider.dataset.change, +slider.value), slider));
    slider.addEventListener("change", settle);
  }
  // Elsewhere these keys turn the page of the book.
  box.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());

  find(".reset").addEventListener("click", () => {
    show(() => module.draw(which, example));
    settle();
  });
  for (const button of box.querySelectorAll("[data-steps]")) {
    button.addEventListener("click", () => {
      let left = +button.dataset.steps;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const step = () => {
        do change(13);
        while (--left > 0 && still);
        if (left > 0) setTimeout(step, 60);
        else settle();
      };
      step();
    });
  }

  // The drawing is made anew while it is dragged, so that its box, which stays, keeps the pointer.
  for (const part of parts) {
    // Or a finger would scroll the page.
    part.addEventListener("touchstart", (event) => event.target.closest(".handle") && event.preventDefault(), { passive: false });
    part.addEventListener("pointerdown", (event) => {
      const what = event.target.closest(".handle")?.dataset.change;
      if (!what) return;
      event.preventDefault();
      part.setPointerCapture(event.pointerId);
      const drag = ({ clientX, clientY }) => {
        const svg = part.querySelector("svg");
        const { left, top, width } = svg.getBoundingClientRect();
        const scale = svg.viewBox.baseVal.width / width;
        change(what, (clientX - left) * scale, (clientY - top) * scale);
      };
      const end = () => {
        part.removeEventListener("pointermove", drag);
        settle();
      };
      part.addEventListener("pointermove", drag);
      part.addEventListener("lostpointercapture", end, { once: true });
    });
  }
  addEventListener("hashchange", restore);
  // Paper has the picture as it was before anybody moved it.
  matchMedia("print").addEventListener("change", ({ matches }) => {
    const moved = numbers;
    show(() => module.draw(which, matches ? example : moved));
    numbers = moved;
  });
  show(() => module.draw(which, example));
  restore();
}
