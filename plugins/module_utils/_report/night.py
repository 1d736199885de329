# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a run as text for users: it renders data, and decides nothing itself.

The data is a run record (see run_record), or the result of netbox_probe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from .._common.cells import INDENT, UNBROKEN
from .._common.durations import ago, in_words
from .._outgoing.text import printable
from .._outgoing.words import count, listed
from . import needs, records
from .layout import paragraph, table
from .words import duration, model, moment, what_became, with_inside

#: So many parts and items are named; with -v all that the data has.
NAMED_PARTS, NAMED_OPEN = 40, 20

#: How a device was read, as the first line counts it.
_READ = {
    "complete": "complete",
    "incomplete": "incomplete",
    "nothing_known": "with nothing known",
    "unreachable": "unreachable",
    "refused": "refused the credentials",
    "not_read": "not read",
    "not_asked": "not asked",
    "uploaded_before": "uploaded before",
}
#: Those that are only counted.
_COUNTED = (
    ("adopted", "taken over from the older scripts"),
    ("renamed", "renamed in place"),
    ("updated", "updated in place"),
    ("unknown", "unknown, because their device was incomplete"),
)


#: Fates that write more than a time or a count.
_ROWS = ("created", "changed", "moved", "swapped", "returned", "adopted", "renamed", "updated", "deleted")


class Line(NamedTuple):
    """A line of text, and what it is about."""

    text: str
    tone: str = ""  #: "changed", "open" or "bad" of a heading


def summary(
    run: Mapping[str, Any], width: int, verbose: bool = False, file: str | None = None, now: datetime | None = None
) -> list[Line]:
    """The text of a run, in lines of at most `width` cells (a longer word is not broken).

    verbose: name all parts, and say what is known every night. file: where all of it is as data. now: in the time zone
    of the reader; the default is here and now.
    """
    now = now or datetime.now().astimezone()
    lines: list[Line] = []
    for one in by_netbox(run):
        lines += [*([Line("")] if lines else []), *_Text(one, width, verbose, file, now).lines()]
    return lines


def by_netbox(run: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The run as far as it is about each of the NetBoxes that it has written to; itself if there is one."""
    netboxes: Mapping[str, Mapping[str, Any]] = run.get("netboxes") or {}
    if not netboxes:
        return [run]
    lists = ("changes", "standing")

    def about(url: str) -> dict[str, Any]:
        return {name: [one for one in run[name] if one.get("netbox") == url] for name in lists}

    return [{**run, **counts, **about(url), "url": url, "netboxes": {}} for url, counts in netboxes.items()]


class _Text:
    """The text of one run, at one width."""

    def __init__(self, run: Mapping[str, Any], width: int, verbose: bool, file: str | None, now: datetime) -> None:
        self.run = run
        self.width = width
        self.verbose = verbose
        self.file = file
        self.now = now
        self.dry = bool(run.get("check_mode"))
        self.applied = bool(run.get("applied"))

    def lines(self) -> list[Line]:
        first = [*self._first(), *self._plan(), *self._collected()]
        sections = [first, self._changes(), self._open(), self._needs(), self._limits(), self._last()]
        lines: list[Line] = []
        for section in sections:
            if section:
                lines += [Line(""), *section] if lines else section
        return lines

    def _first(self) -> list[Line]:
        run = self.run
        kinds = [*(["applying a plan"] if self.applied else []), *(["dry run"] if self.dry else [])]
        which = f" of NetBox at {printable(run['url'])}" if run.get("url") else ""
        name = ", ".join([f"Inventory{which}", *kinds])
        if run.get("error"):
            return self._text(f"{name}: nothing was written. {printable(run['error'])}", "bad")
        devices = count(sum(run["readings"].values()), "device")
        took = f" in {duration(run['seconds'])}" if run.get("seconds") is not None else ""
        said = [f"{name}: {', '.join([devices + took, *self._read()])}."]
        said += [f"{', '.join(bad)}."] if (bad := self._not_written()) else []
        said += ["Nothing was written."] if self.dry else []
        return self._text(" ".join(said))

    def _read(self) -> list[str]:
        """How many devices were read how; of a plan, the run that made it has said so."""
        found = {} if self.applied else self.run["readings"]
        return [f"{found[key]:,} {words}" for key, words in _READ.items() if found.get(key)]

    def _not_written(self) -> list[str]:
        outcomes, rows = self.run.get("outcomes") or {}, (self.run.get("parts") or {}).get("not_written")
        said = [f"{outcomes['held']:,} held"] if outcomes.get("held") else []
        said += [f"{count(outcomes['failed'], 'device')} not written"] if outcomes.get("failed") else []
        return said + ([f"{count(rows, 'row')} not written"] if rows else [])

    def _plan(self) -> list[Line]:
        """Which plan was made, or carried out."""
        plan = self.run.get("plan")
        if not plan:
            return []
        digest = f"digest {printable(plan['digest'])}".replace(" ", UNBROKEN)
        text = f"Plan: {printable(plan['file'])}, {digest}"
        made = plan.get("made") or {}
        if self.applied and made:
            job = f", job {printable(made['job'])}" if "job" in made else ""
            text += f", made {moment(made['at'], self.now)} by {printable(made['by'])} on {printable(made['on'])}{job}"
        said = [f"{text}."]
        said += [f"Not for the hosts of this run: {listed(plan['left_out'])}."] if plan.get("left_out") else []
        if plan.get("not_planned"):
            said.append(f"Nothing was planned for {listed(plan['not_planned'])}: not read, or held.")
        return self._text(" ".join(said))

    def _collected(self) -> list[Line]:
        """What an earlier run read, and how old it is."""
        found = self.run.get("collected") or {}
        lines = []
        if found.get("devices"):
            ages = [self.now - datetime.fromisoformat(found[key]) for key in ("from", "to")]
            words = [in_words(age) for age in ages]
            span = ago(ages[0]) if words[0] == words[1] else f"{words[1]} to {ago(ages[0])}"
            lines += self._text(f"Not read in this run: {count(found['devices'], 'device')}, collected {span}.")
        if found.get("uploaded"):
            total = self.run["readings"].get("uploaded_before")
            lines += self._text(f"Uploaded before, and not read since: {listed(found['uploaded'], total=total)}.")
        return lines

    def _changes(self) -> list[Line]:
        lines = self._first_read()
        named, total = records.named_changes(self.run)
        if not total:
            return lines
        devices = len({change["device"] for change in named})
        verb = "Would change" if self.dry else "Changed"
        heading = f"{verb} {count(total, 'part')} on {count(devices, 'device')}"
        groups = records.with_what_was_inside(named)
        shown = groups if self.verbose else groups[:NAMED_PARTS]
        rows = [self._change(change, inside) for change, inside in shown]
        left = total - sum(1 + len(inside) for _change, inside in shown)
        lines += [Line(heading, "changed"), *self._table(rows), *self._more(left, "--diff shows all")]
        return lines

    def _change(self, change: Mapping[str, Any], inside: Sequence[Mapping[str, Any]]) -> list[str]:
        said = what_became(change, inside, self.now)
        return [records.where(change), records.slot(change), records.in_words(change["fate"]), model(change), said]

    def _first_read(self) -> list[Line]:
        found = self.run.get("first_read") or {}
        if not found:
            return []
        named: Sequence[Mapping[str, Any]] = found["named"]
        if found["devices"] > len(named):
            text = f"{count(found['devices'], 'device')} with {count(found['parts'], 'part')}; --diff shows each"
        else:
            names = [(one["device"], one["parts"]) for one in named]
            text = ", ".join(f"{printable(name)} ({count(number, 'part')})" for name, number in names)
        return self._text(f"Read for the first time: {text}.")

    def _open(self) -> list[Line]:
        items = [item for item in self.run.get("standing") or () if item["kind"] in needs.OPEN]
        groups = records.with_what_was_inside(items)
        recent = [(item, inside) for item, inside in groups if self.verbose or needs.is_recent(item, self.now)]
        old = sum(1 + len(inside) for _item, inside in groups) - sum(1 + len(inside) for _item, inside in recent)
        rows = [self._open_part(item, inside) for item, inside in recent[: None if self.verbose else NAMED_OPEN]]
        left = sum(1 + len(inside) for _item, inside in recent[len(rows) :])
        rows += [
            [records.where(item), "", "held", moment(item.get("since"), self.now), needs.sentence(item)]
            for item in needs.held_since_earlier(self.run)
        ]
        lines = [*self._table(rows), *self._more(left, "-v lists all")]
        if old:
            text = f"and {count(old, 'part')} last seen more than {needs.RECENT.days} days ago (-v lists them): delete"
            lines += self._item(f"{text} their rows in NetBox, or see upload_gone.")
        return [Line("Still open", "open"), *lines] if lines else []

    def _open_part(self, item: Mapping[str, Any], inside: Sequence[Mapping[str, Any]]) -> list[str]:
        kind, since = records.in_words(item["kind"]), moment(item["since"], self.now)
        return [records.where(item), records.slot(item), kind, since, _open_words(item, inside)]

    def _needs(self) -> list[Line]:
        rows, left = needs.rows(self.run, self.now, self.verbose)
        if not rows:
            return []
        return [Line("Needs attention", "bad"), *self._table(rows), *self._more(left, "-v lists all")]

    def _limits(self) -> list[Line]:
        """What devices cannot report: said when it is new."""
        items = [item for item in self.run.get("standing") or () if item["kind"] == "coverage"]
        shown = [item for item in items if self.verbose or not item.get("earlier")]
        texts = [_coverage(item, self.verbose) for item in shown]
        if self.verbose or self.run.get("first_read"):
            rejected = [item for item in self.run.get("standing") or () if item["kind"] == "rejected"]
            words = ", ".join(f"{item.get('count', 1):,} {printable(item['text'])}" for item in rejected)
            texts += [f"Values ignored in serial columns: {words}."] if words else []
        if not texts:
            return []
        heading = "Not reported over SNMP" + ("" if self.verbose else " (new; -v lists all)")
        return [Line(heading), *(line for text in texts for line in self._item(text))]

    def _last(self) -> list[Line]:
        parts = self.run.get("parts") or {}
        if self.run.get("error") and not self.run.get("requests"):
            return []  # there is nothing that the first line has not said
        left = f" ({parts['not_due']:,} of them not written)" if parts.get("not_due") else ""
        said = [f"{count(parts['seen'], 'part')} seen again{left}"] if parts.get("seen") else []
        said += [f"{parts[fate]:,} {words}" for fate, words in _COUNTED if parts.get(fate)]
        said = [", ".join(said) + "."] if said else []
        lines = self._text(" ".join([*said, f"NetBox: {count(self.run.get('requests') or 0, 'request')}."]))
        if self.dry:
            rows = count(sum(parts.get(fate, 0) for fate in _ROWS), "row")
            lines += self._text(f"This was a dry run: {rows} would be written, none was.")
        return lines

    def _text(self, text: str, tone: str = "", indent: str = "") -> list[Line]:
        return [Line(line, tone) for line in paragraph(text, self.width, indent)]

    def _item(self, text: str) -> list[Line]:
        """One of several paragraphs: where the next one begins is seen."""
        first, *others = paragraph(text, self.width - len(INDENT), INDENT)
        return [Line(first), *(Line(INDENT + other) for other in others)]

    def _table(self, rows: Sequence[Sequence[str]]) -> list[Line]:
        return [Line(line) for line in table(rows, self.width)]

    def _more(self, number: int, otherwise: str) -> list[Line]:
        where = f"see {self.file}" if self.file else otherwise
        return self._text(f"and {number:,} more; {where}", indent="  ") if number > 0 else []


def _open_words(item: Mapping[str, Any], inside: Sequence[Mapping[str, Any]]) -> str:
    said = [f"{printable(item.get('part') or '')} {printable(item['serial'])}".strip()]
    if item["kind"] == "not_seen":
        said.append(f"{count(item['evidence']['n'], 'collection')} without it")
    return ", ".join([*said, *with_inside(inside)])


def _coverage(item: Mapping[str, Any], verbose: bool) -> str:
    new = (item.get("evidence") or {}).get("new")
    if new and not verbose:
        return f"{printable(item['text'])}: {listed(new)}"
    return f"{printable(item['text'])}: {listed(item['devices'], total=item.get('device_count'))}"


def texts(lines: Sequence[Line]) -> Iterator[str]:
    """The lines without their tones."""
    return (line.text for line in lines)
