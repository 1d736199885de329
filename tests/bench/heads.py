# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the profiles cost a run: their heads, once; for each device to find its own; the whole of the one it has.

python tests/run.py tests/bench/heads.py        # CPU milliseconds, the median of seven times
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ansible_collections.invmon.network.plugins.module_utils._devices.collection import System
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_files import (
    FOLDER,
    Profiles,
    load_heads,
)
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_parser import parse_layout
from ansible_collections.invmon.network.plugins.module_utils._devices.profile_yaml import parsed, text_of
from ansible_collections.invmon.network.plugins.module_utils._devices.recognition import choose

TIMES = 7
#: As many profiles as there may be one day: ours, and copies of them under other names.
MANY = 600
_NAME = re.compile(r"^name: .*\n", re.M)


def measured() -> dict[str, float]:
    """CPU milliseconds for MANY profiles, with how many there are of ours."""
    ours = sorted(FOLDER.glob("*.yml"))
    largest = sorted(ours, key=lambda file: file.stat().st_size)[-5:]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(MANY):
            turn, place = divmod(number, len(ours))
            text = _NAME.sub("", ours[place].read_text(encoding="utf-8"))
            (folder / f"{ours[place].stem}{turn or ''}.yml").write_text(text, encoding="utf-8")
        profiles = load_heads(folder)
        return {
            "ours": len(ours),
            "heads": _median(lambda: load_heads(folder)),
            "choose": _median(lambda: [choose(system, profiles) for system in _systems(profiles)]) / MANY,
            "whole": max(_median(partial(_whole, file), 3) for file in largest),
        }


def _whole(file: Path) -> None:
    parse_layout(parsed(str(file), text_of(file)))


def _systems(profiles: Profiles) -> Iterator[System]:
    """A device of each profile, and one that none knows."""
    for profile in profiles:
        oid = next((match.object_id for match in profile.head.matches), ()) or (1, 3, 6, 1, 4, 1, 99999)
        yield System("r1", "Acme operating system, version 1.2.3", (*oid, 1, 2))


def _median(what: Callable[[], object], times: int = TIMES) -> float:
    spent = []
    for _turn in range(times):
        re.purge()  # expressions that were compiled before cost nothing
        began = time.process_time()
        what()
        spent.append(1000 * (time.process_time() - began))
    return statistics.median(spent)


def sentence(found: Mapping[str, float]) -> str:
    """The figures in words."""
    return (
        f"Profiles ({found['ours']:g} of ours): heads of {MANY} in {found['heads']:.1f} ms once a run (target 30), "
        f"recognition {1000 * found['choose']:.0f} us a device, a whole one {found['whole']:.1f} ms at most (10)"
    )


def main() -> int:
    print(sentence(measured()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
