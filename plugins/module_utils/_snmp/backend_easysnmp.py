# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv3 by net-snmp and its Python binding easysnmp (BSD), compiled.

The peculiarities of easysnmp and net-snmp are described where they are dealt with. The library is imported by
library(), with the first session or before Ansible forks, and not with this module.
"""

from __future__ import annotations

import ctypes
import ipaddress
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from .._common.interrupts import without_interruption
from .errors import (
    BackendMissing,
    SnmpAuthError,
    SnmpError,
    SnmpPduError,
    SnmpProtocolError,
    SnmpTimeout,
    SnmpUnreachable,
)
from .target import Target, socket_address
from .transport import Oid, VarBind, dotted
from .users import User

#: net-snmp reads its configuration (/etc/snmp, ~/.snmp, MIB files) when easysnmp is imported, and writes its state to a
#: directory that all processes share. These paths, where nothing is, prevent both.
_NO_CONFIGURATION = {
    "SNMPCONFPATH": os.devnull,
    "SNMP_PERSISTENT_DIR": os.devnull,
    "MIBS": "",
    "MIBDIRS": os.devnull,
}


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@cache
def library() -> Any:
    """The module easysnmp, imported with the first call in a process; None where it is not installed."""
    try:
        with _environment(_NO_CONFIGURATION):
            import easysnmp
    except ImportError:
        return None
    return easysnmp


def _failures() -> tuple[type[Exception], ...]:
    """What easysnmp raises when a request fails."""
    return (library().exceptions.EasySNMPError, SystemError)


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
#: Octets of a fd_set and of a timeval, or more.
_FD_SET, _TIMEVAL = 1024, 64
#: net-snmp's words for an error-status (snmp_errstring) where they are not those of RFC 3416.
_STATUS_WORDS = {"genError": "genErr"}
_STATUS = re.compile(
    r"\(?(tooBig|noSuchName|badValue|readOnly|genError|noAccess|resourceUnavailable|authorizationError)\b"
)


class EasySnmpTransport:
    """A conversation by easysnmp. Never use one that was made before a fork, nor several in several threads."""

    threads = False

    def __init__(
        self, target: Target, credentials: User, timeout: float, retries: int, any_source: bool = False
    ) -> None:
        """Open a session; nothing is sent.

        Raises BackendMissing where easysnmp is not installed or cannot serve this user, SnmpUnreachable.
        """
        if library() is None:
            raise BackendMissing(
                "The Python library easysnmp is not installed on this host: install it, or set backend: auto."
            )
        if credentials.security_level == "noAuthNoPriv":
            # It counts its message and request ids up, from the same number in each fork.
            raise BackendMissing(
                "Without authentication only the ids of a request prove that a reply is genuine, and those of net-snmp "
                "can be guessed: set backend: auto for the security level noAuthNoPriv."
            )
        if (
            credentials.auth_key
            or credentials.privacy_key
            or (credentials.encrypts and credentials.privacy_protocol == "3DES")
        ):
            what = "3DES" if credentials.privacy_protocol == "3DES" else "keys that are localised already"
            raise BackendMissing(f"The library easysnmp cannot use {what}: set backend: auto.")
        self.max_message = 65507
        self.requests = 0
        self.bulk = True
        # net-snmp counts repetitions of a request, retries counts the request itself too.
        arguments = {"timeout": timeout, "retries": retries - 1, **_session_arguments(credentials)}
        self._target = target
        self._credentials = credentials
        _user_list.claim(target, credentials)
        self._session: Any = None
        try:
            self._session = _open(target, arguments)
            if not any_source:
                _connect(self._session, target)
        except SnmpError:
            _user_list.release(target, credentials, self._session)
            self._session = None
            raise

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda: self._session.get([_dotted(oid) for oid in oids]))

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda: self._session.get_next([_dotted(oid) for oid in oids]))

    # easysnmp cuts values at 4,096 octets in replies to GETNEXT and GETBULK; less than that is kept anyway (budget.py).
    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._ask(lambda: self._session.get_bulk([_dotted(oid) for oid in oids], non_repeaters, max_repetitions))

    def close(self) -> None:
        if self._session is not None:
            _user_list.release(self._target, self._credentials, self._session)
        self._session = None

    def __del__(self) -> None:
        if getattr(self, "_session", None) is not None:
            self.close()

    def _ask(self, request: Callable[[], Any]) -> list[VarBind]:
        self.requests += 1
        try:
            with without_interruption():
                variables = request()
        except _failures() as error:
            failure = _our_error(error)
        else:
            # A reply with fewer variables than were asked for leaves the rest as they were: without a type.
            return [_varbind(variable) for variable in variables if variable.snmp_type is not None]
        # Raised out here, so that no frame of the library, with the passphrases in it, hangs on to the error.
        raise failure


def _open(target: Target, arguments: dict[str, Any]) -> Any:
    failure: SnmpError
    try:
        # A v3 session asks the device who it is.
        with _environment(_NO_CONFIGURATION), without_interruption():
            session = _new_session(target, arguments)
    except _failures() as error:
        failure = _our_error(error)
    except ValueError:
        failure = SnmpProtocolError("net-snmp on this host does not support the authentication or privacy protocol")
    else:
        return session
    raise failure


def _new_session(target: Target, arguments: dict[str, Any]) -> Any:
    hostname = _WithoutPort(f"udp6:[{target.address}]" if target.ipv6 else target.address)
    # use_sprint_value would replace values by printed ones; without use_numeric OIDs come as names.
    numeric = {"use_numeric": True, "use_sprint_value": False, "use_enums": False}
    return library().Session(hostname=hostname, remote_port=target.port, **numeric, **arguments)


class _WithoutPort(str):
    """A host name for easysnmp, which takes any colon in it for the one before a port."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part != ":" and super().__contains__(part)  # type: ignore[operator]


def _session_arguments(user: User) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "version": 3,
        "security_username": user.username,
        "security_level": user.security_level,
        "context": user.context_name,
        "security_engine_id": user.engine_id.hex(),
        "context_engine_id": user.context_engine_id.hex(),
    }
    if user.auth_passphrase:
        arguments["auth_protocol"] = _AUTH_PROTOCOLS.get(user.auth_protocol, user.auth_protocol)
        arguments["auth_password"] = user.auth_passphrase
    if user.privacy_passphrase:
        protocol = user.privacy_protocol
        arguments["privacy_protocol"] = _PRIVACY_PROTOCOLS.get(protocol, protocol)
        arguments["privacy_password"] = user.privacy_passphrase
    return arguments


def _connect(session: Any, target: Target) -> None:
    """Let the system drop what comes from another address or port than the device's: net-snmp does not look.

    Messages are authenticated, but for the reports by which an agent refuses a user, and those lead to the next
    version. Nothing was sent so far. Only on Linux: elsewhere a connected socket refuses to be used as net-snmp does.
    """
    if sys.platform != "linux":
        return
    # The first field of easysnmp's struct session_capsule_ctx, which is what the capsule points to.
    address = _functions()["PyCapsule_GetPointer"](session.sess_ptr, None)
    handle = ctypes.cast(address, ctypes.POINTER(ctypes.c_void_p))[0]
    numbers, wait_for_ever = ctypes.c_int(0), ctypes.c_int(1)
    select_info = _functions()["snmp_sess_select_info"]
    # It returns the file numbers to wait for, and the highest one: the session has only one.
    fd_set, timeval = ctypes.create_string_buffer(_FD_SET), ctypes.create_string_buffer(_TIMEVAL)
    select_info(handle, ctypes.byref(numbers), fd_set, timeval, ctypes.byref(wait_for_ever))
    try:
        with socket.socket(fileno=os.dup(numbers.value - 1)) as end:
            end.connect(socket_address(target)[1])
    except OSError as error:
        raise SnmpUnreachable(f"the address cannot be reached from this host: {error.strerror}") from None


class _UserList:
    """net-snmp's list of v3 users, which belongs to the process and not to a session.

    Two things go wrong with it. A user's keys stay in it when a session is closed, so that a later session with a
    wrong passphrase succeeds. And easysnmp, when a session is closed, compares each user of the list with that of the
    session, also where the session has none because it was never used: that crashes Python.
    So the list is emptied with the last session, and whatever is closed before that waits for it.
    """

    def __init__(self) -> None:
        self._users: dict[tuple[str, int, str], User] = {}  #: of the open sessions
        self._waiting: list[Any] = []  #: sessions that we closed and net-snmp has not

    def claim(self, target: Target, user: User) -> None:
        """Enter the user of a session that is about to be opened."""
        if not _functions():
            raise BackendMissing("easysnmp on this host cannot clear its cache of SNMPv3 users: set backend: auto.")
        key = (target.address, target.port, user.username)
        if key in self._users:
            raise BackendMissing(
                f"net-snmp has one entry for the user {user.username} of a device, and a session with it is open: "
                "close that session, or set backend: auto."
            )
        self._users[key] = user

    def release(self, target: Target, user: User, session: Any) -> None:
        """Close a session: at once if that is safe, else as soon as it is."""
        self._users.pop((target.address, target.port, user.username), None)
        if session:
            self._waiting.append(session)
        if self._users:
            return
        self._empty()
        while self._waiting:
            # net-snmp closes it with the last reference to this (a traceback may hold the session itself).
            self._waiting.pop().sess_ptr = None

    def _empty(self) -> None:
        functions = _functions()
        while functions:
            first = functions["usm_get_userList"]()
            if not first:
                return
            functions["usm_remove_user"](first)
            functions["usm_free_user"](first)


@cache
def _functions() -> dict[str, Any]:
    """The functions of net-snmp (snmpusm.h, session_api.h) and Python that easysnmp does not offer; none where the
    library hides one of them.
    """
    pointer, anything = ctypes.c_void_p, ctypes.py_object
    kinds: dict[str, tuple[Any, list[Any]]] = {
        "usm_get_userList": (pointer, []),
        "usm_remove_user": (pointer, [pointer]),
        "usm_free_user": (pointer, [pointer]),
        "snmp_sess_select_info": (ctypes.c_int, [pointer, pointer, pointer, pointer, pointer]),
    }
    try:
        compiled = ctypes.CDLL(library().interface.__file__)
        functions = {name: getattr(compiled, name) for name in kinds}
    except (AttributeError, OSError):
        return {}
    for name, (returned, arguments) in kinds.items():
        functions[name].restype, functions[name].argtypes = returned, arguments
    get_pointer = ctypes.PYFUNCTYPE(pointer, anything, ctypes.c_char_p)
    return {**functions, "PyCapsule_GetPointer": get_pointer(("PyCapsule_GetPointer", ctypes.pythonapi))}


_user_list = _UserList()


def _our_error(error: Exception) -> SnmpError:
    text = str(error)
    exceptions = library().exceptions
    if isinstance(error, exceptions.EasySNMPTimeoutError):
        return SnmpTimeout("no answer")
    if isinstance(error, exceptions.EasySNMPNoSuchNameError):
        return SnmpPduError("the agent returned noSuchName", "noSuchName")
    for words, detail in _REFUSALS.items():
        if words in text.lower():
            return SnmpAuthError(f"the agent refused the SNMPv3 user: {words}", detail)
    status = _STATUS.match(text)
    if status:
        word = _STATUS_WORDS.get(status[1], status[1])
        return SnmpPduError(f"the agent returned {word}", word)
    if isinstance(error, exceptions.EasySNMPConnectionError) or "sendto" in text:
        return SnmpUnreachable("the address cannot be reached from this host")
    return SnmpProtocolError(f"net-snmp: {text}")


def _varbind(variable: Any) -> VarBind:
    kind = _KINDS.get(variable.snmp_type, "opaque")
    # The type decides: a text can be "NOSUCHINSTANCE", too.
    value = None if kind in _NO_VALUE else _value(kind, variable.value)
    # The last number of the OID is separate, as oid_index; it is empty where the agent returned a short OID.
    return VarBind(_oid(variable.oid) + _oid(variable.oid_index or ""), kind, value)


def _value(kind: str, text: str) -> bytes | int | Oid:
    if kind in ("octets", "opaque"):
        return text.encode("latin-1")  # one character per octet: easysnmp decodes so
    if kind == "ip":
        return ipaddress.IPv4Address(text).packed
    if kind == "oid":
        return _oid(text)
    return int(text)


# Of each reply's OIDs all but the last number are the same few columns.
@lru_cache(maxsize=4096)
def _oid(text: str) -> Oid:
    # A short OID may come with empty numbers.
    return tuple(map(int, filter(None, text.split("."))))


def _dotted(oid: Oid) -> str:
    return f".{dotted(oid)}"
