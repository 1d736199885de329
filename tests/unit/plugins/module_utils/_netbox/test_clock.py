# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A controller whose clock is wrong: what it would write is when a part was seen."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.invmon.network.plugins.module_utils._netbox import session
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._netbox.clock import check_clock, seconds_ahead
from ansible_collections.invmon.network.plugins.module_utils._netbox.errors import NetBoxOptionError
from ansible_collections.invmon.network.plugins.module_utils._netbox.latest import PROBES
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import start_standin
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    device,
    record,
    reports,
)


class Clock:
    """time.time() of the session, off by so many seconds; all else of the module as it is."""

    def __init__(self, off: float) -> None:
        self.off = off

    def time(self) -> float:
        return time.time() + self.off

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)


@pytest.mark.parametrize(("off", "word"), [(400 * 86400, "ahead of"), (-400 * 86400, "behind")])
def test_a_controller_whose_clock_is_wrong_writes_nothing_and_says_so(
    off: float, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "time", Clock(off))
    moment = datetime.now(UTC) + timedelta(seconds=off)
    with start_standin(one_site(1)) as standin, NetBox(standin.url, standin.token) as netbox:
        with pytest.raises(NetBoxOptionError, match=f"The clock of this controller is 400 days.* {word} NetBox's"):
            run(netbox, reports([device(1, [record("A")])]), moment, own_clock=True)
        assert netbox.get_all(PROBES, {}) == []
        run(netbox, reports([device(1, [record("A")])]), moment)
        assert len(netbox.get_all(PROBES, {})) == 1


def test_a_clock_that_is_minutes_off_and_a_reply_without_a_date_are_no_trouble() -> None:
    now = datetime(2026, 11, 29, 2, 0, tzinfo=UTC).timestamp()
    check_clock(seconds_ahead("Sun, 29 Nov 2026 01:10:00 GMT", now))
    check_clock(seconds_ahead(None, now))
    for odd in ("", "yesterday", "Sun, 29 Nov 99999 01:10:00 GMT"):
        check_clock(seconds_ahead(odd, now))
