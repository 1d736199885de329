# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became faster or slower between two results of the bench.

    make bench-compare OLD=.build/bench/A.json NEW=.build/bench/B.json

A difference counts where it is more than what the runs of either result differ among themselves, and more than 5 %;
25 % where there was one run only. What is counted (requests, octets) needs no such margin.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.tests.bench.figures import Change, compare


def lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The table; at its end in words what needs a look."""
    for name in ("machine", "versions", "netbox", "farm", "boxes"):
        then, now = (_without_load(one[name]) for one in (old, new))
        if then != now:
            yield f"Not the same {name}: {then} then, {now} now. The ratios say less for it."
    changes = compare(old, new)
    if not changes:
        yield "Nothing was measured in both results."
        return
    before: tuple[Any, ...] = ()
    for change in changes:
        if change.key != before:
            size, scenario, tool, kind = before = change.key
            title = f"{size:,} devices, {tool}: {kind}, {scenario}"
            yield f"\n{title:<50}{'then':>12}{'now':>12}{'times':>9}{'noise':>8}"
        yield _line(change)
    more = [change for change in changes if change.word == "MORE"]
    yield ""
    if more:
        yield f"{len(more)} of {len(changes)} figures became worse by more than the noise:"
        yield from (f"  {_name(change)}: {change.times:.2f} times" for change in more)
    else:
        yield "Nothing became worse by more than the noise."


def _without_load(value: Any) -> Any:
    """The noise shows what other work the machine had."""
    return {name: one for name, one in value.items() if name != "load"} if isinstance(value, Mapping) else value


def _line(change: Change) -> str:
    title = f"  {change.title}" + (f", {change.unit}" if change.unit else "")
    numbers = f"{change.old.median:>12,.1f}{change.new.median:>12,.1f}{change.times:>9.2f}{100 * change.noise:>6.0f} %"
    return f"{title:<50}{numbers}  {change.word}"


def _name(change: Change) -> str:
    size, scenario, tool, kind = change.key
    return f"{change.title}, {size:,} devices, {tool}, {kind}, {scenario}"


def main() -> int:
    """Print the comparison. The exit status is 0: a slower machine is no fault."""
    parser = argparse.ArgumentParser(description="Hold one result of the bench against another.")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    options = parser.parse_args()
    try:
        old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (options.old, options.new))
        print("\n".join(lines(old, new)))
    except OSError as error:
        sys.exit(f"bench-compare: {error.filename}: {error.strerror}")
    except (ValueError, KeyError, TypeError):
        sys.exit(f"bench-compare: {options.old} or {options.new} is no result of the bench")
    return 0


if __name__ == "__main__":
    sys.exit(main())
