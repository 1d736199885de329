# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result of a discovery as text: what answers in networks, held against NetBox, and what to do about each.

It renders a scan, the verdicts about it and what was registered, as plain data, and decides nothing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._common.cells import INDENT
from .._outgoing.text import printable
from .._outgoing.words import clipped, count, listed
from .layout import paragraph, table
from .night import Line
from .words import duration

#: So many rows of a section are shown; with -v all of them.
NAMED = 20
#: A text that a host chose itself is cut after so many characters.
_CUT = 60
#: So many addresses of one kind of change are named.
_FEW = 5

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Section:
    """The verdicts of one kind: how the first line counts them, and what they mean or what to do."""

    verdict: str
    counted: str
    heading: str
    tone: str


_SECTIONS = (
    _Section(
        "contradicting",
        "contradicting",
        "Contradicting: a host is not what NetBox has. Correct NetBox, or find out who answers there.",
        "bad",
    ),
    _Section("unknown", "unknown", "Unknown: a host answers, and NetBox does not have its address.", "changed"),
    _Section(
        "unassigned", "without a device", "Without a device: NetBox has the address, and no device for it.", "changed"
    ),
    _Section(
        "silent",
        "silent",
        "Silent: NetBox has the address in use, and no source saw it. Nothing is concluded from one scan.",
        "open",
    ),
)
#: What became of a host since the scan before -> what it is called.
_FATES = {"new": "new", "returned": "returned", "gone": "gone", "moved": "at another address", "changed": "changed"}


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """What the text is made of: the JSON of a Scan, of Verdicts, and of HostChanges."""

    scan: Row
    verdicts: Sequence[Row] | None = None  #: None: not compared with NetBox
    changes: Sequence[Row] | None = None  #: None: there is no scan before
    registered: Sequence[str] = ()  #: what was registered, or would be: sentences
    check_mode: bool = False
    error: str = ""  #: why NetBox was not read, or not written
    file: str = ""  #: where all of it is as data


def discovery_text(found: Discovery, width: int, verbose: bool = False) -> list[Line]:
    """The text, in lines of at most `width` cells (a longer word is not broken)."""
    lines: list[Line] = []
    for section in _Text(found, width, verbose).sections():
        if section:
            lines += [*([Line("")] if lines else []), *section]
    return lines


class _Text:
    """The text of one discovery, at one width."""

    def __init__(self, found: Discovery, width: int, verbose: bool) -> None:
        self.found = found
        self.width = width
        self.verbose = verbose
        # Two VRFs may have the same address.
        self.hosts = {(host["ip"], host.get("network", "")): host for host in found.scan.get("hosts") or ()}

    def sections(self) -> Iterator[list[Line]]:
        yield self._first()
        for section in _SECTIONS:
            yield self._verdicts(section)
        if self.found.verdicts is None:
            yield self._hosts()
        yield self._changes()
        yield self._sources()
        yield self._last()

    def _first(self) -> list[Line]:
        scan, verdicts = self.found.scan, Counter(row["verdict"] for row in self.found.verdicts or ())
        networks = scan.get("networks") or ()
        seen = sum(host["state"] in ("seen", "contradicting") for host in self.hosts.values())
        asked = count(sum(network.get("addresses", 0) for network in networks), "address", "addresses")
        said = [f"{verdicts[one.verdict]:,} {one.counted}" for one in _SECTIONS if verdicts[one.verdict]]
        said += [f"{verdicts['known']:,} known"] if verdicts["known"] else []
        dry = ", dry run" if self.found.check_mode else ""
        text = f"Discovery{dry}: {asked} in {count(len(networks), 'network')} in {duration(scan.get('seconds', 0.0))}: "
        text += f"{count(seen, 'host')}{'; ' if said else ''}{', '.join(said)}."
        if self.found.error:
            text += f" {printable(self.found.error)}"
        return [*self._text(text, "bad" if self.found.error else ""), *self._left(), *self._alike()]

    def _left(self) -> list[Line]:
        """What was not asked: nothing follows from it."""
        scan = self.found.scan
        if scan.get("complete", True):
            return []
        left = [text for network in scan.get("networks") or () for text in network.get("not_asked", ())]
        why = f" ({scan['stopped']})" if scan.get("stopped") else ""
        what = listed(left, _FEW) or "some addresses"
        text = f"Not complete{why}: {what} were not asked, and nothing is concluded about them."
        return self._text(f"{text} The next run asks them first.", "open")

    def _alike(self) -> list[Line]:
        """Networks in which a firewall answers for others."""
        found = [
            network["network"] for network in self.found.scan.get("networks") or () if network.get("refuses_alike")
        ]
        if not found:
            return []
        text = f"Nearly all addresses of {listed(found, _FEW)} reset connections, as a firewall does that answers for"
        return self._text(f"{text} others: a reset alone shows no host there.", "open")

    def _verdicts(self, section: _Section) -> list[Line]:
        rows = [row for row in self.found.verdicts or () if row["verdict"] == section.verdict]
        cells = [[_address(row), _netbox(row), self._about(row)] for row in rows]
        return self._table(section.heading, section.tone, cells)

    def _about(self, row: Row) -> str:
        """What is wrong, or what is known about the host."""
        if found := row.get("contradictions"):
            return "; ".join(clipped(one.get("text") or one["about"], 200) for one in found)
        host = self.hosts.get((row["ip"], row.get("network", "")))
        about = "" if host is None or row["verdict"] == "silent" else describe(host, but=_netbox(row))
        return "; ".join(filter(None, (about, clipped(row.get("note", ""), 200))))

    def _hosts(self) -> list[Line]:
        seen = [host for host in self.hosts.values() if host["state"] in ("seen", "contradicting")]
        return self._table("Hosts", "", [[printable(host["ip"]), describe(host)] for host in seen])

    def _changes(self) -> list[Line]:
        rows = []
        for fate, words in _FATES.items():
            found = [change for change in self.found.changes or () if change["fate"] == fate]
            names = [change["ip"] + (f" ({change['hostname']})" if change.get("hostname") else "") for change in found]
            rows += [[f"{len(found):,} {words}", listed(names, len(names) if self.verbose else _FEW)]] if found else []
        return self._table("Since the scan before", "changed", rows)

    def _sources(self) -> list[Line]:
        """Sources that lacked something."""
        lacking = [use for use in self.found.scan.get("sources") or () if use.get("missing")]
        rows = [[printable(use["source"]), printable(use["missing"])] for use in lacking]
        return self._table("Sources that could not be used", "open", rows)

    def _last(self) -> list[Line]:
        said = [*map(printable, self.found.registered)]
        said += [f"All of it as data: {printable(self.found.file)}"] if self.found.file else []
        said += ["This was a dry run: nothing was written to NetBox."] if self.found.check_mode else []
        return [line for sentence in said for line in self._text(sentence)]

    def _text(self, text: str, tone: str = "") -> list[Line]:
        return [Line(line, tone) for line in paragraph(text, self.width)]

    def _table(self, heading: str, tone: str, rows: Sequence[Sequence[str]]) -> list[Line]:
        if not rows:
            return []
        shown = rows if self.verbose else rows[:NAMED]
        lines = [*self._text(heading, tone), *map(Line, table(shown, self.width))]
        if left := len(rows) - len(shown):
            where = f"see {printable(self.found.file)}" if self.found.file else "-v lists all"
            lines += [Line(line) for line in paragraph(f"and {left:,} more; {where}", self.width, INDENT)]
        return lines


def _address(row: Row) -> str:
    """The address, and its VRF if it is in one."""
    return printable(row["ip"]) + (f" ({clipped(row['vrf'], _CUT)})" if row.get("vrf") else "")


def _netbox(row: Row) -> str:
    """What NetBox calls the device, else the name that it has for the address."""
    return clipped(row.get("device") or row.get("dns_name") or row.get("hostname") or "", _CUT)


def describe(host: Row, but: str = "") -> str:
    """What was learnt of a host, in a line. but: its name, if that is shown already."""
    snmp = host.get("snmp") or {}
    name = host.get("hostname") or host.get("reverse_dns") or ""
    said = [name, " ".join(filter(None, (snmp.get("manufacturer"), snmp.get("model")))) or snmp.get("platform", "")]
    said += [f"serial {listed(snmp['serials'], 2)}"] if snmp.get("serials") else []
    said += [f"MAC {host['mac']}" + (f" ({host['vendor']})" if host.get("vendor") else "")] if host.get("mac") else []
    banners = host.get("banners") or {}
    said += [f"port {port}: {banners[port]}" for port in list(banners)[:2]]
    ports = [port for port in host.get("ports") or () if str(port) not in banners]
    said += [f"{'port' if len(ports) == 1 else 'ports'} {listed(ports, _FEW)}"] if ports else []
    others = [address for address in host.get("addresses") or () if address != host["ip"]]
    said += [f"also at {listed(others, 2)}"] if others else []
    maybe = list(dict.fromkeys(join["address"] for join in host.get("doubtful") or ()))
    said += [f"may be the host at {listed(maybe, 2)}"] if maybe else []
    said += ["doubtful"] if host.get("certainty") == "doubtful" else []
    shown = [clipped(one, _CUT) for one in said if one]
    return ", ".join(one for one in shown if one != but)
