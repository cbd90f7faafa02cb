// The drills: a field for each question, compared by the module. Nothing is computed here.

/** Loads the module. The function returns what is to be said of an answer, "" where it is right. */
async function load() {
  const answer = await fetch(new URL("drills.wasm", import.meta.url));
  if (!answer.ok) throw new Error(`drills.wasm: ${answer.status} ${answer.statusText}`);
  const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer());
  const { begin, push, check, length, byte } = instance.exports;
  return (graph, question, text) => {
    begin();
    for (const one of new TextEncoder().encode(text)) push(one);
    if (check(graph, question) === 0) return "";
    const bytes = Uint8Array.from({ length: length() }, (_, index) => byte(index));
    return new TextDecoder().decode(bytes);
  };
}

export async function start() {
  const check = await load();
  const fields = [];
  const count = document.createElement("p");
  count.id = "drills-count";
  count.setAttribute("role", "status");
  document.getElementById("drills-note").after(count);
  const right = () => {
    const done = fields.filter(({ dataset }) => dataset.state === "right").length;
    count.textContent = `${done} of ${fields.length} are right.`;
  };

  for (const question of document.querySelectorAll(".drill .question")) {
    const { name } = question.dataset;
    const form = document.createElement("form");
    form.innerHTML = `<label><code>${name} =</code> <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="said-${fields.length}"></label>
<button type="submit">compare</button> <output id="said-${fields.length}"></output>`;
    const [field, said] = [form.querySelector("input"), form.querySelector("output")];
    // Two graphs have gradients of one name.
    const title = question.closest(".drill").dataset.graph;
    field.setAttribute("aria-label", `${name}, graph ${+title + 1}`);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim() === "") return;
      const wrong = check(+title, +question.dataset.question, field.value);
      field.dataset.state = wrong === "" ? "right" : "wrong";
      field.toggleAttribute("aria-invalid", wrong !== "");
      said.textContent = wrong === "" ? "✓ right" : `not yet: ${wrong}`;
      right();
      if (wrong === "") fields[fields.indexOf(field) + 1]?.focus();
    });
    field.addEventListener("input", () => {
      delete field.dataset.state;
      field.removeAttribute("aria-invalid");
      said.textContent = "";
      right();
    });
    question.querySelector("p").after(form);
    fields.push(field);
  }
  right();
}
