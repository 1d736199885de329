# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the documentation site: our own pages, and one page for each plugin and role by antsibull-docs.

    python tests/site/build.py FOLDER TOOLS      TOOLS is the bin folder of the environment of tests/tools/site.txt

The site is FOLDER/html. Any warning fails: a dead link, a heading that is not there, a page that no list names. A link
to a file that is not a page of the site becomes one to the repository.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / ".build" / "collections"
REPOSITORY = "https://github.com/invmon/network"
#: Pages for those who change the collection; all others are for those who use it.
INSIDE = ("docs/architecture.md", "docs/style.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md")
LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)#\s]+)(?=[)#])")


def our_pages() -> dict[str, str]:
    """Page of the repository -> page of the site."""
    top = [path.name for path in ROOT.glob("*.md")]
    below = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")]
    return {"README.md": "index.md"} | {page: page for page in (*sorted(below), *sorted(top)) if page != "README.md"}


def with_links(text: str, source: str, pages: dict[str, str]) -> str:
    """The text with its links as they are on the site. Raises SystemExit for one that leads nowhere."""

    def target(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), found[1]))
        if path in pages:
            return posixpath.relpath(pages[path], posixpath.dirname(pages[source]) or ".")
        if not (ROOT / path).exists():
            sys.exit(f"docs-site: {source}: a dead link: {found[1]}")
        return f"{REPOSITORY}/{'tree' if (ROOT / path).is_dir() else 'blob'}/main/{path}"

    return LINK.sub(target, text)


def contents(caption: str, pages: list[str]) -> str:
    """A list of pages in the sidebar."""
    lines = "\n".join(page.removesuffix(".md") for page in pages)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def write_pages(source: Path) -> None:
    pages = our_pages()
    for page, name in pages.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / page).read_text(encoding="utf-8")
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        path.write_text(with_links(text, page, pages), encoding="utf-8")
    decisions = [page for page in pages if page.startswith("docs/decisions/")]
    guides = [page for page in pages if page not in ("README.md", *INSIDE, *decisions)]
    with (source / "index.md").open("a", encoding="utf-8") as index:
        index.write(contents("Guides", guides))
        index.write(contents("Reference", ["plugins/index"]))
        index.write(contents("Development", [*INSIDE, "docs/decisions/README.md", f"Repository <{REPOSITORY}>"]))
    with (source / "docs" / "decisions" / "README.md").open("a", encoding="utf-8") as index:
        names = [posixpath.basename(page) for page in decisions if not page.endswith("README.md")]
        index.write(contents("Decisions", names))


def adapt(plugins: Path) -> None:
    """What antsibull-docs wrote, for a theme that has its own list of headings, and a sidebar of short names."""
    for page in plugins.glob("*.rst"):
        text = page.read_text(encoding="utf-8")
        text = re.sub(r"^\.\. contents::\n(?: +:.*\n)+", "", text, flags=re.MULTILINE)
        if page.name == "index.rst":
            text = text.replace("Invmon.Network\n==============", "Plugins and roles\n=================", 1)
            text = re.sub(r"^    ((\w+)_([a-z]+))$", r"    \2 \3 <\1>", text, flags=re.MULTILINE)
        page.write_text(text, encoding="utf-8")


def run(tools: Path, *command: str) -> None:
    """Run a tool of the site's environment, with this checkout as the only collection."""
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(command, env=environment, cwd=COLLECTIONS, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"docs-site: {command[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")


def main() -> None:
    folder, tools = (Path(argument).resolve() for argument in sys.argv[1:3])
    source, html = folder / "source", folder / "html"
    shutil.rmtree(folder, ignore_errors=True)
    plugins = source / "plugins"
    plugins.mkdir(parents=True, mode=0o755)
    write_pages(source)
    run(
        *(tools, "antsibull-docs", "collection", "--use-current", "--squash-hierarchy", "--fail-on-error"),
        *("--dest-dir", str(plugins), "invmon.network"),
    )
    adapt(plugins)
    settings = str(Path(__file__).resolve().parent)
    run(tools, "sphinx-build", "-q", "-W", "--keep-going", "-j", "2", "-c", settings, str(source), str(html))
    print(f"docs-site: {len(list(html.rglob('*.html')))} pages, {html}/index.html")


if __name__ == "__main__":
    main()
