"""The built site can be read by everyone, in light and in dark, and searched without a network.

``python docs/_checks/accessibility.py site`` opens a page of each kind in Chromium, from the file system, asks axe
about it, and fails with a sentence for each serious violation, which names the page and the element.
"""

import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

SERIOUS = {"serious", "critical"}
PAGES = (  # one of each kind: prose, tables, formulas, commands, findings, notebooks, names, sources, and Sphinx's own
    *("index", "start", "data", "architecture", "examples/changes", "commands", "findings", "decisions"),
    *("tutorials/moons", "gallery", "reference/activations", "reference/networks", "reference/errors"),
    *("search", "_modules/chainrule/network/layers"),
)
WORD = "dropout"  # stands on several pages


def violations(page, name, scheme):
    """Return the sentences on a page that is open; what is not a matter of colours is the same in dark."""
    rules = {"runOnly": ["color-contrast", "link-in-text-block"]} if scheme == "dark" else None
    found = []
    for violation in Axe().run(page, options=rules).response["violations"]:
        if violation["impact"] in SERIOUS:
            where = violation["nodes"][0]["target"][0]
            n = len(violation["nodes"])
            found.append(f"{name}.html, {scheme}: {violation['help']} ({violation['id']}): {where}, {n} in all.")
    return found


def in_scheme(browser, site, scheme):
    """Return the sentences on all pages, in light or in dark."""
    page = browser.new_context(color_scheme=scheme).new_page()
    found = []
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        found += violations(page, name, scheme)
    return found


def search(browser, site):
    """Return what is wrong with the search, without a network."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(f"{(site / 'search.html').as_uri()}?q={WORD}")
    page.wait_for_function("document.querySelector('#search-results .search-summary')?.innerText.match(/\\d|not/)")
    n_results = page.locator("#search-results li").count()
    return [] if n_results else [f"search.html: the search for {WORD} finds nothing."]


def main():
    """Check the site whose folder is named."""
    site = Path(sys.argv[1]).resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        found = [sentence for scheme in ("light", "dark") for sentence in in_scheme(browser, site, scheme)]
        found += search(browser, site)
    sys.exit("\n".join(found)) if found else sys.stdout.write(f"{len(PAGES)} pages can be read in light and dark.\n")


if __name__ == "__main__":
    main()
