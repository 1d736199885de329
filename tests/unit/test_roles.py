# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of roles that are written twice, as a template for each host would cost more than the copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

COLLECT = Path(__file__).resolve().parents[2] / "roles" / "collect" / "tasks"


def task_of(name: str) -> dict[str, Any]:
    (task,) = yaml.safe_load((COLLECT / name).read_text(encoding="utf-8"))
    return dict(task)


def test_in_batches_a_device_is_read_as_in_any_run_and_the_run_goes_on() -> None:
    in_batches, usual = task_of("in_batches.yml"), task_of("main.yml")
    assert in_batches.pop("ignore_errors") is True
    assert "collect_ignore_errors" in usual.pop("ignore_errors")
    assert in_batches == usual
