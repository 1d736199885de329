# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/snmp-matrix.md is true, as far as that is asked in seconds: `make matrix` asks the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from ansible_collections.invmon.network.tests.snmp_matrix import (
    CHECKS,
    PAGE,
    REBOOT,
    Agents,
    Case,
    agents,
    ask,
    cases,
    grid,
)


@pytest.fixture(scope="module")
def both() -> Iterator[Agents]:
    with ExitStack() as stack:
        found = stack.enter_context(agents())
        if found is None:
            pytest.skip("snmpd is not installed here")
        yield found


@pytest.mark.parametrize("backend", ["builtin", "snmp", "easysnmp"])
def test_the_page_has_the_users_that_each_backend_serves(both: Agents, backend: str) -> None:
    if backend != "builtin":
        pytest.importorskip(backend)
    found = ask(cases(), both, ["get and walk", "the same over IPv6"], [backend])
    assert grid(backend, found) in PAGE.read_text(encoding="utf-8")


def test_the_page_has_what_is_said_of_each_mistake(both: Agents) -> None:
    (row,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if REBOOT in line]
    assert row == f"| {REBOOT} | yes | yes | yes |"
    text = PAGE.read_text(encoding="utf-8")
    cases_of_ours = [Case("SHA-256", "AES-128"), Case(version="2c")]
    found = ask(cases_of_ours, both, [*CHECKS, REBOOT], ["builtin"])
    for (check, _backend, case), outcome in found.items():
        cell = re.search(rf"^\| {re.escape(check)} \| ([^|]+) \|", text, re.MULTILINE)
        assert cell, check
        assert not outcome or outcome in cell[1].split(" or "), (check, case)
