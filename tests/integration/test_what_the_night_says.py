# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the nightly job says at its end: to a person, in the log of AWX, in the record; and beside JSON, nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.invmon.network.tests.integration.nights import Night
from ansible_collections.invmon.network.tests.integration.playbook_runs import ROOT

#: Two good ones, of which something will change, and one that is dead.
FEW = ("--limit", "sw-stack-brno,rtr-7750-ostrava,sw-dead", "-e", "snmp_timeout=1", "-e", "snmp_retries=1")
#: A device that answers, and has no table that anybody knows.
UNKNOWN = """1.3.6.1.2.1.1.1.0|4|A box of nobody
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.36673.1
1.3.6.1.2.1.1.3.0|67|4711
1.3.6.1.2.1.1.5.0|4|box
"""
NO_CALLBACK = {"ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit", "JUNIT_OUTPUT_DIR": "/nonexistent"}


def test_a_change_is_named_each_night_until_it_is_settled_and_in_the_record(night: Night, tmp_path: Path) -> None:
    first = night.run(*FEW)
    assert "Read for the first time: rtr-7750-ostrava (" in first.said
    assert "Not reported over SNMP (new; -v says it each time)" not in first.said, "these two report everything"
    night.sandbox.network.apply_change()
    try:
        dry = night.run(*FEW, "--check", COLUMNS="80")
        lines = dry.text[dry.text.rindex("\nInventory, dry run: 3 devices") :].strip().splitlines()
        assert "Would change 4 parts on 2 devices" in lines
        assert dry.said.endswith("This was a dry run: 1 row would be written, none was.")
        assert max(len(line) for line in lines if "WARNING" not in line) <= 80
        file = tmp_path / "record.json"
        real = night.run(*FEW, "-e", f"invmon_run_record={file}", "-e", "upload_gone_after_hours=0")
        assert "Changed 4 parts on 2 devices" in real.said
        assert "replaced SFP-10G-LR AVD9301L0X1 -> AVD9311L0X9" in real.said
        assert "with 2 optics in it: N938S0F03, N938S0F04" in real.said
        record = json.loads(file.read_text())
        assert {change["serial"]: change["fate"] for change in record["changes"]} == {
            "AVD9311L0X9": "replaced", "NK9380M0A03": "not_seen", "N938S0F03": "not_seen", "N938S0F04": "not_seen",
        }  # fmt: skip
        gone = night.run(*FEW, "-e", "upload_gone_after_hours=0")
        assert "Slot 2 / MDA 2/1 gone 3HE17771AARB01 NK9380M0A03" in gone.said
        assert "AVD9301L0X1" not in gone.said, "it was replaced, and that was said"
        # Without a callback the same is printed before the recap.
        quiet = night.run(*FEW, **NO_CALLBACK)
        assert quiet.changed == set()
        text = quiet.text[: quiet.text.index("PLAY RECAP")]
        assert "Still open" in text
        assert "NK9380M0A03" in text
        assert "sw-dead" in quiet.said.partition("Needs attention")[2]
    finally:
        night.sandbox.network.undo_change()


def test_with_a_callback_that_prints_json_nothing_of_ours_goes_to_stdout(night: Night) -> None:
    tool = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [tool, "-i", night.inventory, "playbooks/inventory.yml", *FEW, "--check", "-e", "invmon_batch=true"]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "NETBOX_", "SNMP_"))},
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "collections"),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "integration" / "callback_plugins"),
        "ANSIBLE_STDOUT_CALLBACK": "only_json",
        "INVMON_PROGRESS_INTERVAL": "0.2",
    }
    for callbacks in ("invmon.network.progress", "ansible.builtin.junit"):
        environment |= NO_CALLBACK | {"ANSIBLE_CALLBACKS_ENABLED": callbacks}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        assert {event["event"] for event in events} >= {"failed", "ok", "stats"}
        assert "Inventory, dry run: 3 devices" in done.stderr
        assert "sw-dead: 127.10.0.31" in done.stderr


def test_a_device_of_which_nothing_is_known_is_not_green(night: Night, tmp_path: Path) -> None:
    recording = tmp_path / "box.snmprec"
    recording.write_text(UNKNOWN)
    one = ("--limit", "rtr-mx-ostrava", "-e", f"snmp_replay_from={recording}", "-e", "invmon_collected=")
    outcome = night.run(*one, "-e", f"invmon_run_record={tmp_path / 'record.json'}")
    assert (outcome.status, outcome.failed) == (0, set()), outcome.text
    assert "1 with nothing known." in outcome.said
    assert "rtr-mx-ostrava nothing known enterprise 36673: ENTITY-MIB is not present" in outcome.said
    assert json.loads((tmp_path / "record.json").read_text())["state"] == "attention"
    strict = night.run(*one, "-e", "invmon_fail_when_nothing_known=true")
    assert (strict.status, strict.failed) == (2, {"rtr-mx-ostrava"}), strict.text
