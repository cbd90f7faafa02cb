// The state of the lab as the part of an address behind #, and back.

import { at } from "./crate.js";

const rows = { x: [at.x, 2], w: [at.w, 6], b: [at.b, 3] };

export function write(numbers, backward) {
  const parts = Object.entries(rows).map(([name, [start, count]]) => `${name}=${numbers.slice(start, start + count)}`);
  parts.push(`class=${numbers[at.class] + 1}`, `rate=${numbers[at.rate]}`);
  if (backward) parts.push("show=gradients");
  // A + would be read as a space.
  return `#${parts.join("&").replaceAll("e+", "e")}`;
}

/** What a link leaves out is as in `numbers`; what it gets wrong is NaN, for the crate to refuse. */
export function read(hash, numbers) {
  const parts = new URLSearchParams(hash.slice(1));
  const found = [...numbers];
  for (const [name, [start, count]] of Object.entries(rows)) {
    if (!parts.has(name)) continue;
    const given = parts.get(name).split(",");
    for (let i = 0; i < count; i++) found[start + i] = parse(given[i] ?? "");
  }
  if (parts.has("class")) found[at.class] = /^[1-9]\d*$/.test(parts.get("class")) ? parts.get("class") - 1 : NaN;
  if (parts.has("rate")) found[at.rate] = parse(parts.get("rate"));
  return { numbers: found, backward: parts.get("show") === "gradients" };
}

/** A number as somebody types it; NaN for what is none. */
export const parse = (text) => (text.trim() === "" ? NaN : Number(text.replaceAll("−", "-").replace(",", ".")));
