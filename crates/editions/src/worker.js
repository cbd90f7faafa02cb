// Keeps a copy of the book for when there is no network. Where there is one, every file comes from
// there, so that nothing old is shown.

/** The digest of each file of this build, by its path. A change of one changes this script, which is how a browser notices. */
const files = new Map(Object.entries(FILES));

/** The address of the book, and the name of its copy: other books may have the same host. */
const home = new URL('./', location).href;

/** Under which address a file is kept. That of another build has another one. */
const key = (path) => `${home}${path}?${files.get(path)}`;

/** The beginning of a file's digest. */
async function digest(body) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  return Array.from(bytes.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Fetches a file that is not kept yet. One of another build, as a host may send while a book is uploaded, is refused; the next visit tries again. */
async function keep(cache, path) {
  if (await cache.match(key(path))) return;
  const response = await fetch(home + path, { cache: 'no-cache' });
  const body = await response.arrayBuffer();
  if (!response.ok || await digest(body) !== files.get(path)) throw new Error(`${path}: not of this build`);
  // Made anew: what a host has redirected is not taken for a page.
  await cache.put(key(path), new Response(body, { headers: response.headers }));
}

async function install() {
  const cache = await caches.open(home);
  await Promise.all([...files.keys()].map((path) => keep(cache, path)));
  await self.skipWaiting();
}

/** Drops what only other builds had. */
async function activate() {
  const cache = await caches.open(home);
  const kept = new Set([...files.keys()].map(key));
  for (const { url } of await cache.keys()) {
    if (!kept.has(url)) await cache.delete(url);
  }
  await self.clients.claim();
}

/** The answer of the network, or the copy where there is none. */
async function answer(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const copy = await (await caches.open(home)).match(key(path));
    if (copy) return copy;
    throw error;
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (!request.url.startsWith(home)) return;
  const path = request.url.slice(home.length).replace(/[?#].*/, '') || 'index.html';
  if (files.has(path)) event.respondWith(answer(request, path));
});
