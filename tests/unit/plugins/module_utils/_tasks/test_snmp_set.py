# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""snmp_set against an agent that refuses, changes values, or does not answer; what a poller returns."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked, run_task
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._mib.library import Mib
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_reading import AnswerError
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_set import (
    REFUSALS,
    SetTask,
    done_apart,
    done_there,
    result_of,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_set_options import ARGUMENT_SPEC, RULES
from ansible_collections.invmon.network.tests.sandbox.writable_agent import Manners, Setting, WritableAgent
from hypothesis import given, settings
from hypothesis import strategies as st

MIB = Mib()
#: For agents that are silent. The others get the time that a busy machine needs.
HASTY: dict[str, Any] = {"timeout": 0.3}
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
CONTACT, NAME = {"oid": "sysContact", "value": "noc"}, {"oid": "sysName", "value": "core-1"}
DEVICE: list[tuple[tuple[int, ...], str, Any]] = [
    ((*SYSTEM, 3, 0), "ticks", 4711),
    ((*SYSTEM, 4, 0), "octets", b"root"),
    ((*SYSTEM, 5, 0), "octets", b"box"),
    ((1, 3, 6, 1, 6, 3, 1, 1, 6, 1, 0), "int", 7),
]
TARGET_STATUS = (1, 3, 6, 1, 6, 3, 12, 1, 2, 1, 9)
ROW = {"table": "snmpTargetAddrTable", "index": ["noc"], "columns": {"snmpTargetAddrParams": "p"}}


def put(agent: WritableAgent, *variables: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}

    def work(params: dict[str, Any]) -> dict[str, Any]:
        task = SetTask(params, MIB, check)
        return result_of(task, done_apart(params, task.order), params, diff=True)

    what = {"variables": list(variables)} if variables else {}
    given = {**access, "timeout": 10, "retries": 1, **what, **options}
    return run_task(lambda: given, ARGUMENT_SPEC, work, RULES)


def sent(agent: WritableAgent) -> list[list[bytes]]:
    """The values of each SET."""
    return [[content for _oid, _tag, content in one] for one in agent.sets]


def test_only_what_differs_is_set_and_a_second_time_nothing() -> None:
    with WritableAgent(DEVICE) as agent:
        first = put(agent, {"oid": "sysContact", "value": "root"}, NAME)
        second = put(agent, {"oid": "sysContact", "value": "root"}, NAME)
        assert sent(agent) == [[b"core-1"]]
        back = put(agent, *first["restore"])
    assert (first["changed"], first["outcome"]) == (True, "done")
    assert [one["changed"] for one in first["variables"]] == [False, True]
    assert (first["variables"][1]["before"], first["variables"][1]["after"]) == ("box", "core-1")
    assert first["diff"]["before"] == "sysContact.0 = root\nsysName.0 = box\n"
    assert first["diff"]["after"] == "sysContact.0 = root\nsysName.0 = core-1\n"
    assert (second["changed"], second["outcome"], second["restore"]) == (False, "same", [])
    assert (back["changed"], back["variables"][0]["after"]) == (True, "box")


def test_check_mode_sends_nothing_and_shows_what_would_be() -> None:
    with WritableAgent(DEVICE) as agent:
        result = put(agent, NAME, check=True)
        assert agent.sets == []
    assert (result["changed"], result["outcome"]) == (True, "would")
    assert result["diff"]["after"] == "sysName.0 = core-1\n"


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_names_the_variable_and_what_it_means(version: str, status: str) -> None:
    index = 0 if status == "tooBig" else 2
    with WritableAgent(DEVICE, Manners(refuses=lambda _settings: (status, index))) as agent:
        result = put(agent, CONTACT, NAME, versions=[version])
        assert len(agent.sets) == 1
    what = "this" if status == "tooBig" else "sysName.0"
    assert result["msg"].startswith(f"127.0.0.1 refused to set {what}: {status} ({REFUSALS[status]}). Nothing was set")
    assert (result["failed"], result["changed"], result["restore"]) == (True, False, [])


def test_values_that_the_agent_changes_are_reported() -> None:
    with WritableAgent(DEVICE, Manners(stores=lambda setting: setting[2].upper())) as agent:
        result = put(agent, NAME)
    assert result["failed"]
    assert "accepted the values, but has others: sysName.0 is CORE-1, and not core-1" in result["msg"]
    assert (result["outcome"], result["changed"], result["restore"][0]["value"]) == ("different", True, "box")


def test_another_type_is_a_difference() -> None:
    with WritableAgent([((1, 3, 6, 1, 4, 1, 99999, 1), "gauge32", 5)]) as agent:
        same = put(agent, {"oid": "1.3.6.1.4.1.99999.1", "type": "unsigned", "value": 5})
        agent.manners.refuses = lambda settings: ("wrongType", 1) if settings[0][1] == 2 else None
        other = put(agent, {"oid": "1.3.6.1.4.1.99999.1", "type": "integer", "value": 5})
    assert (same["outcome"], other["outcome"]) == ("same", "refused")
    with WritableAgent([((1, 3, 6, 1, 4, 1, 99999, 1), "gauge32", 5)], Manners(forgets=True)) as agent:
        kept = put(agent, {"oid": "1.3.6.1.4.1.99999.1", "type": "integer", "value": 5})
    assert "enterprises.99999.1 is 5 (Gauge32), and not 5 (INTEGER)" in kept["msg"]


def test_a_value_that_was_not_kept_completely_is_not_restored() -> None:
    with WritableAgent([((*SYSTEM, 4, 0), "octets", b"x" * 3000)], reply_octets=9000) as agent:
        result = put(agent, CONTACT)
    assert (result["outcome"], result["restore"], result["withheld"]) == ("done", [], ["sysContact.0"])


def test_no_answer_is_looked_into() -> None:
    with WritableAgent(DEVICE, Manners(lost=1)) as agent:
        done = put(agent, NAME, **HASTY)
    assert (done["outcome"], done["changed"]) == ("done", True)
    assert "not answered (no answer); reading again shows that it was done" in done["unanswered"]
    with WritableAgent(DEVICE, Manners(deaf=True)) as agent:
        undone = put(agent, NAME, **HASTY)
    assert (undone["outcome"], undone["changed"], undone["failed"]) == ("silent", False, True)
    assert "reading again shows nothing changed" in undone["msg"]


def test_what_is_unknown_is_reported() -> None:
    class Gone(WritableAgent):
        def _handle(self, data: bytes) -> list[bytes]:
            return [] if self.sets else super()._handle(data)

    with Gone(DEVICE, Manners(lost=1)) as agent:
        result = put(agent, NAME, **HASTY)
    assert "it is unknown whether anything was set" in result["msg"]
    assert (result["failed"], result["changed"], result["restore"][0]["value"]) == (True, True, "box")


def test_a_refusal_without_reading_again_claims_nothing_about_the_values() -> None:
    class Gone(WritableAgent):
        def _handle(self, data: bytes) -> list[bytes]:
            return [] if self.sets else super()._handle(data)

    with Gone(DEVICE, Manners(refuses=lambda _settings: ("undoFailed", 1))) as agent:
        result = put(agent, NAME, **HASTY)
    assert "undoFailed" in result["msg"]
    assert result["msg"].endswith("It could not be read again.")
    assert result["restore"][0]["value"] == "box"


def test_the_answer_to_a_repeated_request_may_be_an_error() -> None:
    """The first one was carried out, and its answer was lost."""
    with WritableAgent(DEVICE, Manners(lost=1)) as agent:
        agent.manners.refuses = lambda _settings: ("inconsistentValue", 1) if len(agent.sets) > 1 else None
        result = put(agent, NAME, **{**HASTY, "retries": 2})
        assert len(agent.sets) == 2
    assert (result["outcome"], result["changed"]) == ("done", True)


def test_zeros_at_the_end_of_bits_are_no_difference() -> None:
    tlvs = (1, 0, 8802, 1, 1, 2, 1, 1, 6, 1, 4, 1)
    wanted = {"oid": "lldpPortConfigTLVsTxEnable.1", "value": ["sysName"]}
    with WritableAgent([(tlvs, "octets", b"\x40\x00")]) as agent:
        assert put(agent, wanted)["outcome"] == "same"
        assert put(agent, {**wanted, "value": ["portDesc"]})["outcome"] == "done"
        assert sent(agent) == [[b"\x80"]]


def test_what_was_set_by_force_is_restored_by_force() -> None:
    with WritableAgent([((*SYSTEM, 1, 0), "octets", b"a box")]) as agent:
        result = put(agent, {"oid": "sysDescr", "value": "x", "force": True})
        assert put(agent, *result["restore"])["variables"][0]["after"] == "a box"


def test_what_did_not_exist_is_reported() -> None:
    with WritableAgent(DEVICE) as agent:
        result = put(agent, {"oid": "sysLocation", "value": "Rack 4"})
    assert (result["created"], result["restore"], result["variables"][0]["before"]) == (["sysLocation.0"], [], None)


def test_a_value_with_a_credential_in_it_is_not_restored_wrongly() -> None:
    device = [((*SYSTEM, 4, 0), "octets", b"ask for secret-community"), ((*SYSTEM, 5, 0), "octets", b"box")]
    with WritableAgent(device, community="secret-community") as agent:
        result = put(agent, CONTACT, NAME, community="secret-community")
    assert result["outcome"] == "done"
    assert ([one["value"] for one in result["restore"]], result["withheld"]) == (["box"], ["sysContact.0"])
    assert "secret-community" not in str(result)


def test_two_rows_are_restored_apart() -> None:
    columns = [
        {"oid": f"snmpTargetAddr{name}.{row}", "value": value}
        for row in ("1", "2")
        for name, value in (("Params", "p"), ("RowStatus", 4))
    ]
    with WritableAgent(DEVICE, Manners(row_status=TARGET_STATUS)) as agent:
        result = put(agent, *columns, {"oid": "sysLocation", "value": "here"})
        assert put(agent, *columns)["outcome"] == "same"
    assert [(one["oid"][-1], one["value"]) for one in result["restore"]] == [("1", 6), ("2", 6)]
    assert result["created"] == ["sysLocation.0"]


def test_an_advisory_lock_is_sent_with_what_differs() -> None:
    lock = {"oid": "snmpSetSerialNo", "value": 7}
    with WritableAgent(DEVICE, Manners(stores=lambda one: b"\x08" if one[2] == b"\x07" else one[2])) as agent:
        assert put(agent, lock, NAME)["outcome"] == "done"
        assert put(agent, {**lock, "value": 8}, NAME)["outcome"] == "same"
        assert sent(agent) == [[b"\x07", b"core-1"]]


def _refuses_at_once(settings: list[Setting]) -> tuple[str, int] | None:
    return ("wrongValue", len(settings)) if settings[-1][2] == b"\x04" else None


@pytest.mark.parametrize(
    ("how", "refuses", "expected"),
    [
        ("auto", lambda _settings: None, [[b"p", b"\x04"]]),
        ("auto", _refuses_at_once, [[b"p", b"\x04"], [b"\x05"], [b"p"], [b"\x01"]]),
        ("createAndWait", lambda _settings: None, [[b"\x05"], [b"p"], [b"\x01"]]),
    ],
)
def test_a_row_is_created_and_removed(how: str, refuses: Any, expected: list[list[bytes]]) -> None:
    with WritableAgent(DEVICE, Manners(refuses=refuses, row_status=TARGET_STATUS)) as agent:
        made = put(agent, row={**ROW, "how": how})
        assert sent(agent) == expected
        assert put(agent, row=ROW)["outcome"] == "same"
        assert put(agent, row={**ROW, "columns": {"snmpTargetAddrParams": "q"}})["outcome"] == "done"
        gone = put(agent, row={**ROW, "state": "absent"})
        assert put(agent, row={**ROW, "state": "absent"})["outcome"] == "same"
        assert sent(agent)[len(expected) :] == [[b"q"], [b"\x06"]]
        agent.manners.refuses = lambda _settings: None
        back = put(agent, *gone["restore"])
        assert sent(agent)[-1] == [b"q", b"\x04"]
        away = put(agent, *made["restore"])
    assert (made["changed"], made["restore"][0]["value"], made["created"]) == (True, 6, [])
    assert [one["after"] for one in back["variables"]] == ["q", "active(1)"]
    assert away["variables"][0]["after"] is None


def test_a_row_that_exists_is_made_active() -> None:
    index = tuple(b"noc")
    device = [((*TARGET_STATUS, *index), "int", 2), ((*TARGET_STATUS[:-1], 7, *index), "octets", b"q")]
    with WritableAgent(device, Manners(row_status=TARGET_STATUS)) as agent:
        result = put(agent, row=ROW)
        assert sent(agent) == [[b"p", b"\x01"]]
        back = put(agent, *result["restore"])
    assert [one["after"] for one in back["variables"]] == ["q", "notInService(2)"]


def test_a_row_that_was_made_in_part_is_removed_again() -> None:
    def refuses(settings: list[Setting]) -> tuple[str, int] | None:
        return ("wrongValue", 1) if settings[0][2] == b"p" else None

    with WritableAgent(DEVICE, Manners(refuses=refuses, row_status=TARGET_STATUS)) as agent:
        result = put(agent, row={**ROW, "how": "createAndWait"})
        assert sent(agent)[-1] == [b"\x06"]
    assert "refused to set snmpTargetAddrParams.110.111.99: wrongValue" in result["msg"]
    assert "Nothing was set." in result["msg"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "one of the following is required: variables, row"),
        ({"variables": []}, "variables has 0 entries"),
        ({"variables": [CONTACT, {**CONTACT, "oid": "1.3.6.1.2.1.1.4.0"}]}, "1.3.6.1.2.1.1.4.0 twice"),
        ({"variables": [{"oid": "sysDescr", "value": "x"}]}, "SNMPv2-MIB::sysDescr is read-only by its MIB"),
        ({"variables": [{"oid": "ifDescr", "value": "x"}]}, "is a column: give the index"),
        ({"variables": [{"oid": "ifTable", "value": "x"}]}, "is a table, and has no value"),
        ({"variables": [{"oid": "1.3.6.1.4.1.99999.1", "value": "x" * 3000, "type": "text"}]}, "longer than 2048"),
        (
            {"variables": [{"oid": f"1.3.9.{one}", "value": "x" * 2000, "type": "text"} for one in range(40)]},
            "do not fit into one message",
        ),
        ({"row": {"table": "ifTable", "index": 1}}, "has no RowStatus"),
        ({"row": {"table": "sysName", "index": 1}}, "is no table of a known MIB"),
        ({"row": {**ROW, "table": "usmUserTable"}}, "is no index of usmUserEntry: it has usmUserEngineID, usmUserName"),
        ({"row": {**ROW, "columns": {"ifDescr": 1}}}, "is no column of this table. It has snmpTargetAddrName"),
        ({"row": {**ROW, "columns": {"snmpTargetAddrRowStatus": 1}}}, "follows from `state`"),
        ({"row": {**ROW, "columns": {"snmpTargetAddrParams": {"x": 1}}}}, "neither a value nor"),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence(options: dict[str, Any], says: str) -> None:
    with WritableAgent(DEVICE) as agent:
        result = put(agent, **options)
        assert agent.requests == []
    assert result["failed"]
    assert says in result["msg"]


def test_the_module_on_a_poller_sets_what_the_controller_wants() -> None:
    with WritableAgent(DEVICE) as agent:
        access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}
        params, _secrets, errors = checked({**access, "variables": [NAME]}, ARGUMENT_SPEC)
        assert errors == []
        task = SetTask(params, MIB)
        result = result_of(task, done_there({**params, "question": to_json(task.order)}), params, diff=False)
        assert sent(agent) == [[b"core-1"]]
    assert result["outcome"] == "done"


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["done", "silent", "refused"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["outcome", "before", "after", "differing", "cell", "error"]), inner)
    ),
    max_leaves=12,
)


@given(JSON | st.builds(lambda cell, out: {"outcome": out, "before": [{"cell": cell}], "after": []}, JSON, JSON))
@settings(deadline=None)
def test_a_poller_may_return_anything(answer: Any) -> None:
    params, _secrets, _errors = checked({"host": "h", "variables": [NAME]}, ARGUMENT_SPEC)
    with suppress(AnswerError):
        result_of(SetTask(params, MIB), {"done": answer}, params, diff=True)


@given(st.lists(st.sampled_from(["a", "b", ""]), min_size=2, max_size=2))
@settings(deadline=None, max_examples=9)
def test_twice_is_once_and_restore_puts_it_back(values: list[str]) -> None:
    wanted = [{"oid": oid, "value": value} for oid, value in zip(["sysContact", "sysName"], values, strict=True)]
    with WritableAgent([((*SYSTEM, 4, 0), "octets", b"a"), ((*SYSTEM, 5, 0), "octets", b"b")]) as agent:
        first = put(agent, *wanted)
        assert not put(agent, *wanted)["changed"]
        assert first["changed"] == bool(first["restore"])
        if first["restore"]:
            put(agent, *first["restore"])
        end = put(agent, {"oid": "sysContact", "value": "a"}, {"oid": "sysName", "value": "b"})
    assert not end["changed"]
