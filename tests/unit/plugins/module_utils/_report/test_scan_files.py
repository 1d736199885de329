# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last scan as files, Markdown and metrics: read back by who will read it, also with hostile text."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.filter.inventory_delta import inventory_delta
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import to_json
from ansible_collections.invmon.network.plugins.module_utils._discovery.overview import FIELDS, overview
from ansible_collections.invmon.network.plugins.module_utils._report.data import Report
from ansible_collections.invmon.network.plugins.module_utils._report.markdown import markdown_text
from ansible_collections.invmon.network.plugins.module_utils._report.prometheus import metrics_text
from ansible_collections.invmon.network.plugins.module_utils._report.scan_files import discovery_csv, discovery_json
from ansible_collections.invmon.network.tests.page.made import NOW, busy
from ansible_collections.invmon.network.tests.page.made_scans import discovery, hostile_discovery, records

SCHEMA = Path(__file__).resolve().parents[5] / "docs" / "schemas" / "discovery.schema.json"
MADE = "2026-11-29T07:00:00Z"


def rows(text: str) -> dict[str, dict[str, str]]:
    return {one["ip"]: one for one in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("make", [discovery, hostile_discovery])
def test_discovery_json_is_what_its_schema_says(make: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    data = json.loads(json.dumps(discovery_json(make(), MADE)))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    known = schema["$defs"]["host"]["properties"]
    assert {key for host in data["hosts"] for key in host} <= set(known)
    assert set(data["scan"]) <= set(schema["$defs"]["scan"]["properties"])


def test_discovery_json_is_the_same_in_whatever_order_the_scan_has_its_hosts() -> None:
    last = records()[-1]
    scan = replace(last.scan, hosts=last.scan.hosts[::-1], networks=last.scan.networks[::-1])
    turned = overview([*records()[:-1], replace(last, scan=scan, verdicts=last.verdicts[::-1])])
    assert turned is not None
    assert discovery_json(turned, MADE) == discovery_json(discovery(), MADE)


def test_two_discovery_json_are_compared_as_their_scans() -> None:
    before, last = records()[-2:]
    older = overview([before])
    assert older is not None
    found = inventory_delta(discovery_json(older, MADE), discovery_json(discovery(), MADE))
    assert [one["fate"] for one in found] == ["new", "new", "silent", "moved", "changed"]
    assert found == inventory_delta(to_json(before.scan), to_json(last.scan))


def test_each_host_and_each_silent_address_of_netbox_is_one_row_of_the_csv_file() -> None:
    found = rows(discovery_csv(discovery()))
    assert len(found) == len(discovery().rows)
    assert list(found) == sorted(found, key=ip_address)
    switch = found["10.20.0.15"]
    assert (switch["state"], switch["verdict"], switch["serial"]) == ("seen", "known", "FCW2415L0AB")
    assert (switch["vrf"], switch["network"], switch["ports"]) == ("management", "10.20.0.0/24", "22")
    assert json.loads(switch["banners"]) == {"22": "SSH-2.0-OpenSSH_9.2p1"}
    assert switch["sources"] == "icmp, tcp, dns, snmp"
    assert (found["10.20.0.12"]["state"], found["10.20.0.12"]["device"]) == ("gone", "sw-012")
    assert found["10.20.0.12"]["since"] > found["10.20.0.12"]["last_seen"] > found["10.20.0.12"]["first_seen"]
    assert (found["10.20.0.200"]["state"], found["10.20.0.200"]["first_seen"]) == ("silent", "")
    assert "FOC1111X0ZZ" in found["10.20.0.14"]["contradictions"]


def test_no_cell_of_a_host_is_a_formula_and_excel_recognises_the_file() -> None:
    text = discovery_csv(hostile_discovery(), bom=True)
    assert text.startswith("\ufeffip,state,")
    cells = [cell for line in csv.reader(io.StringIO(text)) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert set(rows(text.removeprefix("\ufeff"))["10.66.0.1"]) == set(FIELDS)


def test_markdown_names_who_is_unknown_or_contradicts_and_what_was_not_asked() -> None:
    text = markdown_text(replace(busy(), discovery=discovery()))
    assert "### Discovery: 29 Nov 2026" in text
    assert "**3** unknown to NetBox" in text
    assert "**54** not asked" in text
    assert re.search(r"- `10.20.0.14` `sw-014` \*\*contradicting\*\*: NetBox has the serial number FOC1111X0ZZ", text)
    assert "1 gone" in text
    assert "Discovery" not in markdown_text(busy())


def test_markdown_of_a_hostile_scan_has_no_link_no_html_and_no_mention() -> None:
    markdown_it = pytest.importorskip("markdown_it")
    text = markdown_text(Report([], discovery=hostile_discovery(), now=NOW))
    html = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(text)
    assert set(re.findall(r"</?([a-zA-Z0-9]+)", html)) <= {"h2", "h3", "p", "code", "strong", "ul", "li"}


def test_metrics_count_hosts_by_state_and_verdict() -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    text = metrics_text(Report([], discovery=discovery(), now=NOW))
    families = {family.name: family for family in parser.text_string_to_metric_families(text)}
    states = {one.labels["state"]: one.value for one in families["invmon_discovery_hosts"].samples}
    verdicts = {one.labels["verdict"]: one.value for one in families["invmon_discovery_verdicts"].samples}
    assert (states["gone"], states["silent"], verdicts["unknown"], verdicts["contradicting"]) == (1, 2, 8, 1)
    assert families["invmon_discovery_not_asked_addresses"].samples[0].value == 54
    assert families["invmon_discovery_complete"].samples[0].value == 0
    ended = families["invmon_discovery_last_scan_timestamp_seconds"].samples[0].value
    assert ended == pytest.approx(NOW.timestamp() - 0.2 * 86400 + 312)
    assert "invmon_discovery" not in metrics_text(busy())
