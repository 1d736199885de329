# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backend over net-snmp, by its Python binding easysnmp (BSD). Compiled, and the fastest.

What it does about easysnmp's and net-snmp's habits is said where it does it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Sequence
from typing import Any

from .credentials import Credentials, User
from .errors import (
    BackendMissing,
    SnmpAuthError,
    SnmpError,
    SnmpPduError,
    SnmpProtocolError,
    SnmpTimeout,
    SnmpUnreachable,
)
from .target import Target
from .transport import Oid, VarBind

try:
    import easysnmp
    from easysnmp import exceptions
except ImportError:
    easysnmp = None

#: snmp_type of easysnmp -> kind. An Opaque float has the empty type and loses its value in easysnmp.
_KINDS = {
    "OCTETSTR": "octets",
    "BITSTRING": "octets",
    "NSAPADDRESS": "octets",
    "INTEGER": "int",
    "INTEGER32": "int",
    "COUNTER": "counter32",
    "GAUGE": "gauge32",
    "UINTEGER": "gauge32",
    "TICKS": "ticks",
    "COUNTER64": "counter64",
    "IPADDR": "ip",
    "OBJECTID": "oid",
    "OPAQUE": "opaque",
    "": "opaque",
    "NULL": "null",
    "NOSUCHOBJECT": "noSuchObject",
    "NOSUCHINSTANCE": "noSuchInstance",
    "ENDOFMIBVIEW": "endOfMib",
}
_NO_VALUE = frozenset({"null", "noSuchObject", "noSuchInstance", "endOfMib"})
_AUTH_PROTOCOLS = {"SHA-224": "SHA224", "SHA-256": "SHA256", "SHA-384": "SHA384", "SHA-512": "SHA512"}
#: net-snmp's own names: without C it is Blumenthal's way to extend the key, as with ours.
_PRIVACY_PROTOCOLS = {
    "AES-128": "AES",
    "AES-192": "AES192",
    "AES-256": "AES256",
    "AES-192-C": "AES192C",
    "AES-256-C": "AES256C",
}
#: net-snmp's texts for a refused v3 message (snmp_api.c), in lower case -> detail of SnmpAuthError.
_REFUSALS = {
    "unknown user name": "user",
    "unknown security name": "user",
    "authentication failure": "digest",
    "decryption error": "privacy",
    "unsupported security level": "level",
    "not in time window": "timewindow",
}
#: net-snmp's words for an error-status (snmp_errstring) where they are not those of RFC 3416.
_STATUS_WORDS = {"genError": "genErr"}
_STATUS = re.compile(
    r"\(?(tooBig|noSuchName|badValue|readOnly|genError|noAccess|resourceUnavailable|authorizationError)\b"
)


class EasySnmpTransport:
    """A conversation by easysnmp. Never use one that was made before a fork, nor v3 ones in several threads."""

    def __init__(self, target: Target, credentials: Credentials, timeout: float, retries: int) -> None:
        if easysnmp is None:
            raise BackendMissing(
                "The Python library easysnmp is not installed here: install it, or choose backend: snmp."
            )
        self.max_message = 65507
        self.requests = 0
        self.bulk = credentials.version != "1"
        _claim(target, credentials)
        # net-snmp counts repetitions of a request, retries counts the request itself too.
        arguments = {"timeout": timeout, "retries": retries - 1, **_session_arguments(credentials)}
        self._target = target
        self._session = _open(target, arguments)

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda: self._session.get([_dotted(oid) for oid in oids]))

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda: self._session.get_next([_dotted(oid) for oid in oids]))

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._ask(lambda: self._session.get_bulk([_dotted(oid) for oid in oids], non_repeaters, max_repetitions))

    def close(self) -> None:
        """The session is closed with the last reference to it."""
        self._session = None

    def _ask(self, request: Callable[[], Any]) -> list[VarBind]:
        self.requests += 1
        try:
            variables = request()
        except (exceptions.EasySNMPError, SystemError) as error:
            raise _our_error(error) from None
        # A reply with fewer variables than were asked for leaves the rest as they were: without a type.
        return [_varbind(variable) for variable in variables if variable.snmp_type is not None]


def _open(target: Target, arguments: dict[str, Any]) -> Any:
    # The library reads its configuration files, and those of ~/.snmp, at its first session, and writes its state to a
    # directory that all processes share. Neither is wanted here: it is led to a place where nothing is.
    private = {"SNMPCONFPATH": os.devnull, "SNMP_PERSISTENT_DIR": os.devnull, "MIBS": "", "MIBDIRS": os.devnull}
    before = {name: os.environ.get(name) for name in private}
    os.environ.update(private)
    try:
        return _new_session(target, arguments)
    except (exceptions.EasySNMPError, SystemError) as error:
        raise _our_error(error) from None
    except ValueError:
        raise SnmpProtocolError("net-snmp here does not know the authentication or privacy protocol") from None
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _new_session(target: Target, arguments: dict[str, Any]) -> Any:
    # use_sprint_value would replace values by printed ones; without use_numeric OIDs come as names.
    numeric = {"use_numeric": True, "use_sprint_value": False, "use_enums": False}
    if not target.ipv6:
        return easysnmp.Session(hostname=target.address, remote_port=target.port, **numeric, **arguments)
    # The constructor takes any colon for the one before a port. A plain session sends nothing by itself.
    session = easysnmp.Session(hostname="127.0.0.1", version=2, **numeric)
    session.update_session(hostname=f"udp6:[{target.address}]", remote_port=target.port, **arguments)
    return session


def _session_arguments(credentials: Credentials) -> dict[str, Any]:
    if not isinstance(credentials, User):
        return {"version": 1 if credentials.version == "1" else 2, "community": credentials.community}
    arguments: dict[str, Any] = {
        "version": 3,
        "security_username": credentials.username,
        "security_level": credentials.security_level,
        "context": credentials.context_name,
    }
    if credentials.auth_passphrase:
        arguments["auth_protocol"] = _AUTH_PROTOCOLS.get(credentials.auth_protocol, credentials.auth_protocol)
        arguments["auth_password"] = credentials.auth_passphrase
    if credentials.privacy_passphrase:
        protocol = credentials.privacy_protocol
        arguments["privacy_protocol"] = _PRIVACY_PROTOCOLS.get(protocol, protocol)
        arguments["privacy_password"] = credentials.privacy_passphrase
    return arguments


#: (address, port, user) -> fingerprint of the credentials that net-snmp has cached in this process
_claimed: dict[tuple[str, int, str], bytes] = {}
_SALT = secrets.token_bytes(16)


def _claim(target: Target, credentials: Credentials) -> None:
    """Refuse other credentials for a v3 user of a device that this process has asked before.

    net-snmp keeps the keys of each user of each engine until the process ends, and easysnmp has no way to remove them:
    a second session with a wrong passphrase would succeed, and one with the right passphrase after a wrong one fail.
    The pure-Python backend has no such memory.
    """
    if not isinstance(credentials, User):
        return
    key = (target.address, target.port, credentials.username)
    secret = [credentials.auth_protocol, credentials.auth_passphrase]
    secret += [credentials.privacy_protocol, credentials.privacy_passphrase]
    fingerprint = hashlib.sha256(_SALT + repr((credentials.security_level, secret)).encode()).digest()
    if _claimed.setdefault(key, fingerprint) != fingerprint:
        raise BackendMissing(
            f"net-snmp has other credentials of the user {credentials.username} in its memory, and keeps them until "
            "this process ends: choose backend: snmp."
        )


def _our_error(error: Exception) -> SnmpError:
    text = str(error)
    if isinstance(error, exceptions.EasySNMPTimeoutError):
        return SnmpTimeout("no answer")
    if isinstance(error, exceptions.EasySNMPNoSuchNameError):
        # v1; easysnmp does not tell which of the variables it was.
        return SnmpPduError("the agent answers noSuchName", "noSuchName")
    for words, detail in _REFUSALS.items():
        if words in text.lower():
            return SnmpAuthError(f"the agent refuses the SNMPv3 user: {words}", detail)
    status = _STATUS.match(text)
    if status:
        word = _STATUS_WORDS.get(status[1], status[1])
        return SnmpPduError(f"the agent answers {word}", word)
    if isinstance(error, exceptions.EasySNMPConnectionError) or "sendto" in text:
        return SnmpUnreachable("the address cannot be reached from here")
    return SnmpProtocolError(f"net-snmp says: {text}")


def _varbind(variable: Any) -> VarBind:
    # The last number of the OID stands apart, as oid_index; it is empty where the agent answered with a short OID.
    text = f"{variable.oid}.{variable.oid_index}" if variable.oid_index else variable.oid
    kind = _KINDS.get(variable.snmp_type, "opaque")
    # The type decides: a text can be "NOSUCHINSTANCE", too.
    value = None if kind in _NO_VALUE else _value(kind, variable.value)
    return VarBind(_oid(text), kind, value)


def _value(kind: str, text: str) -> bytes | int | Oid:
    if kind in ("octets", "opaque"):
        return text.encode("latin-1")  # one character per octet: easysnmp decodes so
    if kind == "ip":
        return ipaddress.IPv4Address(text).packed
    if kind == "oid":
        return _oid(text)
    return int(text)


def _oid(text: str) -> Oid:
    return tuple(int(number) for number in text.strip(".").split(".") if number)


def _dotted(oid: Oid) -> str:
    return "." + ".".join(str(number) for number in oid)
