"""Every link of the built site leads somewhere, nothing is fetched from the network, and every picture has words.

``python docs/_checks/links.py site`` says which page has which link that leads nowhere, and fails.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
}


class Page(HTMLParser):
    """What a page links to, fetches, and can be linked at."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links, self.fetched, self.wordless = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Remember the anchors and links of an element."""
        given = dict(attrs)
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        self.fetched += [given[name] for name in ("src", "href", "data") if (tag, name) in FETCHED and given.get(name)]
        if tag == "img" and not given.get("alt"):
            self.wordless.append(given.get("src"))


def problem(link, path, pages):
    """Say why a link of the page at ``path`` leads nowhere, or None."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_file():
        return f"{link} leads to no file"
    if parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        return f"{link} leads to no place of its page"
    return None


def problems(site):
    """Return the sentences on a site's pages, and how many links were followed."""
    pages = {path.resolve(): Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found, n_links = [], 0
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        outside = [link for link in page.fetched if urlsplit(link).scheme in ("http", "https") or link.startswith("//")]
        found += [f"{name}: {link} is fetched from the network." for link in outside]
        found += [f"{name}: the picture {source} has no words (alt) beside it." for source in page.wordless]
        for link in page.links + page.fetched:
            n_links += 1
            if wrong := problem(link, path, pages):
                found.append(f"{name}: {wrong}.")
    return sorted(set(found)), n_links, len(pages)


def main():
    """Check the site whose folder is named."""
    found, n_links, n_pages = problems(Path(sys.argv[1]))
    sys.exit("\n".join(found)) if found else sys.stdout.write(f"{n_links} links on {n_pages} pages lead somewhere.\n")


if __name__ == "__main__":
    main()
