// Starts the lab, or says why it cannot start. A page from disk may load no module.
{
  const note = document.getElementById("lab-note");
  const failed = (why) => {
    note.textContent = `The lab did not start: ${why} The worked example stands below.`;
  };
  if (location.protocol === "file:") {
    failed("a page that was opened from disk may not load WebAssembly. Start `mdbook serve`.");
  } else {
    import("./lab.js")
      .then(({ start }) => start())
      .then(() => note.remove(), (error) => failed(`${error.message}.`));
  }
}
