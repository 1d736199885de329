# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows a Progress while devices are asked: as a live line on a terminal, as a line of text now and then elsewhere."""

from __future__ import annotations

import os
import re
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.utils import color
from ansible.utils.display import Display

from . import screen
from .live_line import COLOUR, LiveLine
from .progress import Progress, outcome_of
from .progress_bar import bar_maker
from .progress_pipe import Reader, key_of

#: Seconds between two reads of what the workers sent, and so between two updates of the live line.
TICK = 0.25
#: What Ansible prints for a host whose task went well, here or on another host.
OK = re.compile(r"ok: \[(.+?)(?: -> .+)?\]\n")


class Show:
    """The tally of a run and its picture.

    style, interval, hide_ok: options of the callback of that name. Everything but the ticking happens in the thread
    that calls; the ticking takes Display's lock or leaves it for the next time, so that it never holds a worker up.
    """

    def __init__(self, display: Display, style: str = "auto", interval: float = 10.0, hide_ok: bool = True) -> None:
        self.progress = Progress()
        self.running = False
        self._display = display
        self._pid = os.getpid()
        self._style = style
        self._interval = interval
        self._hide_ok = hide_ok and display.verbosity == 0
        self._live = LiveLine(display._lock, self._wanted)
        self._draw = bar_maker(False, False)
        self._reader: Reader | None = None
        self._expected: set[str] = set()
        self._unsaid: set[str] = set()  #: devices of which Ansible has not said yet that they are ok
        self._said_at = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def resume(self, hosts: Collection[str]) -> None:
        """Devices are asked from now on; all hosts of the play, asked or not yet."""
        self._expected.update(hosts)
        self.progress.total = max(len(self._expected), self.progress.total or 0)
        self.progress.resume()
        self._reader = self._reader or Reader()
        self._said_at = time.monotonic()
        if self._style == "auto" and screen.is_terminal() and screen.stdout_is_for_people():
            self._draw = bar_maker(bool(color.ANSIBLE_COLOR), _shows_unicode())
            self._live.open()
        self._ended.clear()
        self._thread = threading.Thread(target=self._tick, name="progress", daemon=True)
        self._thread.start()
        self.running = True

    def other_task(self) -> None:
        """A task begins that asks no device. Some devices may not be there yet (strategy free)."""
        if self.running:
            self._take_sent()
            if not self.progress.asked:
                self.pause()

    def pause(self) -> None:
        """No more devices are asked, for now: the screen is as if nothing had been there."""
        if not self.running:
            return
        self.running = False
        self._ended.set()
        if self._thread:
            self._thread.join()
        self._take_sent()
        if self._live.is_open:
            self._live.close()
        elif self._style != "summary":
            self._say()
        self.progress.pause()
        self._unsaid.clear()

    def start(self, name: str) -> None:
        """A device is asked."""
        self.progress.start(key_of(name))
        if self._live.is_open and self._hide_ok:
            self._unsaid.add(name)

    def failed(self, name: str, result: Any) -> None:
        """The task of a device failed: reported here if its worker had no time to."""
        self._take_sent()
        if key_of(name) in self.progress.asked:
            parts, outcome, reason = outcome_of(result.result)
            self.progress.device(key_of(name), None, parts, outcome, reason)

    def skipped(self, name: str) -> None:
        """The device is not asked after all."""
        self._take_sent()
        self._expected.discard(name)
        self.progress.forget(key_of(name))

    def finish(
        self, slowest: int, runs: Sequence[Mapping[str, Any]] = (), texts: Sequence[Sequence[screen.Line]] = ()
    ) -> None:
        """The end of the run: the slowest devices, then the summary, which comes last.

        runs: the records of what was uploaded. texts: the last lines of other playbooks. Without any of these, what was
        collected is all that there is to report.
        """
        self.pause()
        if self._reader:
            self._reader.close()
            self._reader = None
        if runs and self.progress.done and slowest:
            screen.say([*self.progress.slowest(screen.width(), slowest), ""])
        for text in (*texts, *map(screen.text_of, runs)):
            screen.say([*text, ""])
        if self.progress.done and not runs and not texts:
            screen.banner("COLLECTED")
            screen.say([*self.progress.summary(screen.width(), slowest), ""])
        # Another playbook may follow on the command line.
        self.progress = Progress()
        self._expected.clear()

    def interrupted(self) -> None:
        """The run ends here, without an end: the line becomes text, and the terminal is the shell's again."""
        # A fork of this process ends for itself.
        if self.running and os.getpid() == self._pid:
            self.pause()
            screen.say([f"Interrupted after {', '.join(self.progress.counts())}."])

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            if not self._display._lock.acquire(blocking=False):
                continue
            try:
                self._take_sent()
                if self._live.is_open:
                    self._live.show(self._draw(self.progress, self._live.width))
                elif self._style != "summary" and time.monotonic() - self._said_at >= self._interval:
                    self._say()
            finally:
                self._display._lock.release()

    def _say(self) -> None:
        self._said_at = time.monotonic()
        screen.say([self.progress.line()])

    def _take_sent(self) -> None:
        """Count what the workers sent. Under Display's lock, because two threads call it."""
        with self._display._lock:
            for sent in self._reader.read() if self._reader else []:
                self._count(sent)

    def _count(self, sent: Mapping[str, Any]) -> None:
        if "total" in sent:
            # A task that asks many devices: its host is not the one that is waited for.
            self.progress.asked.clear()
            self.progress.total = max(int(sent["total"]), self.progress.total or 0)
        elif "start" in sent:
            self.progress.start(sent["start"])
        else:
            self.progress.device(sent["name"], sent["seconds"], sent["parts"], sent["outcome"], sent.get("reason"))

    def _wanted(self, text: str) -> bool:
        """Whether Ansible's text is shown above the live line: not that one device more is done."""
        if not self._unsaid or not (ok := OK.fullmatch(COLOUR.sub("", text))) or ok[1] not in self._unsaid:
            return True
        self._unsaid.discard(ok[1])
        return False


def _shows_unicode() -> bool:
    return (sys.stdout.encoding or "").casefold().replace("-", "") == "utf8"
