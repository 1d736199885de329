# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor below which no program gets: what NetBox itself takes for the requests of a run, and Ansible to do nothing.

The requests of a run are sent again, with nothing between them. The NetBox must be in the state in which the run found
it; the bench sees to that.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.invmon.network.tests.bench.figures import busy
from ansible_collections.invmon.network.tests.bench.netboxes import authorization

#: Seconds for one request.
TIMEOUT = 600
WRITES = ("POST", "PATCH", "PUT", "DELETE")

Request = Mapping[str, Any]  #: began, ended, method, url, body: see recorder.py


def is_write(request: Request) -> bool:
    """True for a request that changes rows; GraphQL only reads, with POST."""
    return request["method"] in WRITES and "/graphql" not in request["url"]


def waves(requests: Sequence[Request]) -> Iterator[list[Request]]:
    """The requests in groups: the first of a group began after all of the groups before it were answered.

    Within a group several were under way all the time, so that none of them waits for all others. What a request needs
    out of a reply is in the group before it.
    """
    group: list[Request] = []
    until = 0.0
    for one in sorted(requests, key=lambda one: float(one["began"])):
        if group and one["began"] >= until:
            yield group
            group = []
        group.append(one)
        until = max(until, one["ended"])
    if group:
        yield group


def at_a_time(group: Sequence[Request]) -> int:
    """How many requests of a group were under way at one time, at most."""
    moments = sorted([(one["began"], 1) for one in group] + [(one["ended"], -1) for one in group])
    most = now = 0
    for _moment, change in moments:
        now += change
        most = max(most, now)
    return most


def replay(requests: Sequence[Request], url: str, token: str) -> dict[str, Any]:
    """Send them again: {"seconds", "reading", "writing", "requests", "refused"}, in seconds and counts.

    On as many connections, and in such an order, as the run sent them (waves). The replies are read and thrown away.
    """
    sender = _Sender(url, token)
    spent = {"reading": 0.0, "writing": 0.0}
    for group in waves(requests):
        began = time.perf_counter()
        with ThreadPoolExecutor(at_a_time(group)) as pool:
            list(pool.map(sender.send, group))
        spent[_kind(group)] += time.perf_counter() - began
    return {"seconds": sum(spent.values()), **spent, "requests": len(requests), "refused": sender.refused}


class _Sender:
    """Sends requests, from several threads, each on a connection of its own that is kept where NetBox keeps it."""

    def __init__(self, url: str, token: str) -> None:
        self._parts = urlsplit(url)
        self._headers = {"Authorization": authorization(token), "Accept": "application/json"}
        self._of_thread = threading.local()
        self.refused = 0  #: requests with a reply that is none of success

    def send(self, request: Request) -> None:
        """One request, to the end of its reply. Raises OSError."""
        connection = getattr(self._of_thread, "connection", None)
        if connection is None:
            kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
            connection = self._of_thread.connection = kind(self._parts.netloc, timeout=TIMEOUT)
        sent = urlsplit(request["url"])
        target = sent.path + (f"?{sent.query}" if sent.query else "")
        body = request["body"]
        headers = {**self._headers, **({"Content-Type": "application/json"} if body else {})}
        connection.request(request["method"], target, body.encode() if body else None, headers)
        reply = connection.getresponse()
        reply.read()
        self.refused += reply.status >= 300


def written(requests: Sequence[Request]) -> dict[str, int]:
    """How many rows the requests create, change and delete."""
    counts = {"created": 0, "changed": 0, "deleted": 0}
    words = {"POST": "created", "PATCH": "changed", "DELETE": "deleted"}
    for one in filter(is_write, requests):
        rows = json.loads(one["body"] or "[]")
        counts[words[one["method"]]] += len(rows) if isinstance(rows, list) else 1
    return counts


def spans(requests: Sequence[Request], began: float) -> dict[str, float]:
    """Seconds in which a run waited for NetBox to read rows and to write them, of the requests after `began`.

    Where both are under way at a time, it counts as writing.
    """
    spent = {"reading": 0.0, "writing": 0.0}
    for group in waves([one for one in requests if one["began"] > began]):
        spent[_kind(group)] += busy(group)
    return spent


def _kind(group: Iterable[Request]) -> str:
    return "writing" if any(map(is_write, group)) else "reading"
