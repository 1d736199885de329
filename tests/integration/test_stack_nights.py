# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stack changes overnight: its recording, altered as the device would report it, is read and written to NetBox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.integration.stacks import MASTER, SECOND, STACKS, Stack
from ansible_collections.invmon.network.tests.races import NIGHT, rows_of
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import reports


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(one_site(3)) as one:
        yield one


@pytest.fixture(params=STACKS)
def stack(request: pytest.FixtureRequest) -> Stack:
    return STACKS[request.param]


def upload(standin: StandIn, device: dict[str, Any], night: int, release: bool = True) -> dict[str, Any]:
    """The outcome of a night. Of small stacks one member is more than the brake lets pass: see the test of that."""
    moment: datetime = NIGHT + timedelta(days=night)
    with NetBox(standin.url, standin.token) as netbox:
        _plan, outcome = run(netbox, reports([device]), moment, policy=Policy(release=("r1",) if release else ()))
    return outcome


def rows(standin: StandIn) -> list[dict[str, Any]]:
    return rows_of(standin.url, standin.token)


def on(standin: StandIn, device: int) -> dict[str, dict[str, Any]]:
    """The latest row of each serial on a device."""
    found = [row for row in rows(standin) if row["device"]["id"] == device]
    return {row["serial"]: row for row in sorted(found, key=lambda row: (row["time"], row["id"]))}


def seen(standin: StandIn, device: int) -> set[str]:
    """The days on which the parts of a device were seen last."""
    return {row["time"][:10] for row in on(standin, device).values()}


@pytest.fixture
def first_night(standin: StandIn, stack: Stack) -> StandIn:
    upload(standin, stack.read(), 0, release=False)
    assert set(on(standin, SECOND)) == stack.of_second
    return standin


def test_a_quiet_night_changes_nothing_of_any_member(first_night: StandIn, stack: Stack) -> None:
    before = len(rows(first_night))
    outcome = upload(first_night, stack.read(), 1, release=False)
    assert (outcome["changed"], len(rows(first_night))) == (False, before)


def test_another_member_that_leads_changes_no_part(first_night: StandIn, stack: Stack) -> None:
    before = len(rows(first_night))
    outcome = upload(first_night, stack.read(stack.led_by_second), 1, release=False)
    assert outcome["failed_hosts"] == {}
    assert (outcome["changed"], len(rows(first_night))) == (False, before)
    assert (seen(first_night, MASTER), seen(first_night, SECOND)) == ({"2026-11-21"}, {"2026-11-21"})
    assert set(on(first_night, SECOND)) == stack.of_second


def test_the_parts_of_a_member_that_left_are_not_seen_and_those_of_the_others_are(
    first_night: StandIn, stack: Stack
) -> None:
    outcome = upload(first_night, stack.read(stack.without_second), 1)
    found = outcome["devices"]["r1"]
    assert {part["serial"] for part in found["not_seen"]} == stack.of_second
    assert seen(first_night, SECOND) == {"2026-11-20"}
    assert seen(first_night, MASTER) == {"2026-11-21"}
    back = upload(first_night, stack.read(), 2)
    assert seen(first_night, SECOND) == {"2026-11-22"}
    assert "not_seen" not in back["devices"]["r1"]


def test_a_member_with_many_parts_that_left_holds_the_whole_stack(standin: StandIn) -> None:
    stack = STACKS["Junos virtual chassis"]
    upload(standin, stack.read(), 0)
    outcome = upload(standin, stack.read(stack.without_second), 1, release=False)
    assert "5 of 11 known parts" in outcome["failed_hosts"]["r1"]
    assert (seen(standin, MASTER), seen(standin, SECOND)) == ({"2026-11-20"}, {"2026-11-20"})


def test_a_member_that_netbox_lacks_is_filed_under_the_master_with_a_note(first_night: StandIn, stack: Stack) -> None:
    outcome = upload(first_night, stack.read(stack.with_a_third), 1, release=False)
    new = {stack.of_third(serial) for serial in stack.of_second}
    assert new <= set(on(first_night, MASTER))
    assert set(on(first_night, SECOND)) == stack.of_second
    assert any(f"member {stack.second + 1}" in note for note in outcome["devices"]["r1"]["notes"])
    assert any(f"member {stack.second + 1}" in line for line in outcome["summary"])


def test_a_member_that_netbox_learns_of_later_gets_its_parts_from_the_master(
    first_night: StandIn, stack: Stack
) -> None:
    upload(first_night, stack.read(stack.with_a_third), 1)
    device = stack.read(stack.with_a_third)
    third = {"id": 3, "name": "r3", "position": stack.second + 1, "serial": stack.of_third(stack.serials[1])}
    device["virtual_chassis"]["members"].append(third)
    outcome = upload(first_night, device, 2)
    new = {stack.of_third(serial) for serial in stack.of_second}
    assert set(on(first_night, 3)) == new
    assert {part["serial"] for part in outcome["devices"]["r1"]["moved"]} == new
    assert "notes" not in outcome["devices"]["r1"]


def test_a_member_that_was_replaced_keeps_its_place_and_its_other_parts(first_night: StandIn, stack: Stack) -> None:
    outcome = upload(first_night, stack.read(stack.replaced), 1, release=False)
    found = outcome["devices"]["r1"]
    assert stack.new_serial in on(first_night, SECOND)
    assert [part["serial"] for part in found["not_seen"]] == [stack.serials[1]]
    assert on(first_night, SECOND)[stack.optic]["time"][:10] == "2026-11-21"
    assert stack.new_serial not in on(first_night, MASTER)


def test_a_member_that_was_renumbered_stays_the_device_that_has_its_serial(first_night: StandIn, stack: Stack) -> None:
    outcome = upload(first_night, stack.read(stack.renumbered), 1)
    assert set(on(first_night, SECOND)) == stack.of_second
    assert "not_seen" not in outcome["devices"]["r1"]
    assert "moved" not in outcome["devices"]["r1"]
    assert "5/" in on(first_night, SECOND)[stack.optic]["name"]


def test_where_netbox_has_no_serials_the_position_decides(standin: StandIn, stack: Stack) -> None:
    upload(standin, stack.read(known=(None, None)), 0)
    assert set(on(standin, SECOND)) == stack.of_second
    # By its position alone the renumbered member is one that NetBox does not know.
    outcome = upload(standin, stack.read(stack.renumbered, known=(None, None)), 1)
    assert any("member 5" in note for note in outcome["devices"]["r1"]["notes"])
    assert stack.of_second <= set(on(standin, MASTER))


def test_two_members_that_changed_numbers_keep_their_devices(first_night: StandIn, stack: Stack) -> None:
    """NetBox's positions are the old ones; its serials decide."""
    device = stack.read()
    for one in (*device["members"], *device["records"]):
        key = "number" if "number" in one else "member"
        one[key] = {stack.first: stack.second, stack.second: stack.first}[one[key]]
    outcome = upload(first_night, device, 1)
    assert set(on(first_night, SECOND)) == stack.of_second
    assert "moved" not in outcome["devices"]["r1"]
