# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of vendors below 1.3.6.1.4.1 (SNMPv2-SMI, RFC 2578), and which of them an agent has anything of."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .transport import Oid

ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)
_DEPTH = len(ENTERPRISES)


def enterprise_of(oid: Oid) -> int | None:
    """The vendor's number in an OID; None of one that is below no vendor."""
    return oid[_DEPTH] if len(oid) > _DEPTH and oid[:_DEPTH] == ENTERPRISES else None


def answering_enterprises(behind: Callable[[Oid], Oid | None], most: int) -> Iterator[int]:
    """The vendors below whose numbers an agent has a variable, the smallest first and so many at most.

    behind: the OID of the variable behind another one, by GETNEXT; None where there is none. It is asked once for each
    vendor, and once more. An agent that does not go forward ends it.
    """
    at = ENTERPRISES
    for _vendor in range(most):
        found = behind(at) or ()
        number = enterprise_of(found)
        if number is None or len(found) <= len(ENTERPRISES) + 1 or (*ENTERPRISES, number) < at:
            return
        yield number
        at = (*ENTERPRISES, number + 1)
