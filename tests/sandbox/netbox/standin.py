# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a stand-in within a test:

with start_standin({"sites": [...], "devices": [...]}) as netbox:
    NetBox(netbox.url, netbox.token)
    netbox.plan("429", method="POST", path="/probes/", seconds=1)
    ...
    assert netbox.requests("POST") == [...]
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any

from .api import Api
from .front import Server
from .releases import RELEASES, Release
from .seed import DEFAULT_TOKEN, load
from .store import Store


class StandIn:
    """A running stand-in. Use it in a with statement, or call stop()."""

    def __init__(self, server: Server, store: Store) -> None:
        """Serve in a thread of its own."""
        self._server = server
        self.store = store  #: all objects, for a look without HTTP
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return self._server.url

    @property
    def token(self) -> str:
        """One of its tokens: the first of the seed."""
        return next(iter(self.store.tokens()), DEFAULT_TOKEN)

    def plan(
        self, kind: str, method: str = "", path: str = "", nth: int = 1, times: int = 1, seconds: float = 0.0
    ) -> None:
        """Let something go wrong: see faults.py."""
        match = {"method": method, "path": path, "nth": nth}
        self._server.faults.plan({"kind": kind, "match": match, "times": times, "seconds": seconds})

    def requests(self, method: str = "", path: str = "") -> list[dict[str, Any]]:
        """What was asked, in order: method, path, query, rows, status, fault; of one method, path holding `path`."""
        entries = self._server.log.entries()
        return [one for one in entries if method in ("", one["method"]) and path in one["path"]]

    @property
    def release(self) -> Release:
        """What it behaves as."""
        return self._server.api.release

    def limit_lists(self, rows: int) -> None:
        """Give at most so many rows in one list, as an administrator may have it: MAX_PAGE_SIZE."""
        self._server.api.release = replace(self._server.api.release, max_page_size=rows)

    def forget(self) -> None:
        """Forget the requests and the faults."""
        self._server.log.clear()
        self._server.faults.clear()

    def stop(self) -> None:
        """Close the port and the database."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.store.close()

    def __enter__(self) -> StandIn:
        """Already started."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def open_server(
    host: str, port: int, database: str, version: str, seed: Mapping[str, Any] | None
) -> tuple[Server, Store]:
    """A server that listens but does not serve yet, and its store. A database that has tokens is not seeded again."""
    store = Store(database)
    if not store.tokens():
        load(store, seed or {})
    return Server((host, port), Api(store, RELEASES[version])), store


def start_standin(
    seed: Mapping[str, Any] | None = None,
    faults: Iterable[Mapping[str, Any]] = (),
    version: str = "4.6",
    database: str = ":memory:",
    host: str = "127.0.0.1",
) -> StandIn:
    """Start one on a free port; `seed` as seed.py says, `faults` as faults.py says."""
    server, store = open_server(host, 0, database, version, seed)
    for fault in faults:
        server.faults.plan(fault)
    return StandIn(server, store)
