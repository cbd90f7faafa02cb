// Steps through the graph as a reader would: by each button, by the slider, by keys, by a link; sets
// its numbers, and compares what it shows with the crate's values and with the page without scripts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { barriers, rulesIn } from './barriers.mjs';
import { addressOf, browsers, built, changeTimes, root, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

startReaders();

const LAST = 10;

/** Opens a page with a graph, without an error, and says what `look` returns. */
const graph = (look, { hash = '', browser = 'chrome', name = 'back-propagation', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}${name}.html${hash}`, options, look);

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const press = (page, by) => page.$eval(`.graph-steps [data-by="${by}"]`, (button) => button.click());
const type = (page, selector, typed) => page.$eval(selector, (control, value) => {
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}, typed);
const field = (index) => `.graph-steps input[type=text][data-index="${index}"]`;
const shown = (page) => page.evaluate(() => [...document.querySelectorAll('.graph-steps [data-style]')].map((one) => one.textContent));

/** What is to be seen: the step, what is lit, what is hidden, and the lines. */
const seen = (page) => page.evaluate(() => {
  const texts = (selector) => [...document.querySelectorAll(`.graph-steps ${selector}`)].map((one) => one.textContent.trim());
  const visible = [...document.querySelectorAll('.graph-lines > li')].filter((line) => getComputedStyle(line).visibility === 'visible');
  const svg = document.querySelector('.graph-steps svg');
  const hidden = [...svg.querySelectorAll('text')].filter((one) => getComputedStyle(one).visibility === 'hidden');
  return {
    step: +document.querySelector('.graph-steps input[type=range]').value,
    lit: texts('svg [data-at].now'),
    passed: texts('svg [data-since].now text'),
    hidden: hidden.length,
    lines: visible.map((line) => line.querySelector('p').textContent),
  };
});

/** All values at the numbers of the page's fields, by the module of the lab. */
const values = (page) => page.evaluate(async () => {
  const { load } = await import(new URL('lab/crate.js', document.baseURI));
  const crate = await load();
  const numbers = [...document.querySelectorAll('.graph-steps input[type=text]')].map((one) => Number(one.value));
  const label = document.querySelector('.graph-steps input[type=radio]:checked').value;
  return crate.update([...numbers, Number(label), 0.5]).values;
});

describe('the steps', () => {
  for (const browser of ['chrome', 'firefox']) {
    test(`forward to the end and back (${browser})`, () => graph(async (page) => {
      const all = await seen(page);
      assert.deepEqual(all, { step: 0, lit: [], passed: [], hidden: 0, lines: [] });
      const stations = ['layer', 'softmax', 'CE', 'J', 'CE', 'softmax', 'softmax CE', 'layer', 'layer', 'layer'];
      let hidden = Infinity;
      for (let step = 1; step <= LAST; step++) {
        await press(page, 1);
        const found = await seen(page);
        assert.equal(found.step, step);
        assert.equal(found.lit.join(' '), stations[step - 1]);
        assert.equal(found.lines.length, 1, 'one step is shown');
        assert.match(found.lines[0], step < 4 ? /^Forward: / : /^Backward: /);
        assert.ok(found.passed.length > 0, 'something is passed on');
        assert.ok(step === 7 ? found.hidden === hidden : found.hidden < hidden, `${found.hidden} of ${hidden} hidden`);
        hidden = found.hidden;
      }
      assert.equal(hidden, 0);
      assert.ok(await page.$eval('[data-by="1"]', (button) => button.ariaDisabled) === 'true');
      for (let step = LAST - 1; step >= 0; step--) {
        await press(page, -1);
        assert.equal((await seen(page)).step, step);
      }
      assert.deepEqual(await seen(page), all);
    }, { browser }));
  }

  test('the long way and the short way pass on the same', () => graph(async (page) => {
    const passed = async (step) => {
      await type(page, '.graph-steps input[type=range]', step);
      return (await seen(page)).passed;
    };
    const [long, short] = [await passed(6), await passed(7)];
    assert.deepEqual(long, short);
    assert.equal(long.length, 3);
  }));

  test('by keys alone, and no key turns the page', () => graph(async (page) => {
    const address = await addressOf(page);
    await page.$eval('.graph-steps [data-by="1"]', (button) => button.focus());
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    assert.equal((await seen(page)).step, 2);
    // Tab leads from the buttons to the slider and on to the numbers.
    await page.keyboard.down('Shift');
    await page.keyboard.press('Tab');
    await page.keyboard.up('Shift');
    assert.equal(await page.evaluate(() => document.activeElement.type), 'range');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowUp');
    assert.equal((await seen(page)).step, 3);
    await page.keyboard.press('End');
    assert.equal((await seen(page)).step, LAST);
    await page.keyboard.press('Home');
    assert.equal((await seen(page)).step, 0);
    await page.focus(field(0));
    await page.keyboard.press('ArrowRight');
    assert.equal((await seen(page)).step, 0, 'in a field the keys move the caret');
    await page.keyboard.press('Tab');
    await page.keyboard.type('5');
    assert.notEqual((await values(page))[0], undefined);
    assert.equal((await addressOf(page)).split('#')[0], address);
  }));

  test('the button at the end keeps the focus, and does nothing more', () => graph(async (page) => {
    await type(page, '.graph-steps input[type=range]', LAST - 1);
    await page.focus('[data-by="1"]');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    assert.equal((await seen(page)).step, LAST);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'forward');
  }));

  test('a screen reader hears where it is and what was passed on', () => graph(async (page) => {
    await press(page, 1);
    const said = await text(page, '.graph-steps [role=status]');
    assert.equal(said, `Forward: the layer, (4.2). Passes on ${(await seen(page)).passed.join(', ')}.`);
    const slider = await page.$('.graph-steps input[type=range]');
    const tree = await page.accessibility.snapshot({ root: slider });
    assert.equal(tree.role, 'slider');
    assert.equal(tree.name, 'step');
    assert.equal(await slider.evaluate((one) => one.ariaValueText), `Step 1 of ${LAST}`);
    const names = [];
    const walk = ({ role, name, children = [] }) => {
      names.push(`${role} ${name}`);
      children.forEach(walk);
    };
    walk(await page.accessibility.snapshot({ root: await page.$('.graph-steps'), interestingOnly: false }));
    for (const name of ['button back', 'button forward', 'textbox x 1', 'textbox w 2 3', 'textbox b 3', 'radio 3', 'button the book’s example']) {
      assert.ok(names.includes(name), `${name} is not in the tree: ${names}`);
    }
    const image = names.find((one) => one.startsWith('image ') || one.startsWith('img '));
    assert.match(image, /The network as a graph, with its numbers/);
  }));

  test('what stands below does not move from step to step', () => graph(async (page) => {
    const place = () => page.evaluate(() => document.querySelector('.graph-steps .given').getBoundingClientRect().top + scrollY);
    await press(page, 1);
    const before = await place();
    for (let step = 2; step <= LAST; step++) {
      await press(page, 1);
      assert.equal(await place(), before, `step ${step}`);
    }
  }));
});

describe('the numbers', () => {
  test('alive, each place shows what stands there without scripts', async () => {
    const alive = await graph(shown);
    const html = readFileSync(join(built, 'back-propagation.html'), 'utf8');
    const still = [...html.matchAll(/data-style="[a-z_]+"[^>]*>([^<]*)</g)].map(([, one]) => one);
    assert.ok(still.length > 150, `${still.length} places`);
    assert.deepEqual(alive, still);
  });

  test('each number that is changed changes what follows, as the crate computes it', () => graph(async (page) => {
    for (let index = 0; index < 11; index++) {
      const before = await shown(page);
      await type(page, field(index), `${(index - 5) / 4 + 0.13}`);
      assert.notDeepEqual(await shown(page), before, `number ${index}`);
    }
    for (const label of [0, 2, 1]) {
      await page.$eval(`.graph-steps input[type=radio][value="${label}"]`, (radio) => radio.click());
      const expected = await values(page);
      const places = await page.evaluate(() => {
        return [...document.querySelectorAll('.graph-steps [data-value]')]
          .map(({ dataset, textContent }) => [+dataset.value, dataset.style, textContent]);
      });
      const right = await page.evaluate(async (pairs) => {
        const { written } = await import(new URL('lab/written.js', document.baseURI));
        return pairs.map(([number, style]) => written(number, style));
      }, places.map(([index, style]) => [expected[index], style]));
      assert.deepEqual(places.map(([, , found]) => found), right);
      assert.equal(expected[57 + label], 1, 'the label is the class that was chosen');
    }
    assert.match(await text(page, '.graph-steps [role=status]'), /^The loss is \d\.\d{5} nats\.$/);
  }));

  test('what the crate refuses is said, and the graph stays', () => graph(async (page) => {
    const before = await shown(page);
    await type(page, field(0), 'two');
    assert.equal(await text(page, '#graph-error'), 'x[0]: expected a finite number, found NaN');
    assert.equal(await page.$eval(field(0), (one) => one.getAttribute('aria-invalid')), 'true');
    assert.deepEqual(await shown(page), before);
    await type(page, field(0), '0.6');
    assert.equal(await text(page, '#graph-error'), '');
    assert.equal(await page.$('.graph-steps [aria-invalid]'), null);
  }));

  test('the book’s example comes back', () => graph(async (page) => {
    const before = await shown(page);
    await type(page, field(4), '3');
    assert.notDeepEqual(await shown(page), before);
    await page.$eval('.graph-steps .reset', (button) => button.click());
    assert.deepEqual(await shown(page), before);
  }));
});

describe('the address', () => {
  test('a link opens the same numbers at the same step', async () => {
    const [hash, before] = await graph(async (page) => {
      await type(page, field(3), '-1.25');
      await page.$eval('.graph-steps input[type=radio][value="2"]', (radio) => radio.click());
      await type(page, '.graph-steps input[type=range]', 6);
      return [new URL(await addressOf(page)).hash, [await shown(page), await seen(page)]];
    });
    await graph(async (page) => assert.deepEqual([await shown(page), await seen(page)], before), { hash });
    // The lab reads the same link.
    await graph(async (page) => {
      assert.equal(await page.$eval('input[type=text][data-index="3"]', (one) => one.value), '-1.25');
    }, { hash, name: 'lab' });
  });

  for (const [hash, message] of [['#x=1,y', /x\[1\]: expected a finite number/], ['#class=4', /class: expected an index below 3/]]) {
    test(`${hash} is refused, and the example stays`, () => graph(async (page) => {
      assert.match(await text(page, '#graph-error'), message);
      assert.equal((await values(page))[17].toFixed(5), readFileSync(join(root, 'book/out/example/forward/loss.txt'), 'utf8').match(/\d\.\d{5}/)[0]);
    }, { hash }));
  }

  for (const hash of ['#step=99', '#step=-1', '#step=half', '#what-to-keep']) {
    test(`${hash} begins with the whole graph`, () => graph(async (page) => {
      assert.equal((await seen(page)).step, 0);
    }, { hash }));
  }
});

describe('the page', () => {
  test('both pages step through the graph, and others load nothing of it', async () => {
    await graph(async (page) => {
      await press(page, 1);
      assert.equal((await seen(page)).step, 1);
    }, { name: 'example/backward' });
    for (const name of ['lab', 'derivation', 'example/forward', 'print']) {
      await graph((page, { requests }) => {
        const loaded = requests.filter((one) => /graph\/.*\.js|\.wasm/.test(one) && !(name === 'lab' && one.includes('/lab/')));
        assert.deepEqual(loaded, []);
      }, { name });
    }
  });

  test('without scripts all steps stand below the graph', async () => {
    const context = await browsers.chrome.createBrowserContext();
    const page = await context.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(`${server.address}back-propagation.html`);
    const snapshot = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
    await context.close();
    assert.ok(snapshot.includes('Without scripts, the steps stand below the graph.'));
    for (const words of ['Forward: softmax, ', 'Backward: softmax, the long way, ', 'Backward: the layer, to the inputs, ']) {
      assert.ok(snapshot.includes(words), words);
    }
  });

  test('from disk, the page says why the graph does not move, and shows all steps', async () => {
    await visit(browsers.chrome, pathToFileURL(join(built, 'back-propagation.html')).href, {}, async (page) => {
      assert.match(await text(page, '.graph-note'), /opened from disk may not load WebAssembly/);
      const hidden = await page.$$eval('.graph-lines > li', (all) => all.filter((one) => getComputedStyle(one).visibility === 'hidden').length);
      assert.equal(hidden, 0);
    });
  });

  test('paper shows the unmoved picture', () => graph(async (page) => {
    await type(page, '.graph-steps input[type=range]', 2);
    await turn(page, 'print');
    const found = await page.evaluate(() => ({
      hidden: [...document.querySelectorAll('.graph-steps svg text')].filter((one) => getComputedStyle(one).visibility === 'hidden').length,
      controls: [...document.querySelectorAll('.graph-controls, .graph-lines')].filter((one) => getComputedStyle(one).display !== 'none').length,
    }));
    assert.deepEqual(found, { hidden: 0, controls: 0 });
  }));

  for (const theme of themes) {
    test(`axe finds nothing in ${theme}, at each step and with an error`, () => graph(async (page) => {
      const violations = () => barriers(page, '.graph-steps', rulesIn(theme));
      for (const step of [0, 2, 6, 7]) {
        await type(page, '.graph-steps input[type=range]', step);
        assert.deepEqual(await violations(), [], `step ${step}`);
      }
      await type(page, field(2), 'no number');
      assert.notEqual(await page.$eval('#graph-error', (error) => error.textContent), '');
      assert.deepEqual(await violations(), [], 'an error');
    }, { theme }));
  }

  test('on a phone nothing is wider than the page, and the lit node is in sight', () => graph(async (page) => {
    for (let step = 1; step <= LAST; step++) {
      await press(page, 1);
      const found = await page.evaluate(() => {
        const [node, box] = ['[data-at].now', 'figure'].map((one) => document.querySelector(`.graph-steps ${one}`).getBoundingClientRect());
        return { wide: document.documentElement.scrollWidth, inside: node.left >= box.left && node.right <= box.right };
      });
      assert.deepEqual(found, { wide: 360, inside: true }, `step ${step}`);
    }
  }, { width: 360, height: 740 }));

  test('the scripts and the module are small', () => {
    const packed = (file) => gzipSync(readFileSync(join(root, 'book', file)), { level: 9 }).length;
    const graph = readdirSync(join(root, 'book/graph')).filter((one) => one.endsWith('.js')).map((one) => `graph/${one}`);
    const scripts = [...graph, ...['crate', 'link', 'places', 'written'].map((one) => `lab/${one}.js`)];
    const bytes = scripts.map((file) => readFileSync(join(root, 'book', file)).length).reduce((a, b) => a + b);
    console.log(`scripts: ${bytes} bytes; module: ${packed('lab/lab.wasm')} compressed`);
    assert.ok(bytes <= 25_000, `${bytes} bytes of scripts`);
    assert.ok(packed('lab/lab.wasm') <= 60_000);
  });

  test('how long a change takes to the new numbers on screen (to read, not a test)', () => graph(async (page) => {
    const times = await changeTimes(page, field(2), '.graph-steps');
    assert.equal(times.length, 100);
  }));
});
