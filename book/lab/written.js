// How a number is written, in the styles of `crates/lab/src/template.rs`, and for any number: one that
// would lose its digits in a fixed number of decimals gets an exponent.

const minus = (text) => text.replace(/-/g, "−");

function fixed(number, decimals) {
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return minus(number.toExponential(4));
  return minus((number + 0).toFixed(decimals));
}

const trimmed = (text) => (/\.\d*$/.test(text) ? text.replace(/\.?0+$/, "") : text);
const plain = (number) => trimmed(fixed(number, 5));
const parenthesised = (text) => (text.startsWith("−") ? `(${text})` : text);

/** With few digits, for the figure: a node holds no more. */
function short(number) {
  const size = Math.abs(number);
  if (!Number.isFinite(number) || size === 0) return plain(number);
  if (size < 0.005 || size >= 1e5) return minus(number.toExponential(0));
  return trimmed(minus(number.toFixed(size < 100 ? 2 : 0)));
}

/** With three decimals at most, for the graph; more than six letters have no room there. */
function brief(number) {
  const size = Math.abs(number);
  if (!Number.isFinite(number) || size === 0) return plain(number);
  if (size < 0.0005 || size >= 1e5) return minus(number.toExponential(0));
  return trimmed(minus(number.toFixed(size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0)));
}

const styles = {
  plain,
  short,
  brief,
  sign: (number) => (number < 0 ? "−" : "+"),
  size: (number) => plain(Math.abs(number)),
  fixed_size: (number) => fixed(Math.abs(number), 5),
  factor: (number) => parenthesised(plain(number)),
  term: (number) => (number < 0 ? `− ${plain(-number)}` : `+ ${plain(number)}`),
  fixed: (number) => fixed(number, 5),
  fixed_factor: (number) => parenthesised(fixed(number, 5)),
  coarse: (number) => fixed(number, 3),
  coarse_factor: (number) => parenthesised(fixed(number, 3)),
  class: (number) => String(number + 1),
};

export const written = (number, style) => styles[style](number);
