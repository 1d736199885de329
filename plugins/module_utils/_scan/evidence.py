# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence as every source makes it: with the time, and with text that is safe to show."""

from __future__ import annotations

from .._outgoing.text import brief
from .adding import now
from .finding import Evidence

#: Characters of Evidence.detail.
LONGEST_DETAIL = 200


def evidence(source: str, result: str, detail: str = "", *, by: str = "", mac: str = "") -> Evidence:
    """What a source found out now; `detail` may be of any length and contain anything."""
    return Evidence(source=source, result=result, time=now(), detail=brief(detail, LONGEST_DETAIL), by=by, mac=mac)
