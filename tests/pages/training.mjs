// Trains as a reader would: by each button, by keys, by a link; sets each option, and compares what
// the page shows with the module, with what the cells printed, and with the page without scripts.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { barriers, rulesIn } from './barriers.mjs';
import { addressOf, browsers, built, root, server, startReaders, themes, turn, visit, visitInPeace } from './book.mjs';

const printed = (name) => readFileSync(join(root, 'book/out', name), 'utf8');

startReaders();

/** Opens a page that trains, without an error, and says what `look` returns. */
const training = (look, { hash = '', browser = 'chrome', name = 'penguins', ...options } = {}) =>
  visitInPeace(browsers[browser], `${server.address}${name}.html${hash}`, options, look);

const text = (page, selector) => page.$eval(`.training ${selector}`, (element) => element.textContent);
const press = (page, button) => page.$eval(`.training ${button}`, (element) => element.click());
const names = ['hidden', 'portion', 'rate', 'seed', 'epochs'];
const field = (name) => `.training input[data-index="${names.indexOf(name)}"]`;
const type = (page, name, typed) => page.$eval(field(name), (control, value) => {
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
}, typed);

/** Waits until nothing moves. */
const rest = (page) => page.waitForFunction(() => document.querySelector('.training .run').textContent === 'train', { timeout: 120_000 });

/** What the page shows of a run. */
const shown = (page) => page.evaluate(() => ({
  line: document.querySelector('.training .line').textContent,
  paths: [...document.querySelectorAll('.training g[shape-rendering] path')].map((path) => path.getAttribute('d')),
  curves: [...document.querySelectorAll('.training figure:has(.options), .training figure:last-of-type path')].map((path) => path.getAttribute('d')),
  counts: [...document.querySelectorAll('.training td:not(:first-child)')].map((cell) => cell.textContent),
}));
const picture = ({ paths, curves, counts }) => ({ paths, curves, counts });

const epoch = async (page) => Number((await text(page, '.line')).match(/^epoch (\d+): /)[1]);

describe('the page’s run', () => {
  for (const [name, browser] of [['penguins', 'chrome'], ['penguins', 'firefox'], ['spirals', 'chrome']]) {
    test(`train comes to what the cells have printed and drawn (${name}, ${browser})`, () => training(async (page) => {
      const before = await shown(page);
      assert.match(before.line, /^The picture shows the page’s run after 1000 epochs\.$/);
      await press(page, '.run');
      await page.waitForFunction(() => /^epoch [1-9]/.test(document.querySelector('.training .line').textContent));
      assert.notDeepEqual(picture(await shown(page)), picture(before), 'it moves');
      await rest(page);
      const found = await shown(page);
      assert.deepEqual(picture(found), picture(before));
      if (name === 'penguins') {
        const output = printed('penguins/descent.txt');
        const [loss, right, heldOut] = found.line.split('; ');
        for (const part of [loss.replace('epoch', 'epoch').replace('1000', '1000'), right, heldOut]) assert.ok(output.includes(part), part);
      } else {
        assert.match(found.line, /training: 180 of 180 right$/);
        assert.ok(printed('spirals/trained.txt').includes('a hidden layer: 100 % right'));
      }
    }, { name, browser }));
  }

  test('portions come to what their cell has printed', () => training(async (page) => {
    await rest(page);
    const loss = Number((await text(page, '.line')).match(/J = ([\d.]+);/)[1]);
    assert.ok(printed('penguins/minibatches.txt').startsWith(`after 50 epochs: J = ${loss.toFixed(3)}\n`));
  }, { hash: '#portion=16&rate=0.2&epochs=50&at=50' }));
});

describe('the buttons', () => {
  test('stop stops, and train goes on', () => training(async (page) => {
    await press(page, '.run');
    await page.waitForFunction(() => /^epoch ([5-9]|\d\d)/.test(document.querySelector('.training .line').textContent));
    await press(page, '.run');
    const at = await epoch(page);
    const settled = await shown(page);
    assert.ok(at < 1000, `${at}`);
    await page.evaluate(() => new Promise((go) => setTimeout(go, 200)));
    assert.deepEqual(await shown(page), settled);
    assert.ok((await addressOf(page)).endsWith(`&at=${at}`), await addressOf(page));
    await press(page, '.run');
    await page.waitForFunction((before) => {
      const found = document.querySelector('.training .line').textContent.match(/^epoch (\d+)/);
      return found && +found[1] > before;
    }, {}, at);
    await press(page, '.run');
  }));

  test('one epoch is one, and the start is the start', () => training(async (page) => {
    for (let at = 1; at <= 3; at++) {
      await press(page, '.step');
      await rest(page);
      assert.equal(await epoch(page), at);
    }
    const descent = printed('penguins/descent.txt');
    await press(page, '.back');
    assert.ok((await text(page, '.line')).startsWith('epoch 0: J = 1.0986; '));
    await press(page, '.step');
    await rest(page);
    assert.ok(descent.includes(`J = ${(await text(page, '.line')).match(/J = ([\d.]+);/)[1]}\n`));
  }));

  test('the page’s run comes back', () => training(async (page) => {
    const before = await shown(page);
    await type(page, 'rate', '0.01');
    await press(page, '.step');
    await rest(page);
    await press(page, '.book');
    await rest(page);
    assert.equal(await page.$eval(field('rate'), (one) => one.value), '1');
    assert.deepEqual(picture(await shown(page)), picture(before));
  }));
});

describe('the options', () => {
  for (const [name, value] of [['hidden', 4], ['portion', 16], ['rate', 0.3], ['seed', 5], ['epochs', 7]]) {
    test(`${name} changes the run, and the run is that of the module`, () => training(async (page) => {
      // Without hidden units and portions nothing is drawn from the seed.
      const base = name === 'seed' ? { portion: 32 } : {};
      for (const [other, typed] of Object.entries(base)) await type(page, other, typed);
      const run = async () => {
        await press(page, '.back');
        for (let i = 0; i < 7; i++) {
          await press(page, '.step');
          await rest(page);
        }
        return shown(page);
      };
      const before = await run();
      await type(page, name, value);
      assert.equal(await epoch(page), 0);
      const found = await run();
      if (name === 'epochs') assert.notDeepEqual(found.curves, before.curves, 'the chart ends at the last epoch');
      else assert.notEqual(found.line, before.line);
      const expected = await page.evaluate(async () => {
        const { about, load } = await import(new URL('training/crate.js', document.baseURI));
        const crate = await load(0);
        crate.begin([...document.querySelectorAll('.training input')].map((one) => Number(one.value)));
        crate.train(7);
        return { line: crate.text(about.line), paths: crate.text(about.regions).split('\n'), counts: crate.text(about.counts).split(' ') };
      });
      assert.deepEqual({ line: found.line, paths: found.paths, counts: found.counts }, expected);
    }));
  }

  for (const [name, value, message] of [
    ['hidden', '33', 'hidden units: expected a whole number from 0 to 32, found 33'],
    ['portion', '0', 'examples in a step: expected a whole number from 1 to 256, found 0'],
    ['rate', 'fast', 'rate: expected a finite number above 0, found NaN'],
    ['seed', '-1', 'seed: expected a whole number from 0 to 4294967295, found -1'],
    ['epochs', '', 'epochs: expected a whole number from 1 to 20000, found NaN'],
  ]) {
    test(`${name} = "${value}" is refused, and the run stays`, () => training(async (page) => {
      await press(page, '.step');
      await rest(page);
      const before = await shown(page);
      const good = await page.$eval(field(name), (one) => one.value);
      await type(page, name, value);
      assert.equal(await text(page, '.error'), message);
      assert.equal(await page.$eval(field(name), (one) => one.getAttribute('aria-invalid')), 'true');
      assert.deepEqual(await shown(page), before);
      await type(page, name, good);
      assert.equal(await text(page, '.error'), '');
      assert.equal(await page.$('.training [aria-invalid]'), null);
    }));
  }

  test('an option that is changed in a run begins another, and it runs', () => training(async (page) => {
    await press(page, '.run');
    await type(page, 'rate', '0.5');
    await page.waitForFunction(() => /^epoch [1-9]/.test(document.querySelector('.training .line').textContent));
    assert.equal(await text(page, '.run'), 'stop');
    await press(page, '.run');
  }));

  test('weights that leave the range of the numbers end a run, and it is said', () => training(async (page) => {
    await type(page, 'rate', '1.7e308');
    await press(page, '.run');
    await rest(page);
    assert.equal(await text(page, '.error'), 'the weights leave the range of the numbers: the rate is too high');
    assert.ok(await epoch(page) < 1000);
  }));
});

describe('the keyboard and the screen reader', () => {
  test('by keys alone, and no key turns the page', () => training(async (page) => {
    const address = (await addressOf(page)).split('#')[0];
    await page.focus('.training .run');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await rest(page);
    assert.equal(await epoch(page), 1);
    assert.equal(await page.evaluate(() => document.activeElement.className), 'step', 'the button keeps the focus');
    await page.keyboard.press('Space');
    await rest(page);
    assert.equal(await epoch(page), 2);
    for (const key of ['ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.index), '0');
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('8');
    assert.ok((await addressOf(page)).includes('#hidden=8&'), await addressOf(page));
    await page.keyboard.press('ArrowLeft');
    assert.equal((await addressOf(page)).split('#')[0], address);
  }));

  test('a screen reader finds each control by its name, and hears where a run has come to', () => training(async (page) => {
    await press(page, '.step');
    await rest(page);
    const line = await text(page, '.line');
    assert.equal(await text(page, '[role=status]'), line);
    assert.equal(await text(page, 'figure desc'), `The regions of the network, ${line}.`);
    const found = [];
    const walk = ({ role, name, children = [] }) => {
      found.push(`${role} ${name}`);
      children.forEach(walk);
    };
    walk(await page.accessibility.snapshot({ root: await page.$('.training'), interestingOnly: false }));
    for (const name of ['button train', 'button one epoch', 'button to the start', 'button the page’s run', 'textbox hidden units', 'textbox examples in a step', 'textbox learning rate', 'textbox seed', 'textbox epochs']) {
      assert.ok(found.includes(name), `${name} is not in the tree: ${found}`);
    }
    const images = found.filter((one) => /^(image|img) /.test(one)).join();
    assert.match(images, /Three species by their bills/);
    assert.match(images, /The mean loss in nats, epoch by epoch/);
  }));

  test('while it runs nothing is said but its start and its end', () => training(async (page) => {
    const said = await page.evaluate(() => new Promise((done) => {
      const changes = [];
      new MutationObserver(() => changes.push(document.querySelector('.training [role=status]').textContent))
        .observe(document.querySelector('.training [role=status]'), { childList: true });
      document.querySelector('.training .run').click();
      const wait = setInterval(() => {
        if (document.querySelector('.training .run').textContent !== 'train') return;
        clearInterval(wait);
        done(changes);
      }, 50);
    }));
    assert.equal(said.length, 1, `${said}`);
  }, { hash: '#epochs=200&at=0' }));

  test('with reduced motion the picture changes once, at the end', () => training(async (page) => {
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    const changes = await page.evaluate(() => new Promise((done) => {
      let count = 0;
      const path = document.querySelector('.training g[shape-rendering] path');
      new MutationObserver(() => (count += 1)).observe(path, { attributes: true });
      document.querySelector('.training .run').click();
      const wait = setInterval(() => {
        if (document.querySelector('.training .run').textContent !== 'train') return;
        clearInterval(wait);
        done(count);
      }, 50);
    }));
    assert.equal(changes, 1);
    assert.equal(await epoch(page), 1000);
    await page.emulateMediaFeatures([]);
  }));
});

describe('the address', () => {
  test('a link opens the same run at the same epoch', async () => {
    const [hash, before] = await training(async (page) => {
      await type(page, 'hidden', '3');
      await type(page, 'portion', '50');
      await type(page, 'rate', '0.7');
      await type(page, 'seed', '12');
      await type(page, 'epochs', '40');
      for (let i = 0; i < 4; i++) {
        await press(page, '.step');
        await rest(page);
      }
      return [new URL(await addressOf(page)).hash, await shown(page)];
    }, { name: 'spirals' });
    assert.equal(hash, '#hidden=3&portion=50&rate=0.7&seed=12&epochs=40&at=4');
    await training(async (page) => {
      await rest(page);
      assert.deepEqual(await shown(page), before);
    }, { name: 'spirals', hash });
  });

  test('a link that the module refuses is refused, and the picture stays', () => training(async (page) => {
    assert.match(await text(page, '.error'), /^hidden units: expected a whole number from 0 to 32, found 99$/);
    assert.match(await text(page, '.line'), /^The picture shows/);
  }, { hash: '#hidden=99' }));

  test('the address of a heading is none', () => training(async (page) => {
    assert.match(await text(page, '.line'), /^The picture shows/);
    assert.equal(await text(page, '.error'), '');
  }, { hash: '#what-to-keep' }));
});

describe('the page', () => {
  test('pages that do not train load nothing of it', async () => {
    for (const name of ['lab', 'descent', 'hidden-layer', 'print']) {
      await training((page, { requests }) => {
        assert.deepEqual(requests.filter((one) => /training\/.*\.(js|wasm)/.test(one)), []);
      }, { name });
    }
  });

  test('without scripts the pictures show the end of the run', async () => {
    for (const name of ['penguins', 'spirals']) {
      const context = await browsers.chrome.createBrowserContext();
      const page = await context.newPage();
      await page.setJavaScriptEnabled(false);
      await page.goto(`${server.address}${name}.html`);
      const snapshot = JSON.stringify(await page.accessibility.snapshot({ interestingOnly: false }));
      await context.close();
      assert.ok(snapshot.includes('Without scripts, the pictures show the end of this run.'));
      assert.match(snapshot, /To train on: 1\.\d{4} nats before the first epoch, 0\.\d{4} after epoch 1000\./);
    }
  });

  test('from disk, the page says why it does not train', async () => {
    await visit(browsers.chrome, pathToFileURL(join(built, 'penguins.html')).href, {}, async (page) => {
      assert.match(await text(page, '.live-note'), /opened from disk may not load WebAssembly/);
    });
  });

  test('paper shows the unmoved picture', () => training(async (page) => {
    const before = picture(await shown(page));
    await press(page, '.step');
    await rest(page);
    const moved = picture(await shown(page));
    assert.notDeepEqual(moved, before);
    await turn(page, 'print');
    assert.equal(await page.$eval('.live-controls', (one) => getComputedStyle(one).display), 'none');
    assert.deepEqual(picture(await shown(page)), before);
    await turn(page, 'screen');
    assert.notEqual(await page.$eval('.live-controls', (one) => getComputedStyle(one).display), 'none');
    assert.deepEqual(picture(await shown(page)), moved);
  }));

  for (const theme of themes) {
    test(`axe finds nothing in ${theme}, at rest, trained and with an error`, () => training(async (page) => {
      const violations = () => barriers(page, '.training', rulesIn(theme));
      assert.deepEqual(await violations(), []);
      await press(page, '.step');
      await rest(page);
      assert.deepEqual(await violations(), [], 'trained');
      await type(page, 'rate', 'fast');
      assert.notEqual(await text(page, '.error'), '');
      assert.deepEqual(await violations(), [], 'an error');
    }, { theme }));
  }

  test('on a phone nothing is wider than the page', async () => {
    for (const name of ['penguins', 'spirals']) {
      await training(async (page) => {
        await press(page, '.step');
        await rest(page);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
        const small = await page.$$eval('.training button, .training input', (all) => all.filter((one) => one.getBoundingClientRect().height < 24).length);
        assert.equal(small, 0, 'a finger finds each control');
      }, { name, width: 360, height: 740 });
    }
  });

  test('what stands below does not move from epoch to epoch', () => training(async (page) => {
    const place = () => page.evaluate(() => document.querySelector('.training .options').getBoundingClientRect().top + scrollY);
    const before = await place();
    for (let i = 0; i < 3; i++) {
      await press(page, '.step');
      await rest(page);
      assert.equal(await place(), before);
    }
  }));

  test('the scripts and the module are small', () => {
    const packed = gzipSync(readFileSync(join(root, 'book/training/training.wasm')), { level: 9 }).length;
    const scripts = readdirSync(join(root, 'book/training')).filter((one) => one.endsWith('.js')).map((one) => `training/${one}`);
    const bytes = [...scripts, 'lab/link.js', 'lab/crate.js', 'lab/module.js'].map((file) => readFileSync(join(root, 'book', file)).length).reduce((a, b) => a + b);
    console.log(`scripts: ${bytes} bytes; module: ${packed} compressed`);
    assert.ok(bytes <= 25_000, `${bytes} bytes of scripts`);
    assert.ok(packed <= 60_000, `${packed} bytes of a module`);
  });

  for (const name of ['penguins', 'spirals']) {
    test(`how many frames a second are trained and drawn, ${name} (to read, not a test)`, () => training(async (page) => {
      const times = await page.evaluate(() => new Promise((done) => {
        const found = [];
        let last = performance.now();
        const look = (now) => {
          found.push(now - last);
          last = now;
          if (document.querySelector('.training .run').textContent === 'stop') requestAnimationFrame(look);
          else done(found.slice(1).sort((a, b) => a - b));
        };
        document.querySelector('.training .run').click();
        requestAnimationFrame(look);
      }));
      const median = times[times.length >> 1];
      console.log(`${name}: ${times.length} frames, ${(1000 / median).toFixed(0)} a second at the median, the slowest ${times.at(-1).toFixed(0)} ms`);
    }, { name }));
  }
});
