// The built slides: where they are, which there are, and how one is printed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { root, serve } from './book.mjs';

export const slides = join(root, 'target/slides');

/** The lectures that SUMMARY.md lists, without their ending. */
export const lectures = [...readFileSync(join(root, 'course/slides/lectures/SUMMARY.md'), 'utf8').matchAll(/\]\((.+?)\.md\)/g)]
  .map(([, lecture]) => lecture);

/** Serves them on this machine alone. */
export const serveSlides = () => serve({ folder: slides, build: 'mdbook build course/slides' });

const margin = { top: '15mm', bottom: '15mm', left: '16mm', right: '16mm' };

/** The slides and their notes on A4, of the page that is open. */
export const onPaper = (page, path) => page.pdf({ path, format: 'A4', margin });

/** Opens a lecture so that a printed page holds a slide, and prints it. */
export async function asPdf(page, address, path) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.goto(`${address}?print-pdf`);
  await page.waitForFunction(() => document.querySelectorAll('.pdf-page').length > 0);
  return page.pdf({ path, preferCSSPageSize: true, printBackground: true });
}
