// Points at symbols and lists those of an equation, as a mouse, a finger, a keyboard and a screen
// reader do, and holds what is said to the page *Notation*.

import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { barriers, rulesIn } from './barriers.mjs';
import { browsers, built, pages, root, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

startReaders();

const open = (name, look, { browser = 'chrome', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}${name}.html`, options, look);

/** TeX with the book's macros written out, as the built pages have it. */
const macros = new Map(readFileSync(join(root, 'book/theme/macros.txt'), 'utf8').split('\n').filter(Boolean).map((line) => line.split(/:(.*)/)));
const written = (tex) => tex.replace(/\\[A-Za-z]+/g, (name) => macros.get(name) ?? name);

const button = (number) => `.marked:has(> [id="eq-${number}"]) > .list-symbols`;

/** What a list of symbols has: the TeX of each symbol, and its meaning. */
const listed = (page, box) => page.$$eval(`${box} tr:not(:first-child)`, (rows) => rows.map(({ cells: [symbol, meaning] }) => [
  [...symbol.querySelectorAll('[data-tex]')].map((one) => one.dataset.tex),
  meaning.textContent,
]));

/** What the symbols of each equation of a page stand for. */
const equations = (page) => page.evaluate(async () => {
  const { explain } = await import(new URL(`${path_to_root}theme/notation.js`, location));
  const found = [];
  for (const display of document.querySelectorAll('.marked > .katex-display[id]')) {
    const rows = [...(await explain(display))?.rows ?? []].slice(1);
    found.push([display.id.slice('eq-'.length), rows.map(({ cells }) => cells[0].querySelector('[data-tex]').dataset.tex)]);
  }
  return Object.fromEntries(found);
});

describe('what a symbol stands for', () => {
  test('each row of Notation is found in the equation that it names', async () => {
    const rows = await open('notation', (page) => page.$$eval('tr:has(> :nth-child(5)):has(a[href*="#eq-"])', (all) => all.map((row) => {
      const [name, number] = row.querySelector('a[href*="#eq-"]').getAttribute('href').split('.html#eq-');
      return { name, number, tex: row.querySelector('[data-tex]').dataset.tex };
    })));
    // A derivative is made of symbols with rows of their own.
    const symbols = rows.filter(({ tex }) => !/^\\(partial|nabla)/.test(tex));
    assert.ok(symbols.length > 40, `${symbols.length} rows`);
    const missing = [];
    for (const name of new Set(symbols.map((row) => row.name))) {
      const found = await open(name, equations);
      for (const { number, tex } of symbols.filter((row) => row.name === name)) {
        if (!found[number].includes(tex)) missing.push(`(${number}): ${tex} is not among ${found[number].join('  ')}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  // Equation by equation: the first way in which the row of *Notation* writes each symbol.
  const wanted = {
    'back-propagation': { 2.16: [], 2.21: ['M', 'K'] },
    'derivation/softmax': { 3.11: ['\\vtheta', '\\vyhat', '\\delta_{ij}'], 3.17: ['z', '\\vyhat', '\\sigma(z)'] },
    'derivation/parameters': { 3.27: ['\\mW', 'J', '\\vtheta', '\\vdelta', '\\vx', '\\delta_{ij}', '\\vyhat', '\\vy'] },
    numbers: { 7.4: ['\\vtheta'] },
    batch: { 9.1: ['\\mathbf{\\Theta}', '\\mathbf{X}', '\\mW', '\\mathbf{1}', '\\vb'], 9.2: ['J', 'N', 'J_n', '\\mathbf{Y}', '\\mathbf{\\hat{Y}}'] },
    mistakes: { 10.3: ['\\vyhat', '\\vy'], 10.6: ['N', '\\mathbf{E}'] },
    'hidden-layer': { 12.2: ['\\varphi(u)'], 12.4: ['\\mathbf{z}', '\\mW_1', '\\vx', '\\vb_1'] },
    spirals: { 12.16: ['H'] },
    'two-classes': { 13.3: ['J', '\\vy', '\\vyhat', 'y', '\\sigma(z)', 'z'], 13.5: ['J', 'z', 'y'] },
    'soft-targets': { 14.2: ['y^{(s)}_k', 's', '\\vy', 'K'], 14.4: ['\\vyhat', 'T', '\\vtheta', 'J', '\\vy'] },
    curvature: { 15.4: ['\\vyhat'], 15.6: ['\\mathbf{H}', 'K', '\\mathbf{1}'] },
  };
  for (const [name, numbers] of Object.entries(wanted)) {
    test(`no letter of ${name} is taken for another`, async () => {
      const found = await open(name, equations);
      const kept = Object.fromEntries(Object.keys(numbers).map((number) => [number, found[number]]));
      assert.deepEqual(kept, Object.fromEntries(Object.entries(numbers).map(([number, symbols]) => [number, symbols.map(written)])));
    });
  }
});

describe('pointing', () => {
  const letter = '[id="eq-3.9"] .accent';
  const noted = (page) => page.waitForSelector('.symbol-note');
  const gone = (page) => page.waitForFunction(() => !document.querySelector('.symbol-note'));

  for (const browser of ['chrome', 'firefox']) {
    test(`a symbol that is pointed at says what it is, in ${browser}`, () => open('derivation/softmax', async (page) => {
      await page.hover(letter);
      await noted(page);
      assert.deepEqual(await listed(page, '.symbol-note'), [[['\\vyhat', '\\yhat_k'].map(written), 'output: the probabilities after softmax']]);
      // One can go to its link, and it stays.
      await page.hover('.symbol-note a');
      await page.evaluate(() => new Promise((go) => { setTimeout(go, 600); }));
      const link = await page.$eval('.symbol-note a', (one) => one.href);
      assert.equal(link, `${server.address}structure.html#eq-2.5`);
      await page.mouse.move(1, 1);
      await gone(page);
    }, { browser }));
  }

  test('Escape closes the note, and scrolling does', () => open('derivation/softmax', async (page) => {
    await page.hover(letter);
    await noted(page);
    await page.keyboard.press('Escape');
    await gone(page);
    await page.mouse.move(1, 1);
    await page.hover(letter);
    await noted(page);
    // At once: the symbol is no longer where the note is.
    const left = await page.evaluate(() => new Promise((scrolled) => {
      addEventListener('scroll', () => scrolled(document.querySelectorAll('.symbol-note').length), { once: true });
      scrollBy(0, 200);
    }));
    assert.equal(left, 0);
  }));

  test('a formula in a sentence answers as an equation does, and an index for what it belongs to', () => open('derivation/softmax', async (page) => {
    const index = await page.evaluateHandle(() => [...document.querySelectorAll('main p .katex-html .mtight')]
      .find((one) => !one.firstElementChild && one.closest('.katex').dataset.tex === '\\exp(\\theta_i)'));
    await index.hover();
    await noted(page);
    assert.deepEqual(await listed(page, '.symbol-note'), [[['\\vtheta', '\\theta_k'].map(written), 'logits: the scores before softmax']]);
  }));

  test('what is no symbol of the book says nothing', () => open('back-propagation', async (page) => {
    await page.hover('[id="eq-2.16"] .mathnormal');
    await page.evaluate(() => new Promise((go) => { setTimeout(go, 800); }));
    assert.equal(await page.$('.symbol-note'), null);
  }));

  for (const width of [360, 1280]) {
    test(`at ${width} px the note is whole in the window, wherever the symbol is`, () => open('structure', async (page) => {
      for (const at of ['center', 'end']) {
        for (const one of ['[id="eq-2.8"] .mathnormal', '[id="eq-2.8"] .accent']) {
          await page.mouse.move(1, 1);
          await gone(page);
          const symbol = await page.$(one);
          await symbol.evaluate((element, block) => element.scrollIntoView({ block }), at);
          await page.evaluate(() => new Promise(requestAnimationFrame));
          await symbol.hover();
          await noted(page);
          const { left, top, right, bottom } = await page.$eval('.symbol-note', (note) => note.getBoundingClientRect().toJSON());
          assert.ok(left >= 0 && top >= 0 && right <= width && bottom <= 900, JSON.stringify({ one, at, left, top, right, bottom }));
        }
      }
    }, { width }));
  }
});

describe('the button', () => {
  test('by keys: it lists the symbols below the equation, and takes the list away', () => open('derivation/softmax', async (page) => {
    await page.focus('[id="eq-3.9"] + .copy-tex');
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate(() => {
      const { ariaLabel, ariaExpanded } = document.activeElement;
      return [ariaLabel, ariaExpanded, getComputedStyle(document.activeElement).opacity];
    });
    assert.deepEqual(await focused(), ['Symbols of equation 3.9', 'false', '1']);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.symbols table');
    assert.deepEqual(await focused(), ['Symbols of equation 3.9', 'true', '1']);
    assert.deepEqual((await listed(page, 'p:has([id="eq-3.9"]) + .symbols')).map(([[tex]]) => tex), ['\\vtheta', '\\vyhat', '\\Sigma'].map(written));
    // The next stop is a link of the list.
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.closest('.symbols') !== null), true);
    await page.focus(button('3.9'));
    await page.keyboard.press('Space');
    assert.equal(await page.$('.symbols'), null);
    assert.deepEqual(await focused(), ['Symbols of equation 3.9', 'false', '1']);
  }));

  test('a screen reader finds the button, and reads the list as a table with a head', () => open('derivation/softmax', async (page) => {
    await page.$eval(button('3.9'), (one) => one.click());
    await page.waitForSelector('.symbols table');
    const nodes = [];
    const walk = (node) => {
      nodes.push(`${node.role}: ${node.name}`);
      node.children?.forEach(walk);
    };
    walk(await page.accessibility.snapshot({ interestingOnly: false }));
    assert.ok(nodes.includes('button: Symbols of equation 3.9'));
    const heads = nodes.filter((node) => node.startsWith('columnheader')).slice(0, 5);
    assert.deepEqual(heads, ['symbol', 'meaning', 'shape', 'Rust', 'see'].map((one) => `columnheader: ${one}`));
    assert.ok(nodes.some((node) => node.includes('logits: the scores before softmax')));
  }));

  test('where Notation has none of the letters, or cannot be read from disk, it leads there', async () => {
    const look = async (page, number) => {
      await page.$eval(button(number), (one) => one.click());
      return page.waitForSelector('.symbols > a').then((link) => link.evaluate((one) => [one.textContent, one.href]));
    };
    assert.deepEqual(await open('back-propagation', (page) => look(page, '2.16')), ['The symbols of the book', `${server.address}notation.html`]);
    const disk = (name) => pathToFileURL(join(built, `${name}.html`)).href;
    const found = await visit(browsers.chrome, disk('derivation/softmax'), {}, (page) => look(page, '3.9'));
    assert.deepEqual(found, ['The symbols of the book', disk('notation')]);
  });

  test('on a phone the list scrolls, and the page is not wider', () => open('two-classes', async (page) => {
    await page.$eval(button('13.3'), (one) => one.click());
    await page.waitForSelector('.symbols table');
    const { wide, reached } = await page.evaluate(() => {
      const box = document.querySelector('.symbols');
      return { wide: document.documentElement.scrollWidth, reached: box.scrollWidth <= box.clientWidth || box.tabIndex === 0 };
    });
    assert.deepEqual({ wide, reached }, { wide: 360, reached: true });
  }, { width: 360 }));

  test('paper has neither button nor list', () => open('derivation/softmax', async (page) => {
    await page.$eval(button('3.9'), (one) => one.click());
    await page.waitForSelector('.symbols table');
    await turn(page, 'print');
    const seen = await page.$$eval('.symbols, .list-symbols', (all) => all.filter((one) => getComputedStyle(one).display !== 'none').length);
    assert.equal(seen, 0);
  }));

  for (const theme of themes) {
    test(`axe finds nothing in ${theme}, with a list and with a note`, () => open('derivation/softmax', async (page) => {
      await page.$eval(button('3.9'), (one) => one.click());
      await page.waitForSelector('.symbols table');
      await page.hover('[id="eq-3.11"] .accent');
      await page.waitForSelector('.symbol-note');
      const parts = { include: ['.symbols', '.symbol-note', '.list-symbols'] };
      assert.deepEqual(await barriers(page, parts, rulesIn(theme)), []);
    }, { theme }));
  }
});

test('each numbered equation has the button', async () => {
  for (const name of pages) {
    const source = readFileSync(join(root, 'book', `${name}.md`), 'utf8');
    const numbers = [...source.matchAll(/\\tag\{([\d.]+)\}/g)].length;
    if (numbers === 0) continue;
    const buttons = await open(name, (page) => page.evaluate(() => document.querySelectorAll('.marked > .list-symbols').length));
    assert.equal(buttons, numbers, name);
  }
});

test('the scripts are small', () => {
  for (const name of ['symbols', 'notation']) assert.ok(statSync(join(root, 'book/theme', `${name}.js`)).size < 3 * 1024, name);
});
