# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The User-based Security Model (RFC 3414, 3826, 7860): keys of a user for one engine, signing and encrypting.

The ciphers are those of `cryptography`, which ansible-core needs itself; the digests are Python's own. Two ways are in
use to make a long privacy key of a short digest, and both are drafts that expired: AES-192 and AES-256 are Blumenthal's
(draft-blumenthal-aes-usm-04), AES-192-C, AES-256-C and 3DES Reeder's (draft-reeder-snmpv3-usm-3desede-00; Cisco).
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .errors import BackendMissing

#: Authentication protocol -> hashlib's name, octets of the digest in a message (RFC 3414, 6 and 7; RFC 7860, 4).
DIGESTS = {
    "MD5": ("md5", 12),
    "SHA": ("sha1", 12),
    "SHA-224": ("sha224", 16),
    "SHA-256": ("sha256", 24),
    "SHA-384": ("sha384", 32),
    "SHA-512": ("sha512", 48),
}
#: Octets of a key, as many as the digest has.
KEY_OCTETS = {"MD5": 16, "SHA": 20, "SHA-224": 28, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64}
#: Privacy protocol -> octets of its key (RFC 3414, 8: with DES and 3DES the last 8 are the pre-IV; RFC 3826).
PRIVACY_KEYS = {
    "DES": 16,
    "3DES": 32,
    "AES-128": 16,
    "AES-192": 24,
    "AES-256": 32,
    "AES-192-C": 24,
    "AES-256-C": 32,
}
_BLUMENTHAL = frozenset({"AES-192", "AES-256"})
#: RFC 3414, A.2: a passphrase is repeated to this length.
_EXPANDED = 2**20
_SALT = 8


class DecryptionError(ValueError):
    """The octets cannot have been encrypted with this key."""


# A megabyte is hashed, some milliseconds: once per passphrase, not once per device.
@lru_cache(maxsize=256)
def passphrase_key(digest: str, passphrase: bytes) -> bytes:
    """The key Ku of a passphrase (RFC 3414, A.2). `digest` is hashlib's name."""
    repeated, rest = divmod(_EXPANDED, len(passphrase))
    return hashlib.new(digest, passphrase * repeated + passphrase[:rest], usedforsecurity=False).digest()


def localised_key(digest: str, key: bytes, engine_id: bytes) -> bytes:
    """The key Kul of a user for one engine (RFC 3414, 2.6)."""
    return hashlib.new(digest, key + engine_id + key, usedforsecurity=False).digest()


def privacy_key(protocol: str, digest: str, key: bytes, engine_id: bytes) -> bytes:
    """A localised key, made as long as the privacy protocol needs it."""
    while len(key) < PRIVACY_KEYS[protocol]:
        if protocol in _BLUMENTHAL:
            key += hashlib.new(digest, key, usedforsecurity=False).digest()
        else:
            last = key[-hashlib.new(digest, usedforsecurity=False).digest_size :]
            key += localised_key(digest, passphrase_key.__wrapped__(digest, last), engine_id)
    return key[: PRIVACY_KEYS[protocol]]


@dataclass(frozen=True)
class Secret:
    """A passphrase of a user, or a key that was localised for an engine."""

    protocol: str  #: one of DIGESTS or PRIVACY_KEYS
    word: bytes = field(repr=False)
    is_localised: bool = False  #: it is a localised key (Kul; of privacy also already as long as its protocol needs it)

    def key(self, digest: str, engine_id: bytes) -> bytes:
        """The localised key Kul. `digest` is hashlib's name of the user's digest."""
        if self.is_localised:
            return self.word
        return localised_key(digest, passphrase_key(digest, self.word), engine_id)


@dataclass(frozen=True)
class Keys:
    """What a user signs and encrypts with, for one engine. Protocols and keys are None where its level has none."""

    auth_protocol: str | None = None  #: one of DIGESTS
    auth_key: bytes | None = None
    privacy_protocol: str | None = None  #: one of PRIVACY_KEYS
    privacy_key: bytes | None = None

    def __repr__(self) -> str:
        return f"Keys({self.auth_protocol}, {self.privacy_protocol})"

    @property
    def digest_size(self) -> int:
        """Octets of msgAuthenticationParameters."""
        return DIGESTS[self.auth_protocol][1] if self.auth_protocol else 0

    def sign(self, message: bytes) -> bytes:
        """The digest of a message whose msgAuthenticationParameters are zeros."""
        if not self.auth_protocol or self.auth_key is None:
            raise ValueError("this user does not sign")
        name, size = DIGESTS[self.auth_protocol]
        return hmac.digest(self.auth_key, message, name)[:size]

    def verify(self, message: bytes, digest: bytes) -> bool:
        """Whether this user signed it. In constant time."""
        return hmac.compare_digest(self.sign(message), digest)

    def encrypt(self, data: bytes, boots: int, engine_time: int) -> tuple[bytes, bytes]:
        """Encrypted data, and msgPrivacyParameters. Raises BackendMissing where the cipher is missing."""
        # No salt twice (RFC 3414, 8.1.1.1; RFC 3826, 3.1.1.1). Random, because a counter would be the same in forks.
        in_aes = self.privacy_protocol in _AES
        salt = secrets.token_bytes(_SALT) if in_aes else boots.to_bytes(4, "big") + secrets.token_bytes(_SALT - 4)
        cipher = self._cipher(salt, boots, engine_time).encryptor()
        padded = data if in_aes else data + bytes(-len(data) % 8)
        return cipher.update(padded) + cipher.finalize(), salt

    def decrypt(self, data: bytes, boots: int, engine_time: int, salt: bytes) -> bytes:
        """Raises DecryptionError, BackendMissing."""
        if len(salt) != _SALT or (self.privacy_protocol not in _AES and len(data) % 8):
            raise DecryptionError("the encrypted part does not have the form of its protocol")
        cipher = self._cipher(salt, boots, engine_time).decryptor()
        return bytes(cipher.update(data) + cipher.finalize())

    def _cipher(self, salt: bytes, boots: int, engine_time: int) -> Any:
        if not self.privacy_protocol or self.privacy_key is None:
            raise ValueError("this user does not encrypt")
        ciphers = _ciphers()
        key = self.privacy_key
        if self.privacy_protocol in _AES:
            start = boots.to_bytes(4, "big") + engine_time.to_bytes(4, "big") + salt
            return ciphers.make(ciphers.aes(key), ciphers.cfb(start))
        secret, before = key[:-_SALT], key[-_SALT:]
        start = bytes(one ^ other for one, other in zip(before, salt, strict=True))
        return ciphers.make(ciphers.triple_des(secret * 3 if len(secret) == _SALT else secret), ciphers.cbc(start))


_AES = frozenset(PRIVACY_KEYS) - {"DES", "3DES"}


def localised(engine_id: bytes, auth: Secret | None = None, privacy: Secret | None = None) -> Keys:
    """The keys of a user for an engine."""
    if auth is None:
        return Keys()
    digest = DIGESTS[auth.protocol][0]
    auth_key = auth.key(digest, engine_id)
    if privacy is None:
        return Keys(auth.protocol, auth_key)
    key = privacy_key(privacy.protocol, digest, privacy.key(digest, engine_id), engine_id)
    return Keys(auth.protocol, auth_key, privacy.protocol, key)


def load_ciphers() -> None:
    """Import what encryption needs, if it is here, so that processes that are forked from this one need not."""
    with suppress(BackendMissing):
        _ciphers()


def check_supported(auth_protocol: str | None, privacy_protocol: str | None) -> None:
    """Raises BackendMissing where a library is missing, or the system's OpenSSL refuses an old protocol."""
    zeros = bytes(PRIVACY_KEYS.get(privacy_protocol or "", 0))
    keys = Keys(auth_protocol, zeros, privacy_protocol, zeros)
    try:
        if auth_protocol:
            keys.sign(b"")
        if privacy_protocol:
            keys.encrypt(b"", 0, 0)
    except BackendMissing:
        raise
    except Exception as error:  # of cryptography: UnsupportedAlgorithm; of hashlib: ValueError
        refused = " or ".join(filter(None, (auth_protocol, privacy_protocol)))
        raise BackendMissing(f"OpenSSL on this host does not allow {refused} ({type(error).__name__}).") from None


@dataclass(frozen=True)
class _Ciphers:
    """The parts of `cryptography` that are used."""

    aes: Callable[[bytes], Any]
    triple_des: Callable[[bytes], Any]
    cfb: Callable[[bytes], Any]
    cbc: Callable[[bytes], Any]
    make: Callable[[Any, Any], Any]


@lru_cache(maxsize=1)
def _ciphers() -> _Ciphers:
    """Raises BackendMissing."""
    new, old = "primitives.ciphers", "decrepit.ciphers"
    return _Ciphers(
        aes=_part("AES", f"{new}.algorithms"),
        triple_des=_part("TripleDES", f"{old}.algorithms", f"{new}.algorithms"),
        cfb=_part("CFB", f"{old}.modes", f"{new}.modes"),
        cbc=_part("CBC", f"{new}.modes"),
        make=_part("Cipher", new),
    )


def _part(name: str, *modules: str) -> Any:
    """A class of the library. What is old in it moves to another module from version to version."""
    for module in modules:
        with suppress(ImportError, AttributeError):
            return getattr(importlib.import_module(f"cryptography.hazmat.{module}"), name)
    raise BackendMissing(
        f"SNMPv3 with encryption needs the Python library cryptography with {name}: install it on this host."
    )
