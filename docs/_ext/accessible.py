"""What furo and Sphinx leave out for a keyboard or a screen reader, put into each page as it is written."""

import re

PARAMETERS = {"<dl>": '<div class="sig-parameters">', "</dl>": "</div>", "<dd>": "<div>", "</dd>": "</div>"}


def with_focus(html):
    """Let the keyboard scroll what is wider than the page: code and tables."""
    html = html.replace('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">')
    html = html.replace('<div class="output text_html"', '<div tabindex="0" class="output text_html"')
    return html.replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')


def with_plain_signatures(html):
    """Write a signature of several lines as lines: as a list of definitions without terms it says nothing."""

    def plain(signature):
        return re.sub(r"</?d[ld]>", lambda tag: PARAMETERS[tag[0]], signature[0])

    return re.sub(r'(?s)<dt class="sig .*?</dt>', plain, html)


def complete(app, pagename, templatename, context, doctree):
    """Mend a page, and the levels of the headings in the list of all pages."""
    if "body" in context:
        context["body"] = with_plain_signatures(with_focus(context["body"]))
    tree = context["furo_navigation_tree"]
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


def setup(app):
    """Come after furo, which makes the list of all pages."""
    app.connect("html-page-context", complete, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
