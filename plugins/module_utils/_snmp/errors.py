# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own errors: one class per thing that a person would do something different about. No message holds a secret."""

from __future__ import annotations

from .._common.errors import InvmonError

#: Between the address of a device and why nothing is known of it.
COULD_NOT_BE_READ = " could not be read: "


class SnmpError(InvmonError):
    """Base of all."""


class SnmpTimeout(SnmpError):
    """No answer in time: dead, filtered, or (v1, v2c) a wrong community; the protocol does not distinguish these."""

    reason = "timeout"


class SnmpUnreachable(SnmpError):
    """The name does not resolve, or there is no route. A closed port counts as no answer: any host can report one."""

    reason = "unreachable"


class SnmpAuthError(SnmpError):
    """The agent refused the v3 user: `detail` is one of user, digest, privacy, level, timewindow, engine, context and
    silent (see refusals.py)."""

    reason = "authentication"
    detail: str

    def __init__(self, sentence: str, detail: str) -> None:
        super().__init__(sentence, detail=detail)


class SnmpPduError(SnmpError):
    """The reply carries an error-status (RFC 3416, section 3): tooBig, genErr, noSuchName, ..."""

    reason = "pdu"
    status: str
    index: int

    def __init__(self, sentence: str, status: str, index: int = 0) -> None:
        super().__init__(sentence, status=status, index=index)


class SnmpProtocolError(SnmpError):
    """The agent breaks the protocol: its OIDs do not increase, or its replies cannot be decoded."""

    reason = "protocol"


class SnmpLimitError(SnmpError):
    """A limit of ours was reached: rows of a table, or time for a device."""

    reason = "limit"


class BackendMissing(SnmpError):
    """The library that was asked for cannot be imported here."""

    reason = "backend"


class OptionError(SnmpError, ValueError):
    """An option has a value that cannot be used: one sentence that names the option, never a secret's value."""

    reason = "option"


class RecordingError(SnmpError):
    """A recording cannot be read or written: the message names the file."""

    reason = "recording"
