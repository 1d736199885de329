# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory without hosts that writes when it is read: one before and one after the real one time that.

The first also begins to record what is asked of NetBox: nothing of the run has asked anything before it.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.plugins.inventory import BaseInventoryPlugin

DOCUMENTATION = """
name: bench_stamp
short_description: Stamps for the bench
description: Used by tests/bench alone.
options: {}
"""


class InventoryModule(BaseInventoryPlugin):
    NAME = "bench_stamp"

    def verify_file(self, path: str) -> bool:
        return path.endswith(".bench_stamp")

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        where = os.environ.get("BENCH_STAMPS")
        if where:
            used = os.times()
            cpu = {"main": used.user + used.system, "forks": used.children_user + used.children_system}
            with open(where, "a", encoding="utf-8") as file:
                print(json.dumps({"at": time.time(), "what": "inventory", "cpu": cpu}), file=file)
        requests = os.environ.get("BENCH_REQUESTS")
        if requests and os.path.basename(path).startswith("1-"):
            from ansible_collections.invmon.network.tests.bench.recorder import install

            install(requests)
