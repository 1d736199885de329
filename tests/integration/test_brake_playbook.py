# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user types about parts that are gone, the brake, and another box: on collections that an earlier run left."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import Outcome
from ansible_collections.invmon.network.tests.sandbox.sandbox import COLLECTED

DEVICE = "rtr-mx-ostrava"


class Saved:
    """The saved collection of one device, changed as if it had been read again each time."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self.path = night.sandbox.folder / COLLECTED / f"{DEVICE}.json"
        self.whole = json.loads(self.path.read_text().splitlines()[0])

    def upload(self, *arguments: str, keep: int | None = None, **changes: Any) -> Outcome:
        """Upload it with its first items only."""
        items = self.whole["items"][:keep]
        changed = {**self.whole, "items": items, "collected_at": datetime.now(UTC).isoformat(), **changes}
        self.path.write_text(json.dumps(changed))
        return self.night.run("--tags", "upload", "--limit", DEVICE, "--diff", *arguments)


@pytest.fixture
def saved(night: Night) -> Saved:
    assert night.run("--limit", DEVICE).status == 0
    return Saved(night)


def moments(night: Night) -> set[str]:
    return {probe["time"] for probe in night.probes()}


def test_a_device_that_lost_most_of_its_parts_is_held_until_it_is_released(night: Night, saved: Saved) -> None:
    before = moments(night)
    outcome = saved.upload(keep=3)
    assert (outcome.status, outcome.failed) == (2, {DEVICE}), outcome.text
    assert f"Release: -e upload_release={DEVICE}" in outcome.said
    assert "held, nothing was written" in outcome.text
    assert moments(night) == before
    outcome = saved.upload("-e", f"upload_release={DEVICE},another", keep=3)
    assert outcome.status == 0, outcome.text
    assert moments(night) != before


def test_the_users_thresholds_reach_the_brake(saved: Saved) -> None:
    outcome = saved.upload("-e", "upload_brake_share=100", "-e", "upload_run_brake_share=100", keep=3)
    assert outcome.status == 0, outcome.text


def test_another_box_is_held_until_it_is_accepted(night: Night, saved: Saved) -> None:
    text = json.dumps(saved.whole)
    for number, serial in enumerate({item["serial"] for item in saved.whole["items"]}):
        text = text.replace(json.dumps(serial), json.dumps(f"OTHER-BOX-{number}"))
    other = json.loads(text)
    other["system"]["name"] = "another.example.org"
    changes = {key: other[key] for key in ("items", "chassis", "system")}
    outcome = saved.upload("-e", "upload_release=all", **changes)
    assert outcome.failed == {DEVICE}, outcome.text
    assert "another device seems to answer" in outcome.text
    assert "another.example.org" in outcome.text
    outcome = saved.upload("-e", f"upload_accept={DEVICE}", **changes)
    assert outcome.status == 0, outcome.text
    assert any(probe["serial"].startswith("OTHER-BOX-") for probe in night.probes())


def test_a_part_that_is_gone_gets_the_comment_that_the_user_wants(night: Night, saved: Saved) -> None:
    words = ["-e", "upload_gone=comment", "-e", "upload_gone_after=1", "-e", "upload_brake_share=100"]
    words += ["-e", "upload_gone_after_hours=0"]
    outcome = saved.upload(*words, keep=-1)
    assert outcome.status == 0, outcome.text
    (comment,) = [probe["comments"] for probe in night.probes() if probe["comments"]]
    assert comment.startswith("Gone: last seen ")
    assert "1 gone" in outcome.text
