// Lets the published book be installed, and read without a network after one visit.
//
// `editions` writes this into the pages of a book that has an address, and it does nothing where a
// page is read from another one: what is opened from disk, or served while it is written, has no
// worker, which could show an old page, and leaves none behind.
{
  const { home } = document.currentScript.dataset;
  if (location.href.startsWith(home)) {
    // Not in the page itself: from disk a browser may not read it, and calls that an error.
    const manifest = document.createElement('link');
    manifest.rel = 'manifest';
    manifest.href = `${home}book.webmanifest`;
    document.head.append(manifest);

    // Who asks to save data gets no copy. A browser that keeps nothing, as in a private window,
    // refuses, and the book is read as before.
    if ('serviceWorker' in navigator && !navigator.connection?.saveData) {
      addEventListener('load', () => navigator.serviceWorker.register(`${home}worker.js`).catch(() => {}));
    }
  }
}
