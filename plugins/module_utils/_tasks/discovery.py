# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a discovery: its scan is kept in the history, compared with the scans before, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._common import dated_files
from .._common.errors import OptionsError
from .._common.typed_json import WrongShape, from_json, to_json
from .._discovery.delta import follow
from .._discovery.history import FOLDER, keep, read_scans
from .._discovery.verdicts import Verdict
from .._scan.finding import CONTRADICTING, SEEN
from .._scan.host import Scan
from .gone_options import GONE_OPTIONS, patience_of

#: Findings for which a run can be made to fail (`fail_on`): verdicts, a fate of the history, and a scan with a rest.
FINDINGS = ("contradicting", "unknown", "unassigned", "silent", "gone", "incomplete")

ARGUMENT_SPEC: dict[str, Any] = {
    "history": {"type": "path"},
    "history_days": {"type": "int", "default": dated_files.DAYS},
    "history_files": {"type": "int", "default": dated_files.MOST_FILES},
    **GONE_OPTIONS,
    "fail_on": {"type": "list", "elements": "str", "choices": list(FINDINGS), "default": []},
}


@dataclass(frozen=True)
class Kept:
    """A scan in the history."""

    file: str  #: empty: it is not kept
    changes: list[dict[str, Any]] | None  #: since the scans before; None: there is none before
    warnings: list[str]


def keep_scan(
    scan: Mapping[str, Any],
    verdicts: Sequence[Mapping[str, Any]] | None,
    registered: Mapping[str, Any] | None,
    params: Mapping[str, Any],
) -> Kept:
    """Keep the scan in the history, and return what changed since the scans before.

    What cannot be kept is a warning: the scan itself is done.
    """
    patience = patience_of(params)
    try:
        found = from_json(Scan, scan, "scan")
        judged = None if verdicts is None else from_json(list[Verdict], list(verdicts), "verdicts")
    except WrongShape as error:
        raise OptionsError(f"What netscan or netbox_register returned is not a scan: {error}") from None
    if not params.get("history"):
        return Kept("", None, [])
    folder = Path(params["history"]).expanduser()
    warnings: list[str] = []
    before = read_scans(folder)
    file = ""
    try:
        file = str(keep(folder, found, judged, registered))
        dated_files.prune(folder / FOLDER, params["history_files"], params["history_days"])
    except OSError as error:
        warnings.append(f"The scan is not kept in the history: {error}")
    others = [one for one in before.scans if one.id != found.id]
    followed = follow([*others, found], patience)
    changes = [to_json(change) for change in followed.changes] if others else None
    return Kept(file, changes, [*warnings, *before.damaged])


def registered(result: Mapping[str, Any]) -> dict[str, int]:
    """What netbox_register wrote, in numbers: as "address created" and the like, and "not written"."""
    found = Counter(f"{one['kind']} {one['did']}" for one in result.get("written") or ())
    failed = len(result.get("not_written") or ())
    return {**dict(found), **({"not written": failed} if failed else {})}


def counted(
    scan: Mapping[str, Any],
    verdicts: Sequence[Mapping[str, Any]] | None,
    changes: Sequence[Mapping[str, Any]] | None,
) -> dict[str, int]:
    """How many there are of what, for programs: addresses, hosts, verdicts, and fates since the scan before."""
    networks = scan.get("networks") or ()
    found = Counter(row["verdict"] for row in verdicts or ())
    fates = Counter(change["fate"] for change in changes or ())
    return {
        "addresses": sum(network.get("addresses", 0) for network in networks),
        "networks": len(networks),
        "hosts": sum(host["state"] in (SEEN, CONTRADICTING) for host in scan.get("hosts") or ()),
        **{word: found[word] for word in ("known", *FINDINGS[:4])},
        **{word: fates[word] for word in ("new", "returned", "gone", "changed", "moved")},
        "incomplete": int(not scan.get("complete", True)),
    }
