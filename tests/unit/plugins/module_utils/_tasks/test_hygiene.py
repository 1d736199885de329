# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole of netbox_hygiene by real HTTP: what is one row afterwards, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._hygiene.hygiene_model import (
    SEED,
    House,
    day,
    old,
    ours,
    text_of,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    night,
    record,
    reports,
)


@pytest.fixture(params=["4.6", "4.4"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with start_standin(SEED, version=request.param) as standin:
        yield House(standin, tmp_path)


def is_quiet(house: House, **options: Any) -> bool:
    """True if another run finds nothing to do, and says nothing."""
    again = house.tidy(**options)
    return (again["changed"], again["diff"], again["failed_rows"]) == (False, [], [])


def test_twins_become_the_row_of_the_lowest_id_from_the_first_time_to_the_last(house: House) -> None:
    house.add(ours("SN1", 3, 5), ours("SN1", 1, 4), ours("SN1", 3, 9), ours("SN2", 1, 9))
    result = house.tidy()
    assert house.spans() == [
        (1, "SN1", "Slot 1", "module", day(1), day(9)),
        (4, "SN2", "Slot 1", "module", day(1), day(9)),
    ]
    assert (result["changed_rows"], result["deleted_rows"]) == (1, 2)
    assert is_quiet(house)


def test_rows_that_two_runs_of_one_night_wrote_are_twins(house: House) -> None:
    house.add(ours("SN1", 1), ours("SN1", 1.01, 8))
    house.tidy()
    assert [span[4:] for span in house.spans()] == [(day(1), day(8))]


@pytest.mark.parametrize(
    "second",
    [
        ours("SN1", 3, 9, part="PART-2"),
        ours("SN1", 3, 9, discovered_data={"invmon": {"v": 1, "slot": "Slot 2"}}),
        ours("SN1", 3, 9, device=2, device_descriptor="r2"),
        ours("SN1", 7, 9),
        ours("sn1", 1, 5),
    ],
    ids=["other part", "other slot", "other device", "seen again after days", "other case"],
)
def test_what_is_no_twin_is_left_alone(house: House, second: dict) -> None:
    house.add(ours("SN1", 1, 5), second)
    house.standin.forget()
    assert is_quiet(house)
    assert house.writes() == []
    assert not list(house.folder.iterdir())


def test_the_same_state_twice_of_the_older_scripts_is_one_row(house: House) -> None:
    house.add(old("SN1", 1, 2), old("SN1", 4, 5), old("SN1", 8, 9))
    house.tidy()
    assert house.spans() == [(1, "SN1", "Slot 1", "module", day(1), day(9))]
    assert is_quiet(house)


@pytest.mark.parametrize(
    "between",
    [old("SN1", 3, 4, part="PART-2"), old("SN1", 3, 4, device=2, device_descriptor="r2"), ours("SN1", 3, 4, name="X")],
    ids=["another state", "another device", "ours"],
)
@pytest.mark.parametrize("limited", [False, True])
def test_a_part_that_was_away_and_came_back_keeps_its_history(house: House, between: dict, limited: bool) -> None:
    house.add(old("SN1", 1, 2), between, old("SN1", 6, 7))
    assert is_quiet(house, **({"devices": ["r1"]} if limited else {}))


def test_a_fan_that_was_called_a_module_and_a_fan_again_is_one_fan(house: House) -> None:
    fan: dict[str, Any] = {"name": "Fan Tray 1", "category": "fan"}
    house.add(old("FAN", 1, 2, **fan), old("FAN", 3, 4), old("FAN", 5, 6, **fan), old("FAN", 7, 8))
    assert "flaps: 4 rows of the older scripts that name one part in two ways" in house.tidy()["summary"]
    assert house.spans() == [(1, "FAN", "Fan Tray 1", "fan", day(1), day(8))]
    assert is_quiet(house)


def test_a_name_must_flap_before_it_is_no_move(house: House) -> None:
    optic: dict[str, Any] = {"category": "transceiver"}
    house.add(*(old("SFP", number, name=f"Te{number % 2}", **optic) for number in (1, 2, 3)))
    assert is_quiet(house)
    house.add(old("SFP", 4, name="Te0", **optic))
    house.tidy()
    assert house.spans() == [(1, "SFP", "Te0", "transceiver", day(1), day(4))]


def test_our_own_rows_never_flap(house: House) -> None:
    house.add(*(ours("SFP", number, category=("fan", "module")[number % 2]) for number in range(1, 6)))
    assert is_quiet(house)


def test_a_padded_serial_is_cleaned_and_joins_the_clean_one(house: House) -> None:
    house.add(old('"SN1"', 1, 2), old("SN1", 3, 4), old('" SN2 "', 1, 2), ours('"SN3"', 1, 2))
    result = house.tidy()
    assert result["rules"] == {"repeats": 2, "serials": 2}
    assert [span[:2] + span[4:] for span in house.spans()] == [
        (1, "SN1", day(1), day(4)),
        (3, "SN2", day(1), day(2)),
        (4, '"SN3"', day(1), day(2)),
    ]
    assert is_quiet(house)


def test_rows_without_device_find_the_one_that_has_their_name(house: House) -> None:
    lost = {"device": None}
    house.add(
        old("SN1", 1, 2, **lost),
        old("SN1", 3, 4),
        old("SN2", 1, 2, **lost, device_descriptor="r9"),
        old("SN3", 1, 2, **lost, device_descriptor="R1"),
        old("SN4", 1, 2, **lost, device_descriptor="r3"),
    )
    result = house.tidy()
    assert result["rules"]["devices"] == 2
    assert "SN4  #5: without their device, which exists" in text_of(result)
    found = {row["id"]: (row["device"] or {}).get("id") for row in house.rows()}
    assert found == {1: 1, 3: None, 4: None, 5: 3}
    assert {row["device_descriptor"] for row in house.rows()} == {"r1", "r9", "R1", "r3"}
    assert is_quiet(house)


def test_a_name_that_two_devices_have_matches_none(house: House) -> None:
    twin = {"name": "r1", "device_type": 1, "role": 1, "site": 2}
    house.netbox.post_bulk("dcim/devices/", [twin])
    house.add(old("SN1", 1, 2, device=None))
    assert is_quiet(house)


def test_what_people_added_to_a_twin_is_kept_on_the_row_that_stays(house: House) -> None:
    house.add(
        ours("SN1", 1, 5, tags=[{"slug": "spare"}], comments="first"),
        ours(
            "SN1",
            1,
            9,
            tags=[{"slug": "seen"}],
            comments="second",
            discovered_data={"invmon": {"v": 1, "slot": "Slot 1", "software_rev": "2"}, "rack": 7, "who": "me"},
        ),
        ours("SN1", 2, 8, discovered_data={"invmon": {"v": 1, "slot": "Slot 1", "software_rev": "1"}, "rack": 8}),
    )
    result = house.tidy()
    (row,) = house.rows()
    assert sorted(tag["slug"] for tag in row["tags"]) == ["seen", "spare"]
    assert row["comments"] == "first\n\nsecond"
    data = row["discovered_data"]
    assert (data["rack"], data["who"], data["invmon"]["software_rev"]) == (7, "me", "2")
    assert 'discovered_data "rack" stays 7, another row had 8' in text_of(result)


def note(house: House, row_id: int) -> None:
    entry = {
        "assigned_object_type": "inventory_monitor.probe",
        "assigned_object_id": row_id,
        "kind": "info",
        "comments": "sent in",
    }
    house.netbox.post_bulk("extras/journal-entries/", [entry])


def test_a_row_with_journal_entries_is_the_one_that_stays(house: House) -> None:
    house.add(ours("SN1", 1, 5), ours("SN1", 1, 9), ours("SN1", 2, 9))
    note(house, 2)
    house.tidy()
    assert [span[0] for span in house.spans()] == [2]
    assert house.spans()[0][4:] == (day(1), day(9))
    house.add(ours("SN1", 1, 9))
    note(house, 4)
    assert is_quiet(house)
    assert len(house.netbox.get_all("extras/journal-entries/")) == 2


def test_thinning_keeps_first_and_last_and_what_somebody_wrote_on(house: House) -> None:
    states = [ours("SN1", number, name=f"Slot {number}") for number in range(1, 8)]
    states[2]["comments"] = "looked at"
    states[3]["tags"] = [{"slug": "spare"}]
    house.add(*states, ours("SN2", 1), ours("SN2", 2, name="Slot 2"))
    note(house, 5)
    assert is_quiet(house)
    result = house.tidy(thin_older_than=10)
    assert [span[0] for span in house.spans()] == [1, 3, 4, 5, 7, 8, 9]
    assert result["rules"] == {"thin": 2}
    assert is_quiet(house, thin_older_than=10)


def test_thinning_leaves_what_is_not_old_enough(house: House) -> None:
    house.add(*(ours("SN1", number, name=f"Slot {number}") for number in range(1, 6)))
    assert is_quiet(house, thin_older_than=36500)


def test_check_mode_says_what_is_done_then_and_writes_neither_rows_nor_files(house: House) -> None:
    house.add(old('"SN1"', 1, 2), old("SN1", 3, 4), ours("SN2", 1, 4), ours("SN2", 2, 9), old("SN3", 1, 2, device=None))
    house.standin.forget()
    checked = house.tidy(check_mode=True)
    assert house.writes() == []
    assert not list(house.folder.iterdir())
    done = house.tidy()
    assert text_of(checked) == text_of(done) != ""
    assert [checked[key] for key in ("changed", "changed_rows", "deleted_rows", "rules")] == [
        done[key] for key in ("changed", "changed_rows", "deleted_rows", "rules")
    ]


@pytest.mark.parametrize("limit", [{"devices": ["r2"]}, {"devices": ["2"]}, {"sites": ["praha"]}])
def test_a_limit_leaves_other_devices_alone(house: House, limit: dict) -> None:
    number = 3 if "sites" in limit else 2
    for one in (1, number):
        where = {"device_descriptor": f"r{one}"}
        house.add(ours("SN1", 1, 5, device=one, **where), ours("SN1", 1, 5, device=one, **where))
        house.add(old(f"LOST{one}", 1, 5, device=None, **where))
    house.tidy(**limit)
    assert [span[0] for span in house.spans()] == [1, 2, 3, 4, 6]
    assert [(row["device"] or {}).get("id") for row in house.rows()] == [1, 1, None, number, number]


def test_rules_are_chosen(house: House) -> None:
    house.add(old('"SN1"', 1, 2), ours("SN2", 1, 4), ours("SN2", 2, 9))
    assert house.tidy(rules=["serials"])["rules"] == {"serials": 1}
    assert len(house.rows()) == 3


def test_text_of_strangers_cannot_move_the_cursor(house: House) -> None:
    evil = "SN\x1b[2J\u202e{{ 7*7 }}"
    house.add(ours(evil, 1, 5), ours(evil, 1, 6, device_descriptor="r1\x1b]0;x\x07"))
    text = text_of(house.tidy())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in text
    assert house.rows()[0]["serial"] == evil


def test_the_nightly_job_takes_over_what_hygiene_left_and_leaves_nothing_to_tidy(house: House) -> None:
    fan: dict[str, Any] = {"name": "Fan 1", "category": "fan"}
    house.add(*(old("SN1", number, **(fan if number % 2 else {})) for number in range(1, 6)), old('"SN2"', 1, 5))
    house.tidy()
    found = [record("SN1", "Fan 1", category="fan"), record("SN2", "Slot 1")]
    _plan, outcome = run(house.netbox, reports([device(records=found)]), night(0))
    assert outcome["devices"]["r1"]["adopted"] == ["SN1", "SN2"]
    assert len(house.rows()) == 2
    assert is_quiet(house)
