// Prints each lecture to target/slides, its slides to one file, slides and notes to another: npm run slides-pdf

import { join } from 'node:path';

import { launch } from './book.mjs';
import { asPdf, lectures, onPaper, serveSlides, slides } from './lectures.mjs';

const server = await serveSlides();
const browser = await launch('chrome');
const page = await browser.newPage();
for (const lecture of lectures) {
  const [one, other] = [`${lecture}.pdf`, `${lecture}-notes.pdf`].map((name) => join(slides, name));
  await asPdf(page, `${server.address}${lecture}.html`, one);
  await page.goto(`${server.address}${lecture}.html`);
  await onPaper(page, other);
  console.log(`${one}\n${other}`);
}
await browser.close();
server.stop();
