# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why an agent does not serve a user or community, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import SnmpAuthError, SnmpError, SnmpTimeout

#: `detail` of an SnmpAuthError that no report of RFC 3414 names.
ENGINE, CONTEXT, SILENT = "engine", "context", "silent"

#: detail -> what to do. The first five are the reports usmStatsUnknownUserNames, WrongDigests, DecryptionErrors,
#: UnsupportedSecLevels and NotInTimeWindows.
_ADVICE = {
    "user": "Create this user on the device, or correct its name.",
    "digest": "The device knows the user: check the authentication passphrase and protocol.",
    "privacy": "The device knows the user and its authentication key: check the privacy passphrase and protocol.",
    "level": "Check the security level, and what the device allows this user at that level.",
    "timewindow": "Check that no other device has the same engine id, and that this one counts its restarts.",
    ENGINE: "Correct the engine id, or remove it to take the one that the device reports.",
    CONTEXT: "Correct the name of the context, or create it on the device.",
    SILENT: "Check the privacy passphrase and protocol, and the name of the context.",
}


def another_engine(found: bytes) -> SnmpAuthError:
    """The error for a device that is not the one whose engine id was given."""
    return SnmpAuthError(f"its engine id is {found.hex()}, and not the one that was given", ENGINE)


def unknown_context(name: str) -> SnmpAuthError:
    """The error for a context that the agent does not serve."""
    return SnmpAuthError(f"the agent does not answer for the context '{name}'", CONTEXT)


def advice_on(errors: Sequence[SnmpError]) -> str:
    """What to do where all attempts failed with these errors."""
    details = {error.detail for error in errors if isinstance(error, SnmpAuthError)}
    if len(details) == 1:
        return _ADVICE[details.pop()]
    if details:
        return "Check the users, their passphrases and their protocols."
    if all(isinstance(error, SnmpTimeout) for error in errors):
        return (
            "Check that it is up, that it accepts SNMP from this host, and the credentials: wrong ones get no answer."
        )
    return "Check the address and the route to it."
