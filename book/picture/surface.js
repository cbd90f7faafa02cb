// The loss over two weights, and descent on it.

import { choice, groups, move } from "./picture.js";

const weights = [1, 2, 3].flatMap((k) => [`x₁ to class ${k}`, `x₂ to class ${k}`, `bias of class ${k}`]);

const controls = `<div class="groups"><fieldset><legend>the loss of</legend>
${choice("examples", 0, ["eight points that no lines separate", "penguins, standardised", "penguins, in mm", "four points that lines separate"])}
${choice("first weight", 1, weights)}
${choice("second weight", 2, weights)}
</fieldset>${groups({
  descent: [["rate η · L", 3, 0.1, 3, 0.05], ["steps", 4, 1, 80, 1]],
  "start, in parts of the map": [["to the right", 5, 0, 1, 0.01], ["up", 6, 0, 1, 0.01]],
})}</div>
<div class="buttons-row">
<button type="button" data-steps="1">one more step</button>
<button type="button" class="reset">as it was</button>
</div>`;

export const start = (picture) => move(picture, {
  which: 1,
  rows: { examples: 1, weights: 2, rate: 1, steps: 1, start: 2 },
  example: [0, 0, 1, 1, 20, 0.3, 0.2],
  controls,
});
