// The loss as it falls, one point a step.

import { written } from "./written.js";

const [left, right, top, bottom] = [64, 600, 16, 150];

export const markup = `
<svg id="lab-chart" viewBox="0 0 620 190" role="img" aria-labelledby="lab-chart-title lab-chart-description">
<title id="lab-chart-title">The loss, step by step</title>
<desc id="lab-chart-description"></desc>
<g font-family="KaTeX_Main, serif" font-size="16" fill="currentColor">
<path d="M${left} ${top} L${left} ${bottom} L${right} ${bottom}" fill="none" stroke="currentColor"/>
<text class="most" x="${left - 8}" y="${top + 10}" text-anchor="end"></text>
<text x="${left - 8}" y="${bottom}" text-anchor="end">0</text>
<text x="${left}" y="${bottom + 26}">0 steps</text>
<text class="steps" x="${right}" y="${bottom + 26}" text-anchor="end"></text>
</g>
<path class="losses" fill="none" stroke="var(--series-1)" stroke-width="2.5"/>
<circle class="last" r="4" fill="var(--series-1)" stroke="var(--series-1)"/>
</svg>`;

/** The curve rises to the largest finite loss; one that is infinite is drawn at the top. */
export function draw(losses) {
  const svg = document.getElementById("lab-chart");
  const most = Math.max(...losses.filter(Number.isFinite), Number.MIN_VALUE);
  const x = (step) => left + ((right - left) * step) / Math.max(losses.length - 1, 1);
  const y = (loss) => bottom - ((bottom - top) * Math.min(loss, most)) / most;
  const points = losses.map((loss, step) => `${x(step).toFixed(1)} ${y(loss).toFixed(1)}`);
  const [lastX, lastY] = points.at(-1).split(" ");
  const steps = losses.length - 1;

  svg.querySelector(".losses").setAttribute("d", `M${points.join("L")}`);
  svg.querySelector(".last").setAttribute("cx", lastX);
  svg.querySelector(".last").setAttribute("cy", lastY);
  svg.querySelector(".most").textContent = written(most, "short");
  svg.querySelector(".steps").textContent = steps === 0 ? "" : steps;
  svg.querySelector("desc").textContent =
    `From ${written(losses[0], "plain")} nats to ${written(losses.at(-1), "plain")} nats in ${steps} steps.`;
}
