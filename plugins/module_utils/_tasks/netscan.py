# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module netscan does: asks networks who is there, and keeps what it has when it is stopped."""

from __future__ import annotations

import asyncio
import resource
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .._common.errors import InvmonError, OptionsError
from .._common.lifeline import warned_of_end
from .._common.typed_json import WrongShape, from_json, to_json
from .._outgoing.once import warn_once
from .._outgoing.text import printable
from .._outgoing.words import listed
from .._scan.adding import now
from .._scan.budget import PacketBudget
from .._scan.engine import Engine
from .._scan.finding import TCP
from .._scan.host import Scan
from .._scan.outcome import Outcome, summary
from .._scan.resolution import of_this_host
from .._scan.scan_file import kept, path_of, to_resume, write_scan
from .netscan_options import check_numbers, known_of, rates_of, targets_of, with_files, with_snmp
from .netscan_sources import sources_of

#: Seconds from one writing of the file to the next: a process that is killed loses what it found since.
SAVE_SECONDS = 10.0
#: The same of lines about how far it is.
PROGRESS_SECONDS = 10.0
#: Open files besides one ICMP socket for each address: the connections of TCP (see sources/tcp.py), and all else.
OTHER_FILES = 500
#: What interrupts a scan. The first lets it end and write its file.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ResultError(InvmonError):
    """Another host returned a result that cannot be used."""

    reason = "result"


OnProgress = Callable[[int, int, int], None]


def netscan(
    params: Mapping[str, Any],
    on_progress: OnProgress | None = None,
    on_interrupted: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Scan; returns the module's result. In check mode the same: a scan changes nothing.

    :param on_progress: called with how many addresses were asked, how many are to be asked, how many were seen.
    :param on_interrupted: called with a sentence when a signal ended the scan, before that signal takes its effect.

    Raises OptionsError; OSError if the file cannot be written.
    """
    check_numbers(params)
    params = with_snmp(with_files(params))
    resumed = to_resume(params["resume"], datetime.now(UTC)) if params.get("resume") else None
    earlier, _path = resumed or (None, None)
    outcome = _prepared(params, earlier)
    with ExitStack() as closing:
        path = None
        if save_to := _save_to(params, resumed):
            path = closing.enter_context(kept(path_of(save_to, outcome.started, outcome.id)))
            write_scan(path, outcome.scan(None))
        received: list[int] = []
        outcome.engine.on_progress = _Steps(outcome, path, on_progress)
        try:
            scan = asyncio.run(_run(outcome, path, received))
        except BaseException:
            # Such as the time-out of a task: what there is can be resumed.
            _write(path, outcome.scan(None))
            raise
        result = _result(scan, resumed, path)
    if received:
        if on_interrupted:
            on_interrupted(result["msg"])
        signal.raise_signal(received[0])
    return result


def checked_scan(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the module on another host. Raises ResultError if its scan is something else."""
    if "scan" not in result:
        return dict(result)
    try:
        return {**result, "scan": to_json(from_json(Scan, result["scan"], "scan"))}
    except WrongShape as error:
        raise ResultError(
            f"The host that scanned returned something else ({error})", "check its version of the collection"
        ) from None


def _save_to(params: Mapping[str, Any], resumed: tuple[Scan, Path] | None) -> str:
    """The file of the scan: by default the one that it resumes, or would, or one in that folder."""
    if params.get("save_to") or not params.get("resume"):
        return str(params.get("save_to") or "")
    if resumed:
        return str(resumed[1])
    return f"{params['resume']}/" if Path(params["resume"]).is_dir() else str(params["resume"])


def _prepared(params: Mapping[str, Any], earlier: Scan | None) -> Outcome:
    """The scan, before it begins. Raises OptionsError."""
    targets = targets_of(params, earlier)
    if targets.ambiguous:
        warn_once(
            f"Several VRFs have {listed(targets.ambiguous)}, and it is not known which of them is reached from here:"
            " not asked. Choose one VRF (filter vrf)."
        )
    _make_room(params["concurrency"])

    def network(address: str) -> str:
        found = targets.network_of(address)
        return found.network if found else ""

    budget = PacketBudget(rates_of(params), params["deadline"], of_this_host(), label=network)
    known = known_of(params)
    engine = Engine(
        targets,
        sources_of(params, budget, targets, known),
        budget,
        frozenset(one.address for one in known),
        params["concurrency"],
    )
    if earlier:
        engine.coverage.resume(earlier.networks)
        engine.findings.update((one.ip, one) for one in earlier.unfinished if targets.network_of(one.ip))
    return Outcome(
        engine,
        started=earlier.started if earlier else now(),
        id=(earlier.id if earlier else "") or secrets.token_hex(6),
        known=known,
        tcp_ports=params["tcp_ports"] if TCP in params["sources"] else (),
        controller=socket.gethostname(),
        earlier=earlier,
    )


def _make_room(concurrency: int) -> None:
    """Raise the limit of open files as far as the sockets need it. Raises OptionsError if that is not permitted."""
    needed = concurrency + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise OptionsError(
            f"concurrency {concurrency} needs {needed} open files, and this process may have {hard}",
            f"set it to {max(1, hard - OTHER_FILES)} or less, or raise the limit (ulimit -Hn)",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _write(path: Path | None, scan: Scan) -> None:
    """Write the file. It could be written when the scan began: if it cannot any more, the scan is worth more."""
    try:
        if path:
            write_scan(path, scan)
    except OSError as error:
        warn_once(f"The scan cannot be written: {printable(error)}.")


@dataclass
class _Steps:
    """What happens while a scan runs: its file is written, and its progress is reported."""

    outcome: Outcome
    path: Path | None
    on_progress: OnProgress | None
    _saved: float = field(default_factory=time.monotonic)
    _shown: float = field(default_factory=time.monotonic)

    def __call__(self, engine: Engine) -> None:
        moment = time.monotonic()
        if self.on_progress and moment - self._shown >= PROGRESS_SECONDS:
            self._shown = moment
            self.on_progress(engine.coverage.asked, engine.coverage.asked_before + engine.targets.total, engine.seen)
        if self.path and moment - self._saved >= SAVE_SECONDS:
            _write(self.path, self.outcome.scan(None))
            self._saved = time.monotonic()


async def _run(outcome: Outcome, path: Path | None, received: list[int]) -> Scan:
    """Run the engine, and write what it found; the number of a signal that came meanwhile is appended to `received`."""

    def interrupted(number: int) -> None:
        received.append(number)
        outcome.engine.budget.interrupt()

    with warned_of_end(), _handled(interrupted):
        scan = outcome.scan(await outcome.engine.run())
        _write(path, scan)
        return scan


@contextmanager
def _handled(on_signal: Callable[[int], None]) -> Iterator[None]:
    """While this is entered, a signal that would end this process calls on_signal. Only the main thread gets them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    handled = [number for number, handler in before.items() if handler != signal.SIG_IGN]
    for number in handled:
        loop.add_signal_handler(number, on_signal, number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])


def _result(scan: Scan, resumed: tuple[Scan, Path] | None, path: Path | None) -> dict[str, Any]:
    text = summary(scan)
    if resumed:
        text += f"; resumed {printable(resumed[1].name)} of {resumed[0].started}"
    result: dict[str, Any] = {"changed": False, "scan": to_json(scan), "msg": text}
    if path:
        result["saved_to"] = str(path)
        if not scan.complete:
            result["msg"] += f". What is left is asked by a scan with resume: {printable(path)}"
    return result
