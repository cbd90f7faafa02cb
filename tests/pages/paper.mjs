// Prints the pages that are made for paper.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { browsers, server, startReaders, turn, visit } from './book.mjs';

startReaders();

describe('on one page', () => {
  for (const format of ['A4', 'letter']) {
    test(`the derivation is one sheet of ${format}, and nothing of it is cut off`, () => visit(browsers.chrome, `${server.address}one-page.html`, {}, async (page) => {
      const pdf = await page.pdf({ format });
      const pages = Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g);
      assert.equal(pages.length, 1);
      // In the width of that sheet, less the browser's margins.
      await page.setViewport({ width: format === 'A4' ? 718 : 740, height: 900 });
      await turn(page, 'print');
      const wide = await page.$$eval('.sheet .katex-display', (all) => all
        .filter((one) => one.querySelector('.katex-html').getBoundingClientRect().right > one.closest('.sheet').getBoundingClientRect().right + 1)
        .map((one) => one.textContent.slice(0, 40)));
      assert.deepEqual(wide, []);
      assert.equal((await page.$$('.sheet .katex-display')).length, 24);
    }));
  }
});

describe('the book', () => {
  // A4 is the narrower one. Between margins of half an inch, the wider of what browsers leave.
  test('no formula is wider than the sheet', () => visit(browsers.chrome, `${server.address}print.html`, { width: 698 }, async (page) => {
    await turn(page, 'print');
    const wide = await page.$$eval('.katex-display', (all) => all
      .filter((one) => !one.closest('.sheet'))
      .filter((one) => Math.max(...[...one.querySelectorAll('.base, .tag')].map((part) => part.getBoundingClientRect().right)) > one.getBoundingClientRect().right + 1)
      .map((one) => `${one.id}: ${one.textContent.slice(0, 40)}`));
    assert.deepEqual(wide, []);
    assert.ok((await page.$$('.katex-display')).length > 200);
  }));
});
