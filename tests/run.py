# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a script of tests/ so that it finds the checkout as the collection that it is, as pytest and mypy do:

    python tests/run.py tests/sandbox/sandbox.py start FOLDER

The search path is changed in this process alone. With PYTHONPATH the modules that Ansible runs would find the checkout
as well, and would not miss a file that was not sent with them.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

COLLECTIONS = Path(__file__).resolve().parent.parent / ".build" / "collections"


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: python tests/run.py SCRIPT [ARGUMENT ...]")
    sys.path[0] = str(COLLECTIONS)
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
