// Answers drills as a reader would, with the keyboard alone, and looks at what is said.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { barriers, rulesIn } from './barriers.mjs';
import { browsers, built, serve, server, startReaders, themes, visitInPeace } from './book.mjs';

startReaders();

/** Opens the page, without an error, and says what `look` returns. */
const drills = (look, { browser = 'chrome', ...options } = {}) => visitInPeace(browsers[browser], `${server.address}drills.html`, options, async (page) => {
  await page.waitForSelector('.drill input');
  return look(page);
});

const said = (page, number) => page.$$eval('.drill output', (all, at) => all[at].textContent, number);
const count = (page) => page.$eval('#drills-count', (element) => element.textContent);

describe('the drills', () => {
  for (const browser of ['chrome', 'firefox']) {
    test(`say at once what is right and what is not (${browser})`, () => drills(async (page) => {
      assert.equal(await count(page), '0 of 20 are right.');
      await page.focus('.drill input');
      await page.keyboard.type('y');
      await page.keyboard.press('Enter');
      assert.match(await said(page, 0), /^not yet: entry 2 is 1\.0000, expected -1\.0000\. The sign/);
      assert.equal(await page.$eval('.drill input', (field) => field.getAttribute('aria-invalid') !== null), true);
      await page.keyboard.press('Backspace');
      assert.equal(await said(page, 0), '');
      await page.keyboard.type('-y');
      await page.keyboard.press('Enter');
      assert.equal(await said(page, 0), '✓ right');
      assert.equal(await count(page), '1 of 20 are right.');
      // The next field has the focus.
      await page.keyboard.type('d_l / y_hat');
      await page.keyboard.press('Enter');
      assert.equal(await said(page, 1), '✓ right');
      await page.keyboard.press('Enter');
      assert.equal(await said(page, 2), '', 'an empty field is no answer');
      assert.equal(await count(page), '2 of 20 are right.');
    }, { browser }));
  }

  test('are all right with the answers that are folded', () => drills(async (page) => {
    const answers = await page.$$eval('.drill details p:first-of-type', (all) => all.map((one) => one.textContent));
    const fields = await page.$$('.drill input');
    assert.equal(answers.length, fields.length);
    for (const [place, field] of fields.entries()) {
      await field.type(answers[place]);
      await field.press('Enter');
    }
    assert.equal(await count(page), `${fields.length} of ${fields.length} are right.`);
  }));

  for (const theme of themes) {
    test(`break no rule of accessibility (${theme}, 360 px)`, () => drills(async (page) => {
      assert.deepEqual(await barriers(page, '.drill', rulesIn(theme)), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false);
    }, { theme, width: 360 }));
  }

  test('are questions without scripts', async () => {
    const still = await serve({ scripts: false });
    try {
      const html = await (await fetch(`${still.address}drills.html`)).text();
      assert.match(html, /Without scripts this page shows the questions/);
      assert.equal(html.match(/class="question"/g).length, 20);
      assert.equal(html.match(/answer of d_/g).length, 20);
    } finally {
      still.stop();
    }
  });

  test('weigh little', () => {
    const packed = (name) => gzipSync(readFileSync(join(built, 'drills', name))).length;
    assert.ok(packed('drills.wasm') < 60_000);
    assert.ok(packed('drills.js') + packed('start.js') < 3_000);
  });
});
