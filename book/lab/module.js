// A module of the book that writes texts: only numbers pass, and a text is read byte by byte.

/** Loads a module; returns its functions, and one that reads its text. */
export async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname.split("/").at(-1)}: ${answer.status} ${answer.statusText}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
  const { exports } = instance;
  const read = () => new TextDecoder().decode(Uint8Array.from({ length: exports.length() }, (_, index) => exports.byte(index)));
  return {
    exports,
    /** The text about something. */
    text(what) {
      exports.write(what);
      return read();
    },
    /** Throws what the module says where it has refused a request. */
    ask(refused) {
      if (refused !== 0) throw new Error(read());
    },
  };
}
