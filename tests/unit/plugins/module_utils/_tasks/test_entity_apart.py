# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A device that easysnmp asks is read in a process of its own: what happens there costs this device alone."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import signal
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.task import checked
from ansible_collections.invmon.network.plugins.module_utils._outgoing.once import take_warnings, warn_once
from ansible_collections.invmon.network.plugins.module_utils._snmp.backend_easysnmp import EasySnmpTransport
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import SnmpError
from ansible_collections.invmon.network.plugins.module_utils._tasks import entity_apart
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, UserAgent

SYSTEM, ENTITY = (1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
BOX = [
    ((*SYSTEM, 1, 0), "octets", b"A box"),
    ((*SYSTEM, 2, 0), "oid", (1, 3, 6, 1, 4, 1, 99999, 1)),
    ((*ENTITY, 5, 1), "int", 3),
    ((*ENTITY, 11, 1), "octets", b"FOC12345678"),
]
pytestmark = pytest.mark.usefixtures("_easysnmp")


@pytest.fixture
def _easysnmp() -> None:
    pytest.importorskip("easysnmp")


def read(agent: FaultAgent, **options: Any) -> dict[str, Any]:
    by_v3 = {"versions": ["3"], "username": USERNAME, "auth_passphrase": PASSPHRASE, "security_level": "authNoPriv"}
    access = {"host": agent.address, "port": agent.port, "timeout": 0.3, "retries": 1, "backend": "easysnmp"}
    params, _secrets, errors = checked({**access, **by_v3, **options}, ARGUMENT_SPEC)
    assert not errors, errors
    return entity_apart.entity_facts_apart(params)


def test_what_is_read_there_is_the_result_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    get_bulk = EasySnmpTransport.get_bulk

    def watched(self: EasySnmpTransport, *arguments: Any) -> Any:
        assert os.getpid() != here
        warn_once("of the whole run")
        return get_bulk(self, *arguments)

    monkeypatch.setattr(EasySnmpTransport, "get_bulk", watched)
    take_warnings()  # of other tests in this process
    with UserAgent(BOX) as agent:
        result = read(agent)
    assert [item["serial"] for item in result["ansible_facts"]["entity_inventory"]["items"]] == ["FOC12345678"]
    assert result["ansible_facts"]["entity_inventory"]["backend"] == "easysnmp"
    assert take_warnings() == ["of the whole run"]


def test_without_the_c_library_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> int:
        raise AssertionError("a fork")

    monkeypatch.setattr(os, "fork", never)
    with UserAgent(BOX) as agent, pytest.raises(SnmpError, match="no answer"):
        read(agent, versions=["2"], community="public")
    with UserAgent(BOX) as agent:
        assert read(agent, backend="snmp")["ansible_facts"]["entity_inventory"]["complete"]


def test_an_error_is_a_failed_result_with_its_reason() -> None:
    with UserAgent(BOX) as agent:
        result = read(agent, auth_passphrase="another one")
    assert (result["failed"], result["reason"]) == (True, "authentication")
    assert "could not be read" in result["msg"]


def test_a_crash_of_the_library_costs_this_device_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: Any) -> None:
        faulthandler.disable()  # pytest's, which would print what it sees
        os.kill(os.getpid(), signal.SIGSEGV)

    monkeypatch.setattr(EasySnmpTransport, "get", crash)
    with UserAgent(BOX) as agent:
        result = read(agent)
    assert result == {
        "failed": True,
        "msg": "127.0.0.1 could not be read: the process that read it was ended by SIGSEGV.",
        "reason": "process",
    }


def test_a_library_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """In C, where no signal of Python's gets through."""
    monkeypatch.setattr(EasySnmpTransport, "get", lambda *_arguments: ctypes.PyDLL(None).sleep(600))
    monkeypatch.setattr(entity_apart, "_AROUND", -1.5)
    with UserAgent(BOX) as agent:
        result = read(agent, tables={"max_seconds": 1})
    assert result["msg"] == (
        "127.0.0.1 could not be read: it took longer than 0.5 s, and the process that read it was ended."
    )
