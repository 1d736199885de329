# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A user of SNMPv3 for the library snmp: its protocols, 3DES, and keys that are localised already.

The library has neither of the last two. Both fit into its interfaces (PrivProtocol and Credentials of
snmp.security.usm), which it does not check by class.
"""

from __future__ import annotations

import secrets
from typing import Any

from .users import User

try:
    from Crypto.Cipher import DES3
    from snmp.security.levels import SecurityLevel
    from snmp.security.usm import auth as usm_auth
    from snmp.security.usm.cisco import priv as cisco
    from snmp.security.usm.credentials import LocalizedAuthCredentials, LocalizedAuthPrivCredentials
    from snmp.security.usm.eso import priv as eso
    from snmp.security.usm.priv import AesCfb128, DesCbc
except ImportError:
    pass  # backend_snmp.py says so


class TripleDes:
    """3DES-EDE in CBC mode (draft-reeder-snmpv3-usm-3desede-00)."""

    _BLOCK, _COUNTER = 8, 4
    _OCTETS = 32  #: of the key: 24 for the cipher, 8 for the initial vector

    def __init__(self, key: bytes) -> None:
        self._key, self._pre_iv = key[:24], key[24 : self._OCTETS]
        self._counter = secrets.randbits(8 * self._COUNTER)

    @classmethod
    def localizeKey(cls, auth: Any, key: bytes, engine: bytes) -> bytes:
        """The key for an engine; one that is too short is continued by Reeder's way, as with AES-192-C."""
        localised = auth.localizeKey(key, engine)
        return bytes(localised if len(localised) >= cls._OCTETS else localised + auth.localize(localised, engine))

    def encrypt(self, data: bytes, boots: int, _time: int) -> tuple[bytes, bytes]:
        self._counter = (self._counter + 1) % (1 << 8 * self._COUNTER)
        salt = boots.to_bytes(4, "big") + self._counter.to_bytes(self._COUNTER, "big")
        return self._cipher(salt).encrypt(data + bytes(-len(data) % self._BLOCK)), salt

    def decrypt(self, data: bytes, _boots: int, _time: int, salt: bytes) -> bytes:
        # A ValueError is what the library's own ciphers raise.
        if len(data) % self._BLOCK or len(salt) != self._BLOCK:
            raise ValueError("it is not a whole number of blocks")
        return bytes(self._cipher(salt).decrypt(data))

    def _cipher(self, salt: bytes) -> Any:
        vector = bytes(a ^ b for a, b in zip(self._pre_iv, salt, strict=True))
        return DES3.new(self._key, DES3.MODE_CBC, iv=vector)


def auth_protocols() -> dict[str, Any]:
    return {
        "MD5": usm_auth.HmacMd5,
        "SHA": usm_auth.HmacSha,
        "SHA-224": usm_auth.HmacSha224,
        "SHA-256": usm_auth.HmacSha256,
        "SHA-384": usm_auth.HmacSha384,
        "SHA-512": usm_auth.HmacSha512,
    }


def privacy_protocols() -> dict[str, Any]:
    return {
        "DES": DesCbc,
        "3DES": TripleDes,
        "AES-128": AesCfb128,
        "AES-192": eso.EsoAesCfb192,
        "AES-256": eso.EsoAesCfb256,
        "AES-192-C": cisco.CiscoAesCfb192,
        "AES-256-C": cisco.CiscoAesCfb256,
    }


class UserKeys:
    """The keys of a user as the library asks for them (its class Credentials): of each kind given, or made here."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._auth = auth_protocols()[user.auth_protocol]
        self._privacy = privacy_protocols()[user.privacy_protocol]
        self.maxSecurityLevel = SecurityLevel(auth=user.authenticates, priv=user.encrypts)
        # Once: a passphrase is made a key by hashing a megabyte, and any host can claim another engine id.
        self._auth_master = self._master(user.auth_passphrase)
        self._privacy_master = self._master(user.privacy_passphrase)

    def localize(self, engine: bytes) -> Any:
        """The keys for an engine."""
        auth = self._auth(self._user.auth_key or self._auth.localizeKey(self._auth_master, engine))
        if not self._user.encrypts:
            return LocalizedAuthCredentials(auth)
        key = self._user.privacy_key or self._localised(engine)
        return LocalizedAuthPrivCredentials(auth, self._privacy(key))

    def _master(self, passphrase: str | None) -> bytes:
        return bytes(self._auth.computeKey(passphrase.encode())) if passphrase else b""

    def _localised(self, engine: bytes) -> bytes:
        # Each protocol has its own way to make a key longer; by default it takes it as it is.
        return bytes(self._privacy.localizeKey(self._auth, self._privacy_master, engine))


def add_user(engine: Any, user: User) -> None:
    """Make the user known to an engine of the library. Without authentication it need not be."""
    if user.authenticates:
        # addUser() takes passphrases only, and hands them to this.
        engine.usm.users.makeCredentials = lambda *_arguments: UserKeys(user)
        engine.addUser(user.username)
