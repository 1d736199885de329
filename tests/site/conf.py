# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the documentation site; see build.py."""

from __future__ import annotations

project = "invmon.network"
copyright = "invmon.network contributors, GPL-3.0-or-later"
html_title = "invmon.network"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
# Links to a heading of another page, by the names that the forge gives to headings.
myst_heading_anchors = 4

html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
smartquotes = False

suppress_warnings = [
    # The pages of plugins refer to the documentation of Ansible and of others, which is not part of this site.
    "ref.ref",
    "ref.envvar",
    # An example may be a piece of a file.
    "misc.highlighting_failure",
]
