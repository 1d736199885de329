# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that editors of NetBox and senders of recordings choose, where they are more than names."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from ansible_collections.invmon.network.plugins.module_utils._common.typed_json import WrongShape
from ansible_collections.invmon.network.plugins.module_utils._inventory.device_rows import device_rows
from ansible_collections.invmon.network.plugins.module_utils._inventory.host_names import host_names
from ansible_collections.invmon.network.plugins.module_utils._outgoing.results import fit_to_leave
from ansible_collections.invmon.network.plugins.module_utils._outgoing.secrets import Secrets
from ansible_collections.invmon.network.plugins.module_utils._probes.policy import Policy, read_policy
from ansible_collections.invmon.network.tests.attacks.ansible_commands import ROOT, ansible
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import (
    Table,
    device,
    night,
    record,
)

TOKEN = "c0ffee00" * 5
#: Clears the screen, turns the writing direction, begins a line that looks like Ansible's.
HOSTILE = "\x1b[2J\u202e\nok: [r9]"


@pytest.mark.attack(
    "A device with a name that means something in a result",
    tried="devices called ansible_facts, diff and devices, and a NetBox that repeats the token, escapes and line breaks"
    " in what it says of them",
    came="the token is hidden, and the text printable and on one line, as of every device",
)
@pytest.mark.parametrize("name", ["ansible_facts", "diff", "devices"])
def test_no_name_of_a_device_lets_its_texts_pass(name: str) -> None:
    error = f"{HOSTILE} {TOKEN}"
    result = {"devices": {name: {"error": error}}, "failed_hosts": {name: error}, "conflicts": {name: [error]}}
    found = fit_to_leave(result, Secrets([TOKEN]))
    assert TOKEN not in str(found)
    for text in (found["devices"][name]["error"], found["failed_hosts"][name], found["conflicts"][name][0]):
        assert text.isprintable()


@pytest.mark.attack(
    "A name that releases more than its device",
    tried="devices that are held, called 'x,all', 'x,r2', 'x upload_gone=delete', and with commands of a shell in the"
    " name, which a person copies out of the sentence that says how to release them",
    came="it is given as a list in JSON, in which no shell, no -e and no comma finds anything but the name",
)
@pytest.mark.parametrize("kind", ["release", "accept"])
@pytest.mark.parametrize(
    "name", ["x,all", "x,r2", "x upload_gone=delete upload_gone_age=1", "x';$(id)`id`\"|&\\", "x\u202e\U0001f327"]
)
def test_a_name_that_is_copied_is_one_name(kind: str, name: str) -> None:
    table = Table()
    for number in range(2):
        # Of the second night half of the parts; or another box altogether.
        box = str(number) if kind == "accept" else "0"
        records = [record(f"{box}-{slot}", f"Slot {slot}") for slot in range(10 - 5 * number)]
        chassis = record(f"C{box}", "Chassis", category="chassis", path="Chassis")
        asked = device(1, [chassis, *records], system={"name": f"sys-{box}"}, platform="ios")
        plan = table.run([{**asked, "name": name, "device_name": name}], night(number))
    held = plan.devices[0].held
    assert held is not None
    assert held.answer in held.sentence
    assert held.answer.isprintable()
    # What a shell makes of it is one value for one variable, and nothing in it is anything to the shell.
    option, given = shlex.split(held.answer)
    assert held.answer == f"{option} '{given}'"
    assert not re.search(r"""[$`'\\;&|]""", given.replace("\\u", ""))
    assert json.loads(given) == {f"upload_{kind}": [name]}
    policy = read_policy({**vars(Policy()), kind: json.loads(given)[f"upload_{kind}"]})
    assert not policy.lets_pass({"r2"})


def _row(number: int, name: str, site: str) -> dict[str, object]:
    return {"id": number, "name": name, "site": {"slug": site}}


@pytest.mark.attack(
    "A device that is called like the spelling of another one",
    tried="two devices of one name, told apart as core@brno and core@praha, and others that an editor calls core@brno,"
    " core@brno#1, #1, and like the spelling of such a one in turn",
    came="each spelling is its own device's: host_vars, and the credentials in them, and --limit meet nobody else",
)
def test_a_name_does_not_take_the_spelling_of_another_device() -> None:
    twins = [_row(1, "core", "brno"), _row(2, "core", "praha")]
    forged = [_row(3, "core@brno", "x"), _row(4, "core@brno@x", "y"), _row(5, "core@brno#1", "x"), _row(6, "#1", "x")]
    names = host_names([*forged, *twins])
    assert (names[1], names[2]) == ("core@brno", "core@praha")
    assert len(set(names.values())) == 6
    assert names == host_names([*twins, *forged[::-1]])
    # Called so without a twin, it has its name; and one thousand of them cost no time.
    assert host_names([forged[0], _row(1, "core", "brno")]) == {3: "core@brno", 1: "core"}
    chain = [_row(number, "core" + "@x" * number, "x") for number in range(240)]
    assert len(set(host_names([*chain, _row(1000, "core", "y")]).values())) == 241


@pytest.mark.attack(
    "An address with more in it",
    tried="primary addresses with a zone, which Python takes for an address whatever it contains: escapes, a port",
    came="the reply is refused as none of NetBox's",
)
@pytest.mark.parametrize("address", ["fe80::1%\x1b[2J/64", "fe80::1%a]:1,x/128", "fe80::1%eth0"])
def test_an_address_holds_nothing_else(address: str) -> None:
    with pytest.raises(WrongShape, match="is not an address"):
        device_rows([{"id": 1, "primary_ip6": {"address": address}}])


@pytest.mark.attack(
    "Names of recordings from a stranger",
    tried="files whose names clear the screen, turn the writing direction and begin a line, replayed",
    came="each is read, under a name that is printable and on one line",
)
def test_names_of_recordings_do_not_draw_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    for name in (f"box {HOSTILE}", "box 2"):
        shutil.copy(recordings() / "asa.snmprec", tmp_path / "sent" / f"{name}.snmprec")
    run = ansible(
        tmp_path,
        "ansible-playbook",
        *(
            str(ROOT / "playbooks" / "replay.yml"),
            "-e",
            f"replay_from={tmp_path}/sent",
            "-e",
            f"replay_to={tmp_path}/read",
        ),
    )
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    assert len(list((tmp_path / "read").iterdir())) == 2
    assert "\nok: [r9]" not in said
    assert not [char for char in said if not char.isprintable() and char != "\n"]
