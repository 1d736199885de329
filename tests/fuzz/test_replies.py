# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever NetBox answers ends in a result or in a sentence: never in an error of Python, never in raw text.

Two strangers: a server that answers anything, and an editor who writes anything into rows that NetBox then gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast
from unittest import mock

from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._hygiene.plan import RULES, Wishes
from ansible_collections.invmon.network.plugins.module_utils._hygiene.read import read_table, read_whole
from ansible_collections.invmon.network.plugins.module_utils._hygiene.restore_plan import decide
from ansible_collections.invmon.network.plugins.module_utils._hygiene.steps import Moved, make_step
from ansible_collections.invmon.network.plugins.module_utils._hygiene.words import step_lines
from ansible_collections.invmon.network.plugins.module_utils._inventory.devices import (
    Selection,
    hosts_of,
    read_chassis_members,
    read_devices,
    warnings_of,
)
from ansible_collections.invmon.network.plugins.module_utils._netbox import latest, sightings
from ansible_collections.invmon.network.plugins.module_utils._netbox.breaker import Breaker
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxError
from ansible_collections.invmon.network.plugins.module_utils._netbox.lookup import read_names, with_ids
from ansible_collections.invmon.network.plugins.module_utils._netbox.replies import error_of, words_of
from ansible_collections.invmon.network.plugins.module_utils._netbox.version import check_version
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.fuzz.changed_json import TEXTS, VALUES, changed_values
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
    reports,
)
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.table_netbox import TableNetBox
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

TOKEN = "0123456789abcdef0123456789abcdef01234567"

NAMED = {"id": 1, "url": "http://netbox/1/", "display": "Brno", "name": "Brno", "slug": "brno"}
MARK = {
    **{"v": 1, "slot": "Slot 1", "interface": "xe-0/0/1", "position": 1, "index": "1", "rule": "chassis"},
    **{"ends": ["a", "b"], "sysname": "r1", "platform": "ios", "is_fru": True, "partial": True, "foreign": False},
    "missing": {"n": 1, "since": "2026-11-20T03:00:00Z", "at": "2026-11-20T03:00:00Z", "gone": "2026-11-21T03:00:00Z"},
    "began": {"fate": "moved", "from": {"device": "r2", "device_id": 2, "slot": "1", "time": "2026-11-20T03:00:00Z"}},
}
PROBE = {
    **{"id": 1, "url": "http://netbox/api/probes/1/", "display": "Fan", "serial": "SN1", "name": "Slot 1"},
    **{
        "time": "2026-11-20T03:00:00Z",
        "creation_time": "2026-11-19T03:00:00Z",
        "part": "PART-1",
        "category": "chassis",
    },
    **{"description": "a part", "comments": "", "device": NAMED, "site": NAMED, "location": None},
    **{"device_descriptor": "r1", "site_descriptor": "Brno", "location_descriptor": None},
    **{"discovered_data": {"invmon": MARK, "other": 1}, "tags": [NAMED], "custom_fields": {"owner": "me"}},
}
DEVICE = {
    **{"id": 1, "name": "r1", "display": "r1", "serial": "SN1", "status": {"value": "active"}, "vc_position": 1},
    **{"site": NAMED, "location": NAMED, "platform": NAMED, "role": NAMED, "tags": [NAMED], "custom_fields": {}},
    **{"device_type": {**NAMED, "model": "Box", "manufacturer": NAMED}, "primary_ip6": None},
    **{"primary_ip4": {"id": 1, "address": "127.0.0.1/8"}, "virtual_chassis": {**NAMED, "master": NAMED}},
}
SIGHTING = {
    **{"serial": "SN1", "time": "2026-11-20 03:00:00+00:00", "creation_time": None, "name": "Slot 1", "id": "1"},
    **{"device_descriptor": "r2", "category": "module", "device": {"id": "2"}},
}
JOURNAL = {"id": 1, "assigned_object_type": "inventory_monitor.probe", "assigned_object_id": 1}
STATUS = {"netbox-version": "4.6.8", "plugins": {"inventory_monitor": "14.0.0"}}


def as_reply(value: Any) -> bytes:
    """As NetBox sends it."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def page(*rows: Any) -> dict[str, Any]:
    return {"count": len(rows), "next": None, "previous": None, "results": list(rows)}


@contextmanager
def answering(reply: Any) -> Iterator[NetBox]:
    """A client to which NetBox answers always the same."""
    content = as_reply(reply)
    response = SimpleNamespace(content=content, status_code=200, headers={})
    with (
        NetBox("http://127.0.0.1:9", TOKEN) as netbox,
        mock.patch.object(netbox._session, "request", return_value=response),
    ):
        yield netbox


def plain(value: Any) -> None:
    """Ansible can show it."""
    json.dumps(value)


@given(changed_values(page(PROBE)) | VALUES)
def test_any_list_of_probes_is_read_or_refused(reply: Any) -> None:
    with answering(reply) as netbox:
        found = latest.read_latest(netbox, [1], Breaker())
        assert set(found.rows) | set(found.unreadable) == {1}
        with suppress(NetBoxError):
            read_whole(netbox, [1])


@given(
    changed_values(page(PROBE, {**PROBE, "id": 2, "creation_time": None})),
    changed_values(page(JOURNAL)) | st.just(page(JOURNAL)),
)
def test_any_table_is_planned_for_hygiene_or_refused(reply: Any, journal: Any) -> None:
    wishes = Wishes(frozenset(RULES), night(100))
    contents = {"probes": as_reply(reply), "journal-entries": as_reply(journal), "devices": as_reply(page(DEVICE))}

    def request(_method: str, url: str, **_options: Any) -> Any:
        return SimpleNamespace(content=contents[url.rstrip("/").rsplit("/", 1)[1]])

    with (
        NetBox("http://127.0.0.1:9", TOKEN) as netbox,
        mock.patch.object(netbox._session, "request", request),
        suppress(NetBoxError),
    ):
        for merge in read_table(netbox, wishes).plan(wishes):
            whole = read_whole(netbox, {row.id for row in merge.rows})
            with suppress(Moved):
                assert "".join(step_lines(make_step(merge, whole))).isprintable()


@given(changed_values(page(DEVICE, {**DEVICE, "id": 2})) | VALUES)
def test_any_list_of_devices_becomes_hosts_or_is_refused(reply: Any) -> None:
    with answering(reply) as netbox, suppress(NetBoxError):
        rows = read_devices(netbox, Selection(filters={"cf_owner": "me"}))
        hosts = hosts_of(rows, read_chassis_members(netbox, rows), netbox.url, [4, 6])
        plain([host.variables for host in hosts])
        assert all(host.name.isprintable() and host.name.strip() for host in hosts)
        warnings_of(rows, hosts, Selection(names=["r1"]))


@given(changed_values(page(DEVICE)) | VALUES)
def test_any_list_of_devices_names_them_or_is_refused(reply: Any) -> None:
    with answering(reply) as netbox:
        found, failed = with_ids(netbox, reports([{"name": "r1"}, {"name": "r2", "device_id": 1}]))
        plain([[to_json(one) for one in found], failed])
        with suppress(NetBoxError):
            plain(read_names(netbox, [1]))


@given(changed_values({"data": {"inventory_monitor_probe_list": [SIGHTING]}}) | VALUES)
def test_any_sighting_is_used_or_refused(reply: Any) -> None:
    with answering(reply) as netbox:
        found, warning = sightings.read_elsewhere(netbox, ["SN1"])
        assert warning is None or warning.isprintable()
        assert all(isinstance(serial, str) for serial in found)


@given(changed_values(STATUS) | VALUES)
def test_any_status_is_understood_or_refused(reply: Any) -> None:
    with answering(reply) as netbox:
        said: object
        try:
            said = check_version(netbox)
        except NetBoxError as error:
            said = error
        assert str(said).isprintable()


@given(changed_values([PROBE]) | VALUES)
def test_any_answer_to_new_and_changed_rows_is_used_or_refused(reply: Any) -> None:
    with answering(reply) as netbox:
        for write in (netbox.post_bulk, netbox.patch_bulk):
            with suppress(NetBoxError):
                assert all(
                    isinstance(row["id"], int) and not isinstance(row["id"], bool)
                    for row in write(latest.PROBES, [{"id": 1}])
                )


# An editor writes what NetBox takes: texts, times, JSON, and references to what there is.
time_texts = st.sampled_from(
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "2026-11-20T03:00:00Z",
        "2026-11-21T09:00:00Z",
    ]
)
marks = changed_values(MARK) | VALUES
rows_of_editors = st.fixed_dictionaries(
    {
        "serial": st.sampled_from(["SN1", "SN2", "SN3"]) | TEXTS.map(lambda text: text.strip() or "SN4"),
        "time": time_texts,
        "creation_time": st.none() | time_texts,
        "name": TEXTS,
        "part": st.none() | TEXTS,
        "category": st.sampled_from([None, "chassis", "transceiver", "module"]) | TEXTS,
        "description": TEXTS,
        "comments": TEXTS,
        "device": st.sampled_from([1, 2]).map(lambda number: {**NAMED, "id": number}),
        "site": st.none() | st.just(NAMED),
        "location": st.none() | st.just(NAMED),
        "device_descriptor": st.none() | TEXTS,
        "site_descriptor": st.none() | TEXTS,
        "location_descriptor": st.none() | TEXTS,
        "discovered_data": marks.map(lambda mark: {"invmon": mark}) | VALUES,
        "tags": st.lists(st.just(NAMED), max_size=1),
        "custom_fields": st.dictionaries(TEXTS, VALUES, max_size=2),
    }
)
policies = st.builds(
    Policy,
    gone_action=st.sampled_from(["report", "comment", "delete"]),
    gone_after=st.integers(1, 3),
    gone_after_hours=st.sampled_from([0, 12]),
    gone_after_days=st.none() | st.integers(1, 3),
    gone_age=st.just(1),
    brake_share=st.just(100),
    run_brake_share=st.just(100),
)


@given(st.lists(rows_of_editors, max_size=4), policies, st.booleans())
def test_whatever_an_editor_wrote_a_night_goes_by(rows: list[dict[str, Any]], policy: Policy, shown: bool) -> None:
    table = Table()
    for row in rows:
        table.add(**row)
    told = [record("SN1", "Slot 1"), record("SN2", "Slot 2", category="transceiver", interface="xe-0/0/1")]
    devices = [device(1, told if shown else [], system={"name": "r1"}, platform="ios"), device(2, [])]
    for number in range(3):
        _plan, result = run(cast(NetBox, TableNetBox(table)), reports(devices), night(number), pause=0, policy=policy)
        plain(result)
        assert "failed" not in {found["outcome"] for found in result["devices"].values()}


@given(rows_of_editors, changed_values(PROBE) | VALUES, st.sampled_from(["change", "delete"]))
def test_whatever_stands_in_a_row_it_is_brought_back_or_not(row: dict[str, Any], present: Any, does: str) -> None:
    row = {**row, "id": 1}
    line = {"does": does, "row": row, "sent": {"time": "2026-11-20T03:00:00Z", "comments": "x"}, "why": []}
    with answering(page(present)) as netbox:
        try:
            found = read_whole(netbox, [1])
        except NetBoxError:
            found = {}
    plain(str(decide(line, found.get(1), list(found.values()))))


@given(
    st.sampled_from([200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503, 999]),
    st.fixed_dictionaries(
        {},
        optional={
            "Content-Type": st.sampled_from(["application/json", "text/html", "\x1b"]) | TEXTS,
            "Location": TEXTS,
            "Retry-After": TEXTS,
        },
    ),
    VALUES.map(as_reply) | TEXTS.map(lambda text: f"<title>{text}</title>".encode()) | st.binary(max_size=40),
)
def test_any_error_becomes_a_sentence(status: int, headers: dict[str, str], body: bytes) -> None:
    response = SimpleNamespace(
        status_code=status,
        headers=CaseInsensitiveDict(headers),
        content=body,
        text=body.decode("utf-8", "replace"),
        request=SimpleNamespace(url="http://netbox/api/dcim/devices/", method="GET"),
    )
    error = error_of(response, "http://netbox")
    if error is not None:
        assert str(error).isprintable()
        assert len(str(error)) < 2000
        assert error.retry_after is None or error.retry_after >= 0


@given(VALUES)
def test_errors_of_any_shape_become_words(errors: Any) -> None:
    assert words_of(errors).isprintable()
