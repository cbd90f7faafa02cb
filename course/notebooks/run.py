"""Executes the notebooks that `cargo run -p course -- notebooks <folder>` wrote, and judges them.

A teacher's notebook must run to its end. In a student's, each comparison cell must fail, and say
that the blank is empty. Of each wrong answer in `wrong.py` the comparison must say what is wrong.

    python run.py <folder>

With the kernel evcxr, `cargo install --locked evcxr_jupyter@0.22.0 && evcxr_jupyter --install`, the
notebooks in Rust are executed as well, and must print what they say that they print:

    python run.py --rust <folder>
"""

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from traitlets.config import Config

HERE = Path(__file__).parent
EMPTY = "found nothing: the blank above is still empty"


def execute(notebook):
    """Runs all cells, also behind one that fails."""
    # Through the file system: the kernel needs no network.
    config = Config({"ConnectionFileMixin": {"transport": "ipc"}})
    NotebookClient(notebook, config=config, timeout=120, allow_errors=True).execute()
    return notebook


def execute_rust(notebook):
    """The same with evcxr, whose first cell compiles the book's crates."""
    client = NotebookClient(notebook, timeout=3600, startup_timeout=600, allow_errors=True)
    client.execute()
    return notebook


def error(cell):
    """What a cell failed with."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {errors[0].evalue}" if errors else None


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def compares(cell):
    return "compare" in cell.metadata.get("tags", [])


def teacher(notebook):
    """What is wrong with a notebook that has its solutions."""
    if not any(map(compares, notebook.cells)):
        yield "expected cells that compare, found none"
    for cell in code_cells(execute(notebook)):
        if error(cell):
            yield f"{cell.id}: {error(cell)}"


def student(notebook):
    """What is wrong with a notebook that has blanks."""
    for cell in code_cells(execute(notebook)):
        found = error(cell)
        if compares(cell) and EMPTY not in (found or ""):
            yield f"{cell.id}: expected {EMPTY!r}, found {found}"
        if not compares(cell) and found:
            yield f"{cell.id}: {found}"


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def rust(notebook):
    """Which cells of a notebook in Rust print something else than they say."""
    told = [printed(cell) for cell in code_cells(notebook)]
    for cell, expected in zip(code_cells(execute_rust(notebook)), told, strict=True):
        found = printed(cell)
        # A stub has no output yet: its check must refuse it.
        stub = compares(cell) and not expected
        right = ": expected" in found if stub else found == expected
        if not right or error(cell):
            expected = "a check that refuses" if stub else repr(expected)
            yield f"{cell.id}: expected {expected}, found {found!r}, {error(cell)}"


def wrong_answers(notebook):
    """Which wrong answers are not refused, or not in the words that they should be."""
    answers = re.findall(r'^# %% (.*?): "(.*)"\n((?:(?!# %%).*\n)*)', read("wrong.py"), re.MULTILINE)
    cells = code_cells(notebook)
    tried = [cells[0]]
    for _, _, code in answers:
        function = re.match(r"\s*def (\w+)\(", code)[1]
        at = next(i for i, cell in enumerate(cells) if f"def {function}(" in cell.source and i > 0)
        compare = next(cell for cell in cells[at:] if compares(cell))
        tried += [new_code_cell(code), new_code_cell(compare.source)]
    notebook.cells = tried
    execute(notebook)
    for (name, words, _), cell in zip(answers, tried[2::2], strict=True):
        found = error(cell) or "accepted"
        if words not in found:
            yield f"{name}: expected {words!r}, found {found}"
        elif "--messages" in sys.argv:
            print(f"    {name}: {found}")


def read(name):
    return (HERE / name).read_text(encoding="utf-8")


def main():
    folder = Path(sys.argv[-1])
    if "--rust" in sys.argv:
        trials = [("rust", "**/*", rust)]
    else:
        trials = [("teacher", "*", teacher), ("students", "*", student)]
        trials.append(("teacher", "exercises", wrong_answers))
    failed = False
    for kind, pattern, trial in trials:
        paths = sorted((folder / kind).glob(f"{pattern}.ipynb"))
        if not paths:
            sys.exit(f"{folder / kind}: expected notebooks, found none")
        for path in paths:
            problems = list(trial(nbformat.read(path, as_version=4)))
            print(f"{path.relative_to(folder)}, {trial.__name__}: {'FAILED' if problems else 'ok'}")
            for problem in problems:
                print(f"    {problem}")
            failed |= bool(problems)
    sys.exit(failed)


if __name__ == "__main__":
    main()
