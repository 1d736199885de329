# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import resource

import pytest
from ansible_collections.invmon.network.plugins.plugin_utils._actions.before_forks import make_room


def test_many_forks_get_the_open_files_that_they_need_or_there_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """ansible-core drops the tasks of hosts when it can open no more files, and says nothing of it."""
    limits = {"now": (256, 4096)}
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits["now"])
    monkeypatch.setattr(resource, "setrlimit", lambda _which, wanted: limits.update(now=wanted))
    assert make_room(25) is None
    assert limits["now"] == (256, 4096), "nothing is changed without need"
    assert make_room(500) is None
    assert limits["now"] == (2064, 4096)
    limits["now"] = (256, 256)
    warning = make_room(500)
    assert limits["now"] == (256, 256)
    assert "use at most 48 forks" in str(warning)
    limits["now"] = (256, resource.RLIM_INFINITY)
    assert make_room(500) is None
    assert limits["now"] == (2064, resource.RLIM_INFINITY)
