# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records what a run asks of NetBox, from inside: each request with its body, and when it began and ended.

A real NetBox does not report it, and the requests are sent again by themselves to measure what NetBox takes for them
(floor.py). Headers are not recorded, so no token is.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

#: Where the requests of a run go, if this is set in its environment.
VARIABLE = "BENCH_REQUESTS"


def install(path: str) -> None:
    """Record all requests of this process, and of those that it forks, in this file: a line of JSON each."""
    # Here, so that who measures the start of the run counts it where the run itself would import it.
    from ansible_collections.invmon.network.plugins.module_utils._netbox.session import NetBoxSession

    lock = threading.Lock()
    send_once = NetBoxSession._send_once

    def recorded(session: NetBoxSession, method: str, url: str, **kwargs: Any) -> Any:
        began = time.time()
        response = send_once(session, method, url, **kwargs)
        ended = time.time()
        sent = response.request
        line = json.dumps(
            {
                **{"began": began, "ended": ended, "method": sent.method, "url": sent.url},
                **{"body": sent.body.decode() if isinstance(sent.body, bytes) else sent.body},
            }
        )
        with lock, open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
        return response

    NetBoxSession._send_once = recorded  # type: ignore[assignment,method-assign]


def read(path: Path) -> list[dict[str, Any]]:
    """The requests of a run, in the order in which they began."""
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(found, key=lambda one: float(one["began"]))
