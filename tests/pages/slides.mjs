// Goes through every lecture in Chromium: on a projector, by keyboard, with its notes, on a phone,
// on paper and as a PDF, in light and in dark.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { barriers, colours, read, wcag } from './barriers.mjs';
import { launch, turn } from './book.mjs';
import { asPdf, lectures, onPaper, serveSlides, slides } from './lectures.mjs';

let server;
let browser;

before(async () => {
  server = await serveSlides();
  browser = await launch('chrome');
});

after(async () => {
  await browser.close();
  server.stop();
});

/** Opens a lecture, and gives `look` the page, its requests and its errors. */
async function open(lecture, { width = 1280, height = 720, scheme = 'light', from = 'server' }, look) {
  const page = await browser.newPage();
  const [requests, errors] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('requestfailed', (request) => errors.push(`failed: ${request.url()}`));
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) errors.push(message.text());
  });
  try {
    await page.setViewport({ width, height });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const address = from === 'disk' ? pathToFileURL(join(slides, `${lecture}.html`)).href : `${server.address}${lecture}.html`;
    await page.goto(address);
    await page.evaluate(() => document.fonts.ready.then(() => true));
    if (width >= 700) await page.waitForFunction(() => Reveal.isReady());
    return await look(page, { requests, errors });
  } finally {
    await page.close();
  }
}

test('there are lectures', () => assert.ok(lectures.length > 0, 'SUMMARY.md lists none'));

for (const lecture of lectures) {
  describe(lecture, () => {
    for (const from of ['server', 'disk']) {
      test(`opens from ${from}, without an error and without another host`, () => open(lecture, { from }, async (page, { requests, errors }) => {
        assert.deepEqual(errors, []);
        const home = from === 'disk' ? 'file:' : server.address;
        assert.deepEqual(requests.filter((url) => !url.startsWith(home) && !url.startsWith('data:')), []);
        const links = await page.evaluate(() => [...document.querySelectorAll('.slides a[href]')].map((a) => a.getAttribute('href')));
        assert.deepEqual(links.filter((href) => !href.startsWith('#') && !/^https?:/.test(href)), [], 'a link that leads out of the slides');
        const twice = await page.evaluate(() => {
          const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
          return ids.filter((id, index) => ids.indexOf(id) !== index);
        });
        assert.deepEqual(twice, [], 'an id that stands twice');
        assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.katex-error')].map((one) => one.textContent)), []);
      }));
    }

    test('every slide fits a projector, with all its steps', () => open(lecture, {}, async (page) => {
      const problems = await page.evaluate(() => Reveal.getSlides().flatMap((slide, index) => {
        Reveal.slide(index, 0, slide.querySelectorAll('.fragment').length);
        const found = [];
        const room = slide.getBoundingClientRect();
        const says = (what) => found.push(`${slide.id} “${slide.querySelector('h1, h2').textContent}”: ${what}`);
        if (slide.scrollHeight > slide.clientHeight) says(`${slide.scrollHeight - slide.clientHeight} px too tall`);
        if (slide.scrollWidth > slide.clientWidth) says(`${slide.scrollWidth - slide.clientWidth} px too wide`);
        for (const box of slide.querySelectorAll('.katex-display, pre, figure')) {
          if (box.scrollWidth > box.clientWidth + 1) says(`${box.scrollWidth - box.clientWidth} px of “${box.textContent.trim().slice(0, 20)}” are cut off`);
        }
        for (const figure of slide.querySelectorAll('figure svg')) {
          if (figure.getBoundingClientRect().height < 150) says('a figure too small to be seen');
        }
        for (const part of slide.querySelectorAll(':scope > :not(aside)')) {
          if (part.getBoundingClientRect().bottom > room.bottom) says(`${part.localName} ends below the slide`);
        }
        return found;
      }));
      assert.deepEqual(problems, []);
    }));

    test('the arrows go through all steps, and back', () => open(lecture, {}, async (page) => {
      const state = () => page.evaluate(() => ({ ...Reveal.getState(), shown: Reveal.getCurrentSlide().querySelectorAll('.fragment.visible').length }));
      const all = await page.evaluate(() => Reveal.getSlides().map((slide) => new Set(
        [...slide.querySelectorAll('.fragment')].map((one) => one.dataset.fragmentIndex),
      ).size));
      assert.ok(all.some((steps) => steps > 1), 'no slide has steps');
      for (const [slide, steps] of all.entries()) {
        for (let step = 0; step <= steps; step++) {
          const { indexh, indexf, shown } = await state();
          assert.deepEqual([indexh, Math.max(indexf ?? -1, -1) + 1], [slide, step], `slide ${slide}, step ${step}`);
          assert.ok(step === 0 ? shown === 0 : shown >= step, `slide ${slide}: ${shown} parts at step ${step}`);
          if (slide < all.length - 1 || step < steps) await page.keyboard.press('ArrowRight');
        }
      }
      const back = all.reduce((sum, steps) => sum + steps, 0) + all.length - 1;
      for (let press = 0; press < back; press++) await page.keyboard.press('ArrowLeft');
      const { indexh, shown } = await state();
      assert.deepEqual([indexh, shown], [0, 0]);
    }));

    test('S opens the notes, which follow and keep time', () => open(lecture, { from: 'disk' }, async (page) => {
      await page.keyboard.press('s');
      const window = await browser.waitForTarget((one) => one.opener() === page.target(), { timeout: 10_000 });
      const notes = await window.page();
      try {
        const says = (words) => notes.waitForFunction((text) => document.querySelector('.speaker-controls-notes .value')?.textContent.includes(text), {}, words);
        await notes.waitForFunction(() => document.querySelector('.pacing')?.getClientRects().length > 0);
        for (const slide of [1, 2]) {
          await page.evaluate((index) => Reveal.slide(index), slide);
          await says(await page.evaluate(() => Reveal.getCurrentSlide().querySelector('aside.notes li').textContent.trim()));
        }
      } finally {
        await notes.close();
      }
    }));

    test('no violation of WCAG 2.2 AA, in light and in dark, as slides and as a page', async () => {
      for (const scheme of ['light', 'dark']) {
        for (const width of [1280, 360]) {
          const rules = scheme === 'light' ? wcag : colours;
          // A number is paler than its equation, and steps that are to come are hidden.
          const found = await open(lecture, { scheme, width }, (page) => barriers(page, 'html', rules, read));
          assert.deepEqual(found, [], `${scheme}, ${width} px`);
        }
      }
    });

    test('on a phone it is a page to be read, and nothing is cut off', () => open(lecture, { width: 360, height: 740 }, async (page) => {
      const problems = await page.evaluate(() => {
        const found = [];
        const html = document.documentElement;
        if (html.scrollWidth > html.clientWidth) found.push(`the page is ${html.scrollWidth} px wide`);
        for (const section of document.querySelectorAll('section')) {
          if (section.getBoundingClientRect().height < 50) found.push(`${section.id} is not shown`);
        }
        for (const step of document.querySelectorAll('.fragment')) {
          if (getComputedStyle(step).visibility !== 'visible' || getComputedStyle(step).opacity !== '1') found.push('a step is hidden');
        }
        for (const box of document.querySelectorAll('.katex-display, pre, figure, .table')) {
          if (box.scrollWidth > box.clientWidth && !['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) found.push(`${box.textContent.trim().slice(0, 20)} is cut off`);
        }
        return found;
      });
      assert.deepEqual([...new Set(problems)], []);
    }));

    test('on A4 it is its slides with their notes', () => open(lecture, { scheme: 'dark' }, async (page) => {
      // The width of the text of an A4 page, in pixels of CSS.
      await page.setViewport({ width: 673, height: 1009 });
      await turn(page, 'print');
      const problems = await page.evaluate(() => {
        const found = [];
        for (const part of document.querySelectorAll('section, section > :not(header), .fragment')) {
          const style = getComputedStyle(part);
          if (style.visibility !== 'visible' || style.opacity !== '1' || part.getClientRects().length === 0) found.push(`${part.localName}.${part.className} is not printed`);
        }
        for (const box of document.querySelectorAll('section, .katex-display, pre, figure, table')) {
          const over = Math.max(box.scrollWidth - box.clientWidth, box.getBoundingClientRect().right - 673);
          if (over > 1) found.push(`“${box.textContent.trim().slice(0, 30)}” is cut off by ${over} px`);
        }
        if (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') found.push('paper is not white');
        return found;
      });
      assert.deepEqual([...new Set(problems)], []);
      assert.ok((await onPaper(page)).length > 0);
    }));

    test('as a PDF, a page is a slide', () => open(lecture, {}, async (page) => {
      const slidesOf = await page.evaluate(() => Reveal.getTotalSlides());
      const pdf = await asPdf(page, `${server.address}${lecture}.html`);
      const printed = Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
      assert.equal(printed, slidesOf);
      const cut = await page.evaluate(() => [...document.querySelectorAll('.pdf-page section')].filter((one) => one.scrollHeight > one.clientHeight + 1).map(({ id }) => id));
      assert.deepEqual(cut, []);
    }));
  });
}
