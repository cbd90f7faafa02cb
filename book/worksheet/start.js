// Starts the worksheets, or says why they cannot start. A page from disk may load no module.
{
  const note = document.getElementById("worksheet-note");
  const failed = (why) => {
    note.textContent = `The sheets did not start: ${why} That of one seed stands below, with its key.`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./worksheet.js")
      .then(({ start }) => start())
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
