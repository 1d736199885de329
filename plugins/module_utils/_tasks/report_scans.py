# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of inventory_report that is about scans of networks: the last one in the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .._common.dated_files import prune
from .._discovery.history import FOLDER, read_scans
from .._discovery.overview import Overview, overview
from .._history.record import moment
from .._scan.host import Scan
from .gone_options import patience_of

#: A scan that did not end, and wrote its file within this time, may still be running.
_RUNNING = timedelta(minutes=5)


def last_scan(params: Mapping[str, Any], check_mode: bool, as_of: datetime | None) -> tuple[Overview | None, list[str]]:
    """The last scan on record, and warnings; None without any. Old scans are deleted as old runs are.

    as_of: later scans are left out. Raises OptionsError.
    """
    patience = patience_of(params)
    if not params["history"]:
        return None, []
    folder, warnings = Path(params["history"]).expanduser(), []
    if not check_mode:
        try:
            prune(folder / FOLDER, params["history_files"], params["history_days"])
        except OSError as error:
            warnings.append(f"Old scans cannot be deleted from the history: {error}")
    found = read_scans(folder)
    records = [one for one in found.records if as_of is None or moment(one.scan.started) <= as_of]
    if records and _may_be_running(records[-1].scan):
        records.pop()
    return overview(records, patience), [*warnings, *found.damaged]


def _may_be_running(scan: Scan) -> bool:
    """A scan writes its file while it goes on."""
    if scan.complete or scan.stopped:
        return False
    written = moment(scan.started) + timedelta(seconds=scan.seconds)
    return abs(datetime.now(UTC) - written) < _RUNNING
