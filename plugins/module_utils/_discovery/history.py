# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scans on record: one file each (_common/dated_files.py) in the folder "discovery" of the history of runs.

A file is written when the scan ends, and again with the verdicts when it was compared with NetBox. A scan that is
resumed keeps its id and the time at which it began: its file replaces that of its first part, so that both are one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from .._common.dated_files import dated_files, newest, read_dated, write_dated
from .._common.typed_json import Rules, from_json, shown, to_json, written
from .._history.record import moment
from .._scan.host import Host, Network, Scan
from .._scan.ranges import parse_range
from .asked import number
from .verdicts import Verdict

#: Its folder inside that of the runs.
FOLDER = "discovery"
#: Versions of the file that can be read.
SCHEMAS = (1,)
#: So many scans are read by default, a quarter of a year of nights; of a large network as many as have so many octets
#: together, but some in any case. What was seen before is not looked at.
MOST_READ, _MOST_OCTETS, _LEAST_READ = 92, 48 * 2**20, 10
#: Octets and JSON values of one file: a /16 of which every address answers.
_LIMITS = (256 * 2**20, 20_000_000)


@dataclass(frozen=True, kw_only=True)
class ScanRecord:
    """The content of a file."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored", null_is_missing=True)

    schema: int = field(default=SCHEMAS[-1], metadata=written(omit_default=False))
    scan: Scan
    verdicts: tuple[Verdict, ...] = ()  #: what NetBox has of each host
    compared: bool = False  #: it was compared with NetBox; False: that there are no verdicts proves nothing
    registered: Mapping[str, Any] | None = None  #: what was written to NetBox, in numbers

    def __post_init__(self) -> None:
        check_scan(self.scan)
        for one in self.verdicts:
            if not _is_read_by(number, one.ip):
                raise ValueError(f"has a verdict about an address that is none: {shown(one.ip)}")


@dataclass
class Scans:
    """The scans of a folder, oldest first."""

    records: list[ScanRecord] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)  #: sentences about files that could not be read

    @property
    def scans(self) -> list[Scan]:
        return [one.scan for one in self.records]


def keep(
    folder: Path,
    scan: Scan,
    verdicts: Sequence[Verdict] | None = None,
    registered: Mapping[str, Any] | None = None,
) -> Path:
    """Write the file of a scan; one of the same scan is replaced.

    :param folder: the history of runs; the file is in its folder "discovery".
    :param verdicts: None: it was not compared with NetBox.

    Raises OSError that names the file.
    """
    record = ScanRecord(scan=scan, verdicts=tuple(verdicts or ()), compared=verdicts is not None, registered=registered)
    return write_dated(folder / FOLDER, moment(scan.started), _file_id(scan), to_json(record))


def read_scans(folder: Path, most: int = MOST_READ) -> Scans:
    """The newest scans of a history of runs. A folder that does not exist has none."""
    found = Scans()
    by_id: dict[str, ScanRecord] = {}
    for path in newest(dated_files(folder / FOLDER), most, _MOST_OCTETS, _LEAST_READ):
        record, problem = read_dated(path, "the file of a scan", scan_record, SCHEMAS, _LIMITS)
        if record is None:
            found.damaged.append(problem or "")
        else:
            by_id[_file_id(record.scan)] = record
    found.records = sorted(by_id.values(), key=lambda one: (moment(one.scan.started), _file_id(one.scan)))
    return found


def check_scan(scan: Scan) -> None:
    """Raise ValueError for a scan whose times or addresses are none: it comes from a file or a variable."""
    for text in {scan.started, *(one.time for host in scan.hosts for one in host.sources)}:
        try:
            moment(text)
        except ValueError:
            raise ValueError(f"has a time that is not ISO 8601: {shown(text)}") from None
    for text in set(_addresses(scan.hosts)):
        if not _is_read_by(number, text):
            raise ValueError(f"has an address that is none: {shown(text)}")
    for text in _ranges(scan.networks):
        if not _is_read_by(parse_range, text):
            raise ValueError(f"has a range of addresses that is none: {shown(text)}")


def _is_read_by(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _addresses(hosts: Iterable[Host]) -> Iterable[str]:
    for host in hosts:
        yield from (host.ip, *host.addresses, *(one.address for one in host.sources if one.address))


def _ranges(networks: Iterable[Network]) -> Iterable[str]:
    for one in networks:
        yield from (one.network, *one.not_asked, *(text for some in one.asked.values() for text in some))


def is_scan(data: Any) -> bool:
    """Whether data is, or is to be, one of the forms in which there are scans, see scan_record()."""
    return isinstance(data, Mapping) and "inventory" not in data and ("scan" in data or "networks" in data)


def scan_record(data: Any, where: str = "") -> ScanRecord:
    """A scan with what was compared: out of a file of the history, discovery.json, or a scan alone, as netscan returns
    it. Raises WrongShape."""
    if isinstance(data, Mapping) and "scan" not in data and "hosts" in data:
        data = {"schema": SCHEMAS[-1], "scan": data}
    elif isinstance(data, Mapping) and "hosts" in data and isinstance(data["scan"], Mapping):
        data = {**data, "scan": {**data["scan"], "hosts": data["hosts"]}}
    return from_json(ScanRecord, data, where)


def _file_id(scan: Scan) -> str:
    """Of a scan without an id, made by hand or by an older version, a digest of what it is about."""
    if scan.id.isascii() and scan.id.isalnum() and len(scan.id) <= 40:
        return scan.id
    text = "\n".join([scan.started, scan.controller, *sorted(one.network for one in scan.networks)])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
