# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user types to plan first, look, and apply then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ansible_collections.invmon.network.tests.integration.nights import Night

DEVICE, OTHER = "rtr-mx-ostrava", "sw-nexus-brno"


def steps_of(plan: Path) -> list[dict[str, Any]]:
    return [step for device in json.loads(plan.read_text())["plan"]["devices"] for step in device["steps"]]


def lines_of_parts(text: str) -> list[str]:
    return re.findall(r"^[+~!-] .*$", text, re.MULTILINE)


def test_plan_look_apply(night: Night, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    file = ("-e", f"upload_plan_file={plan}")
    planned = night.run("--limit", DEVICE, "--check", "--diff", *file)
    assert planned.status == 0, planned.text
    assert night.probes() == []
    steps = steps_of(plan)
    assert steps
    digest = json.loads(plan.read_text())["digest"]
    assert f"digest {digest}" in planned.said
    apply = ("--limit", DEVICE, "--diff", *file, "-e", "upload_apply_plan=true", "-e", f"upload_plan_digest={digest}")

    looked = night.run("--tags", "upload", *apply, "--check")
    assert looked.status == 0, looked.text
    assert night.probes() == []

    # Also without the tag no device is asked.
    applied = night.run(*apply)
    assert applied.status == 0, applied.text
    assert "Read the hardware" not in applied.text
    assert digest in applied.said
    assert lines_of_parts(applied.text) == lines_of_parts(looked.text) == lines_of_parts(planned.text) != []
    assert {probe["serial"] for probe in night.probes()} == {step["serial"] for step in steps}
    assert {probe["time"] for probe in night.probes()} == {step["data"]["time"] for step in steps}


def test_a_plan_that_was_looked_at_is_neither_replaced_nor_written_elsewhere(night: Night, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    file = ("-e", f"upload_plan_file={plan}")
    assert night.run("--limit", DEVICE, "--check", *file).status == 0
    before = plan.read_text()

    mistyped = night.run("--limit", DEVICE, *file, "-e", "upload_aply_plan=true")
    assert mistyped.status != 0
    assert "upload_plan_replace=true" in mistyped.text.replace("\n", " ")
    assert (plan.read_text(), night.probes()) == (before, [])

    other = ("--limit", OTHER, *file, "-e", "upload_apply_plan=true")
    outcome = night.run(*other)
    assert outcome.status == 0, outcome.text
    assert f"Not for the hosts of this run: {DEVICE}." in outcome.said
    assert night.probes() == []

    plan.write_text(before.replace('"action": "create"', '"action":"create"').replace('"netbox"', ' "netbox"'))
    text = night.run(*other, "--check").text.replace("\n", " ")
    assert "was changed after it was made" not in text, "only its spaces differ"
    forged = night.run("--limit", DEVICE, *file, "-e", "upload_apply_plan=true", "-e", f"upload_plan_digest={'0' * 32}")
    assert forged.status != 0
    assert f", not {'0' * 32}" in forged.text.replace("\n", " ")
    assert night.probes() == []


def test_a_step_that_netbox_has_moved_on_from_fails_its_device_by_name(night: Night, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert night.run("--limit", DEVICE).status == 0
    file = ("-e", f"upload_plan_file={plan}", "--limit", DEVICE, "--tags", "upload")
    planned = ("-e", f"upload_plan_file={plan}", "-e", "upload_refresh_after=0")
    assert night.run("--limit", DEVICE, *planned, "--check").status == 0
    probe = night.probes()[0]
    path = f"plugins/inventory-monitor/probes/{probe['id']}/"
    night.netbox(path, "PATCH", {"comments": "looked at it"})
    outcome = night.run(*file, "-e", "upload_apply_plan=true")
    assert outcome.failed == {DEVICE}, outcome.text
    assert "refused: its row in NetBox was edited after the plan was made" in outcome.said
    assert probe["serial"] in outcome.said
    moments = {one["serial"]: one["time"] for one in night.probes()}
    assert moments.pop(probe["serial"]) == probe["time"]
    assert probe["time"] not in moments.values()


def test_a_missing_plan_is_named_and_nothing_is_written(night: Night, tmp_path: Path) -> None:
    plan = tmp_path / "other.json"
    outcome = night.run("--tags", "upload", "-e", f"upload_plan_file={plan}", "-e", "upload_apply_plan=true")
    assert outcome.status != 0
    assert f"The plan is not applied. There is no file {plan}" in outcome.text
    assert night.probes() == []


def test_batches_do_not_replace_each_others_plan(night: Night, tmp_path: Path) -> None:
    words = ("--check", "-e", f"upload_plan_file={tmp_path / 'plan.json'}", "-e", "invmon_batch_size=1")
    outcome = night.run("--tags", "upload", *words)
    assert outcome.status != 0
    assert "upload_plan_file: a plan is one file for the whole run; remove invmon_batch_size" in outcome.text
    assert list(tmp_path.iterdir()) == []
