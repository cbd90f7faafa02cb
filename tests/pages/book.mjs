// The built book: its pages, a server for them on this machine alone, and browsers to read them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const built = join(root, 'target/book');
export const themes = ['light', 'rust', 'coal', 'navy', 'ayu'];

/** The pages that SUMMARY.md lists, without their ending. */
export const pages = [...readFileSync(join(root, 'book/SUMMARY.md'), 'utf8').matchAll(/\]\((.+?)\.md\)/g)]
  .map(([, page]) => page);

const kinds = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * The strictest policy under which a page works. Three things are allowed that one would rather
 * not: the scripts that mdBook writes into the page, each by its digest, so that no other runs;
 * style attributes, by which KaTeX places every part of a formula; and images written into a
 * style sheet, as mdBook does with the icon of its copy button. The pages alone in which the book's
 * own crates compute may compile WebAssembly.
 */
export function policy(html, runsScripts = true) {
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)]
    .map(([, code]) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
  if (/(lab|graph|worksheet|drills|training|missteps|picture)\/start\.js/.test(html)) scripts.push("'wasm-unsafe-eval'");
  return [
    "default-src 'none'",
    runsScripts ? `script-src 'self' ${[...new Set(scripts)].join(' ')}` : "script-src 'none'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * Serves the built book, or what `build` builds in another `folder`; returns its address, and a
 * function that stops it. Without scripts a page runs none. What is `kept` a browser asks for once:
 * all but the pages. Firefox then names no request for it; what comes from elsewhere it cannot keep,
 * since a page may not load it. Another port than any free one is asked for by a server that comes back.
 */
export async function serve({ scripts = true, kept = false, folder = built, build = 'mdbook build', port = 0 } = {}) {
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error(`${folder} holds no page; build it with: ${build}`);
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://book').pathname);
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    if (!file.startsWith(folder) || !existsSync(file) || statSync(file).isDirectory()) {
      response.writeHead(404).end();
      return;
    }
    const body = readFileSync(file);
    const headers = { 'content-type': kinds[extname(file)] ?? 'application/octet-stream' };
    if (extname(file) === '.html') headers['content-security-policy'] = policy(body.toString(), scripts);
    else if (kept) headers['cache-control'] = 'max-age=3600';
    response.writeHead(200, headers).end(body);
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  const stop = () => {
    server.close();
    // A browser keeps what it has opened.
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, port: server.address().port, stop };
}

const programs = {
  chrome: {
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
      // The network is cut off, but for this machine.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  },
  firefox: { executablePath: '/usr/bin/firefox-esr' },
};

/** Starts `chrome` or `firefox`, as Debian ships them. */
export function launch(browser) {
  const options = programs[browser];
  if (!existsSync(options.executablePath)) {
    throw new Error(`${options.executablePath} is missing; .ci/run installs it`);
  }
  return puppeteer.launch({ browser, headless: true, ...options });
}

/** The server and the browsers of a file of tests, while they run. */
export let server;
export let browsers;

/** Starts them before the tests of a file, and stops them after. */
export function startReaders() {
  before(async () => {
    server = await serve({ kept: true });
    const [chrome, firefox] = await Promise.all([launch('chrome'), launch('firefox')]);
    browsers = { chrome, firefox };
  });
  after(async () => {
    await Promise.all([browsers?.chrome.close(), browsers?.firefox.close()]);
    server?.stop();
  });
}

const isFirefox = (page) => page.browser().version().then((version) => version.startsWith('firefox'));

/** The tabs of each browser in which no one reads. To open one takes longer than to load a page. */
const idle = new WeakMap();

/** A tab to read a page in. */
async function open(browser) {
  if (!idle.has(browser)) idle.set(browser, []);
  const left = idle.get(browser).pop();
  if (left) return left;
  // Firefox has one tab, and now and then fails to open another.
  if ((await browser.version()).startsWith('firefox')) return (await browser.pages())[0] ?? browser.newPage();
  // Each has a window of its own: a tab behind another one draws nothing.
  return (await browser.createBrowserContext()).newPage();
}

/** On a screen, for a reader who has asked for nothing, and in front: Tab may have left the page for the browser around it. */
async function asUsual(page) {
  await page.bringToFront();
  await page.emulateMediaType();
  await page.emulateMediaFeatures([]);
}

/** Takes back what a look at a page may have asked of the browser, and what a reader does. */
export async function undo(page) {
  await page.mouse.move(1, 1);
  await page.evaluate(() => {
    document.activeElement?.blur();
    for (const box of document.querySelectorAll('*')) {
      if (box.scrollTop !== 0 || box.scrollLeft !== 0) box.scrollTo({ top: 0, left: 0, behavior: 'instant' });
    }
  });
  if (!await isFirefox(page)) await asUsual(page);
}

/** Leaves a page so that the next visit in its tab is a first visit; a tab that cannot be used again is closed. */
async function leave(browser, page) {
  try {
    if (!await isFirefox(page)) {
      await page.setOfflineMode(false);
      await asUsual(page);
    }
    await page.mouse.move(1, 1);
    await page.evaluate(() => {
      try {
        localStorage.clear();
        sessionStorage.clear();
      } catch {
        // A page from disk may have no storage.
      }
    });
    await page.goto('about:blank');
    idle.get(browser).push(page);
  } catch {
    if (!page.isClosed()) await page.close().catch(() => {});
  }
}

/**
 * Firefox says so of a formula whose end it has not read yet. Whether one is really malformed is
 * looked at in the whole page.
 */
const isPremature = (message) => message.includes('Invalid markup: Incorrect number of children for <m');

/** A browser breaks off what a page no longer needs, such as its icon when the page closes. */
const isGivenUp = (request) => /abort/i.test(request.failure()?.errorText ?? '');

/** Notes every request and every error of a page. */
const listeners = ({ requests, errors }) => ({
  request: (request) => requests.push(request.url()),
  requestfailed: (request) => {
    if (!isGivenUp(request)) errors.push(`failed: ${request.url()}`);
  },
  pageerror: ({ message }) => {
    if (!isPremature(message)) errors.push(message);
  },
  console: (message) => {
    if (message.type() === 'error' && !isPremature(message.text())) errors.push(message.text());
  },
});

/** Whether a browser has lost its tab, which says nothing about the page. */
export const isLost = (error) => ['ProtocolError', 'TargetCloseError'].includes(error.name);

/**
 * Opens a page of the book, notes every request and every error, and calls `look` with both.
 * A browser that loses its tab may try once more.
 */
export async function visit(browser, url, options, look) {
  try {
    return await read(browser, url, options, look);
  } catch (error) {
    if (!isLost(error)) throw error;
    return read(browser, url, options, look);
  }
}

/**
 * Turns a page to `print`, or back to the screen. The page hears of it in a later frame, and may
 * then want a font that it had no use for; a frame by itself is no sign that it has heard.
 */
export async function turn(page, medium = 'screen') {
  await page.evaluate((name) => {
    const wanted = matchMedia(name);
    window.turned = new Promise((heard) => {
      if (wanted.matches) heard();
      else wanted.addEventListener('change', () => heard(), { once: true });
    });
  }, medium);
  await page.emulateMediaType(medium === 'screen' ? undefined : medium);
  await page.evaluate(() => window.turned.then(() => document.fonts.ready).then(() => true));
}

/** The address as the page has it; puppeteer hears of a change later. */
export const addressOf = (page) => page.evaluate(() => location.href);

/** A visit that fails on any error that the browser reports, and says what `look` returns. */
export function visitInPeace(browser, url, options, look) {
  return visit(browser, url, options, async (page, notes) => {
    const result = await look(page, notes);
    assert.deepEqual(notes.errors, []);
    return result;
  });
}

async function read(browser, url, { theme = 'light', width = 1280, height = 900 }, look) {
  const page = await open(browser);
  const setUp = await page.evaluateOnNewDocument((name) => {
    // The page for printing asks for the printer as soon as it is loaded.
    window.print = () => {};
    try {
      localStorage.setItem('mdbook-theme', name);
    } catch {
      // A page from disk may have no storage; it keeps the default theme.
    }
  }, theme);
  const listening = [];
  try {
    await page.setViewport({ width, height });
    const notes = { requests: [], errors: [] };
    for (const [event, listen] of Object.entries(listeners(notes))) {
      page.on(event, listen);
      listening.push(() => page.off(event, listen));
    }
    // The page for printing is large.
    await page.goto(url, { waitUntil: 'load', timeout: 120_000 });
    // What is folded away is read, too.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
      return document.fonts.ready.then(() => true);
    });
    // What moves has started, or has said why not. Without scripts, mdBook's own has not said that
    // there are any.
    await page.waitForFunction(() => {
      if (!document.documentElement.classList.contains('js')) return true;
      const note = document.querySelector('script[src$="/start.js"]') && document.querySelector('#lab-note, .graph-note, #worksheet-note, #drills-note, .live-note, .picture-note');
      return !note || /did not start|does not move|cannot be switched/.test(note.textContent);
    });
    return await look(page, notes);
  } finally {
    for (const stop of listening) stop();
    await page.removeScriptToEvaluateOnNewDocument(setUp.identifier).catch(() => {});
    await leave(browser, page);
  }
}

/** How long a hundred changes of a control take to numbers that are laid out in a figure, in milliseconds, the shortest first. */
export async function changeTimes(page, control, figure) {
  const times = await page.evaluate(async (changed, shown) => {
    const element = document.querySelector(changed);
    const found = [];
    for (let i = 0; i < 100; i++) {
      await new Promise(requestAnimationFrame);
      const start = performance.now();
      element.value = (i % 40) / 20;
      element.dispatchEvent(new Event('input', { bubbles: true }));
      document.querySelector(shown).getBoundingClientRect();
      found.push(performance.now() - start);
    }
    return found.sort((a, b) => a - b);
  }, control, figure);
  console.log(`from a change to numbers that are laid out: median ${times[50].toFixed(1)} ms, slowest of 100 ${times[99].toFixed(1)} ms`);
  return times;
}
