"""How Sphinx makes a site of the documents: `make docs`.

The documents stay what they are, Markdown that GitHub shows; nothing in them is for Sphinx. Where a
page stands in the navigation is said by docs/index.md alone (navigation.py), and the colours are
those of the product (colours.py).
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from colours import dark_colours, light_colours  # noqa: E402
from navigation import set_up_navigation as setup  # noqa: E402, F401

project = "Postmortems"
html_title = "Postmortems"
language = "en"

extensions = ["myst_parser"]
root_doc = "docs/index"
source_suffix = {".md": "markdown"}
include_patterns = ["SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/**/*.md", "docs/*.md"]
# Also so that Sphinx does not look through .venv and var.
exclude_patterns = [each.name for each in ROOT.iterdir() if each.is_dir() and each.name != "docs"]
# Each heading is an anchor, by the name that GitHub gives it.
myst_heading_anchors = 6
myst_enable_extensions = ["strikethrough", "tasklist"]
suppress_warnings = ["myst.strikethrough"]

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_additional_pages = {"index": "to_the_first_page.html"}
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_theme_options = {
    "light_css_variables": light_colours(),
    "dark_css_variables": dark_colours(),
    "top_of_page_buttons": [],
}
# What stands in code without a language is a command, a file, or what somebody types.
highlight_language = "none"
nitpicky = True
