# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML file: no request to anywhere, and nothing in it runs but our own script.

Jinja2 escapes every text; the Content-Security-Policy names the style sheet and the script by their digests, so that
a text that should get through all the same can neither run nor load anything.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...module_utils._notify.message import Message
from ...module_utils._outgoing.text import printable
from ...module_utils._outgoing.words import count
from ...module_utils._report import headline, words
from ...module_utils._report.data import Report
from ...module_utils._report.records import named_changes
from . import plots, table, view
from .plots import Column
from .scan_table import encoded_hosts
from .scan_view import discovery_of

TEMPLATES = Path(__file__).parent / "templates"
#: Days that the plots over time show.
DAYS = 30
#: Devices of the plot of how long each took.
SLOWEST = 15

#: Fates of parts that are on their device now.
_PRESENT = ("seen", "created", "changed", "moved", "swapped", "returned")


def render(report: Report) -> str:
    """The page. Nothing in it depends on where it is opened from."""
    style, script = ((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    page = _environment().get_template("page.html.j2")
    return page.render(
        report=report,
        record=report.record,
        title=headline.title_of(report),
        verdict=headline.verdict(report),
        scope=headline.scope(report),
        nothing_changed=headline.nothing_changed(report),
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
        data=table.as_script_data(table.encoded(report.parts, report.lives)),
        hosts=_hosts(report),
        **_contents(report),
    )


def _hosts(report: Report) -> Markup:
    found = report.discovery
    return table.as_script_data(encoded_hosts(found, report.now)) if found else Markup("")


def render_mail(message: Message) -> str:
    """The HTML of a mail, for readers that show it."""
    return _environment().get_template("mail.html.j2").render(message=message)


def _contents(report: Report) -> dict[str, Any]:
    """What the sections of the page show."""
    record, parts = report.record, report.parts
    readings = headline.pieces(record)
    changed, number, more = view.changes(report)
    gaps, rejected = view.coverage(record)
    discovery = discovery_of(report)
    todos = view.in_order([*view.todos(record), *(discovery["todos"] if discovery else ())])
    return {
        "readings": readings,
        "bar": plots.stacked_bar(view.bar_of(readings), "How the devices were read"),
        "todos": [one for one in todos if one.tone != "plain"],
        "known": [one for one in todos if one.tone == "plain"],
        "changes": changed,
        "changes_number": number,
        "changes_more": more,
        "open_items": view.open_items(report),
        "nights": _nights(report),
        "gaps": gaps,
        "rejected": rejected,
        "by": [_shares(parts, field, heading) for field, heading in _BY] if parts else [],
        "ages": _ages(report) if parts else None,
        "slowest": _slowest(record),
        "spares": view.spares(parts),
        "discovery": discovery,
        "sites": sorted({one.site for one in parts if one.site}),
        "made": f"{report.now.day} {report.now:%b %Y, %H:%M}",
    }


_BY = (("manufacturer", "Manufacturer"), ("category", "Category"), ("site", "Site"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_safe,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.globals["count"] = count
    environment.globals["duration"] = words.duration
    environment.globals["share"] = plots.share
    return environment


def _safe(value: Any) -> Any:
    """Whatever the template shows: a text of others cannot turn the direction of writing, or hide."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or framed; one style sheet and one script, those of this page."""

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {digest(script)};"
        " base-uri 'none'; form-action 'none'"
    )


def _shares(parts: Any, field: str, heading: str) -> dict[str, Any]:
    found = view.counted(parts, field)
    return {"heading": heading, "rows": found, "most": max((number for _name, number in found), default=0)}


def _ages(report: Report) -> Markup:
    found = view.ages(report.parts, report.now)
    tones = {"24 h": "ok", "30 days": "warn", "90 days": "warn", "longer": "bad", "never": "bad"}
    shown = [
        Column(label, number, f"{count(number, 'part')} last seen {_within(label)}", tones.get(label, "plain"))
        for label, number in found
    ]
    return plots.columns(shown, "Parts by the time since they were last seen")


def _within(label: str) -> str:
    return "more than 90 days ago" if label == "longer" else label if label == "never" else f"within {label}"


def _slowest(record: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Device, seconds; the slowest first."""
    found = record.get("slowest")
    if not isinstance(found, Mapping):
        return []
    taken = [(str(name), float(value)) for name, value in found.items() if isinstance(value, (int, float))]
    return sorted(taken, key=lambda one: (-one[1], one[0]))[:SLOWEST]


def _nights(report: Report) -> list[dict[str, Any]]:
    """Three plots on one time axis: a column for each of the last days."""
    by_day: dict[date, Mapping[str, Any]] = {}
    for night in report.shown_nights:
        by_day[night.started.astimezone(report.now.tzinfo).date()] = night.record
    if len(by_day) < 2:
        return []
    last = max(by_day)
    days = [last - timedelta(days=number) for number in reversed(range(DAYS))]
    return [
        {
            "heading": heading,
            "plot": plots.columns([_column(day, by_day.get(day), value, tone, what) for day in days], heading),
        }
        for heading, value, tone, what in _OVER_TIME
    ]


def _changes(record: Mapping[str, Any]) -> int:
    return named_changes(record)[1]


def _not_complete(record: Mapping[str, Any]) -> int:
    complete, asked = headline.read_completely(record)
    return asked - complete


def _parts(record: Mapping[str, Any]) -> int:
    found = record.get("parts") or {}
    return sum(int(found.get(fate) or 0) for fate in _PRESENT)


_OVER_TIME: tuple[tuple[str, Callable[[Mapping[str, Any]], int], str, str], ...] = (
    ("Changed parts", _changes, "plain", "changed part"),
    ("Devices that were not read completely", _not_complete, "warn", "device"),
    ("Parts", _parts, "plain", "part"),
)


def _column(
    day: date, record: Mapping[str, Any] | None, value: Callable[[Mapping[str, Any]], int], tone: str, what: str
) -> Column:
    # Mondays are named, so that the labels do not run into each other at 390 pixels.
    label = f"{day.day} {day:%b}" if day.weekday() == 0 else ""
    if record is None:
        return Column(label, None, f"{day.day} {day:%b}: no run")
    number = value(record)
    return Column(label, number, f"{day.day} {day:%b}: {count(number, what)}", tone)
