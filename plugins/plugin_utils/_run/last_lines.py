# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last lines of a run, printed after the recap by the callback `progress`: they come to it as a custom statistic.

The summary of the inventory is made there from the run record instead (run_record.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...module_utils._outgoing.text import as_it_was, no_template
from ...module_utils._report.night import Line

#: Key of the lines in a statistic. So many of them are in it.
KEY, MOST = "summary", 1000


def for_statistic(lines: Iterable[Line]) -> dict[str, Any]:
    """The lines as a part of a custom statistic, which AWX gives to the next job as a variable: without templates."""
    return {KEY: [[no_template(line.text), line.tone] for line in list(lines)[:MOST]]}


def last_lines(statistics: Mapping[str, Any]) -> list[list[Line]]:
    """The texts among the custom statistics of a run, each to be printed as it is."""
    found = [value[KEY] for value in statistics.values() if isinstance(value, Mapping) and KEY in value]
    return [[Line(as_it_was(text), tone) for text, tone in lines] for lines in found]
