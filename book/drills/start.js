// Starts the drills, or says why they cannot start. A page from disk may load no module.
{
  const note = document.getElementById("drills-note");
  const failed = (why) => {
    note.textContent = `The drills did not start: ${why} On paper they work as well: the answers are folded below the questions.`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./drills.js")
      .then(({ start }) => start())
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
