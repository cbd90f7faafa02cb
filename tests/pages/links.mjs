// Lists the book's links to other hosts, which no test visits: npm run links

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { pages, root } from './book.mjs';

for (const page of pages) {
  const source = readFileSync(join(root, 'book', `${page}.md`), 'utf8');
  for (const [, url] of source.matchAll(/\]\((https?:[^)\s]+)\)/g)) console.log(`${page}\t${url}`);
}
