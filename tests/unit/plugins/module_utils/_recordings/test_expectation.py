# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording and its expectation, as the module writes them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._parts.inventory import EntityInventory, RejectedSerial
from ansible_collections.invmon.network.plugins.module_utils._parts.item import Item
from ansible_collections.invmon.network.plugins.module_utils._recordings import recorder
from ansible_collections.invmon.network.plugins.module_utils._recordings.expectation import (
    difference,
    expectation,
    expectation_path,
    read_again,
    was_corrected,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpTimeout
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC, entity_facts
from ansible_collections.invmon.network.tests.recordings.build import recordings

RECORDINGS = recordings()
STACK = RECORDINGS / "iosxe-stack.snmprec"
SERIAL = "FCW9301A0K1"


def run(check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    arguments = {"replay_from": str(STACK), "fail_when_incomplete": False, **arguments}
    return entity_facts(ArgumentSpecValidator(ARGUMENT_SPEC).validate(arguments).validated_parameters, check_mode)


@pytest.mark.parametrize("suffix", [".snmprec", ".snmprec.gz"])
def test_the_expectation_is_next_to_the_recording_and_has_its_look_alikes(tmp_path: Path, suffix: str) -> None:
    result = run(record_to=str(tmp_path / f"box{suffix}"), record_expected=True)
    recorded = result["recorded"]
    expected = json.loads((tmp_path / "box.expected.json").read_text())
    assert result["warnings"] == []
    assert recorded["expected"] == str(tmp_path / "box.expected.json")
    assert expected == expectation(read_again(tmp_path / f"box{suffix}"))
    assert recorded["serials"] == len(expected["records"]) == 11
    assert recorded["message"] == (
        f"{tmp_path}/box{suffix}: {recorded['varbinds']} variables, 11 look-alikes of serials;"
        " what was read of it: box.expected.json"
    )
    told = json.loads(STACK.with_suffix(".expected.json").read_text())
    assert len(expected["members"]) == len(told["members"])
    assert {row["reason"] for row in told["rejected"]} <= {row["reason"] for row in expected["rejected"]}
    assert SERIAL not in json.dumps(expected)


def test_without_masking_nothing_is_replaced_and_the_message_says_so(tmp_path: Path) -> None:
    result = run(record_to=str(tmp_path / "box.snmprec"), record_expected=True, record_masked=False)
    assert "serials, NOT masked: keep it to yourself" in result["recorded"]["message"]
    assert SERIAL in (tmp_path / "box.snmprec").read_text()
    assert SERIAL in (tmp_path / "box.expected.json").read_text()


def test_in_check_mode_nothing_is_written_and_the_message_says_so(tmp_path: Path) -> None:
    result = run(check_mode=True, record_to=str(tmp_path / "box.snmprec"), record_expected=True)
    assert result["recorded"]["message"] == f"{tmp_path}/box.snmprec: not written, this is check mode"
    assert result["warnings"] == []
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_does_not_read_like_the_device_is_a_warning(tmp_path: Path) -> None:
    # What only this task was told: the tables that it must not ask for.
    result = run(record_to=str(tmp_path / "box.snmprec"), tables={"skip": ["entPhysicalTable"]})
    (warning,) = [warning for warning in result["warnings"] if "box.snmprec" in warning]
    assert "does not read like the device: only from the recording " in warning


#: A box of a vendor that nobody knows, with a part, a part with a serial that looks like none, and a profile for it.
OWN_BOX = """\
1.3.6.1.2.1.1.1.0|4|Frob OS 1.0
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.99999.1
1.3.6.1.4.1.99999.2.1.2.1|4|Supply unit
1.3.6.1.4.1.99999.2.1.2.2|4|Fan unit
1.3.6.1.4.1.99999.2.1.3.1|4|FROB1234567
1.3.6.1.4.1.99999.2.1.3.2|4|00000000
1.3.6.1.4.1.99999.2.1.3.3|4|A1
"""
OWN_PROFILE = """\
name: frob
match:
  - {object_id: 1.3.6.1.4.1.99999}
tables:
  frobTable:
    entry: 1.3.6.1.4.1.99999.2.1
    columns: {descr: 2, serial: 3}
    index: [unit]
    name: "Unit {unit}"
"""


def own(tmp_path: Path, profile: str = OWN_PROFILE, **arguments: Any) -> dict[str, Any]:
    """A recording of the box above, by a task that knows the profile."""
    (tmp_path / "own.snmprec").write_text(OWN_BOX)
    (tmp_path / "frob.yml").write_text(profile)
    given = {"replay_from": str(tmp_path / "own.snmprec"), "profiles": str(tmp_path / "frob.yml"), **arguments}
    return run(**given, record_to=str(tmp_path / "box.snmprec"), record_expected=True)


def told_serials(tmp_path: Path) -> list[str]:
    return [record["serial"] for record in json.loads((tmp_path / "box.expected.json").read_text())["records"]]


def test_the_parts_that_an_own_profile_reads_are_in_the_expectation(tmp_path: Path) -> None:
    result = own(tmp_path)
    assert result["warnings"] == []
    assert "; not replaced" not in result["recorded"]["message"]
    (serial,) = told_serials(tmp_path)
    assert serial != "FROB1234567"
    assert f"|4|{serial}\n" in (tmp_path / "box.snmprec").read_text()


def test_the_platform_that_a_task_is_sure_of_is_that_of_the_expectation(tmp_path: Path) -> None:
    nobody = OWN_PROFILE.replace("99999}", "99999.77}")
    result = own(tmp_path, nobody, platform="frob")
    assert len(told_serials(tmp_path)) == result["recorded"]["serials"] == 1
    assert not [warning for warning in result["warnings"] if "does not read like" in warning]


def test_serials_that_only_a_rule_accepts_are_replaced_too(tmp_path: Path) -> None:
    result = own(tmp_path, accept_serials=["/^0+$/", "/^[A-Z][0-9]$/"])
    text = (tmp_path / "box.snmprec").read_text()
    assert "00000000" not in text
    assert "|A1\n" not in text
    assert result["recorded"]["serials"] == 3
    assert len(told_serials(tmp_path)) == 3, "the rule for A1 fits its look-alike; that of 00000000 needs none"
    assert not [warning for warning in result["warnings"] if "serial rules" in warning]


def test_rules_that_name_a_serial_do_not_fit_look_alikes_which_is_reported(tmp_path: Path) -> None:
    result = own(tmp_path, accept_serials=["a1", "OF-ANOTHER-DEVICE"], reject_serials=["FROB1234567"])
    told = [warning for warning in result["warnings"] if "box.snmprec" in warning]
    assert told[0] == (
        f"{tmp_path}/box.snmprec was read again without the serial rules a1, FROB1234567: they contain real "
        "serial numbers, and the recording has masked ones"
    )
    assert result["recorded"]["serials"] == 2, "those that were made, whatever is read of them"
    assert "FROB1234567" not in (tmp_path / "box.snmprec").read_text()
    real = own(tmp_path, accept_serials=["a1"], record_masked=False)
    assert real["warnings"] == []
    assert told_serials(tmp_path) == ["FROB1234567", "A1"]


def test_a_serial_that_stays_is_listed(tmp_path: Path) -> None:
    # The column's name says nothing of serials, and so short a text stands elsewhere by chance.
    hidden = OWN_PROFILE.replace("serial: 3}", "thing: 3}").replace("    name:", '    serial: "{thing}"\n    name:')
    result = own(tmp_path, hidden, accept_serials=["/^A1$/"])
    assert "1 look-alike of a serial; not replaced: A1; " in result["recorded"]["message"]


def test_an_expectation_that_was_corrected_is_kept_and_so_is_its_recording(tmp_path: Path) -> None:
    target = tmp_path / "box.snmprec"
    expected = tmp_path / "box.expected.json"
    run(record_to=str(target), record_expected=True)
    before = target.read_bytes()
    run(record_to=str(target), record_expected=True)
    again = target.read_bytes()
    assert before != again, "nobody had touched it"
    expected.write_text(json.dumps({**json.loads(expected.read_text()), "why": "A stack of three."}))
    corrected = expected.read_bytes()
    for check_mode in (False, True):
        result = run(check_mode, record_to=str(target), record_expected=True)
        assert result["warnings"] == [
            f"{expected} was corrected by hand and is kept, and so is its recording; move both away, or give another"
            " record_to, to record again"
        ]
        assert result["recorded"] == {
            "path": str(target),
            "message": f"{target}: kept as it is, for box.expected.json was corrected by hand",
        }
    assert (target.read_bytes(), expected.read_bytes()) == (again, corrected)


def test_a_slip_of_the_pen_in_an_expectation_is_a_correction_too(tmp_path: Path) -> None:
    assert not was_corrected(tmp_path / "none.expected.json")
    (tmp_path / "box.expected.json").write_text('{"why": "A stack of three",}')
    assert was_corrected(tmp_path / "box.expected.json")


def test_a_recording_that_is_incomplete_says_so_in_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = recorder.walk_subtree

    def broken(transport: Any, root: tuple[int, ...], pace: Any) -> Any:
        cursor = walk(transport, root, pace)
        if root in recorder.COMMON_ROOTS[-2:]:
            cursor.error = SnmpTimeout("no answer")
        return cursor

    monkeypatch.setattr(recorder, "walk_subtree", broken)
    result = run(record_to=str(tmp_path / "box.snmprec"))
    assert "look-alikes of serials; INCOMPLETE: 2 subtrees did not answer" in result["recorded"]["message"]
    assert len([warning for warning in result["warnings"] if "box.snmprec is incomplete: " in warning]) == 2


def test_what_could_not_be_recorded_is_reported_as_an_error(tmp_path: Path) -> None:
    (tmp_path / "box.snmprec").mkdir()
    result = run(record_to=str(tmp_path / "box.snmprec"), record_expected=True)
    assert result["recorded"] == {"error": f"{tmp_path}/box.snmprec cannot be written: Is a directory."}
    assert not (tmp_path / "box.expected.json").exists()


def test_the_place_of_an_expectation() -> None:
    assert expectation_path("a.b/r1.lab.snmprec.gz") == Path("a.b/r1.lab.expected.json")
    assert expectation_path("r1") == Path("r1.expected.json")


def test_a_difference_counts_kinds_not_serials() -> None:
    def box(*rows: tuple[str, str, str]) -> EntityInventory:
        items = [Item(serial, "1", "t", part, category=category) for serial, part, category in rows]
        return EntityInventory(items=tuple(items), rejected=(RejectedSerial("N/A", "placeholder"),))

    one, other = box(("SN01", "A", "fan"), ("SN02", "A", "fan")), box(("XX01", "A", "fan"), ("XX02", "A", "fan"))
    assert difference(one, other) is None
    told = difference(one, box(("SN01", "B", "fan")))
    assert told == "only from the device 2 x fan A; only from the recording 1 x fan B"
    assert difference(one, replace(one, rejected=())) == "only from the device 1 x rejected: placeholder"
