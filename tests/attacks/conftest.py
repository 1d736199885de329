# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks on the collection, each as a test; `make attacks` prints them as a table.

A test names its attack with `@pytest.mark.attack(NAME, tried=WHAT, came=WHAT CAME OF IT)`. It passes where the
collection holds; the table says `held: no` for one that fails, and `not tried` for one that is skipped.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import pytest

# The real playbooks are run as the integration tests run them.


class Attack(NamedTuple):
    """One line of the table."""

    name: str
    tried: str
    came: str


#: The results of each attack's tests, by their ids. With xdist the reports bring the attacks from the workers.
_held: dict[Attack, dict[str, str]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--attack-table", action="store_true", help="print what was tried and the result")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "attack(name, tried, came): an attack, as a line of the table of make attacks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := item.get_closest_marker("attack"):
            item.user_properties.append(("attack", (mark.args[0], mark.kwargs["tried"], mark.kwargs["came"])))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, attack in report.user_properties:
        if name == "attack" and isinstance(attack, tuple | list):
            _count(_held.setdefault(Attack(*attack), {}), report)


def _count(outcomes: dict[str, str], report: pytest.TestReport) -> None:
    if report.failed:
        outcomes[report.nodeid] = "no"
    elif report.skipped:
        outcomes.setdefault(report.nodeid, "not tried")
    elif report.when == "call":
        outcomes.setdefault(report.nodeid, "yes")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--attack-table"):
        terminalreporter.section("attacks")
        for line in _table(shutil.get_terminal_size((120, 24)).columns):
            terminalreporter.write_line(line)


def _table(width: int) -> Iterator[str]:
    """One attack a paragraph, those of one name (the same attack with other values) together."""
    held = {attack: set(outcomes.values()) for attack, outcomes in _held.items()}
    for attack, outcomes in held.items():
        verdict = next((word for word in ("no", "not tried") if word in outcomes), "yes")
        yield f"{attack.name}  (held: {verdict})"
        for word, text in (("tried", attack.tried), ("result", attack.came)):
            yield from textwrap.wrap(
                text, max(width - 2, 40), initial_indent=f"    {word}: ", subsequent_indent=" " * 8
            )
    count = sum(1 for outcomes in held.values() if outcomes == {"yes"})
    yield f"{count} of {len(held)} attacks held."


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(("NETBOX_", "SNMP_", "INVMON_")):
            monkeypatch.delenv(name)
