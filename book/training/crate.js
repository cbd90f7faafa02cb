// The module of `crates/training`.

import { load as module } from "../lab/module.js";

/** What the module writes; above `regions` in larger cells. */
export const about = { line: 0, chart: 1, counts: 2, regions: 3 };

/** Loads the module for one task. What it refuses comes back as an Error with its own text. */
export async function load(task) {
  const { exports, ask, text } = await module(new URL("training.wasm", import.meta.url));
  const { choose, option, set, begin, train, epoch } = exports;
  choose(task);
  return {
    book: Array.from({ length: 5 }, (_, index) => option(index)),
    begin(options) {
      options.forEach((one, index) => set(index, one));
      ask(begin());
    },
    train: (epochs) => ask(train(epochs)),
    epoch,
    text,
  };
}
