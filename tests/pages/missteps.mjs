// Switches mistakes on as a reader would: by each control, by keys, by a link; compares what the
// page shows with what its cells printed and with the page without scripts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { barriers, rulesIn } from './barriers.mjs';
import { addressOf, browsers, built, root, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

const LAST = 60;

startReaders();

/** Opens the page, without an error, and says what `look` returns. */
const mistakes = (look, { hash = '', browser = 'chrome', name = 'mistakes', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}${name}.html${hash}`, options, look);

const text = (page, selector) => page.$eval(`.missteps ${selector}`, (element) => element.textContent);
const press = (page, button) => page.$eval(`.missteps ${button}`, (element) => element.click());
const field = (name) => `.missteps [data-name="${name}"]`;
const set = (page, name, value) => page.$eval(field(name), (control, to) => {
  control.value = to;
  control.dispatchEvent(new Event('input', { bubbles: true }));
}, String(value));
const rest = (page) => page.waitForFunction(() => document.querySelector('.missteps .run').textContent === 'descend', { timeout: 60_000 });

/** What the page shows of a walk. */
const picture = (page) => page.evaluate(() => ({
  curves: [...document.querySelectorAll('.missteps svg path')].map((path) => path.getAttribute('d')),
  marks: [...document.querySelectorAll('.missteps tbody td')].map((cell) => cell.textContent),
}));

describe('the controls', () => {
  for (const browser of ['chrome', 'firefox']) {
    test(`alive, the page shows what its cells drew (${browser})`, async () => {
      const alive = await mistakes(picture, { browser });
      const svg = readFileSync(join(root, 'book/out/mistakes/checks.walk.svg'), 'utf8');
      assert.deepEqual(alive.curves, [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d));
      const row = readFileSync(join(root, 'book/out/mistakes/checks.marks.md'), 'utf8').trim().split('\n').at(-1);
      assert.deepEqual(alive.marks, row.split('|').slice(1, -1).map((mark) => mark.trim()));
    });
  }

  test('each mistake has at the start the checks of the table', () => mistakes(async (page) => {
    const rows = readFileSync(join(root, 'book/out/mistakes/checks.table.md'), 'utf8').trim().split('\n').slice(2);
    await set(page, 'step', 0);
    const names = await page.$$eval(`${field('mistake')} option`, (all) => all.map((one) => one.textContent));
    assert.equal(names.length, 13);
    for (const [index, row] of rows.entries()) {
      await set(page, 'mistake', index + 1);
      const [name, ...marks] = row.split('|').slice(1, -1).map((cell) => cell.trim());
      assert.equal(names[index + 1], name);
      assert.deepEqual((await picture(page)).marks, marks, name);
    }
    await set(page, 'mistake', 0);
    assert.deepEqual(new Set((await picture(page)).marks), new Set(['–']), 'none is caught of the right gradient');
  }));

  test('each point changes the walk', () => mistakes(async (page) => {
    const seen = new Set();
    for (let point = 0; point < 8; point++) {
      await set(page, 'point', point);
      seen.add(JSON.stringify((await picture(page)).curves));
    }
    assert.equal(seen.size, 8);
  }));

  test('the rate changes the walk', () => mistakes(async (page) => {
    const before = await picture(page);
    await set(page, 'rate', 0.1);
    assert.notDeepEqual((await picture(page)).curves, before.curves);
  }));

  test('the slider and the buttons step, and stop at the ends', () => mistakes(async (page) => {
    const at = async () => Number((await text(page, '.line')).match(/^step (\d+): /)[1]);
    assert.equal(await at(), LAST);
    await press(page, '.on');
    assert.equal(await at(), LAST);
    await press(page, '.back');
    assert.equal(await at(), LAST - 1);
    await set(page, 'step', 0);
    assert.equal(await at(), 0);
    await press(page, '.back');
    assert.equal(await at(), 0);
    await press(page, '.on');
    assert.equal(await at(), 1);
  }));

  test('descend comes to the last step, and stop stops', () => mistakes(async (page) => {
    const end = await picture(page);
    await press(page, '.run');
    await page.waitForFunction(() => /^step ([3-9]|[1-4]\d):/.test(document.querySelector('.missteps .line').textContent));
    await press(page, '.run');
    assert.equal(await text(page, '.run'), 'descend');
    assert.notDeepEqual(await picture(page), end);
    await press(page, '.run');
    await rest(page);
    assert.deepEqual(await picture(page), end);
  }));

  test('a gradient of another shape takes no step, and it is said', () => mistakes(async (page) => {
    await set(page, 'mistake', 4);
    assert.match(await text(page, '.line'), /^step 0: .*; no step is possible, the shapes do not fit$/);
  }));

  test('a rate that is none is refused, and the walk stays', () => mistakes(async (page) => {
    const before = await picture(page);
    await set(page, 'rate', 'fast');
    assert.equal(await text(page, '.error'), 'rate: expected a finite number above 0, found NaN');
    assert.equal(await page.$eval(field('rate'), (one) => one.getAttribute('aria-invalid')), 'true');
    assert.deepEqual(await picture(page), before);
    await set(page, 'rate', '0.5');
    assert.equal(await text(page, '.error'), '');
  }));
});

describe('the keyboard and the screen reader', () => {
  test('by keys alone, and no key turns the page', () => mistakes(async (page) => {
    const address = (await addressOf(page)).split('#')[0];
    await page.focus(field('mistake'));
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.$eval(field('mistake'), (one) => one.value), '10');
    await page.focus(field('step'));
    await page.keyboard.press('Home');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    assert.match(await text(page, '.line'), /^step 3: /);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (const key of ['ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    assert.match(await text(page, '.line'), /^step 4: /);
    assert.equal(await addressOf(page), `${address}#mistake=10&point=7&rate=0.5&step=4`);
  }));

  test('a screen reader finds each control by its name, and hears which checks object', () => mistakes(async (page) => {
    await set(page, 'mistake', 6);
    assert.match(await text(page, '[role=status]'), /^step 60: the right loss is .*: (class sums|equal logits).*, reference\.$/);
    const found = [];
    const walk = ({ role, name, children = [] }) => {
      found.push(`${role} ${name}`);
      children.forEach(walk);
    };
    walk(await page.accessibility.snapshot({ root: await page.$('.missteps'), interestingOnly: false }));
    for (const name of ['combobox mistake', 'combobox test point', 'textbox learning rate', 'slider step', 'button descend', 'button one step back', 'button one step on']) {
      assert.ok(found.includes(name), `${name} is not in the tree: ${found}`);
    }
    assert.ok(found.some((one) => /^(image|img) The right loss in nats, step by step/.test(one)));
    assert.equal(await page.$eval(field('step'), (one) => one.ariaValueText), await text(page, '.line'));
  }));

  test('with reduced motion the picture changes once', () => mistakes(async (page) => {
    await set(page, 'step', 0);
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await press(page, '.run');
    assert.match(await text(page, '.line'), /^step 60: /);
    await page.emulateMediaFeatures([]);
  }));
});

describe('the address', () => {
  test('a link opens the same walk', async () => {
    const [hash, before] = await mistakes(async (page) => {
      await set(page, 'mistake', 11);
      await set(page, 'point', 3);
      await set(page, 'rate', 0.25);
      await set(page, 'step', 12);
      return [new URL(await addressOf(page)).hash, await picture(page)];
    });
    assert.equal(hash, '#mistake=11&point=3&rate=0.25&step=12');
    await mistakes(async (page) => assert.deepEqual(await picture(page), before), { hash });
  });

  test('a link that the module refuses is refused, and the picture stays', async () => {
    const before = await mistakes(picture);
    await mistakes(async (page) => {
      assert.equal(await text(page, '.error'), 'mistake: expected a whole number from 0 to 12, found 13');
      assert.deepEqual(await picture(page), before);
    }, { hash: '#mistake=13' });
  });
});

describe('the page', () => {
  test('other pages load nothing of it', async () => {
    for (const name of ['lab', 'penguins', 'print']) {
      await mistakes((page, { requests }) => {
        assert.deepEqual(requests.filter((one) => /missteps\//.test(one)), []);
      }, { name });
    }
  });

  test('without scripts the pictures show one of them', async () => {
    const context = await browsers.chrome.createBrowserContext();
    const page = await context.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(`${server.address}mistakes.html`);
    const snapshot = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
    await context.close();
    assert.ok(snapshot.includes('Without scripts, the pictures show mistake 9.'));
    assert.ok(snapshot.includes('The right loss in nats, step by step'));
  });

  test('from disk, the page says why nothing can be switched', async () => {
    await visit(browsers.chrome, pathToFileURL(join(built, 'mistakes.html')).href, {}, async (page) => {
      assert.match(await text(page, '.live-note'), /opened from disk may not load WebAssembly/);
    });
  });

  test('paper shows the unmoved picture', () => mistakes(async (page) => {
    const before = await picture(page);
    await set(page, 'mistake', 2);
    const moved = await picture(page);
    assert.notDeepEqual(moved, before);
    await turn(page, 'print');
    assert.equal(await page.$eval('.live-controls', (one) => getComputedStyle(one).display), 'none');
    assert.deepEqual(await picture(page), before);
    await turn(page, 'screen');
    assert.notEqual(await page.$eval('.live-controls', (one) => getComputedStyle(one).display), 'none');
    assert.deepEqual(await picture(page), moved);
  }));

  for (const theme of themes) {
    test(`axe finds nothing in ${theme}, at the start, at the end and with an error`, () => mistakes(async (page) => {
      const violations = () => barriers(page, '.missteps', rulesIn(theme));
      assert.deepEqual(await violations(), []);
      await set(page, 'step', 0);
      assert.deepEqual(await violations(), [], 'the start');
      await set(page, 'rate', 'fast');
      assert.notEqual(await text(page, '.error'), '');
      assert.deepEqual(await violations(), [], 'an error');
    }, { theme }));
  }

  test('on a phone nothing is wider than the page', () => mistakes(async (page) => {
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    const small = await page.$$eval('.missteps button, .missteps input, .missteps select', (all) => all.filter((one) => one.getBoundingClientRect().height < 24).length);
    assert.equal(small, 0, 'a finger finds each control');
  }, { width: 360, height: 740 }));

  test('the scripts and the module are small', () => {
    const packed = gzipSync(readFileSync(join(root, 'book/missteps/missteps.wasm')), { level: 9 }).length;
    const scripts = readdirSync(join(root, 'book/missteps')).filter((one) => one.endsWith('.js')).map((one) => `missteps/${one}`);
    const bytes = [...scripts, 'lab/link.js', 'lab/crate.js', 'lab/module.js'].map((file) => readFileSync(join(root, 'book', file)).length).reduce((a, b) => a + b);
    console.log(`scripts: ${bytes} bytes; module: ${packed} compressed`);
    assert.ok(bytes <= 25_000, `${bytes} bytes of scripts`);
    assert.ok(packed <= 60_000, `${packed} bytes of a module`);
  });
});
