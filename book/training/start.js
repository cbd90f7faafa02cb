// Starts the training, or says why it cannot start. A page from disk may load no module.
{
  const note = document.querySelector(".live-note");
  const failed = (why) => {
    note.textContent = `The training did not start: ${why} The picture shows the end of the run.`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./training.js")
      .then(({ start }) => start(note.parentElement))
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
