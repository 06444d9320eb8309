"""Pages made of files that are not in docs/: CONTRIBUTING, CHANGELOG, findings; and links that lead out of docs/."""

import os
import re
from pathlib import Path

DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent
PAGES = {"contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md", "security": "SECURITY.md"}
SHOWN = {
    **{ROOT / file: DOCS / f"{page}.md" for page, file in PAGES.items()},
    ROOT / "README.md": DOCS / "index.md",
    ROOT / "examples/mylab": DOCS / "your_own_lab.md",
    ROOT / "findings": DOCS / "findings.md",
    DOCS / "decisions": DOCS / "decisions.md",
}  # what of the repository stands on which page
LINK = re.compile(r"\[([^\]]*)\]\((?!\w+:|#)([^)#\s]+)(#[^)\s]*)?\)")
FENCE = re.compile(r"(?ms)(^```.*?^```$)")
PARTS = ("Guess", "Behaviour", "Versions", "Source")


def with_links_inside(text, written_in, page):
    """Return Markdown in which every link leads to a page of the site, or to a file that it hands out.

    Parameters
    ----------
    text : str
    written_in : Path
        The folder that the links start from.
    page : Path
        The page that shows the text.
    """

    def redirected(link):
        words, path, anchor = link[1], link[2], link[3] or ""
        target = Path(os.path.normpath(written_in / path))
        target = SHOWN.get(target, target)
        if target.is_dir():
            return words
        return f"[{words}]({os.path.relpath(target, page.parent)}{anchor})"

    pieces = FENCE.split(text)
    return "".join(without_last_line(piece) if piece[:3] == "```" else LINK.sub(redirected, piece) for piece in pieces)


def without_last_line(block):
    """Leave out the empty line with which a doctest ends: a reader needs none."""
    return re.sub(r"\n+```\Z", "\n```", block)


def parts_of(script):
    """Return what the comment at the head of a finding says: a dict of its parts, each one paragraph."""
    comment = re.match(r"#!.*\n((?:#.*\n)+)", script)[1]
    text = " ".join(line.lstrip("# ").strip() for line in comment.splitlines())
    pieces = re.split(rf"(?:^| )({'|'.join(PARTS)}): ", text)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def finding(path):
    """Return the section of one finding, in Markdown: what one would guess, what is so, and its script."""
    script = path.read_text(encoding="utf-8")
    parts = parts_of(script)
    library, _, fact = path.stem.partition("_")
    lines = [f"## {library}: {fact.replace('_', ' ')}", *(f"**{name}:** {as_text(parts[name])}" for name in PARTS)]
    shown = [f"```{{literalinclude}} ../findings/{path.name}", ":language: bash", "```"]
    box = [f":::{{admonition}} The script, findings/{path.name}", ":collapsible: closed", "", *shown, ":::"]
    return "\n\n".join([*lines, "\n".join(box)])


def as_text(sentence):
    """Escape what Markdown would take for mark-up."""
    return re.sub(r"[*_<>\[\]$`]", r"\\\g<0>", sentence)


def without_empty_globs(text, folder):
    """Return a page without the lines ``name*`` that match no page: Sphinx warns of a glob that matches none."""
    lines = text.splitlines(keepends=True)
    return "".join(
        line for line in lines if not re.fullmatch(r"\w+\*\n", line) or any(folder.glob(f"{line.strip()}.md"))
    )


def replace(app, docname, source):
    """Put a file in the place of its page, and turn the links of every page inwards."""
    page = Path(app.env.doc2path(docname))
    if page.suffix != ".md":
        return
    written_in = page.parent
    if docname in PAGES:
        app.env.note_dependency(str(ROOT / PAGES[docname]))
        source[0], written_in = (ROOT / PAGES[docname]).read_text(encoding="utf-8"), ROOT
    if docname == "findings":
        source[0] += "\n\n".join(finding(path) for path in sorted((ROOT / "findings").glob("*.sh")))
    source[0] = with_links_inside(without_empty_globs(source[0], page.parent), written_in, page)


def setup(app):
    """Listen to every page that is read."""
    app.connect("source-read", replace)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
