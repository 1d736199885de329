# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the columns of a recording hold, as far as masking must know: serials, an operator's words, texts of the vendor.

A column that is not known here, nor asked for by a reader, is UNKNOWN: no word of it is shown unless it is vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from .._snmp.transport import Oid


class Role(Enum):
    """What a column contains."""

    SERIAL = "serial numbers"
    OPERATOR = "words of an operator"
    VENDOR = "words of the vendor, about the hardware"
    MODEL = "models and their makers"
    REVISION = "revisions, which may look like addresses"
    NAME = "names: of a slot by the vendor, or of a port by an operator"
    UNKNOWN = "anything"


#: Columns and scalars that hold serial numbers.
SERIAL_COLUMNS: tuple[Oid, ...] = tuple(
    tuple(int(number) for number in dotted.split("."))
    for dotted in (
        "1.3.6.1.2.1.47.1.1.1.1.11",  # entPhysicalSerialNum
        "1.3.6.1.2.1.43.5.1.1.17",  # prtGeneralSerialNumber
        "1.3.6.1.4.1.9.3.6.3",  # chassisId
        "1.3.6.1.4.1.9.3.6.11.1.4",  # cardSerial
        "1.3.6.1.4.1.9.5.1.2.17",  # chassisSerialNumber
        "1.3.6.1.4.1.9.5.1.2.19",  # chassisSerialNumberString
        "1.3.6.1.4.1.9.5.1.3.1.1.3",  # moduleSerialNumber
        "1.3.6.1.4.1.9.5.1.3.1.1.26",  # moduleSerialNumberString
        "1.3.6.1.4.1.9.6.1.101.217.1.7",  # rlInventoryEntSerial
        "1.3.6.1.4.1.9.9.92.1.1.1.2",  # ceAssetSerialNumber
        "1.3.6.1.4.1.2636.3.1.3",  # jnxBoxSerialNo
        "1.3.6.1.4.1.2636.3.1.8.1.7",  # jnxContentsSerialNo
        "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.2",  # jnxVirtualChassisMemberSerialnumber
        "1.3.6.1.4.1.6527.3.1.2.2.1.8.1.5",  # tmnxHwSerialNumber
        "1.3.6.1.4.1.6527.3.1.2.2.3.7.1.3",  # tmnxCpmFlashSerialNumber
        "1.3.6.1.4.1.6527.3.1.2.2.4.2.1.45",  # tmnxPortSFPVendorSerialNum
        "1.3.6.1.4.1.2011.5.25.31.1.1.3.1.4",  # hwEntityOpticalVendorSn
        "1.3.6.1.4.1.25506.2.6.1.2.1.1.2",  # hh3cEntityExtManuSerialNum
        "1.3.6.1.4.1.25506.2.70.1.1.1.5",  # hh3cTransceiverSerialNumber
        "1.3.6.1.4.1.11.2.36.1.1.2.9",  # hpHttpMgSerialNumber
        "1.3.6.1.4.1.11.2.14.11.5.82.1.1.1.1.4",  # hpicfXcvrSerial
        "1.3.6.1.4.1.47196.4.1.1.3.27.1.1.1.1.5",  # arubaWiredPmXcvrSerialNum
        "1.3.6.1.4.1.1916.1.1.1.16",  # extremeSystemID
        "1.3.6.1.4.1.1916.1.1.2.2.1.6",  # extremeSlotModuleSerialNumber
        "1.3.6.1.4.1.1916.1.1.1.27.1.4",  # extremePowerSupplySerialNumber
        "1.3.6.1.4.1.1991.1.1.1.1.2",  # snChasSerNum
        "1.3.6.1.4.1.1991.1.1.1.4.1.1.2",  # snChasUnitSerNum
        "1.3.6.1.4.1.1991.1.1.2.8.2.1.7",  # snAgentConfigModule2SerialNumber
        "1.3.6.1.4.1.1991.1.1.2.8.1.1.6",  # snAgentConfigModuleSerialNumber
        "1.3.6.1.4.1.12356.100.1.1.1",  # fnSysSerial
        "1.3.6.1.4.1.12356.101.13.2.1.1.2",  # fgHaStatsSerial
        "1.3.6.1.4.1.12356.101.24.1.1.1.3",  # serial of a managed FortiSwitch
        "1.3.6.1.4.1.25461.2.1.2.1.3",  # panSysSerialNumber
        "1.3.6.1.4.1.6027.3.10.1.2.2.1.12",  # chStackUnitSerialNumber
        "1.3.6.1.4.1.674.11000.5000.100.4",  # Dell OS10 chassis, cards, power supplies, fans
        "1.3.6.1.4.1.674.10895.3000.1.2.100.8.1",  # Dell PowerConnect: serial, asset tag, service tag
        "1.3.6.1.4.1.3375.2.1.3.3.3",  # sysGeneralChassisSerialNum
        "1.3.6.1.4.1.14988.1.1.7.3",  # mtxrSerialNumber
        "1.3.6.1.4.1.14988.1.1.19.1.1.12",  # serial of an optic
        "1.3.6.1.4.1.1271.2.1.5.1.1.4",  # Ciena chassis
        "1.3.6.1.4.1.1271.2.1.5.1.2.1.1.1.5",  # Ciena power supply
        "1.3.6.1.4.1.1271.2.1.5.1.2.2.1.9",  # Ciena fan tray
        "1.3.6.1.4.1.1271.2.1.2.1.2.2.1.3",  # Ciena module
        "1.3.6.1.4.1.1271.2.1.9.1.1.1.1.29",  # Ciena optic
        "1.3.6.1.4.1.6141.2.60.4.1.1.1.1.11",  # Ciena (WWP) optic
        "1.3.6.1.4.1.2620.1.6.16.3",  # Check Point appliance
    )
)

#: entPhysicalTable (RFC 6933): SerialNum is above; Alias, AssetID, Uris and UUID are an operator's, or an identity
_ENTITY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
_ENTITY_ROLES = {
    **dict.fromkeys((2, 3, 7, 17), Role.VENDOR),
    **dict.fromkeys((12, 13), Role.MODEL),
    **dict.fromkeys((8, 9, 10), Role.REVISION),
    **dict.fromkeys((14, 15, 18, 19), Role.OPERATOR),
}

#: the columns that are known whatever a reader asks for
_KNOWN: dict[Oid, Role] = {
    **dict.fromkeys(SERIAL_COLUMNS, Role.SERIAL),
    **{(*_ENTITY, column): role for column, role in _ENTITY_ROLES.items()},
    (1, 3, 6, 1, 2, 1, 1, 1): Role.VENDOR,  # sysDescr
    (1, 3, 6, 1, 2, 1, 1, 2): Role.VENDOR,  # sysObjectID
    (1, 3, 6, 1, 2, 1, 1, 9): Role.VENDOR,  # sysORTable
    (1, 3, 6, 1, 2, 1, 2, 2, 1, 2): Role.NAME,  # ifDescr
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1): Role.NAME,  # ifName
}

#: From a reader's name for a column to what it contains; the first that fits. Readers ask for hardware descriptions.
_NAMES: tuple[tuple[re.Pattern[str], Role], ...] = tuple(
    (re.compile(words), role)
    for words, role in (
        (r"serial|service_?tag|ppid|^sn$", Role.SERIAL),
        (
            r"(^|_)(alias|asset(_?id|_?tag)?|host(_?name)?|contact|location|user(_?name)?|owner|notes?|comments?|tag"
            r"|address|ip|mac|email)(_|$)",
            Role.OPERATOR,
        ),
        (r"rev|version|firmware|software|hardware|^hw|^fw|^sw|boot", Role.REVISION),
        (r"mfg|manufact|vendor|maker|model|part|product|type", Role.MODEL),
        (r"desc|class|categ|clei|date|board", Role.VENDOR),
        (r"name|label|port|title|interface", Role.NAME),
    )
)


class Roles:
    """The role of each variable. `columns` are columns (or scalars) that a reader asked for: OID -> its word for it."""

    def __init__(self, columns: Mapping[Oid, str]) -> None:
        self._roles = {oid: role_of_name(name) for oid, name in columns.items()} | _KNOWN
        self._lengths = sorted({len(oid) for oid in self._roles}, reverse=True)

    def of(self, oid: Oid) -> tuple[Role, int]:
        """The role of a variable, and the length of its column's OID (0 where it is not known)."""
        for length in self._lengths:
            role = self._roles.get(oid[:length])
            if role:
                return role, length
        return Role.UNKNOWN, 0


def role_of_name(name: str) -> Role:
    """What a column holds that a reader calls so; one without a word was not asked for by a reader."""
    if not name:
        return Role.UNKNOWN
    return next((role for pattern, role in _NAMES if pattern.search(name.casefold())), Role.VENDOR)
