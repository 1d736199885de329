# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with NetBox: one class for each thing that a user would handle differently.

No message holds a token.
"""

from __future__ import annotations

from typing import Any

from .._common.errors import InvmonError


class NetBoxError(InvmonError):
    """Base of all."""

    #: the trouble may be over in a moment: the same request may succeed then
    passing: bool = False
    #: NetBox may have done what was asked, although its reply reports a failure or never came
    maybe_done: bool = False
    #: seconds that NetBox asks to wait before the next request; None where it does not say
    retry_after: float | None = None

    def __init__(
        self,
        sentence: str,
        todo: str = "",
        *,
        passing: bool | None = None,
        maybe_done: bool | None = None,
        retry_after: float | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(sentence, todo, passing=passing, maybe_done=maybe_done, retry_after=retry_after, **facts)


class NetBoxOptionError(NetBoxError):
    """An option is missing or makes no sense; nothing was sent."""

    reason = "option"


class NetBoxLibraryMissing(NetBoxError):
    """A Python library that is needed cannot be imported here."""

    reason = "library"


class NetBoxUnreachable(NetBoxError):
    """The name does not resolve, the port refuses, there is no route, or the connection broke."""

    reason = "unreachable"
    passing = True


class NetBoxTimeout(NetBoxError):
    """No answer in time. NetBox continues with the request, although the client stopped waiting."""

    reason = "timeout"
    passing = True


class NetBoxTooSlow(NetBoxTimeout):
    """The reply came too slowly and was incomplete when its time was over. The next one would be, too."""

    passing = False


class NetBoxTooMuch(NetBoxError):
    """A reply, or a list, is longer than any known one; it was not read completely."""

    reason = "too_much"


class NetBoxCertificateError(NetBoxError):
    """The TLS certificate is not trusted, or the port does not use TLS."""

    reason = "certificate"


class NotNetBox(NetBoxError):
    """The answer is not from the REST API: a web page, a login, a proxy, a wrong path, a cut reply."""

    reason = "not_netbox"


class NetBoxTokenError(NetBoxError):
    """The token is unknown, expired, disabled, not for this address, or did not arrive."""

    reason = "token"


class NetBoxPermissionError(NetBoxError):
    """The token is good, but its user may not do this."""

    reason = "permission"


class NetBoxThrottled(NetBoxError):
    """429: a proxy or NetBox asks for fewer requests. Nothing was done."""

    reason = "throttled"
    passing = True


class NetBoxServerError(NetBoxError):
    """5xx. `exception` is the name of the Python exception if NetBox returns it, such as DataError."""

    reason = "server"
    status: int
    exception: str | None = None

    def __init__(self, sentence: str, status: int, exception: str | None = None, **facts: Any) -> None:
        super().__init__(sentence, status=status, exception=exception, **facts)


class NetBoxRejected(NetBoxError):
    """NetBox does not accept what was sent (400 and other 4xx, or the errors of a GraphQL reply). Nothing was done.

    `errors` is NetBox's reply as it came: a dict of field -> texts; for a bulk POST a list aligned with the rows,
    {} for each good one; for a bulk PATCH one dict, which does not name the row; None if it was not JSON.
    """

    reason = "rejected"
    status: int
    errors: Any = None

    def __init__(self, sentence: str, status: int, errors: Any = None) -> None:
        super().__init__(sentence, status=status, errors=errors)


class NetBoxNotFound(NetBoxRejected):
    """404 for an object by its id: it was deleted."""


class NetBoxPluginMissing(NetBoxError):
    """This NetBox has no inventory_monitor plugin."""

    reason = "plugin"


class NetBoxChanging(NetBoxError):
    """Rows were deleted while their list was read, so that pages moved and rows may have been skipped."""

    reason = "changing"


class NetBoxUncertain(NetBoxError):
    """A POST got no clear answer: its rows may be written, or not. Read again before writing again.

    `reason` is the word of what went wrong (timeout, unreachable, server, not_netbox).
    """

    maybe_done = True

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence, reason=reason)
