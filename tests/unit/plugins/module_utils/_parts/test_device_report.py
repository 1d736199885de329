# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was collected of a device goes through JSON unchanged; what people write by hand is read, or refused by name."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape, to_json
from ansible_collections.invmon.network.plugins.module_utils._parts.device_report import (
    ChassisMember,
    DeviceReport,
    Named,
    VirtualChassis,
    read_report,
)
from ansible_collections.invmon.network.plugins.module_utils._parts.inventory import (
    Attempt,
    ChassisSerial,
    Member,
    RejectedSerial,
    Statistics,
    SystemGroup,
    Table,
)
from ansible_collections.invmon.network.plugins.module_utils._parts.item import Item
from ansible_collections.invmon.network.plugins.module_utils._parts.record import (
    Record,
    SourceRow,
    UnusableRecord,
    read_record,
)
from hypothesis import given
from hypothesis import strategies as st

_TEXT = st.none() | st.text(max_size=4)
_RECORDS = st.builds(
    Record,
    serial=st.text(min_size=1, max_size=4),
    **dict.fromkeys(("index", "source", "part", "name", "description", "category", "path", "alias"), _TEXT),
    is_fru=st.none() | st.booleans(),
    member=st.none() | st.integers(0, 9),
    merged_from=st.lists(st.builds(SourceRow, _TEXT, _TEXT, _TEXT, _TEXT), max_size=2).map(tuple),
)
_NAMED = st.none() | st.builds(Named, st.none() | st.integers(1, 9), _TEXT)
_CHASSIS = st.builds(
    VirtualChassis,
    id=st.integers(1, 9),
    members=st.lists(
        st.builds(ChassisMember, st.integers(1, 9), _TEXT, st.none() | st.integers(0, 9), _TEXT, _NAMED, _NAMED),
        max_size=2,
    ).map(tuple),
)
_REPORTS = st.builds(
    DeviceReport,
    name=st.text(min_size=1, max_size=4),
    device_id=st.none() | st.integers(1, 9),
    device_name=_TEXT,
    virtual_chassis=st.none() | _CHASSIS,
    error=_TEXT,
    complete=st.booleans(),
    tables=st.none() | st.dictionaries(st.text(max_size=4), st.builds(Table, st.integers(0, 9), st.booleans(), _TEXT)),
    members=st.lists(st.builds(Member, st.integers(0, 9), st.text(max_size=4), _TEXT), max_size=2).map(tuple),
    system=st.none() | st.builds(SystemGroup, st.text(max_size=4)),
    chassis=st.none() | st.lists(st.builds(ChassisSerial, st.text(max_size=4)), max_size=1).map(tuple),
    attempt=st.none() | st.builds(Attempt, st.integers(1, 9), st.sampled_from(["1", "2c", "3"])),
    coverage=st.none() | st.lists(st.text(max_size=4), max_size=2).map(tuple),
    rejected=st.none() | st.lists(st.builds(RejectedSerial, _TEXT, _TEXT), max_size=1).map(tuple),
    statistics=st.none() | st.builds(Statistics, seconds=st.floats(0, 9)),
    seen_at=_TEXT,
    records=st.lists(_RECORDS, max_size=3).map(tuple),
    rows=st.none() | st.integers(0, 9),
)


@given(_REPORTS)
def test_a_report_goes_through_json_unchanged(report: DeviceReport) -> None:
    assert read_report(json.loads(json.dumps(to_json(report))), "device") == report


def test_a_record_has_the_fields_of_an_item_but_its_ancestors() -> None:
    of_item = {field.name for field in fields(Item)} - {"ancestors"}
    assert {field.name for field in fields(Record)} == of_item | {"merged_from", "rule"}


@pytest.mark.parametrize(
    ("written", "record"),
    [
        ({"serial": "A1"}, Record("A1")),
        ({"serial": 12345678, "part": 7.5, "name": None}, Record("12345678", part="7.5")),
        ({"serial": "A1", "mine": [1]}, Record("A1")),
        ({"name": "PSU 1"}, Record(name="PSU 1")),
    ],
)
def test_a_record_that_a_person_wrote_is_read(written: dict[str, Any], record: Record) -> None:
    assert read_record(written) == record


@pytest.mark.parametrize(
    ("written", "unusable"),
    [
        ("SN1", UnusableRecord("?", "it is a str, not a record of merge_by_serial")),
        ({"serial": ["A1"]}, UnusableRecord("['A1']", "serial is a list, not text")),
        (
            {"serial": "A1", "position": "first"},
            UnusableRecord("A1", 'position is "first", not a whole number or null'),
        ),
        (
            {"name": "PSU 1", "merged_from": [{"index": 1}]},
            UnusableRecord("PSU 1", "merged_from[0].index is 1, not text or null"),
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_named_with_the_reason(written: Any, unusable: UnusableRecord) -> None:
    assert read_record(written) == unusable
    report = read_report({"name": "r1", "records": [{"serial": "A1"}, written]}, "device")
    assert (report.records, report.unusable) == ((Record("A1"),), (unusable,)), "it spoils no other record"


def test_what_a_person_leaves_open_or_adds_does_not_matter() -> None:
    written: dict[str, Any] = {
        "name": "r1",
        "members": None,
        "records": None,
        "system": {"name": None, "contact": "x"},
        "tags": [],
    }
    assert read_report(written, "device") == DeviceReport("r1", system=SystemGroup())


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"device_id": "7"}, 'devices[2].device_id is "7", not a whole number or null'),
        ({"complete": "yes"}, 'devices[2].complete is "yes", not true or false'),
        ({"tables": {"ifXTable": {"complete": 1}}}, "devices[2].tables.ifXTable.complete is 1, not true or false"),
        ({"members": [{"serial": "A1"}]}, "devices[2].members[0].number is missing"),
        ({"virtual_chassis": {"members": [{}]}}, "devices[2].virtual_chassis.members[0].id is missing"),
        ({"records": {"serial": "A1"}}, "devices[2].records is an object, not a list"),
    ],
)
def test_what_is_of_a_wrong_type_is_named_with_its_path(written: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongShape) as refused:
        read_report({"name": "r1", **written}, "devices[2]")
    assert str(refused.value) == message
