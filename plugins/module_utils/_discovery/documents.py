# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user compares: two scans, or what _history/documents.py compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.typed_json import WrongShape, to_json
from .._history.documents import BadDocument, compared, loaded
from .._scan.host import Scan
from .delta import follow
from .history import is_scan, scan_record


def compared_documents(older: Any, newer: Any, history: str | None = None, seen: bool = False) -> list[dict[str, Any]]:
    """The changes from one to the other, as plain data.

    :param older: a scan (the content of discovery.json, of a file of the history, what netscan returned, or the path of
        such a file), or what _history/documents.py: compared() takes. Both must be of the same kind.

    Raises BadDocument.
    """
    older, newer = loaded(older), loaded(newer)
    if not is_scan(older) and not is_scan(newer):
        return compared(older, newer, history, seen)
    scans = [_scan(older, "the older"), _scan(newer, "the newer")]
    if scans[0].started > scans[1].started:
        raise BadDocument("The older scan must have begun before the newer one.")
    return [to_json(one) for one in follow(scans).changes]


def _scan(given: Any, which: str) -> Scan:
    if not is_scan(given):
        raise BadDocument(f"{which} is not a scan: compare two scans, two inventories, or two dates.")
    schema = given.get("schema") if isinstance(given, Mapping) else None
    try:
        return scan_record(given, which).scan
    except WrongShape as error:
        raise BadDocument(f"{error} (schema {schema})" if schema not in (None, 1) else str(error)) from None
