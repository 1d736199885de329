# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device is made for a host: only for one that answers SNMP, of which nothing is doubtful."""

from __future__ import annotations

from typing import Any

from .._scan.host import PROVEN, Host
from .alike import same_manufacturer
from .background import Background, DeviceType
from .journal import DEVICE_TYPE, comments_of
from .known import Known
from .plan_data import NewAddress, NewDevice
from .snapshot import Address, Device
from .verdicts import Match
from .wishes import Wishes

#: Characters of a device's name in NetBox.
_NAME = 64
#: The same of a serial number.
_SERIAL = 50


def plan_device(
    match: Match, address: NewAddress | None, known: Known, background: Background, wishes: Wishes, scanned: str
) -> NewDevice | str:
    """The device for a host; or why none is made, empty if none is needed.

    :param address: the new record of the address that the host is named by, if NetBox has none.
    """
    host = match.host
    ours = _unfinished(match, known, background, wishes)
    if ours is None:
        reason = _objection(match, address)
        if reason is not None:
            return reason
    site_id, site = _site(match, known, background, wishes)
    if site_id is None:
        return "no device: its prefix has no site: give it one, or set discover_device_site"
    kind = _type_of(host, background, wishes)
    if kind is None:
        what = " ".join(one for one in (host.snmp.manufacturer, host.snmp.model) if one) if host.snmp else ""
        return f"no device type for {what or 'it'}: set discover_device_type, or add it to discover_device_types"
    twin = known.named(_name(host), site_id) if ours is None else None
    if twin is not None:
        return f"no device: NetBox has {twin.label} at this site, without this address: give it the address"
    return NewDevice(
        name=_name(host),
        site_id=site_id,
        site=site,
        role_id=background.role_id,
        role=wishes.devices.role,
        type_id=kind.id,
        type=f"{kind.manufacturer} {kind.model}",
        status=wishes.devices.status,
        serial=_serial(host),
        interface=wishes.devices.interface,
        ip=host.ip,
        comments=_comments(host, wishes, scanned),
        **_address(match.record, address),
        **_done_before(host, ours, background, wishes),
    )


def _address(record: Address | None, new: NewAddress | None) -> dict[str, Any]:
    """The record of its address, or the one that is made."""
    if record is not None:
        found = {"vrf_id": record.vrf_id, "vrf": record.vrf, "address_id": record.id}
        return {**found, "is_assigned": bool(record.owner_kind)}
    return {"vrf_id": new.vrf_id, "vrf": new.vrf} if new is not None else {}


def _done_before(host: Host, ours: Device | None, background: Background, wishes: Wishes) -> dict[str, Any]:
    """What an earlier run made of the device."""
    if ours is None:
        return {}
    port = background.interfaces.get(ours.id, {}).get(wishes.devices.interface)
    # A person may have chosen another primary address.
    has_primary = any((":" in one) == (":" in host.ip) for one in ours.primary)
    return {"device_id": ours.id, "interface_id": port, "is_primary": has_primary}


def _comments(host: Host, wishes: Wishes, scanned: str) -> str:
    written = {"name": _name(host), "serial": _serial(host), "status": wishes.devices.status}
    sentence = f"Scan of {scanned}: {host.ip} answered SNMP, and NetBox had no device for it.{_more_serials(host)}"
    return comments_of(sentence, host.sources, written)


def _objection(match: Match, address: NewAddress | None) -> str | None:
    """Why no device is made; empty if there is no question of one; None: one is made."""
    host = match.host
    if match.device is not None or match.owner is not None:
        return ""
    if host.snmp is None:
        return ""
    if host.certainty != PROVEN:
        return f"no device: it is {host.certainty}, not proven"
    if host.doubtful:
        return "no device: it is doubtful which addresses are of this host"
    if not host.snmp.sys_name.strip() or len(_name(host)) > _NAME:
        return f"no device: its sysName is empty or longer than {_NAME} characters"
    if match.record is None and address is None:
        return ""
    return None


def _unfinished(match: Match, known: Known, background: Background, wishes: Wishes) -> Device | None:
    """The device that an earlier run made for this host and was stopped before it was through.

    The entry in its journal is written last: a device that has one is finished, whatever a person changed of it since.
    """
    host = match.host
    if host.snmp is None:
        return None
    site_id, _site_name = _site(match, known, background, wishes)
    if match.owner is not None:
        one = known.owner(match.owner)
    else:
        one = known.named(_name(host), site_id) if site_id is not None else None
        one = one if one is not None and one.serial == _serial(host) and not one.primary else None
    is_ours = one is not None and wishes.tag in one.tags and (DEVICE_TYPE, one.id) not in background.written
    return one if is_ours else None


def _site(match: Match, known: Known, background: Background, wishes: Wishes) -> tuple[int | None, str]:
    """The site of the scan's network, else of the narrowest prefix that has one, else the one that the user named."""
    if match.place.site_id is not None:
        return match.place.site_id, match.place.site
    vrf = match.record.vrf_id if match.record else match.place.vrf_id
    for prefix in known.prefixes(vrf, match.host.ip):
        if prefix.site_id is not None:
            return prefix.site_id, prefix.site
    return background.site_id, wishes.devices.site


def _type_of(host: Host, background: Background, wishes: Wishes) -> DeviceType | None:
    """By the user's table, then by model and part number in NetBox, then the user's default."""
    snmp = host.snmp
    maker, model = (snmp.manufacturer.strip(), snmp.model.strip()) if snmp else ("", "")
    by_slug = {one.slug: one for one in background.types}
    table = {key.strip().casefold(): slug for key, slug in wishes.devices.types.items()}
    for key in (f"{maker}/{model}", model, maker):
        if key.strip("/") and key.casefold() in table:
            return by_slug.get(table[key.casefold()])
    found = [
        one
        for one in background.types
        if model
        and model.casefold() in (one.model.casefold(), one.part_number.casefold())
        and (not maker or same_manufacturer(one.manufacturer, maker))
    ]
    return found[0] if len(found) == 1 else by_slug.get(wishes.devices.default_type)


def _name(host: Host) -> str:
    return host.snmp.sys_name.strip() if host.snmp else ""


def _serial(host: Host) -> str:
    """The serial number, if it is one: of several it is not known which member is the first."""
    serials = host.snmp.serials if host.snmp else ()
    return serials[0] if len(serials) == 1 and len(serials[0]) <= _SERIAL else ""


def _more_serials(host: Host) -> str:
    serials = host.snmp.serials if host.snmp else ()
    return f" It reports {len(serials)} chassis, so its serial number is empty." if len(serials) > 1 else ""
