# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver of notifications on loopback UDP, in a thread. It takes what our receiver takes, and answers informs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from typing import Self

from ansible_collections.invmon.network.plugins.module_utils._snmp.users import Credentials
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.receiver import Received, Receiver


class TrapReceiver:
    """Its address is 127.0.0.1."""

    def __init__(self, known: Sequence[Credentials], answers: bool = True) -> None:
        self._receiver = Receiver(tuple(known), OwnEngine(own_engine_id("receiver of the tests")))
        self._answers = answers
        self._got: list[Received] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.wait()
        self._socket.close()

    def wait(self) -> None:
        """Until all is read that has arrived; nothing is received after that."""
        if self._thread.is_alive():
            self._socket.sendto(b"", self._socket.getsockname())
            self._thread.join()

    @property
    def taken(self) -> list[Received]:
        """The notifications that were taken. See wait()."""
        self.wait()
        return [one for one in self._got if not one.refused]

    @property
    def refused(self) -> list[str]:
        """Why others were refused, but for the questions for the engine id."""
        self.wait()
        return [one.refused for one in self._got if one.refused not in ("", "engine")]

    def _serve(self) -> None:
        while True:
            data, sender = self._socket.recvfrom(65535)
            if not data:
                return
            found = self._receiver.receive(data)
            self._got.append(found)
            if found.reply and self._answers:
                self._socket.sendto(found.reply, sender)
