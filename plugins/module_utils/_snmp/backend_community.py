# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SNMPv1 and SNMPv2c: our own, without a library.

These versions prove nothing: any host can send a datagram that looks like the reply. So a reply counts only
if it comes from the address and port that were asked, with the community of the request and with its request id, which
is random for each request. Of the libraries, net-snmp compares neither address nor community and counts the request
ids up, from the same number in each fork; `snmp` does not compare the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from .community_message import Message, decode_reply, encode_message, encode_request
from .exchange import Exchange
from .own_transport import OwnTransport
from .pdu import Pdu, new_number, varbinds_of
from .target import Target
from .transport import Oid, VarBind
from .users import Community

_VERSIONS = {"1": 0, "2c": 1}


class Question(NamedTuple):
    """A request, and what its reply has in common with it."""

    head: Message
    octets: bytes


class CommunityTransport(OwnTransport):
    """A conversation in SNMPv1 or SNMPv2c."""

    def __init__(
        self, target: Target, credentials: Community, timeout: float, retries: int, any_source: bool = False
    ) -> None:
        """See Exchange; `retries` is how often a request is sent at most."""
        super().__init__(Exchange(target, timeout, retries, any_source), bulk=credentials.version != "1")
        self._version = _VERSIONS[credentials.version]
        self._community = credentials.community.encode("utf-8", "surrogatepass")

    def request(self, pdu: bytes, request_id: int) -> Pdu:
        head = Message(self._version, self._community, request_id)
        request = encode_message(head.version, head.community, pdu)
        return self._exchange.ask(request, partial(decode_reply, asked=head))

    def question(self, pdu: int, oids: Sequence[Oid], first: int = 0, second: int = 0) -> Question:
        """A request that is not sent yet: for send() and answer(), where get() and the like would wait too long."""
        self.requests += 1
        head = Message(self._version, self._community, new_number())
        return Question(head, encode_request(head, pdu, oids, first, second))

    def send(self, question: Question) -> None:
        """Send a question, once."""
        self._exchange.send(question.octets)

    def answer(self, question: Question, until: float) -> list[VarBind]:
        """The answer to a question that was sent, waited for until a moment of time.monotonic()."""
        reply = self._exchange.wait(partial(decode_reply, asked=question.head), until)
        if reply is None:
            raise self._exchange.silence()
        return varbinds_of(reply)
