# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of NetBox, page by page, until it is certain that no row was skipped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .answers import NEXT_MAX, Answers, ApiObject, Page
from .errors import NetBoxChanging, NetBoxTooMuch, NotNetBox

#: Octets of all pages of a list that is held in memory, and of one that is worked off page by page. A page of 1,000
#: devices has 1 to 7 MB, one of 1,000 probes some 2 MB.
LIST_OCTETS = 512 * 2**20
TABLE_OCTETS = 2 * 2**30
#: Pages of a list. The first one contains their number; other runs may add as many meanwhile.
PAGES_MAX = 10_000
#: How often a list is read that shrinks while it is read.
READS = 3

Query = Mapping[str, Any]
#: Returns the reply to a GET of a path with a query.
Fetch = Callable[[str, Query], bytes]
#: Whether a list is read on after this page, its first.
Worth = Callable[[Page], bool]


class _NotWorth(Exception):
    """The list is not read on after its first page."""


class ListReader:
    """Reads the lists of one NetBox."""

    def __init__(self, url: str, answers: Answers, fetch: Fetch) -> None:
        """url: NetBox's address, for messages"""
        self._url = url
        self._answers = answers
        self._fetch = fetch

    def whole(self, path: str, query: Query, worth: Worth) -> list[ApiObject] | None:
        """All rows of a list, or None if its first page says that the others are not worth asking for. Raises
        NetBoxChanging, NetBoxTooMuch (see client.get_all)."""
        for _attempt in range(READS):
            try:
                rows = self._read(path, query, worth)
            except _NotWorth:
                return None
            if rows is not None:
                return rows
        raise NetBoxChanging(
            f"The list {path} of NetBox at {self._url} shrank each of {READS} times while it was read, so rows may be"
            " missing",
            "run again when no other client deletes many rows",
        )

    def pages(self, path: str, query: Query) -> Iterator[list[ApiObject]]:
        """The rows of a list, page by page. Raises NetBoxChanging after the last page if the list shrank."""
        longest = 0
        for page in self._pages(path, query, TABLE_OCTETS):
            yield page.rows
            if page.count < longest:
                raise NetBoxChanging(
                    f"The list {path} of NetBox at {self._url} shrank while it was read, so rows may be missing",
                    "run again when no other client deletes rows",
                )
            longest = page.count

    def _read(self, path: str, query: Query, worth: Worth) -> list[ApiObject] | None:
        """The rows of all pages, or None if the list became shorter on the way."""
        rows: dict[Any, ApiObject] = {}
        longest = count = 0
        for page in self._pages(path, query, LIST_OCTETS):
            if not rows and page.next and not worth(page):
                raise _NotWorth
            count = page.count
            longest = max(longest, count)
            rows.update({row["id"]: row for row in page.rows})
        return None if count < longest else list(rows.values())

    def _pages(self, path: str, query: Query, octets: int) -> Iterator[Page]:
        seen: set[str] = set()
        fields = query.get("fields")
        expected = PAGES_MAX
        while (asked := repr(query)) not in seen:
            seen.add(asked)
            content = self._fetch(path, query)
            octets -= len(content)
            page = self._answers.as_page(content, path, fields)
            yield page
            if not page.next:
                return
            if len(seen) == 1:
                expected = min(PAGES_MAX, 2 * math.ceil(page.count / len(page.rows)) + 20)
            if len(seen) >= expected or octets < 0:
                raise NetBoxTooMuch(
                    f"NetBox at {self._url} counts {page.count:,} rows of {path}, and has more after"
                    f" {len(seen):,} pages of them; the last one had {len(page.rows):,} rows and {len(content):,}"
                    " octets. That is over the limit",
                    "ask for less (devices, sites), or check the rows, and what answers at that address",
                )
            query = _next_query(page.next)
        raise NotNetBox(f"NetBox at {self._url} sends the pages of {path} in a circle; check the proxy before it.")


def _next_query(address: str) -> dict[str, list[str]]:
    """The parameters of the next page. Only they are taken from `next`: behind a proxy its host and scheme are often
    wrong, and the token must not go to another host."""
    query: dict[str, list[str]] = {}
    for key, value in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        query.setdefault(key, []).append(value)
    return query


def limit_of(address: Any) -> int | None:
    """The rows of a page in the address of a page that NetBox names; None if it has none."""
    if not isinstance(address, str) or len(address) > NEXT_MAX:
        return None
    found = [value for key, value in parse_qsl(urlsplit(address).query) if key == "limit"]
    return int(found[0]) if found and found[0].isascii() and found[0].isdecimal() and 0 < len(found[0]) < 12 else None
