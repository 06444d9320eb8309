"""Docstrings on the site: bars and stars of mathematics are no mark-up, and what others let inherit stays theirs."""

import re

LITERAL = re.compile(r"(``.*?``|`[^`]*`)")


def as_mathematics(line):
    """Escape the bars and stars of a line of prose: |W| is no substitution, and s² (f*) no emphasis."""
    if line.lstrip().startswith((">>>", "...")):
        return line
    parts = LITERAL.split(line)
    return "".join(part if part.startswith("`") else re.sub(r"[|*]", r"\\\g<0>", part) for part in parts)


def escape(app, what, name, obj, options, lines):
    """Escape the prose of a docstring before numpydoc reads its sections."""
    lines[:] = [as_mathematics(line) for line in lines]


def is_theirs(app, what, name, obj, skip, options):
    """Leave out what a class inherits from scikit-learn or matplotlib, which document it; None: Sphinx decides."""
    module = str(getattr(obj, "__module__", "") or "")
    return True if module.startswith(("sklearn", "matplotlib")) else None


def as_printed(app, ctx, lines):
    r"""Show the blocks of a command's help that click leaves as they are (\\b) as they stand in a terminal."""
    starts_block = [line.startswith("| ") and not (k and lines[k - 1].startswith("| ")) for k, line in enumerate(lines)]
    shown = []
    for line, starts in zip(lines, starts_block, strict=True):
        shown += [".. code-block:: text", ""] if starts else []
        shown.append(f"   {line[2:]}" if line.startswith("| ") else line)
    lines[:] = shown


def as_code(app, ctx, lines):
    """Show an address in an option's help as code: it is one to type, and no link to follow."""
    lines[:] = [re.sub(r"tcp://[\w.:]+\w", r"``\g<0>``", line) for line in lines]


def mend_backlinks(app, pagename, templatename, context, doctree):
    """Let a source page lead back to each name: viewcode thinks that all of a module is shown in one place."""
    if not pagename.startswith("_modules/"):
        return
    shown = app.env.get_domain("py").objects

    def mended(link):
        page, name = link[1], link[2]
        while name not in shown and "." in name:
            name = name.partition(".")[2]
            ends = f".{name}"
            name = next((one for one in shown if one.endswith(ends) and f"{shown[one].docname}.html" in page), name)
        return f'{page}#{name}"' if name in shown else link[0]

    context["body"] = re.sub(r'(class="viewcode-back" href="[^"#]*)#([\w.]+)"', mended, context["body"])


def setup(app):
    """Listen to autodoc, before numpydoc does, and to the pages of the commands."""
    app.connect("sphinx-click-process-description", as_printed)
    app.connect("sphinx-click-process-options", as_code)
    app.connect("autodoc-process-docstring", escape, priority=100)
    app.connect("autodoc-skip-member", is_theirs)
    app.connect("html-page-context", mend_backlinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
