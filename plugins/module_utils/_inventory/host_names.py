# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host names of NetBox's devices: each name once, and none that belongs to another host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import count, islice

from .._netbox.client import ApiObject
from .._outgoing.text import printable

#: So many spellings are of different kinds, see _spellings().
_KINDS = 4


def host_names(
    rows: Sequence[ApiObject], taken: Collection[str] = (), known: Mapping[int, str] | None = None
) -> dict[int, str]:
    """A unique host name for each device id, the same whatever the order of the rows.

    NetBox's name; "name@site" for devices that share a name; "name@site#id" where that is not enough; "device-id" for
    a device without a name. A device whose name in NetBox is such a spelling of another one does not get it: the
    variables of that name, credentials among them, and --limit are meant for the other one.

    taken: names that no device gets. known: id -> the name that a device has already, and keeps.
    """
    known = known or {}
    names = {row["id"]: known[row["id"]] for row in rows if row["id"] in known}
    left = [row for row in rows if row["id"] not in names]
    used = {*taken, *names.values()}
    for number, spelling in enumerate(_spellings()):
        if not left:
            break
        fits = _fitting(left, spelling, [*islice(_spellings(), number + 1, _KINDS)], used)
        names |= fits
        used.update(fits.values())
        left = [row for row in left if row["id"] not in fits]
    return names


def _fitting(
    rows: Sequence[ApiObject],
    spelling: Callable[[ApiObject], str],
    later: Sequence[Callable[[ApiObject], str]],
    used: Collection[str],
) -> dict[int, str]:
    """The devices that can be called by this spelling: no other host has it, or may get it by a later spelling."""
    times = Counter(spelling(row) for row in rows)
    owners = {name: row for row in rows if times[name := spelling(row)] == 1 and name not in used}
    fits = {row["id"] for row in owners.values()}
    waiting = [row for row in rows if row["id"] not in fits]
    while waiting:
        row = waiting.pop()
        waiting += [owner for other in later if (owner := owners.pop(other(row), None))]
    return {row["id"]: name for name, row in owners.items()}


def plain_name(row: ApiObject) -> str:
    """NetBox's name, as the host is called where nothing speaks against it. Ansible prints it as it is, so that it must
    not move the cursor."""
    return printable((row.get("name") or "").strip()) or f"device-{row['id']}"


def _spellings() -> Iterator[Callable[[ApiObject], str]]:
    """The ways to call a device, the best one first; without end, so that one of them is free."""
    yield plain_name
    yield _with_site
    yield lambda row: f"{_with_site(row)}#{row['id']}"
    yield lambda row: f"#{row['id']}"
    # Another NetBox may have the same ids.
    for number in count(2):
        yield partial(_numbered, number)


def _with_site(row: ApiObject) -> str:
    return f"{plain_name(row)}@{printable((row.get('site') or {}).get('slug') or 'nowhere')}"


def _numbered(number: int, row: ApiObject) -> str:
    return f"#{row['id']}.{number}"
