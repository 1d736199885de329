# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv3 by the pure-Python library snmp (MIT): with ciphers of its own, and more CPU.

The peculiarities of the library are described where they are dealt with.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from .errors import (
    BackendMissing,
    SnmpAuthError,
    SnmpError,
    SnmpPduError,
    SnmpProtocolError,
    SnmpTimeout,
    SnmpUnreachable,
)
from .refusals import another_engine
from .target import Target, socket_address
from .transport import EXCEPTIONS, Oid, VarBind
from .users import User

try:
    from snmp.engine import Engine
    from snmp.exception import SNMPException
    from snmp.pdu import ErrorResponse, ImproperResponse
    from snmp.requests import Timeout
    from snmp.security.levels import SecurityLevel
    from snmp.security.usm import auth as usm_auth
    from snmp.security.usm.cisco import priv as cisco
    from snmp.security.usm.eso import priv as eso
    from snmp.security.usm.priv import AesCfb128, DesCbc
    from snmp.smi import OID
    from snmp.transport import TransportDomain
    from snmp.transport.udp import UdpIPv4Socket, UdpIPv6Socket
    from snmp.v3.manager import (
        AuthenticationFailure,
        PrivacyFailure,
        TimeWindowFailure,
        UnknownUserName,
        UnsupportedSecurityLevel,
    )

    AVAILABLE = True
except ImportError:
    AVAILABLE = False

_NO_LOG = logging.NullHandler()
#: With the library's 1,500 a larger reply is cut and lost, and in v3 agents keep their replies small (msgMaxSize).
MTU = 65535

#: class of the library's value -> kind
_KINDS = {
    "Integer32": "int",
    "OctetString": "octets",
    "NULL": "null",
    "OID": "oid",
    "IpAddress": "ip",
    "Counter32": "counter32",
    "Unsigned32": "gauge32",
    "Gauge32": "gauge32",
    "TimeTicks": "ticks",
    "Opaque": "opaque",
    "Counter64": "counter64",
    "NoSuchObject": "noSuchObject",
    "NoSuchInstance": "noSuchInstance",
    "EndOfMibView": "endOfMib",
}


class SnmpTransport:
    """A conversation by the library snmp."""

    threads = True  # each has an engine of its own

    def __init__(
        self, target: Target, credentials: User, timeout: float, retries: int, any_source: bool = False
    ) -> None:
        if not AVAILABLE:
            raise BackendMissing(
                "The Python library snmp is not installed on this host: install it, or set backend: auto."
            )
        if credentials.encrypts and credentials.privacy_protocol == "3DES":
            raise BackendMissing("The library snmp does not know 3DES: set backend: auto.")
        if credentials.auth_key or credentials.privacy_key or credentials.context_engine_id:
            raise BackendMissing(
                "The library snmp knows neither localised keys nor a context_engine_id: set backend: auto."
            )
        # It logs each reply that it cannot read with a traceback, and without a handler that lands on the terminal.
        logging.getLogger("snmp").propagate = False
        logging.getLogger("snmp").addHandler(_NO_LOG)
        self.requests = 0
        self.bulk = True
        #: asked for again every `timeout` seconds, given up after all of them
        self._patience: dict[str, Any] = {
            "timeout": timeout * retries,
            "refreshPeriod": timeout,
            "context": credentials.context_name.encode(),
        }
        # The manager does not keep the engine alive, and the engine closes the socket when it goes.
        self._engine = Engine()
        self._engine_id = credentials.engine_id
        try:
            if not any_source:
                self._engine.TRANSPORTS = _connected_to(target)
            self._manager = _manager(self._engine, target, credentials)
        except ValueError as error:
            raise SnmpUnreachable(f"the address cannot be used: {error}") from None
        except OSError as error:
            raise SnmpUnreachable(f"the address cannot be reached from this host: {error.strerror}") from None
        self.max_message = MTU - (48 if target.ipv6 else 28)

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(self._manager.get, oids)

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(self._manager.getNext, oids)

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._ask(self._manager.getBulk, oids, maxRepetitions=max_repetitions, nonRepeaters=non_repeaters)

    def close(self) -> None:
        if hasattr(self._engine, "multiplexor"):
            self._engine.multiplexor.close()
            # The engine's __del__ would close the same file numbers again, which may be someone else's by then.
            del self._engine.multiplexor

    def _ask(self, request: Any, oids: Sequence[Oid], **arguments: int) -> list[VarBind]:
        self.requests += 1
        try:
            variables = request(*(OID(*oid) for oid in oids), **arguments, **self._patience)
        except ImproperResponse as error:
            # A reply that is cut in mid-row is right (RFC 3416, 4.2.3), and the walk judges the order itself.
            variables = error.variableBindings
        except SNMPException as error:
            raise _our_error(error) from None
        except OSError as error:
            raise SnmpUnreachable(f"the address cannot be reached from this host: {error.strerror}") from None
        if self._engine_id not in (b"", self._manager.engineID):
            # The library takes over the engine id with which the device answers.
            raise another_engine(bytes(self._manager.engineID or b""))
        return [_varbind(variable) for variable in variables]


class _Connected:
    """What makes a socket of the library one that hears the device alone: the library itself does not look."""

    peer: tuple[Any, ...]
    socket: Any
    recvSize: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.socket.connect(self.peer)

    def receive(self) -> tuple[Any, bytes]:
        try:
            return self.peer, self.socket.recv(self.recvSize)
        except OSError:
            # An ICMP error about an earlier datagram: any host can send one.
            return self.peer, b""

    def send(self, data: bytes, _address: Any) -> None:
        with suppress(ConnectionRefusedError):
            self.socket.send(data)


def _connected_to(target: Target) -> dict[Any, Any]:
    """The library's kinds of sockets, connected to the device.

    Messages are authenticated, but for those of a user without a passphrase, and the reports by which an agent refuses
    a user, and those lead to the next version.
    """
    _family, peer = socket_address(target)
    return {
        kind.DOMAIN: type(kind.__name__, (_Connected, kind), {"peer": peer}) for kind in (UdpIPv4Socket, UdpIPv6Socket)
    }


def _manager(engine: Any, target: Target, user: User) -> Any:
    keys: dict[str, Any] = {}
    if user.auth_passphrase:
        keys["authProtocol"] = _auth_protocols()[user.auth_protocol]
        keys["authSecret"] = user.auth_passphrase.encode()
        if user.privacy_passphrase:
            keys["privProtocol"] = _privacy_protocols()[user.privacy_protocol]
            keys["privSecret"] = user.privacy_passphrase.encode()
        engine.addUser(user.username, **keys)
    return engine.Manager(
        (target.address, target.port),
        version=3,
        domain=TransportDomain.UDP_IPv6 if target.ipv6 else TransportDomain.UDP_IPv4,
        mtu=MTU,
        autowait=True,
        engineID=user.engine_id or None,
        defaultUser=user.username,
        defaultSecurityLevel=SecurityLevel(auth=bool(user.auth_passphrase), priv=bool(user.privacy_passphrase)),
    )


def _auth_protocols() -> dict[str, Any]:
    return {
        "MD5": usm_auth.HmacMd5,
        "SHA": usm_auth.HmacSha,
        "SHA-224": usm_auth.HmacSha224,
        "SHA-256": usm_auth.HmacSha256,
        "SHA-384": usm_auth.HmacSha384,
        "SHA-512": usm_auth.HmacSha512,
    }


def _privacy_protocols() -> dict[str, Any]:
    return {
        "DES": DesCbc,
        "AES-128": AesCfb128,
        "AES-192": eso.EsoAesCfb192,
        "AES-256": eso.EsoAesCfb256,
        "AES-192-C": cisco.CiscoAesCfb192,
        "AES-256-C": cisco.CiscoAesCfb256,
    }


def _our_error(error: Any) -> SnmpError:
    if isinstance(error, Timeout):
        return SnmpTimeout("no answer")
    if isinstance(error, ErrorResponse):
        word = error.status.name
        return SnmpPduError(f"the agent returned {word}", word, error.index)
    refusals = {
        UnknownUserName: ("unknown user name", "user"),
        AuthenticationFailure: ("authentication failure", "digest"),
        PrivacyFailure: ("decryption error", "privacy"),
        UnsupportedSecurityLevel: ("unsupported security level", "level"),
        TimeWindowFailure: ("not in time window", "timewindow"),
    }
    for kind, (words, detail) in refusals.items():
        if isinstance(error, kind):
            return SnmpAuthError(f"the agent refused the SNMPv3 user: {words}", detail)
    return SnmpProtocolError(f"the library snmp raised {type(error).__name__}")


def _varbind(variable: Any) -> VarBind:
    value = variable.value
    kind = _KINDS[type(value).__name__]
    oid = tuple(variable.name)
    if kind in EXCEPTIONS or kind == "null":
        return VarBind(oid, kind, None)
    if kind == "oid":
        return VarBind(oid, kind, tuple(value))
    if kind in ("octets", "ip", "opaque"):
        return VarBind(oid, kind, bytes(value.data))
    return VarBind(oid, kind, value.value)
