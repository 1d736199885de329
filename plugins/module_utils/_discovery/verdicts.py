# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan found, held against a snapshot of NetBox: one verdict for each host, and for each address that NetBox has
where no host was found. Pure: no request, no clock.

Silence counts only where it was asked for: an address of NetBox that nothing asked is `not_asked`, which is no verdict
about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, ClassVar

from .._common.errors import OptionsError
from .._common.typed_json import Rules, to_json, written
from .._outgoing.text import brief
from .._outgoing.words import listed
from .._scan.finding import CONTRADICTING, NOT_ASKED, SILENT, Evidence
from .._scan.host import SAME_SERIAL, Host, Scan
from .contradictions import UNUSED, Contradiction, of_address, of_device, of_dns, of_records
from .known import Known, Vrf
from .places import Place, Places
from .snapshot import DEVICE, DYNAMIC, Address, Device, Snapshot

#: A host answers, and NetBox has it: at this address, or under its serial number.
KNOWN = "known"
#: A host answers, and NetBox does not have its address.
UNKNOWN = "unknown"
#: A host answers, NetBox has the address, and no device or virtual machine for it.
UNASSIGNED = "unassigned"
#: The verdicts. SILENT: NetBox has the address in use, and it was asked and did not answer. CONTRADICTING: a host
#: answers, and is not what NetBox has. NOT_ASKED is reported with them, and is none.
VERDICTS = (CONTRADICTING, UNKNOWN, UNASSIGNED, SILENT, KNOWN)
#: Evidence that is kept with a verdict.
_MOST_EVIDENCE = 30


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One host, or one address of NetBox."""

    JSON: ClassVar[Rules] = Rules(omit_defaults=True, extra="ignored")

    verdict: str = field(metadata=written(omit_default=False))  #: one of VERDICTS, or not_asked
    ip: str
    addresses: tuple[str, ...] = ()  #: all addresses of the host, if there are several
    hostname: str = ""  #: as it was found
    network: str = ""  #: of the scan
    vrf_id: int | None = None
    vrf: str = ""
    certainty: str = ""  #: of the scan: proven, likely, doubtful
    device_kind: str = ""  #: device, virtual_machine, fhrp_group
    device_id: int | None = None
    device: str = ""  #: what NetBox calls it
    matched_by: str = ""  #: address, or serial: NetBox has the device without this address
    site: str = ""
    address_id: int | None = None  #: of the record of `ip`
    status: str = ""  #: of that record
    dns_name: str = ""  #: of that record
    not_in_netbox: tuple[str, ...] = ()  #: addresses of the host that NetBox does not have
    dhcp: bool = False  #: its addresses change hands: it is not compared with the device that NetBox has there
    contradictions: tuple[Contradiction, ...] = ()
    note: str = ""  #: what keeps the verdict from saying more
    evidence: tuple[Evidence, ...] = ()  #: what the sources reported


@dataclass(frozen=True)
class Match:
    """A host, and what NetBox has of it."""

    host: Host
    place: Place  #: of its first address
    records: tuple[Address, ...] = ()  #: of all of its addresses
    device: Device | None = None
    by_serial: bool = False  #: the device has none of the addresses
    not_in_netbox: tuple[str, ...] = ()
    ambiguous: bool = False  #: NetBox has `ip` in several VRFs, and the scan does not know in which it was

    @property
    def record(self) -> Address | None:
        """The one of the address that the host is named by."""
        return next((one for one in self.records if one.ip == self.host.ip), None)

    @property
    def owner(self) -> Address | None:
        """The record that says who the host is, its own address first."""
        owned = [one for one in self.records if one.owner_kind]
        return next((one for one in owned if one.ip == self.host.ip), owned[0] if owned else None)

    @property
    def is_dynamic(self) -> bool:
        """Whether its address changes hands."""
        return self.place.dhcp or (self.record is not None and self.record.status in DYNAMIC)


@dataclass(frozen=True)
class Compared:
    """A scan, held against a snapshot."""

    known: Known
    places: Places
    matches: tuple[tuple[Match, Verdict | None], ...]  #: of each host; None: there is nothing to say about it
    verdicts: tuple[Verdict, ...]  #: all of them, ordered by VRF and address


def compare(scan: Scan, snapshot: Snapshot) -> Compared:
    """Hold a scan against a snapshot."""
    known, places = Known(snapshot), Places(scan)
    matches = [match_host(host, known, places) for host in scan.hosts]
    judged = tuple((match, _of_host(match, known)) for match in matches)
    covered = {(one.vrf_id, one.ip) for match in matches for one in match.records}
    found = [verdict for _match, verdict in judged if verdict is not None]
    found += _of_addresses(snapshot, covered, known, places)
    return Compared(known, places, judged, tuple(sorted(found, key=_order)))


def verdict_counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many there are of each, zeros included."""
    counts = dict.fromkeys((*VERDICTS, NOT_ASKED), 0)
    for one in verdicts:
        counts[one.verdict] += 1
    return counts


def match_host(host: Host, known: Known, places: Places) -> Match:
    """What NetBox has of a host: the records of its addresses, and its device by these or by its serial number."""
    place = places.of(host.ip, host.network)
    records: list[Address] = []
    missing: list[str] = []
    ambiguous = False
    for ip in host.addresses or (host.ip,):
        found, several = _records(ip, place if ip == host.ip else places.of(ip), known)
        records += found
        ambiguous = ambiguous or several
        if not found and not several:
            missing.append(ip)
    match = Match(host, place, tuple(records), None, False, tuple(missing), ambiguous)
    device = known.owner(match.owner) if match.owner and not match.is_dynamic else None
    by_serial = _by_serial(host, known) if match.owner is None else None
    return Match(host, place, match.records, device or by_serial, by_serial is not None, match.not_in_netbox, ambiguous)


def _records(ip: str, place: Place, known: Known) -> tuple[list[Address], bool]:
    """The records of an address in its VRF; and whether it is unclear which VRF that is.

    That NetBox has an address in several VRFs is nothing wrong. Where the scan does not know its VRF, the global table
    counts, then the only VRF that has it.
    """
    records = known.addresses(ip)
    if place.has_vrf:
        return [one for one in records if one.vrf_id == place.vrf_id], False
    tables: set[Vrf] = {one.vrf_id for one in records}
    if None in tables:
        return [one for one in records if one.vrf_id is None], False
    return (records, False) if len(tables) < 2 else ([], True)


def _by_serial(host: Host, known: Known) -> Device | None:
    """The device with a serial number of the host, if it is one device."""
    serials = host.snmp.serials if host.snmp else ()
    found = {one.id: one for serial in serials for one in known.with_serial(serial)}
    groups = {one.chassis_id or -one.id for one in found.values()}
    if len(groups) != 1:
        return None
    return next((one for one in found.values() if one.is_master), min(found.values(), key=lambda one: one.id))


def _of_host(match: Match, known: Known) -> Verdict | None:
    host = match.host
    if host.state in (SILENT, NOT_ASKED):
        record = match.record
        return _of_record(record, host.state, match.place, known, host.sources) if record else None
    contradictions = tuple(_contradictions(match, known))
    owner, device, record = match.owner, match.device, match.record
    if contradictions:
        verdict = CONTRADICTING
    elif owner is not None or device is not None or match.ambiguous:
        verdict = KNOWN
    else:
        verdict = UNASSIGNED if match.records else UNKNOWN
    return Verdict(
        verdict=verdict,
        ip=host.ip,
        addresses=host.addresses if len(host.addresses) > 1 else (),
        hostname=host.hostname,
        network=host.network,
        vrf_id=record.vrf_id if record else match.place.vrf_id,
        vrf=record.vrf if record else match.place.vrf,
        certainty=host.certainty,
        matched_by=SAME_SERIAL if match.by_serial else "address" if owner else "",
        **_owner(owner, device),
        **_record(record),
        not_in_netbox=match.not_in_netbox,
        dhcp=match.is_dynamic,
        contradictions=contradictions,
        note=_note(match, known),
        evidence=host.sources[:_MOST_EVIDENCE],
    )


def _contradictions(match: Match, known: Known) -> Iterator[Contradiction]:
    host, place, record = match.host, match.place, match.record
    if match.ambiguous:
        return
    if match.is_dynamic:
        yield from of_records(host, [one for one in match.records if one.status not in DYNAMIC], known)
        return
    yield from of_records(host, match.records, known)
    if match.device is not None:
        yield from of_device(host, match.device, match.records, known)
    yield from of_dns(host, match.records)
    yield from of_address(host, record, host.ip, record.vrf_id if record else place.vrf_id, known)


def _note(match: Match, known: Known) -> str:
    if match.ambiguous:
        return f"NetBox has {match.host.ip} in several VRFs, and it is not known in which of them it was scanned"
    if match.host.state == CONTRADICTING:
        return "the sources of the scan contradict each other"
    if not match.records and not any(known.prefixes(vrf, match.host.ip) for vrf in known.vrfs_of(match.host.ip)):
        return "no prefix of NetBox holds it"
    return ""


def _owner(record: Address | None, device: Device | None) -> dict[str, Any]:
    if device is not None:
        return {"device_kind": DEVICE, "device_id": device.id, "device": device.label, "site": device.site}
    if record is not None and record.owner_kind:
        return {"device_kind": record.owner_kind, "device_id": record.owner_id, "device": record.owner}
    return {}


def _record(record: Address | None) -> dict[str, Any]:
    return {"address_id": record.id, "status": record.status, "dns_name": record.dns_name} if record else {}


def _of_addresses(snapshot: Snapshot, covered: set[tuple[Vrf, str]], known: Known, places: Places) -> Iterator[Verdict]:
    """The addresses of NetBox where no host was found."""
    for record in snapshot.addresses:
        key = (record.vrf_id, record.ip)
        place = places.of(record.ip)
        if key in covered or not place.network or record not in _records(record.ip, place, known)[0]:
            continue
        covered.add(key)
        state = SILENT if places.was_asked(place, record.ip) else NOT_ASKED
        verdict = _of_record(record, state, place, known)
        if verdict is not None:
            yield verdict


def _of_record(
    record: Address, state: str, place: Place, known: Known, evidence: tuple[Evidence, ...] = ()
) -> Verdict | None:
    """The verdict about a record where nothing answered. None: it need not answer, as an address of DHCP or a reserved
    one."""
    if record.status in (*UNUSED, *DYNAMIC) or place.dhcp:
        return None
    return Verdict(
        verdict=state,
        ip=record.ip,
        network=place.network,
        vrf_id=record.vrf_id,
        vrf=record.vrf,
        matched_by="address" if record.owner_kind else "",
        **_owner(record, known.owner(record)),
        **_record(record),
        evidence=evidence[:_MOST_EVIDENCE],
    )


def _order(verdict: Verdict) -> tuple[Any, ...]:
    address = ip_address(verdict.ip)
    return verdict.vrf, verdict.vrf_id or 0, address.version, int(address), verdict.verdict, verdict.device


def chosen(verdicts: Iterable[Verdict], words: Sequence[str] | None) -> list[Verdict]:
    """Those with one of these words; None: all. Raises OptionsError for a word that is none."""
    if words is None:
        return list(verdicts)
    if unknown := sorted(set(words) - {*VERDICTS, NOT_ASKED}):
        raise OptionsError(f"{brief(unknown[0], 60)} is not a verdict", f"use {listed([*VERDICTS, NOT_ASKED])}")
    return [one for one in verdicts if one.verdict in words]


def as_json(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts as a task returns them."""
    return [to_json(verdict) for verdict in verdicts]
