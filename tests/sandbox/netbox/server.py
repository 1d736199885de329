# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NetBox stand-in as a program: a NetBox with inventory_monitor as a client sees it, over SQLite.

    python tests/run.py tests/sandbox/netbox/server.py --port 0 --db FILE --seed seed.json --version 4.6 --port-file F

It prints one line with its URL and serves until it gets SIGTERM or SIGINT. The seed's format is in seed.py; faults
and the log of requests are in front.py; tests start it within their own process by standin.py.

What it does not do: requests take their turn, so what NetBox does wrong between two of them at once does not happen
(a PATCH that brings back the rows that are being deleted, a deadlock of two bulk changes): plan a fault "revive" or
"deadlock".
Readers and writers of different requests do race as with NetBox: nothing here is unique, and nothing locks a row.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from ansible_collections.invmon.network.tests.sandbox.netbox.releases import RELEASES
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import open_server


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A NetBox stand-in over SQLite.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--db", default=":memory:", help="SQLite file; one that has tokens is not seeded again")
    parser.add_argument("--seed", type=Path, help="JSON file, see seed.py")
    parser.add_argument("--version", choices=sorted(RELEASES), default="4.6")
    parser.add_argument("--port-file", type=Path, help="file to write the port to")
    return parser.parse_args()


def main() -> int:
    """Serve until a signal comes."""
    options = _arguments()
    seed = json.loads(options.seed.read_text(encoding="utf-8")) if options.seed else None
    server, store = open_server(options.host, options.port, options.db, options.version, seed)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if options.port_file:
        partial = options.port_file.with_suffix(".part")
        partial.write_text(str(server.server_address[1]), encoding="ascii")
        partial.replace(options.port_file)
    print(server.url, flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
