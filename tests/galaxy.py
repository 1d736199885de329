# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does Galaxy accept the archive? Its importer, galaxy-importer, over the collection as it is built.

    python tests/galaxy.py IMPORTER_PYTHON [--lint]

IMPORTER_PYTHON is the interpreter of the environment that has galaxy-importer (tests/tools/galaxy.txt). Warnings are
shown; an error fails, and so does content without documentation. `--lint` also runs ansible-lint as Galaxy does; its
findings are warnings there, and `make lint-ansible` is stricter.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def build(folder: Path) -> Path:
    """Build the collection with this Python's ansible-galaxy; the archive."""
    tool = Path(sys.executable).with_name("ansible-galaxy")
    subprocess.run([tool, "collection", "build", "--output-path", folder, ROOT], check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def import_archive(python: Path, archive: Path, lint: bool) -> subprocess.CompletedProcess[str]:
    """Run the importer in the archive's folder, where it leaves importer_result.json."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")} | {
        # The importer calls ansible-doc and ansible-lint by name.
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
        "GALAXY_IMPORTER_ANSIBLE_LOCAL_TMP": str(archive.parent / "tmp"),
        "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": str(lint),
        "GALAXY_IMPORTER_RUN_ANSIBLE_TEST": "False",
    }
    command: list[str | Path] = [python, "-m", "galaxy_importer.main", archive]
    return subprocess.run(command, cwd=archive.parent, env=environment, capture_output=True, text=True, check=False)


def undocumented(result: dict[str, Any]) -> list[str]:
    """Plugins of which Galaxy would show no documentation."""
    documented = {(one["content_type"], one["content_name"]) for one in result["docs_blob"]["contents"]}
    private = ("module_utils", "plugin_utils", "doc_fragments", "action", "playbook")
    return sorted(
        f"{one['content_type']} {one['name']}"
        for one in result["contents"]
        if one["content_type"] not in private and (one["content_type"], one["name"]) not in documented
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python", type=Path, help="interpreter of the environment with galaxy-importer")
    parser.add_argument("--lint", action="store_true", help="run ansible-lint as Galaxy does")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        archive = build(Path(name))
        done = import_archive(options.python.absolute(), archive, options.lint)
        lines = done.stdout.splitlines()
        for line in lines:
            if line.startswith("WARNING:"):
                print(f"galaxy: {line}")
        errors = [line for line in lines if line.startswith(("ERROR:", "CRITICAL:"))]
        if done.returncode or errors:
            print(f"galaxy: the importer refuses {archive.name} ({done.returncode}):", *errors, done.stderr, sep="\n")
            return 1
        result = json.loads((archive.parent / "importer_result.json").read_text(encoding="utf-8"))
    if missing := undocumented(result):
        print(f"galaxy: no documentation is shown of: {', '.join(missing)}")
        return 1
    kinds = Counter(one["content_type"] for one in result["contents"] if one["content_type"] != "module_utils")
    content = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    print(f"galaxy: {archive.name} is accepted: {content}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
