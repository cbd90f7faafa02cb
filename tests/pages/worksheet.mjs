// Makes worksheets as a teacher would: each kind, a seed, a list of names, paper; and compares what
// the page shows with what `course worksheet` writes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { barriers, colours, wcag } from './barriers.mjs';
import { addressOf, browsers, built, root, serve, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

startReaders();
const folder = mkdtempSync(join(tmpdir(), 'worksheets-'));

after(() => rmSync(folder, { recursive: true }));

const kinds = ['network', 'jacobian', 'wrong-line', 'shapes', 'graph'];

/** Opens the page, without an error, and says what `look` returns. */
const sheets = (look, { hash = '', browser = 'chrome', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}worksheet.html${hash}`, options, look);

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const type = (page, selector, value) => page.$eval(selector, (control, typed) => {
  control.value = typed;
  control.dispatchEvent(new Event('input', { bubbles: true }));
}, value);
/** What of the sheets is seen: the lines with their sheet's number. */
const seen = (page) => page.evaluate(() => [...document.querySelectorAll('.worksheet')]
  .filter((one) => one.checkVisibility())
  .map((one) => `${one.querySelector('.of > :last-child').textContent}${one.matches('.key') ? ', key' : ''}`));

/** The sheets and keys that the command writes, each as the text of a browser's tree. */
function written(page, kind, seed) {
  execFileSync('cargo', ['run', '--quiet', '--locked', '-p', 'course', '--', 'worksheet', '--kind', kind, '--seed', String(seed), folder], { cwd: root });
  // The policy of the page refuses the file's own style.
  const files = ['sheets.html', 'keys.html'].map((name) => readFileSync(join(folder, name), 'utf8').replace(/<style>[^]*<\/style>/, ''));
  return page.evaluate((texts) => texts.map((one) => new DOMParser().parseFromString(one, 'text/html').querySelector('.worksheet').outerHTML), files);
}

describe('the sheets', () => {
  for (const browser of ['chrome', 'firefox']) {
    test(`are those of the command (${browser})`, () => sheets(async (page) => {
      for (const [place, kind] of kinds.entries()) {
        for (const seed of [place, 4294967295 - place]) {
          await page.evaluate((hash) => {
            location.hash = hash;
          }, `kind=${kind}&seed=${seed}`);
          await page.waitForFunction((name) => document.getElementById('worksheet-said').textContent === `Sheet ${name}.`, {}, `${kind}-${seed}`);
          const found = await page.evaluate(() => [...document.querySelectorAll('.worksheet')].map((one) => {
            // The page lets what scrolls be reached.
            const copy = one.cloneNode(true);
            for (const box of copy.querySelectorAll('[tabindex]')) box.removeAttribute('tabindex');
            return copy.outerHTML;
          }));
          assert.deepEqual(found, await written(page, kind, seed), `${kind}-${seed}`);
        }
      }
    }, { browser }));
  }

  test('a list of names gives a sheet for each, the first on the screen and all on paper', () => sheets(async (page) => {
    await type(page, '#worksheet-seed', '4294967295');
    await type(page, '#worksheet-names', ' Ada \n\n<b>Bob</b>\n4711');
    assert.equal(await text(page, '#worksheet-said'), '3 sheets, network-4294967295 to network-1. The first is shown, all are printed.');
    assert.deepEqual(await seen(page), ['Sheet network-4294967295', 'Sheet network-4294967295, key']);
    const names = await page.$$eval('.worksheet .student', (all) => all.map((one) => one.textContent));
    assert.deepEqual(names, ['Ada', '<b>Bob</b>', '4711', 'Ada', '<b>Bob</b>', '4711']);
    await turn(page, 'print');
    const numbers = [4294967295, 0, 1].map((seed) => `Sheet network-${seed}`);
    await page.$eval('#worksheet-print-sheets', (one) => one.click());
    assert.deepEqual(await seen(page), numbers);
    await page.$eval('#worksheet-print-keys', (one) => one.click());
    assert.deepEqual(await seen(page), numbers.map((one) => `${one}, key`));
    assert.ok(!await page.$eval('h1', (one) => one.checkVisibility()), 'paper has the sheets alone');
  }));

  test('a key can be hidden', () => sheets(async (page) => {
    await page.$eval('#worksheet-key', (one) => one.click());
    assert.deepEqual(await seen(page), ['Sheet network-7']);
  }));

  for (const seed of ['', '-1', '0.5', '1e3', '4294967296', 'seven']) {
    test(`a seed that is none is refused: ${seed || 'nothing'}`, () => sheets(async (page) => {
      const before = await seen(page);
      await type(page, '#worksheet-seed', seed);
      assert.equal(await text(page, '#worksheet-error'), `seed: expected a whole number from 0 to 4294967295, found ${seed || 'nothing'}`);
      assert.equal(await page.$eval('#worksheet-seed', (one) => one.getAttribute('aria-invalid')), 'true');
      assert.deepEqual(await seen(page), before);
      await type(page, '#worksheet-seed', '8');
      assert.equal(await text(page, '#worksheet-error'), '');
      assert.equal(new URL(await addressOf(page)).hash, '#kind=network&seed=8');
    }));
  }
});

describe('paper', () => {
  for (const format of ['A4', 'Letter']) {
    test(`each sheet and each key is one page of ${format}`, () => sheets(async (page) => {
      await type(page, '#worksheet-names', 'a\nb');
      for (const kind of kinds) {
        await page.select('#worksheet-kind', kind);
        for (const what of ['sheets', 'keys']) {
          await page.$eval(`#worksheet-print-${what}`, (one) => one.click());
          const pdf = await page.pdf({ format, margin: { top: '14mm', bottom: '14mm', left: '15mm', right: '15mm' } });
          const pages = Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g);
          assert.equal(pages?.length, 2, `${kind}, ${what}`);
        }
      }
    }));
  }
});

describe('every reader', () => {
  for (const theme of themes) {
    // On a phone and beside it all rules, in other themes those of colours.
    const [width, rules] = { light: [1280, wcag], navy: [360, wcag] }[theme] ?? [1280, colours];
    test(`each kind passes axe in ${theme}`, () => sheets(async (page) => {
      const violations = () => barriers(page, 'main', rules);
      for (const kind of kinds) {
        await page.select('#worksheet-kind', kind);
        assert.deepEqual(await violations(), [], kind);
      }
      await type(page, '#worksheet-seed', 'none');
      assert.deepEqual(await violations(), [], 'an error');
    }, { theme, width }));
  }

  test('no kind is wider than a phone', () => sheets(async (page) => {
    for (const kind of kinds) {
      await page.select('#worksheet-kind', kind);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 360, `${kind}: ${wide}`);
      // A line is broken between its members; what still scrolls has a member that is too wide.
      const unbroken = await page.evaluate(() => [...document.querySelectorAll('.worksheet .line')].filter((line) => {
        const widest = Math.max(...[...line.children].map((one) => one.getBoundingClientRect().width));
        return line.scrollWidth > line.clientWidth + 1 && widest <= line.clientWidth;
      }).length);
      assert.equal(unbroken, 0, kind);
    }
  }, { width: 360 }));

  test('without scripts the page shows a sheet and its key', async () => {
    const silent = await serve({ scripts: false });
    try {
      const html = await (await fetch(`${silent.address}worksheet.html`)).text();
      assert.match(html, /Without scripts this page shows one sheet and its key/);
      assert.equal(html.match(/<section class="worksheet/g).length, 2);
    } finally {
      silent.stop();
    }
  });

  test('from disk, the page says why the sheets do not start', async () => {
    await visit(browsers.chrome, pathToFileURL(join(built, 'worksheet.html')).href, {}, async (page) => {
      assert.match(await text(page, '#worksheet-note'), /opened from disk may not load WebAssembly/);
      assert.deepEqual(await seen(page), ['Sheet network-7', 'Sheet network-7, key']);
    });
  });

  test('the module is small', () => {
    const wasm = readFileSync(join(root, 'book/worksheet/worksheet.wasm'));
    const packed = gzipSync(wasm, { level: 9 }).length;
    console.log(`worksheet.wasm: ${wasm.length} bytes, ${packed} compressed`);
    assert.ok(wasm.length <= 138_000, `${wasm.length} bytes`);
    assert.ok(packed <= 60_000, `${packed} bytes compressed`);
  });
});
