# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small network lives on at random, and real runs write it to the stand-in: NetBox says what is true, or nothing.

Parts move, change places, vanish and return; devices fail and tables break; a stack speaks for its second member; a
cable has two ends, a serial is the same on every box; runs overlap, and runs die between any two requests. Failures
that hypothesis found are named tests below.

    INVMON_EXAMPLES=2000 python -m pytest tests/integration/test_network_machine.py     # longer than the test does
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from unittest import mock

from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.last_seen import with_last_seen
from ansible_collections.invmon.network.plugins.module_utils._netbox.rows import Row, parse_row
from ansible_collections.invmon.network.plugins.module_utils._netbox.session import NetBoxSession
from ansible_collections.invmon.network.plugins.module_utils._probes.apply.apply import apply_plan
from ansible_collections.invmon.network.plugins.module_utils._probes.missing import Missing, read_missing
from ansible_collections.invmon.network.plugins.module_utils._probes.outcome.outcome import make_outcome
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import prepare
from ansible_collections.invmon.network.tests.races import NIGHT, rows_of
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    record,
    reports,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

#: Host -> the NetBox devices for which it speaks: r1 is a stack of two.
HOSTS = {"r1": (1, 4), "r2": (2,), "r3": (3,)}
DEVICES = (1, 2, 3, 4)
SLOTS = ("Slot 1", "Slot 2")
SERIALS = "ABCDEF"
CABLE, CONSTANT = "DAC", "CONST"
#: Hours of refresh_after: all rows are written each night, or few.
SETTINGS = (0.0, 20.0, 144.0)
BROKEN = {"entPhysicalTable": {"rows": 1, "complete": False, "error": "timeout", "required": True}}
WHOLE = dict.fromkeys(HOSTS, "whole")
#: Between two runs that overlap.
EARLIER = timedelta(seconds=9)
EXAMPLES = int(os.environ.get("INVMON_EXAMPLES", "12"))

Place = tuple[int, str]

parts = st.sampled_from(SERIALS)
places = st.tuples(st.sampled_from(DEVICES), st.sampled_from(SLOTS))
#: How the hosts answer; "broken": the first part of each device, and then silence.
answers = st.fixed_dictionaries({host: st.sampled_from(["whole", "whole", "broken", "dead"]) for host in HOSTS})


class Killed(BaseException):
    """The run ends here, as with kill -9."""


@contextmanager
def killed_at(number: int, after: bool) -> Iterator[None]:
    """The run that is under way sends so many requests, and no more; `after`: NetBox still carries out the last one."""
    send = NetBoxSession._send_once
    sent = 0

    def counting(self: NetBoxSession, *args: Any, **kwargs: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent > number or (sent == number and not after):
            raise Killed
        reply = send(self, *args, **kwargs)
        if sent == number:
            raise Killed
        return reply

    with mock.patch.object(NetBoxSession, "_send_once", counting), suppress(Killed):
        yield


class NetworkMachine(RuleBasedStateMachine):
    """The truth, and what NetBox says of it."""

    def __init__(self) -> None:
        super().__init__()
        self.standin = start_standin(one_site(len(DEVICES)))
        self.at: dict[str, Place] = {}  #: ordinary parts
        self.carried: dict[str, Place] = {}  #: those of them that are carried off during the run: where it asks first
        self.ends: dict[int, str] = {}  #: the cable: device -> slot, two at most
        self.constant: set[int] = set()  #: devices that show the constant
        self.now = NIGHT
        self.setting = SETTINGS[-1]
        #: (device, serial) -> whole readings in a row that lacked it
        self.lacked: dict[tuple[int, str], int] = {}

    def teardown(self) -> None:
        self.standin.stop()

    # What happens to the hardware

    @initialize(where=st.dictionaries(parts, places, min_size=3), setting=st.sampled_from(SETTINGS))
    def build(self, where: dict[str, Place], setting: float) -> None:
        self.at = where
        self.setting = setting

    @rule(setting=st.sampled_from(SETTINGS))
    def change_setting(self, setting: float) -> None:
        self.setting = setting

    @property
    def policy(self) -> Policy:
        """Without a brake: whatever is true is to be written at once."""
        return Policy(brake_share=100, run_brake_share=100, refresh_after=self.setting)

    @rule(part=parts, place=places)
    def put(self, part: str, place: Place) -> None:
        """It is new, returns, or moves."""
        self.at[part] = place

    @rule(part=parts)
    def take_out(self, part: str) -> None:
        self.at.pop(part, None)

    @precondition(lambda self: len(self.at) > 1)
    @rule(data=st.data())
    def swap(self, data: st.DataObject) -> None:
        one, other = data.draw(st.sampled_from(list(combinations(sorted(self.at), 2))))
        self.at[one], self.at[other] = self.at[other], self.at[one]

    @rule(ends=st.dictionaries(st.sampled_from(DEVICES), st.sampled_from(SLOTS), max_size=2))
    def plug(self, ends: dict[int, str]) -> None:
        self.ends = ends

    @rule(part=parts, place=places)
    def carry_during_a_run(self, part: str, place: Place) -> None:
        """The first device is asked before it leaves, the second one after it came: both show it in this night."""
        if part in self.at and place[0] != self.at[part][0]:
            self.carried = {part: self.at[part]}
            self.at[part] = place
            self.good_night()
            self.carried = {}

    @rule(devices=st.sets(st.sampled_from(DEVICES)))
    def show_constant(self, devices: set[int]) -> None:
        self.constant = devices

    # What happens in a night

    @rule(answer=answers)
    def night(self, answer: dict[str, str]) -> None:
        before = self.states()
        self.now += timedelta(days=1)
        outcome = self.run(answer)
        self.count(answer)
        self.check(answer, outcome, before)

    @rule(answer=answers)
    def overlapping_nights(self, answer: dict[str, str]) -> None:
        """One run has read NetBox when another begins; both write, the first one last."""
        before = self.states()
        self.now += timedelta(days=1)
        with self.planned(answer):
            outcome = self.run(answer)
        self.count(answer)
        self.check(answer, outcome, before, slack=EARLIER)

    @rule(part=parts, place=st.none() | places)
    def overtaken_night(self, part: str, place: Place | None) -> None:
        """As a run writes, a part is elsewhere already, and another run has told it: the next night says all."""
        self.now += timedelta(days=1)
        with self.planned(WHOLE):
            self.count(WHOLE)
            self.take_out(part)
            if place:
                self.put(part, place)
            self.run(WHOLE)
        self.count(WHOLE)
        self.nothing_twice()
        self.good_night()

    @rule(answer=answers, number=st.integers(1, 12), after=st.booleans())
    def night_that_dies(self, answer: dict[str, str], number: int, after: bool) -> None:
        """Of what was written nothing is wrong; what is missing comes with the next night."""
        before = self.states()
        self.now += timedelta(days=1)
        with killed_at(number, after):
            self.run(answer)
        self.count(answer, died=True)
        self.nothing_twice()
        self.nothing_concluded(answer, before)

    @rule()
    def good_night(self) -> None:
        """Everybody answers: afterwards NetBox says all that is true, and nothing else."""
        self.night(WHOLE)

    # The run

    def told(self, answer: dict[str, str]) -> list[dict[str, Any]]:
        """What the hosts report."""
        network = []
        for host, ids in HOSTS.items():
            found = [
                record(serial, slot, member=position, **kind)
                for position, number in enumerate(ids, 1)
                for serial, slot, kind in self.inside(number)
            ]
            one = device(ids[0], found, name=host, device_name=host)
            if len(ids) > 1:
                one["members"] = [{"number": position, "serial": None} for position in range(1, len(ids) + 1)]
                members = [{"id": number, "name": f"r{number}", "position": p} for p, number in enumerate(ids, 1)]
                one["virtual_chassis"] = {"name": host, "members": members}
            if answer[host] == "dead":
                one |= {"complete": False, "error": "no answer", "reason": "timeout", "records": []}
            elif answer[host] == "broken":
                one |= {"complete": False, "tables": BROKEN, "records": found[:1]}
            network.append(one)
        return network

    def inside(self, number: int) -> list[tuple[str, str, dict[str, Any]]]:
        """What is in a device: serial, slot, and how it is reported."""
        found: list[tuple[str, str, dict[str, Any]]] = [
            (part, slot, {})
            for places in (self.at, self.carried)
            for part, (where, slot) in sorted(places.items())
            if where == number
        ]
        if number in self.ends:
            found.append((CABLE, self.ends[number], {"category": "transceiver"}))
        if number in self.constant:
            found.append((CONSTANT, "Built-in", {}))
        return found

    def run(self, answer: dict[str, str]) -> dict[str, Any]:
        with NetBox(self.standin.url, self.standin.token, connections=1, backoff=0.001) as netbox:
            plan, warnings = prepare(netbox, reports(self.told(answer)), self.now, self.policy)
            outcome = make_outcome(plan, apply_plan(netbox, plan, pause=0.001), 0)
        assert not warnings
        return outcome

    @contextmanager
    def planned(self, answer: dict[str, str]) -> Iterator[None]:
        """A run that began a moment before, and writes when the block is over."""
        with NetBox(self.standin.url, self.standin.token, backoff=0.001) as netbox:
            plan, warnings = prepare(netbox, reports(self.told(answer)), self.now - EARLIER, self.policy)
            yield
            outcome = make_outcome(plan, apply_plan(netbox, plan, pause=0.001), 0)
        assert not warnings
        assert not any(found.get("failed") for found in outcome["devices"].values()), outcome["failed_hosts"]

    def count(self, answer: dict[str, str], died: bool = False) -> None:
        """Remember which parts a run did not see where they could have been seen.

        died: the run may or may not have written what it saw; what it had not, counts on.
        """
        for host, ids in HOSTS.items():
            for number in ids if answer[host] == "whole" else ():
                here = {serial for serial, _slot, _kind in self.inside(number)}
                for serial in (*SERIALS, CABLE, CONSTANT):
                    lacked = self.lacked.get((number, serial), 0)
                    self.lacked[(number, serial)] = lacked + 1 if serial not in here else lacked if died else 0

    # What NetBox says

    def rows(self) -> list[Row]:
        return [parse_row(raw) for raw in rows_of(self.standin.url, self.standin.token)]

    def latest(self) -> dict[tuple[int, str], Row]:
        ordered = sorted(self.rows(), key=lambda row: (row.time, row.id))
        newest = {(row.device_id or 0, row.serial): row for row in ordered}
        found = [with_last_seen(row for (where, _serial), row in newest.items() if where == one) for one in DEVICES]
        return {(row.device_id or 0, row.serial): row for rows in found for row in rows}

    def states(self) -> dict[tuple[int, str], Missing | None]:
        return {key: read_missing(row) for key, row in self.latest().items()}

    def check(
        self,
        answer: dict[str, str],
        outcome: dict[str, Any],
        before: dict[tuple[int, str], Missing | None],
        slack: timedelta = timedelta(0),
    ) -> None:
        """After a run that came to its end."""
        # A device that is empty, and was before, says nothing that could be written.
        well = ("written", "nothing known")
        written = {name for name, found in outcome["devices"].items() if found["outcome"] in well}
        assert written == {host for host, how in answer.items() if how == "whole"}, outcome["failed_hosts"]
        latest = self.latest()
        for number in (number for host in written for number in HOSTS[host]):
            here = {
                serial: row for (where, serial), row in latest.items() if where == number and read_missing(row) is None
            }
            assert {serial: row.slot for serial, row in here.items()} == {
                serial: slot for serial, slot, _kind in self.inside(number)
            }
            assert all(self.now - slack <= row.last_seen <= self.now for row in here.values())
        self.nothing_moved_that_stayed(written, outcome)
        self.nothing_gone_that_is_elsewhere(written, outcome)
        self.nothing_twice()
        self.nothing_concluded(answer, before)

    def nothing_moved_that_stayed(self, written: set[str], outcome: dict[str, Any]) -> None:
        """What moved from another device is not there; a constant moves nowhere; a part is in one place."""
        there = {f"r{number}": number for host in written for number in HOSTS[host]}
        several = sum(1 for number in there.values() if number in self.constant) > 2
        for found in outcome["devices"].values():
            for part in (*found.get("moved", ()), *found.get("returned", ())):
                source = there.get(part.get("from", {}).get("device"))
                inside = self.inside(source) if source else []
                assert part["serial"] not in {serial for serial, _slot, _kind in inside}, part
                assert part["serial"] != CONSTANT or not several, part
        assert CONSTANT in outcome["no_identity"] or not several
        assert set(outcome["conflicts"]) <= {CONSTANT, *self.carried}
        assert set(outcome["no_identity"]) <= {CONSTANT, CABLE}

    def nothing_gone_that_is_elsewhere(self, written: set[str], outcome: dict[str, Any]) -> None:
        """An ordinary part is not called gone in a run that sees it in another device."""
        there = {number for host in written for number in HOSTS[host]}
        seen = {part for part, (where, _slot) in self.at.items() if where in there}
        for name, found in outcome["devices"].items():
            assert not seen & {part["serial"] for part in found.get("gone", ())}, name

    def nothing_twice(self) -> None:
        """Rows of one part on one device follow each other."""
        rows: dict[tuple[int | None, str], list[Row]] = {}
        for row in self.rows():
            rows.setdefault((row.device_id, row.serial), []).append(row)
        for group in rows.values():
            for one, other in combinations(sorted(group, key=_began), 2):
                assert one.time < _began(other), f"{one} and {other}"

    def nothing_concluded(self, answer: dict[str, str], before: dict[tuple[int, str], Missing | None]) -> None:
        """Of a device that was not read whole no part is missing more than before; and gone is only what is not there
        since two whole readings."""
        whole = {number for host, ids in HOSTS.items() if answer[host] == "whole" for number in ids}
        for (number, serial), row in self.latest().items():
            state = read_missing(row)
            if number not in whole:
                assert state is None or state == before[(number, serial)], f"{serial} on {number}: {state}"
            elif state is not None:
                lacked = self.lacked[(number, serial)]
                assert lacked >= (2 if state.gone_since else 1), f"{serial} on {number}: {state}"


def _began(row: Row) -> datetime:
    return row.creation_time or row.time


def test_netbox_says_what_is_true_whatever_happens_to_the_network_and_to_the_runs() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        NetworkMachine,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=checks),
    )
