# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks a device: a community, or a user of SNMPv3. What people write for them is checked here, before any library
sees it.

Libraries differ in what they accept (one divides by zero on an empty passphrase) and in what they report about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .errors import OptionError
from .target import Networks
from .user_message import LONGEST_ENGINE_ID, LONGEST_USER_NAME, SHORTEST_ENGINE_ID
from .usm import KEY_OCTETS, PRIVACY_KEYS, Keys, Secret, localised

#: RFC 3414, section 11.2: a passphrase has at least 8 characters.
SHORTEST_PASSPHRASE = 8

#: What people write (upper case, without "-" and "_") -> our word.
VERSIONS = {"1": "1", "V1": "1", "2": "2c", "2C": "2c", "V2": "2c", "V2C": "2c", "3": "3", "V3": "3"}
AUTH_PROTOCOLS = {
    "MD5": "MD5",
    "SHA": "SHA",
    "SHA1": "SHA",
    "SHA224": "SHA-224",
    "SHA256": "SHA-256",
    "SHA384": "SHA-384",
    "SHA512": "SHA-512",
}
#: AES-192 and AES-256 extend a short key by Blumenthal's draft, with -C by Reeder's (Cisco and others), as 3DES does.
PRIVACY_PROTOCOLS = {
    "DES": "DES",
    "3DES": "3DES",
    "3DESEDE": "3DES",
    "AES": "AES-128",
    "AES128": "AES-128",
    "AES192": "AES-192",
    "AES256": "AES-256",
    "AES192C": "AES-192-C",
    "AES256C": "AES-256-C",
}
#: The words of RFC 3411 and those of the older tool.
SECURITY_LEVELS = {
    "NOAUTHNOPRIV": "noAuthNoPriv",
    "NOAUTHORPRIVACY": "noAuthNoPriv",
    "AUTHNOPRIV": "authNoPriv",
    "AUTHWITHOUTPRIVACY": "authNoPriv",
    "AUTHPRIV": "authPriv",
    "AUTHWITHPRIVACY": "authPriv",
}


@dataclass(frozen=True)
class Community:
    """What v1 and v2c need."""

    version: str  #: "1" or "2c"
    community: str = field(repr=False)
    name: str = ""  #: of the credential set that it is of
    networks: Networks | None = None  #: where it may be sent, besides SnmpOptions.networks

    security_level = "noAuthNoPriv"


@dataclass(frozen=True)
class User:
    """What v3 needs (RFC 3414). A passphrase or key that the level does not use is None; of each kind there is one."""

    username: str
    security_level: str  #: one of the values of SECURITY_LEVELS
    auth_protocol: str = "SHA"  #: one of the values of AUTH_PROTOCOLS
    privacy_protocol: str = "AES-128"  #: one of the values of PRIVACY_PROTOCOLS
    auth_passphrase: str | None = field(default=None, repr=False)
    privacy_passphrase: str | None = field(default=None, repr=False)
    context_name: str = ""
    auth_key: bytes | None = field(default=None, repr=False)  #: localised for the engine of the device
    privacy_key: bytes | None = field(default=None, repr=False)
    engine_id: bytes = b""  #: of the device; empty: it is asked for it
    context_engine_id: bytes = b""  #: of the context; empty: the device's own
    name: str = ""  #: of the credential set that it is of
    networks: Networks | None = None  #: where it may be used, besides SnmpOptions.networks

    version = "3"

    @property
    def authenticates(self) -> bool:
        return self.security_level != "noAuthNoPriv"

    @property
    def encrypts(self) -> bool:
        return self.security_level == "authPriv"

    def keys(self, engine_id: bytes) -> Keys:
        """What this user signs and encrypts with, for an engine."""
        auth = _secret(self.auth_protocol, self.auth_passphrase, self.auth_key)
        return localised(engine_id, auth, _secret(self.privacy_protocol, self.privacy_passphrase, self.privacy_key))


Credentials: TypeAlias = "Community | User"


def _secret(protocol: str, passphrase: str | None, key: bytes | None) -> Secret | None:
    if key:
        return Secret(protocol, key, is_localised=True)
    return Secret(protocol, passphrase.encode("utf-8", "surrogatepass")) if passphrase else None


def given(values: Mapping[str, Any], name: str, default: Any) -> Any:
    """The value of an option; an empty text counts as not given."""
    value = values.get(name)
    return default if value is None or value == "" else value


def read_user(values: Mapping[str, Any]) -> User:
    """The user that the options describe. Raises OptionError, as read_options() does."""
    username = str(values["username"])
    if len(username.encode("utf-8", "surrogatepass")) > LONGEST_USER_NAME:
        raise OptionError(f"username is longer than {LONGEST_USER_NAME} octets, which SNMPv3 does not allow.")
    auth = _passphrase(values, "auth")
    privacy = _passphrase(values, "privacy")
    has_auth, has_privacy = auth or given(values, "auth_key", None), privacy or given(values, "privacy_key", None)
    best = "authPriv" if has_privacy else "authNoPriv" if has_auth else "noAuthNoPriv"
    level = choice("security_level", given(values, "security_level", best), SECURITY_LEVELS)
    if level != "noAuthNoPriv" and not has_auth:
        raise OptionError(f"auth_passphrase is missing: the security level {level} needs it.")
    if level == "authPriv" and not has_privacy:
        raise OptionError("privacy_passphrase is missing: the security level authPriv needs it.")
    auth_protocol = choice("auth_protocol", given(values, "auth_protocol", "SHA"), AUTH_PROTOCOLS)
    privacy_protocol = choice("privacy_protocol", given(values, "privacy_protocol", "AES"), PRIVACY_PROTOCOLS)
    auth_key = _key(values, "auth_key", KEY_OCTETS[auth_protocol], auth_protocol)
    privacy_key = _key(values, "privacy_key", PRIVACY_KEYS[privacy_protocol], privacy_protocol)
    return User(
        username=username,
        security_level=level,
        auth_protocol=auth_protocol,
        privacy_protocol=privacy_protocol,
        auth_passphrase=auth if level != "noAuthNoPriv" else None,
        privacy_passphrase=privacy if level == "authPriv" else None,
        context_name=str(given(values, "context_name", "")),
        auth_key=auth_key if level != "noAuthNoPriv" else None,
        privacy_key=privacy_key if level == "authPriv" else None,
        engine_id=engine_id_of(values, "engine_id"),
        context_engine_id=engine_id_of(values, "context_engine_id"),
    )


def choice(name: str, value: Any, words: Mapping[str, str]) -> str:
    """Our word for what people write. Raises OptionError."""
    word = str(value).strip()
    key = word.upper().replace("-", "").replace("_", "")
    if key not in words:
        raise OptionError(f"{name}: '{word}' is not one of {', '.join(dict.fromkeys(words.values()))}.")
    return words[key]


def _passphrase(values: Mapping[str, Any], kind: str) -> str | None:
    name = f"{kind}_passphrase"
    passphrase = given(values, name, None)
    if passphrase is None:
        return None
    if given(values, f"{kind}_key", None) is not None:
        raise OptionError(f"{name} and {kind}_key are both set: the key is made from the passphrase, so give one.")
    if len(str(passphrase)) < SHORTEST_PASSPHRASE:
        raise OptionError(f"{name} is shorter than {SHORTEST_PASSPHRASE} characters, which SNMPv3 does not allow.")
    return str(passphrase)


def _key(values: Mapping[str, Any], name: str, octets: int, protocol: str) -> bytes | None:
    """A localised key, as many octets of it as the protocol takes."""
    text = given(values, name, None)
    if text is None:
        return None
    key = _hexadecimal(text)
    if key is None:
        raise OptionError(f"{name} is not hexadecimal.")
    if len(key) < octets:
        raise OptionError(f"{name} has {len(key)} octets, and a localised key for {protocol} has {octets}.")
    return key[:octets]


def engine_id_of(values: Mapping[str, Any], name: str) -> bytes:
    """An engine id as people write it; empty if it is not given. Raises OptionError."""
    text = given(values, name, "")
    engine = _hexadecimal(text) if text else b""
    if engine is None or (engine and not SHORTEST_ENGINE_ID <= len(engine) <= LONGEST_ENGINE_ID):
        raise OptionError(
            f"{name}: '{text}' is not {SHORTEST_ENGINE_ID} to {LONGEST_ENGINE_ID} octets in hexadecimal, "
            "such as 80001f8804726f75746572."
        )
    return engine


def _hexadecimal(text: Any) -> bytes | None:
    """Octets as people write them, 80:00:1f or 0x80001f; None for anything else."""
    digits = str(text).strip().lower().removeprefix("0x").replace(":", "").replace(" ", "")
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return None
