// Starts the walk, or says why it cannot start. A page from disk may load no module.
{
  const note = document.querySelector(".live-note");
  const failed = (why) => {
    note.textContent = `The mistakes cannot be switched: ${why} The picture shows one of them.`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./missteps.js")
      .then(({ start }) => start(note.parentElement))
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
