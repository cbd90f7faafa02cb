// What axe finds: barriers for a reader who sees, hears or moves otherwise than the author.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of WCAG 2.2 at the levels A and AA. */
export const wcag = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } };

/** The rules of colours. */
export const colours = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

/** The rules that a theme can break: it changes colours and nothing else, so all are looked at in one. */
export const rulesIn = (theme) => (theme === 'light' ? {} : colours);

/** What is drawn of a formula, and what is read of it. */
const drawn = '.katex-html';
export const read = '.katex-mathml > math';

/**
 * What axe finds in a part of a page, or in all of it, by all its rules or by those that are asked for.
 *
 * It would look at each letter of each formula by itself, and at each element of its MathML, which
 * takes most of its time, and say nothing of either: while it reads, a word stands in the room of
 * each formula. `looks.letters` sees that the letters are like it, and what a screen reader finds of
 * the MathML is another look. Where letters of a formula differ, only what is `read` of it is `quiet`.
 */
export async function barriers(page, where = 'html', rules = {}, quiet = `${drawn}, ${read}`) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  return page.evaluate(async (part, given, formulas) => {
    const parts = [...document.querySelectorAll(formulas)].map((part) => {
      const inside = document.createDocumentFragment();
      return { part, inside, room: part.getBoundingClientRect(), drawn: part.localName !== 'math' };
    });
    for (const { part, inside, room, drawn } of parts) {
      inside.append(...part.childNodes);
      if (!drawn) continue;
      part.append('formula');
      part.style.cssText = `display: inline-block; width: ${room.width}px; height: ${room.height}px`;
    }
    try {
      const { violations } = await window.axe.run(part === 'html' ? document : part, { ...given, resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => ({
        rule: id,
        target: node.target.join(' '),
        message: [...node.any, ...node.all, ...node.none].map((one) => one.message).join('; '),
      })));
    } finally {
      for (const { part, inside, drawn } of parts) {
        part.replaceChildren(inside);
        if (drawn) part.removeAttribute('style');
      }
    }
  }, where, rules, quiet);
}
