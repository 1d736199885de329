# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NetBox's REST API as this collection uses it: pynetbox where it serves, a thin layer over its session elsewhere.

pynetbox harms where rows hold JSON (a key "url" in discovered_data makes it raise after the write was done, a list of
dicts comes back empty), where a reply's `next` names another host, and where a redirected POST looks like success.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .._common.shapes import holds
from .._common.strict_json import NO_JSON, BadJson, TooMuchJson
from .._common.typed_json import WrongShape
from .._outgoing.text import brief
from .address import base_url, checked_token, verification, warn_of_risks
from .errors import (
    NetBoxChanging,
    NetBoxError,
    NetBoxLibraryMissing,
    NetBoxOptionError,
    NetBoxPluginMissing,
    NetBoxRejected,
    NetBoxTooMuch,
    NetBoxUncertain,
    NotNetBox,
)
from .replies import messages_of, parse_reply
from .row_shapes import check_rows
from .session import NetBoxSession

try:
    import pynetbox
except ImportError:
    pynetbox = None

#: Rows asked for in one page; NetBox gives at most its MAX_PAGE_SIZE (1000 unless configured) and a `next`.
PAGE_SIZE = 1000
#: Octets of all pages of a list that is held in memory, and of one that is worked off page by page. A page of 1,000
#: devices has 1 to 7 MB, one of 1,000 probes some 2 MB.
LIST_OCTETS = 512 * 2**20
TABLE_OCTETS = 2 * 2**30
#: Pages of a list. The first one says how many there are; other runs may add as many meanwhile.
PAGES_MAX = 10_000
#: Characters of the address of a next page. Web servers take 4,000 to 8,000.
NEXT_MAX = 16_384
#: A list is read again when it shrank while it was read; so often before giving up.
READS = 3
#: Releases of the plugin whose probes were found to be alike.
PLUGIN_VERSIONS = range(11, 15)


Params = Mapping[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Versions:
    """What runs on the other side. `warning` is a sentence if the plugin is one that was never tried."""

    netbox: str  #: "4.6.8"
    plugin: str  #: "14.0.0"
    warning: str | None = None


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

    def get(self, path: str, params: Params | None = None) -> Row:
        """One object, or one page of a list as NetBox gives it (count, next, results)."""
        reply = self._call("GET", path, params=_query(params))
        return self._expect(reply, dict, path)

    def get_all(self, path: str, params: Params | None = None, page_size: int = PAGE_SIZE) -> list[Row]:
        """All rows of a list, in pages, ordered by id unless params say otherwise; `fields`, if given, must name id.

        Raises NetBoxChanging if rows were deleted under our reading each time: offset paging then skips rows; and
        NetBoxTooMuch for a list of more than LIST_OCTETS, or of more pages than NetBox counts.
        """
        query = {"ordering": "id", **_query(params), "limit": page_size}
        for _attempt in range(READS):
            rows = self._read_pages(path, query)
            if rows is not None:
                return rows
        raise NetBoxChanging(
            f"The list {path} of NetBox at {self.url} shrank each of {READS} times while it was read, so rows may be"
            " missing",
            "run again when nobody deletes in bulk",
        )

    def pages(self, path: str, params: Params | None = None, page_size: int = PAGE_SIZE) -> Iterator[list[Row]]:
        """The pages of a list one after the other, for tables that memory should not hold whole; as get_all else.

        Raises NetBoxChanging after the last page if the list shrank meanwhile: what was given before may lack rows. The
        limit is TABLE_OCTETS.
        """
        longest = 0
        query = {"ordering": "id", **_query(params), "limit": page_size}
        for results, count in self._pages(path, query, TABLE_OCTETS):
            yield results
            if count < longest:
                raise NetBoxChanging(
                    f"The list {path} of NetBox at {self.url} shrank while it was read, so rows may be missing",
                    "run again when nobody deletes",
                )
            longest = count

    def post_bulk(self, path: str, rows: Sequence[Row]) -> list[Row]:
        """Create rows, all or none; the replies are in the order of the rows.

        Raises NetBoxRejected, whose `errors` is a list aligned with the rows, or NetBoxUncertain: never sent twice.
        """
        if not rows:
            return []
        reply = self._expect(self._call("POST", path, json=list(rows)), list, path, done=True)
        if len(reply) != len(rows):
            raise NetBoxUncertain(
                f"NetBox at {self.url} was sent {len(rows)} new rows for {path} and answers with {len(reply)}.",
                "not_netbox",
            )
        return self._written(reply, path)

    def patch_bulk(self, path: str, rows: Sequence[Row]) -> list[Row]:
        """Change rows, each with its id, all or none. The replies come in NetBox's own order, and an id that does not
        exist (any more) is silently absent from them. Repeated on passing trouble."""
        if not rows:
            return []
        return self._written(self._expect(self._call("PATCH", path, json=list(rows)), list, path, done=True), path)

    def delete_bulk(self, path: str, ids: Sequence[int]) -> None:
        """Delete rows by id; NetBox skips unknown ids silently. Repeated on passing trouble."""
        if ids:
            self._call("DELETE", path, json=[{"id": number} for number in ids])

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Row:
        """The data of a GraphQL query. NetBox reports errors with status 200: they raise NetBoxRejected here."""
        body = {"query": query, "variables": dict(variables or {})}
        response = self._session.request("POST", f"{self.url}/graphql/", repeatable=True, json=body)
        reply = self._expect(_parsed(response.content), dict, "graphql/")
        if reply.get("errors"):
            words = self._session.without_token(messages_of(reply["errors"]))
            raise NetBoxRejected(f"NetBox at {self.url} rejected a GraphQL query: {words}", 200)
        return self._expect(reply.get("data"), dict, "graphql/")

    def check_version(self) -> Versions:
        """Who is there, by one request. Raises NetBoxPluginMissing, or what any request raises."""
        status = self._expect(self._call("GET", "status/"), dict, "status/")
        netbox = brief(status.get("netbox-version", "unknown"), 60)
        plugins = self._expect(status.get("plugins") or {}, dict, "status/")
        plugin = brief(plugins.get("inventory_monitor") or "", 60)
        if not plugin:
            raise NetBoxPluginMissing(
                f"NetBox {netbox} at {self.url} has no inventory_monitor plugin",
                "install it there (package inventory-monitor), or check the url",
            )
        major = re.match(r"\d+", plugin)
        if major and int(major.group()) in PLUGIN_VERSIONS:
            return Versions(netbox, plugin)
        return Versions(
            netbox,
            plugin,
            f"NetBox at {self.url} runs inventory_monitor {plugin}; this collection was tried with"
            f" {PLUGIN_VERSIONS[0]} to {PLUGIN_VERSIONS[-1]}.",
        )

    def _call(self, method: str, path: str, **kwargs: Any) -> Any:
        """The reply's JSON; None for an empty reply, _Unread for one that is no JSON, or none that is read."""
        return _parsed(self._content(method, path, **kwargs))

    def _content(self, method: str, path: str, **kwargs: Any) -> bytes:
        """The reply as it came."""
        # Without its last slash NetBox 4.4 redirects a POST, and 4.6 answers 404.
        content: bytes = self._session.request(method, f"{self.url}/api/{path.strip('/')}/", **kwargs).content
        return content

    def _read_pages(self, path: str, query: Mapping[str, Any]) -> list[Row] | None:
        """The rows of all pages, or None if the list became shorter on the way."""
        rows: dict[Any, Row] = {}
        longest = count = 0
        for results, count in self._pages(path, query, LIST_OCTETS):
            longest = max(longest, count)
            rows.update({row["id"]: row for row in results})
        return None if count < longest else list(rows.values())

    def _pages(self, path: str, query: Mapping[str, Any], octets: int) -> Iterator[tuple[list[Row], int]]:
        """Each page's rows, and how many rows NetBox counts in the whole list at that moment."""
        seen: set[str] = set()
        fields = query.get("fields")
        expected = PAGES_MAX
        while (asked := repr(query)) not in seen:
            seen.add(asked)
            content = self._content("GET", path, params=query)
            octets -= len(content)
            results, count, following = self._page(_parsed(content), path, fields)
            yield results, count
            if not following:
                return
            if len(seen) == 1:
                expected = min(PAGES_MAX, 2 * math.ceil(count / len(results)) + 20)
            if len(seen) >= expected or octets < 0:
                raise NetBoxTooMuch(
                    f"NetBox at {self.url} says that there are {count:,} rows of {path}, and goes on after"
                    f" {len(seen):,} pages of them; the last one had {len(results):,} rows and {len(content):,} octets."
                    " That is more than is read",
                    "ask for less (devices, sites), or look at the rows and what answers there",
                )
            query = _next_query(following)
        raise NotNetBox(f"NetBox at {self.url} sends the pages of {path} in a circle; check the proxy before it.")

    def _page(self, reply: Any, path: str, fields: str | None) -> tuple[list[Row], int, Any]:
        """The rows of a page, how many NetBox counts in all, and the address of the next page if there is one.

        fields: those that were asked for.
        """
        page = self._expect(reply, dict, path)
        rows, count, following = self._expect(page.get("results"), list, path), page.get("count"), page.get("next")
        if not holds(count, int) or count < 0:
            raise self._nonsense(path, "a list whose count is no number")
        try:
            check_rows(path, rows, fields)
        except WrongShape as error:
            raise self._nonsense(path, f"rows that are none ({error})") from None
        if following is not None and not (isinstance(following, str) and len(following) <= NEXT_MAX):
            raise self._nonsense(path, "a list whose next page is at no address")
        if following and not rows:
            raise self._nonsense(path, "an empty page that has a next one")
        return rows, count, following

    def _written(self, rows: list[Any], path: str) -> list[Row]:
        """Rows as NetBox answers a write with them: only their ids are used."""
        try:
            check_rows(path, rows, "id")
        except WrongShape as error:
            raise NetBoxUncertain(str(self._nonsense(path, f"rows that are none ({error})")), "not_netbox") from None
        return rows

    def _expect(self, reply: Any, kind: type, path: str, done: bool = False) -> Any:
        """The reply, if it is a list or dict as it must be. done: what was asked has been done nonetheless."""
        if isinstance(reply, kind):
            return reply
        wanted, got = ("an object", "a list") if kind is dict else ("a list", "an object")
        got = "an empty or cut reply" if reply is None else reply.words if isinstance(reply, _Unread) else got
        error: NetBoxError = self._nonsense(path, f"{got} where {wanted} belongs")
        if isinstance(reply, _Unread) and reply.too_much:
            error = NetBoxTooMuch(
                f"NetBox at {self.url} answers {path} with {got}, which is more than is read",
                "look at the JSON in the rows' discovered_data, and at what answers there",
            )
        raise NetBoxUncertain(str(error), error.reason) if done else error

    def _nonsense(self, path: str, what: str) -> NotNetBox:
        return NotNetBox(
            f"NetBox at {self.url} answers {path} with {what}", "check the url and the proxy before NetBox"
        )


class _Unread:
    """A reply that is not used, and why."""

    def __init__(self, error: BadJson) -> None:
        self.words = f"JSON that {error}"
        self.too_much = isinstance(error, TooMuchJson)


def _parsed(content: bytes) -> Any:
    try:
        return parse_reply(content) if content else None
    except BadJson as error:
        # "is no JSON": it was cut.
        return None if str(error) == NO_JSON else _Unread(error)


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


def _next_query(address: Any) -> dict[str, list[str]]:
    """The parameters of the next page. Only they are taken from `next`: behind a proxy its host and scheme are often
    wrong, and the token must not go to another host."""
    query: dict[str, list[str]] = {}
    for key, value in parse_qsl(urlsplit(str(address)).query, keep_blank_values=True):
        query.setdefault(key, []).append(value)
    return query
