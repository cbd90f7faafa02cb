// What the checks look for, as functions that run inside a page. Each returns a list of
// problems, a line each; an empty list is a pass.

/** Every formula is there twice, for the eye and as MathML, and keeps its TeX where no one reads it. */
export function mathematics() {
  const problems = [];
  const name = (formula) => `“${formula.querySelector('math')?.textContent.slice(0, 40)}”`;
  for (const formula of document.querySelectorAll('main .katex')) {
    const maths = formula.querySelectorAll(':scope > .katex-mathml > math');
    if (maths.length !== 1) problems.push(`${name(formula)}: ${maths.length} math elements`);
    if (!formula.querySelector(':scope > .katex-html')) problems.push(`${name(formula)}: nothing for the eye`);
    if (formula.querySelector('annotation')) problems.push(`${name(formula)}: its TeX is read with the page`);
    if (!formula.dataset.tex) problems.push(`${name(formula)}: no TeX to copy`);
    for (const part of formula.querySelectorAll('math :not(semantics, mrow, mi, mo, mn, mtext, mspace, msub, msup, msubsup, mfrac, mover, munder, munderover, mtable, mtr, mtd, mlabeledtr, mstyle, mpadded, mphantom, menclose, msqrt, mroot)')) {
      problems.push(`${name(formula)}: <${part.localName}> inside MathML`);
    }
    for (const [names, children] of [['mfrac, msub, msup, mover, munder, mroot', 2], ['msubsup, munderover', 3]]) {
      for (const part of formula.querySelectorAll(names)) {
        if (part.childElementCount !== children) problems.push(`${name(formula)}: <${part.localName}> with ${part.childElementCount} children`);
      }
    }
    const math = maths[0];
    if (math && math.textContent.trim() === '') problems.push(`${name(formula)}: empty`);
    for (const node of formula.querySelector('.katex-mathml')?.childNodes ?? []) {
      if (node !== math) problems.push(`${name(formula)}: something stray beside the MathML`);
    }
  }
  for (const error of document.querySelectorAll('.katex-error')) problems.push(`${error.textContent}: not rendered`);
  return problems;
}

/** The letters of a formula have its colour, and nothing behind them that it has not. */
export function letters() {
  const problems = [];
  for (const formula of document.querySelectorAll('.katex-html')) {
    const { color } = getComputedStyle(formula);
    for (const part of formula.querySelectorAll('*')) {
      const style = getComputedStyle(part);
      const where = `“${part.textContent.slice(0, 20)}” in “${formula.textContent.slice(0, 30)}”`;
      if (style.color !== color) problems.push(`${where} is ${style.color}, the formula ${color}`);
      if (style.backgroundColor !== 'rgba(0, 0, 0, 0)') problems.push(`${where} stands on ${style.backgroundColor}`);
      if (style.opacity !== '1') problems.push(`${where} lets through what is behind it`);
    }
  }
  return problems;
}

/** Nothing is wider than the window but what scrolls in a box that the keyboard reaches. */
export function widths() {
  const problems = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) problems.push(`the page is ${page.scrollWidth} px wide in a window of ${page.clientWidth}`);
  const boxes = 'main :is(.katex-display, pre > code, .table-wrapper, figure)';
  for (const box of document.querySelectorAll(boxes)) {
    if (box.scrollWidth <= box.clientWidth) continue;
    const label = `${box.localName}.${box.className} “${box.textContent.trim().slice(0, 30)}”`;
    if (!['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) problems.push(`${label} is cut off`);
    if (box.tabIndex !== 0) problems.push(`${label} scrolls, but not by keyboard`);
  }
  const edge = document.querySelector('main').getBoundingClientRect().right + 1;
  for (const formula of document.querySelectorAll('main .katex-html')) {
    if (formula.closest(boxes.replaceAll('main ', ''))) continue;
    const right = Math.max(...[...formula.querySelectorAll('.base')].map((base) => base.getBoundingClientRect().right));
    if (right > edge) problems.push(`formula “${formula.textContent.slice(0, 30)}” ends ${Math.round(right - edge)} px outside of the text`);
  }
  return problems;
}

/** Figures have a title and a description, and contrast with what they stand on. */
export function figures() {
  const problems = [];
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const solid = (colour) => colour !== 'none' && colour !== 'transparent' && channels(colour)?.[3] !== 0;
  const background = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (solid(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  for (const svg of document.querySelectorAll('main figure svg')) {
    const ids = (svg.getAttribute('aria-labelledby') ?? '').split(' ');
    const texts = ids.map((id) => document.getElementById(id)?.textContent.trim());
    if (svg.getAttribute('role') !== 'img') problems.push('a figure is no img to a screen reader');
    if (!svg.querySelector(':scope > title') || !svg.querySelector(':scope > desc')) problems.push('a figure without title or description');
    if (texts.length !== 2 || texts.some((text) => !text)) problems.push('a figure whose label does not name its title and description');
    const behind = background(svg);
    for (const shape of svg.querySelectorAll('path, line, circle, rect, text')) {
      if (shape.closest('marker')) continue;
      const style = getComputedStyle(shape);
      const isText = shape.localName === 'text';
      const colour = isText ? style.fill : style.stroke;
      const needed = isText ? 4.5 : 3;
      if (!solid(colour)) continue;
      const found = contrast(colour, behind);
      if (found < needed) problems.push(`${shape.localName} “${shape.textContent.trim()}”: contrast ${found.toFixed(2)}, needed ${needed}`);
    }
  }
  for (const image of document.querySelectorAll('main img')) {
    if (!image.alt) problems.push(`an image without text: ${image.src}`);
  }
  return problems;
}

/** Cells are numbered, and each output carries the number of its cell. */
export function cells() {
  const problems = [];
  const content = (pre) => getComputedStyle(pre, '::before').content;
  for (const code of document.querySelectorAll('main pre > code.language-rust')) {
    const label = code.closest('details.proof') ? '[proof]' : 'counter(cell)';
    if (!content(code.parentElement).includes(label)) problems.push(`a cell without its label, ${label}`);
  }
  for (const code of document.querySelectorAll('main pre > code.language-text')) {
    const cell = code.parentElement.previousElementSibling;
    if (!cell?.querySelector(':scope > code.language-rust')) problems.push('an output that follows no cell');
    if (!content(code.parentElement).includes('output')) problems.push('an output without a label');
  }
  for (const button of document.querySelectorAll('main pre .buttons button')) {
    if (!button.getAttribute('aria-label') && !button.title) problems.push('a button without a name');
  }
  return problems;
}

/** The marks of equations take no room: without them everything stands where it stood. */
export function still() {
  const parts = [...document.querySelectorAll('main :is(h1, h2, p, pre, .katex-html, .base, .tag > .mord)')];
  const places = () => parts.map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [x, y, width, height];
  });
  const widths = () => [document.documentElement, ...document.querySelectorAll('.katex-display')]
    .map((box) => box.scrollWidth - box.clientWidth);
  const name = (part) => `${part.localName}.${part.className} “${part.textContent.trim().slice(0, 30)}”`;
  const marked = { places: places(), widths: widths() };
  for (const frame of document.querySelectorAll('.marked')) {
    frame.querySelector('.mark').remove();
    frame.replaceWith(...frame.childNodes);
  }
  const problems = [];
  places().forEach((place, index) => {
    const moved = place.map((one, side) => marked.places[index][side] - one);
    if (moved.some((by) => Math.abs(by) > 0.1)) problems.push(`${name(parts[index])} is moved by its mark: ${moved.map((by) => by.toFixed(1))}`);
  });
  widths().forEach((width, index) => {
    // Widths that scroll are rounded to whole pixels.
    if (Math.abs(width - marked.widths[index]) > 1) problems.push(`${index === 0 ? 'the page' : `display ${index}`} is wider by its mark`);
  });
  return problems;
}

/** Each reference to an equation is a link. */
export function references() {
  const problems = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (parent.closest('a, .katex, summary') || (parent.closest('code') && !parent.matches('pre .hljs-comment'))) continue;
    const found = walk.currentNode.data.match(/\(\d+\.\d+\)/);
    if (found) problems.push(`${found[0]} is no link`);
  }
  return problems;
}

/** Nothing moves for a reader who asked for no motion. */
export function motion() {
  const moving = (style) => [style.transitionDuration, style.animationDuration]
    .some((durations) => durations.split(',').some((one) => parseFloat(one) > 0));
  return [...document.querySelectorAll('*')]
    .filter((element) => moving(getComputedStyle(element)))
    .map((element) => `${element.localName}#${element.id}.${element.className} moves`);
}

/** On paper: no interface, nothing cut off or broken in two, links written out, figures black. */
export function paper() {
  const problems = [];
  const gone = '#mdbook-menu-bar, #mdbook-sidebar, .nav-wrapper, .nav-wide-wrapper, main pre .buttons';
  for (const element of document.querySelectorAll(gone)) {
    if (element.getClientRects().length > 0) problems.push(`${element.id || element.className} is printed`);
  }
  for (const element of document.querySelectorAll('main :is(.katex-display, figure, tr, pre)')) {
    if (getComputedStyle(element).breakInside !== 'avoid') problems.push(`a page may break inside ${element.localName}.${element.className}`);
  }
  const edge = document.querySelector('main').getBoundingClientRect().right + 1;
  for (const part of document.querySelectorAll('main :is(.katex-display .base, pre > code, table, figure svg)')) {
    const right = Math.max(part.getBoundingClientRect().right, part.getBoundingClientRect().left + part.scrollWidth);
    if (right > edge) problems.push(`${part.localName} “${part.textContent.trim().slice(0, 30)}” is cut off by ${Math.round(right - edge)} px`);
  }
  for (const link of document.querySelectorAll('main a[href^="http"]')) {
    if (!getComputedStyle(link, '::after').content.includes('http')) problems.push(`the address of “${link.textContent}” is not shown`);
  }
  for (const shape of document.querySelectorAll('main figure svg :is(path, circle, rect)')) {
    const stroke = getComputedStyle(shape).stroke;
    if (stroke !== 'none' && stroke !== 'rgb(0, 0, 0)') problems.push(`a figure is not black but ${stroke}`);
  }
  return [...new Set(problems)];
}
