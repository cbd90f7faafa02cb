// The module of `crates/training`. Only numbers pass; a text is read byte by byte.

/** What `write` writes; a number above `regions` is the size of a cell, less one. */
export const about = { line: 0, chart: 1, counts: 2, regions: 3 };

/** Loads the module for one task. What it refuses comes back as an Error with its own text. */
export async function load(task) {
  const answer = await fetch(new URL("training.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`training.wasm: ${answer.status} ${answer.statusText}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
  const { choose, option, set, begin, train, epoch, write, length, byte } = instance.exports;

  const read = () => new TextDecoder().decode(Uint8Array.from({ length: length() }, (_, index) => byte(index)));
  const ask = (refused) => {
    if (refused !== 0) throw new Error(read());
  };
  choose(task);
  return {
    book: Array.from({ length: 5 }, (_, index) => option(index)),
    begin(options) {
      options.forEach((one, index) => set(index, one));
      ask(begin());
    },
    train: (epochs) => ask(train(epochs)),
    epoch,
    text(what) {
      write(what);
      return read();
    },
  };
}
