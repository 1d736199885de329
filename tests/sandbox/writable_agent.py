# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A FaultAgent whose variables can be set; it refuses, changes or does not answer as a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.invmon.network.tests.sandbox.fault_agent import (
    FaultAgent,
    Oid,
    Request,
    decode,
    decode_oid,
    encode,
    encode_oid,
)

SET = 0xA3
CREATE_AND_GO, CREATE_AND_WAIT, DESTROY = b"\x04", b"\x05", b"\x06"

#: A variable of a SET: its OID, the tag and the content of its value.
Setting = tuple[Oid, int, bytes]


@dataclass
class Manners:
    """How it behaves."""

    #: the error-status and the error-index for a SET; None: it is carried out
    refuses: Callable[[list[Setting]], tuple[str, int] | None] = lambda _settings: None
    #: what it stores instead of a value
    stores: Callable[[Setting], bytes] = lambda setting: setting[2]
    lost: int = 0  #: how many answers to a SET are lost on the way
    forgets: bool = False  #: it answers, and keeps what it had
    deaf: bool = False  #: it does not receive a SET
    row_status: Oid = ()  #: a column that is a RowStatus


class WritableAgent(FaultAgent):
    """`sets` has what was sent to it, SET by SET."""

    def __init__(self, varbinds: Iterable[tuple[Oid, str, Any]], manners: Manners | None = None, **more: Any) -> None:
        super().__init__(varbinds, **more)
        self.manners = manners or Manners()
        self.sets: list[list[Setting]] = []

    def _handle(self, data: bytes) -> list[bytes]:
        request = Request.parse(data, len(self.requests) + 1)
        if request.pdu != SET:
            return super()._handle(data)
        self.requests.append(request)
        if request.community != self._community or self.manners.deaf:
            return []
        settings = _settings(data)
        self.sets.append(settings)
        refusal = self.manners.refuses(settings)
        if refusal:
            return [request.error(*refusal)]
        for setting in () if self.manners.forgets else settings:
            self._store(setting)
        self.oids = sorted(self._varbinds)
        if self.manners.lost:
            self.manners.lost -= 1
            return []
        return [request.reply([self._varbinds.get(oid, b"") for oid, _tag, _content in settings])]

    def _store(self, setting: Setting) -> None:
        oid, tag, _content = setting
        content = self.manners.stores(setting)
        status = self.manners.row_status
        if status and oid[: len(status)] == status:
            if content == DESTROY:
                row = oid[len(status) :]
                for other in [one for one in self._varbinds if one[len(status) :] == row]:
                    del self._varbinds[other]
                return
            content = {CREATE_AND_GO: b"\x01", CREATE_AND_WAIT: b"\x03"}.get(content, content)
        self._varbinds[oid] = encode(0x30, encode_oid(oid) + encode(tag, content))


def _settings(data: bytes) -> list[Setting]:
    body = decode(data)[1]
    for _skipped in ("version", "community"):
        body = decode(body)[2]
    body = decode(body)[1]
    for _skipped in ("request id", "error-status", "error-index"):
        body = decode(body)[2]
    rest = decode(body)[1]
    found = []
    while rest:
        _tag, varbind, rest = decode(rest)
        _tag, oid, value = decode(varbind)
        tag, content, _end = decode(value)
        found.append((decode_oid(oid), tag, content))
    return found
