# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of a conversation by messages of ours; what is around a PDU is the version's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from .exchange import LONGEST, Exchange
from .pdu import GET, GET_BULK, GET_NEXT, SET, Pdu, encode_pdu, encode_question, new_number, varbinds_of
from .transport import Oid, VarBind


class OwnTransport(ABC):
    """Transport and Writable (see transport.py)."""

    threads = True

    def __init__(self, exchange: Exchange, bulk: bool) -> None:
        """bulk: the version has GETBULK"""
        self.max_message = LONGEST
        self.requests = 0
        self.bulk = bulk
        self._exchange = exchange

    @abstractmethod
    def request(self, pdu: bytes, request_id: int) -> Pdu:
        """The response to a PDU, whatever its error-status. Raises SnmpError."""

    def get(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda number: encode_question(GET, number, oids))

    def get_next(self, oids: Sequence[Oid]) -> list[VarBind]:
        return self._ask(lambda number: encode_question(GET_NEXT, number, oids))

    def get_bulk(self, oids: Sequence[Oid], max_repetitions: int, non_repeaters: int = 0) -> list[VarBind]:
        return self._ask(lambda number: encode_question(GET_BULK, number, oids, non_repeaters, max_repetitions))

    def set(self, varbinds: Sequence[VarBind]) -> list[VarBind]:
        return self._ask(lambda number: encode_pdu(Pdu(SET, number, 0, 0, list(varbinds))))

    def close(self) -> None:
        self._exchange.close()

    def _ask(self, pdu_of: Callable[[int], bytes]) -> list[VarBind]:
        self.requests += 1
        number = new_number()
        return varbinds_of(self.request(pdu_of(number), number))
