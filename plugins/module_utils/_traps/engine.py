# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Engines of SNMPv3 (RFC 3414): our own, which answers informs, and the clocks of those that send us traps."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from .._snmp.users import User
from .._snmp.usm import Keys

#: RFC 3414, 2.2.3: seconds that a message may be late.
WINDOW = 150
#: The largest value of boots and time; an engine whose boots are here must not be believed any more.
LATEST = 2**31 - 1
#: Engines whose clock is kept, and keys: each sender has one; any host can claim others.
MOST_ENGINES = 4096
#: 2020-01-01, UTC
_COUNTED_FROM = 1577836800
#: RFC 3411, SnmpEngineID: the highest bit of the enterprise's number, and 5 for octets of our own choice.
_OWN_FORMAT = b"\x80\x00\x00\x00\x05"


def own_engine_id(name: str) -> bytes:
    """An engine id that stays the same for a name (of the host and the listener); enterprise 0, which is reserved."""
    return _OWN_FORMAT + hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:12]


def _boots() -> int:
    """A count of boots that grows with each start, without a file: the seconds since 2020. It fits until 2088."""
    return max(1, min(int(time.time()) - _COUNTED_FROM, LATEST - 1))


@dataclass(frozen=True)
class OwnEngine:
    """Our engine: the authoritative one of the traps that we send, and of the informs that are sent to us.

    Its boots grow with each start, so that nothing that was sent before one can be sent again after it (RFC 3414,
    2.2.2).
    """

    engine_id: bytes
    boots: int = field(default_factory=_boots)
    started: float = field(default_factory=time.monotonic)

    @property
    def time(self) -> int:
        return min(int(time.monotonic() - self.started), LATEST)

    @classmethod
    def by_clock(cls, engine_id: bytes) -> OwnEngine:
        """For what sends and does not listen: its time is the system's clock, and it boots never.

        So the processes of one host (Ansible's forks) are one engine, and none makes the traps of another look old.
        """
        return cls(engine_id, boots=1, started=time.monotonic() - (time.time() - _COUNTED_FROM))

    def in_time(self, boots: int, engine_time: int) -> bool:
        """RFC 3414, 3.2, 7a."""
        return boots == self.boots != LATEST and abs(engine_time - self.time) <= WINDOW


class Clocks:
    """What is known of the time of the engines that send traps: each is the authoritative one of its messages.

    The first message of an engine that is signed by a user of ours sets its clock (RFC 3414, 2.3). So the last messages
    before our start can be sent again once; after that nothing that is older than the window counts.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[int, int, float]] = OrderedDict()

    def in_time(self, engine_id: bytes, boots: int, engine_time: int) -> bool:
        """Whether a signed message is not an old one (RFC 3414, 3.2, 7b). Notes its time."""
        now = time.monotonic()
        known = self._known.get(engine_id)
        if boots == LATEST:
            return False
        if known:
            its_boots, its_time, at = known
            if boots < its_boots or (boots == its_boots and engine_time < its_time + int(now - at) - WINDOW):
                return False
            if boots == its_boots and engine_time <= its_time:
                return True
        self._known[engine_id] = (boots, engine_time, now)
        self._known.move_to_end(engine_id)
        if len(self._known) > MOST_ENGINES:
            self._known.popitem(last=False)
        return True


class KeyRing:
    """The keys of users for engines; each is made once, as long as it is used."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[User, bytes], Keys] = OrderedDict()
        self._signing: dict[User, User] = {}

    def keys(self, user: User, engine_id: bytes) -> Keys:
        """All keys. Some take milliseconds to make, so ask for those of a sender that has proved to be the user."""
        at = (user, engine_id)
        keys = self._made.get(at)
        if keys is None:
            keys = self._made[at] = user.keys(engine_id)
            if len(self._made) > MOST_ENGINES:
                self._made.popitem(last=False)
        return keys

    def signing(self, user: User, engine_id: bytes) -> Keys:
        """The key for authentication, which is made quickly for any engine id that a stranger invents."""
        if user not in self._signing:
            self._signing[user] = replace(user, privacy_passphrase=None, privacy_key=None)
        return self.keys(self._signing[user], engine_id)
