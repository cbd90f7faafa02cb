// Takes hold of the lab as a reader would: each control, each button, links, bad input, no
// scripts; and compares what it shows with what the cells of the book printed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { addressOf, browsers, built, changeTimes, root, server, startReaders, visit, visitInPeace } from './book.mjs';

startReaders();

const out = (name) => readFileSync(join(root, 'book/out', name), 'utf8');

/** Opens the lab, without an error, and says what `look` returns. */
const lab = (look, { hash = '', browser = 'chrome', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}lab.html${hash}`, options, look);

/** Types into the control `selector`, as an event that a reader's typing causes. */
const type = (page, selector, text) => page.$eval(selector, (control, value) => {
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}, text);
const field = (index) => `input[type=text][data-index="${index}"]`;
const slider = (index) => `input[type=range][data-index="${index}"]`;
const click = (page, selector) => page.$eval(selector, (button) => button.click());
const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const preset = (page, start) => page.evaluate((name) => {
  [...document.querySelectorAll('[data-preset]')].find((one) => one.dataset.preset.startsWith(name)).click();
}, start);

/** The texts of all elements of a kind; `$$eval` would first take hold of each. */
const texts = (page, selector) => page.evaluate((kind) => [...document.querySelectorAll(kind)].map((one) => one.textContent), selector);

/** All numbers of the figure and the lines, as they are shown. */
const shown = (page) => texts(page, '[data-style]');
/** The number that a place shows; `name` is that of its data attribute. */
const value = (page, name, index) => text(page, `.lines [data-${name}="${index}"]:not([data-of-class])`);
const parameters = (page) => page.evaluate(() => [...document.querySelectorAll('input[type=text][data-index]')].map((one) => one.value));

/** The numbers that a cell printed. */
const printed = (name) => out(name).replaceAll('−', '-').match(/-?\d+\.\d+/g);

describe('the example', () => {
  const places = [
    ['forward/sum.txt', [9, 10, 11, 12]],
    ['forward/probabilities.txt', [14, 15, 16]],
    ['update/step.txt', [41, 42, 43, 44, 45, 46, 47, 48, 49]],
    ['update/again.txt', [50, 51, 52, 53, 54, 55, 56]],
  ];
  // The page Backward prints more decimals, and what is asked for comes last.
  const finer = [
    ['backward/delta.row.tex', [18, 19, 20]],
    ['backward/delta.table.tex', [21, 22, 23, 24, 25, 26, 27, 28, 29]],
    ['backward/delta.txt', [30, 31, 32]],
    ['backward/gradients.weights.tex', [33, 34, 35, 36, 37, 38]],
    ['backward/gradients.inputs.tex', [39, 40]],
  ];
  for (const browser of ['chrome', 'firefox']) {
    test(`the lab shows the digits of the Example pages (${browser})`, () => lab(async (page) => {
      for (const [cell, indices] of places) {
        const found = [];
        for (const index of indices) found.push((await value(page, 'value', index)).replace('−', '-'));
        const expected = printed(`example/${cell}`).slice(0, indices.length);
        assert.deepEqual(found, expected, cell);
      }
      for (const [file, indices] of finer) {
        const expected = printed(`example/${file}`).slice(-indices.length);
        for (const [at, index] of indices.entries()) {
          const found = (await value(page, 'value', index)).replace('−', '-');
          const half = 0.51 * 10 ** -found.split('.')[1].length;
          assert.ok(Math.abs(found - expected[at]) <= half, `${file}: ${found}, expected ${expected[at]}`);
        }
      }
      const theta = await Promise.all([6, 7, 8].map((index) => value(page, 'value', index)));
      assert.deepEqual(theta.map((one) => Number(one.replace('−', '-'))), printed('example/forward/logits.txt').map(Number));
      assert.equal(await text(page, '#lab-loss'), printed('example/forward/loss.txt')[0]);
    }, { browser }));
  }

  test('alive, each place shows what stands there without scripts', async () => {
    const alive = await lab(shown);
    await preserved(alive);
  });

  async function preserved(alive) {
    const context = await browsers.chrome.createBrowserContext();
    const page = await context.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(`${server.address}lab.html`);
    const html = await page.content();
    await context.close();
    const still = [...html.matchAll(/data-style="[a-z_]+"[^>]*>([^<]*)</g)].map(([, one]) => one);
    assert.ok(still.length > 150, `${still.length} places`);
    assert.deepEqual(alive, still);
    assert.match(html, /Without scripts this page shows the worked example/);
    assert.ok(!html.includes('type="range"'));
  }
});

describe('controls', () => {
  test('each field and each slider changes its number, the loss, the figure and the address', () => lab(async (page) => {
    for (let index = 0; index < 13; index++) {
      if (index === 11) continue;
      for (const control of [field(index), slider(index)]) {
        await click(page, '[data-preset]');
        const before = await shown(page);
        const address = await addressOf(page);
        await type(page, control, '1.5');
        const at = `${control}`;
        assert.equal(await page.$eval(field(index), (one) => one.value), '1.5', at);
        assert.equal(await page.$eval(slider(index), (one) => one.value), '1.5', at);
        const places = await texts(page, `[data-number="${index}"]`);
        assert.ok(places.length > 0 && places.every((one) => one.endsWith('1.5')), `${at}: ${places}`);
        assert.notDeepEqual(await shown(page), before, at);
        assert.notEqual(await addressOf(page), address, at);
        if (index !== 12) {
          assert.notEqual(await text(page, '#lab-loss'), '2.02968', at);
          assert.ok((await text(page, '#lab-said')).includes(await text(page, '#lab-loss')), at);
        }
      }
    }
  }));

  test('the class moves the loss to another probability', () => lab(async (page) => {
    for (const [k, index] of [[0, 14], [1, 15], [2, 16]]) {
      await click(page, `input[name=lab-class][value="${k}"]`);
      const probability = Number(await value(page, 'value', index));
      const loss = Number(await text(page, '#lab-loss'));
      assert.ok(Math.abs(Math.exp(-loss) - probability) < 1e-4, `class ${k}: ${loss}`);
      assert.equal(await page.$$eval('circle.answer.true', (nodes) => nodes.map((one) => one.dataset.class).join()), `${k}`);
      assert.equal(await page.$eval(`input[name=lab-class][value="${k}"]`, (one) => one.checked), true);
    }
  }));

  test('an edge has the sign and the size of its number; backward, of its gradient', () => lab(async (page) => {
    const edges = () => page.$$eval('#lab-figure [data-weight]', (all) => all.map((one) => ({
      negative: one.classList.contains('negative'),
      width: parseFloat(getComputedStyle(one).strokeWidth),
      stroke: getComputedStyle(one).stroke,
    })));
    const signs = (numbers) => numbers.map((one) => Number(one.replace('−', '-')) < 0);
    const widest = (all) => all.reduce((best, one, index) => (one.width > all[best].width ? index : best), 0);
    const forward = await edges();
    assert.deepEqual(forward.map((one) => one.negative), signs((await parameters(page)).slice(2, 11)));
    assert.equal(widest(forward), 3, 'w₂₁ = 0.7 is the largest');
    assert.equal(new Set(forward.map((one) => one.stroke)).size, 2);
    await click(page, '#lab-backward');
    const backward = await edges();
    const gradients = printed('example/backward/gradients.txt').slice(0, 9);
    assert.deepEqual(backward.map((one) => one.negative), signs(gradients));
    assert.equal(widest(backward), 4, '∂J/∂w₂₂ is the largest');
    assert.equal(await page.$eval('.backward', (group) => getComputedStyle(group).display), 'inline');
    assert.equal(await page.$eval('.forward', (group) => getComputedStyle(group).display), 'none');
  }));

  test('by keyboard alone: an arrow moves a slider, Enter takes a step', () => lab(async (page) => {
    await page.focus(slider(2));
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.$eval(field(2), (one) => one.value), '0.25');
    await page.focus('#lab-step');
    await page.keyboard.press('Enter');
    assert.match(await text(page, '#lab-steps'), /after 1 step/);
    await page.focus(field(0));
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.type), 'range');
  }));

  test('a screen reader hears a name for each control, and the loss', () => lab(async (page) => {
    const tree = await page.accessibility.snapshot({ interestingOnly: true });
    const nodes = [];
    const walk = (node) => {
      nodes.push(node);
      for (const child of node.children ?? []) walk(child);
    };
    walk(tree);
    const of = (role) => nodes.filter((node) => node.role === role).map((node) => node.name);
    assert.equal(of('slider').length, 12);
    assert.equal(new Set(of('slider')).size, 12, of('slider').join());
    assert.ok(of('textbox').includes('w₂₃') && of('textbox').includes('η') && of('textbox').includes('seed'));
    assert.deepEqual(of('radio'), ['1', '2', '3']);
    assert.equal(await page.$eval('#lab-said', (one) => one.getAttribute('aria-live')), 'polite');
  }));
});

describe('descent', () => {
  const example = ['0.6', '-1.1'];

  test('a step is the step of the page Update', () => lab(async (page) => {
    await click(page, '#lab-step');
    const found = await parameters(page);
    const expected = printed('example/update/step.txt').map(Number);
    assert.deepEqual(found.slice(0, 2), example);
    assert.deepEqual(found.slice(2, 11).map(Number), expected);
    assert.equal(await text(page, '#lab-loss'), printed('example/update/again.txt').at(-1));
  }));

  for (const still of [false, true]) {
    test(`run takes 200 steps and reaches the loss of the crate${still ? ', without motion' : ''}`, () => lab(async (page) => {
      if (still) await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      await click(page, '#lab-run');
      if (still) assert.match(await text(page, '#lab-steps'), /after 200 steps/);
      await page.waitForFunction(() => document.querySelector('#lab-run').textContent === 'run', { timeout: 60000 });
      assert.match(await text(page, '#lab-steps'), /after 200 steps/);
      assert.equal(await text(page, '#lab-loss'), printed('lab/run.txt').at(-1));
      const points = await page.$eval('.losses', (path) => path.getAttribute('d').match(/[\d.]+ [\d.]+/g).map((one) => one.split(' ').map(Number)));
      assert.equal(points.length, 201);
      for (let i = 1; i < points.length; i++) assert.ok(points[i][0] >= points[i - 1][0] && points[i][1] >= points[i - 1][1]);
      await click(page, '#lab-reset');
      assert.equal(await text(page, '#lab-loss'), printed('example/forward/loss.txt')[0]);
      assert.equal(await text(page, '#lab-steps'), '');
    }));
  }

  test('a run can be stopped', () => lab(async (page) => {
    const [stopped, later] = await page.evaluate(async () => {
      const run = document.getElementById('lab-run');
      const steps = () => document.getElementById('lab-steps').textContent;
      const frames = async (count) => {
        for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
      };
      run.click();
      await frames(5);
      run.click();
      const stopped = steps();
      await frames(5);
      return [stopped, steps()];
    });
    assert.match(stopped, /after \d steps/);
    assert.equal(later, stopped);
    assert.equal(await text(page, '#lab-run'), 'run');
  }));

  test('a change ends a run, and a run begun at once is the only one', () => lab(async (page) => {
    const steps = await page.evaluate(async () => {
      const click = (selector) => document.querySelector(selector).click();
      const frames = async (count) => {
        for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
      };
      const found = [];
      for (const change of ['input[name=lab-class][value="0"]', '[data-preset]', '#lab-random', '#lab-reset']) {
        click('#lab-run');
        await frames(3);
        click(change);
        await frames(3);
        found.push(document.getElementById('lab-steps').textContent);
      }
      click('#lab-run');
      await frames(3);
      click('#lab-reset');
      click('#lab-run');
      return found;
    });
    assert.deepEqual(steps, ['', '', '', '']);
    await page.waitForFunction(() => document.querySelector('#lab-run').textContent === 'run', { timeout: 60000 });
    assert.match(await text(page, '#lab-steps'), /after 200 steps/);
  }));

  test('the same seed draws the same weights, the next one others', () => lab(async (page) => {
    await click(page, '#lab-random');
    const first = await parameters(page);
    assert.deepEqual(first.slice(8, 11), ['0', '0', '0']);
    assert.equal(await page.$eval('#lab-seed', (one) => one.value), '2');
    await click(page, '#lab-random');
    assert.notDeepEqual(await parameters(page), first);
    await type(page, '#lab-seed', '1');
    await click(page, '#lab-random');
    assert.deepEqual(await parameters(page), first);
    for (const bad of ['-1', '1.5', 'x', '', '4294967296']) {
      await type(page, '#lab-seed', bad);
      await click(page, '#lab-random');
      assert.match(await text(page, '#lab-error'), /seed: expected a whole number from 0 to 4294967295, found/);
      assert.deepEqual(await parameters(page), first);
    }
  }));
});

describe('presets', () => {
  const wanted = {
    'the author': async (page) => {
      assert.equal(await text(page, '#lab-loss'), '1.09861');
      await click(page, '#lab-step');
      assert.deepEqual(await parameters(page), ['8', '7', '-2.16667', '-2.16667', '5.83333', '-1.83333', '-1.83333', '5.16667', '0.66667', '0.66667', '1.66667', '1']);
      assert.equal(await value(page, 'value', 14), '3.0934e−50');
    },
    'equal weights': async (page) => {
      assert.deepEqual([await value(page, 'value', 39), await value(page, 'value', 40)].map((one) => Math.abs(Number(one.replace('−', '-')))).filter((one) => one > 1e-15), []);
      assert.equal(await text(page, '#lab-loss'), '1.09861');
    },
    'sure and right': async (page) => assert.ok(Number((await text(page, '#lab-loss')).replace('−', '-')) < 1e-4),
    'sure and wrong': async (page) => {
      assert.ok(Number(await text(page, '#lab-loss')) > 9);
      assert.equal(await page.$eval('#lab-range', (one) => one.hidden), true);
      await type(page, field(2), '1000');
      assert.equal(await page.$eval('#lab-range', (one) => one.hidden), false);
      assert.deepEqual([await value(page, 'value', 30), await value(page, 'value', 31)], ['1.00000', '−1.00000']);
    },
    'logits of 1000': async (page) => {
      assert.deepEqual([await value(page, 'value', 6), await value(page, 'value', 12)], ['1000', '∞']);
      assert.equal(await page.$eval('#lab-range', (one) => one.hidden), false);
      assert.equal(await text(page, '#lab-loss'), '1.40761');
    },
    'the book': async (page) => assert.equal(await page.$eval('#lab-range', (one) => one.hidden), true),
  };
  for (const [name, look] of Object.entries(wanted)) {
    test(`“${name}…” shows what it is for`, () => lab(async (page) => {
      await preset(page, name);
      assert.equal(await text(page, '#lab-error'), '');
      await look(page);
    }));
  }
});

describe('links', () => {
  test('a link restores the state, also when it is opened in the same tab', async () => {
    const [address, before] = await lab(async (page) => {
      await type(page, field(4), '-1.25');
      await click(page, 'input[name=lab-class][value="2"]');
      await type(page, field(12), '0.75');
      await click(page, '#lab-backward');
      await click(page, '#lab-step');
      return [await addressOf(page), await shown(page)];
    });
    const hash = new URL(address).hash;
    await lab(async (page) => {
      assert.deepEqual(await shown(page), before);
      assert.equal(await page.$eval('#lab-backward', (one) => one.checked), true);
      await preset(page, 'equal');
      await page.evaluate((link) => { location.hash = link; }, hash);
      await page.waitForFunction((class_) => document.querySelector('input[name=lab-class]:checked').value === class_, {}, '2');
      assert.deepEqual(await shown(page), before);
    }, { hash });
  });

  test('a link holds every digit, of numbers of any size', () => lab(async (page) => {
    for (const number of [1e300, -1e21, 1 / 3, 2.5e-7, -5e-324]) {
      await click(page, '[data-preset]');
      await type(page, field(8), String(number));
      const found = await page.evaluate(async () => {
        const { read } = await import('./lab/link.js');
        return read(location.hash, []).numbers[8];
      });
      assert.equal(found, number);
    }
  }));

  test('a heading of the page is no link to a network', () => lab(async (page) => {
    await type(page, field(4), '-1.25');
    const before = await shown(page);
    await page.evaluate(() => { location.hash = '#what-to-look-for'; });
    await page.evaluate(() => new Promise((later) => setTimeout(later, 100)));
    assert.deepEqual(await shown(page), before);
  }));

  test('a minus of print and a decimal comma are understood', () => lab(async (page) => {
    await type(page, field(4), '−1,5e−1');
    assert.equal(await page.$eval(slider(4), (one) => one.value), '-0.15');
  }));

  const bad = [
    ['#x=1,y', /x\[1\]: expected a finite number, found NaN/],
    ['#w=1,2,3,4,5', /w\[1, 2\]: expected a finite number, found NaN/],
    ['#class=4', /class: expected an index below 3, found 3/],
    ['#class=0', /class: expected a finite number, found NaN/],
    ['#rate=0', /learning rate: expected a finite number above 0, found 0/],
  ];
  for (const [hash, message] of bad) {
    test(`${hash} is refused, and the example stays`, () => lab(async (page) => {
      assert.match(await text(page, '#lab-error'), message);
      assert.equal(await text(page, '#lab-loss'), printed('example/forward/loss.txt')[0]);
    }, { hash }));
  }
});

describe('bad input', () => {
  const bad = [
    [0, '', 'x[0]: expected a finite number, found NaN'],
    [1, '1e999', 'x[1]: expected a finite number, found inf'],
    [7, '-1e999', 'w[1, 2]: expected a finite number, found -inf'],
    [9, 'two', 'b[1]: expected a finite number, found NaN'],
    [12, '0', 'learning rate: expected a finite number above 0, found 0'],
    [12, '-1', 'learning rate: expected a finite number above 0, found -1'],
  ];
  for (const [index, typed, message] of bad) {
    test(`“${typed}” in field ${index} shows the crate's error and keeps the last good state`, () => lab(async (page) => {
      const before = await shown(page);
      const address = await addressOf(page);
      await type(page, field(index), typed);
      assert.equal(await text(page, '#lab-error'), message);
      assert.equal(await page.$eval(field(index), (one) => one.getAttribute('aria-invalid')), 'true');
      assert.deepEqual(await shown(page), before);
      assert.equal(await addressOf(page), address);
      assert.equal(await page.$eval(field(index), (one) => one.value), typed, 'what was typed stays, to be mended');
      await type(page, field(index), '0.5');
      assert.equal(await text(page, '#lab-error'), '');
      assert.equal(await page.$('[aria-invalid=true]'), null);
    }));
  }
});

describe('the module', () => {
  test('is small', () => {
    const wasm = readFileSync(join(root, 'book/lab/lab.wasm'));
    const packed = gzipSync(wasm, { level: 9 }).length;
    console.log(`lab.wasm: ${wasm.length} bytes, ${packed} compressed`);
    assert.ok(wasm.length <= 82_000, `${wasm.length} bytes`);
    assert.ok(packed <= 38_000, `${packed} bytes compressed`);
  });

  test('from disk, the page says why the lab does not start', async () => {
    await visit(browsers.chrome, pathToFileURL(join(built, 'lab.html')).href, {}, async (page) => {
      assert.match(await text(page, '#lab-note'), /opened from disk may not load WebAssembly/);
    });
  });

  test('how long a change takes to the new numbers on screen (to read, not a test)', () => lab(async (page) => {
    const times = await changeTimes(page, slider(2), '#lab-figure');
    assert.equal(times.length, 100);
  }));
});
