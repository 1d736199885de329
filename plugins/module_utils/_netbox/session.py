# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP session of pynetbox and of our own calls: all of NetBox's replies come through here, within limits.

Both have the same time limit, retries and errors.
"""

from __future__ import annotations

import random
import re
import threading
import time
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

from .._outgoing.secrets import Secrets, remember
from .._outgoing.text import brief
from .clock import seconds_ahead
from .errors import (
    NetBoxCertificateError,
    NetBoxError,
    NetBoxLibraryMissing,
    NetBoxOptionError,
    NetBoxRejected,
    NetBoxTimeout,
    NetBoxTooMuch,
    NetBoxTooSlow,
    NetBoxUncertain,
    NetBoxUnreachable,
    NotNetBox,
)
from .replies import error_of, parse_reply
from .wire import ACCEPTED_ENCODING, ReplyBroken, ReplyTooLarge, ReplyTooSlow, TimedAdapter, read_body

try:
    import requests
    import urllib3
    from requests import Session

    REQUESTS_MISSING = None
except ImportError as missing:  # the documentation must be readable without the library
    REQUESTS_MISSING = missing
    Session = object  # type: ignore[assignment,misc]

#: How often one request is sent at most, when it may be sent again at all.
TRIES = 4
#: A request that ran into the time limit is sent once more only: each costs the whole limit.
TRIES_AFTER_TIMEOUT = 2
#: A Retry-After above this many seconds is not waited for.
LONGEST_PAUSE = 60.0
#: Octets of a reply, unpacked. A page of 1,000 rows has 1 to 7 MB, NetBox's schema some 10 MB.
REPLY_OCTETS = 64 * 2**20
#: Octets of a reply with an error; what comes after them is not read. 1,000 rows with an error each have 0.1 MB.
ERROR_OCTETS = 256 * 2**10
#: A request and its reply may take so many times the option timeout, however steadily the reply comes.
WHOLE_REPLY = 10


class NetBoxSession(Session):
    """A requests session that raises NetBoxError instead of returning a bad reply.

    Redirects are never followed: requests turns a redirected POST into a GET, which looks like success, and a token
    must not travel to another host. A POST is sent again only where it is certain that nothing was done.
    """

    def __init__(
        self, base: str, token: str, verify: bool | str, timeout: float, connections: int, backoff: float
    ) -> None:
        """
        base: NetBox's address without /api and without a slash at the end
        verify: False, True, or the path of a CA bundle
        timeout: seconds for connecting, and between two pieces of the reply; the whole may take WHOLE_REPLY times that
        backoff: seconds before the first repetition; it doubles each time
        """
        if REQUESTS_MISSING is not None:
            raise NetBoxLibraryMissing(
                f"The Python library {REQUESTS_MISSING.name} is missing: pip install pynetbox requests"
            )
        super().__init__()
        self._base = base
        self._token = token.encode()
        self._secrets = Secrets([token])
        remember(token)
        self._timeout = timeout
        self._backoff = backoff
        self._lock = threading.Lock()
        self.sent = 0  #: requests sent so far, repetitions counted
        #: Seconds by which this controller's clock is ahead of NetBox's, as of the last reply; None: unknown.
        self.ahead: float | None = None
        self._set_up(token, verify, TimedAdapter(WHOLE_REPLY * timeout, connections))

    def _set_up(self, token: str, verify: bool | str, adapter: TimedAdapter) -> None:
        """Set what requests sends with each request, and how it connects."""
        self.verify = verify
        # A given auth also keeps requests from sending the password of a ~/.netrc in place of the token.
        self.auth = _TokenAuth(token)
        self.headers["User-Agent"] = "invmon.network (Ansible)"
        self.headers["Accept"] = "application/json"
        self.headers["Accept-Encoding"] = ACCEPTED_ENCODING
        # Each reply could set others, to be sent back for ever.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.mount("https://", adapter)
        self.mount("http://", adapter)
        if verify is False:
            # The user asked for it, and address.warn_of_risks() warns once a run, instead of urllib3 with each request.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def __repr__(self) -> str:
        return f"<NetBoxSession {self._base}>"

    def request(self, method: str, url: str, repeatable: bool | None = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """Send until there is a good reply, an error that lasts, or no try is left.

        repeatable: doing it twice does no harm; None = whatever is not a POST (our PATCHes set absolute values).
        Raises NetBoxError; NetBoxUncertain if a request that is not repeatable may have been done.
        """
        repeatable = method.upper() != "POST" if repeatable is None else repeatable
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._send_once(method, url, **kwargs)
            except NetBoxError as error:
                again = error.passing and (repeatable or not error.maybe_done)
                tries = TRIES_AFTER_TIMEOUT if isinstance(error, NetBoxTimeout) else TRIES
                if again and attempt < tries and (error.retry_after or 0) <= LONGEST_PAUSE:
                    time.sleep(self._pause(error, attempt))
                elif error.maybe_done and not repeatable:
                    raise NetBoxUncertain(f"{error} Its rows may or may not be written.", error.reason) from None
                else:
                    raise

    def get_redirect_target(self, _response: Any) -> None:
        """requests would read the body of a redirect that is not followed."""

    def _send_once(self, method: str, url: str, **kwargs: Any) -> Any:
        # `verify` is given each time because requests prefers REQUESTS_CA_BUNDLE to the session's own setting.
        kwargs.update(timeout=self._timeout, verify=self.verify, allow_redirects=False, stream=True)
        with self._lock:
            self.sent += 1
        try:
            response = super().request(method, url, **kwargs)
            self._read(response)
        except (ReplyTooSlow, ReplyTooLarge, ReplyBroken) as failure:
            raise self._limit(failure) from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as failure:
            raise self._failure(failure) from None
        error = error_of(response, self._base)
        if error is not None:
            raise error
        self.ahead = seconds_ahead(response.headers.get("Date"), time.time())
        return response

    def _read(self, response: Any) -> None:
        """Read the body, within limits, and let nothing of it show the token."""
        good = response.status_code < 300
        try:
            content = read_body(response, REPLY_OCTETS if good else ERROR_OCTETS, cut=not good)
        except BaseException:
            response.raw.close()  # what is still to come belongs to no other reply
            raise
        if not good:
            # Here, before it is cut, parsed or repeated in a message.
            content = self._secrets.hidden(content.decode("utf-8", "replace")).encode()
            response.encoding = "utf-8"
            for name, value in response.headers.items():
                response.headers[name] = self._secrets.hidden(value)
        elif self._secrets and self._token in content:
            raise ReplyBroken("which holds the token that it was sent")
        # As requests itself does it when it reads a body.
        response._content, response._content_consumed = content, True
        response.json = partial(parse_reply, content)  # for pynetbox
        response.close()

    def without_token(self, text: str) -> str:
        """Words of a good reply as a message may repeat them."""
        return self._secrets.hidden(text)

    def _limit(self, failure: Exception) -> NetBoxError:
        """The error for a reply that was not read completely."""
        if isinstance(failure, ReplyTooSlow):
            return NetBoxTooSlow(
                f"NetBox at {self._base} had not sent its complete reply after {WHOLE_REPLY * self._timeout:g} s"
                f" ({WHOLE_REPLY} times the option timeout)",
                "raise that option if the network is slow; otherwise check what answers there",
                maybe_done=True,
            )
        if isinstance(failure, ReplyTooLarge):
            return NetBoxTooMuch(
                f"NetBox at {self._base} sends a reply of more than {REPLY_OCTETS >> 20} MiB, which is over the limit",
                "check what answers at that address, and rows with very long texts or JSON",
                maybe_done=True,
            )
        return NotNetBox(
            f"NetBox at {self._base} sends a reply {brief(self.without_token(str(failure)), 100)}",
            "check the url, and the proxy in front of NetBox",
            maybe_done=True,
        )

    def _pause(self, error: NetBoxError, attempt: int) -> float:
        """Seconds before the next try: what NetBox asks for, else doubling, with jitter to spread clients."""
        if error.retry_after is not None:
            return error.retry_after
        return self._backoff * 2 ** (attempt - 1) * random.uniform(0.5, 1.0)

    def _failure(self, failure: Exception) -> NetBoxError:
        """The error for an exception of requests, when no reply came."""
        if isinstance(failure, requests.exceptions.InvalidJSONError):
            return NetBoxRejected(f"The data for NetBox cannot be written as JSON: {failure}", 0)
        if isinstance(failure, requests.exceptions.SSLError):
            return self._tls_failure(str(failure))
        if isinstance(failure, (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)):
            return NetBoxUnreachable(
                f"The proxy on the way to NetBox at {self._base} cannot be reached",
                "check the environment's HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
            )
        if isinstance(failure, requests.exceptions.ConnectTimeout):
            return NetBoxTimeout(
                f"NetBox at {self._base} cannot be reached within {self._timeout:g} s",
                "check the url, the route and the firewall",
            )
        if _timed_out(failure):
            return NetBoxTimeout(
                f"NetBox at {self._base} did not answer within {self._timeout:g} s",
                "raise the option timeout, or check NetBox's load",
                maybe_done=True,
            )
        if isinstance(failure, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)):
            return NetBoxOptionError(f"The url {self._base} is not a web address.")
        return self._connection_failure(failure)

    def _tls_failure(self, text: str) -> NetBoxError:
        if "CERTIFICATE_VERIFY_FAILED" in text or "doesn't match" in text:
            match = re.search(r"certificate verify failed: ([^(\"']+)", text)
            why = f" ({match.group(1).strip()})" if match else ""
            return NetBoxCertificateError(
                f"The TLS certificate of NetBox at {self._base} is not trusted{why}",
                "name the file of your CA with ca_path, or disable the check with validate_certs: false",
            )
        if urlsplit(self._base).scheme == "https" and ("WRONG_VERSION" in text or "UNKNOWN_PROTOCOL" in text):
            return NetBoxCertificateError(f"{self._base} does not speak TLS: is it http:// or another port?")
        return NetBoxCertificateError(
            f"TLS with NetBox at {self._base} failed", "check the url's port and protocol, and ca_path"
        )

    def _connection_failure(self, failure: Exception) -> NetBoxError:
        reason = getattr(failure.args[0] if failure.args else None, "reason", None)
        if isinstance(reason, urllib3.exceptions.NewConnectionError):
            why = getattr(reason.__cause__, "strerror", None) or "no connection"
            return NetBoxUnreachable(
                f"NetBox at {self._base} cannot be reached ({why})", "check the url, and that NetBox runs"
            )
        return NetBoxUnreachable(
            f"The connection to NetBox at {self._base} broke before the reply was complete",
            "check NetBox's log, and the proxy in front of it",
            maybe_done=True,
        )


class _TokenAuth:
    """Puts the token into each request: "Bearer" for the v2 tokens of NetBox 4.5 and later, else "Token"."""

    def __init__(self, token: str) -> None:
        self._header = f"Bearer {token}" if token.startswith("nbt_") else f"Token {token}"

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = self._header
        return request

    def __repr__(self) -> str:
        return "<token>"


def _timed_out(failure: Exception) -> bool:
    """True for a reply that did not come, or stopped coming: requests reports the latter as a ConnectionError."""
    inner = failure.args[0] if failure.args else None
    late = urllib3.exceptions.ReadTimeoutError
    return isinstance(failure, (requests.exceptions.Timeout, late)) or isinstance(inner, late)
