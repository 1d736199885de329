# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words for the last scan of networks, which every form of a report shares."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from .._discovery.delta import CHANGED, FATES, GONE, MOVED, NEW, RETURNED, HostChange, KnownHost
from .._discovery.overview import Overview, Row
from .._discovery.verdicts import UNASSIGNED, UNKNOWN
from .._outgoing.text import printable
from .._outgoing.words import clipped, count, listed
from .._scan.finding import CONTRADICTING, SILENT
from . import words

#: A text that a host chose itself is cut after so many characters.
_CUT = 120
#: A scan that ended longer ago is old: what it shows may be another by now.
OLD = timedelta(days=2)

_FATE_WORDS = {
    NEW: "new", RETURNED: "returned", CONTRADICTING: "contradicting since this scan", GONE: "gone",
    SILENT: "silent since this scan", MOVED: "at another address", CHANGED: "changed",
}  # fmt: skip
#: What happens in a DHCP network all the time.
_PASSING = (NEW, RETURNED, SILENT, GONE)
#: Why a scan was not complete.
_WHY = {"deadline": "the deadline came first", "interrupted": "the scan was interrupted"}


def title_of(found: Overview, now: datetime) -> str:
    """When it was: "29 Nov 2026, 02:00 to 02:06"."""
    began, ended = (one.astimezone(now.tzinfo) for one in (found.began, found.ended))
    until = f"{ended:%H:%M}" if ended.date() == began.date() else f"{ended.day} {ended:%b %H:%M}"
    return f"{began.day} {began:%b %Y, %H:%M}" + (f" to {until}" if f"{began:%H:%M}" != until else "")


def numbers(found: Overview) -> list[tuple[int, str]]:
    """What is counted of a scan, with its words; the first ones always, the others if there are any."""
    shown = [
        (found.targets, "address to ask" if found.targets == 1 else "addresses to ask"),
        (found.seen, "host answered" if found.seen == 1 else "hosts answered"),
    ]
    others = [
        (len(unknown(found)), "unknown to NetBox"),
        (contradicting(found), "contradicting"),
        (len(unassigned(found)), "without a device"),
        (found.states[SILENT], "silent"),
        (len(gone(found)), "gone"),
        (found.not_asked, "not asked"),
    ]
    return [*shown, *((number, text) for number, text in others if number)]


def unknown(found: Overview) -> list[Row]:
    """Hosts that NetBox does not have. Who comes and goes in a DHCP network is none of them."""
    return [row for row in found.with_verdict(UNKNOWN) if not row.is_dynamic]


def unassigned(found: Overview) -> list[Row]:
    """Hosts whose address NetBox has without a device; not in DHCP networks."""
    return [row for row in found.with_verdict(UNASSIGNED) if not row.is_dynamic]


def gone(found: Overview) -> list[Row]:
    """Hosts that are gone; not in DHCP networks."""
    return [row for row in found.with_state(GONE) if not row.is_dynamic]


def named_changes(found: Overview) -> tuple[list[HostChange], int]:
    """The changes that have a row of their own, and how many hosts came or went in DHCP networks."""
    named = [one for one in found.changes if one.network not in found.dhcp_networks or one.fate not in _PASSING]
    return named, len(found.changes) - len(named)


def contradicting(found: Overview) -> int:
    """Hosts that contradict NetBox, or of which the sources contradict each other."""
    return sum(is_contradicting(row) for row in found.rows)


def is_contradicting(row: Row) -> bool:
    return row.known.state == CONTRADICTING or (row.verdict is not None and row.verdict.verdict == CONTRADICTING)


def verdict_of(found: Overview) -> tuple[str, str]:
    """How the scan went and what it found, in a sentence, and its tone."""
    said = f"{count(found.seen, 'host')} answered"
    if not found.seen:
        said, tone = "No host answered.", "warn"
    elif found.record.compared:
        new, wrong = len(unknown(found)), contradicting(found)
        news = [f"{new:,} unknown to NetBox"] if new else []
        news += [f"{wrong:,} contradicting it"] if wrong else []
        said += f": {', '.join(news)}." if news else "; NetBox has them all."
        tone = "warn" if news else "ok"
    else:
        said, tone = f"{said}. They were not compared with NetBox.", "plain"
    return (f"{said} {not_complete(found)}".rstrip(), "warn" if not found.scan.complete else tone)


def not_complete(found: Overview) -> str:
    """What was left out and why, in a sentence; empty if nothing was."""
    if found.scan.complete:
        return ""
    why = _WHY.get(found.scan.stopped, printable(found.scan.stopped) or "the scan did not end")
    if found.not_asked == 1:
        return f"1 address was not asked, because {why}: nothing is known of it."
    return f"{found.not_asked:,} addresses were not asked, because {why}: nothing is known of them."


def unusable(found: Overview) -> list[str]:
    """Sources that lacked something: a sentence for each."""
    return [f"{printable(one.source)}: {printable(one.missing)}" for one in found.scan.sources if one.missing]


def what_of(row: Row) -> str:
    """What is known of a host, in a line: what contradicts, else what it is."""
    verdict, host = row.verdict, row.host
    if verdict and verdict.contradictions:
        return "; ".join(clipped(one.text or one.about, 200) for one in verdict.contradictions)
    snmp = host.snmp
    model = " ".join(filter(None, (snmp.manufacturer, snmp.model))) or snmp.platform if snmp else ""
    said = [clipped(model, _CUT)] if model else []
    said += [f"serial {listed(snmp.serials, 2)}"] if snmp and snmp.serials else []
    said += [clipped(host.vendor, _CUT)] if host.vendor and not model else []
    said += [printable(host.mac)] if host.mac else []
    said += [f"{'port' if len(host.ports) == 1 else 'ports'} {listed(host.ports, 6)}"] if host.ports else []
    said += [clipped(next(iter(host.banners.values())), _CUT)] if host.banners else []
    said += [clipped(verdict.note, 200)] if verdict and verdict.note else []
    return ", ".join(said)


def changes_in_words(found: Overview) -> str:
    """How many hosts changed in which way, in a sentence; empty if none did."""
    named, passing = named_changes(found)
    fates = Counter(one.fate for one in named)
    said = [f"{fates[fate]:,} {_FATE_WORDS[fate]}" for fate in FATES if fates[fate]]
    said += [passing_in_words(passing)] if passing else []
    return f"Since the scans before: {', '.join(said)}." if said else ""


def passing_in_words(number: int) -> str:
    return f"{count(number, 'host')} came or went in DHCP networks"


def fate_in_words(fate: str) -> str:
    return _FATE_WORDS.get(fate, printable(fate)).removesuffix(" since this scan")


def gone_in_words(known: KnownHost, now: datetime) -> str:
    """Since when a host was not seen, and how often. now: in the time zone of the reader."""
    last = words.moment(known.last_seen, now)
    return f"last seen {last}, silent in {count(known.silent_runs, 'scan')}"


def what_changed(change: HostChange, now: datetime) -> str:
    """What became of a host, without its fate."""
    if change.fate in (SILENT, GONE):
        evidence = change.evidence
        runs, by = count(int(evidence.get("runs") or 0), "scan"), listed(evidence.get("sources") or (), 8)
        since = f", since {words.moment(change.since, now)}" if change.fate == GONE else ""
        return f"last seen {words.moment(change.last_seen, now)}; no answer to {by} in {runs}{since}"
    if change.fate == RETURNED:
        was = printable(change.evidence.get("was") or SILENT)
        return f"was {was} since {words.moment(change.since, now)}, last seen {words.moment(change.last_seen, now)}"
    if change.fate == MOVED:
        return f"{_value(change.before.get('addresses'))} → {_value(change.after.get('addresses'))}"
    if change.fate == CHANGED:
        said = [(name, change.before.get(name), value) for name, value in change.after.items()]
        return ", ".join(f"{name.replace('_', ' ')}: {_value(old)} → {_value(new)}" for name, old, new in said)
    return ""


def _value(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return listed(value, 6) or "(none)"
    return clipped(value, _CUT) if value not in (None, "") else "(none)"
