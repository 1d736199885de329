# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which results of the last scan of networks are events: unknown hosts, contradictions, hosts that are gone with
evidence, and a scan that was cut off.

A silent host is none: it may sleep. In a DHCP network hosts come and go: that one is unknown or gone there is none.
Each event is there in every scan as long as it holds, under the same key, so that
it is sent once; of a host that sleeps as well, so that it is no news when it wakes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .._discovery.delta import GONE
from .._discovery.overview import Overview, Row
from .._discovery.verdicts import UNKNOWN
from .._outgoing.text import printable
from .._report import scans
from .events import NOTICE, WARNING, Event, digest

UNKNOWN_HOST, CONTRADICTING_HOST, GONE_HOST = "unknown_host", "contradicting_host", "gone_host"
INCOMPLETE_SCAN, FAILED_SCAN = "incomplete_scan", "failed_scan"
#: Event -> how bad it is.
SCANS = {
    UNKNOWN_HOST: WARNING, CONTRADICTING_HOST: WARNING, GONE_HOST: WARNING, FAILED_SCAN: WARNING,
    INCOMPLETE_SCAN: NOTICE,
}  # fmt: skip


def scan_events(found: Overview | None, now: datetime) -> list[Event]:
    """The events of the last scan, in the order of addresses; of the scan itself first.

    now: in the time zone of the reader.
    """
    return [] if found is None else [*_of_scan(found), *_of_hosts(found, now)]


def _of_scan(found: Overview) -> Iterator[Event]:
    scan = found.scan
    lacking = [one for one in scan.sources if not one.used]
    if scan.sources and len(lacking) == len(scan.sources):
        text = f"scan: none of its sources could be used: {'; '.join(scans.unusable(found))}"
    elif not scan.complete and not scan.stopped:
        text = f"scan: it did not end. {scans.not_complete(found)}"
    elif not scan.complete:
        yield _event(INCOMPLETE_SCAN, f"scan: {scans.not_complete(found)}", [scan.id, scan.started])
        return
    else:
        return
    yield _event(FAILED_SCAN, text, [scan.id, scan.started])


def _of_hosts(found: Overview, now: datetime) -> Iterator[Event]:
    for row in found.rows:
        passing = row.is_dynamic
        if row.known.state == GONE and not passing:
            what = scans.what_of(row)
            text = f"gone: {scans.gone_in_words(row.known, now)}{f'; {what}' if what else ''}"
            yield _event(GONE_HOST, text, [*_identity(row), row.known.since], row)
        elif scans.is_contradicting(row):
            texts = [one.text or one.about for one in row.verdict.contradictions] if row.verdict else []
            text = f"contradicting: {scans.what_of(row) or 'the sources of the scan contradict each other'}"
            yield _event(CONTRADICTING_HOST, text, _identity(row), row, state=texts)
        elif not passing and (verdict := row.verdict or row.earlier) and verdict.verdict == UNKNOWN:
            yield _event(UNKNOWN_HOST, f"unknown to NetBox: {scans.what_of(row)}".rstrip(": "), _identity(row), row)


def _event(word: str, text: str, key: list[str], row: Row | None = None, state: list[str] | None = None) -> Event:
    """state: of what is open until somebody decides, what is known of it."""
    where = " ".join(filter(None, (row.host.ip, printable(row.name)))) if row else ""
    fields = row.fields() if row else {}
    device = row.verdict.device if row and row.verdict else ""
    return Event(
        word, SCANS[word], " ".join(f"{where}{': ' if where else ''}{text}".split()), fields.get("site") or None,
        device or None, key=digest([word, *key]), state=digest(state or []), data=fields, is_change=state is None,
        is_scan=True,
    )  # fmt: skip


def _identity(row: Row) -> list[str]:
    """What stays the same of a host: in a DHCP network its MAC."""
    return [row.host.network, row.host.mac if row.is_dynamic and row.host.mac else row.host.ip]
