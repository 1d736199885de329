# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ends work from outside: processor time, and time-outs that come while a C library waits for a device."""

from __future__ import annotations

import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.interrupts import (
    CpuTimeSpent,
    limited_cpu,
    without_interruption,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import SnmpOptions
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpError
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import open_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.users import User
from ansible_collections.invmon.network.tests.sandbox.fault_agent import Request
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent

SYS_DESCR = (1, 3, 6, 1, 2, 1, 1, 1, 0)


class TimedOut(BaseException):
    """As Ansible's TaskTimeoutError, which is no Exception."""


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """As Ansible sets it for a task with a time-out."""

    def on_alarm(_number: int, _frame: FrameType | None) -> None:
        raise TimedOut

    before = signal.signal(signal.SIGALRM, on_alarm)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_regular_expression_without_end_is_interrupted() -> None:
    with pytest.raises(CpuTimeSpent), limited_cpu(0.05):
        re.match(r"(a+)+$", "a" * 60 + "!")
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_work_that_catches_every_exception_is_interrupted() -> None:
    def work() -> None:
        while True:
            with suppress(Exception):
                sum(range(1000))

    with pytest.raises(CpuTimeSpent), limited_cpu(0.05):
        work()


def test_the_handler_of_somebody_else_is_put_back() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with limited_cpu(60):
        assert signal.getsignal(signal.SIGPROF) is not before
        with limited_cpu(0.001):  # the outer one goes on
            sum(range(100_000))
    assert signal.getsignal(signal.SIGPROF) is before


def test_another_thread_is_left_alone() -> None:
    problems: list[BaseException] = []

    def work() -> None:
        try:
            with limited_cpu(60):
                pass
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert problems == []


def test_a_signal_strikes_after_the_block_and_not_inside() -> None:
    done = []

    def work() -> None:
        with without_interruption():
            signal.raise_signal(signal.SIGALRM)
            done.append("the rest of it")
        done.append("not this")

    with alarm(60), pytest.raises(TimedOut):
        work()
    assert done == ["the rest of it"]
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


#: Who asks by easysnmp (the communities of v1 and v2c are asked for without a library).
CREDENTIALS = User(USERNAME, "authNoPriv", auth_protocol="SHA", auth_passphrase=PASSPHRASE)


def _options(port: int, attempts: int = 1) -> SnmpOptions:
    return SnmpOptions((CREDENTIALS,) * attempts, port, timeout=0.2, retries=1, backend="easysnmp")


def test_a_time_out_ends_easysnmp_with_the_request_that_is_under_way() -> None:
    """Without care easysnmp lost the exception, and the device was asked on, attempt after attempt."""
    pytest.importorskip("easysnmp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(TimedOut), alarm(0.05):
            open_session("127.0.0.1", _options(nobody.getsockname()[1], attempts=20))
        assert nobody.recv(2000)
        nobody.setblocking(False)
        with pytest.raises(BlockingIOError):
            nobody.recv(2000)


def test_a_time_out_ends_a_walk_by_easysnmp() -> None:
    pytest.importorskip("easysnmp")
    asked: list[int] = []

    def fault(request: Request, reply: bytes) -> list[bytes]:
        asked.append(request.number)
        return [reply] if request.oids[0] == SYS_DESCR else []

    with UserAgent([(SYS_DESCR, "octets", b"slow")], fault) as agent:
        with open_session(agent.address, _options(agent.port)) as session:

            def work() -> None:
                while True:
                    with suppress(SnmpError):
                        session.transport.get([(1, 3, 6, 1, 2, 1, 1, 5, 0)])

            before = len(asked)
            with pytest.raises(TimedOut), alarm(0.05):
                work()
        assert len(asked) == before + 1
