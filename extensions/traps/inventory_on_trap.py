# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listen for SNMP notifications, and run the inventory of a device whose hardware changed. See docs/traps.md.

    python3 inventory_on_trap.py /etc/invmon/traps.yml

The file has the options of the event source snmp_trap (ansible-rulebook is not needed), and `playbook` and `arguments`.
It holds credentials, so no other user may read or write it.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import signal
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_NAME = "_invmon_network_of_inventory_on_trap"


def _module(name: str) -> Any:
    """A module of the collection that this file is part of."""
    if _NAME not in sys.modules:
        package = ModuleType(_NAME)
        package.__path__ = [str(Path(__file__).resolve().parents[2])]
        sys.modules[_NAME] = package
    return importlib.import_module(f"{_NAME}.plugins.module_utils.{name}")


def _config(path: Path) -> dict[str, Any]:
    """The options. Ends the process with a sentence if they cannot be read."""
    try:
        import yaml

        with path.open(encoding="utf-8") as file:
            found = os.fstat(file.fileno())
            if found.st_uid not in (os.geteuid(), 0) or stat.S_IMODE(found.st_mode) & 0o027:
                sys.exit(f"{path} holds credentials and other users may read or write it: chmod 600 it.")
            config = yaml.safe_load(file)
    except ImportError:
        sys.exit("PyYAML is missing: run this with the Python that Ansible runs with.")
    except OSError as error:
        sys.exit(f"{path} cannot be read: {error.strerror}.")
    except (yaml.YAMLError, UnicodeDecodeError):
        # Not what is wrong with it: a passphrase may be on that line.
        sys.exit(f"{path} is not YAML: correct it.")
    if not isinstance(config, dict):
        sys.exit(f"{path} is not a dictionary of options: correct it.")
    return config


async def _run(config: dict[str, Any]) -> None:
    service = _module("_tasks.trap_service").TrapService(config, lambda line: print(line, flush=True))
    running = asyncio.ensure_future(service.run())
    loop = asyncio.get_running_loop()
    for end in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(end, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: inventory_on_trap.py FILE")
    errors = _module("_common.errors")
    try:
        asyncio.run(_run(_config(Path(sys.argv[1]))))
    except errors.InvmonError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
