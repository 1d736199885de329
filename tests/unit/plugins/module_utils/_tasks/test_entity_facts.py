# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module does around the reading: options, files, hostile text. The device is a real agent over UDP."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import Applied, make_outcome
from ansible_collections.invmon.network.plugins.module_utils._snmp import backend_easysnmp
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    BackendMissing,
    OptionError,
    SnmpError,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC, entity_facts
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices, not_whole
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent, Request
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import Table, night

SYSTEM, ENTITY = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
#: Colours of a terminal, text that runs backwards, a template, NUL; and half a character, which is no UTF-8
HOSTILE = "\x1b[31mRed\u202e {{ 7*7 }}\0".encode()
V3: dict[str, Any] = {"username": USERNAME, "auth_passphrase": PASSPHRASE, "versions": ["3"]}
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


def run(agent: FaultAgent, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    """The module's result for this agent; a community that the environment of the tester may hold plays no part."""
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}
    return run_with(check_mode, **{**access, "timeout": 5, "retries": 1, **arguments})


def run_with(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    return entity_facts(ArgumentSpecValidator(ARGUMENT_SPEC).validate(arguments).validated_parameters, check_mode)


def test_the_credentials_that_worked_are_tried_first_the_next_time(tmp_path: Path) -> None:
    sets = {name: {"community": name} for name in ("first", "second", "public")}
    saved = tmp_path / "box.json"
    with FaultAgent(box()) as agent:

        def communities() -> list[str]:
            before = len(agent.requests)
            attempt = run(agent, credentials=list(sets), credential_sets=sets, save_to=str(saved), timeout=0.3)
            assert attempt["ansible_facts"]["entity_inventory"]["attempt"]["credentials"] == "public"
            return list(dict.fromkeys(request.community.decode() for request in agent.requests[before:]))

        assert communities() == ["first", "second", "public"]
        assert communities() == ["public"]
        saved.write_text('{"invmon_collection": 1, "attempt": {"credentials": 5}}')
        assert communities() == ["first", "second", "public"], "what is not known is not used"


@pytest.mark.parametrize("option", ["dump", "record_to", "save_to"])
def test_a_file_that_cannot_be_written_loses_nothing_of_what_was_read(tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    others: dict[str, Any] = {name: str(tmp_path / name) for name in ("dump", "record_to", "save_to") if name != option}
    with FaultAgent(box()) as agent:
        result = run(agent, **{option: str(tmp_path / "file" / "x"), **others})
    assert len(result["ansible_facts"]["entity_inventory"]["items"]) == 1
    assert not result.get("failed")
    (warning,) = result["warnings"]
    assert str(tmp_path / "file") in warning
    assert all(Path(other).exists() for other in others.values())


def _folder(path: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    path.mkdir()
    (path / "x").write_text("")


def _read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a user who is not root: no file of the folder can be made or removed."""
    path.write_text("{}")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    monkeypatch.setattr(os, "unlink", _refuse(errno.EACCES))
    monkeypatch.setattr(tempfile, "mkstemp", _refuse(errno.EACCES))


def _stale(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "lstat", _refuse(errno.ESTALE))
    monkeypatch.setattr(os, "unlink", _refuse(errno.ESTALE))
    monkeypatch.setattr(os, "replace", _refuse(errno.ESTALE))


def _refuse(number: int) -> Any:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [(_folder, "Is a directory"), (_read_only, "Permission denied"), (_stale, "Stale file handle")],
)
def test_a_collection_that_cannot_be_kept_is_a_warning_and_check_mode_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Any, words: str, check_mode: bool
) -> None:
    path = tmp_path / "r1.json"
    spoil(path, monkeypatch)
    with FaultAgent(box()) as agent:
        result = run(agent, check_mode, save_to=str(path))
    monkeypatch.undo()
    assert len(result["ansible_facts"]["entity_inventory"]["items"]) == 1
    assert "saved_to" not in result
    (warning,) = result["warnings"]
    assert words in warning
    assert str(path) in warning


def test_check_mode_neither_writes_nor_removes_a_collection_and_warns_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "r1.json"
    path.write_text("of an earlier run")
    with FaultAgent(box()) as agent:
        for name in (path, tmp_path / "new" / "r2.json"):
            assert run(agent, True, save_to=str(name))["warnings"] == []
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("r1.json", "of an earlier run")]


def test_a_device_that_does_not_answer_leaves_no_collection_of_an_earlier_run(tmp_path: Path) -> None:
    path = tmp_path / "r1.json"
    with FaultAgent(box()) as agent:
        assert run(agent, save_to=str(path))["saved_to"] == str(path)
    with pytest.raises(SnmpError):
        run(agent, save_to=str(path), timeout=0.3)
    assert not path.exists()


@pytest.mark.parametrize("limit", ["max_rows", "max_seconds"])
def test_a_limit_that_lets_nothing_through_is_an_error_not_an_empty_device(limit: str) -> None:
    with FaultAgent(box()) as agent, pytest.raises(OptionError, match=f"{limit} is 0, and must be at least 1"):
        run(agent, tables={limit: 0})


def test_the_limits_and_the_tables_to_skip_reach_the_reading() -> None:
    rows: list[tuple[tuple[int, ...], str, Any]] = [
        ((*ENTITY, column, row), "octets", b"SN%06d" % row) for row in range(2, 9) for column in (7, 11)
    ]
    with FaultAgent(box() + rows) as agent:
        few = run(agent, tables={"max_rows": 5})
        none = run(agent, tables={"skip": ["entPhysicalTable"]})
    assert few["failed"]
    assert "more rows than the limit of 5" in few["msg"]
    assert len(few["ansible_facts"]["entity_inventory"]["items"]) == 5
    assert "not read, because the options exclude it" in none["msg"]


@pytest.mark.parametrize("backend", ["builtin", "easysnmp", "snmp"])
def test_hostile_text_reaches_facts_and_dump_as_harmless_text(tmp_path: Path, backend: str) -> None:
    if backend != "builtin":
        pytest.importorskip(backend)
    dump = tmp_path / "dump.json"
    keys: dict[str, Any] = {} if backend == "builtin" else {**V3, "backend": backend}
    with (
        UserAgent(box(HOSTILE, NO_UTF8 + b"x" * 40_000))
        if keys
        else FaultAgent(box(HOSTILE, NO_UTF8 + b"x" * 40_000)) as agent
    ):
        result = run(agent, **keys, dump=str(dump), record_to=str(tmp_path / "box.snmprec"))
    inventory = result["ansible_facts"]["entity_inventory"]
    assert inventory["backend"] == backend
    for text in (inventory["items"][0]["name"], inventory["system"]["description"], json.loads(dump.read_text())):
        assert str(text).isprintable()
    assert inventory["items"][0]["name"] == "[31mRed {{ 7*7 }}"
    assert len(inventory["system"]["description"]) <= 400, "a name or a banner is for people"
    replayed = run_with(replay_from=str(tmp_path / "box.snmprec"))
    assert replayed["ansible_facts"]["entity_inventory"]["items"][0]["name"] == inventory["items"][0]["name"]


def test_without_easysnmp_our_own_code_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_easysnmp, "library", lambda: None)
    with UserAgent(box()) as agent:
        assert run(agent, **V3)["ansible_facts"]["entity_inventory"]["backend"] == "builtin"
        with pytest.raises(BackendMissing, match="easysnmp"):
            run(agent, **V3, backend="easysnmp")


def test_of_a_device_that_answers_a_whole_table_with_errors_that_is_reported_wherever_it_is_named() -> None:
    def errors(request: Request, reply: bytes) -> list[bytes]:
        asked = any(oid[: len(ENTITY)] == ENTITY for oid in request.oids)
        return [request.error("genErr") if asked else reply]

    with FaultAgent(box(), errors) as agent:
        hostvars: dict[str, dict[str, Any]] = {"r1": {"collect_result": run(agent), "netbox_device_id": 1}}
    devices = merge_by_serial(collected_devices(["r1"], hostvars))
    found = make_outcome(Table().plan(devices, night(0)), Applied(), 0)
    summary = " ".join(" ".join(found["summary"]).split())
    texts = [hostvars["r1"]["collect_result"]["msg"], not_whole(["r1"], hostvars)["r1"]]
    for text in (*texts, found["failed_hosts"]["r1"], found["devices"]["r1"]["error"], summary):
        assert "entPhysicalTable (column serial, after 0 rows: the agent returned genErr)" in text
        assert "nothing was collected" not in text
    assert "1 not read." in found["summary"][0]
