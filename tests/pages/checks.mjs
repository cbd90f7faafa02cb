// The checks that look at every page. To open a page costs more than most looks at it, so each
// page is opened once for all checks that want it in the same browser, at the same width and in
// the same theme; each check is still a test, and lists what its own looks have found.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';

import { browsers, built, isLost, server, undo, visit } from './book.mjs';

/** What a look does to the page, and with that its turn: what only reads a page finds it untouched. */
const reads = 0;
/** A look that takes the focus, presses keys or asks for paper; `undo` takes that back. */
export const changes = 1;
/** A look that leaves another page than it found. */
export const spoils = 2;

/** While one works at a check: ONLY='words of its name' npm test opens the pages for this one alone. */
const only = process.env.ONLY ?? '';

/** Every check: its name, what it looks at, and what it has seen. */
export const checks = [];

/** Tells the browser something that puppeteer has no words for, in a session that ends with it. */
export async function through(page, say) {
  const client = await page.createCDPSession();
  try {
    return await say(client);
  } finally {
    await client.detach();
  }
}

/**
 * A test that looks at the pages `names` in each of the `variants` (`browser`, `width`, `from`
 * disk, `inThemes`). The look is given the page and its notes, and returns problems, a line each.
 */
export function everyPage(check, names, variants, look, does = reads) {
  const one = { check, names, variants, look, does, seen: [] };
  if (!check.includes(only)) {
    test(check, { skip: true });
    return;
  }
  checks.push(one);
  test(check, async () => {
    await everyVisit();
    const expected = visitsOf(one).reduce((sum, { themes }) => sum + themes.length, 0);
    assertNone(one.seen);
    assert.equal(one.seen.length, expected, 'it has not looked at every page');
  });
}

/** Fails where there is a problem; lists each kind once, with the place where it was first seen. */
function assertNone(seen) {
  const kinds = new Map();
  for (const { place, problems } of seen) {
    for (const problem of problems) kinds.set(problem, [...kinds.get(problem) ?? [], place]);
  }
  const lines = [...kinds].map(([problem, [first, ...more]]) => `${first}: ${problem}${more.length ? ` (and ${more.length} more)` : ''}`);
  if (lines.length > 0) assert.fail(`\n${lines.join('\n')}`);
}

/**
 * The visits that a check wants. What it looks at in other themes than light is read in a page
 * that was opened in the first of them, so that both kinds of beginning are seen.
 */
function visitsOf({ names, variants }) {
  return variants.flatMap(({ browser = 'chrome', width = 1280, from = 'server', inThemes = ['light'] }) => {
    const groups = [['light'], inThemes.filter((theme) => theme !== 'light')].filter(([first]) => inThemes.includes(first));
    return names.flatMap((name) => groups.map((themes) => ({ browser, name, width, from, themes })));
  });
}

/** All visits, each with the looks of all checks in their turn; the longest pages come first, lest one is left to the end. */
function plan() {
  const visits = new Map();
  for (const check of checks) {
    for (const { themes, ...options } of visitsOf(check)) {
      const key = JSON.stringify([options, themes[0]]);
      if (!visits.has(key)) visits.set(key, { ...options, theme: themes[0], looks: [] });
      visits.get(key).looks.push(...themes.map((theme) => ({ check, theme })));
    }
  }
  for (const visit of visits.values()) {
    const themes = [...new Set(visit.looks.map(({ theme }) => theme))];
    visit.looks.sort((a, b) => themes.indexOf(a.theme) - themes.indexOf(b.theme) || a.check.does - b.check.does);
  }
  const size = ({ name }) => statSync(join(built, `${name}.html`)).size;
  return [...visits.values()].sort((a, b) => size(b) - size(a));
}

/** So many tabs of Chromium read at a time; Firefox has one. */
const TABS = 2;

/** Makes every visit, when the first test asks for it: both browsers at a time. */
let made;
const everyVisit = () => {
  made ??= (async () => {
    const visits = plan();
    const read = async (queue) => {
      for (let next = queue.shift(); next; next = queue.shift()) await make(next);
    };
    const [firefox, chrome] = [true, false].map((is) => visits.filter(({ browser }) => (browser === 'firefox') === is));
    await Promise.all([read(firefox), ...Array.from({ length: TABS }, () => read(chrome))]);
  })();
  return made;
};

/** Makes one visit, and once more where the browser has lost its tab; tells each check what its look has found. */
async function make(one) {
  let looked = await lookAt(one);
  if (looked.some(({ error }) => error && isLost(error))) looked = await lookAt(one);
  for (const { check, theme, problems, error } of looked) {
    const from = one.from === 'disk' ? ', from disk' : '';
    const place = `${one.name} (${one.browser}, ${theme}, ${one.width} px${from})`;
    check.seen.push({ place, problems: error ? [`the look broke off: ${error.message}`] : problems });
  }
}

/** What each look of a visit finds. One that throws does not keep the others from looking. */
async function lookAt({ browser, name, width, from, theme, looks }) {
  const looked = [];
  const url = from === 'disk' ? pathToFileURL(join(built, `${name}.html`)).href : `${server.address}${name}.html`;
  try {
    await visit(browsers[browser], url, { width, theme }, async (page, notes) => {
      looked.length = 0;
      const worn = await page.$eval('html', (html, name) => (html.classList.contains(name) ? name : ''), theme);
      const given = { ...notes, theme: worn, tree: once(() => accessibilityTree(page)) };
      for (const look of looks) looked.push({ ...look, ...await outcome(look, page, given) });
    });
  } catch (error) {
    // The page did not open, or did not close.
    looked.push(...looks.slice(looked.length).map((look) => ({ ...look, error })));
  }
  return looked;
}

/** The problems that a look finds in its theme, or its error. */
async function outcome({ check, theme }, page, notes) {
  try {
    if (notes.theme !== theme) await show(page, theme);
    notes.theme = theme;
    return { problems: await check.look(page, notes) };
  } catch (error) {
    return { error };
  } finally {
    if (check.does !== reads) await undo(page).catch(() => {});
  }
}

/** Switches a page to a theme, as a reader does. */
async function show(page, theme) {
  // Without motion a colour is at once what it will be.
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.$eval(`#mdbook-theme-${theme}`, (button) => button.click());
  await page.waitForFunction((name) => document.documentElement.classList.contains(name), {}, theme);
}

/** What a screen reader is told of a page, node by node. */
const accessibilityTree = (page) => through(page, async (client) => {
  await client.send('Accessibility.enable');
  return (await client.send('Accessibility.getFullAXTree')).nodes;
});

/** Calls a function when it is first asked for, and returns the same every time. */
function once(call) {
  let result;
  return () => {
    result ??= call();
    return result;
  };
}
