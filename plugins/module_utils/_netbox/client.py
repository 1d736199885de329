# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBox's REST API as this collection uses it: pynetbox where it serves, a thin layer over its session elsewhere.

pynetbox harms where rows hold JSON (a key "url" in discovered_data makes it raise after the write was done, a list of
dicts comes back empty), where a reply's `next` names another host, and where a redirected POST looks like success.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .address import base_url, checked_token, verification, warn_of_risks
from .answers import Answers, ApiObject, Params, parsed
from .errors import NetBoxLibraryMissing, NetBoxOptionError, NetBoxRejected, NetBoxUncertain, NotNetBox
from .lists import ListReader, Worth, limit_of
from .replies import messages_of
from .session import NetBoxSession

try:
    import pynetbox
except ImportError:
    pynetbox = None

#: Rows asked for in one page; NetBox gives at most its MAX_PAGE_SIZE (1000 unless configured) and a `next`.
PAGE_SIZE = 1000
#: More rows than any list has.
_BEYOND = 1_000_000_000


class NetBox:
    """One NetBox, for one run. Its methods may be called from several threads.

    Paths are those below /api/, such as "dcim/devices/". Parameters: a list repeats the key, True and False become
    true and false, None becomes null (NetBox's word for "not set").
    """

    def __init__(
        self,
        url: str | None,
        token: str | None,
        validate_certs: bool = True,
        ca_path: str | None = None,
        timeout: float = 30,
        connections: int = 4,
        backoff: float = 0.5,
    ) -> None:
        """
        url: with or without /api, with a path prefix if NetBox has one
        token: v1 or v2 (nbt_...)
        ca_path: file or folder of CA certificates; nothing is checked when validate_certs is false
        timeout: seconds; connections: kept alive at the same time; backoff: seconds before a first repetition
        Raises NetBoxOptionError; sends nothing.
        """
        if pynetbox is None:
            raise NetBoxLibraryMissing("The Python library pynetbox is missing: pip install pynetbox")
        if not 0 < timeout < math.inf:
            raise NetBoxOptionError(f"timeout must be a number of seconds above 0, not {timeout}.")
        self.url = base_url(url)
        token = checked_token(token)
        warn_of_risks(self.url, validate_certs)
        self._session = NetBoxSession(
            self.url, token, verification(validate_certs, ca_path), timeout, max(1, connections), backoff
        )
        self.connections = max(1, connections)
        self.answers = Answers(self.url)
        self._lists = ListReader(self.url, self.answers, self._page, self.connections)
        self._lock = threading.Lock()
        self._longest: int | None = None  #: see longest_list
        #: pynetbox, for what it does well: lookups of single objects, status
        self.api = pynetbox.api(self.url, token=token)
        self.api.http_session = self._session

    def __repr__(self) -> str:
        return f"<NetBox {self.url}>"

    def __enter__(self) -> NetBox:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    @property
    def ahead(self) -> float | None:
        """Seconds by which this controller's clock is ahead of NetBox's; None before the first reply."""
        return self._session.ahead

    @property
    def requests(self) -> int:
        """Requests sent so far, those of pynetbox and repetitions counted."""
        return self._session.sent

    def get(self, path: str, params: Params | None = None) -> ApiObject:
        """One object, or one page of a list as NetBox gives it (count, next, results)."""
        return self.answers.as_object(self._call("GET", path, params=_query(params)), path)

    def get_all(self, path: str, params: Params | None = None, page_size: int = PAGE_SIZE) -> list[ApiObject]:
        """All rows of a list, in pages, ordered by id unless params say otherwise; `fields`, if given, must name id.

        Raises NetBoxChanging if rows were deleted under our reading each time: offset paging then skips rows; and
        NetBoxTooMuch for a list of more than lists.LIST_OCTETS, or of more pages than NetBox counts.
        """
        rows = self.get_all_if(path, params, lambda first: True, page_size)
        return [] if rows is None else rows

    def get_all_if(
        self, path: str, params: Params | None, worth: Worth, page_size: int = PAGE_SIZE
    ) -> list[ApiObject] | None:
        """As get_all; or None if the list has more than a page, and `worth`, given the first one, returns false."""
        return self._lists.whole(path, {"ordering": "id", **_query(params), "limit": page_size}, worth)

    def pages(self, path: str, params: Params | None = None, page_size: int = PAGE_SIZE) -> Iterator[list[ApiObject]]:
        """The pages of a list one after the other, for tables that memory should not hold whole; as get_all else.

        Raises NetBoxChanging after the last page if the list shrank meanwhile: what was given before may lack rows. The
        limit is lists.TABLE_OCTETS.
        """
        return self._lists.pages(path, {"ordering": "id", **_query(params), "limit": page_size})

    def count(self, path: str) -> int:
        """How many rows a list has. Raises NetBoxError."""
        return self.answers.as_page(self._page(path, {"fields": "id", "limit": 1}), path, "id").count

    def longest_list(self, path: str) -> int:
        """How many rows NetBox gives in one list at most: its MAX_PAGE_SIZE. Asked for once. Raises NetBoxError.

        REST names it in the link to the page before, here that of a page beyond the end of an empty list.
        """
        with self._lock:
            if self._longest is None:
                beyond = {"id": 0, "fields": "id", "limit": _BEYOND, "offset": _BEYOND}
                self._longest = limit_of(self.get(path, beyond).get("previous"))
        if self._longest is None:
            raise NotNetBox(
                f"NetBox at {self.url} does not say how many rows it gives in one list",
                "check the proxy in front of NetBox",
            )
        return self._longest

    def post_bulk(self, path: str, rows: Sequence[ApiObject]) -> list[ApiObject]:
        """Create rows, all or none; the replies are in the order of the rows.

        Raises NetBoxRejected, whose `errors` is a list aligned with the rows, or NetBoxUncertain: never sent twice.
        """
        if not rows:
            return []
        written = self.answers.as_written(self._call("POST", path, json=list(rows)), path)
        if len(written) != len(rows):
            raise NetBoxUncertain(
                f"NetBox at {self.url} was sent {len(rows)} new rows for {path} and answers with {len(written)}.",
                "not_netbox",
            )
        return written

    def patch_bulk(self, path: str, rows: Sequence[ApiObject]) -> list[ApiObject]:
        """Change rows, each with its id, all or none. The replies come in NetBox's own order, and an id that does not
        exist (any more) is silently absent from them. Repeated on passing trouble."""
        if not rows:
            return []
        return self.answers.as_written(self._call("PATCH", path, json=list(rows)), path)

    def delete_bulk(self, path: str, ids: Sequence[int]) -> None:
        """Delete rows by id; NetBox skips unknown ids silently. Repeated on passing trouble."""
        if ids:
            self._call("DELETE", path, json=[{"id": number} for number in ids])

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> ApiObject:
        """The data of a GraphQL query. NetBox reports errors with status 200: they raise NetBoxRejected here."""
        body = {"query": query, "variables": dict(variables or {})}
        response = self._session.request("POST", f"{self.url}/graphql/", repeatable=True, json=body)
        reply = self.answers.as_object(parsed(response.content), "graphql/")
        if reply.get("errors"):
            words = self._session.without_token(messages_of(reply["errors"]))
            raise NetBoxRejected(f"NetBox at {self.url} rejected a GraphQL query: {words}", 200)
        return self.answers.as_object(reply.get("data"), "graphql/")

    def _call(self, method: str, path: str, **kwargs: Any) -> Any:
        """The reply's JSON, as answers.parsed() reads it."""
        return parsed(self._content(method, path, **kwargs))

    def _page(self, path: str, query: Mapping[str, Any]) -> bytes:
        """One page of a list, as it came."""
        return self._content("GET", path, params=query)

    def _content(self, method: str, path: str, **kwargs: Any) -> bytes:
        """The reply as it came."""
        # Without its last slash NetBox 4.4 redirects a POST, and 4.6 answers 404.
        content: bytes = self._session.request(method, f"{self.url}/api/{path.strip('/')}/", **kwargs).content
        return content


def _query(params: Params | None) -> dict[str, Any]:
    """Parameters as NetBox spells them."""
    return {
        key: [_spelled(entry) for entry in value] if isinstance(value, (list, tuple)) else _spelled(value)
        for key, value in (params or {}).items()
    }


def _spelled(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else value
