// Draws what stands for the book elsewhere, from its own pages: the picture that a link to it shows,
// with the result and the figure of the network, and its icon in the sizes that telephones ask for:
// npm run card. It writes to target/book, before `editions` looks what is there. A browser is needed,
// so that only a release asks for it.

import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { built, launch, serve, visit } from './book.mjs';

const [width, height] = [1200, 630];

/** Makes a card of the page *Introduction*, and returns what does not fit. */
async function draw() {
  const title = document.querySelector('.menu-title').textContent.trim();
  const result = document.querySelector('[id="eq-1.1"] .katex');
  const structure = await (await fetch('structure.html')).text();
  const figure = new DOMParser().parseFromString(structure, 'text/html').querySelector('figure svg');
  const words = document.createElement('div');
  const heading = document.createElement('p');
  heading.textContent = title;
  // A card names no number of an equation.
  result.querySelectorAll('.tag, .mark, button').forEach((one) => one.remove());
  words.append(heading, result);
  const card = document.createElement('div');
  card.className = 'card-picture';
  card.append(words, document.adoptNode(figure));
  document.body.replaceChildren(card);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :root { font-size: 62.5%; scrollbar-gutter: auto; }
    body { margin: 0; }
    .card-picture { box-sizing: border-box; inline-size: 1200px; block-size: 630px; padding: 36px 56px; display: grid; grid-template-rows: auto 1fr; gap: 16px; background: var(--bg); color: var(--fg); }
    .card-picture > div { text-align: center; }
    .card-picture p { font-size: 60px; font-weight: bold; margin: 0; line-height: 1.2; }
    .card-picture .katex { display: block; font-size: 40px; margin-block-start: 12px; }
    .card-picture svg { block-size: 100%; inline-size: 100%; min-block-size: 0; }
  `);
  document.adoptedStyleSheets.push(sheet);
  await document.fonts.ready;
  const outside = ({ left, top, right, bottom }) => left < 0 || top < 0 || right > innerWidth || bottom > innerHeight;
  return [...card.querySelectorAll('p, .katex-html, svg, svg text')].filter((one) => outside(one.getBoundingClientRect())).map((one) => one.textContent);
}

const server = await serve();
const browser = await launch('chrome');
await visit(browser, `${server.address}introduction.html`, { width, height }, async (page) => {
  assert.deepEqual(await page.evaluate(draw), [], 'what the card cuts off');
  const path = join(built, 'card.png');
  await page.screenshot({ path, clip: { x: 0, y: 0, width, height } });
  console.log(`${path}: ${statSync(path).size} bytes`);
});

const icon = readdirSync(built).find((name) => /^favicon.*\.svg$/.test(name));
for (const size of [180, 192, 512]) {
  await visit(browser, `${server.address}${icon}`, { width: size, height: size }, (page) => page.screenshot({ path: join(built, `icon-${size}.png`) }));
}
await browser.close();
server.stop();
