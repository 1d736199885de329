# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets of the contract: the stand-in as each of its releases, and a real NetBox where one is named."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from ansible_collections.invmon.network.tests.contract.target import Target
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin

_REAL = "NETBOX_URL" in os.environ and "NETBOX_TOKEN" in os.environ
_TARGETS = ["stand-in 4.6", "stand-in 4.4", *(["real"] if _REAL else [])]


@pytest.fixture(scope="module", params=_TARGETS)
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "real":
        found = Target("real", os.environ["NETBOX_URL"], os.environ["NETBOX_TOKEN"])
        yield found
        found.clean_up()
        return
    with start_standin(version=request.param.split()[1]) as standin:
        found = Target(request.param, standin.url, standin.token, standin.store)
        yield found
        found.clean_up()
