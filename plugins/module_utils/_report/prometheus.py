# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run as metrics, for the textfile collector of Prometheus' node_exporter.

No label holds a name of a device: their number would grow with the network, and the page and the files name them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from .._discovery.overview import Overview
from .._history.nights import Night
from .._history.record import STATES, moment
from .data import Report

#: States of a run in which it wrote what was read.
_SUCCESS = ("ok", "attention")


class Metric(NamedTuple):
    """One family of samples: labels -> value."""

    name: str
    help: str
    samples: Mapping[tuple[tuple[str, str], ...], float]


def metrics_text(report: Report) -> str:
    """The text format 0.0.4, a family after the other."""
    lines = []
    for metric in _metrics(report):
        if not metric.samples:
            continue
        lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} gauge"]
        lines += [f"{metric.name}{_labels(labels)} {value:.15g}" for labels, value in metric.samples.items()]
    return "\n".join([*lines, ""])


def _metrics(report: Report) -> Iterator[Metric]:
    record = report.record
    if record:
        yield Metric("invmon_last_run_timestamp_seconds", "When the last run ended.", _one(_ended(report.nights[-1])))
    if good := [night for night in report.shown_nights if night.record.get("state") in _SUCCESS]:
        about = "When the last run ended that wrote what it had read."
        yield Metric("invmon_last_success_timestamp_seconds", about, _one(_ended(good[-1])))
    yield from _run(record) if record else ()
    yield from _inventory(report)
    yield from _discovery(report.discovery) if report.discovery else ()


def _run(record: Mapping[str, Any]) -> Iterator[Metric]:
    states = {one: float(record.get("state") == one) for one in STATES}
    yield _family("invmon_run_state", "1 for the state of the last run.", "state", states)
    yield _family("invmon_run_duration_seconds", "How long the last run took.", "phase", record.get("seconds"))
    yield _family("invmon_devices", "Devices of the last run by how they were read.", "reading", record.get("readings"))
    reasons = {key: group["count"] for key, group in (record.get("not_whole") or {}).items()}
    yield _family("invmon_devices_not_written", "Devices not written completely, by reason.", "reason", reasons)
    yield _family("invmon_run_parts", "Parts of the last run by fate.", "fate", record.get("parts"))
    kinds = Counter(str(item.get("kind")) for item in record.get("standing") or ())
    yield _family("invmon_open_items", "What is open, by kind.", "kind", kinds)
    requests = (record.get("netbox") or {}).get("requests")
    if requests is not None:
        yield Metric("invmon_netbox_requests", "Requests to NetBox of the last run.", _one(requests))


def _inventory(report: Report) -> Iterator[Metric]:
    if not report.parts:
        return
    yield Metric("invmon_inventory_parts", "Parts that are in the network.", _one(len(report.parts)))
    seen = [datetime.fromisoformat(one.last_seen) for one in report.parts if one.last_seen]
    if seen:
        age = (report.now - min(seen)).total_seconds()
        yield Metric(
            "invmon_inventory_oldest_seconds", "Time since the part was seen that was not seen longest.", _one(age)
        )


def _discovery(found: Overview) -> Iterator[Metric]:
    name = "invmon_discovery"
    yield Metric(f"{name}_last_scan_timestamp_seconds", "When the last scan ended.", _one(found.ended.timestamp()))
    yield Metric(f"{name}_complete", "1 if the last scan left nothing unasked.", _one(found.scan.complete))
    yield Metric(f"{name}_addresses", "Addresses that the last scan was to ask.", _one(found.targets))
    yield Metric(f"{name}_not_asked_addresses", "Addresses that it did not ask.", _one(found.not_asked))
    yield _family(f"{name}_hosts", "Hosts by state, from all scans on record.", "state", found.states)
    yield _family(f"{name}_verdicts", "Hosts of the last scan by what NetBox has.", "verdict", found.verdicts)
    yield _family(f"{name}_changes", "Hosts that changed in the last scan, by fate.", "fate", found.fates)


def _ended(night: Night) -> float:
    return moment(night.record["ended"]).timestamp()


def _one(value: float) -> dict[tuple[tuple[str, str], ...], float]:
    return {(): float(value)}


def _family(name: str, about: str, label: str, found: Mapping[str, float] | None) -> Metric:
    return Metric(name, about, {((label, str(key)),): float(value) for key, value in (found or {}).items()})


def _labels(labels: Iterable[tuple[str, str]]) -> str:
    found = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{found}}}" if found else ""


def _escaped(value: str) -> str:
    return re.sub(r'[\\"]', r"\\\g<0>", value).replace("\n", r"\n")
