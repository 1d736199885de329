# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Child processes that never outlive their parent, however it ends."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

#: Starts a script of tests/ with the checkout on its search path.
LAUNCHER = Path(__file__).resolve().parents[1] / "run.py"

#: prctl(2): "send me this signal when my parent dies"
PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartError(Exception):
    """A part of the sandbox did not come up; the message says which, and what its log ends with."""


def dying_with_parent(end: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """For the preexec_fn of a child: on Linux it gets the signal when its parent dies, however that happens."""
    parent = os.getpid()

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, end)
            if os.getppid() != parent:  # it died before the wish was heard
                os._exit(1)

    return prepare


def script(path: Path) -> list[str]:
    """The command that runs a script of tests/; its arguments come after it."""
    return [sys.executable, str(LAUNCHER), str(path.resolve())]


def snmpsim_command() -> list[str]:
    """The command that runs snmpsim's agents; its arguments come after it.

    Its index of a recording is a dbm. Python 3.13 makes that a file of SQLite, which is synchronised with each record:
    the sandbox took 10 s to start, and on a busy machine more than it may.
    """
    without = "import runpy, sys; sys.modules['dbm.sqlite3'] = None; "
    return [sys.executable, "-c", f"{without}runpy.run_module('snmpsim.commands.responder', run_name='__main__')"]


def start_child(
    command: Sequence[str], log: Path, cwd: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a process whose output goes to `log`. It gets no terminal signals: Ctrl-C is for its parent to handle.

    Call this in the main thread: on Linux the child ends when the *thread* that made it does.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with_parent(),
        )


def stop_session(child: subprocess.Popen[Any]) -> None:
    """Interrupt a process that leads a session, and all that it started, as Ctrl-C does; kill what does not end."""
    for end in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(child.pid, end)
            child.wait(timeout=10)


def stop_child(child: subprocess.Popen[bytes]) -> None:
    """End a process: asked first, then made to."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=3)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a log, to be shown in an error."""
    if not log.exists():
        return "(no log)"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
