# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of SNMP user, by every backend, against agents of others. Writes docs/snmp-matrix.md.

python tests/run.py tests/snmp_matrix.py            # make matrix: asks, and writes the page
python tests/run.py tests/snmp_matrix.py --check    # asks, and compares with the page

The agent is net-snmp's snmpd; for 3DES, which that does not have, snmpsim (pysnmp). A case is a kind of user, a check
is what is done with it, and an outcome is a few words: what the page says.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.invmon.network.plugins.module_utils._snmp.budget import Budget, Limits
from ansible_collections.invmon.network.plugins.module_utils._snmp.credentials import read_options
from ansible_collections.invmon.network.plugins.module_utils._snmp.discovery import Discovery
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import (
    BackendMissing,
    SnmpAuthError,
    SnmpError,
    SnmpTimeout,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.session import Session, open_session
from ansible_collections.invmon.network.plugins.module_utils._snmp.target import resolve
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.usm import (
    DIGESTS,
    PRIVACY_KEYS,
    Secret,
    localised,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.walks import Pace, walk_subtree
from ansible_collections.invmon.network.plugins.module_utils._traps.engine import OwnEngine, own_engine_id
from ansible_collections.invmon.network.plugins.module_utils._traps.notification import Notification
from ansible_collections.invmon.network.plugins.module_utils._traps.sender import send
from ansible_collections.invmon.network.tests.generated import write_or_check
from ansible_collections.invmon.network.tests.sandbox.snmp_agents import AgentProcess, net_snmp, snmpsim
from ansible_collections.invmon.network.tests.sandbox.trap_receiver import TrapReceiver

PAGE = Path(__file__).resolve().parent.parent / "docs" / "snmp-matrix.md"
BACKENDS = ("builtin", "snmp", "easysnmp")

AUTH, PRIVACY, WRONG = "auth-secret-1", "priv-secret-1", "wrong-secret-1"
SYSTEM = (1, 3, 6, 1, 2, 1, 1)
COLD_START = (1, 3, 6, 1, 6, 3, 1, 1, 5, 1)
SYS_NAME = {"name": (*SYSTEM, 5, 0)}
RECORDED = "".join(f"1.3.6.1.2.1.1.{number}.0|4|box\n" for number in (1, 4, 5, 6))
#: Our word -> net-snmp's, or snmpsim's.
_WORDS = {"AES-128": "AES", "SHA": "SHA"}
_LEVELS = {"noAuthNoPriv": "noauth", "authNoPriv": "auth", "authPriv": "priv"}

#: Outcomes.
YES, ELSEWHERE = "yes", "no: the error names `auto`"


@dataclass(frozen=True)
class Case:
    """A kind of user. Protocols are None where the level has none; without both it may be a community."""

    auth: str | None = None
    privacy: str | None = None
    version: str = "3"

    @property
    def name(self) -> str:
        """Also that of the user."""
        return "-".join(filter(None, [self.auth or "none", self.privacy])).lower().replace("sha-", "sha")

    @property
    def level(self) -> str:
        return "authPriv" if self.privacy else "authNoPriv" if self.auth else "noAuthNoPriv"

    @property
    def options(self) -> dict[str, Any]:
        """The options of this user, or community."""
        if self.version != "3":
            return {"community": "public", "versions": [self.version]}
        found: dict[str, Any] = {"username": self.name, "versions": ["3"]}
        if self.auth:
            found |= {"auth_protocol": self.auth, "auth_passphrase": AUTH}
        if self.privacy:
            found |= {"privacy_protocol": self.privacy, "privacy_passphrase": PRIVACY}
        # The data of snmpsim is in a context.
        return found | ({"context_name": "public"} if self.privacy == "3DES" else {})


class Agents(NamedTuple):
    """The agents that are asked."""

    usual: AgentProcess
    triple_des: AgentProcess

    def of(self, case: Case) -> AgentProcess:
        return self.triple_des if case.privacy == "3DES" else self.usual


#: One backend, one case: returns the outcome.
Check = Callable[[str, Case, AgentProcess], str]


def cases(auths: Iterable[str] = tuple(DIGESTS), privacies: Iterable[str] = tuple(PRIVACY_KEYS)) -> list[Case]:
    users = [Case(auth, privacy) for auth in auths for privacy in (None, *privacies)]
    return [Case(version="1"), Case(version="2c"), Case(), *users]


@contextmanager
def agents() -> Iterator[Agents | None]:
    """Both agents with all users; None where snmpd is not installed."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _agent in range(2)]
        usual = net_snmp(folders[0], _net_snmp_lines())
        if usual is None:
            yield None
            return
        triple_des = snmpsim(folders[1], _snmpsim_arguments(), RECORDED)
        yield Agents(stack.enter_context(usual), stack.enter_context(triple_des))


def _net_snmp_lines() -> Iterator[str]:
    for case in cases():
        if case.version != "3" or case.privacy == "3DES":
            continue
        keys = [case.auth, AUTH] if case.auth else []
        keys += [_WORDS.get(case.privacy, case.privacy), PRIVACY] if case.privacy else []
        yield " ".join(["createUser", case.name, *keys])
        yield f"rwuser {case.name} {_LEVELS[case.level]}"
    yield from ("sysName box", "rwcommunity private", "exactEngineID 0x80001f8804696e766d6f6e")


def _snmpsim_arguments() -> Iterator[str]:
    for case in cases():
        if case.privacy == "3DES":
            yield f"--v3-user={case.name}"
            yield f"--v3-auth-key={AUTH}"
            yield f"--v3-auth-proto={str(case.auth).replace('-', '')}"
            yield f"--v3-priv-key={PRIVACY}"
            yield "--v3-priv-proto=3DES"


def opened(backend: str, case: Case, agent: AgentProcess, host: str = "127.0.0.1", **changed: Any) -> Session:
    # Patient with an agent that answers: the machine may be busy.
    values = {"port": agent.port, "timeout": 0.5, "retries": 4, "backend": backend, **case.options, **changed}
    return open_session(host, read_options(values))


def _get(backend: str, case: Case, agent: AgentProcess, host: str = "127.0.0.1", **changed: Any) -> str:
    with opened(backend, case, agent, host, **changed) as session:
        found = session.agent.scalars(SYS_NAME)
        cursor = walk_subtree(session.transport, SYSTEM, Pace(Budget(Limits())))
    return YES if found == {"name": b"box"} and cursor.complete and len(cursor.cells) > 3 else "a wrong answer"


def get_and_walk(backend: str, case: Case, agent: AgentProcess) -> str:
    return _get(backend, case, agent)


def over_ipv6(backend: str, case: Case, agent: AgentProcess) -> str:
    return _get(backend, case, agent, "::1")


def set_and_read(backend: str, case: Case, agent: AgentProcess) -> str:
    if case.privacy == "3DES":
        return ""  # what snmpsim has from a recording cannot be set
    wanted = VarBind((*SYSTEM, 4, 0), "octets", secrets.token_hex(4).encode())
    writer = {} if case.version == "3" else {"community": "private"}
    with opened(backend, case, agent, **writer) as session:
        session.transport.set([wanted])
        return YES if session.transport.get([wanted.oid]) == [wanted] else "another value"


def notified(backend: str, case: Case, _agent: AgentProcess) -> str:
    """By our own code, whatever the backend is."""
    if backend != "builtin":
        return ""
    (credentials,) = read_options(case.options).attempts
    with TrapReceiver([credentials]) as receiver:
        target = resolve("127.0.0.1", receiver.port)
        engine = OwnEngine.by_clock(own_engine_id("matrix"))
        for confirmed in (False, True) if case.version != "1" else (False,):
            found = Notification(oid=COLD_START, uptime=1, varbinds=(), confirmed=confirmed)
            send(target, credentials, found, engine, 0.5, 4)
        taken = {one.notification.confirmed for one in receiver.taken if one.notification}
        return YES if not receiver.refused and taken >= {False, case.version != "1"} else "not taken"


def localised_keys(backend: str, case: Case, agent: AgentProcess) -> str:
    if case.auth is None:
        return ""
    privacy = Secret(case.privacy, PRIVACY.encode()) if case.privacy else None
    keys = localised(_engine_id(agent), Secret(case.auth, AUTH.encode()), privacy)
    hexadecimal = {"auth_key": (keys.auth_key or b"").hex(), "privacy_key": (keys.privacy_key or b"").hex()}
    return _get(backend, case, agent, **hexadecimal, auth_passphrase=None, privacy_passphrase=None)


def given_engine_id(backend: str, case: Case, agent: AgentProcess) -> str:
    return _get(backend, case, agent, engine_id=_engine_id(agent).hex()) if case.version == "3" else ""


def wrong_engine_id(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, case.version == "3", engine_id="80001f88046f74686572")


def wrong_community(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, case.version != "3", community="wrong")


def wrong_user(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, case.version == "3", username="nobody")


def wrong_auth_passphrase(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, bool(case.auth), auth_passphrase=WRONG)


def wrong_digest(backend: str, case: Case, agent: AgentProcess) -> str:
    other = "MD5" if case.auth == "SHA" else "SHA"
    # A digest that is too short for the cipher is another mistake.
    return _refused(backend, case, agent, bool(case.auth), auth_protocol=other)


def wrong_privacy_passphrase(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, bool(case.privacy), privacy_passphrase=WRONG)


def wrong_cipher(backend: str, case: Case, agent: AgentProcess) -> str:
    other = "AES-256" if case.privacy == "AES-128" else "AES-128"
    return _refused(backend, case, agent, bool(case.privacy), privacy_protocol=other)


def wrong_level(backend: str, case: Case, agent: AgentProcess) -> str:
    # snmpsim allows its users every level.
    meant = bool(case.privacy) and case.privacy != "3DES"
    return _refused(backend, case, agent, meant, security_level="authNoPriv")


def wrong_context(backend: str, case: Case, agent: AgentProcess) -> str:
    return _refused(backend, case, agent, case.version == "3", context_name="nowhere")


def _refused(backend: str, case: Case, agent: AgentProcess, meant: bool, **wrong: Any) -> str:
    """The outcome of a mistake: what the error says, in a word. Empty where the case has no such thing."""
    if not meant:
        return ""
    try:
        opened(backend, case, agent, **{"timeout": 0.3, "retries": 1, **wrong}).close()
    except SnmpAuthError as error:
        return f"refused: {error.detail}"
    except SnmpTimeout:
        return "no answer"
    return "SERVED"


def _engine_id(agent: AgentProcess) -> bytes:
    discovery = Discovery(resolve("127.0.0.1", agent.port))
    discovery.send(5)
    found = discovery.engine_id()
    discovery.close()
    if found is None:
        raise RuntimeError("an agent does not report its engine id")
    return found


#: In the order of the page.
CHECKS: Mapping[str, Check] = {
    "get and walk": get_and_walk,
    "the same over IPv6": over_ipv6,
    "set, and read again": set_and_read,
    "a trap to our receiver, and an inform (not by SNMPv1)": notified,
    "localised keys (`auth_key`, `privacy_key`)": localised_keys,
    "a given `engine_id`": given_engine_id,
    "the `engine_id` of another device": wrong_engine_id,
    "a wrong community": wrong_community,
    "a wrong user name": wrong_user,
    "a wrong authentication passphrase": wrong_auth_passphrase,
    "a wrong authentication protocol": wrong_digest,
    "a wrong privacy passphrase": wrong_privacy_passphrase,
    "a wrong privacy protocol": wrong_cipher,
    "a wrong security level": wrong_level,
    "an unknown context": wrong_context,
}
REBOOT = "the agent restarts between two requests"

#: (check, backend, case) -> outcome
Outcomes = dict[tuple[str, str, Case], str]


def ask(
    which: Iterable[Case], both: Agents, checks: Iterable[str] = (*CHECKS, REBOOT), backends: Iterable[str] = BACKENDS
) -> Outcomes:
    """Make these checks of these cases, by these backends."""
    found: Outcomes = {}
    which, checks = list(which), list(checks)
    for backend in backends:
        for case in which:
            if case.version == "3" or backend == "builtin":
                for check in checks:
                    if check != REBOOT:
                        found[check, backend, case] = _outcome(CHECKS[check], backend, case, both.of(case))
        if REBOOT in checks:
            for case, outcome in _rebooted(backend, which, both).items():
                found[REBOOT, backend, case] = outcome
    return found


def _outcome(check: Check, backend: str, case: Case, agent: AgentProcess) -> str:
    try:
        return check(backend, case, agent)
    except BackendMissing as error:
        return ELSEWHERE if "set backend: auto" in str(error) else f"FAILED: {error}"
    except SnmpError as error:
        return f"FAILED: {type(error).__name__}"


def _rebooted(backend: str, which: Iterable[Case], both: Agents) -> dict[Case, str]:
    """All cases in one restart: each has asked before, and asks again after it."""
    found: dict[Case, str] = {}
    with ExitStack() as stack:
        sessions: dict[Case, Session] = {}
        for case in which:
            # snmpsim does not count its boots.
            if case.privacy == "3DES" or (case.version != "3" and backend != "builtin"):
                continue
            try:
                sessions[case] = stack.enter_context(opened(backend, case, both.usual))
            except BackendMissing:
                found[case] = ELSEWHERE
            except SnmpError as error:
                found[case] = f"FAILED: {type(error).__name__}"
        both.usual.restart()
        for case, session in sessions.items():
            cursor = walk_subtree(session.transport, SYSTEM, Pace(Budget(Limits())))
            found[case] = YES if cursor.complete and len(cursor.cells) > 3 else f"FAILED: {cursor.error}"
    return found


def page(found: Outcomes) -> str:
    return HEAD + "".join(grid(backend, found) for backend in BACKENDS) + _checks(found)


HEAD = """# What SNMP does with which user

Measured, not promised: every kind of user by every [backend](snmp.md#the-backends), against net-snmp's `snmpd`, and
against snmpsim (pysnmp) for 3DES. `make matrix` writes this page.

"""


def grid(backend: str, found: Outcomes) -> str:
    """Which users a backend serves, over IPv4 and IPv6."""
    columns = (None, *PRIVACY_KEYS)
    lines = [f"## {backend}", "", f"| | {' | '.join(one or 'no privacy' for one in columns)} |"]
    lines += ["|---" * (len(columns) + 1) + "|"]
    for auth in DIGESTS:
        cells = (served(found, backend, Case(auth, privacy)) for privacy in columns)
        lines.append(f"| {auth} | {' | '.join(cells)} |")
    others = [("noAuthNoPriv", Case())]
    others += [("SNMPv1", Case(version="1")), ("SNMPv2c", Case(version="2c"))] if backend == "builtin" else []
    lines += ["", ", ".join(f"{name}: {served(found, backend, case)}" for name, case in others), "", ""]
    return "\n".join(lines)


def served(found: Outcomes, backend: str, case: Case) -> str:
    outcomes = {found[check, backend, case] for check in ("get and walk", "the same over IPv6")}
    return {YES: "yes", ELSEWHERE: "no"}.get(outcomes.pop(), "FAILED") if len(outcomes) == 1 else "FAILED"


def _checks(found: Outcomes) -> str:
    lines = ["## What each does", "", CHECKS_HEAD, "", f"| | {' | '.join(BACKENDS)} |", "|---|---|---|---|"]
    for check in (*CHECKS, REBOOT):
        cells = (_in_words(found, check, backend) for backend in BACKENDS)
        lines.append(f"| {check} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


CHECKS_HEAD = """For all users that the backend serves. `refused: WORD` is an error that says what the agent
refused, and what to do; `silent`: the agent is up, but does not answer this user. net-snmp's agent answers neither what
it cannot decrypt nor for a context that it does not know. snmpsim has all its data in a context."""


def _in_words(found: Outcomes, check: str, backend: str) -> str:
    outcomes = {
        outcome
        for (of, by, case), outcome in found.items()
        if (of, by) == (check, backend) and outcome and found["get and walk", backend, case] != ELSEWHERE
    }
    return " or ".join(sorted(outcomes)) or "-"


def main() -> int:
    with agents() as both:
        if both is None:
            print("SKIPPED: snmpd is not installed here (see bindep.txt).")
            return 0
        return write_or_check(PAGE, page(ask(cases(), both)), "snmp_matrix.py")


if __name__ == "__main__":
    sys.exit(main())
