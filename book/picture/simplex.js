// The triangle of three probabilities, and the plane of inputs beside it.

import { groups, move } from "./picture.js";

const controls = `<div class="groups">${groups({
  "logits θ": [1, 2, 3].map((k) => [`θ${"₀₁₂₃"[k]}`, k - 1, -8, 8, 0.05]),
  "label y": [1, 2, 3].map((k) => [`y${"₀₁₂₃"[k]}`, k + 2, 0, 1, 0.05]),
  "input x": [1, 2].map((i) => [`x${"₀₁₂"[i]}`, i + 5, -3, 3, 0.05]),
  "softmax and descent": [["temperature T", 8, 0.2, 5, 0.1], ["rate η", 9, 0.05, 2, 0.05]],
})}</div>
<div class="buttons-row">
<button type="button" data-steps="1">one step of descent</button>
<button type="button" data-steps="20">twenty steps</button>
<button type="button" class="reset">the book’s example</button>
</div>`;

export const start = (picture) => move(picture, {
  which: 0,
  rows: { x: 2, w: 6, b: 3, y: 3, t: 1, rate: 1 },
  example: [0.6, -1.1, 0.2, -0.4, 0.1, 0.7, 0.3, -0.5, 0.1, -0.2, 0.3, 0, 1, 0, 1, 0.5],
  controls,
});
