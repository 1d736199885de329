# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first lines of every form of a report: which night it was, and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._history.record import moment
from .._outgoing.text import printable
from .._outgoing.words import count
from . import scans
from .data import Report


@dataclass(frozen=True)
class Reading:
    """How a run can have read a device, as the page names it."""

    key: str
    words: str
    tone: str
    glyph: str


READINGS = (
    Reading("complete", "complete", "ok", "●"),
    Reading("uploaded_before", "uploaded before", "ok", "●"),
    Reading("incomplete", "incomplete", "warn", "◐"),
    Reading("nothing_known", "nothing known", "warn", "◌"),
    Reading("refused", "refused the credentials", "bad", "✕"),
    Reading("unreachable", "unreachable", "bad", "○"),
    Reading("not_read", "not read", "bad", "○"),
    Reading("not_asked", "not asked", "plain", "-"),
)


def title_of(report: Report) -> str:
    """The heading: which night it was."""
    record = report.record
    if not record:
        return f"Scan of {scans.title_of(report.discovery, report.now)}" if report.discovery else "No run on record"
    if record.get("period"):
        days = [moment(record[key]).astimezone(report.now.tzinfo) for key in ("started", "ended")]
        return " to ".join(f"{day.day} {day:%b %Y, %H:%M}" for day in days)
    began, ended = (moment(record[key]).astimezone(report.now.tzinfo) for key in ("started", "ended"))
    dry = "Dry run" if record.get("check_mode") else "Night" if began.hour < 8 or began.hour >= 20 else "Run"
    until = f"{ended:%H:%M}" if ended.date() == began.date() else f"{ended.day} {ended:%b %H:%M}"
    to = f" to {until}" if f"{began:%H:%M}" != until else ""
    return f"{dry} of {began.day} {began:%b %Y, %H:%M}{to}"


def verdict(report: Report) -> tuple[str, str]:
    """How it went, in a sentence, and its tone."""
    record = report.record
    if not record and report.discovery:
        text, tone = scans.verdict_of(report.discovery)
        return text, "ok" if tone == "plain" else tone
    if not record:
        return "There is no run on record: nothing is known.", "bad"
    if record.get("period"):
        return f"{count(len(record.get('changes') or ()), 'part')} changed between the two dates.", "ok"
    if record.get("error"):
        return f"Nothing was written. {printable(record['error'])}", "bad"
    complete, asked = read_completely(record)
    held = (record.get("devices") or {}).get("held") or 0
    if not asked:
        return "No device was asked.", "warn"
    if complete == asked and not held:
        which = "All devices of this run" if scope(report) else "All devices"
        return f"{which} were read completely." if asked > 1 else "The device was read completely.", "ok"
    said = f"{asked - complete:,} of {count(asked, 'device')} were not read completely" if asked > complete else ""
    held_words = f"{count(held, 'device')} {'is' if held == 1 else 'are'} held" if held else ""
    return f"{', '.join(filter(None, (said, held_words)))}.", "bad" if complete == 0 else "warn"


def read_completely(record: Mapping[str, Any]) -> tuple[int, int]:
    """How many devices were read completely, and how many there were."""
    readings = record.get("readings") or {}
    return sum(readings.get(one.key) or 0 for one in READINGS if one.tone == "ok"), sum(readings.values())


def nothing_changed(report: Report) -> str:
    """What it means that there are no changes, in a sentence."""
    record = report.record
    if not record:
        return "Not known: there is no run on record."
    if record.get("error"):
        return "Nothing was written."
    if record.get("period"):
        return "Nothing changed between the two dates."
    complete, asked = read_completely(record)
    if not complete:
        return "Not known: no device was read completely."
    if complete < asked or scope(report):
        return "Nothing changed on the devices that were read completely."
    return "Nothing changed."


def scope(report: Report) -> str:
    """What the run leaves out, in a sentence; empty if it was about the whole inventory."""
    record = report.record
    if not record or record.get("period"):
        return ""
    hosts, night = record.get("hosts") or {}, report.nights[-1]
    said = []
    if hosts and hosts["run"] < hosts["inventory"]:
        said.append(
            f"This run was limited to {hosts['run']:,} of {count(hosts['inventory'], 'host')} of the inventory."
        )
    if missing := night.missing_slices:
        said.append(
            f"{count(missing, 'slice')} of this job {'has' if missing == 1 else 'have'} no record here, or not yet."
        )
    return " ".join(said)


def pieces(record: Mapping[str, Any]) -> list[tuple[Reading, int]]:
    """How the devices were read, as far as there are any."""
    found = record.get("readings") or {}
    return [(one, found[one.key]) for one in READINGS if found.get(one.key)]
