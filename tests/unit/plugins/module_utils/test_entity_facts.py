# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module does around the reading: options, files, hostile text. The device is a real agent over UDP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils.entity_facts import ARGUMENT_SPEC, entity_facts
from ansible_collections.invmon.network.plugins.module_utils.snmp import backend_easysnmp
from ansible_collections.invmon.network.plugins.module_utils.snmp.errors import BackendMissing, OptionError
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent

SYSTEM, ENTITY = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
#: Colours of a terminal, text that runs backwards, a template, NUL; and half a character, which is no UTF-8
HOSTILE = "\x1b[31mRed\u202e {{ 7*7 }}\0".encode()
NO_UTF8 = HOSTILE + b"\xed\xa0\x80\xff"


def box(name: bytes = b"Chassis", description: bytes = b"A box") -> list[tuple[tuple[int, ...], str, Any]]:
    """A device of one part."""
    return [
        ((*SYSTEM, 1, 0), "octets", description),
        ((*SYSTEM, 2, 0), "oid", (1, 3, 6, 1, 4, 1, 99999, 1)),
        ((*SYSTEM, 3, 0), "ticks", 4711),
        ((*SYSTEM, 5, 0), "octets", b"box"),
        ((*ENTITY, 5, 1), "int", 3),
        ((*ENTITY, 7, 1), "octets", name),
        ((*ENTITY, 11, 1), "octets", b"FOC12345678"),
    ]


def run(agent: FaultAgent, **arguments: Any) -> dict[str, Any]:
    """The module's result for this agent; a community that the environment of the tester may hold plays no part."""
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}
    return run_with(**{**access, "timeout": 0.3, "retries": 1, **arguments})


def run_with(**arguments: Any) -> dict[str, Any]:
    return entity_facts(ArgumentSpecValidator(ARGUMENT_SPEC).validate(arguments).validated_parameters)


@pytest.mark.parametrize("option", ["dump", "record_to", "save_to"])
def test_a_file_that_cannot_be_written_loses_nothing_of_what_was_read(tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    others = {name: str(tmp_path / name) for name in ("dump", "record_to", "save_to") if name != option}
    with FaultAgent(box()) as agent:
        result = run(agent, **{option: str(tmp_path / "file" / "x"), **others})
    assert len(result["ansible_facts"]["entity_inventory"]["items"]) == 1
    assert not result.get("failed")
    (warning,) = result["warnings"]
    assert str(tmp_path / "file") in warning
    assert all(Path(other).exists() for other in others.values())


@pytest.mark.parametrize("limit", ["max_rows", "max_seconds"])
def test_a_limit_that_lets_nothing_through_is_an_error_not_an_empty_device(limit: str) -> None:
    with FaultAgent(box()) as agent, pytest.raises(OptionError, match=f"{limit} is 0, and must be at least 1"):
        run(agent, tables={limit: 0})


def test_the_limits_and_the_tables_to_skip_reach_the_reading() -> None:
    rows = [((*ENTITY, column, row), "octets", b"SN%06d" % row) for row in range(2, 9) for column in (7, 11)]
    with FaultAgent(box() + rows) as agent:
        few = run(agent, tables={"max_rows": 5})
        none = run(agent, tables={"skip": ["entPhysicalTable"]})
    assert few["failed"]
    assert "more rows than the limit of 5" in few["msg"]
    assert len(few["ansible_facts"]["entity_inventory"]["items"]) == 5
    assert "not asked for, as the options say" in none["msg"]


@pytest.mark.parametrize("backend", ["easysnmp", "snmp"])
def test_hostile_text_reaches_facts_and_dump_as_harmless_text(tmp_path: Path, backend: str) -> None:
    pytest.importorskip(backend)
    dump = tmp_path / "dump.json"
    with FaultAgent(box(HOSTILE, NO_UTF8 + b"x" * 40_000)) as agent:
        result = run(agent, backend=backend, dump=str(dump), record_to=str(tmp_path / "box.snmprec"))
    inventory = result["ansible_facts"]["entity_inventory"]
    for text in (inventory["items"][0]["name"], inventory["system"]["description"], json.loads(dump.read_text())):
        assert str(text).isprintable()
    assert inventory["items"][0]["name"] == "[31mRed {{ 7*7 }}"
    assert len(inventory["system"]["description"]) <= 400, "a name or a banner is for people"
    replayed = run_with(replay_from=str(tmp_path / "box.snmprec"))
    assert replayed["ansible_facts"]["entity_inventory"]["items"][0]["name"] == inventory["items"][0]["name"]


def test_without_easysnmp_the_other_library_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("snmp")
    monkeypatch.setattr(backend_easysnmp, "easysnmp", None)
    with FaultAgent(box()) as agent:
        assert run(agent)["ansible_facts"]["entity_inventory"]["backend"] == "snmp"
        with pytest.raises(BackendMissing, match="easysnmp"):
            run(agent, backend="easysnmp")
