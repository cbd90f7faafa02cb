// The crate, compiled to WebAssembly. Only numbers pass in and out; what the crate refuses comes
// back as an Error with the crate's own text.

const NUMBERS = 13;
const VALUES = 66;

/** Where a quantity stands among the numbers and the values; `crates/lab/src/network.rs` has all. */
export const at = { x: 0, w: 2, b: 8, class: 11, rate: 12, sum: 12, yHat: 14, loss: 17 };

/** Loads the crate. Each function returns `{ numbers, values }`: a network and all its values. */
export async function load() {
  const answer = await fetch(new URL("lab.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`lab.wasm: ${answer.status} ${answer.statusText}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
  const { set, update, step, random, number, value, error_length, error_byte } = instance.exports;

  const read = (get, count) => Array.from({ length: count }, (_, index) => get(index));
  const error = () => {
    const bytes = Uint8Array.from({ length: error_length() }, (_, index) => error_byte(index));
    return new Error(new TextDecoder().decode(bytes));
  };
  const ask = (numbers, request) => {
    numbers.forEach((one, index) => set(index, one));
    if (request() !== 0) throw error();
    return { numbers: read(number, NUMBERS), values: read(value, VALUES) };
  };
  return {
    update: (numbers) => ask(numbers, update),
    step: (numbers, steps) => ask(numbers, () => step(steps)),
    random: (numbers, seed) => ask(numbers, () => random(seed)),
  };
}
