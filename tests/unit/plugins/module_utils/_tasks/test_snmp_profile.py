# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module snmp_profile does with a real agent over UDP: files, budget, the second run, errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError
from ansible_collections.invmon.network.plugins.module_utils._tasks.snmp_profile import ARGUMENT_SPEC, snmp_profile
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent

SYSTEM, VENDOR = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 4, 1, 99999)
#: cdpCacheEntry of ciscoCdpMIB, which no recording has: neighbours.
CDP = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1, 8)
SERIALS = ["ACM80A00011", "ACM80A00012", "ACM80A00013"]


def box(serials: list[str], description: bytes = b"Acme Rocket 4") -> list[tuple[tuple[int, ...], str, Any]]:
    """A device with a table of cards, and a long table of counters before it."""
    found: list[tuple[tuple[int, ...], str, Any]] = [
        ((*SYSTEM, 1, 0), "octets", description),
        ((*SYSTEM, 2, 0), "oid", (*VENDOR, 1, 4)),
        ((*SYSTEM, 3, 0), "ticks", 4711),
        ((*SYSTEM, 5, 0), "octets", b"core-1"),
    ]
    found += [((*VENDOR, 2, 1, column, row), "int", row) for column in (2, 3) for row in range(1, 301)]
    found += [((*VENDOR, 3, 1, 2, row), "octets", text.encode()) for row, text in enumerate(serials, 1)]
    return [*found, *(((*VENDOR, 3, 1, 3, row), "octets", b"RKT-LC8") for row, _text in enumerate(serials, 1))]


def run(agent: FaultAgent, folder: Path, check_mode: bool = False, **arguments: Any) -> dict[str, Any]:
    access = {"host": agent.address, "port": agent.port, "versions": ["2"], "community": "public"}
    given = {**access, "timeout": 0.5, "retries": 1, "folder": str(folder), **arguments}
    return snmp_profile(ArgumentSpecValidator(ARGUMENT_SPEC).validate(given).validated_parameters, check_mode)


def test_a_draft_a_masked_recording_and_an_expectation_are_written(tmp_path: Path) -> None:
    folder = tmp_path / "rocket-1"
    with FaultAgent(box(SERIALS)) as agent:
        result = run(agent, folder, check_mode=True)
        assert not folder.exists()
        assert any("Check mode, not written" in line for line in result["message"])
        result = run(agent, folder)
    assert (result["serials"], result["parts"], result["complete"], result["changed"]) == (3, 3, True, True)
    assert sorted(path.name for path in folder.iterdir()) == [
        "enterprise_99999_1_4.yml",
        "rocket-1.expected.json",
        "rocket-1.snmprec",
    ]
    written = "".join(path.read_text() for path in folder.iterdir())
    assert not [serial for serial in SERIALS if serial in written]
    assert written.count("RKT-LC8") > 3, "the vendor's words stay, because the draft asks for them"
    said = "\n".join(result["message"])
    assert said.startswith("rocket-1: ")
    assert "Found: 3 serial numbers in 1 table and 0 scalars of the vendor, 0 in ENTITY-MIB" in said
    assert f"-e replay_from={folder} \\\n      -e snmp_profiles={folder} \\\n" in said


def test_a_run_that_its_budget_ends_is_continued_by_the_next_one(tmp_path: Path) -> None:
    folder = tmp_path / "rocket-1"
    with FaultAgent(box(SERIALS)) as agent:
        with pytest.raises(InvmonError, match=r"nothing so far .* \(max_requests\): run the same command again"):
            run(agent, folder, max_requests=12)
        assert [path.name for path in folder.iterdir()] == ["rocket-1.unfinished"]
        assert (folder / "rocket-1.unfinished").stat().st_mode & 0o077 == 0
        first = (folder / "rocket-1.unfinished").read_text().count("\n")
        result = run(agent, folder)
        assert result["serials"] == 3
        assert f"({first} of them in earlier runs)" in result["message"][0]
        assert not (folder / "rocket-1.unfinished").exists()
        whole = run(agent, tmp_path / "rocket-2")
    assert result["statistics"]["varbinds"] < whole["statistics"]["varbinds"]


def test_what_was_kept_of_another_device_is_not_used(tmp_path: Path) -> None:
    with FaultAgent(box(SERIALS)) as agent, pytest.raises(InvmonError):
        run(agent, tmp_path, max_variables=300)
    with FaultAgent(box(["ACM80A00077", "ACM80A00078"], b"Acme Rocket 5")) as agent:
        result = run(agent, tmp_path)
    assert "in earlier runs" not in result["message"][0]
    assert result["serials"] == 2


def test_what_a_person_changed_is_kept(tmp_path: Path) -> None:
    draft, expected = tmp_path / "enterprise_99999_1_4.yml", tmp_path / f"{tmp_path.name}.expected.json"
    with FaultAgent(box(SERIALS)) as agent:
        run(agent, tmp_path)
        before = draft.read_text()
        assert not run(agent, tmp_path)["kept"], "a draft as it was written is replaced"
        expected.write_text(expected.read_text().replace("To be filled: what", "A Rocket with three cards. What"))
        corrected = expected.read_text()
        result = run(agent, tmp_path)
        assert expected.read_text() == corrected
        assert any("was corrected by hand" in line for line in result["message"])
        draft.write_text(before.replace("serial: 2", "serial: 3"))
        result = run(agent, tmp_path)
    assert result["kept"]
    assert draft.read_text() == before.replace("serial: 2", "serial: 3")
    assert any("was changed by hand, so nothing was written" in line for line in result["message"])


def test_a_draft_of_another_name_is_removed_unless_a_person_wrote_it(tmp_path: Path) -> None:
    with FaultAgent(box(SERIALS)) as agent:
        run(agent, tmp_path)
        draft = tmp_path / "enterprise_99999_1_4.yml"
        draft.rename(tmp_path / "enterprise_99999.yml")
        (tmp_path / "mine.yml").write_text("# Cards of Acme, by hand\n")
        run(agent, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("*.yml")) == [draft.name, "mine.yml"]


def test_agents_of_no_vendor_and_what_is_never_recorded_are_not_read(tmp_path: Path) -> None:
    programs = [((1, 3, 6, 1, 4, 1, 8072, 1, 2, 1, 1, 4, row), "int", row) for row in range(1, 4)]
    never = [((*CDP, row, 1), "octets", b"ACM80A00099") for row in range(1, 4)]
    with FaultAgent(box(SERIALS)) as agent:
        alone = run(agent, tmp_path / "rocket-1")["message"][0]
    with FaultAgent([*box(SERIALS), *programs, *never]) as agent:
        result = run(agent, tmp_path / "rocket-1")
    assert alone.partition(" variables")[0] == result["message"][0].partition(" variables")[0]
    assert result["serials"] == len(SERIALS)


def test_a_device_without_serials_is_an_error_that_names_what_was_compared(tmp_path: Path) -> None:
    with FaultAgent(box([])) as agent:
        with pytest.raises(InvmonError, match=r"1 table and 0 scalars with 600 variables .*profile_mibs=FOLDER"):
            run(agent, tmp_path)
        with pytest.raises(InvmonError, match=r"mibs: .* is not a folder"):
            run(agent, tmp_path, mibs=str(tmp_path / "missing"))
        with pytest.raises(InvmonError, match="max_seconds is 0"):
            run(agent, tmp_path, max_seconds=0)
    with (
        FaultAgent([one for one in box([]) if one[0][:7] != VENDOR]) as agent,
        pytest.raises(InvmonError, match=r"returns no variable of a vendor below 1\.3\.6\.1\.4\.1 .*view"),
    ):
        run(agent, tmp_path)
