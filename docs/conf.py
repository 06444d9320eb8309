"""How the site is built: ``python -m sphinx -W -b html docs site``, without a network."""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # on the notebooks' small networks a second thread only waits
sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import chainrule

project = "chainrule"
copyright = "The chainrule developers"  # noqa: A001  # Sphinx calls it so
author = "The chainrule developers"
version = release = chainrule.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_click",
    "sphinx_copybutton",
    "accessible",
    "formulas",
    "pages_from_files",
    "docstrings",
]
exclude_patterns = ["_ext", "_checks", "examples/*.html"]
default_role = "py:obj"  # docstrings put names between single backticks

smartquotes = False  # --seeds is no dash

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence"]
myst_heading_anchors = 3  # headings have the anchors that a repository's browser gives them

nb_merge_streams = True  # what a lab prints line by line is one box
nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
nb_execution_show_tb = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
maximum_signature_line_length = 88
numpydoc_show_class_members = False

copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_math_renderer = "mathml"
html_title = f"chainrule {release}"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["_static", "../src/chainrule/writers/fonts"]  # the font of the formulas
html_css_files = ["site.css"]
