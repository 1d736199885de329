# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fuzzing of what a scan reads from strangers: banners, certificates, replies, tables, reports of nmap.

Whatever comes in, the readers end, raise nothing but their own error, and return short text without controls.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache

from ansible_collections.invmon.network.plugins.module_utils._scan.finding import Port
from ansible_collections.invmon.network.plugins.module_utils._scan.programs import ProgramError
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.banner import (
    MOST_OCTETS,
    banner_text,
    is_complete,
)
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.neighbours import parse_table
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.nmap_report import ReportError, read_report
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.tls import MOST_NAMES, read_certificate
from ansible_collections.invmon.network.plugins.module_utils._scan.sources.vendors import vendor_of
from ansible_collections.invmon.network.tests.lab.services import CONTROL, SSH_VERSION, TELNET, certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3)
)


def is_clean(text: str, length: int) -> bool:
    return text.isprintable() and len(text) <= length


@given(st.binary(max_size=2000))
@example(SSH_VERSION)
@example(CONTROL)
@example(TELNET)
@example(b"\xff\xfa" + b"\x18" * 600)
def test_banners(data: bytes) -> None:
    assert is_clean(banner_text(data), 200)
    if is_complete(data) and len(data) < MOST_OCTETS:
        assert banner_text(data + b"\nmore") == banner_text(data), "it was not worth waiting for more"


@cache
def _der() -> bytes:
    pem = certificate("sw.lab.example", ["sw.lab.example", "10.80.0.20", "{{7*7}}"])
    return x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERT") :]).public_bytes(Encoding.DER)


@given(st.lists(st.tuples(st.integers(min_value=0), st.integers(0, 255)), max_size=4), st.integers(0, 400))
def test_certificates_with_some_octets_changed(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(_der())
    for place, value in changes:
        data[place % len(data)] = value
    shown = read_certificate(bytes(data[: len(data) - (cut if cut > 380 else 0)]))
    assert len(shown.names) <= MOST_NAMES
    assert all(is_clean(name, 253) for name in shown.names)
    assert is_clean(shown.issuer, 200)
    assert shown.expires == "" or len(shown.expires) == 10
    assert is_clean(shown.problem, 120)


@given(st.binary(max_size=200))
def test_what_is_no_certificate(data: bytes) -> None:
    assert read_certificate(data).names == ()


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "dst": st.sampled_from(["192.0.2.1", "2001:db8::1", "fe80::1%x"]) | JSON,
                "lladdr": st.sampled_from(["00:1b:54:00:00:01", "00:1b:54"]) | JSON,
                "dev": JSON,
                "state": st.lists(st.sampled_from(["REACHABLE", "FAILED", "NOARP"]) | JSON, max_size=2) | JSON,
                "confirmed": JSON,
            },
        )
        | JSON,
        max_size=3,
    )
    | JSON
)
def test_neighbour_tables(rows: object) -> None:
    for entry in parse_table(json.dumps(rows).encode()):
        assert entry.mac == "" or len(entry.mac) == 17
        assert is_clean(vendor_of(entry.mac), 80)


@given(st.binary(max_size=200))
def test_what_is_no_table(data: bytes) -> None:
    with contextlib.suppress(ProgramError):
        list(parse_table(data))


REPORT = b"""<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun><host><address addr="192.0.2.1" addrtype="ipv4"/><ports>
<port protocol="tcp" portid="22"><state state="open"/><service name="ssh"/></port></ports></host></nmaprun>"""


@given(st.lists(st.tuples(st.integers(0, len(REPORT) - 1), st.binary(max_size=4)), max_size=4))
@example([(len(REPORT) - 10, b"")])
def test_reports_of_nmap(changes: list[tuple[int, bytes]]) -> None:
    data = REPORT
    for place, octets in changes:
        data = data[:place] + octets + data[place + len(octets) :]
    with contextlib.suppress(ReportError):
        for host in read_report(data):
            assert all(isinstance(port, Port) and 0 < port.number < 65536 for port in host.ports)
            assert all(is_clean(port.service, 40) for port in host.ports)
