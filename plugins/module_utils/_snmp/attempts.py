# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attempts to reach one device: each with its credentials, in their order, until one is answered.

What silence costs is bounded. With R retries and a time-out of T seconds, a device that is down takes

    (R + 1) x T     for all SNMPv3 users together: one that answers neither the first user nor the discovery of its
                    engine id, which needs no user, is not asked by the others (R x T for each whose engine id is given)
    (C + R - 1) x T for C communities of credential sets: each is sent once, in turn; the repetitions go out together
    R x T           for each community that is no set's

and T less where there are communities and one user: the discovery is not waited for alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from .backend_community import CommunityTransport, Question
from .credentials import SnmpOptions
from .discovery import Discovery
from .errors import COULD_NOT_BE_READ, SnmpAuthError, SnmpError, SnmpPduError, SnmpTimeout, SnmpUnreachable
from .pdu import GET
from .refusals import SILENT, advice_on, another_engine
from .target import Target
from .transport import Oid, Transport, VarBind
from .users import Credentials, User

#: What is read to see who is there (SNMPv2-MIB, RFC 3418): sysDescr, sysObjectID, sysUpTime, sysName.
FIRST_QUESTION: tuple[Oid, ...] = tuple((1, 3, 6, 1, 2, 1, 1, number, 0) for number in (1, 2, 3, 5))


class Numbered(NamedTuple):
    """An attempt before it is made."""

    number: int  #: from 1, among all that the options name
    credentials: Credentials


class Answer(NamedTuple):
    """The attempt that was answered."""

    attempt: Numbered
    backend: str
    transport: Transport
    varbinds: list[VarBind]  #: what FIRST_QUESTION brought
    requests: int  #: sent by the attempts that were not answered


class _Waiting(NamedTuple):
    """A community that was asked once."""

    attempt: Numbered
    backend: str
    transport: CommunityTransport
    question: Question


#: Opens a conversation; returns the name of its backend as well.
Connect = Callable[[Credentials], "tuple[str, Transport]"]


class Attempts:
    """The attempts on one device. They are made once, by first_answer()."""

    def __init__(self, target: Target, options: SnmpOptions, attempts: Sequence[Numbered], connect: Connect) -> None:
        self._target, self._options, self._attempts, self._connect = target, options, attempts, connect
        self._failures: dict[Numbered, SnmpError] = {}
        self._waiting: list[_Waiting] = []
        self._discovery: Discovery | None = None
        self._mute = False  #: the agent answers nothing of SNMPv3
        self._requests = 0

    def first_answer(self) -> Answer:
        """Make them. Raises BackendMissing, SnmpUnreachable, or one error with the reasons of all attempts."""
        try:
            for attempt in self._attempts:
                if answer := self._one(attempt):
                    return answer
            if answer := self._repeated():
                return answer
            raise self._all_failed()
        finally:
            for one in self._waiting:
                one.transport.close()
            if self._discovery:
                self._discovery.close()

    def _one(self, attempt: Numbered) -> Answer | None:
        credentials = attempt.credentials
        if isinstance(credentials, User) and self._mute and not credentials.engine_id:
            self._failures[attempt] = SnmpTimeout("not asked, because the agent answers nothing of SNMPv3")
            return None
        backend, transport = self._connect(credentials)
        try:
            if isinstance(transport, CommunityTransport) and credentials.name:
                return self._ask_once(attempt, backend, transport)
            return self._answer(attempt, backend, transport, _first_answer(transport, credentials))
        except SnmpError as error:
            self._failures[attempt] = error
            self._requests += transport.requests
            transport.close()
            if isinstance(error, SnmpTimeout) and isinstance(credentials, User):
                self._discover(attempt)
        return None

    def _ask_once(self, attempt: Numbered, backend: str, transport: CommunityTransport) -> Answer | None:
        question = transport.question(GET, FIRST_QUESTION)
        transport.send(question)
        try:
            varbinds = _or_nothing(partial(transport.answer, question, self._soon()))
        except SnmpTimeout as error:
            self._failures[attempt] = error
            self._waiting.append(_Waiting(attempt, backend, transport, question))
            return None
        return self._answer(attempt, backend, transport, varbinds)

    def _repeated(self) -> Answer | None:
        """Send what was not answered again, all together: the device has seen each of these communities by now."""
        for _turn in range(self._options.retries - 1 if self._waiting else 0):
            for one in self._waiting:
                one.transport.send(one.question)
            until = self._soon()
            for one in self._waiting:
                # An error that is no silence will not be another one the next time.
                with suppress(SnmpError):
                    varbinds = _or_nothing(partial(one.transport.answer, one.question, until))
                    self._waiting.remove(one)
                    return self._answer(one.attempt, one.backend, one.transport, varbinds)
        return None

    def _answer(self, attempt: Numbered, backend: str, transport: Transport, varbinds: list[VarBind]) -> Answer:
        return Answer(attempt, backend, transport, varbinds, self._requests + len(self._waiting))

    def _soon(self) -> float:
        return time.monotonic() + self._options.timeout

    def _discover(self, attempt: Numbered) -> None:
        """After silence: ask for the engine id, which needs no user. Wait for it only where other users are to come."""
        if self._discovery is None:
            with suppress(SnmpError):
                self._discovery = Discovery(self._target, self._options.any_source)
                self._discovery.send(self._options.timeout)
        others = [one for one in self._attempts if isinstance(one.credentials, User) and one > attempt]
        self._mute = bool(others and self._discovery and self._discovery.engine_id() is None)

    def _explained(self, error: SnmpError, credentials: Credentials) -> SnmpError:
        """What silence means, as far as the discovery shows it."""
        if not (isinstance(error, SnmpTimeout) and isinstance(credentials, User) and self._discovery):
            return error
        engine = self._discovery.engine_id()
        if engine is None:
            return error
        if credentials.engine_id not in (b"", engine):
            return another_engine(engine)
        doubts = ["the privacy passphrase or protocol"] if credentials.encrypts else []
        doubts += ["the context"] if credentials.context_name else []
        why = f" ({' or '.join(doubts)} is wrong, or it is overloaded)" if doubts else ""
        return SnmpAuthError(f"the agent is up, but does not answer this SNMPv3 user{why}", SILENT)

    def _all_failed(self) -> SnmpError:
        where = f"{self._target.host} (port {self._target.port})"
        failures = {one.credentials: self._explained(self._failures[one], one.credentials) for one in self._attempts}
        reasons = "; ".join(f"{_named(credentials)}: {error}" for credentials, error in failures.items())
        errors = list(failures.values())
        message = f"{where}{COULD_NOT_BE_READ}{reasons}. {advice_on(errors)}"
        # A refusal proves that the device is up, which the other attempts without an answer do not.
        refusals = [error for error in errors if isinstance(error, SnmpAuthError)]
        if refusals:
            return SnmpAuthError(message, refusals[-1].detail)
        if isinstance(errors[-1], SnmpTimeout | SnmpUnreachable):
            return type(errors[-1])(message)
        return SnmpError(message)


def _named(credentials: Credentials) -> str:
    return credentials.name or f"v{credentials.version}"


def _first_answer(transport: Transport, credentials: Credentials) -> list[VarBind]:
    """What FIRST_QUESTION brings. An error is an answer, too: v1 without sysName, or an agent that dislikes four
    variables at once."""
    try:
        return transport.get(FIRST_QUESTION)
    except SnmpPduError as error:
        if error.status == "authorizationError" and isinstance(credentials, User):
            level = credentials.security_level
            raise SnmpAuthError(f"the agent refused this user at the level {level}", "level") from None
        return []


def _or_nothing(answer: Callable[[], list[VarBind]]) -> list[VarBind]:
    """As _first_answer() takes an error."""
    try:
        return answer()
    except SnmpPduError:
        return []
