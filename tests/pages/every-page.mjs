// Reads every page of the built book in Chromium and Firefox, as a reader would and as a screen
// reader, a keyboard, a phone, a printer and a machine without network would.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { barriers, colours, wcag } from './barriers.mjs';
import { browsers, built, pages, root, serve, server, startReaders, themes, turn, visit } from './book.mjs';
import { changes, checks, everyPage, spoils, through } from './checks.mjs';
import * as looks from './looks.mjs';

const exemptions = JSON.parse(readFileSync(new URL('exemptions.json', import.meta.url), 'utf8'));

startReaders();

after(() => {
  const counts = checks.map(({ check, seen }) => [check, seen.length]);
  const total = counts.reduce((sum, [, n]) => sum + n, 0);
  console.log(`\n${pages.length} pages and print.html, ${themes.length} themes, ${counts.length} checks, ${total} looks:`);
  for (const [check, n] of counts) console.log(`${String(n).padStart(5)}  ${check}`);
});

/** The page of each equation, as the sources have it. */
const homes = new Map(pages.flatMap((page) => {
  const source = readFileSync(join(root, 'book', `${page}.md`), 'utf8');
  return [...source.matchAll(/\\tag\{([\d.]+)\}/g)].map(([, number]) => [number, page]);
}));

/** How many elements a page has of a kind; `$$eval` would first take hold of each. */
const howMany = (page, selector) => page.evaluate((kind) => document.querySelectorAll(kind).length, selector);

const all = [...pages, 'print'];
const both = [{ browser: 'chrome' }, { browser: 'firefox' }];

test('the book has pages', () => {
  assert.ok(pages.length > 0, 'SUMMARY.md lists no page');
  for (const name of all) assert.ok(existsSync(join(built, `${name}.html`)), `${name}.html is not built`);
});

describe('accessibility', () => {
  const used = new Set();

  /** What axe finds on a page, but for what is exempt. */
  async function violations(page, rules) {
    const found = await barriers(page, 'html', rules);
    return found
      .filter(({ rule, target }) => {
        const exempt = exemptions.findIndex((one) => one.rule === rule && one.target === target);
        if (exempt >= 0) used.add(exempt);
        return exempt < 0;
      })
      .map(({ rule, target, message }) => `${rule}: ${target}: ${message}`);
  }

  everyPage('no violation of WCAG 2.2 AA', all, [{}], (page) => violations(page, {
    ...wcag,
    // Not of WCAG's letter, but of its sense.
    rules: { 'empty-heading': { enabled: true }, 'empty-table-header': { enabled: true } },
  }), changes);

  // A theme changes colours and nothing else; print.html holds what the pages hold.
  everyPage('contrast in every other theme', pages, [{ inThemes: themes.slice(1) }], (page) => violations(page, colours));

  everyPage('a formula is of one colour', pages, [{ inThemes: themes }], (page) => page.evaluate(looks.letters));

  test('every exemption is still needed', () => {
    const idle = exemptions.filter((_, index) => !used.has(index));
    assert.deepEqual(idle, []);
  });

  everyPage('a screen reader finds every formula, and which output belongs to which cell', pages, [{}], async (page, { tree }) => {
    const nodes = await tree();
    const maths = nodes.filter((node) => !node.ignored && node.role?.value === 'MathMLMath');
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const text = (node) => (node.name?.value ?? '') + (node.childIds ?? []).map((id) => text(byId.get(id))).join('');
    const formulas = await howMany(page, 'main .katex, main .worksheet math, main .graph-lines .now math');
    const problems = [];
    if (maths.length !== formulas) problems.push(`${formulas} formulas, but ${maths.length} in the accessibility tree`);
    for (const math of maths) if (text(math).trim() === '') problems.push('a formula without content');
    // What is for the eye alone must not be read a second time.
    const raw = nodes.filter((node) => !node.ignored && /\\(frac|sum|begin|v?theta)/.test(node.name?.value ?? ''));
    for (const node of raw) problems.push(`TeX is read aloud: ${node.name.value.slice(0, 40)}`);
    const labels = nodes.filter((node) => !node.ignored && node.role?.value === 'StaticText' && node.name?.value.startsWith('output ['));
    const outputs = await howMany(page, 'main pre > code.language-text');
    if (labels.length !== outputs) problems.push(`${outputs} outputs, but ${labels.length} labels are read`);
    return problems;
  });

  everyPage('figures have names and contrast', pages, [{ inThemes: themes }], (page) => page.evaluate(looks.figures));

  everyPage('no motion for those who want none', pages, [{}], async (page) => {
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    return page.evaluate(looks.motion);
  }, changes);

  /** Presses Tab `times` times; to wait for each would take five times as long. */
  const pressTab = (page, times) => through(page, (client) => {
    const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
    const strokes = Array.from({ length: times }, () => ['rawKeyDown', 'keyUp']).flat();
    return Promise.all(strokes.map((type) => client.send('Input.dispatchKeyEvent', { type, ...key })));
  });

  everyPage('a keyboard reaches everything', pages, [{}, { width: 360 }], async (page) => {
    const wanted = await page.evaluate(() => {
      const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === 'visible';
      const found = document.querySelectorAll('#mdbook-menu-bar :is(button, a, label), main :is(a[href], button, [tabindex="0"])');
      const reachable = [...found].filter((element) => seen(element) && !element.closest('.theme-popup'));
      reachable.forEach((element, index) => { element.dataset.stop = index; });
      return reachable.map((element) => `${element.localName}#${element.id}.${element.className} “${element.textContent.trim().slice(0, 20)}”`);
    });
    await page.evaluate(() => {
      window.reached = new Set();
      document.addEventListener('focusin', ({ target }) => window.reached.add(Number(target.dataset.stop)));
    });
    const isDone = () => page.evaluate((all) => all.every((_, index) => window.reached.has(index)), wanted);
    for (let presses = 0; presses < 2 * wanted.length + 120 && !await isDone(); presses += 20) await pressTab(page, 20);
    const reached = new Set(await page.evaluate(() => [...window.reached]));
    return wanted.filter((_, index) => !reached.has(index)).map((element) => `${element} is not reached by Tab`);
  }, changes);

  test('the table of contents opens by keyboard', async () => {
    await visit(browsers.chrome, `${server.address}structure.html`, { width: 800 }, async (page) => {
      const expanded = () => page.$eval('#mdbook-sidebar-toggle', (toggle) => toggle.ariaExpanded);
      const beginning = await expanded();
      await page.focus('#mdbook-sidebar-toggle');
      await page.keyboard.press('Enter');
      assert.notEqual(await expanded(), beginning);
      await page.keyboard.press(' ');
      assert.equal(await expanded(), beginning);
    });
  });
});

describe('mathematics', () => {
  everyPage('every formula is rendered and intact', all, both, (page) => page.evaluate(looks.mathematics));

  const widths = both.flatMap((one) => [360, 1280].map((width) => ({ ...one, width })));
  everyPage('nothing is wider than the window', pages, widths, (page) => page.evaluate(looks.widths));

  everyPage('formulas are set in the fonts that the book brings', pages, both, async (page, { requests }) => {
    const fonts = await page.evaluate(() => [...document.fonts].filter((font) => font.status !== 'unloaded')
      .map((font) => ({ family: font.family.replaceAll('"', ''), status: font.status })));
    const formulas = await howMany(page, 'main .katex');
    const problems = fonts.filter((font) => font.status !== 'loaded').map((font) => `${font.family}: ${font.status}`);
    if (formulas > 0 && !fonts.some((font) => font.family.startsWith('KaTeX_'))) problems.push('no font of KaTeX is used');
    for (const url of requests.filter((one) => /\.(woff2?|ttf)$/.test(one))) {
      if (!url.startsWith(server.address)) problems.push(`a font from elsewhere: ${url}`);
    }
    return problems;
  });

  everyPage('no letter of a formula falls back to another font', pages, [{}], (page) => through(page, async (client) => {
    await client.send('DOM.enable');
    await client.send('CSS.enable');
    const { root: document } = await client.send('DOM.getDocument', { depth: 0 });
    const { nodeIds } = await client.send('DOM.querySelectorAll', {
      nodeId: document.nodeId,
      selector: 'main .katex-html :is(.mord, .mop, .mbin, .mrel, .mopen, .mclose, .mpunct):not(:has(*))',
    });
    const letters = await Promise.all(nodeIds.map((nodeId) => client.send('CSS.getPlatformFontsForNode', { nodeId })));
    const others = letters.flatMap(({ fonts }) => fonts).filter((font) => !font.isCustomFont);
    return [...new Set(others.map((font) => `${font.familyName} is used`))];
  }));
});

describe('cells', () => {
  everyPage('cells are numbered, and their outputs with them', pages, both, (page) => page.evaluate(looks.cells));

  test('hidden lines unfold, and what is seen is copied', async () => {
    await visit(browsers.chrome, `${server.address}structure.html`, {}, async (page) => {
      const pre = await page.$('main pre:has(> .language-rust)');
      const copied = () => pre.$eval('code', (code) => code.innerText);
      const visible = await copied();
      assert.ok(!visible.includes('cell!('));
      await pre.$eval('.buttons button[aria-label*="hidden lines"]', (button) => button.click());
      assert.ok((await copied()).includes('cell!('));
      await page.evaluate(() => {
        window.copies = [];
        document.addEventListener('copy', () => window.copies.push(document.getSelection().toString() || document.activeElement.value));
      });
      await pre.$eval('.clip-button', (button) => button.click());
      const copies = await page.evaluate(() => window.copies);
      assert.ok(copies.some((copy) => copy.includes('cell!(') && copy.includes(visible.trim().split('\n')[0])), copies.join('\n'));
      assert.ok(!copies.some((copy) => copy.includes('output [')));
    });
  });
});

describe('equations', () => {
  everyPage('each reference is a link to its equation', pages, both, async (page) => {
    const problems = await page.evaluate(looks.references);
    const links = await page.evaluate(() => [...document.querySelectorAll('main a[href*="#eq-"]')]
      .map(({ href, textContent }) => ({ href, text: textContent })));
    for (const { href, text } of links) {
      const { pathname, hash } = new URL(href);
      const number = hash.slice('#eq-'.length);
      if (text !== `(${number})`) problems.push(`${text} leads to ${hash}`);
      if (pathname !== `/${homes.get(number)}.html`) problems.push(`${href} leads to the wrong page; the equation is in ${homes.get(number)}`);
    }
    return problems;
  });

  test('without scripts, a reference leads to an equation of another page', async () => {
    const quiet = await serve({ scripts: false });
    try {
      for (const browser of Object.values(browsers)) {
        // In a sentence, and in the comment of a cell.
        for (const [name, place, number] of [['derivation/parameters', 'p', '3.4'], ['example/backward', 'pre', '3.12']]) {
          await visit(browser, `${quiet.address}${name}.html`, {}, async (page) => {
            assert.ok(await page.$eval('html', (html) => !html.classList.contains('js')), 'a script has run');
            const link = await page.$(`main ${place} a[href$="#eq-${number}"]`);
            await Promise.all([page.waitForNavigation(), link.click()]);
            const { pathname } = new URL(page.url());
            assert.equal(pathname, `/${homes.get(number)}.html`);
            const { top, bottom, tag, height } = await page.$eval(`[id="eq-${number}"]`, (equation) => {
              const { top, bottom } = equation.getBoundingClientRect();
              return { top, bottom, tag: equation.querySelector('.tag').textContent, height: innerHeight };
            });
            assert.ok(top >= 0 && bottom <= height, `(${number}) is at ${top} px to ${bottom} px of ${height}`);
            assert.equal(tag, `(${number})`);
          });
        }
      }
    } finally {
      quiet.stop();
    }
  });

  for (const [what, name, number] of [['this page', 'structure', '2.7'], ['another page', 'derivation/parameters', '3.4'], ['the whole book', 'print', '3.4']]) {
    test(`a reference shows an equation of ${what}, and leads to it`, async () => {
      await visit(browsers.chrome, `${server.address}${name}.html`, {}, async (page) => {
        const link = await page.waitForSelector(`main p .equation > a[href$="#eq-${number}"]`);
        await link.focus();
        await page.waitForFunction((a) => a.nextSibling.querySelector('.katex-display'), {}, link);
        const shown = await link.evaluate((a) => ({
          display: getComputedStyle(a.nextSibling).display,
          tag: a.nextSibling.querySelector('.tag').textContent,
          more: a.nextSibling.querySelectorAll('.mark, [id]').length,
        }));
        assert.equal(shown.display, 'block');
        assert.ok(shown.tag.includes(number), shown.tag);
        assert.equal(shown.more, 0, 'the copy has a mark or an id');
        await link.evaluate((a) => a.click());
        await page.waitForFunction((id) => document.getElementById(id)?.getBoundingClientRect().top < innerHeight, {}, `eq-${number}`);
      });
    });
  }

  test('a reference to a page that cannot be read shows nothing, and no error', async () => {
    await visit(browsers.chrome, `${server.address}derivation/parameters.html`, {}, async (page) => {
      await page.setOfflineMode(true);
      const { failures, display } = await page.evaluate(async () => {
        const failures = [];
        addEventListener('unhandledrejection', ({ reason }) => failures.push(String(reason)));
        const link = document.querySelector('main .equation > a[href$="#eq-3.4"]');
        link.focus();
        await new Promise((done) => { setTimeout(done, 500); });
        return { failures, display: getComputedStyle(link.nextSibling).display };
      });
      assert.deepEqual({ failures, display }, { failures: [], display: 'none' });
    });
  });

  test('the scripts are small', () => {
    for (const name of ['equations', 'copy-tex', 'copy-button']) {
      const script = readFileSync(join(root, 'book/theme', `${name}.js`), 'utf8');
      assert.ok(script.length < 2048, `${name}.js: ${script.length} characters`);
    }
  });
});

describe('copying', () => {
  /** What a reader copies who selects from the beginning of one element to the end of another. */
  const copied = (page, from, to) => page.evaluate((first, last) => {
    getSelection().setBaseAndExtent(document.querySelector(first), 0, document.querySelector(last), document.querySelector(last).childNodes.length);
    let seen = {};
    addEventListener('copy', ({ clipboardData, defaultPrevented }) => {
      const [text, html] = ['text/plain', 'text/html'].map((kind) => clipboardData.getData(kind));
      seen = { taken: defaultPrevented, text, html };
    }, { once: true });
    document.execCommand('copy');
    return seen;
  }, from, to);
  const source = readFileSync(join(root, 'book/derivation/softmax.md'), 'utf8');
  // The reader does not have the book's macros.
  const [sentence, display] = source.replaceAll('\\yhat', '\\hat{y}').match(/Write \$\\Sigma\$[^$]+(\$\$[^$]+\$\$)/);
  const close = (text) => text.replace(/\s+/g, '');

  for (const browser of ['chrome', 'firefox']) {
    test(`a formula is copied as TeX for any document, in ${browser}`, async () => {
      await visit(browsers[browser], `${server.address}derivation/softmax.html`, {}, async (page) => {
        const both = await copied(page, 'main p:has(> .katex)', '[id="eq-3.6"]');
        assert.equal(close(both.text), close(sentence));
        assert.match(both.text, /exponentials:\s*\n\s*\$\$/, 'the display begins no line');
        assert.match(both.html, /<math/);
        assert.doesNotMatch(both.html, /katex-html|role="tooltip"/);
        const letter = '[id="eq-3.6"] .katex-html .mord';
        assert.equal(close((await copied(page, letter, letter)).text), close(display));
        // A button does the same, and says so.
        const pressed = await page.evaluate(() => {
          const button = document.querySelector('[id="eq-3.6"] + .copy-tex');
          const before = button.ariaLabel;
          let text = '';
          addEventListener('copy', ({ clipboardData }) => { text = clipboardData.getData('text/plain'); }, { once: true });
          button.focus();
          button.click();
          const after = button.ariaLabel;
          // The pointer leaves. A window without the focus, as Firefox's, hears of no blur.
          button.parentElement.dispatchEvent(new Event('mouseleave'));
          return { text, labels: [before, after, button.ariaLabel], left: getSelection().toString() };
        });
        assert.equal(close(pressed.text), close(display));
        assert.deepEqual(pressed.labels, ['Copy equation 3.6 as TeX', 'Copied equation 3.6 as TeX', 'Copy equation 3.6 as TeX']);
        assert.equal(pressed.left, '');
        const cell = await copied(page, 'main pre', '[id="eq-3.6"]');
        assert.match(cell.text, /let h = 0\.01;\n/);
        assert.doesNotMatch(cell.text, /cell!/, 'a hidden line is copied');
        assert.equal((await copied(page, 'main h1', 'main h1')).taken, false, 'words are copied by the browser');
      });
    });
  }
});

describe('marks', () => {
  /** What a run has written for a page: each equation's number, and how it is held. */
  const lines = (name) => {
    const file = join(root, 'book/out', name.replaceAll('-', '_'), 'equations.txt');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  };
  const words = (line) => {
    const [, number, kind, how] = line.match(/^([\d.]+): (executed|proof): (.+)$/);
    return `Equation ${number}, ${kind === 'proof' ? 'held by a proof' : kind}: ${how}`;
  };
  const marked = pages.filter((name) => lines(name).length > 0);

  test('the book has marks', () => {
    assert.ok(marked.length > 0, 'no page has a file equations.txt');
  });

  everyPage('a screen reader and a keyboard find how each equation is held', pages, [{}], async (page, { tree }) => {
    const name = new URL(page.url()).pathname.slice(1, -'.html'.length);
    const expected = lines(name).map(words);
    const links = (await tree()).filter((node) => !node.ignored && node.role?.value === 'link');
    const names = links.map((node) => node.name?.value ?? '');
    const found = names.filter((one) => one.startsWith('Equation '));
    const missing = expected.filter((one) => !found.includes(one)).map((one) => `not read: ${one}`);
    const surplus = found.filter((one) => !expected.includes(one)).map((one) => `read, but not written: ${one}`);
    const unseen = await page.evaluate(() => [...document.querySelectorAll('main .mark')].flatMap((mark) => {
      const label = mark.ariaLabel;
      const display = mark.parentElement;
      const sign = getComputedStyle(display.querySelector('.tag'), '::before');
      const shown = () => getComputedStyle(mark, '::after').content;
      const problems = [];
      if (shown() !== 'none') problems.push(`shown before it is asked for: ${label}`);
      mark.focus();
      if (!shown().includes(label)) problems.push(`not shown on focus: ${label}`);
      const number = display.querySelector('.tag').textContent.slice(1, -1);
      if (mark.hash !== `#${mark.id}` || !label.startsWith(`Equation ${number},`)) problems.push(`beside another equation: ${label}`);
      // A tick has two sides, a box has four.
      const sides = label.includes('held by a proof') ? 4 : 2;
      const drawn = ['Top', 'Right', 'Bottom', 'Left'].filter((side) => parseFloat(sign[`border${side}Width`]) > 0).length;
      if (drawn !== sides) problems.push(`no sign of ${sides} sides before the number: ${label}`);
      mark.blur();
      return problems;
    }));
    return [...missing, ...surplus, ...unseen];
  }, changes);

  const widths = both.flatMap((one) => [360, 1280].map((width) => ({ ...one, width })));
  everyPage('a mark takes no room', marked, widths, (page) => page.evaluate(looks.still), spoils);

  everyPage('a finger and a mouse find each mark, and its words stay in the window', marked, [{ width: 360 }, { browser: 'firefox' }], async (page) => {
    const problems = [];
    for (const mark of await page.$$('main .mark')) {
      // The words of the mark before may lie over this one; they go when the mouse has left.
      await page.mouse.move(1, 1);
      const { label, x, y, width, height } = await mark.evaluate((one) => {
        one.scrollIntoView({ block: 'center', inline: 'center' });
        const { x, y, width, height } = one.getBoundingClientRect();
        return { label: one.ariaLabel, x, y, width, height };
      });
      if (width < 24 || height < 24) problems.push(`${width} × ${height} px: ${label}`);
      await page.mouse.move(x + width / 2, y + height / 2);
      const { shown, content, wider } = await mark.evaluate(async (one) => {
        const style = getComputedStyle(one, '::after');
        const shown = () => style.content !== 'none';
        const patience = performance.now() + 2000;
        while (!shown() && performance.now() < patience) await new Promise(requestAnimationFrame);
        const page = document.documentElement;
        const wide = parseFloat(style.width) > one.closest('.marked').clientWidth || page.scrollWidth > page.clientWidth;
        return { shown: shown(), content: style.content, wider: wide };
      });
      if (!shown) problems.push(`not shown under the mouse: ${label}`);
      // Firefox says which attribute is shown, Chromium what it holds.
      if (shown && !content.startsWith('attr(aria-label)') && !content.includes(label)) problems.push(`shows something else under the mouse: ${label}`);
      if (wider) problems.push(`its words are wider than the page: ${label}`);
      await page.mouse.down();
      await page.mouse.up();
      const touched = await mark.evaluate((one) => {
        const focused = document.activeElement === one;
        one.blur();
        return focused;
      });
      if (!touched) problems.push(`a touch does not give it the focus: ${label}`);
    }
    return problems;
  }, changes);

  test('on paper a mark is black, and its words are not printed', async () => {
    for (const name of marked.slice(0, 1)) {
      await visit(browsers.chrome, `${server.address}${name}.html`, { theme: 'navy' }, async (page) => {
        await turn(page, 'print');
        const { colour, links } = await page.evaluate(() => ({
          colour: getComputedStyle(document.querySelector('.marked .tag'), '::before').borderRightColor,
          links: [...document.querySelectorAll('.mark')].filter((one) => one.getClientRects().length > 0).length,
        }));
        assert.deepEqual({ colour, links }, { colour: 'rgb(0, 0, 0)', links: 0 });
      });
    }
  });
});

describe('proofs', () => {
  /** How many proofs a page has, as its source says. */
  const proofs = (name) => readFileSync(join(root, 'book', `${name}.md`), 'utf8').match(/^```rust,proof$/gm)?.length ?? 0;
  const proven = pages.filter((name) => proofs(name) > 0);

  test('each proof is folded', () => {
    const found = proven.map((name) => [name, readFileSync(join(built, `${name}.html`), 'utf8').match(/<details class="proof">/g)?.length ?? 0]);
    assert.deepEqual(found, proven.map((name) => [name, proofs(name)]));
  });

  everyPage('a proof opens by keyboard, and is a cell like the others', proven, [{}], async (page, { errors }) => {
    const problems = [...errors];
    const folds = await page.$$('details.proof');
    for (const fold of folds) {
      await fold.evaluate((one) => { one.open = false; });
      await (await fold.$('summary')).focus();
      await page.keyboard.press('Enter');
      problems.push(...await fold.evaluate((one) => {
        const name = one.querySelector('summary').textContent;
        const code = one.querySelector('pre > code.language-rust');
        const seen = (part) => part.checkVisibility() && part.getClientRects().length > 0;
        const held = [
          [/^Proof of \(\d+\.\d+\)(, \(\d+\.\d+\))* in Rust$/.test(name), 'does not say of what'],
          [one.open && code && seen(code), 'does not open'],
          [code?.querySelector('[class^=hljs-]'), 'is not highlighted'],
          [[...code?.querySelectorAll('.boring') ?? []].every((line) => !seen(line)), 'shows its hidden lines'],
          [!one.querySelector('summary a'), 'holds a link in the line that opens it'],
        ];
        return held.filter(([holds]) => !holds).map(([, fault]) => `“${name}” ${fault}`);
      }));
    }
    return problems;
  }, changes);
});

describe('offline and private', () => {
  everyPage('nothing is loaded from another host, under a strict policy', all, both, (page, { requests, errors }) => {
    const elsewhere = requests.filter((url) => !url.startsWith(server.address) && !url.startsWith('data:'));
    return [...elsewhere.map((url) => `asks for ${url}`), ...errors];
  });

  const withLab = ['lab', 'back-propagation', 'example/backward', 'derivation/cross-entropy', 'descent', 'mistakes', 'penguins', 'spirals'];
  everyPage('no other page loads the lab', all.filter((name) => !withLab.includes(name)), [{}], async (page, { requests }) => {
    const named = await page.evaluate(() => [...document.querySelectorAll('[src], [href]')]
      .map((one) => one.getAttribute('src') ?? one.getAttribute('href')));
    const parts = [...named, ...requests.map((url) => new URL(url).pathname)];
    // The page for printing has the pictures of all pages, and how they look.
    const isPrint = new URL(page.url()).pathname === '/print.html';
    return parts.filter((one) => /(^|\/)lab\//.test(one) && !(isPrint && one.endsWith('lab/live.css'))).map((one) => `loads ${one}`);
  });

  everyPage('every page opens from disk', all, [{ from: 'disk' }], async (page, { requests, errors }) => {
    const elsewhere = requests.filter((one) => !one.startsWith('file:') && !one.startsWith('data:'));
    return [...elsewhere, ...errors, ...await page.evaluate(looks.mathematics)];
  });
});

describe('paper', () => {
  everyPage('a page prints whole, without interface', all, [{ width: 718 }], async (page) => {
    await turn(page, 'print');
    return page.evaluate(looks.paper);
  }, changes);
});

describe('search', () => {
  const wanted = [
    ['softmax', /softmax|structure/],
    ['jacobian', /derivation\/softmax|derivation\/chain-rule/],
    ['log-sum-exp', /numbers/],
    ['gradient', /derivation\/parameters/],
  ];
  for (const [query, page] of wanted) {
    test(`“${query}” finds the page that a reader wants first`, async () => {
      await visit(browsers.chrome, `${server.address}introduction.html`, {}, async (tab) => {
        await tab.keyboard.press('s');
        await tab.waitForSelector('#mdbook-searchbar', { visible: true });
        await tab.type('#mdbook-searchbar', query);
        await tab.waitForSelector('#mdbook-searchresults a');
        const results = await tab.$$eval('#mdbook-searchresults a', (links) => links.map((link) => link.getAttribute('href')));
        assert.match(results[0], page, results.slice(0, 5).join('\n'));
      });
    });
  }
});
