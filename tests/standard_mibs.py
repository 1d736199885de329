# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names, numbers and types of standard MIBs, as the collection brings them: plugins/module_utils/_mib/standard.

    .venv/bin/python tests/run.py tests/standard_mibs.py FOLDER...

The folders contain MIBs, as net-snmp or a vendor publishes them. What is kept are facts that a MIB states: that
ifDescr is 1.3.6.1.2.1.2.2.1.2, a DisplayString, and read-only. No text of a MIB is kept, and no MIB is in this
repository.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.plugins.module_utils._mib import compiled, library
from ansible_collections.invmon.network.plugins.module_utils._mib.compiler import compile_mibs
from ansible_collections.invmon.network.plugins.module_utils._mib.user_mibs import texts_in

#: The preferred ones first: where two modules have a name or an OID, it is that of the first one.
MODULES = [
    *("SNMPv2-SMI", "SNMPv2-TC", "SNMPv2-CONF", "SNMPv2-MIB", "SNMPv2-TM", "HCNUM-TC"),
    *(
        "SNMP-FRAMEWORK-MIB",
        "SNMP-MPD-MIB",
        "SNMP-TARGET-MIB",
        "SNMP-NOTIFICATION-MIB",
        "SNMP-PROXY-MIB",
        "SNMP-COMMUNITY-MIB",
    ),
    *(
        "SNMP-USER-BASED-SM-MIB",
        "SNMP-VIEW-BASED-ACM-MIB",
        "SNMP-USM-AES-MIB",
        "SNMP-USM-HMAC-SHA2-MIB",
        "SNMP-USM-DH-OBJECTS-MIB",
    ),
    *("SNMP-TSM-MIB", "SNMP-TLS-TM-MIB", "NOTIFICATION-LOG-MIB"),
    *(
        "IANAifType-MIB",
        "IF-MIB",
        "IF-INVERTED-STACK-MIB",
        "IANA-ADDRESS-FAMILY-NUMBERS-MIB",
        "IANA-RTPROTO-MIB",
        "INET-ADDRESS-MIB",
    ),
    *("TRANSPORT-ADDRESS-MIB", "IP-MIB", "TCP-MIB", "UDP-MIB", "IP-FORWARD-MIB", "TUNNEL-MIB"),
    *("IPV6-TC", "IPV6-MIB"),
    *("IANA-ENTITY-MIB", "UUID-TC-MIB", "ENTITY-MIB", "ENTITY-SENSOR-MIB", "ENTITY-STATE-TC-MIB", "ENTITY-STATE-MIB"),
    *("HOST-RESOURCES-MIB", "HOST-RESOURCES-TYPES"),
    *("BRIDGE-MIB", "P-BRIDGE-MIB", "Q-BRIDGE-MIB", "RSTP-MIB"),
    *("LLDP-MIB", "LLDP-EXT-DOT1-MIB", "LLDP-EXT-DOT3-MIB", "LLDP-EXT-MED-MIB"),
    *("EtherLike-MIB", "IANA-MAU-MIB", "MAU-MIB", "POWER-ETHERNET-MIB", "IEEE8023-LAG-MIB"),
    *("RMON-MIB", "DISMAN-EVENT-MIB", "DISMAN-PING-MIB", "DISMAN-TRACEROUTE-MIB"),
    *("BGP4-MIB", "OSPF-MIB", "OSPF-TRAP-MIB", "VRRP-MIB", "UPS-MIB"),
    *(
        "UCD-SNMP-MIB",
        "UCD-DISKIO-MIB",
        "LM-SENSORS-MIB",
        "NET-SNMP-TC",
        "NET-SNMP-MIB",
        "NET-SNMP-AGENT-MIB",
        "NET-SNMP-EXTEND-MIB",
    ),
    *("CISCO-SMI", "CISCO-TC", "CISCO-ENTITY-FRU-CONTROL-MIB", "CISCO-CDP-MIB"),
    *("JUNIPER-SMI", "JUNIPER-MIB"),
    *("TIMETRA-GLOBAL-MIB", "TIMETRA-CHASSIS-MIB"),
    *("RFC1213-MIB",),
]

#: What ASN.1 itself names.
ROOTS = {"ccitt": {"oid": "0"}, "iso": {"oid": "1"}, "joint-iso-ccitt": {"oid": "2"}}


def main(folders: list[Path]) -> None:
    result = compile_mibs(texts_in(folders), MODULES)
    for sentence in result.problems:
        sys.stderr.write(sentence + "\n")
    modules = [result.modules[name] for name in MODULES if name in result.modules]
    result.modules["SNMPv2-SMI"]["objects"] |= ROOTS
    for path in library.STANDARD.glob("*.json"):
        path.unlink()
    for module in modules:
        write(f"{module['module']}.json", module)
    for name, table in zip((library.OIDS, library.NAMES), compiled.oids_and_names(modules), strict=True):
        write(name, table)


def write(name: str, data: dict[str, Any]) -> None:
    """JSON with a line for each name: a difference is readable, and it is read fast."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict):
            inner = [f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in value.items()]
            lines.append(f"{json.dumps(key)}:{{\n" + ",\n".join(inner) + "\n}")
        else:
            lines.append(f"{json.dumps(key)}:{json.dumps(value)}")
    (library.STANDARD / name).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
