# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad reply of NetBox, or of a proxy in front of it, as an error: a response -> one of errors.py.

The texts and codes were measured on NetBox 4.4 and 4.6; NetBox answers 403, never 401, to a bad token.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from time import time
from typing import Any

from .._common import strict_json
from .._outgoing.text import brief
from .clock import seconds_of
from .errors import (
    NetBoxError,
    NetBoxNotFound,
    NetBoxPermissionError,
    NetBoxRejected,
    NetBoxServerError,
    NetBoxThrottled,
    NetBoxTokenError,
    NotNetBox,
)

#: Characters of a reply that a message repeats.
WORDS_MAX = 300
#: The same for the errors of several fields or rows together.
ERRORS_MAX = 1000
#: Numbers, texts, objects and lists in one reply. A page of 1,000 rows has some 100,000, NetBox's schema 500,000.
VALUES_MAX = 4_000_000

_MODELS = {
    "dcim/devices": ("dcim", "device"),
    "dcim/virtual-chassis": ("dcim", "virtualchassis"),
    "dcim/sites": ("dcim", "site"),
    "extras/journal-entries": ("extras", "journalentry"),
    "plugins/inventory-monitor/probes": ("inventory_monitor", "probe"),
}
_VERBS = {"GET": "view", "POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
_NO_PERMISSION = "You do not have permission"
_NO_CREDENTIALS = "Authentication credentials were not provided"
#: The database refused the data, so that the transaction was rolled back and nothing is written.
_ROLLED_BACK = frozenset({"DataError", "IntegrityError"})
_DEADLOCK = "deadlock detected"


def error_of(response: Any, base: str) -> NetBoxError | None:
    """The error that a requests.Response means, or None if it is a good JSON reply.

    base: NetBox's own address as the user gave it, for the messages.
    """
    status = response.status_code
    if status < 300:
        return _not_json(response, base)
    if status < 400:
        target = _brief(response.headers.get("Location", "nowhere"))
        return NotNetBox(
            f"NetBox at {base} redirects to {target}",
            "set the url to where the REST API really is (https?); a login page there means that a proxy wants a login"
            " before NetBox is reached",
        )
    if status in (401, 403):
        return _refused(response, base)
    if status == 404:
        return _not_found(response, base)
    if status == 429:
        return _throttled(response, base)
    if status >= 500:
        return _server_error(response, base)
    return _rejected(response, base)


def words_of(errors: Any) -> str:
    """NetBox's errors in words: {"serial": ["This field may not be blank."]} -> "serial: This field may not be blank."

    A list (bulk POST) names the rows, counted from 1, that have an error. Cut where it becomes too long.
    """
    return brief(_words(errors), ERRORS_MAX)


def messages_of(errors: Any) -> str:
    """The errors of a GraphQL reply in words."""
    found = errors if isinstance(errors, list) else [errors]
    return words_of([one.get("message", "") if isinstance(one, dict) else one for one in found])


def _words(errors: Any) -> str:
    if isinstance(errors, dict):
        return "; ".join(
            f"{key}: {_words(value)}" if key != "detail" else _words(value) for key, value in errors.items()
        )
    if isinstance(errors, list):
        if any(isinstance(entry, dict) for entry in errors):
            return "; ".join(f"row {number}: {_words(entry)}" for number, entry in enumerate(errors, 1) if entry)
        return " ".join(_words(entry) for entry in errors)
    return _brief(errors)


def parse_reply(content: bytes) -> Any:
    """The JSON of a reply. Raises BadJson."""
    return strict_json.parse(content, values=VALUES_MAX)


def parsed(response: Any) -> Any:
    """The reply's JSON, or None if it is not JSON."""
    try:
        return parse_reply(response.content)
    except strict_json.BadJson:
        return None


def _brief(text: Any) -> str:
    """Words of the reply, for one line of a message."""
    return brief(text, WORDS_MAX)


def _is_html(response: Any) -> bool:
    """Judged by the body: NetBox's GraphQL sends the plain words "Invalid v1 token" as text/html."""
    return response.content[:200].lstrip().startswith(b"<")


def _title(response: Any) -> str:
    """The title of a web page, so that users recognise it."""
    match = re.search(r"<title[^>]*>(.*?)</title>", response.text[:10_000], re.IGNORECASE | re.DOTALL)
    return f' titled "{_brief(match.group(1))}"' if match else ""


def _says(response: Any) -> str:
    """The reply's own words: its JSON in words, its plain text, or the title of its page."""
    if _is_html(response):
        return f"a web page{_title(response)}"
    body = parsed(response)
    return words_of(body) if body is not None else _brief(response.text)


def _reason_phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _path(response: Any, base: str) -> str:
    """The endpoint below /api/, without slashes at its ends: "dcim/devices"."""
    path = str(response.request.url).split("?", 1)[0].removeprefix(base)
    return path.strip("/").removeprefix("api/").strip("/")


def _not_json(response: Any, base: str) -> NetBoxError | None:
    if response.status_code == 204 or "json" in response.headers.get("Content-Type", ""):
        return None
    what = f"a web page{_title(response)}" if _is_html(response) else "something that is not JSON"
    return NotNetBox(
        f"{base} answers with {what}, not with NetBox's REST API",
        "check the url, and whether a proxy or a login page is in front of NetBox",
        maybe_done=True,
    )


def _refused(response: Any, base: str) -> NetBoxError:
    says = _says(response)
    if _is_html(response):
        return NotNetBox(
            f"{base} refuses with {says}: a proxy in front of NetBox denies the access; ask its administrator."
        )
    if _NO_PERMISSION in says:
        return _no_permission(response, base)
    if _NO_CREDENTIALS in says:
        return NetBoxTokenError(
            f"NetBox at {base} received no token that it can use",
            "check the token, whether a proxy removes the Authorization header, and that a token which begins with nbt_"
            " (v2) is used with NetBox 4.5 or newer",
        )
    return NetBoxTokenError(
        f"NetBox at {base} does not accept the token, NetBox replied: {says}; check the option token"
        " (environment NETBOX_API_TOKEN), or make a new one in NetBox under API Tokens."
    )


def _no_permission(response: Any, base: str) -> NetBoxError:
    path, method = _path(response, base), response.request.method
    endpoint = re.sub(r"/\d+$", "", path)
    app, model = _MODELS.get(endpoint, ("", ""))
    verb = _VERBS.get(method, "view")
    wanted = f"{app}.{verb}_{model}" if model else f'"{verb}" for /api/{endpoint}/'
    # NetBox replies the same for both, so the message must name both.
    or_token = "" if verb == "view" else ", and check that the token is write-enabled"
    return NetBoxPermissionError(
        f"The token's user may not {verb} {model or endpoint} in NetBox at {base}",
        f"give that user the permission {wanted}{or_token}",
    )


def _not_found(response: Any, base: str) -> NetBoxError:
    body = parsed(response)
    if isinstance(body, dict) and "detail" in body:
        return NetBoxNotFound(
            f"NetBox at {base} no longer has such an object ({_path(response, base)}): {words_of(body)}", 404, body
        )
    path = _path(response, base)
    if path.startswith("plugins/"):
        return NotNetBox(
            f"NetBox at {base} does not know /api/{path}/: the inventory_monitor plugin is not installed there,"
            " or the url is wrong."
        )
    return NotNetBox(
        f"There is no REST API at {base} (404 for /{path}/)",
        "set the url to the address where NetBox's own pages begin, with its path prefix if it has one",
    )


def _throttled(response: Any, base: str) -> NetBoxError:
    return NetBoxThrottled(
        f"NetBox at {base}, or a proxy in front of it, limits the rate of requests (429)",
        "run later, or with fewer connections",
        retry_after=_retry_after(response),
    )


def _retry_after(response: Any) -> float | None:
    """The header Retry-After in seconds, given as a number or as a date (RFC 9110, 10.2.3); None for anything else."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    moment = seconds_of(value)
    return None if moment is None else max(0.0, moment - time())


def _server_error(response: Any, base: str) -> NetBoxError:
    status = response.status_code
    body = parsed(response)
    exception = body.get("exception") if isinstance(body, dict) else None
    says = _brief(body["error"]) if isinstance(body, dict) and "error" in body else _says(response)
    deadlock = _DEADLOCK in says
    retry_after = _retry_after(response)
    refused_before_work = status == 503 and retry_after is not None
    return NetBoxServerError(
        f"NetBox at {base} failed ({_reason_phrase(status)}), NetBox replied: {says or 'nothing'}; check NetBox's log.",
        status,
        exception,
        passing=deadlock or status in (502, 503, 504),
        maybe_done=not (deadlock or exception in _ROLLED_BACK or refused_before_work),
        retry_after=retry_after,
    )


def _rejected(response: Any, base: str) -> NetBoxError:
    status, says = response.status_code, _says(response)
    if status == 413:
        hint = "a proxy in front of NetBox does not accept requests of that size; send fewer rows at a time."
    elif "Request Line" in response.text[:2000]:
        hint = "the request's address is longer than the web server accepts; ask for less at a time."
    elif _is_html(response):
        hint = "check the url's host name and path, and the proxy in front of NetBox."
    else:
        hint = ""
    phrase = "" if status == 400 else f" ({_reason_phrase(status)})"
    message = f"NetBox rejected {response.request.method} {_path(response, base)}{phrase}: {says}"
    return NetBoxRejected(f"{message}; {hint}" if hint else message, status, parsed(response))
