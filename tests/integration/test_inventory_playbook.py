# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly job: good nights."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT, run_playbook

WRITES = ("POST", "PATCH", "PUT", "DELETE")


def writes(night: Night) -> list[dict]:
    return [request for request in night.standin("requests") if request["method"] in WRITES]


def test_a_dry_run_shows_the_parts_and_writes_nothing(night: Night) -> None:
    outcome = night.run("--check", "--diff", "--limit", "sw-stack-brno")
    assert outcome.status == 0, outcome.text
    assert [r for r in writes(night) if "graphql" not in r["path"]] == []
    assert night.probes() == []
    assert "FCW9301A0K1" in outcome.text


def places(rows: list[dict]) -> dict[int, tuple]:
    """What NetBox holds of the places of devices, or of the rows of devices: id -> site and location."""

    def names(row: dict) -> tuple:
        return tuple(row[key] and (row[key]["id"], row[key]["name"]) for key in ("site", "location"))

    return {(row.get("device") or row)["id"]: names(row) for row in rows}


def diff(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[:2] in ("+ ", "~ ", "! ")]


def test_the_first_run_writes_all_that_the_dry_run_showed_and_the_second_changes_nothing(night: Night) -> None:
    dry = night.run("--check", "--diff")
    assert night.probes() == []
    first = night.run("--diff")
    assert diff(dry.text) == diff(first.text) != []
    assert first.failed == night.bad, first.text
    assert first.status == 2
    stands = places(night.netbox("dcim/devices/?limit=100")["results"])
    written = places(night.probes())
    assert written == {number: stands[number] for number in written}
    assert {location for _site, location in written.values()} > {None}
    rows = {(p["device"]["id"], p["serial"]) for p in night.probes() if p["device"]}
    assert len(rows) == len(night.probes()) > 200
    second = night.run("--diff")
    assert second.changed == set(), second.text
    assert second.failed == night.bad
    assert len(night.probes()) == len(rows)


def test_limit_touches_only_the_limited_device(night: Night) -> None:
    outcome = night.run("--limit", "rtr-mx-ostrava")
    assert outcome.hosts == {"rtr-mx-ostrava"}
    assert {probe["device_descriptor"] for probe in night.probes()} == {"rtr-mx-ostrava"}


def test_text_of_netbox_and_of_devices_is_never_a_template(night: Night) -> None:
    outcome = night.run("--limit", "rtr-mx-ostrava", "-vvv")
    assert "Ostrava 49" not in outcome.text
    assert {probe["site_descriptor"] for probe in night.probes()} == {"Ostrava {{ 7*7 }} (hostile name)"}


def test_collect_alone_asks_netbox_for_devices_only(night: Night) -> None:
    outcome = night.run("--tags", "collect", "--limit", "rtr-mx-ostrava")
    assert outcome.status == 0, outcome.text
    assert [r["path"] for r in night.standin("requests") if "inventory-monitor" in r["path"]] == []


def test_upload_alone_writes_what_was_collected_with_its_time(night: Night) -> None:
    assert night.run("--tags", "collect", "--limit", "rtr-mx-ostrava").status == 0
    outcome = night.run("--tags", "upload", "--limit", "rtr-mx-ostrava,sw-dead")
    assert night.probes() != []
    assert outcome.failed == {"sw-dead"}, outcome.text
    assert "did not collect" in outcome.text


def test_a_collection_is_found_again_whatever_the_name_of_the_device(night: Night) -> None:
    name = "../a/b\\c d%"
    number = night.netbox("dcim/devices/?name=rtr-mx-ostrava")["results"][0]["id"]
    night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": name})
    try:
        night.run("--tags", "collect", "--limit", "site_ostrava")
        night.run("--tags", "upload", "--limit", "site_ostrava")
    finally:
        night.netbox(f"dcim/devices/{number}/", "PATCH", {"name": "rtr-mx-ostrava"})
    assert name in {probe["device_descriptor"] for probe in night.probes()}


def test_batches_write_the_same_rows_as_one_run(night: Night) -> None:
    def rows() -> set[tuple[str, str]]:
        return {(probe["device_descriptor"], probe["serial"]) for probe in night.probes()}

    limit = ("--limit", "site_brno")  # with devices that fail
    night.run(*limit)
    whole = rows()
    night.forget()
    night.run(*limit, "-e", "invmon_batch_size=5")
    assert rows() == whole


def test_both_backends_write_the_same_rows(night: Night) -> None:
    limit = ("--limit", "sw-stack-brno,rtr-mx-ostrava,rtr-ncs-praha")
    night.run(*limit, "-e", "snmp_backend=easysnmp")
    outcome = night.run(*limit, "-e", "snmp_backend=snmp")
    assert outcome.status == 0, outcome.text
    assert outcome.changed == set(), outcome.text


def test_excluded_models_make_no_row_in_both_spellings_of_the_older_tool(night: Night) -> None:
    model = "C9300-24T"
    limit = ("--limit", "sw-stack-brno")
    night.run(*limit, entPhysicalModelName_exludes=model)
    assert model not in {probe["part"] for probe in night.probes()}
    night.forget()
    night.run(*limit, entPhysicalModelName_excludes=f"other, {model}")
    assert model not in {probe["part"] for probe in night.probes()}
    night.run(*limit)
    assert model in {probe["part"] for probe in night.probes()}


def test_dump_and_recording_are_written_and_the_recording_replays(night: Night, tmp_path: Path) -> None:
    outcome = night.run(
        *("--limit", "rtr-mx-ostrava", "--tags", "collect"),
        *("-e", f"collect_dump={tmp_path}/dump", "-e", f"record_to={tmp_path}/recordings"),
    )
    assert outcome.status == 0, outcome.text
    assert "jnxContents" in (tmp_path / "dump" / "rtr-mx-ostrava.json").read_text()
    recording = (tmp_path / "recordings" / "rtr-mx-ostrava.snmprec").read_text("latin-1")
    serials = {probe["serial"] for probe in night.probes()}
    assert not any(serial in recording for serial in serials), "a masked recording holds a real serial"


def test_the_environment_alone_is_enough(night: Night, tmp_path: Path) -> None:
    """No env_file anywhere: the way in which AWX gives credentials."""
    values = dict(line.split("=", 1) for line in (night.sandbox.folder / "sandbox.env").read_text().splitlines())
    inventory = tmp_path / "env.netbox_devices.yml"
    inventory.write_text("plugin: invmon.network.netbox_devices\nnames: [sw-nexus-brno]\n")
    outcome = run_playbook(
        *(ROOT / "playbooks" / "inventory.yml", "-i", str(inventory)),
        *("-e", f"snmp_port={night.sandbox.network.port}", "-e", "invmon_collected="),
        **values,
    )
    assert outcome.status == 0, outcome.text
    assert {probe["device_descriptor"] for probe in night.probes()} == {"sw-nexus-brno"}
