# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties of the plan, whatever NetBox has and a scan finds: nothing of a person's is in it, and it is made once."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._discovery.background import Background, DeviceType
from ansible_collections.invmon.network.plugins.module_utils._discovery.journal import (
    ADDRESS_TYPE,
    DEVICE_TYPE,
    last_written,
)
from ansible_collections.invmon.network.plugins.module_utils._discovery.plan import make_plan
from ansible_collections.invmon.network.plugins.module_utils._discovery.plan_data import Plan
from ansible_collections.invmon.network.plugins.module_utils._discovery.snapshot import (
    Address,
    Device,
    Prefix,
    Snapshot,
)
from ansible_collections.invmon.network.plugins.module_utils._discovery.verdicts import compare
from ansible_collections.invmon.network.plugins.module_utils._discovery.wishes import TAG, DeviceWishes, Gone, Wishes
from ansible_collections.invmon.network.plugins.module_utils._scan.finding import SnmpBasics
from ansible_collections.invmon.network.plugins.module_utils._scan.host import Host, Network, Scan
from hypothesis import given, settings
from hypothesis import strategies as st

_IPS = [f"192.0.2.{last}" for last in range(1, 9)]
_NAMES = st.sampled_from(["", "a.example.org", "b.example.org"])
_STATUS = st.sampled_from(["active", "deprecated", "reserved", "dhcp"])
_TAGS = st.sampled_from([(), (TAG,), ("person",)])
_SERIALS = st.sampled_from([(), ("S1",), ("S2",), ("S1", "S2")])


@st.composite
def _snapshots(draw: st.DrawFn) -> Snapshot:
    devices = tuple(
        Device(id=number, name=name, site_id=1, serial=draw(st.sampled_from(["", "S1", "S2"])), tags=draw(_TAGS))
        for number, name in enumerate(draw(st.sets(st.sampled_from(["sw1", "sw2"]))), 1)
    )
    addresses = []
    for number, ip in enumerate(draw(st.sets(st.sampled_from(_IPS))), 10):
        owner = draw(st.sampled_from([None, *devices]))
        owned: dict[str, Any] = {"owner_kind": "device", "owner_id": owner.id, "owner": owner.name} if owner else {}
        more: dict[str, Any] = {"dns_name": draw(_NAMES), "status": draw(_STATUS), "tags": draw(_TAGS), **owned}
        addresses.append(Address(id=number, ip=ip, prefix_length=24, **more))
    prefixes = (Prefix(id=1, prefix="192.0.2.0/24", site_id=1, site="Brno"),)
    return Snapshot(url="https://netbox", prefixes=prefixes, addresses=tuple(addresses), devices=devices)


@st.composite
def _hosts(draw: st.DrawFn) -> list[Host]:
    hosts = []
    for ip in sorted(draw(st.sets(st.sampled_from(_IPS)))):
        snmp = SnmpBasics(sys_name=draw(st.sampled_from(["", "sw1", "sw2", "sw3"])), serials=draw(_SERIALS), model="X")
        name = draw(_NAMES)
        more: dict[str, Any] = {"state": draw(st.sampled_from(["seen", "seen", "seen", "silent", "contradicting"]))}
        more |= {"certainty": draw(st.sampled_from(["proven", "proven", "likely", "doubtful"]))}
        more |= {"reverse_dns": name, "reverse_dns_confirmed": draw(st.booleans()) if name else None}
        hosts.append(Host(ip=ip, network="192.0.2.0/24", snmp=draw(st.sampled_from([None, snmp])), **more))
    return hosts


_WISHES = st.builds(
    Wishes,
    register=st.sampled_from(["ip_addresses", "devices"]),
    dns_names=st.sampled_from(["ours", "empty", "none"]),
    certainty=st.sampled_from(["proven", "likely"]),
    gone_status=st.sampled_from(["", "deprecated"]),
    devices=st.just(DeviceWishes(role="r", default_type="x")),
)


def _scan(hosts: list[Host]) -> Scan:
    networks = (Network(network="192.0.2.0/24", prefix_length=24, kind="prefix", netbox_id=1),)
    return Scan(started="2026-11-30T01:00:00Z", hosts=tuple(hosts), networks=networks)


def _background(written: dict[tuple[str, int], dict[str, str]]) -> Background:
    return Background(1, (), written, 1, None, [DeviceType(1, "x", "Acme", "X")])


def _written(draw: st.DrawFn, snapshot: Snapshot) -> dict[tuple[str, int], dict[str, str]]:
    values = st.fixed_dictionaries({}, optional={"dns_name": _NAMES, "status": _STATUS})
    objects = [(ADDRESS_TYPE, one.id) for one in snapshot.addresses] + [
        (DEVICE_TYPE, one.id) for one in snapshot.devices
    ]
    return {key: draw(values) for key in objects if draw(st.booleans())}


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Snapshot, list[Host], Wishes, list[Gone], dict[tuple[str, int], dict[str, str]]]:
    snapshot = draw(_snapshots())
    gone = [Gone(ip=ip) for ip in sorted(draw(st.sets(st.sampled_from(_IPS))))]
    return snapshot, draw(_hosts()), draw(_WISHES), gone, _written(draw, snapshot)


def _after(snapshot: Snapshot, plan: Plan, written: dict[tuple[str, int], dict[str, str]]) -> tuple[Snapshot, Any]:
    """NetBox and its journal once the plan was applied."""
    addresses = {one.id: one for one in snapshot.addresses}
    devices = {one.id: one for one in snapshot.devices}
    entries = [{"type": entry.type, "id": entry.id, "comments": entry.comments} for entry in plan.entries]
    made: dict[str, int] = {}
    for number, one in enumerate(plan.addresses, 1000):
        made[one.ip] = number
        new: dict[str, Any] = {"dns_name": one.dns_name, "status": one.status, "tags": (TAG,)}
        addresses[number] = Address(id=number, ip=one.ip, prefix_length=one.prefix_length, **new)
        entries.append({"type": ADDRESS_TYPE, "id": number, "comments": one.comments})
    for change in plan.changes:
        addresses[change.id] = replace(addresses[change.id], **dict[str, Any](change.after))
        entries.append({"type": ADDRESS_TYPE, "id": change.id, "comments": change.comments})
    for number, device in enumerate(plan.devices, 2000):
        device_id = device.device_id or number
        old = devices.get(
            device_id, Device(id=device_id, name=device.name, site_id=1, serial=device.serial, tags=(TAG,))
        )
        devices[device_id] = replace(old, primary=(device.ip,))
        address_id = device.address_id or made[device.ip]
        owner: dict[str, Any] = {"owner_kind": "device", "owner_id": device_id, "owner": device.name}
        addresses[address_id] = replace(addresses[address_id], **owner)
        entries.append({"type": DEVICE_TYPE, "id": device_id, "comments": device.comments})
    rows = [
        {
            "id": number,
            "assigned_object_type": one["type"],
            "assigned_object_id": one["id"],
            "comments": one["comments"],
        }
        for number, one in enumerate(entries)
    ]
    found = last_written(rows)
    merged = {key: {**written.get(key, {}), **found.get(key, {})} for key in written.keys() | found.keys()}
    after = replace(snapshot, addresses=tuple(addresses.values()), devices=tuple(devices.values()))
    return after, json.loads(json.dumps([[list(key), value] for key, value in merged.items()]))


@settings(max_examples=80, deadline=None)
@given(_cases())
def test_nothing_of_a_persons_is_in_any_write(case: Any) -> None:
    snapshot, hosts, wishes, gone, written = case
    plan = make_plan(compare(_scan(hosts), snapshot), _background(written), wishes, "now", gone)
    records = {one.id: one for one in snapshot.addresses}
    taken = {one.ip for one in snapshot.addresses}
    assert not taken & {one.ip for one in plan.addresses}
    for change in plan.changes:
        record = records[change.id]
        ours = written.get((ADDRESS_TYPE, record.id), {}) if TAG in record.tags else {}
        for key, before in change.before.items():
            assert before == getattr(record, key)
            assert ours.get(key) == before or (key == "dns_name" and before == "" and wishes.dns_names == "empty")
    for device in plan.devices:
        owner = records[device.address_id].owner_id if device.address_id else None
        assert owner in (None, device.device_id)
        if device.device_id is not None:
            old = next(one for one in snapshot.devices if one.id == device.device_id)
            assert TAG in old.tags
            assert (DEVICE_TYPE, old.id) not in written


@settings(max_examples=80, deadline=None)
@given(_cases())
def test_a_plan_that_was_applied_leaves_nothing_to_do(case: Any) -> None:
    snapshot, hosts, wishes, gone, written = case
    plan = make_plan(compare(_scan(hosts), snapshot), _background(written), wishes, "now", gone)
    after, merged = _after(snapshot, plan, written)
    background = _background({(key[0], key[1]): value for key, value in merged})
    again = make_plan(compare(_scan(hosts), after), background, wishes, "now", gone)
    assert again.is_empty, again
