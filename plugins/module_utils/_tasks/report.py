# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All of inventory_report: read history and NetBox, keep the record of this run, write each form of the report."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common import dated_files
from .._common.errors import OptionsError
from .._common.files import check_replaceable, write_whole
from .._history import nights
from .._history.delta import SEEN_TIME, differences
from .._history.from_rows import inventory_at, lives
from .._history.netbox_rows import read_rows
from .._history.nights import History, Night
from .._history.parts import PartState
from .._history.record import end_of_day, why_no_record, without_nulls
from .._netbox.errors import NetBoxError
from .._netbox.options import CONNECTION_OPTIONS, connect, sources_of
from .._netbox.rows import Row, format_time, parse_time
from .._netbox.source import NetBoxSource
from .._notify.deliver import NOTIFY_OPTIONS, check_channels, notify
from .._notify.mail import HtmlRenderer
from .._notify.rules import Device
from .._outgoing.text import printable
from .._report.csv_text import changes_csv, inventory_csv, standing_csv
from .._report.data import Report
from .._report.json_files import report as write_records
from .._report.markdown import markdown_text
from .._report.prometheus import metrics_text
from .._report.scan_files import discovery_csv, discovery_json
from .gone_options import GONE_OPTIONS
from .report_scans import last_scan

#: Version of report.json.
SCHEMA = 1
HTML, JSON, CSV, MARKDOWN, PROMETHEUS, RECORDS = FORMATS = ("html", "json", "csv", "markdown", "prometheus", "records")

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    **CONNECTION_OPTIONS,
    "directory": {"type": "path"},
    "formats": {"type": "list", "elements": "str", "choices": list(FORMATS)},
    "devices": {"type": "list", "elements": "dict"},
    "record": {"type": "dict"},
    "history": {"type": "path"},
    "history_days": {"type": "int", "default": dated_files.DAYS},
    "history_files": {"type": "int", "default": dated_files.MOST_FILES},
    "inventory": {"type": "bool", "default": True},
    "since": {"type": "str"},
    "as_of": {"type": "str"},
    "prometheus_file": {"type": "path"},
    "csv_bom": {"type": "bool", "default": False},
    "mode": {"type": "str", "default": "0600"},
    **GONE_OPTIONS,
    **NOTIFY_OPTIONS,
    "title": {"type": "str", "default": "Inventory"},
}

#: Forms of a report that contain the inventory.
_WITH_INVENTORY = frozenset({HTML, JSON, CSV, PROMETHEUS})

#: Prometheus' collector runs as another user, who must read its file.
_METRICS_MODE = 0o644


#: What a record contains of the run itself: no part of a report on the time between two dates.
_OF_ONE_RUN = ("readings", "devices", "parts", "seconds", "netbox", "slowest", "not_whole", "error", "check_mode")


@dataclass(frozen=True)
class Surroundings:
    """What only the controller has."""

    #: The NetBoxes that the inventory is read from; None: what the options and the environment name.
    sources: Sequence[NetBoxSource] | None = None
    page: Callable[[Report], str] | None = None  #: makes the HTML page; None: that format is refused
    mail: HtmlRenderer | None = None  #: makes the HTML of a mail; None: mails are text
    about: Callable[[str], Device] = lambda name: Device()  #: what NetBox knows of a device, by its name


def report(
    params: Mapping[str, Any], check_mode: bool = False, surroundings: Surroundings | None = None
) -> dict[str, Any]:
    """The result of inventory_report for its validated params.

    Raises OptionsError for wrong options and OSError that names a file. A NetBox that does not answer, a damaged file
    of the history, and a message that was not taken are warnings: a report with less in it is better than none.
    """
    around = surroundings or Surroundings()
    formats = _formats(params, around)
    check_channels(params)
    result: dict[str, Any] = {"changed": False, "files": [], "warnings": []}
    if RECORDS in formats:
        devices = {"devices": params["devices"] or (), "directory": params["directory"]}
        result |= {"warnings": [], **write_records(devices, check_mode)}
    dates = bool(params["since"] or params["as_of"])
    # Metrics and messages are about the last run: one that is long past is no news.
    made = [name for name in formats if name != RECORDS and not (dates and name == PROMETHEUS)]
    if not made and not params["channels"]:
        return result
    mode = _mode(params["mode"])
    # No message has the inventory: where nothing else is made, NetBox is not read for it.
    params = {**params, "inventory": params["inventory"] and not _WITH_INVENTORY.isdisjoint(made)}
    found, warnings = make_report(params, check_mode, around.sources)
    files = _texts(params, found, made, around)
    not_written = _write_all(files, mode, check_mode)
    result["files"] = sorted([*result["files"], *map(str, files)])
    result["changed"] = bool(files) or result["changed"]
    result["report"] = _numbers(found)
    if HTML in made:
        result["page"] = str(Path(params["directory"]).expanduser() / "index.html")
    if params["channels"]:
        result["messages"], failed = _messages(found, params, around, check_mode)
        warnings += failed
    if not_written:
        raise not_written  # after the messages: a full disk silences none of them
    result["warnings"] += warnings
    return result


def _messages(
    found: Report, params: Mapping[str, Any], around: Surroundings, check_mode: bool
) -> tuple[list[dict[str, Any]], list[str]]:
    """What was sent, and warnings."""
    if params["since"] or params["as_of"]:
        return [], ["No message is sent: since and as_of make a report about the past."]
    folder = Path(params["history"]).expanduser() if params["history"] else None
    return notify(found, params, folder, around.about, around.mail, check_mode)


def _formats(params: Mapping[str, Any], around: Surroundings) -> list[str]:
    given = params["formats"]
    if not params["directory"]:
        if given or params["devices"] is not None or not params["channels"]:
            raise OptionsError("directory is not given, and there are no channels: nothing would be made")
        return []
    if given is None:
        given = [RECORDS] if params["devices"] is not None else [one for one in FORMATS if one != RECORDS]
    if not given:
        raise OptionsError("formats is an empty list: leave it out for all of them.")
    if RECORDS in given and params["devices"] is None:
        raise OptionsError("The format records needs devices.")
    if HTML in given and around.page is None:
        raise OptionsError("The format html is made on the controller only: do not delegate this task.")
    return list(dict.fromkeys(given))


def make_report(
    params: Mapping[str, Any], check_mode: bool = False, sources: Sequence[NetBoxSource] | None = None
) -> tuple[Report, list[str]]:
    """What the report is about, and warnings."""
    now = datetime.now(UTC)
    since, as_of = _dates(params)
    history = _history(params, check_mode, as_of)
    discovery, warnings = last_scan(params, check_mode, as_of)
    warnings = [*history.damaged, *warnings]
    rows: list[tuple[NetBoxSource, list[Row], Any]] = []
    asked: Sequence[NetBoxSource] = ()
    if params["inventory"] or since:
        asked = _sources(params, sources)
        rows, failed = _rows(asked)
        warnings += failed
        if since and failed:
            raise OptionsError(f"What changed since {params['since']} is not known: {failed[0]}")
    found = Report(
        nights=history.nights,
        parts=_parts(rows, as_of or now, several=len(asked) > 1),
        discovery=discovery,
        has_inventory=bool(asked) and len(rows) == len(asked),
        lives=lives(row for _source, some, _names in rows for row in some),
        # Ids of devices belong to one NetBox: with several, nothing is a link.
        netbox=rows[0][0].url if len(rows) == len(asked) == 1 else None,
        notes=warnings,
        now=now.astimezone(),
        title=params["title"],
    )
    return (_since(found, rows, since, as_of or now) if since else found), warnings


def _dates(params: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """since and as_of. Raises OptionsError."""
    as_of, since = _time("as_of", params["as_of"]), _time("since", params["since"])
    if as_of and since and since >= as_of:
        raise OptionsError("since must be before as_of.")
    return since, as_of


def _history(params: Mapping[str, Any], check_mode: bool, as_of: datetime | None) -> History:
    """The nights on record, with that of this run; which is kept, and old ones are deleted."""
    record, folder = params["record"], params["history"]
    folder = Path(folder).expanduser() if folder else None
    if record and (why := why_no_record(record)):
        raise OptionsError(f"record is not the record of a run: {why}")
    if record and record["schema"] not in nights.SCHEMAS:
        raise OptionsError(f"record has schema {record['schema']}, which this version cannot read")
    kept, problem = None, None
    if folder and record and not check_mode:
        try:
            kept = nights.keep(folder, record, _run_id(record)).name
            dated_files.prune(folder, params["history_files"], params["history_days"])
        except OSError as error:
            problem = f"The record of this run cannot be kept in the history: {error}"
    history = nights.read_history(folder) if folder else History()
    history.damaged += [problem] if problem else []
    if kept and any(kept in night.files for night in history.nights):
        # The report is about this run, even if another one began later, or the clock was ahead during one.
        history.nights.sort(key=lambda night: kept in night.files)
    elif record:
        history.nights.append(Night(without_nulls(record)))
    if as_of:
        history.nights = [night for night in history.nights if night.started <= as_of]
    return history


def _run_id(record: Mapping[str, Any]) -> str:
    """By the job of AWX where there is one: a job that is run again replaces nothing of another."""
    job = (record.get("awx") or {}).get("job_id")
    return f"job{job}" if isinstance(job, int) else secrets.token_hex(4)


def _sources(params: Mapping[str, Any], sources: Sequence[NetBoxSource] | None) -> Sequence[NetBoxSource]:
    return [sources_of(params).find()] if sources is None else sources


def _rows(sources: Iterable[NetBoxSource]) -> tuple[list[tuple[NetBoxSource, list[Row], Any]], list[str]]:
    """The rows of each NetBox, and why some could not be read."""
    found, failed = [], []
    for source in sources:
        try:
            with connect(source, connections=2) as netbox:
                found.append((source, *read_rows(netbox)))
        except NetBoxError as error:
            failed.append(f"The parts in this NetBox are not in this report. {error}")
    return found, failed


def _parts(rows: Iterable[tuple[NetBoxSource, list[Row], Any]], moment: datetime, several: bool) -> list[PartState]:
    found: list[PartState] = []
    for source, some, names in rows:
        parts = inventory_at(some, moment, names)
        found += [replace(one, netbox=source.url) for one in parts] if several else parts
    return found


def _since(
    found: Report, rows: Sequence[tuple[NetBoxSource, list[Row], Any]], since: datetime, until: datetime
) -> Report:
    """The report with the changes between two dates, out of the rows alone, instead of those of the last run."""
    older = _parts(rows, since, several=len(rows) > 1)
    changes = [one.to_dict() for one in differences(older, found.parts) if one.fate != SEEN_TIME]
    # What is open is that of the last run before the end; how that run went is another matter.
    record = {
        **{key: value for key, value in found.record.items() if key not in _OF_ONE_RUN},
        "started": format_time(since),
        "ended": format_time(until),
        "changes": changes,
        "changes_left_out": 0,
        "period": True,
    }
    return replace(found, nights=[*found.nights, Night(record)])


def _texts(params: Mapping[str, Any], found: Report, formats: Iterable[str], around: Surroundings) -> dict[Path, str]:
    """Path -> text of each file."""
    folder, bom = Path(params["directory"] or ".").expanduser(), params["csv_bom"]
    texts: dict[Path, str] = {}
    for name in formats:
        if name == HTML and around.page:
            texts[folder / "index.html"] = around.page(found)
        elif name == JSON:
            texts[folder / "report.json"] = _json_text(to_json(found))
            if found.discovery:
                texts[folder / "discovery.json"] = _json_text(discovery_json(found.discovery, _made(found)))
        elif name == CSV:
            texts[folder / "changes.csv"] = changes_csv(found.record.get("changes") or (), bom)
            texts[folder / "standing.csv"] = standing_csv(found.record.get("standing") or (), bom)
            if found.has_inventory:
                texts[folder / "inventory.csv"] = inventory_csv(found.parts, bom)
            if found.discovery:
                texts[folder / "discovery.csv"] = discovery_csv(found.discovery, bom)
        elif name == MARKDOWN:
            texts[folder / "report.md"] = markdown_text(found)
        elif name == PROMETHEUS:
            path = params["prometheus_file"]
            texts[Path(path).expanduser() if path else folder / "invmon.prom"] = metrics_text(found)
    return texts


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _made(found: Report) -> str:
    return format_time(found.now.replace(microsecond=0))


def to_json(found: Report) -> dict[str, Any]:
    """The report as data, see docs/schemas/report.json: in a stable order, so that two files can be compared."""
    record = {key: value for key, value in found.record.items() if key not in ("changes", "standing")}
    return {
        "schema": SCHEMA,
        "made": _made(found),
        "run": record,
        "changes": list(found.record.get("changes") or ()),
        "standing": list(found.record.get("standing") or ()),
        "inventory": [one.to_dict() for one in found.parts] if found.has_inventory else None,
    }


def _write_all(files: Mapping[Path, str], mode: int, check_mode: bool) -> OSError | None:
    """Write as many of the files as can be; the first error."""
    first = None
    for path, text in files.items():
        try:
            _write(path, text, check_mode, _METRICS_MODE if path.suffix == ".prom" else mode)
        except OSError as error:
            first = first or error
    return first


def _write(path: Path, text: str, check_mode: bool, mode: int) -> None:
    """In check mode only check that it can be written."""
    if check_mode:
        check_replaceable(path)
        return
    write_whole(path, text.encode("utf-8", "backslashreplace"), mode=mode)


def _mode(text: str) -> int:
    """Permissions as three or four octal digits."""
    digits = text.removeprefix("0o").lstrip("0")
    if not (len(digits) == 3 and all(digit in "01234567" for digit in digits)):
        raise OptionsError(f'mode: {printable(text)} is not a file mode such as "0644".')
    return int(digits, 8)


def _numbers(found: Report) -> dict[str, int]:
    return {
        "nights": sum(1 for night in found.nights if not night.record.get("period")),
        "parts": len(found.parts),
        "changes": len(found.record.get("changes") or ()),
        "standing": len(found.record.get("standing") or ()),
        "hosts": len(found.discovery.rows) if found.discovery else 0,
    }


def _time(name: str, text: str | None) -> datetime | None:
    """A date, which is its end of day in this time zone, or a moment."""
    if not text:
        return None
    try:
        return end_of_day(text) or parse_time(text)
    except (ValueError, OverflowError):
        raise OptionsError(f"{name}: {printable(text)} is not a date such as 2026-11-29.") from None
