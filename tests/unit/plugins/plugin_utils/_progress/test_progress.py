# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tally of devices, its words and its line."""

from __future__ import annotations

import io
import os
import sys
import threading

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.cells import cells, shortened, wrapped
from ansible_collections.invmon.network.plugins.plugin_utils._progress import progress_bar, progress_pipe
from ansible_collections.invmon.network.plugins.plugin_utils._progress.live_line import COLOUR, ERASE, LiveLine
from ansible_collections.invmon.network.plugins.plugin_utils._progress.progress import (
    COMPLETE,
    FAILED,
    PARTIAL,
    Progress,
    duration,
    outcome_of,
)
from ansible_collections.invmon.network.plugins.plugin_utils._progress.progress_report import Report

HOSTILE = "sw\x1b[2J\u202egnp\x00"


class Clock:
    """Time that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def night(clock: Clock, total: int = 5000, done: int = 400, failed: int = 12, names: str = "sw{}") -> Progress:
    progress = Progress(total, clock)
    progress.resume()
    for number in range(done):
        bad = number < failed
        progress.device(
            names.format(number), 1 + number / 1000, 0 if bad else 10, FAILED if bad else COMPLETE, "timeout"
        )
    clock.now += 10
    return progress


def test_the_line_says_how_far_it_is_what_failed_and_how_long_the_rest_takes(clock: Clock) -> None:
    assert night(clock).line() == "400 of 5,000 devices, 12 failed, 1 min 55 s left, 3,880 parts, 40/s"


def test_nothing_is_foretold_from_too_little(clock: Clock) -> None:
    assert night(clock, done=4, failed=0).line() == "4 of 5,000 devices, 40 parts"
    assert Progress(None, clock).line() == "0 devices, 0 parts"


def test_what_is_reported_twice_counts_once(clock: Clock) -> None:
    progress = Progress(3, clock)
    progress.device("a", 1, 5, FAILED, "timeout")
    progress.device("a", 1, 7, PARTIAL)
    assert progress.line() == "1 of 3 devices, 1 incomplete, 7 parts"


def test_the_rate_is_that_of_collecting_and_not_of_the_pauses_between_batches(clock: Clock) -> None:
    progress = night(clock)
    progress.pause()
    clock.now += 1000
    progress.resume()
    assert progress.rate == pytest.approx(40)


def test_a_device_that_the_others_wait_for_is_named_instead_of_a_time_that_is_not_true(clock: Clock) -> None:
    progress = Progress(7, clock)
    progress.resume()
    for name in ("sw-slow", "sw-late", *"abcde"):
        progress.start(name)
    for name in "abcde":
        progress.device(name, None, 1, COMPLETE)
    clock.now += 65
    line = progress.line()
    assert "left" not in line
    assert line == "5 of 7 devices, waiting for sw-slow (1 min 5 s) and 1 more, 5 parts, 0.1/s"


def test_the_summary_names_the_slowest_and_the_failed_by_reason_in_words(clock: Clock) -> None:
    progress = night(clock)
    progress.device("fw-1", 2.5, 0, FAILED, "authentication")
    progress.device("fw-2", 9.25, 3, PARTIAL)
    assert progress.summary(79, slowest=2) == [
        "402 devices in 10 s: 388 complete, 1 incomplete, 13 failed; 3,883 parts",
        "not asked: 4,598 devices",
        "slowest: fw-2 9.2 s, fw-1 2.5 s",
        "failed, authentication (it refused the credentials): 1 device: fw-1",
        "failed, timeout (no answer in time): 12 devices: sw0, sw1, sw2, sw3, sw4, sw5,",
        "  sw6, sw7, sw8, sw9 and 2 more",
        "incomplete (the tasks above name the tables): 1 device: fw-2",
    ]


def test_no_name_of_a_device_steers_the_terminal(clock: Clock) -> None:
    progress = Progress(1, clock)
    progress.start(HOSTILE)
    clock.now += 6
    progress.resume()
    shown = [progress.line(), progress_bar.bar_maker(False, True)(progress, 200)]
    progress.device(HOSTILE, 6, 1, FAILED, "\x1bboom")
    shown += progress.summary()
    assert all(line.isprintable() for line in shown)
    assert sum("sw\\x1b[2J\\u202egnp\\x00" in line for line in shown) == 4


@pytest.mark.parametrize("width", [20, 40, 60, 79, 199])
def test_the_line_fits_the_terminal_whatever_the_names_are(clock: Clock, width: int) -> None:
    for colour in (False, True):
        draw = progress_bar.bar_maker(colour, True)
        for names in ("sw{}", "\u8def\u7531\u5668-{}", "a\u0301" * 50 + "{}"):
            for done in (0, 3, 400, 4999, 5000):
                progress = night(clock, done=done, names=names)
                progress.start(names.format("x"))
                clock.now += 30
                line = COLOUR.sub("", draw(progress, width))
                assert cells(line) <= width, line
                assert f"{done:,} of 5,000" in line
        for line in night(clock, names="\u8def\u7531\u5668-{}").summary(width):
            assert cells(line) <= max(width, 24), line


def test_the_plain_bar_shows_the_bad_ones_however_few(clock: Clock) -> None:
    draw = progress_bar.bar_maker(False, True)
    assert draw(night(clock, done=2500, failed=1), 79).startswith(
        "[=======!.........] 2,500 of 5,000 devices  1 failed  "
    )
    assert draw(night(clock, done=5000, failed=0), 79).startswith("[=================] 5,000 of 5,000 devices  50,000 ")


def test_without_rich_without_colours_or_in_ascii_the_line_is_plain(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = night(clock)
    drawn = {progress_bar.bar_maker(*how)(progress, 79) for how in ((False, True), (True, False), (False, False))}
    monkeypatch.setitem(sys.modules, "rich.console", None)
    drawn.add(progress_bar.bar_maker(True, True)(progress, 79))
    assert len(drawn) == 1
    assert drawn.pop().isascii()


def test_a_result_is_reported_by_its_parts_and_its_end() -> None:
    items = [{"serial": "A"}, {"serial": "A"}, {"serial": "B"}]
    facts = {"ansible_facts": {"entity_inventory": {"items": items, "complete": True}}}
    assert outcome_of(facts) == (2, COMPLETE, None)
    facts["ansible_facts"]["entity_inventory"]["complete"] = False
    assert outcome_of(facts) == (2, PARTIAL, None)
    assert outcome_of({"failed": True, "reason": "timeout"}) == (0, FAILED, "timeout")
    assert outcome_of({"failed": True}) == (0, FAILED, "error")


def test_times_are_written_as_people_write_them() -> None:
    said = [duration(seconds) for seconds in (0.04, 9.94, 9, 42.4, 60, 200, 7500, 7200)]
    assert said == ["0.0 s", "9.9 s", "9 s", "42 s", "1 min", "3 min 20 s", "2 h 5 min", "2 h"]


def test_texts_are_cut_and_broken_by_what_is_seen() -> None:
    assert shortened("\u8def\u7531\u5668", 6) == "\u8def\u7531\u5668"
    assert shortened("\u8def\u7531\u5668", 5) == "\u8def.."
    assert wrapped("one two three", 7) == ["one two", "  three"]
    assert wrapped("a-very-long-word x", 5) == ["a-very-long-word", "  x"]


def test_what_workers_send_arrives_completely_and_in_no_case_holds_them_up() -> None:
    reader = progress_pipe.Reader()
    try:
        assert progress_pipe.listening()
        worker = os.fork()
        if not worker:
            for number in range(50):
                progress_pipe.send_device(f"{HOSTILE}\U0001f4a5{number}" * 400, 1.23456, 3, FAILED, "timeout" * 99)
            os._exit(0)
        os.waitpid(worker, 0)
        told = reader.read()
        assert len(told) == 50
        assert told[0]["name"] == progress_pipe.key_of(f"{HOSTILE}\U0001f4a50" * 400)
        assert told[0]["seconds"] == 1.235
        # Nobody reads: this must come to an end all the same.
        for number in range(30000):
            progress_pipe.send_device(f"sw{number}", 1, 1, COMPLETE)
        assert all(one["name"].startswith("sw") for one in reader.read())
    finally:
        reader.close()
    assert not progress_pipe.listening()
    progress_pipe.send_device("nobody", 1, 1, COMPLETE)


def test_a_task_of_many_devices_says_a_line_now_and_then_unless_the_callback_does(clock: Clock) -> None:
    lines: list[str] = []
    report = Report(40, lines.append, interval=10, clock=clock)
    for number in range(40):
        clock.now += 1
        report.device(f"sw{number}", 1, 2, COMPLETE)
    assert [line.split(",")[0] for line in lines] == [
        "10 of 40 devices",
        "20 of 40 devices",
        "30 of 40 devices",
        "40 of 40 devices",
    ]
    reader = progress_pipe.Reader()
    try:
        quiet = Report(2, lines.append, interval=0, clock=clock)
        quiet.start("sw1")
        quiet.device("sw1", 1, 2, COMPLETE)
        assert len(lines) == 4
        assert reader.read() == [
            {"total": 2},
            {"start": "sw1"},
            {"name": "sw1", "seconds": 1, "parts": 2, "outcome": COMPLETE},
        ]
    finally:
        reader.close()


def test_the_live_line_lets_text_pass_above_it_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    lock = threading.RLock()
    live = LiveLine(lock, wanted=lambda text: text != "ok: [sw1]\n")
    live.open()
    live.show("[==..]")
    sys.stdout.write("ok: [sw1]\n")
    assert out.getvalue() == ERASE + "[==..]"
    sys.stdout.write("a diff\n")
    assert out.getvalue().endswith("a diff\n" + ERASE + "[==..]")
    # A prompt stands alone until it is answered.
    sys.stdout.write("Really? ")
    live.show("[===.]")
    assert out.getvalue().endswith(ERASE + "Really? ")
    sys.stderr.write("[WARNING]: x\n")
    live.show("[====]")
    assert err.getvalue() == "[WARNING]: x\n"
    live.close()
    assert out.getvalue().endswith("[====]" + ERASE)
    assert (sys.stdout, sys.stderr) == (out, err)
