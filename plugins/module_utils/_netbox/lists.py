# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of NetBox, in pages, until it is certain that no row was skipped.

The first page has the number of rows, so that the others are asked for at the same time. Each begins with the last row
of the one before: if it does not, rows were deleted or added meanwhile, and all are read again one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .._common.pieces import chunks
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


class ListReader:
    """Reads the lists of one NetBox."""

    def __init__(self, url: str, answers: Answers, fetch: Fetch, connections: int) -> None:
        """url: NetBox's address, for messages; connections: pages that are asked for at a time"""
        self._url = url
        self._answers = answers
        self._fetch = fetch
        self._connections = connections

    def whole(self, path: str, query: Query, worth: Worth) -> list[ApiObject] | None:
        """All rows of a list, or None if its first page says that the others are not worth asking for. Raises
        NetBoxChanging, NetBoxTooMuch (see client.get_all)."""
        pages = self._pages(path, query, LIST_OCTETS)
        first = next(pages)
        if first.next and not worth(first):
            return None
        further = _further_queries(query, first) if self._connections > 1 else []
        if 1 < len(further) < PAGES_MAX:
            rows = self._at_once(path, first, further)
        else:
            rows = self._read(chain([first], pages))
        for _again in range(READS - 1):
            if rows is None:
                rows = self._read(self._pages(path, query, LIST_OCTETS))
        if rows is None:
            raise NetBoxChanging(
                f"The list {path} of NetBox at {self._url} shrank each of {READS} times while it was read, so rows may"
                " be missing",
                "run again when no other client deletes many rows",
            )
        return rows

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

    @staticmethod
    def _read(pages: Iterable[Page]) -> list[ApiObject] | None:
        """The rows of all pages, or None if the list became shorter on the way."""
        rows: dict[Any, ApiObject] = {}
        longest = count = 0
        for page in pages:
            count = page.count
            longest = max(longest, count)
            rows.update({row["id"]: row for row in page.rows})
        return None if count < longest else list(rows.values())

    def _at_once(self, path: str, first: Page, queries: Sequence[Query]) -> list[ApiObject] | None:
        """The rows of the first page and of these after it, some asked for together; None if rows may be missing."""
        octets = LIST_OCTETS
        rows = {row["id"]: row for row in first.rows}
        page, last = first, first.rows[-1]["id"]
        with ThreadPoolExecutor(self._connections) as pool:
            # Not all of them: replies would come faster than they are read.
            for some in chunks(queries, self._connections):
                for content in pool.map(lambda query: self._fetch(path, query), some):
                    page = self._answers.as_page(content, path, queries[0].get("fields"))
                    octets -= len(content)
                    if octets < 0:
                        raise self._too_much(path, page, 1 + len(rows) // len(first.rows), len(content))
                    if not page.rows or page.rows[0]["id"] != last:
                        return None
                    rows.update({row["id"]: row for row in page.rows})
                    last = page.rows[-1]["id"]
        return None if page.next else list(rows.values())

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
                raise self._too_much(path, page, len(seen), len(content))
            query = _next_query(page.next)
        raise NotNetBox(f"NetBox at {self._url} sends the pages of {path} in a circle; check the proxy before it.")

    def _too_much(self, path: str, page: Page, pages: int, octets: int) -> NetBoxTooMuch:
        """The error after so many pages, the last of them this one with so many octets."""
        return NetBoxTooMuch(
            f"NetBox at {self._url} counts {page.count:,} rows of {path}, and has more after {pages:,} pages of them;"
            f" the last one had {len(page.rows):,} rows and {octets:,} octets. That is over the limit",
            "ask for less (devices, sites), or check the rows, and what answers at that address",
        )


def _next_query(address: str) -> dict[str, list[str]]:
    """The parameters of the next page. Only they are taken from `next`: behind a proxy its host and scheme are often
    wrong, and the token must not go to another host."""
    query: dict[str, list[str]] = {}
    for key, value in parse_qsl(urlsplit(address).query, keep_blank_values=True):
        query.setdefault(key, []).append(value)
    return query


def _further_queries(query: Query, first: Page) -> list[Query]:
    """The parameters of all pages after the first, each from the last row of the one before; none if there is no other
    page, or NetBox does not page by offset."""
    following, size = _next_query(first.next or ""), len(first.rows)
    if size < 2 or following.get("offset") != [str(size)] or following.get("limit") != [str(size)]:
        return []
    return [{**query, "limit": size, "offset": begin} for begin in range(size - 1, first.count - 1, size - 1)]


def limit_of(address: Any) -> int | None:
    """The rows of a page in the address of a page that NetBox names; None if it has none."""
    if not isinstance(address, str) or len(address) > NEXT_MAX:
        return None
    found = [value for key, value in parse_qsl(urlsplit(address).query) if key == "limit"]
    return int(found[0]) if found and found[0].isascii() and found[0].isdecimal() and 0 < len(found[0]) < 12 else None
