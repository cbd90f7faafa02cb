// Puts a network into the page: its numbers into their places, and its edges' width and colour.

import { at } from "./crate.js";
import { fill } from "./places.js";

const svg = document.getElementById("lab-figure");
const places = [...document.querySelectorAll("[data-style]")];
const edges = [...svg.querySelectorAll("[data-weight]")];
const answers = [...svg.querySelectorAll(".answer")];

/** From 1 at 0 to 8 at infinity. */
const width = (number) => (Math.abs(number) === Infinity ? 8 : 1 + (7 * Math.abs(number)) / (Math.abs(number) + 1));

export function show({ numbers, values }, backward) {
  const trueClass = numbers[at.class];
  fill(places, { numbers, values });
  for (const edge of edges) {
    const found = backward ? values[edge.dataset.gradient] : numbers[edge.dataset.weight];
    edge.style.strokeWidth = width(found);
    edge.classList.toggle("negative", found < 0);
  }
  for (const answer of answers) answer.classList.toggle("true", +answer.dataset.class === trueClass);
  svg.classList.toggle("backwards", backward);
  const sum = values[at.sum];
  document.getElementById("lab-range").hidden = sum > 0 && sum < Infinity && values[at.yHat + trueClass] > 0;
}
