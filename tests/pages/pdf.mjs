// Prints the whole book to target/book.pdf: npm run pdf

import { join } from 'node:path';

import { launch, root, serve, visit } from './book.mjs';

const server = await serve();
const browser = await launch('chrome');
const path = join(root, 'target/book.pdf');
await visit(browser, `${server.address}print.html`, {}, (page) => page.pdf({
  path,
  format: 'A4',
  margin: { top: '18mm', bottom: '20mm', left: '16mm', right: '16mm' },
  displayHeaderFooter: true,
  headerTemplate: '<span></span>',
  footerTemplate: '<div style="width: 100%; font-size: 8px; text-align: center"><span class="pageNumber"></span></div>',
  timeout: 120_000,
}));
await browser.close();
server.stop();
console.log(path);
