// Starts the graph, or says why it cannot start. A page from disk may load no module.
{
  const note = document.querySelector(".graph-note");
  const failed = (why) => {
    note.textContent = `The graph does not move: ${why} The steps stand below it.`;
    note.parentElement.classList.add("still");
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./graph.js")
      .then(({ start }) => start(note.parentElement))
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
