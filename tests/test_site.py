"""The site's sources: every public name in the reference, every finding told; and its checks can fail."""

import importlib.util
import re
from pathlib import Path

import pytest
from tests.test_docstrings import NAMESPACES, public

import chainrule as cr

DOCS = Path(__file__).parents[1] / "docs"
DIRECTIVE = re.compile(r"^\.\. auto(?:function|class|exception):: (\S+)", re.MULTILINE)
MODULE = re.compile(r"^\.\. automodule:: chainrule\.(\S+)\n(?:   :.*\n)*?   :members:", re.MULTILINE)


def program(path):
    """A program of docs/, which is no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def in_the_reference():
    """The names that the pages of the reference show."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((DOCS / "reference").glob("*.rst")))
    return set(DIRECTIVE.findall(text)), set(MODULE.findall(text))


def test_every_public_name_is_in_the_reference():
    """A name that chainrule exports has an entry, and a namespace a page with all of its names."""
    named, modules = in_the_reference()
    wanted = {f"chainrule.{name}" for name in cr.__all__ if name not in NAMESPACES}
    for space in set(filter(None, NAMESPACES)) - modules:
        wanted |= {f"chainrule.{space}.{name}" for name, _ in public(space) if f"chainrule.{name}" not in named}
    assert wanted - named == set()


def test_the_reference_names_what_there_is():
    """No entry of the reference is of a name that is gone."""
    named, modules = in_the_reference()
    for name in sorted(named) + [f"chainrule.{one}" for one in sorted(modules)]:
        found = cr
        for part in name.split(".")[1:]:
            found = getattr(found, part)


@pytest.mark.parametrize("path", sorted((DOCS.parent / "findings").glob("*.sh")), ids=lambda path: path.stem)
def test_a_finding_says_guess_behaviour_versions_and_source(path):
    """The site's page of findings is made of these four."""
    pages = program(DOCS / "_ext" / "pages_from_files.py")
    parts = pages.parts_of(path.read_text(encoding="utf-8"))
    assert list(parts) == list(pages.PARTS)
    assert all(parts.values())


LINKS = {
    "there.html": None,
    "there.html#place": None,
    "#here": None,
    "https://example.org/nowhere": None,
    "gone.html": "page.html: gone.html leads to no file.",
    "there.html#gone": "page.html: there.html#gone leads to no place of its page.",
}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_leads_nowhere_is_told_with_its_page(link, tmp_path):
    """The check follows files and anchors, and names page and link."""
    (tmp_path / "there.html").write_text('<p id="place">', encoding="utf-8")
    (tmp_path / "page.html").write_text(f'<p id="here"><a href="{link}">words</a>', encoding="utf-8")
    found, n_links, n_pages = program(DOCS / "_checks" / "links.py").problems(tmp_path)
    assert found == [sentence for sentence in [LINKS[link]] if sentence]
    assert (n_links, n_pages) == (1, 2)


def test_what_is_fetched_and_what_has_no_words_is_told(tmp_path):
    """A page that needs a network, or has a picture without words, does not pass."""
    (tmp_path / "page.html").write_text('<script src="https://cdn.example/x.js"></script><img src="page.html">')
    found, _, _ = program(DOCS / "_checks" / "links.py").problems(tmp_path)
    assert found == [
        "page.html: https://cdn.example/x.js is fetched from the network.",
        "page.html: the picture page.html has no words (alt) beside it.",
    ]


def test_links_that_leave_the_documentation_lead_to_its_pages():
    """CONTRIBUTING's links, and links out of docs/, are those of the site."""
    pages = program(DOCS / "_ext" / "pages_from_files.py")
    text = "[a](docs/labs.md#x) [b](CHANGELOG.md) [c](src) ![d](docs/images/moons.png)\n```\n[e](src)\n```"
    assert pages.with_links_inside(text, DOCS.parent, DOCS / "contributing.md") == (
        "[a](labs.md#x) [b](changelog.md) c ![d](images/moons.png)\n```\n[e](src)\n```"
    )
    assert pages.with_links_inside("[a](../../README.md)", DOCS / "decisions", DOCS / "decisions" / "x.md") == (
        "[a](../index.md)"
    )


def test_bars_and_stars_of_mathematics_are_no_mark_up():
    """They are escaped in prose, and stay in literals and examples."""
    line = program(DOCS / "_ext" / "docstrings.py").as_mathematics
    assert line("l1 Σ |W| (*arguments), ``|W|``") == r"l1 Σ \|W\| (\*arguments), ``|W|``"
    assert line("    >>> a | b") == "    >>> a | b"


def test_the_help_of_a_command_stays_as_it_is_printed():
    """Lines that click leaves as they are become one block of text."""
    lines = ["Words.", "", "| Start:", "|   chainrule lab list", "", "More."]
    program(DOCS / "_ext" / "docstrings.py").as_printed(None, None, lines)
    assert lines == ["Words.", "", ".. code-block:: text", "", "   Start:", "     chainrule lab list", "", "More."]


def test_signatures_are_lines_and_code_is_reached_by_the_keyboard():
    """What axe finds in Sphinx's own pages is mended in each page."""
    accessible = program(DOCS / "_ext" / "accessible.py")
    signature = '<dt class="sig x">f(<dl><dd>a</dd></dl>)</dt><dd><dl><dt>b</dt></dl></dd>'
    assert accessible.with_plain_signatures(signature) == (
        '<dt class="sig x">f(<div class="sig-parameters"><div>a</div></div>)</dt><dd><dl><dt>b</dt></dl></dd>'
    )
    assert accessible.with_focus('<div class="highlight"><pre>') == '<div class="highlight"><pre tabindex="0">'
