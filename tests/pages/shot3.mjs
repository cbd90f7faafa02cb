import { serve, launch } from './book.mjs';
const server = await serve(); const b = await launch('chrome');
const page = await b.newPage();
page.on('console', m => console.log(m.text())); page.on('pageerror', e => console.log(e.message));
const list = JSON.parse(process.argv[2]);
for (const [name, theme, width, out, hash, media] of list) {
await page.goto('about:blank');
await page.evaluateOnNewDocument((t) => { try { localStorage.setItem('mdbook-theme', t) } catch {} }, theme);
await page.setViewport({ width, height: 1400 });
await page.goto(`${server.address}${name}${hash}`, { waitUntil: 'load' });
await new Promise(r => setTimeout(r, 700));
if (media) await page.emulateMediaType(media);
await page.evaluate(() => document.querySelector('#mdbook-menu-bar')?.remove());
await (await page.$('.picture')).screenshot({ path: out });
if (media) await page.emulateMediaType();
}
await b.close(); server.stop();
