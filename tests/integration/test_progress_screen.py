# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback `progress` as a person sees it: the nightly job on a terminal, and in a pipe."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyte
import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT

GOOD = ("rtr-mx-ostrava", "sw-stack-brno", "sw-nexus-brno")
LIMIT = ("--limit", ",".join((*GOOD, "sw-dead")), "-e", "snmp_retries=1")
LINE = re.compile(r"\d of 4 devices")


@dataclass
class Seen:
    """What a terminal showed: its text at the end, and each line that the cursor ever stood in."""

    status: int
    text: str
    raw: bytes
    lines: list[str] = field(default_factory=list)

    @property
    def live(self) -> list[str]:
        return [line for line in self.lines if LINE.search(line)]


Watcher = Callable[[str, int], None]


def on_terminal(
    night: Night,
    *arguments: str,
    columns: int = 80,
    watch: Watcher | None = None,
    playbook: Path = ROOT / "playbooks" / "inventory.yml",
    **more: str,
) -> Seen:
    """The nightly job on a terminal of its own. watch: gets the cursor's line and the terminal whenever it changes."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANSIBLE_", "NETBOX_", "SNMP_", "INVMON_"))}
    clean |= {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"), "TERM": "xterm-256color"}
    clean.pop("NO_COLOR", None)
    tool = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [tool, str(playbook), "-i", night.inventory, *LIMIT, *arguments]
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.chdir(ROOT)
        os.execve(tool, command, clean | more)
    screen = pyte.HistoryScreen(columns, 50, history=5000)
    stream = pyte.ByteStream(screen)
    seen = Seen(0, "", b"")
    try:
        while True:
            chunk = os.read(terminal, 65536)
            seen.raw += chunk
            stream.feed(chunk)
            line = screen.display[screen.cursor.y].rstrip()
            if line and line not in seen.lines[-1:]:
                seen.lines.append(line)
                if watch:
                    watch(line, terminal)
    except OSError:
        pass  # EIO: the other end is closed
    finally:
        os.close(terminal)
    seen.status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    above = ["".join(row[column].data for column in range(columns)) for row in screen.history.top]
    seen.text = "\n".join(line.rstrip() for line in [*above, *screen.display]).rstrip()
    return seen


@pytest.mark.parametrize(
    ("columns", "environment"), [(80, {}), (200, {}), (80, {"NO_COLOR": "1"})], ids=["80", "200", "plain"]
)
def test_a_live_line_is_below_all_else_and_nothing_is_left_of_it(
    night: Night, columns: int, environment: dict[str, Any]
) -> None:
    seen = on_terminal(night, "--check", "--diff", "-e", "snmp_timeout=1", columns=columns, **environment)
    assert seen.status == 2
    assert any("3 of 4 devices" in line for line in seen.live), seen.lines
    assert all(len(line) < columns for line in seen.live)
    assert (b"\x1b[32m" in seen.raw) == ("\u2501" in "".join(seen.live)) == (not environment)
    # Only the end tells of the four devices: no picture of the line is left, and no diff lost a line.
    assert LINE.findall(seen.text) == []
    assert len(re.findall(r"^\+ \S", seen.text, re.MULTILINE)) == sum(
        int(number) for number in re.findall(r"^\S.*: (\d+) new", seen.text, re.MULTILINE)
    )
    # That a device was read is told by the line; that one failed is not left to it.
    collecting = seen.text.partition("TASK [invmon.network.collect")[2].partition("TASK [invmon.network.upload")[0]
    assert [name for name in GOOD if f"ok: [{name}]\n" in collecting] == []
    assert "fatal: [sw-dead]: FAILED!" in seen.text
    # What the night came to is the end, and the only end: as wide as the terminal, and no wider than can be read.
    end = seen.text.rpartition("PLAY RECAP **")[2]
    assert "COLLECTED" not in seen.text
    paragraph = " ".join(end.split())
    assert "Inventory, dry run: 4 devices in " in paragraph
    assert "3 complete, 1 unreachable. Nothing was written." in paragraph
    assert re.search(r"^  sw-dead +unreachable +", end, re.MULTILINE), end
    assert re.search(r"^Slowest: sw-dead [\d.]+ s, .*^Inventory, dry run", end, re.MULTILINE | re.DOTALL), end
    last = seen.text.splitlines()[-1]
    assert re.search(r"^This was a dry run: \d+ rows would be written, none was\.$", last), end


def test_ctrl_c_takes_the_line_away_and_says_how_far_it_was(night: Night) -> None:
    def interrupt(line: str, terminal: int) -> None:
        if "3 of 4 devices" in line and not pressed:
            pressed.append(line)
            os.write(terminal, b"\x03")

    pressed: list[str] = []
    seen = on_terminal(night, "-e", "snmp_timeout=4", watch=interrupt)
    assert pressed
    assert seen.status == 99, seen.text
    assert seen.text.endswith("User interrupted execution\nInterrupted after 3 of 4 devices."), seen.text[-500:]


def test_with_v_each_device_is_shown_above_the_line(night: Night) -> None:
    seen = on_terminal(night, "--check", "-v", "-e", "snmp_timeout=1", "--tags", "collect")
    assert [name for name in GOOD if f"ok: [{name}] =>" not in seen.text] == []
    assert seen.live


def test_where_each_host_goes_its_own_way_all_are_counted(night: Night, tmp_path: Path) -> None:
    playbook = tmp_path / "free.yml"
    tasks = [
        {"invmon.network.snmp_entity_facts": {}, "ignore_errors": True},
        {"ansible.builtin.debug": {"msg": "another task"}},
    ]
    playbook.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "strategy": "free", "tasks": tasks}]))
    seen = on_terminal(night, "-e", "snmp_timeout=1", playbook=playbook)
    assert seen.text.count("another task") == 4
    assert re.search(r"COLLECTED \*+\n4 devices in .*: 3 complete, 1 failed; \d+ parts\nslowest: ", seen.text), (
        seen.text
    )


def test_in_a_pipe_a_whole_line_now_and_then_and_nothing_that_steers_a_terminal(night: Night) -> None:
    arguments = (*LIMIT, "--check", "--tags", "collect", "-e", "snmp_timeout=1", "-e", "invmon_batch_size=2")
    text = night.run(*arguments, INVMON_PROGRESS_INTERVAL="0.5").text
    said = [line for line in text.splitlines() if LINE.search(line)]
    assert len(said) >= 3, text
    # The two batches have one tally.
    assert re.fullmatch(r"4 of 4 devices, 1 failed, \d+ parts", said[-1]), said
    assert "\x1b" not in text
    assert [name for name in GOOD if f"\nok: [{name}]\n" not in text] == []
    quiet = night.run("--limit", GOOD[0], "--check", "--tags", "collect", INVMON_PROGRESS_STYLE="summary").text
    assert "of 1 device" not in quiet
    assert "COLLECTED **" in quiet


def test_a_run_that_collects_nothing_shows_nothing(night: Night) -> None:
    assert "COLLECTED" not in night.run(*LIMIT, "--tags", "upload").text
