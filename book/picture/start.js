// Starts the picture, or says why it does not move. A page from disk may load no module.
{
  const note = document.querySelector(".picture-note");
  const failed = (why) => {
    note.textContent = `The picture does not move: ${why}`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import(`./${note.parentElement.dataset.picture}.js`)
      .then(({ start }) => start(note.parentElement))
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
