// The published book without a network: what a reader has after one visit, and after a change.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { built, launch, root, serve } from './book.mjs';

const published = join(root, 'target/published');

/** Finishes what is built, as a book at an address. */
const finish = () => execFileSync('cargo', ['run', '--locked', '--quiet', '--package', 'editions', '--', published], { cwd: root });

let server;
let browser;

before(async () => {
  rmSync(published, { recursive: true, force: true });
  cpSync(built, published, { recursive: true });
  server = await serve({ folder: published });
  // Where mdBook writes the address of a book, and `editions` reads it.
  const notFound = join(published, '404.html');
  writeFileSync(notFound, readFileSync(notFound, 'utf8').replace(/<base href=".*?">/, `<base href="${server.address}">`));
  finish();
  browser = await launch('chrome');
});

after(async () => {
  await browser?.close();
  server?.stop();
});

/** Takes the network away, and gives it back. */
const unplug = () => server.stop();
const plug = async () => {
  server = await serve({ folder: published, port: server.port });
};

/** A tab of a browser that has never been here. */
async function first(look) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  try {
    return await look(page, errors);
  } finally {
    await context.close();
  }
}

const open = (page, path) => page.goto(server.address + path, { waitUntil: 'load' });

/** Waits until the copy is that of the worker's list as it stands in the folder. */
async function whole(page) {
  const worker = readFileSync(join(published, 'worker.js'), 'utf8');
  const [, list] = worker.match(/Object\.entries\((\{[^}]*\})\)/);
  const expected = Object.entries(JSON.parse(list)).map(([path, digest]) => `${server.address}${path}?${digest}`).sort();
  await page.waitForFunction(async (home, wanted) => {
    const keys = await (await caches.open(home)).keys();
    const found = keys.map(({ url }) => url).sort();
    return JSON.stringify(found) === JSON.stringify(wanted);
  }, { polling: 200, timeout: 60_000 }, server.address, expected);
  return expected.map((url) => new URL(url).pathname.slice(1));
}

/** Changes a page, and finishes the book anew. */
function write(words) {
  const file = join(published, 'curvature.html');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/<main>(<p>Edition.*?<\/p>)?/, `<main><p>Edition ${words}.</p>`));
  finish();
}

const edition = (page) => page.evaluate(() => document.querySelector('main > p').textContent);

test('after one visit every page opens without a network', () => first(async (page, errors) => {
  await open(page, 'introduction.html');
  const paths = await whole(page);
  const weight = paths.map((path) => readFileSync(join(published, path))).reduce((sum, body) => sum + gzipSync(body).length, 0);
  console.log(`the copy: ${paths.length} files, ${weight} bytes compressed`);
  assert.ok(weight < 2_500_000, `${weight} bytes`);
  assert.deepEqual(paths.filter((path) => /print\.html|\.(pdf|epub)$|^out\//.test(path)), []);
  assert.deepEqual(errors, []);
  unplug();
  try {
    for (const path of ['', 'curvature.html', 'derivation/softmax.html?highlight=slope#the-slopes', 'notation.html']) {
      await open(page, path);
      assert.equal(await page.$$eval('main h1', (all) => all.length), 1, path);
      const read = await page.evaluate(() => document.fonts.ready.then(() => [...document.fonts].filter(({ status }) => status === 'error').map(({ family }) => family)));
      assert.deepEqual(read, [], path);
    }
    // A program, and the search.
    await open(page, 'lab.html');
    await page.waitForFunction(() => document.querySelector('#lab-note') === null, { timeout: 30_000 });
    await page.click('#mdbook-search-toggle');
    await page.type('#mdbook-searchbar', 'softmax');
    await page.waitForFunction(() => document.querySelectorAll('#mdbook-searchresults li').length > 0, { timeout: 30_000 });
    assert.deepEqual(errors, []);
  } finally {
    await plug();
  }
}));

test('a change is seen at once, stays without a network, and leaves nothing of what was before', () => first(async (page) => {
  write('one');
  await open(page, 'curvature.html');
  await whole(page);
  write('two');
  await open(page, 'curvature.html');
  assert.equal(await edition(page), 'Edition two.');
  await whole(page);
  unplug();
  try {
    await open(page, 'curvature.html');
    assert.equal(await edition(page), 'Edition two.');
  } finally {
    await plug();
  }
}));

test('a file of another build is not kept, and the copy stays whole', () => first(async (page) => {
  write('three');
  await open(page, 'curvature.html');
  await whole(page);
  write('four');
  // What the host sends is another page than the one that is listed.
  const file = join(published, 'curvature.html');
  const listed = readFileSync(file, 'utf8');
  writeFileSync(file, listed.replace('Edition four', 'Edition five'));
  try {
    const end = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update().catch(() => {});
      const worker = registration.installing;
      if (!worker) return 'gone';
      return new Promise((done) => worker.addEventListener('statechange', () => done(worker.state)));
    });
    assert.notEqual(end, 'installed');
    unplug();
    await open(page, 'curvature.html');
    assert.equal(await edition(page), 'Edition three.');
    await plug();
  } finally {
    writeFileSync(file, listed);
  }
}));

test('at another address and from disk there is no worker, no manifest and no error', () => first(async (page, errors) => {
  const elsewhere = await serve({ folder: published });
  try {
    for (const address of [`${elsewhere.address}curvature.html`, pathToFileURL(join(published, 'curvature.html')).href]) {
      await page.goto(address, { waitUntil: 'load' });
      assert.equal(await page.$('link[rel="manifest"]'), null, address);
      const workers = await page.evaluate(async () => (await navigator.serviceWorker?.getRegistrations().catch(() => []))?.length ?? 0);
      assert.equal(workers, 0, address);
      assert.deepEqual(errors, [], address);
    }
  } finally {
    elsewhere.stop();
  }
}));

test('the browser finds nothing that keeps the book from being installed', () => first(async (page) => {
  await open(page, 'introduction.html');
  await whole(page);
  const session = await page.createCDPSession();
  const { errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
}));
