# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of earlier runs as files of a folder (_common/dated_files.py), and the nights that they make.

The slices of one sliced job of AWX are one night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

from .._common.dated_files import dated_files, read_dated, write_dated
from .._probes.several import added
from .record import STATES, moment, why_no_record, without_nulls

#: Versions of the run record that can be read.
SCHEMAS = (1,)
#: Octets and JSON values of one file: 10,000 changes and 5,000 open items, with their texts.
_LIMITS = (32 * 2**20, 2_000_000)
#: What is counted in a record, and what it lists: added up over the slices of one night.
_ADDED = (
    "devices", "hosts", "readings", "parts", "not_whole", "netbox", "changes", "standing", "changes_left_out",
    "standing_left_out", "conflicts", "no_identity", "batches", "slowest",
)  # fmt: skip


@dataclass(frozen=True)
class Night:
    """One run over all devices, or the slices of one."""

    record: Mapping[str, Any]  #: as netbox_probe and run_record make it, of slices that of all of them
    files: tuple[str, ...] = ()

    @property
    def started(self) -> datetime:
        return moment(self.record["started"])

    @property
    def is_dry(self) -> bool:
        """True for a run in check mode, which wrote nothing."""
        return bool(self.record.get("check_mode"))

    @property
    def is_partial(self) -> bool:
        """True if it asked some hosts of the inventory only (--limit), or if slices of it are missing."""
        hosts = self.record.get("hosts") or {}
        return bool(hosts and hosts["run"] < hosts["inventory"]) or self.missing_slices > 0

    @property
    def missing_slices(self) -> int:
        """How many slices of a sliced job have left no record, or not yet."""
        return max(_slices(self.record) - max(len(self.files), 1), 0) if sliced_job(self.record) is not None else 0


@dataclass
class History:
    """The nights of a folder, oldest first."""

    nights: list[Night] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  #: sentences about files that could not be read


def keep(folder: Path, record: Mapping[str, Any], run_id: str) -> Path:
    """Write the record of a run. run_id: letters and digits that no other run has.

    Raises OSError that names the file.
    """
    return write_dated(folder, moment(record["started"]), run_id, record)


def read_history(folder: Path) -> History:
    """The nights of a folder. A folder that does not exist has none."""
    found = History()
    records = []
    for path in dated_files(folder):
        record, problem = read_dated(path, "a run record", _checked, SCHEMAS, _LIMITS)
        if record is None:
            found.damaged.append(problem or "")
        else:
            records.append((path.name, without_nulls(record)))
    found.nights = sorted(_nights(records), key=attrgetter("started", "files"))
    return found


def _checked(data: Any) -> Mapping[str, Any]:
    """Raises ValueError for what is no run record."""
    if why := why_no_record(data):
        raise ValueError(why)
    found: Mapping[str, Any] = data
    return found


def _nights(records: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[Night]:
    """Slices of one job are one night, each other record is a night of its own."""
    groups: dict[Any, list[tuple[str, Mapping[str, Any]]]] = {}
    for name, record in records:
        job = sliced_job(record)
        key = name if job is None else (job, bool(record.get("check_mode")))
        groups.setdefault(key, []).append((name, record))
    for group in groups.values():
        yield Night(joined([record for _name, record in group]), tuple(name for name, _record in group))


def sliced_job(record: Mapping[str, Any]) -> int | str | None:
    """The workflow job that a slice belongs to; None for a run that was not sliced."""
    awx = record.get("awx") or {}
    job: int | str | None = awx.get("workflow_job_id")
    return job if _slices(record) > 1 else None


def _slices(record: Mapping[str, Any]) -> int:
    """Into how many slices AWX divided the job."""
    count = (record.get("awx") or {}).get("job_slice_count")
    return count if isinstance(count, int) else 1


def joined(records: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One record of those of several slices: what is counted is added, the time goes from the first to the last."""
    if len(records) == 1:
        return records[0]
    first, *others = sorted(records, key=lambda record: moment(record["started"]))
    whole = dict(first)
    for record in others:
        for key in _ADDED:
            if key in record:
                whole[key] = added(whole[key], record[key]) if key in whole else record[key]
        whole["error"] = whole.get("error") or record.get("error")
    # Of which NetBox which number is, only each record has.
    whole.pop("netboxes", None)
    whole["ended"] = max((record["ended"] for record in records), key=moment)
    seconds = (moment(whole["ended"]) - moment(whole["started"])).total_seconds()
    whole["seconds"] = {**(first.get("seconds") or {}), "total": round(seconds, 2)}
    whole["state"] = max((str(record.get("state")) for record in records), key=_badness)
    return whole


def _badness(state: str) -> int:
    return STATES.index(state) if state in STATES else 1
