# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The required shape of NetBox's replies, of pages and of rows, and the error if they have another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._common.shapes import holds
from .._common.strict_json import NO_JSON, BadJson, TooMuchJson
from .._common.typed_json import WrongShape
from .errors import NetBoxError, NetBoxTooMuch, NetBoxUncertain, NotNetBox
from .replies import parse_reply
from .row_shapes import check_rows

Params = Mapping[str, Any]
#: One object of NetBox's API, as JSON: a device, a probe, a member of a chassis.
ApiObject = dict[str, Any]

#: Characters of the address of a next page. Web servers take 4,000 to 8,000.
NEXT_MAX = 16_384


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    rows: list[ApiObject]
    count: int  #: rows that NetBox counts in the whole list at that moment
    next: str | None  #: the address of the next page


class Answers:
    """Checks what one NetBox answers. Its methods take the path that was asked, for messages, and raise NetBoxError."""

    def __init__(self, url: str) -> None:
        """url: NetBox's address, for messages"""
        self._url = url

    def as_object(self, reply: Any, path: str) -> dict[str, Any]:
        """The reply, which must be an object."""
        found: dict[str, Any] = self._expect(reply, dict, path)
        return found

    def as_list(self, reply: Any, path: str) -> list[Any]:
        """The reply, which must be a list."""
        found: list[Any] = self._expect(reply, list, path)
        return found

    def as_page(self, content: bytes, path: str, fields: str | None) -> Page:
        """A page of a list, read from a reply. fields: those that were asked for."""
        page = self.as_object(parsed(content), path)
        rows = self.as_list(page.get("results"), path)
        count: Any = page.get("count")
        following: Any = page.get("next")
        if not holds(count, int) or count < 0:
            raise self._nonsense(path, "a list with an invalid count")
        try:
            check_rows(path, rows, fields)
        except WrongShape as error:
            raise self._nonsense(path, f"invalid rows ({error})") from None
        if following is not None and not (isinstance(following, str) and len(following) <= NEXT_MAX):
            raise self._nonsense(path, "a list with an invalid address of the next page")
        if following and not rows:
            raise self._nonsense(path, "an empty page that has a next page")
        return Page(rows, count, following)

    def as_written(self, reply: Any, path: str) -> list[ApiObject]:
        """The rows of a reply to a write, of which only the ids are used. The write was done, whatever the reply is."""
        rows: list[ApiObject] = self._expect(reply, list, path, done=True)
        try:
            check_rows(path, rows, "id")
        except WrongShape as error:
            raise NetBoxUncertain(str(self._nonsense(path, f"invalid rows ({error})")), "not_netbox") from None
        return rows

    def _nonsense(self, path: str, what: str) -> NotNetBox:
        return NotNetBox(
            f"NetBox at {self._url} answers {path} with {what}", "check the url, and the proxy in front of NetBox"
        )

    def _expect(self, reply: Any, kind: type, path: str, done: bool = False) -> Any:
        """The reply, if it is of that type. done: NetBox may have done the write."""
        if isinstance(reply, kind):
            return reply
        wanted, got = ("an object", "a list") if kind is dict else ("a list", "an object")
        got = "an empty or cut reply" if reply is None else reply.words if isinstance(reply, _Unread) else got
        error: NetBoxError = self._nonsense(path, f"{got} in place of {wanted}")
        if isinstance(reply, _Unread) and reply.too_much:
            error = NetBoxTooMuch(
                f"NetBox at {self._url} answers {path} with {got}, which is over the limit",
                "check the JSON in the rows' discovered_data, and what answers at that address",
            )
        raise NetBoxUncertain(str(error), error.reason) if done else error


class _Unread:
    """A reply that is not used, and why."""

    def __init__(self, error: BadJson) -> None:
        self.words = f"JSON that {error}"
        self.too_much = isinstance(error, TooMuchJson)


def parsed(content: bytes) -> Any:
    """The reply's JSON; None for an empty reply, _Unread for one that is not JSON, or too large to read."""
    try:
        return parse_reply(content) if content else None
    except BadJson as error:
        # "is no JSON": it was cut.
        return None if str(error) == NO_JSON else _Unread(error)
