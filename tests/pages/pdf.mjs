// Prints the whole book to target/book, on A4 and on letter, compares its numbers with those of the
// page that it is printed from, and notes what each sheet of A4 begins with; then each page by
// itself: npm run pdf. It takes some minutes and needs poppler-utils, so that only what is published
// is printed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { built, launch, pages, serve, visit } from './book.mjs';

const title = 'Softmax, back-propagated';

/** The address of the published book, if it has one, where mdBook writes it. */
const [, address] = readFileSync(join(built, '404.html'), 'utf8').match(/<base href="([^"]*:\/\/[^"]*)"/) ?? [];

/** Makes the formulas, figures and tables of a page such that paper loses nothing of them. */
function preserve() {
  const main = document.querySelector('main');
  // What a page holds of a formula for a screen reader, MathML, a browser does not print. On paper
  // it is its TeX that is read; its number stays a link.
  for (const formula of main.querySelectorAll('.katex')) {
    formula.querySelector('.katex-mathml').remove();
    const drawn = formula.querySelector('.katex-html');
    drawn.removeAttribute('aria-hidden');
    const read = document.createElement('span');
    read.setAttribute('role', 'img');
    read.setAttribute('aria-label', `Formula: ${formula.dataset.tex}`);
    read.append(...[...drawn.childNodes].filter((part) => !part.classList.contains('tag')));
    drawn.prepend(read);
  }

  // A formula that is too wide for the sheet would lose its number.
  for (const display of main.querySelectorAll('.katex-display')) {
    const wide = display.querySelector('.katex-html').scrollWidth / display.clientWidth;
    if (wide > 1) display.style.fontSize = `${0.98 / wide}em`;
  }

  // An empty cell would not be printed, and its row have one less.
  for (const cell of main.querySelectorAll('th:empty, td:empty')) cell.textContent = '\u00a0';

  // A figure of the page is the drawing, which says what it shows, and its caption.
  for (const figure of main.querySelectorAll('figure')) figure.setAttribute('role', 'group');
}

/**
 * Makes sheets of a page by itself. What is folded stays so, but for an answer or an equation that
 * others lead to. A link to another page leads to the published one, if there is any.
 */
function single(book, address) {
  const main = document.querySelector('main');
  const home = new URL(path_to_root, location).href;
  for (const link of main.querySelectorAll('a[href]')) {
    const elsewhere = link.origin === location.origin && link.pathname !== location.pathname;
    if (elsewhere && address) link.href = address + link.href.slice(home.length);
    else if (elsewhere) link.removeAttribute('href');
  }
  const solutions = main.querySelector('h1#solutions') !== null;
  for (const details of main.querySelectorAll('details')) {
    details.open = details.querySelector('[id^="eq-"]') !== null || (solutions && !details.matches('.proof'));
  }
  const small = 'font-size: 8pt; font-family: sans-serif;';
  // What is for the wall has neither head nor number.
  const margins = main.querySelector('.sheet') ? 'margin: 10mm;' : `
    margin: 20mm 16mm;
    @top-left { content: "${book}"; ${small} }
    @bottom-center { content: counter(page); ${small} }
  `;
  const sheet = new CSSStyleSheet();
  // An address is written out beside a link to another book.
  sheet.replaceSync(`@page { ${margins} }\n main a[href^="${address ?? home}"]::after { content: none; }`);
  document.adoptedStyleSheets.push(sheet);
}

/** Makes a book of the page that holds the whole book, and returns what the book has to hold. */
function bind() {
  const main = document.querySelector('main');
  // Proofs, hints and answers stay folded; an equation that others lead to does not.
  for (const details of main.querySelectorAll('details')) details.open = details.querySelector('[id^="eq-"]') !== null;

  // Each page of the book becomes a section, from its heading to the next one.
  const sections = [];
  for (const node of [...main.childNodes]) {
    if (node.nodeName === 'H1') {
      const section = document.createElement('section');
      section.dataset.title = node.textContent;
      section.dataset.page = sections.length;
      section.style.page = `page-${sections.length}`;
      section.style.breakBefore = 'page';
      sections.push(section);
    }
    // The breaks that mdBook puts between pages are those of the sections now.
    if (node.nodeName === 'DIV' && node.style.breakBefore === 'page') node.remove();
    else sections.at(-1)?.append(node);
  }
  main.replaceChildren(...sections);

  // The solutions are an appendix.
  const solutions = sections.find((section) => section.querySelector('h1#solutions'));
  solutions.querySelector('h1').prepend('Appendix: ');
  for (const details of solutions.querySelectorAll('details:not(.proof)')) details.open = true;
  main.append(solutions);

  // The title, and what stands below it on each sheet. Adopted, since the page's policy allows no
  // style that is written into it.
  const title = document.createElement('section');
  title.className = 'sheet-title';
  const heading = document.createElement('p');
  heading.textContent = document.title;
  const description = document.createElement('p');
  description.textContent = document.querySelector('meta[name="description"]').content;
  const licence = document.createElement('p');
  licence.textContent = 'Text and figures: CC BY 4.0';
  title.append(heading, description, licence);
  main.prepend(title);
  const text = (words) => `"${words.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const small = 'font-size: 8pt; font-family: sans-serif;';
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    @page { margin: 20mm 16mm; }
    .sheet-title { padding-block-start: 30vh; text-align: center; }
    .sheet-title > p:first-child { font-size: 2.4em; font-weight: bold; }
    main > section > h1 { margin-block-start: 0; }
    ${sections.map((section, index) => `@page page-${index} {
      @top-left { content: ${text(document.title)}; ${small} }
      @top-right { content: ${text(section.dataset.title)}; ${small} }
      @bottom-center { content: counter(page); ${small} }
    }`).join('\n')}
  `);
  document.adoptedStyleSheets.push(sheet);
  // The equations that a link leads to have a place in the file.
  const links = [...main.querySelectorAll('a[href*="#eq-"]')].filter((link) => link.checkVisibility());
  const equations = [...new Set(links.map((link) => link.hash.slice(1)))];
  const seen = [];
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    // A part of a drawing that is not shown counts as visible.
    if (around.checkVisibility() && !around.closest('[display="none"]')) seen.push(texts.currentNode.data);
  }
  // What a sheet may begin with, and the page of the book that it is of.
  const places = [...main.querySelectorAll('h1[id], h2[id], h3[id], .katex-display[id]')].map((place) => ({
    id: place.id,
    page: Number(place.closest('section').dataset.page),
    heading: place.matches('.katex-display') ? null : [...place.closest('section').querySelectorAll('h1[id], h2[id], h3[id]')].indexOf(place),
  }));
  return { text: seen.join('\n'), sections: sections.length, equations, places };
}

/** The numbers of a text with at least two decimals. */
const numbers = (text) => [...text.matchAll(/\d+\.\d{2,}/g)].map(([number]) => number);

const poppler = (tool, ...options) => execFileSync(tool, options, { encoding: 'utf8', maxBuffer: 1 << 28 });

/** What a printed book must keep. */
function check(path, { text, sections, equations }) {
  const info = poppler('pdfinfo', path);
  const fact = (name) => info.match(new RegExp(`^${name}:\\s+(.*)$`, 'm'))?.[1];
  assert.equal(fact('Tagged'), 'yes', `${path} is not tagged`);
  assert.equal(fact('Title'), title, path);
  const places = poppler('pdfinfo', '-dests', path);
  const led = equations.filter((id) => !places.includes(`"${id}"`));
  assert.deepEqual(led, [], `${path}: equations that are linked to and cannot be`);

  // A number of the page that the sheets lack. A line of a cell that is too long may be cut within a
  // number, so that white space is taken out of both.
  const printed = poppler('pdftotext', '-layout', path, '-').replace(/\s+/g, ' ');
  const there = new Set(numbers(printed));
  const asked = new Set(numbers(text));
  const lost = [...asked].filter((number) => !there.has(number) && !printed.replaceAll(' ', '').includes(number));
  assert.deepEqual(lost, [], `${path}: numbers that the page has and the sheets lack`);
  return `${path}: ${fact('Pages')} sheets, ${statSync(path).size} bytes, ${sections} pages of the book, ${equations.length} equations that are linked to, ${asked.size} numbers`;
}

/**
 * The first heading or numbered equation of each sheet, where the book has it: the list of pages of
 * the EPUB. On the sheets a heading that the whole book has twice has another name than on its page.
 */
function beginnings(path, places) {
  const headings = pages.map((name) => {
    const html = readFileSync(join(built, `${name}.html`), 'utf8');
    const main = html.slice(html.indexOf('<main>'), html.indexOf('</main>'));
    return [...main.matchAll(/<h[123] id="([^"]+)"/g)].map(([, id]) => id);
  });
  const known = new Map(places.map(({ id, page, heading }) => [id, `${pages[page]}.html#${heading === null ? id : headings[page][heading]}`]));
  const first = new Map();
  for (const [, sheet, height, id] of poppler('pdfinfo', '-dests', path).matchAll(/^ *(\d+) \[ XYZ +\S+ +(\S+) .*?"(.*)"$/gm)) {
    const place = known.get(id);
    if (place && !(first.get(sheet)?.height > Number(height))) first.set(sheet, { height: Number(height), place });
  }
  const lines = [...first].map(([sheet, { place }]) => `${sheet} ${place}`);
  assert.ok(lines.length > Number(poppler('pdfinfo', path).match(/^Pages:\s+(\d+)/m)[1]) / 2, `${path}: ${lines.length} sheets have a beginning`);
  assert.ok(!lines.some((line) => line.includes('undefined')), `${path}: a heading that its page does not have`);
  return lines;
}

const server = await serve();
const browser = await launch('chrome');
// How wide the text is, between margins of 16 mm, in the pixels of a screen.
for (const [format, width] of [['a4', 672], ['letter', 695]]) {
  const path = join(built, `softmax-back-propagated-${format}.pdf`);
  const book = await visit(browser, `${server.address}print.html`, { width }, async (page) => {
    await page.emulateMediaType('print');
    const bound = await page.evaluate(bind);
    await page.evaluate(preserve);
    await page.pdf({ path, format, outline: true, tagged: true, printBackground: true, preferCSSPageSize: false, timeout: 300_000 });
    return bound;
  });
  console.log(check(path, book));
  if (format === 'a4') writeFileSync(join(built, 'sheets.txt'), `${beginnings(path, book.places).join('\n')}\n`);
}

// Each page by itself, beside it.
let sheets = 0;
for (const name of pages) {
  const path = join(built, `${name}.pdf`);
  await visit(browser, `${server.address}${name}.html`, { width: 672 }, async (page) => {
    await page.emulateMediaType('print');
    await page.evaluate(single, title, address);
    await page.evaluate(preserve);
    await page.pdf({ path, format: 'a4', outline: true, tagged: true, printBackground: true, timeout: 300_000 });
  });
  sheets += Number(poppler('pdfinfo', path).match(/^Pages:\s+(\d+)/m)[1]);
}
console.log(`${pages.length} pages by themselves: ${sheets} sheets`);
await browser.close();
server.stop();
