"""Puts into a printed book what a browser leaves out and a screen reader asks for:

    python .ci/tag-pdf.py target/book/softmax-back-propagated-a4.pdf …

What is known of the book; what a link leads to; that a formula is one; that what stands in the
margins, and in a drawing that has a description, is not text. It fails where any of it is missing.
It does not say that the file is PDF/UA: no validator of that has read it."""

import sys

import pikepdf
from pikepdf import Dictionary, Name, Operator

# As tests/pages/pdf.mjs marks a formula, which a browser would print as a figure.
FORMULA = "Formula: "

SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
STANDS_IN_TEXT = SHOWS_TEXT | {"Td", "TD", "Tm", "T*", "Tf", "Tc", "Tw", "Tz", "TL", "Tr", "Ts"}
BUILDS_PATH = {"m", "l", "c", "v", "y", "h", "re"}
PAINTS_PATH = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}
ENDS_PATH = PAINTS_PATH | {"n"}

BEGIN = ([Name.Artifact], Operator("BMC"))
END = ([], Operator("EMC"))


def structure(pdf):
    """Each element of the document's structure."""
    left = [pdf.Root.StructTreeRoot]
    while left:
        element = left.pop()
        if Name.S in element:
            yield element
        kids = element.get(Name.K, [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, Dictionary):
                left.append(kid)


def belongs(operands):
    """Whether what a mark encloses belongs to an element, or is an artifact already. A ligature has a mark that says its letters alone."""
    facts = operands[1] if len(operands) > 1 else {}
    return operands[0] == Name.Artifact or (isinstance(facts, Dictionary) and Name.MCID in facts)


def set_apart(instructions):
    """The instructions of a page, with what belongs to no element marked as an artifact; how many were."""
    found, path, apart = [], [], 0
    depth, text = 0, False

    def close():
        nonlocal text
        if text:
            found.append(END)
            text = False

    for operands, operator in instructions:
        name, one = str(operator), (operands, operator)
        if text and name not in STANDS_IN_TEXT:
            close()
        if name in {"BMC", "BDC"}:
            if depth == 0 and not belongs(operands):
                one = BEGIN
                apart += 1
            depth += 1
        elif name == "EMC":
            depth -= 1
        if depth > 0 or name == "EMC":
            found.append(one)
        elif name in BUILDS_PATH or path:
            # No mark may stand within a path.
            path.append(one)
            if name in ENDS_PATH:
                painted = name in PAINTS_PATH
                found += [BEGIN, *path, END] if painted else path
                apart, path = apart + painted, []
        elif name in SHOWS_TEXT:
            if not text:
                found.append(BEGIN)
                text = True
            found.append(one)
            apart += 1
        elif name in {"sh", "INLINE IMAGE"}:
            found += [BEGIN, one, END]
            apart += 1
        else:
            found.append(one)
    close()
    return found, apart


def with_artifacts(pdf):
    """Sets apart what belongs to no element, on each page and in what is drawn on it by name."""
    forms, apart = {}, 0
    for page in pdf.pages:
        instructions, count = set_apart(pikepdf.parse_content_stream(page))
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
        apart += count
        left = [page.obj.get(Name.Resources, Dictionary())]
        while left:
            for form in left.pop().get(Name.XObject, Dictionary()).values():
                if form.Subtype == Name.Form and form.objgen not in forms:
                    forms[form.objgen] = form
                    left.append(form.get(Name.Resources, Dictionary()))
    for form in forms.values():
        instructions, count = set_apart(pikepdf.parse_content_stream(form))
        form.write(pikepdf.unparse_content_stream(instructions))
        apart += count
    return apart


def with_kinds(pdf):
    """Names what a browser knows by names of its own; how many formulas there are."""
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(Em=Name.Span, Strong=Name.Span)
    formulas = 0
    for element in structure(pdf):
        said = str(element.get(Name.Alt, ""))
        if said.startswith(FORMULA):
            element.S = Name.Formula
            element.Alt = said.removeprefix(FORMULA)
            formulas += 1
    return formulas


def with_targets(pdf):
    """Says of each link where it leads: to an equation, to a part of the book, to an address."""
    starts = []
    with pdf.open_outline() as outline:
        left = list(outline.root)
        while left:
            entry = left.pop()
            left += entry.children
            if entry.destination is not None:
                starts.append((entry.destination, entry.title))
    places = {str(name): place for name, place in pdf.Root.get(Name.Dests, Dictionary()).items()}
    numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}

    def place(destination):
        """Page, and height from below: what comes later in the book is greater."""
        if isinstance(destination, (Name, pikepdf.String)):
            destination = places.get(str(destination))
        if destination is None:
            return None
        return numbers[destination[0].objgen], -float(destination[3])

    titles = sorted((at, title) for at, title in ((place(to), title) for to, title in starts) if at)
    links = 0
    for page in pdf.pages:
        for link in page.obj.get(Name.Annots, []):
            if link.Subtype != Name.Link:
                continue
            links += 1
            if Name.A in link and Name.URI in link.A:
                link.Contents = str(link.A.URI)
                continue
            name = str(link.Dest).removeprefix("/")
            if name.startswith("eq-"):
                link.Contents = f"Equation ({name.removeprefix('eq-')})"
                continue
            at = place(link.Dest)
            # A little tolerance: a heading's own place is a hair above it.
            before = [title for start, title in titles if at and start <= (at[0], at[1] + 2)]
            link.Contents = before[-1] if before else "Beginning of the book"
    return links


def with_facts(pdf):
    """What is known of the book, where libraries and readers look for it."""
    title = str(pdf.docinfo.Title)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as facts:
        facts.load_from_docinfo(pdf.docinfo)
        facts["dc:title"] = title
        facts["dc:language"] = [str(pdf.Root.Lang)]
        facts["dc:rights"] = "CC BY 4.0"


def untagged(instructions):
    """What is shown or painted outside of any mark."""
    marks, found = [], 0
    for operands, operator in instructions:
        name = str(operator)
        if name in {"BMC", "BDC"}:
            marks.append(belongs(operands))
        elif name == "EMC":
            marks.pop()
        found += not any(marks) and name in SHOWS_TEXT | PAINTS_PATH
    return found


def check(path):
    """Reads the file again, and fails where something is missing."""
    with pikepdf.open(path) as pdf:
        bare = sum(untagged(pikepdf.parse_content_stream(page)) for page in pdf.pages)
        assert bare == 0, f"{path}: {bare} painted outside of any mark"
        mute = [
            link
            for page in pdf.pages
            for link in page.obj.get(Name.Annots, [])
            if link.Subtype == Name.Link and not str(link.get(Name.Contents, ""))
        ]
        assert not mute, f"{path}: {len(mute)} links do not say where they lead"
        for element in structure(pdf):
            said = str(element.get(Name.Alt, ""))
            assert not said.startswith(FORMULA), f"{path}: {said} is a {element.S}"
            if element.S in {Name.Formula, Name.Figure}:
                assert said, f"{path}: a {element.S} without a description"
        with pdf.open_metadata() as facts:
            assert facts["dc:title"], f"{path}: no title"


for path in sys.argv[1:]:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        formulas, links, apart = with_kinds(pdf), with_targets(pdf), with_artifacts(pdf)
        with_facts(pdf)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    check(path)
    print(f"{path}: {formulas} formulas and {links} links say what they are, {apart} pieces set apart")
