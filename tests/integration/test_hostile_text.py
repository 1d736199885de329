# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile text in every field that a device can fill: the real playbook reads a recording and writes it to NetBox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, Outcome, run_playbook
from ansible_collections.invmon.network.tests.races import rows_of
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

TEXTS = {
    "jinja": "{{ 7*7 }}{% raw %}",
    "lookup": "{{ lookup('pipe', 'echo pwned') }}",
    "html": "<script>alert(1)</script>",
    "formula": "=cmd|' /C calc'!A0",
    "escape": "\x1b[2J\x1b[31mred\x9b5n",
    "bidi": "abc\u202edef\u2066",
    "nul": "ab\x00cd",
    "lines": "one\r\ntwo\nPLAY RECAP ****\nr1 : ok=1",
    "broken": "caf\udce9",
    "yaml": "!unsafe '}}'\n- &a [*a]",
    # An OCTET STRING has at most 65,535 octets.
    "long": "L" * 65_000,
}
#: What is stored where it is not the text itself: without what only steers a terminal, on one line, cut.
STORED = {
    "escape": "[2J[31mred5n",
    "bidi": "abcdef",
    "nul": "abcd",
    "lines": "one two PLAY RECAP **** r1 : ok=1",
    "broken": "caf\xe9",
    "yaml": "!unsafe '}}' - &a [*a]",
    "long": "L" * 400,
}
#: Columns of entPhysicalTable that hold text: description, name, hardware, firmware, software, manufacturer, model,
#: alias, asset.
TEXT_COLUMNS = (2, 7, 8, 9, 10, 12, 13, 14, 15)
SERIAL = 11


def entity_row(index: int, kind: int, parent: int, serial: str, text: str) -> dict[tuple[int, ...], tuple[str, str]]:
    """One row of entPhysicalTable: (column, index) -> type and value as a recording has them."""
    octets = text.encode("utf-8", "surrogateescape").hex()
    found: dict[tuple[int, ...], tuple[str, str]] = {(column, index): ("4x", octets) for column in TEXT_COLUMNS}
    found[(SERIAL, index)] = ("4x", serial.encode("utf-8", "surrogateescape").hex())
    numbers = {4: parent, 5: kind, 6: index, 16: 1}
    return found | {(column, index): ("2", str(value)) for column, value in numbers.items()}


def record_device(path: Path) -> None:
    """Per text: a module that shows it in all texts, and one that has it as its serial."""
    table = entity_row(1, 3, 0, "CHASSIS01", "Chassis")
    for number, (word, text) in enumerate(TEXTS.items(), 1):
        table |= entity_row(10 + number, 9, 1, f"GOOD{number:02}{word.upper()}", text)
        table |= entity_row(100 + number, 9, 1, text, f"Module {number}")
    lines = [
        "1.3.6.1.2.1.1.1.0|4x|" + TEXTS["escape"].encode().hex(),
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1",
        "1.3.6.1.2.1.1.3.0|67|100",
        "1.3.6.1.2.1.1.5.0|4x|" + TEXTS["jinja"].encode().hex(),
    ]
    lines += [
        f"1.3.6.1.2.1.47.1.1.1.1.{key[0]}.{key[1]}|{kind}|{value}" for key, (kind, value) in sorted(table.items())
    ]
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(1)) as one:
        yield one


def nightly_job(standin: StandIn, folder: Path, *arguments: str) -> Outcome:
    record_device(folder / "r1.snmprec")
    host = {"ansible_host": "127.0.0.1", "netbox_device_id": 1, "netbox_device_name": "r1"}
    host |= {"snmp_replay_from": str(folder / "r1.snmprec")}
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": {"r1": host}}}))
    variables = {
        "netbox_url": standin.url,
        "netbox_token": standin.token,
        "invmon_collected": str(folder / "collected"),
    }
    extra = ("-i", str(inventory), "-e", json.dumps(variables), *arguments)
    return run_playbook(ROOT / "playbooks" / "inventory.yml", *extra)


@pytest.mark.parametrize("verbosity", ["--diff", "-vvv"])
def test_hostile_text_is_stored_or_refused_whole_and_harms_neither_terminal_nor_job(
    standin: StandIn, tmp_path: Path, verbosity: str
) -> None:
    outcome = nightly_job(standin, tmp_path, "--diff", verbosity)
    assert "Traceback" not in outcome.text
    assert outcome.status == 0, outcome.text[-3000:]
    unprintable = {char for char in outcome.text if not char.isprintable()} - {"\n", "\t"}
    assert unprintable == set()
    assert "49{% raw" not in outcome.text
    assert "\npwned" not in outcome.text
    assert "\nr1 : ok=1" not in outcome.text
    found = {row["serial"]: row for row in rows_of(standin.url, standin.token)}
    for number, (word, text) in enumerate(TEXTS.items(), 1):
        row = found[f"GOOD{number:02}{word.upper()}"]
        wanted = STORED.get(word, text)
        assert (row["description"], row["part"]) == (wanted, wanted[:255]), word
    # A serial is what the device said, or none: it is never repaired into another one by running it.
    assert {serial for serial in found if not serial.startswith(("GOOD", "CHASSIS"))} <= {
        STORED.get(word, text) for word, text in TEXTS.items()
    }


def test_a_second_night_with_the_same_hostile_text_changes_nothing(standin: StandIn, tmp_path: Path) -> None:
    assert nightly_job(standin, tmp_path).status == 0
    before = rows_of(standin.url, standin.token)
    again = nightly_job(standin, tmp_path)
    assert (again.status, again.changed) == (0, set()), again.text[-3000:]
    assert [row["serial"] for row in rows_of(standin.url, standin.token)] == [row["serial"] for row in before]
