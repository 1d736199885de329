# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether two words mean the same: names with and without a domain, manufacturers, platforms.

Each function is cautious: what it does not know is not compared, because a false contradiction costs a person's time.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

#: Words of a company's name that say nothing.
_COMPANY = frozenset(
    (
        *("ab", "ag", "bv", "co", "company", "corp", "corporation", "enterprise", "gmbh", "group", "inc", "llc", "ltd"),
        *("international", "limited", "networking", "networks", "sa", "spa", "systems", "technologies", "technology"),
        *("telecommunications", "the"),
    )
)
#: Names of manufacturers that people give to device types for hosts of which they know nothing yet.
_PLACEHOLDERS = frozenset(
    (
        *("unknown", "generic", "other", "others", "various", "misc", "miscellaneous", "unspecified", "undefined"),
        *("none", "noname", "na", "tbd", "todo", "placeholder"),
    )
)
#: Brands of one maker, or names that it had.
_MAKERS = {
    alias: maker
    for maker, aliases in {
        "hpe": "hp hpe hewlett hewlettpackard hewlettpackardenterprise aruba arubanetworks procurve h3c comware 3com",
        "nokia": "nokia alcatel alcatellucent timetra lucent",
        "dell": "dell dellemc emc force10",
        "extreme": "extreme enterasys cabletron brocade foundry avaya nortel",
        "broadcom": "broadcom brocadecommunications",
        "cisco": "cisco meraki ciscomeraki linksys",
        "ericsson": "ericsson redback",
        "vertiv": "vertiv liebert avocent geist emerson",
        "apc": "apc schneider schneiderelectric americanpowerconversion",
        "paloalto": "paloalto pan",
        "f5": "f5 f5networks",
        "infinera": "infinera coriant",
        "netgear": "netgear",
        "juniper": "juniper netscreen",
    }.items()
    for alias in aliases.split()
}
_VENDORS = (
    *(
        "cisco",
        "juniper",
        "arista",
        "arubanetworks",
        "aruba",
        "hewlettpackard",
        "hpe",
        "hp",
        "huawei",
        "dellemc",
        "dell",
    ),
    *("mikrotik", "nokia", "extreme", "fortinet", "paloaltonetworks", "paloalto", "pan", "f5", "brocade", "alcatel"),
    "h3c",
)
#: What platforms are called -> their family, within which they count as one: people write ios for IOS XE as well.
_FAMILIES = {
    word: family
    for family, words in {
        "IOS": "ios iosxe xe",
        "IOS XR": "iosxr xr",
        "NX-OS": "nxos nexus",
        "ASA": "asa asaos",
        "Junos": "junos junosevo",
        "EOS": "eos",
        "RouterOS": "routeros ros mikrotik",
        "VRP": "vrp",
        "Comware": "comware",
        "AOS-CX": "aoscx arubaoscx cx",
        "ProVision": "procurve provision arubaosswitch",
        "EXOS": "exos xos",
        "VOSS": "voss",
        "FortiOS": "fortios fortinet",
        "PAN-OS": "panos paloalto",
        "BIG-IP": "bigip tmos",
        "SR OS": "sros timos",
        "OS10": "os10",
        "Cumulus": "cumulus cumuluslinux",
    }.items()
    for word in words.split()
}


def labels(name: str) -> list[str]:
    """The parts of a host name, in lower case."""
    return [label for label in name.strip().casefold().split(".") if label]


def same_name(one: str, other: str) -> bool:
    """Whether two host names mean the same host: r1 is R1.example.org, r1.brno is r1.brno.example.org."""
    first, second = labels(one), labels(other)
    shorter = min(len(first), len(second))
    return bool(shorter) and first[:shorter] == second[:shorter]


def names_host(dns_name: str, name: str) -> bool:
    """Whether a name in the DNS may belong to an interface of the host: ge-0-0-1.r1.example.org, r1-lo0.example.org."""
    short = ".".join(labels(name)) if same_name(dns_name, name) else (labels(name) or [""])[0]
    found = ".".join(labels(dns_name))
    return bool(short) and re.search(rf"(?:^|[-_.]){re.escape(short)}(?:$|[-_.])", found) is not None


def is_made_of(dns_name: str, ip: str) -> bool:
    """Whether a name in the DNS is the address in other words, as providers write it: 192-0-2-7.example.org."""
    numbers = re.findall(r"\d+", dns_name)
    octets = str(ip_address(ip)).split(".")
    if len(octets) != 4:
        digits = ip_address(ip).exploded.replace(":", "")
        return digits[-16:] in re.sub(r"[^0-9a-f]", "", dns_name.casefold())
    plain = [str(int(number)) for number in numbers]
    runs = [plain[at : at + 4] for at in range(len(plain) - 3)]
    return octets in runs or octets[::-1] in runs


def same_manufacturer(one: str, other: str) -> bool:
    """Whether two names mean one maker. Names that say nothing mean any."""
    first, second = _maker(one), _maker(other)
    return not first or not second or first == second or first.startswith(second) or second.startswith(first)


def _maker(name: str) -> str:
    words = [word for word in re.findall(r"[a-z0-9]+", name.casefold()) if word not in _COMPANY]
    whole = "".join(words)
    if whole in _PLACEHOLDERS:
        return ""
    return _MAKERS.get(whole) or _MAKERS.get(words[0] if words else "") or whole


def family(platform: str) -> str:
    """The family of operating systems that a platform belongs to; empty for one that is not known."""
    word = "".join(re.findall(r"[a-z0-9]+", platform.casefold()))
    if word in _FAMILIES:
        return _FAMILIES[word]
    for vendor in _VENDORS:
        rest = word.removeprefix(vendor)
        if rest != word and rest in _FAMILIES:
            return _FAMILIES[rest]
    return ""
