// Writes the numbers of a network into the places for them.

import { at } from "./crate.js";
import { written } from "./written.js";

export function fill(places, { numbers, values }) {
  for (const place of places) {
    const { number, value, style, ofClass } = place.dataset;
    const offset = ofClass === undefined ? 0 : numbers[at.class];
    const found = number === undefined ? values[+value + offset] : numbers[+number + offset];
    place.textContent = written(found, style);
  }
}
