// Moves the pictures as a reader would: by each slider and button, by keys, by dragging, by a link;
// and compares what they show with the module, and with the page without scripts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { barriers, rulesIn } from './barriers.mjs';
import { addressOf, browsers, built, changeTimes, root, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

startReaders();

/** Opens a page with a picture, without an error, and says what `look` returns. */
const picture = (name, look, { hash = '', browser = 'chrome', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}${name}.html${hash}`, options, look);

const text = (page, selector) => page.$eval(selector, (element) => element.textContent);
const slider = (what) => `.picture-controls input[data-change="${what}"]`;
const set = (page, what, value) => page.$eval(slider(what), (control, to) => {
  control.value = to;
  control.dispatchEvent(new Event('input', { bubbles: true }));
  control.dispatchEvent(new Event('change', { bubbles: true }));
}, value);
const value = (page, what) => page.$eval(slider(what), (control) => +control.value);
const press = (page, selector) => page.$eval(`.picture-controls ${selector}`, (button) => button.click());
const drawn = (page) => page.$$eval('[data-part]', (parts) => parts.map((one) => one.innerHTML.trim().replace(/>\s+/g, '>').replace(/\s+</g, '<').replace(/\s+/g, ' ')));
/** The numbers of a row of the table. */
const row = (page, head) => page.$$eval('.picture-numbers tr', (rows, name) => {
  const found = rows.find((one) => one.querySelector('th')?.textContent === name);
  return [...found.querySelectorAll('td')].map((one) => Number(one.textContent.replace('−', '-')));
}, head);

/** Where the middle of a handle is on the screen. */
const handle = (page, what) => page.$eval(`.handle[data-change="${what}"]`, (one) => {
  one.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { left, top, width, height } = one.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, down: top + height / 2 + scrollY };
});
async function drag(page, what, dx, dy) {
  const { x, y, down } = await handle(page, what);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx / 2, y + dy / 2);
  await page.mouse.move(x + dx, y + dy);
  await page.mouse.up();
  const end = await handle(page, what);
  return [end.x - x, end.down - down];
}

const SIMPLEX = 'derivation/cross-entropy';
const simplex = (look, options) => picture(SIMPLEX, look, options);

describe('the simplex', () => {
  for (const browser of ['chrome', 'firefox']) {
    test(`each slider moves what it names, and what follows (${browser})`, () => simplex(async (page) => {
      const rows = { 0: 'logit θ', 3: 'label y' };
      for (const [what, to] of [[0, 1.5], [1, -2], [2, 0.5], [3, 0.3], [4, 0.2], [5, 0.9], [6, 1], [7, -2.5], [8, 2], [9, 1.5]]) {
        await press(page, '.reset');
        const before = await drawn(page);
        await set(page, what, to);
        assert.equal(await value(page, what), to);
        const after = await drawn(page);
        assert.notEqual(after[0], before[0], `slider ${what} does not move the triangle`);
        // The inputs and the biases move the plane; label, temperature and rate do not.
        assert.equal(after[1] !== before[1], what < 3 || what === 6 || what === 7, `slider ${what} and the plane`);
        const first = what < 3 ? 0 : 3;
        if (what < 6) assert.equal((await row(page, rows[first]))[what - first], to);
        const [y, yHat, delta] = await Promise.all(['label y', 'output ŷ', 'arrow ŷ − y'].map((head) => row(page, head)));
        for (const k of [0, 1, 2]) assert.ok(Math.abs(yHat[k] - y[k] - delta[k]) < 0.0016, `arrow ${delta}`);
        for (const one of [y, yHat]) assert.ok(Math.abs(one[0] + one[1] + one[2] - 1) < 0.0016, `sum of ${one}`);
      }
    }, { browser }));
  }

  test('output, label and input are dragged, and follow the pointer', () => simplex(async (page) => {
    for (const [what, dx, dy] of [[10, -60, -70], [11, 20, 90], [12, 40, -80]]) {
      const before = await drawn(page);
      const moved = await drag(page, what, dx, dy);
      assert.ok(Math.abs(moved[0] - dx) < 3 && Math.abs(moved[1] - dy) < 3, `${what}: ${moved} of ${dx}, ${dy}`);
      assert.notDeepEqual(await drawn(page), before);
    }
    assert.match(await addressOf(page), /#x=.*&y=0\.\d+,0\.\d+,0\.\d+&t=1&rate=0\.5$/);
    // Beside the triangle the output stays inside, and a corner that is nearly met is met.
    await drag(page, 10, 900, 300);
    assert.ok((await row(page, 'output ŷ'))[2] > 0.9);
    await drag(page, 11, -900, 400);
    assert.deepEqual(await row(page, 'label y'), [1, 0, 0]);
  }));

  test('a finger drags a handle, and scrolls the page elsewhere', () => simplex(async (page) => {
    const actions = await page.evaluate(() => ['.handle', '[data-part] svg'].map((one) => getComputedStyle(document.querySelector(one)).touchAction));
    assert.deepEqual(actions, ['none', 'auto']);
    const before = await row(page, 'output ŷ');
    const { x, y, down } = await handle(page, 10);
    await page.touchscreen.touchStart(x, y);
    await page.touchscreen.touchMove(x - 40, y - 60);
    await page.touchscreen.touchMove(x - 80, y - 90);
    await page.touchscreen.touchEnd();
    const end = await handle(page, 10);
    assert.ok(Math.abs(end.x - x + 80) < 3 && Math.abs(end.down - down + 90) < 3, `${end.x - x}, ${end.down - down}`);
    assert.notDeepEqual(await row(page, 'output ŷ'), before);
  }));

  for (const reduced of [false, true]) {
    test(`twenty steps are twenty times one step${reduced ? ', at once where motion is reduced' : ''}`, () => simplex(async (page) => {
      for (let step = 0; step < 20; step++) await press(page, '[data-steps="1"]');
      const expected = await drawn(page);
      const end = await text(page, '[data-part="0"] desc');
      await press(page, '.reset');
      if (reduced) await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      await press(page, '[data-steps="20"]');
      if (!reduced) {
        assert.notDeepEqual(await drawn(page), expected);
        await page.waitForFunction((last) => document.querySelector('[data-part="0"] desc').textContent === last, {}, end);
      }
      assert.deepEqual(await drawn(page), expected);
      assert.ok((await row(page, 'output ŷ'))[1] > 0.9, 'the output is near the label');
    }));
  }

  test('by keys alone, and no key turns the page', () => simplex(async (page) => {
    const address = await addressOf(page);
    await page.focus(slider(0));
    await page.keyboard.press('ArrowRight');
    assert.equal((await row(page, 'logit θ'))[0], -0.5);
    await page.keyboard.press('Home');
    assert.equal((await row(page, 'logit θ'))[0], -8);
    for (const _ of [1, 2, 3, 4]) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    assert.equal((await row(page, 'label y'))[1], 0.9);
    for (let tab = 0; tab < 6; tab++) await page.keyboard.press('Tab');
    const before = await row(page, 'output ŷ');
    await page.keyboard.press('Enter');
    assert.ok((await row(page, 'output ŷ'))[1] > before[1], 'a step of descent');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.equal((await row(page, 'logit θ'))[0], -0.55);
    assert.equal((await addressOf(page)).split('#')[0], address);
  }));

  test('a screen reader hears what each control is, and what a change brought', () => simplex(async (page) => {
    const names = [];
    const walk = ({ role, name, children = [] }) => {
      names.push(`${role} ${name}`);
      children.forEach(walk);
    };
    walk(await page.accessibility.snapshot({ root: await page.$('.picture'), interestingOnly: false }));
    const expected = [
      ...['θ₁', 'θ₂', 'θ₃', 'y₁', 'y₂', 'y₃', 'x₁', 'x₂', 'temperature T', 'rate η'].map((name) => `slider ${name}`),
      'group logits θ', 'group label y', 'button one step of descent', 'button twenty steps', 'button the book’s example',
      'image The gradient is an arrow from the label to the output', 'image Where each class is the likeliest',
    ];
    for (const name of expected) {
      assert.ok(names.some((one) => one.startsWith(name) || one.replace(/^img/, 'image').startsWith(name)), `${name} is not in the tree: ${names.join('; ')}`);
    }
    await set(page, 8, 2);
    const [a, b, c] = (await row(page, 'output ŷ')).map((one) => one.toFixed(2).replace(/0$/, ''));
    assert.match(await text(page, '.picture [role=status]'), new RegExp(`^The output is ${a}, ${b} and ${c}. The arrow is \\d.\\d+ long, the loss is \\d.\\d+ nats.$`));
    assert.equal(await page.$eval(slider(0), (one) => one.ariaValueText), '−0.55');
    assert.match(await text(page, '.picture-numbers'), /the arrow over the temperature 2\./);
  }));

  test('a link opens the same picture', async () => {
    const [hash, before] = await simplex(async (page) => {
      await set(page, 0, 1.25);
      await set(page, 4, 0.4);
      await set(page, 8, 3);
      await press(page, '[data-steps="1"]');
      return [new URL(await addressOf(page)).hash, await drawn(page)];
    });
    await simplex(async (page) => assert.deepEqual(await drawn(page), before), { hash });
    // The lab reads the same network.
    await picture('lab', async (page) => {
      assert.equal(await page.$eval('input[type=text][data-index="0"]', (one) => one.value), '0.6');
    }, { hash });
  });

  for (const [hash, message] of [['#t=0', /temperature: expected a finite number above 0/], ['#x=1,y', /x\[1\]: expected a finite number/], ['#y=1,1,0', /y: expected/]]) {
    test(`${hash} is refused in words, and the example stays`, async () => {
      const example = await simplex(drawn);
      await simplex(async (page) => {
        assert.match(await text(page, '.picture .error'), message);
        assert.deepEqual(await drawn(page), example);
        await set(page, 0, 1);
        assert.equal(await text(page, '.picture .error'), '');
      }, { hash });
    });
  }
});

describe('the surface', () => {
  const surface = (look, options) => picture('descent', look, options);
  const numbers = (page) => page.$$eval('.picture-numbers tr', (rows) => Object.fromEntries(rows.map((one) => [one.querySelector('th').textContent, Number(one.querySelector('td').textContent.replace('−', '-'))])));

  for (const browser of ['chrome', 'firefox']) {
    test(`each control moves what it names (${browser})`, () => surface(async (page) => {
      // Examples and weights draw another map; the rate, the steps and the start leave its contours.
      const contours = (drawing) => drawing.match(/<path d="([^"]*)" fill="none" stroke="currentColor" stroke-opacity/)[1];
      for (const [what, to, isMap] of [[0, 3, true], [1, 3, true], [2, 5, true], [3, 2.4, false], [4, 50, false], [5, 0.8, false], [6, 0.6, false]]) {
        await press(page, '.reset');
        const before = await drawn(page);
        await page.$eval(`.picture-controls [data-change="${what}"]`, (control, value) => {
          control.value = value;
          control.dispatchEvent(new Event('input', { bubbles: true }));
          control.dispatchEvent(new Event('change', { bubbles: true }));
        }, to);
        const after = await drawn(page);
        assert.notEqual(after[0], before[0], `control ${what} does not move the map`);
        assert.notEqual(after[1], before[1], `control ${what} does not move the losses`);
        assert.equal(contours(after[0]) !== contours(before[0]), isMap, `control ${what} and the contours`);
      }
      await press(page, '.reset');
      const before = await drawn(page);
      await press(page, '[data-steps="1"]');
      assert.equal(await value(page, 4), 21);
      assert.notDeepEqual(await drawn(page), before);
    }, { browser }));
  }

  test('below, between and above', () => surface(async (page) => {
    for (const [rate, words] of [[0.5, 'below 1/L. The loss rises in 0 of'], [1, '1/L.'], [1.5, 'between 1/L and 2/L.'], [2.4, 'above 2/L.']]) {
      await set(page, 3, rate);
      assert.ok((await text(page, '.picture [role=status]')).startsWith(`The rate is ${words}`), words);
      const found = await numbers(page);
      assert.ok(Math.abs(found['learning rate η'] - rate * found['1/L']) < 0.01);
      assert.ok(found['loss after the last step'] < found['loss at the start']);
    }
    assert.doesNotMatch(await text(page, '.picture [role=status]'), /rises in 0/);
  }));

  test('the start is dragged, and by keys; a choice is made by keys', () => surface(async (page) => {
    const moved = await drag(page, 10, 60, -50);
    assert.ok(Math.abs(moved[0] - 60) < 3 && Math.abs(moved[1] + 50) < 3, `${moved}`);
    assert.equal(await value(page, 5), 0.5);
    await page.focus(slider(5));
    await page.keyboard.press('ArrowRight');
    assert.equal(await value(page, 5), 0.51);
    await page.focus('.picture-controls select');
    await page.keyboard.press('ArrowDown');
    assert.match(await text(page, '.picture [role=status]'), /^The rate is 1\/L/);
    assert.match(await addressOf(page), /#examples=1&weights=0,1&rate=1&steps=20&start=0\.\d+,0\.\d+$/);
  }));

  test('a link opens the same picture, and one that is refused the first', async () => {
    const hash = '#examples=3&weights=4,0&rate=2.2&steps=33&start=0.2,0.7';
    await surface(async (page) => {
      assert.deepEqual(await page.$$eval('.picture-controls [data-change]', (all) => all.map((one) => +one.value)), [3, 4, 0, 2.2, 33, 0.2, 0.7]);
    }, { hash });
    const example = await surface(drawn);
    await surface(async (page) => {
      assert.match(await text(page, '.picture .error'), /expected an index below 9/);
      assert.deepEqual(await drawn(page), example);
    }, { hash: '#weights=9,1' });
  });

  test('how long the penguins take to a new map, and to a new rate (to read, not a test)', () => surface(async (page) => {
    const times = await page.evaluate(() => {
      const control = document.querySelector('.picture-controls select');
      const start = performance.now();
      control.value = 1;
      control.dispatchEvent(new Event('input', { bubbles: true }));
      return performance.now() - start;
    });
    console.log(`the map of the penguins: ${times.toFixed(1)} ms`);
    const found = await changeTimes(page, slider(3), '.picture');
    assert.equal(found.length, 100);
  }));
});

for (const [name, parts] of [[SIMPLEX, 3], ['descent', 3]]) {
  describe(`the picture of ${name}`, () => {
    const open = (look, options) => picture(name, look, options);

    test('alive, it shows what stands there without scripts', async () => {
      const context = await browsers.chrome.createBrowserContext();
      const page = await context.newPage();
      await page.setJavaScriptEnabled(false);
      await page.goto(`${server.address}${name}.html`);
      const html = readFileSync(join(built, `${name}.html`), 'utf8');
      const snapshot = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
      await context.close();
      assert.ok(snapshot.includes('Without scripts, the picture'));
      const alive = await open(drawn);
      assert.equal(alive.length, parts);
      const still = await browsers.chrome.newPage().then(async (blank) => {
        await blank.setContent(html.replace(/<script[\s\S]*?<\/script>/g, ''));
        const found = await drawn(blank);
        await blank.close();
        return found;
      });
      // Markdown wraps a table in a box, and knows which of its cells are heads.
      const words = (one) => one.replace(/<div class="table-wrapper">|<\/div>/g, '').replace(/> </g, '><');
      assert.deepEqual(alive.map(words), still.map(words));
    });

    test('from disk, the page says why it does not move', async () => {
      await visit(browsers.chrome, pathToFileURL(join(built, `${name}.html`)).href, {}, async (page) => {
        assert.match(await text(page, '.picture-note'), /opened from disk may not load WebAssembly/);
        assert.equal(await page.$$eval('.picture svg', (all) => all.filter((one) => one.getBoundingClientRect().height > 100).length), parts - 1);
      });
    });

    test('paper shows the unmoved picture, and the screen the moved one again', () => open(async (page) => {
      const before = await drawn(page);
      await press(page, '[data-steps="1"]');
      const moved = await drawn(page);
      await turn(page, 'print');
      assert.deepEqual(await drawn(page), before);
      const seen = await page.$$eval('.picture-controls, .handle', (all) => all.filter((one) => getComputedStyle(one).display !== 'none').length);
      assert.equal(seen, 0);
      await turn(page);
      assert.deepEqual(await drawn(page), moved);
    }));

    for (const theme of themes) {
      test(`axe finds nothing in ${theme}, unmoved, moved and with an error`, () => open(async (page) => {
        const look = async (when) => assert.deepEqual(await barriers(page, '.picture', rulesIn(theme)), [], when);
        await look('unmoved');
        await press(page, '[data-steps="1"]');
        await look('moved');
        await page.evaluate(() => { location.hash = '#rate=0'; });
        await page.waitForFunction(() => document.querySelector('.picture .error').textContent !== '');
        await look('an error');
      }, { theme }));
    }

    test('on a phone nothing is wider than the page', () => open(async (page) => {
      await press(page, '[data-steps="1"]');
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
      const cut = await page.$$eval('.picture svg', (all) => all.filter((one) => one.getBoundingClientRect().right > innerWidth).length);
      assert.equal(cut, 0);
    }, { width: 360, height: 740 }));

    test('from a change to numbers that are laid out (to read, not a test)', () => open(async (page) => {
      const times = await changeTimes(page, '.picture-controls input', '.picture');
      assert.equal(times.length, 100);
    }));
  });
}

test('no other page loads a part of it', async () => {
  for (const name of ['lab', 'derivation', 'derivation/softmax', 'print', 'curvature']) {
    await picture(name, (page, { requests }) => {
      assert.deepEqual(requests.filter((one) => /picture\/.*(js|wasm)$/.test(one)), []);
    });
  }
});

test('the scripts and the module are small', () => {
  const files = readdirSync(join(root, 'book/picture'));
  const scripts = [...files.filter((one) => one.endsWith('.js')).map((one) => `picture/${one}`), 'lab/link.js', 'lab/crate.js'];
  const bytes = scripts.map((file) => readFileSync(join(root, 'book', file)).length).reduce((a, b) => a + b);
  const packed = gzipSync(readFileSync(join(root, 'book/picture/picture.wasm')), { level: 9 }).length;
  console.log(`scripts: ${bytes} bytes; module: ${packed} compressed`);
  assert.ok(bytes <= 25_000, `${bytes} bytes of scripts`);
  assert.ok(packed <= 60_000, `${packed} bytes of the module`);
});
