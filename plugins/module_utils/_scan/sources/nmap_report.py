# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The XML of nmap (-oX), read by defusedxml: no entity is expanded, nothing outside is loaded."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from ..._outgoing.text import brief
from ..finding import Port

try:
    from defusedxml import DefusedXmlException
    from defusedxml import ElementTree as xml
except ImportError:
    xml = None

NO_LIBRARY = "the XML of nmap needs the Python library defusedxml: pip install defusedxml"

#: Ports of a host that are kept, and characters of the name of a service.
MOST_PORTS, LONGEST_SERVICE = 1000, 40
#: nmap's word for the state of a port -> ours. What is filtered is not known.
_STATES = {"open": "open", "closed": "refused"}


class ReportError(Exception):
    """A report is not the XML of nmap, or ends before its end; the message says where."""


@dataclass(frozen=True)
class NmapHost:
    """What nmap reports of an address that it scanned to the end."""

    address: str
    ports: tuple[Port, ...] = ()
    #: It gave up before all ports were tried.
    is_cut: bool = False


def is_available() -> bool:
    return xml is not None


def read_report(data: bytes) -> Iterator[NmapHost]:
    """The hosts of a report, one after the other. Raises ReportError behind the last one that could be read."""
    if not data:
        raise ReportError("nmap wrote no report")
    try:
        for _event, element in xml.iterparse(BytesIO(data), events=("end",)):
            if element.tag == "host":
                if host := _host(element):
                    yield host
                element.clear()
    except (xml.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise ReportError(f"the report of nmap is not complete: {brief(error, 100)}") from None


def _host(element: Any) -> NmapHost | None:
    addresses = [one.get("addr", "") for one in element.findall("address") if one.get("addrtype") in ("ipv4", "ipv6")]
    try:
        address = str(ipaddress.ip_address(addresses[0]))
    except (IndexError, ValueError):
        return None
    found = element.findall("ports/port")[:MOST_PORTS]
    ports = {port.number: port for port in map(_port, found) if port}
    return NmapHost(address, tuple(ports[number] for number in sorted(ports)), element.get("timedout") == "true")


def _port(element: Any) -> Port | None:
    number, state, service = element.get("portid", ""), element.find("state"), element.find("service")
    word = _STATES.get(state.get("state", "")) if state is not None else None
    if word is None or element.get("protocol") != "tcp" or not (number.isascii() and number.isdigit()):
        return None
    if not 0 < int(number[:6]) < 65536:
        return None
    name = service.get("name", "") if service is not None else ""
    return Port(number=int(number), state=word, service=brief(name, LONGEST_SERVICE))
