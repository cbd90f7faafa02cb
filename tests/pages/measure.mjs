// What a page weighs, compressed, on a first and on a second visit, and how long it takes until
// its formulas stand: npm run measure. A table to read, not a test.

import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { built, launch, pages, serve } from './book.mjs';

const runs = 5;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const kilobytes = (bytes) => (bytes / 1024).toFixed(1).padStart(8);

/** The bytes of a file as a server would send them: fonts and pictures are compressed already. */
const weights = new Map();
function weight(path) {
  if (!weights.has(path)) {
    const body = readFileSync(join(built, path));
    const packed = ['.html', '.css', '.js', '.svg'].includes(extname(path));
    weights.set(path, packed ? gzipSync(body, { level: 9 }).length : body.length);
  }
  return weights.get(path);
}

const server = await serve();
const browser = await launch('chrome');
console.log('page                           HTML   first  second   fonts    ms   (KiB, compressed)');
for (const name of pages) {
  const times = [];
  let files = new Set();
  for (let run = 0; run < runs; run++) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    files = new Set();
    page.on('request', (request) => {
      const { protocol, pathname } = new URL(request.url());
      if (protocol === 'http:') files.add(pathname.slice(1));
    });
    const start = performance.now();
    await page.goto(`${server.address}${name}.html`, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => true));
    times.push(performance.now() - start);
    await context.close();
  }
  const sum = (paths) => [...paths].reduce((total, path) => total + weight(path), 0);
  const own = `${name}.html`;
  // On the next page all but the page itself is in the cache: every other name carries a digest
  // or does not change.
  const fonts = [...files].filter((path) => path.endsWith('.woff2')).length;
  console.log(`${name.padEnd(27)}${kilobytes(weight(own))}${kilobytes(sum(files))}${kilobytes(weight(own))}${String(fonts).padStart(8)}${median(times).toFixed(0).padStart(6)}`);
}
await browser.close();
server.stop();
