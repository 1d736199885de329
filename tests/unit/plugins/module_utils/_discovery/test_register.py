# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""netbox_register against a NetBox that answers over HTTP: what it writes, what it never touches, and a second run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.errors import OptionsError
from ansible_collections.invmon.network.plugins.module_utils._discovery.given import scan_of
from ansible_collections.invmon.network.plugins.module_utils._discovery.history import keep
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxPermissionError
from ansible_collections.invmon.network.plugins.module_utils._tasks import register as register_module
from ansible_collections.invmon.network.plugins.module_utils._tasks.register import register
from ansible_collections.invmon.network.plugins.module_utils._tasks.register_options import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.sandbox.netbox.models import MODELS
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

_ICMP = [{"source": "icmp", "used": True}]
_VIEW = [f"{app}.view_{kind}" for app, kind in (
    ("ipam", "prefix"), ("ipam", "iprange"), ("ipam", "ipaddress"), ("dcim", "device"),
)]  # fmt: skip
_WRITE = ["extras.view_tag", "extras.view_journalentry", "extras.add_journalentry", "ipam.add_ipaddress"]
_SEED: dict[str, Any] = {
    "tokens": [
        {"token": "a" * 40, "superuser": True},
        {"token": "b" * 40, "permissions": _VIEW},
        {"token": "c" * 40, "permissions": [*_VIEW, *_WRITE]},
    ],
    "manufacturers": [{"name": "Cisco", "slug": "cisco"}],
    "device_types": [
        {"manufacturer": "cisco", "model": "Catalyst 9300-48P", "slug": "c9300", "part_number": "C9300-48P"},
        {"manufacturer": "cisco", "model": "Unknown", "slug": "unknown"},
    ],
    "roles": [{"name": "Found", "slug": "found"}],
    "sites": [{"name": "Brno", "slug": "brno"}, {"name": "Praha", "slug": "praha"}],
    "tenants": [{"name": "City", "slug": "city"}],
    "vrfs": [{"name": "mgmt", "rd": "65000:1"}],
    "prefixes": [
        {"prefix": "192.0.2.0/23", "status": "container"},
        {"prefix": "192.0.2.0/24", "site": "brno", "tenant": "city"},
        {"prefix": "192.0.2.64/26", "vrf": "mgmt"},
        {"prefix": "2001:db8::/64", "site": "praha"},
    ],
    "ip_ranges": [{"start_address": "192.0.2.200/24", "end_address": "192.0.2.220/24", "mark_populated": True}],
    "devices": [{"name": "core-1", "device_type": "c9300", "role": "found", "site": "brno", "serial": "FOC1"}],
    "ip_addresses": [
        {"address": "192.0.2.7/24", "device": "core-1"},
        {"address": "192.0.2.8/24", "dns_name": "by-hand.example.org"},
        {"address": "192.0.2.9/24"},
    ],
}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(_SEED) as found:
        yield found


def _host(ip: str, **more: Any) -> dict[str, Any]:
    evidence = [{"source": "icmp", "result": "answered", "time": "2026-11-30T01:00:01Z", "detail": "1.2 ms"}]
    return {"ip": ip, "state": "seen", "certainty": "proven", "network": "192.0.2.0/24", "sources": evidence, **more}


def _named(ip: str, name: str) -> dict[str, Any]:
    return _host(ip, reverse_dns=name, reverse_dns_confirmed=True, hostname=name)


def _switch(ip: str = "192.0.2.30", name: str = "sw-30.example.org", **more: Any) -> dict[str, Any]:
    snmp = {"sys_name": name, "serials": [f"S-{ip}"], "manufacturer": "Cisco Systems", "model": "C9300-48P", **more}
    return _host(ip, snmp=snmp, hostname=name)


def _scan(*hosts: dict[str, Any], **more: Any) -> dict[str, Any]:
    network = {
        **{"network": "192.0.2.0/24", "prefix_length": 24, "kind": "prefix", "netbox_id": 2},
        **{"site_id": 1, "site": "Brno", "asked": {"icmp": ["192.0.2.1-192.0.2.254"]}},
    }
    return {"started": "2026-11-30T01:00:00Z", "hosts": list(hosts), "networks": [network], **more}


def _run(standin: StandIn, *hosts: dict[str, Any], check_mode: bool = False, **options: Any) -> dict[str, Any]:
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    reach = {"url": standin.url, "token": options.pop("token", "a" * 40)}
    scan = options.pop("scan", None) or _scan(*hosts)
    params = {**defaults, **reach, "register": "ip_addresses", "scan": scan, **options}
    standin.forget()
    return register(params, check_mode=check_mode, diff=True)


def _rows(standin: StandIn, model: str) -> dict[str, dict[str, Any]]:
    key = "address" if model == "ip_address" else "name"
    return {row[key]: row for row in standin.store.select(MODELS[model])}


def _journal(standin: StandIn) -> list[str]:
    return [row["comments"] for row in standin.store.select(MODELS["journal_entry"])]


def _writes(standin: StandIn) -> list[str]:
    return [f"{one['method']} {one['path']}" for one in standin.requests() if one["method"] not in ("GET", "HEAD")]


def test_a_new_address_has_mask_tenant_name_tag_and_a_journal(standin: StandIn) -> None:
    result = _run(standin, _named("192.0.2.30", "printer.example.org"))
    row = _rows(standin, "ip_address")["192.0.2.30/24"]
    assert (row["tenant"], row["vrf"], row["status"], row["dns_name"]) == (1, None, "active", "printer.example.org")
    assert [standin.store.get(MODELS["tag"], tag) for tag in row["tags"]] != []
    (entry,) = _journal(standin)
    assert "192.0.2.30 answered, and NetBox did not have it" in entry
    assert "icmp: answered, 1.2 ms" in entry
    assert result["changed"]
    assert result["summary"] == ["Registered 1 address."]
    assert {one["kind"] for one in result["written"]} == {"tag", "address", "journal entry"}


def test_a_second_run_writes_nothing(standin: StandIn) -> None:
    hosts = [
        _named("192.0.2.30", "printer.example.org"),
        _switch("192.0.2.31"),
        _host("192.0.2.9"),
        _switch("192.0.2.8"),
    ]
    options: dict[str, Any] = {"register": "devices", "device_role": "found"}
    first = _run(standin, *hosts, **options)
    assert first["changed"]
    assert not first.get("failed"), first
    for _time in range(2):
        again = _run(standin, *hosts, **options)
        assert (again["changed"], again["written"], _writes(standin)) == (False, [], [])


def test_check_mode_writes_nothing_and_plans_the_same(standin: StandIn) -> None:
    hosts = [_named("192.0.2.30", "printer.example.org"), _switch("192.0.2.31")]
    options: dict[str, Any] = {"register": "devices", "device_role": "found"}
    dry = _run(standin, *hosts, check_mode=True, **options)
    assert (dry["changed"], _writes(standin)) == (True, [])
    wet = _run(standin, *hosts, **options)
    assert (dry["plan"], dry["diff"]) == (wet["plan"], wet["diff"])
    assert dry["summary"] == ["Would register 2 addresses and 1 device."]
    text = dry["diff"][0]["prepared"]
    assert "+ address 192.0.2.30/24  tenant City, dns_name printer.example.org, status active" in text
    assert "+ device sw-30.example.org  site Brno, role found, type Cisco Catalyst 9300-48P" in text


def test_a_device_gets_type_serial_interface_and_primary_address(standin: StandIn) -> None:
    result = _run(standin, _switch(), register="devices", device_role="found")
    assert not result.get("failed"), result
    device = _rows(standin, "device")["sw-30.example.org"]
    address = _rows(standin, "ip_address")["192.0.2.30/24"]
    interface = _rows(standin, "interface")["discovered"]
    assert (device["serial"], device["status"], device["site"], device["device_type"]) == (
        "S-192.0.2.30",
        "planned",
        1,
        1,
    )
    assert device["primary_ip4"] == address["id"]
    assert (interface["device"], address["assigned_object_id"]) == (device["id"], interface["id"])
    assert result["summary"] == ["Registered 1 address and 1 device.", "Changed 1 address."]


def test_a_device_of_ipv6_alone(standin: StandIn) -> None:
    result = _run(standin, {**_switch("2001:db8::30"), "network": ""}, register="devices", device_role="found")
    assert not result.get("failed"), result
    device = _rows(standin, "device")["sw-30.example.org"]
    address = _rows(standin, "ip_address")["2001:db8::30/64"]
    assert (device["primary_ip4"], device["primary_ip6"], device["site"]) == (None, address["id"], 2)
    assert not _run(standin, {**_switch("2001:db8::30"), "network": ""}, register="devices", device_role="found")[
        "changed"
    ]


def test_an_address_without_a_device_gets_one_and_keeps_what_a_person_wrote(standin: StandIn) -> None:
    _run(standin, _switch("192.0.2.8"), register="devices", device_role="found", dns_names="empty")
    row = _rows(standin, "ip_address")["192.0.2.8/24"]
    assert row["assigned_object_type"] == "dcim.interface"
    assert (row["dns_name"], row["tags"], row["status"]) == ("by-hand.example.org", [], "active")


@pytest.mark.parametrize(
    ("host", "options", "words"),
    [
        (_switch(model="C1000"), {}, "no device type for Cisco Systems C1000"),
        ({**_switch(), "certainty": "likely"}, {"certainty": "likely"}, "no device: it is likely"),
        ({**_switch(), "doubtful": [{"address": "192.0.2.40", "reason": "mac"}]}, {}, "doubtful which addresses"),
        (_switch(sys_name=""), {}, "its sysName is empty"),
        (_switch(name="CORE-1"), {}, "NetBox has core-1 at this site, without this address"),
    ],
)
def test_no_device_is_made_of_what_is_not_certain(
    standin: StandIn, host: dict[str, Any], options: dict[str, Any], words: str
) -> None:
    result = _run(standin, host, register="devices", device_role="found", **options)
    assert sorted(_rows(standin, "device")) == ["core-1"]
    assert any(words in line for line in result["summary"]), result["summary"]


def test_the_device_type_by_the_table_of_the_user_or_by_default(standin: StandIn) -> None:
    options: dict[str, Any] = {"register": "devices", "device_role": "found"}
    hosts = [_switch("192.0.2.30", "a", model="C1000"), _switch("192.0.2.31", "b", model="X", manufacturer="Y")]
    _run(standin, *hosts, **options, device_types={"cisco systems/c1000": "c9300"}, device_type="unknown")
    found = {name: row["device_type"] for name, row in _rows(standin, "device").items()}
    assert found == {"core-1": 1, "a": 1, "b": 2}


def test_a_stack_is_made_without_a_serial_number(standin: StandIn) -> None:
    _run(standin, _switch(serials=["A", "B"]), register="devices", device_role="found")
    assert _rows(standin, "device")["sw-30.example.org"]["serial"] == ""
    assert any("reports 2 chassis" in entry for entry in _journal(standin))


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ({**_host("192.0.2.30"), "certainty": "doubtful"}, "it is doubtful"),
        ({**_host("192.0.2.30"), "certainty": "likely"}, "it is likely"),
        ({**_host("192.0.2.30"), "state": "contradicting"}, "contradict each other"),
        (_host("192.0.2.205"), "marked as populated"),
        (_host("192.0.3.5"), "only a container"),
        (_host("203.0.113.5"), "no prefix of NetBox"),
        (_host("192.0.2.50", snmp={"sys_name": "core-1", "serials": ["FOC1"]}, addresses=["192.0.2.50"]), ""),
    ],
)
def test_what_is_not_registered_is_said(standin: StandIn, host: dict[str, Any], words: str) -> None:
    result = _run(standin, host)
    if words:
        assert any(words in line for line in result["summary"]), result["summary"]
        assert _writes(standin) == []
    else:
        assert "192.0.2.50/24" in _rows(standin, "ip_address")


def test_our_dns_name_follows_the_dns_until_a_person_writes_another(standin: StandIn) -> None:
    def dns_name() -> str:
        return str(_rows(standin, "ip_address")["192.0.2.30/24"]["dns_name"])

    _run(standin, _named("192.0.2.30", "old.example.org"))
    _run(standin, _named("192.0.2.30", "new.example.org"))
    assert dns_name() == "new.example.org"
    row = _rows(standin, "ip_address")["192.0.2.30/24"]
    for written in ("person.example.org", ""):
        standin.store.update(MODELS["ip_address"], row["id"], {"dns_name": written})
        result = _run(standin, _named("192.0.2.30", "newer.example.org"))
        assert (dns_name(), result["changed"]) == (written, False)


def test_an_empty_dns_name_of_a_person_is_filled_by_choice_only(standin: StandIn) -> None:
    host = _named("192.0.2.9", "nine.example.org")
    assert not _run(standin, host)["changed"]
    assert _run(standin, host, dns_names="empty")["changed"]
    row = _rows(standin, "ip_address")["192.0.2.9/24"]
    assert (row["dns_name"], row["tags"]) == ("nine.example.org", [])
    assert not _run(standin, _named("192.0.2.9", "other.example.org"), dns_names="empty")["changed"]


def test_a_name_that_the_dns_does_not_confirm_is_not_written(standin: StandIn) -> None:
    for host in (
        _host("192.0.2.30", reverse_dns="x.example.org", reverse_dns_confirmed=False),
        _named("192.0.2.31", "not a name"),
    ):
        _run(standin, host)
    assert {row["dns_name"] for row in _rows(standin, "ip_address").values()} == {"", "by-hand.example.org"}


def test_evidence_is_a_block_of_code_in_the_journal(standin: StandIn) -> None:
    evil = {
        "source": "tcp",
        "result": "answered",
        "time": "t",
        "detail": 'x\n    Written: {"status": "y"}\n# [l](http://e)',
    }
    _run(standin, _host("192.0.2.30", sources=[evil]))
    (entry,) = _journal(standin)
    assert all(line.startswith("    ") for line in entry.split("\n")[2:])
    assert entry.count("\n    Written: ") == 1


def test_without_register_the_permission_to_view_is_enough(standin: StandIn) -> None:
    result = _run(standin, _host("192.0.2.30"), _host("192.0.2.7"), register="none", token="b" * 40)
    assert not result["changed"]
    assert result["summary"] == []
    assert result["counts"] == {
        **{"contradicting": 0, "unknown": 1, "unassigned": 0, "silent": 2, "known": 1},
        "not_asked": 0,
    }
    assert all(one["method"] == "GET" and one["status"] == 200 for one in standin.requests())


def test_a_missing_permission_is_reported_before_anything_is_written(standin: StandIn) -> None:
    with pytest.raises(NetBoxPermissionError, match="extras/tags"):
        _run(standin, _host("192.0.2.30"), token="b" * 40)
    assert _writes(standin) == []


def test_the_tag_that_cannot_be_made_is_reported(standin: StandIn) -> None:
    result = _run(standin, _host("192.0.2.30"), token="c" * 40)
    assert result["failed"]
    assert "the tag invmon-discovered could not be made" in result["msg"]
    assert "192.0.2.30/24" not in _rows(standin, "ip_address")


@pytest.mark.parametrize(
    "path", ["ip-addresses", "journal-entries", "/devices", "/interfaces"], ids=lambda path: path.strip("/")
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_run_that_lost_its_permission_on_the_way_is_continued(standin: StandIn, path: str, method: str) -> None:
    hosts = [_named("192.0.2.30", "printer.example.org"), _switch("192.0.2.31")]
    options: dict[str, Any] = {"register": "devices", "device_role": "found"}
    standin.plan("403", method=method, path=path, times=1)
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    params = {**defaults, "url": standin.url, "token": "a" * 40, "scan": _scan(*hosts), **options}
    first = register(params)
    planned = [one for one in standin.requests() if one["status"] == 403]
    assert bool(first.get("failed")) is bool(planned)
    if planned:
        assert "permission" in first["msg"]
    second = _run(standin, *hosts, **options)
    assert not second.get("failed"), second
    assert len(_rows(standin, "ip_address")) == 5
    assert standin.store.count(MODELS["ip_address"]) == 5
    device = _rows(standin, "device")["sw-30.example.org"]
    assert device["primary_ip4"] == _rows(standin, "ip_address")["192.0.2.31/24"]["id"]
    assert standin.store.count(MODELS["journal_entry"]) == 3
    assert _run(standin, *hosts, **options)["written"] == []


@pytest.mark.parametrize("kind", ["drop_after_write", "truncate"])
def test_an_unclear_answer_never_writes_twice(standin: StandIn, kind: str) -> None:
    standin.plan(kind, method="POST", path="ip-addresses", times=1)
    defaults = {name: spec.get("default") for name, spec in ARGUMENT_SPEC.items()}
    params = {**defaults, "url": standin.url, "token": "a" * 40, "timeout": 2.0, "register": "ip_addresses"}
    result = register({**params, "scan": _scan(_host("192.0.2.30"), _host("192.0.2.31"))})
    assert not result.get("failed"), result["msg"]
    assert standin.store.count(MODELS["ip_address"]) == 5
    assert len(_journal(standin)) == 2


def _meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let another client write between the plan and its application."""
    planned = register_module.make_plan

    def meanwhile(*arguments: Any) -> Any:
        plan = planned(*arguments)
        act()
        return plan

    monkeypatch.setattr(register_module, "make_plan", meanwhile)


def test_what_another_makes_meanwhile_is_not_made_again(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"address": "192.0.2.30/24", "tags": [], "custom_fields": {}, "status": "active", "dns_name": ""}

    def insert() -> None:
        standin.store.insert(MODELS["ip_address"], row)

    _meanwhile(monkeypatch, insert)
    result = _run(standin, _host("192.0.2.30"), _host("192.0.2.31"))
    assert "address 192.0.2.30: NetBox changed since the plan was made: run again" in result["msg"]
    assert standin.store.count(MODELS["ip_address"]) == 5


def test_what_another_changes_meanwhile_is_not_overwritten(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    _run(standin, _named("192.0.2.30", "old.example.org"))
    number = _rows(standin, "ip_address")["192.0.2.30/24"]["id"]
    by_hand = {"dns_name": "person.example.org"}
    _meanwhile(monkeypatch, lambda: standin.store.update(MODELS["ip_address"], number, by_hand))
    result = _run(standin, _named("192.0.2.30", "new.example.org"))
    assert "run again" in result["msg"]
    assert _rows(standin, "ip_address")["192.0.2.30/24"]["dns_name"] == "person.example.org"


def test_a_virtual_machine_does_not_become_a_device(standin: StandIn) -> None:
    vm = standin.store.insert(MODELS["virtual_machine"], {"name": "vm1", "status": "active", "tags": []})
    port = standin.store.insert(MODELS["vm_interface"], {"name": "eth0", "virtual_machine": vm, "tags": []})
    number = _rows(standin, "ip_address")["192.0.2.9/24"]["id"]
    assigned = {"assigned_object_type": "virtualization.vminterface", "assigned_object_id": port}
    standin.store.update(MODELS["ip_address"], number, assigned)
    result = _run(standin, _switch("192.0.2.9"), register="devices", device_role="found")
    assert not result["changed"]
    known = next(one for one in result["verdicts"] if one["ip"] == "192.0.2.9")
    assert (known["verdict"], known["device_kind"], known["device"]) == ("known", "virtual_machine", "vm1")


def test_our_addresses_get_the_status_of_gone_ones_and_back(standin: StandIn, tmp_path: Path) -> None:
    def scan(day: int, *hosts: dict[str, Any]) -> dict[str, Any]:
        return _scan(*hosts, started=f"2026-11-{day:02}T01:00:00Z", id=f"scan{day}", sources=_ICMP)

    def statuses() -> list[str]:
        rows = _rows(standin, "ip_address")
        return [rows[f"192.0.2.{last}/24"]["status"] for last in (30, 31, 8)]

    first = scan(1, _host("192.0.2.30"), _host("192.0.2.31"), _host("192.0.2.8"))
    _run(standin, scan=first)
    for kept in (first, scan(2), scan(3)):
        keep(tmp_path, scan_of(kept))
    person = _rows(standin, "ip_address")["192.0.2.31/24"]["id"]
    standin.store.update(MODELS["ip_address"], person, {"status": "reserved"})
    options: dict[str, Any] = {
        "history": str(tmp_path),
        "gone_status": "deprecated",
        "gone_after": 3,
        "gone_after_days": 2.0,
    }
    assert not _run(standin, scan=scan(4), gone_status="", history=str(tmp_path))["changed"]
    assert _run(standin, scan=scan(4), **options)["changed"]
    assert statuses() == ["deprecated", "reserved", "active"]
    assert not _run(standin, scan=scan(4), **options)["changed"]
    back = _run(standin, scan=scan(5, _host("192.0.2.30"), _host("192.0.2.31")), **options)
    assert statuses() == ["active", "reserved", "active"], back["summary"]
    with pytest.raises(OptionsError, match="set history"):
        _run(standin, scan=scan(4), gone_status="deprecated")


def test_the_brake(standin: StandIn) -> None:
    hosts = [_host(f"192.0.2.{last}") for last in range(30, 40)]
    held = _run(standin, *hosts, brake_objects=9)
    assert held["failed"]
    assert held["reason"] == "held"
    assert "10 new objects, more than 9" in held["msg"]
    assert _writes(standin) == []
    assert len(held["plan"]["addresses"]) == 10
    assert not _run(standin, *hosts, brake_objects=9, brake_share=100, check_mode=True).get("changed")
    assert _run(standin, *hosts, brake_objects=9, release=True)["changed"]


def test_a_device_that_a_person_renamed_stays(standin: StandIn) -> None:
    options: dict[str, Any] = {"register": "devices", "device_role": "found"}
    _run(standin, _switch(), **options)
    device = _rows(standin, "device")["sw-30.example.org"]
    standin.store.update(MODELS["device"], device["id"], {"name": "gateway", "status": "active"})
    result = _run(standin, _switch(), **options)
    assert (result["changed"], [one["verdict"] for one in result["verdicts"] if one["ip"] == "192.0.2.30"]) == (
        False,
        ["contradicting"],
    )
    assert sorted(_rows(standin, "device")) == ["core-1", "gateway"]


def test_wrong_names_are_an_error_before_anything_is_written(standin: StandIn) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"device_role": "nope"}, "no role with the slug nope"),
        ({"device_role": "found", "device_type": "nope"}, "no device type with the slug nope"),
        ({}, "needs the role"),
        ({"device_role": "found", "device_site": "Brno!"}, "device_site must be a slug"),
    )
    for options, words in cases:
        with pytest.raises(OptionsError, match=words):
            _run(standin, _switch(), register="devices", **options)
    assert _writes(standin) == []
