"""Formulas as MathML, made by chainrule's own writer, and tables of those that activations and losses carry."""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from chainrule.maths.activations import ACTIVATIONS
from chainrule.maths.losses import LOSSES
from chainrule.writers.mathml import mathml

TABLES = {"ACTIVATIONS": (ACTIVATIONS, "range", "f(z)", "f′(z)"), "LOSSES": (LOSSES, "domain", "ℓ(y, t)", "∂ℓ/∂y")}


def visit_inline(self, node):
    """Write a formula of a line."""
    self.body.append(f'<span class="math">{mathml(node.astext(), display=False)}</span>')
    raise nodes.SkipNode


def visit_block(self, node):
    """Write a formula that stands alone, in a box that scrolls where the page is narrow."""
    self.body.append(f'<div class="math" tabindex="0">{mathml(node.astext(), display=True)}</div>')
    raise nodes.SkipNode


class Formulas(SphinxDirective):
    """``.. formulas:: ACTIVATIONS``: a row a member, its name, its values and its formulas."""

    required_arguments = 1

    def run(self):
        """Make the table out of the members themselves."""
        members, values, *titles = TABLES[self.arguments[0]]
        lines = [".. list-table::", "   :header-rows: 1", "", f"   * - name\n     - {values} of y"]
        lines += [f"     - {title}" for title in titles]
        for member in members.values():
            lines += [f'   * - ``"{member.name}"``', f"     - {getattr(member, values).name}"]
            lines += [f"     - :math:`{formula}`" for formula in (member.formula, member.derivative_formula)]
        return self.parse_text_to_nodes("\n".join(lines))


def setup(app):
    """Call the renderer ``mathml``, and the tables ``formulas``."""
    app.add_html_math_renderer("mathml", inline_renderers=(visit_inline, None), block_renderers=(visit_block, None))
    app.add_directive("formulas", Formulas)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
