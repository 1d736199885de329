# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many rows in one request, of which NetBox takes all or none: how a bad one does not cost the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .breaker import Breaker
from .client import NetBox
from .errors import NetBoxError, NetBoxRejected, NetBoxServerError
from .latest import PROBES, halved
from .replies import words_of

T = TypeVar("T")


@dataclass
class Patched:
    """What became of rows that were to be changed. One that is in neither does not exist any more."""

    rows: dict[int, dict[str, Any]] = field(default_factory=dict)  #: id -> the row as it is now
    failed: dict[int, str] = field(default_factory=dict)  #: id -> why it was not changed


def patch_rows(netbox: NetBox, breaker: Breaker, rows: Sequence[Mapping[str, Any]]) -> Patched:
    """Change rows; each is what is sent for it, with its id. Raises nothing of NetBox's.

    NetBox does not say which of them it does not like: they are halved until it stands alone. Values are absolute, so
    that the client may repeat the request.
    """
    found = Patched()
    if not rows:
        return found
    try:
        breaker.check()
        replies = netbox.patch_bulk(PROBES, [dict(row) for row in rows])
        breaker.worked()
        found.rows = {reply["id"]: reply for reply in replies}
    except NetBoxError as error:
        breaker.failed(error)
        if len(rows) > 1 and isinstance(error, (NetBoxRejected, NetBoxServerError)):
            for part in halved(rows):
                half = patch_rows(netbox, breaker, part)
                found.rows |= half.rows
                found.failed |= half.failed
        else:
            found.failed = {row["id"]: str(error) for row in rows}
    return found


@dataclass
class Narrowed(Generic[T]):
    """New rows of which at least one spoilt the request."""

    refused: list[tuple[T, str]] = field(default_factory=list)  #: with NetBox's words
    failed: list[tuple[T, str]] = field(default_factory=list)  #: with the error: it was sent alone
    again: list[Sequence[T]] = field(default_factory=list)  #: what to send, piece by piece


def narrow(rows: Sequence[T], error: NetBoxError) -> Narrowed[T]:
    """What to do with the rows of a POST that was not carried out for what stood in it.

    NetBox answers with a list of errors aligned with the rows, {} for each good one; a proxy or the database do not.
    """
    errors = error.errors if isinstance(error, NetBoxRejected) else None
    if isinstance(errors, list) and len(errors) == len(rows) and any(errors):
        pairs = list(zip(rows, errors, strict=True))
        refused = [(row, f"NetBox refuses the row: {words_of(found)}") for row, found in pairs if found]
        good = [row for row, found in pairs if not found]
        return Narrowed(refused=refused, again=[good] if good else [])
    if len(rows) == 1:
        return Narrowed(failed=[(rows[0], str(error))])
    return Narrowed(again=halved(rows))
