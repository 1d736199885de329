# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix, the devices' half: each way in which an SNMP agent goes wrong, on one or three of 24 devices.

Four nights for each fault and each SNMP library: a bad one with an empty NetBox, a healthy one, a bad one that would
have been quiet, a healthy one. Each line is a bad night: how many devices were complete, incomplete, or not read, and
how many are held; how many rows say the truth when it is over; and what must be 0 after the healthy night that follows:
rows that are lost, that stand twice (a change that was none is one more), that show a serial which is not in that
device, and parts that a run called missing, though none is. Below it stands what the run says of the first device that
it names. Ends with 1 if one of these is not 0, if a device of which something is missing is not named, if one that is
healthy is, or if a row says something else than without the fault.

    python tests/run.py tests/faults_snmp.py ["dies in mid-table" ...]
"""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.invmon.network.plugins.filter.merge_by_serial import merge_by_serial
from ansible_collections.invmon.network.plugins.module_utils._common.errors import InvmonError
from ansible_collections.invmon.network.plugins.module_utils._devices.registry import read_device
from ansible_collections.invmon.network.plugins.module_utils._netbox.client import NetBox
from ansible_collections.invmon.network.plugins.module_utils._snmp.agent import Agent
from ansible_collections.invmon.network.plugins.module_utils._snmp.recording import (
    Recording,
    ReplayTransport,
    load_recording,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import Oid, VarBind
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import (
    ARGUMENT_SPEC,
    entity_facts,
)
from ansible_collections.invmon.network.plugins.module_utils._tasks.probes import run
from ansible_collections.invmon.network.plugins.plugin_utils._actions.collected import collected_devices, not_whole
from ansible_collections.invmon.network.tests.races import NIGHT, rows_of, standing
from ansible_collections.invmon.network.tests.recordings.build import recordings
from ansible_collections.invmon.network.tests.sandbox.fault_agent import FaultAgent
from ansible_collections.invmon.network.tests.sandbox.fault_agent_v3 import PASSPHRASE, USERNAME, as_user_agent
from ansible_collections.invmon.network.tests.sandbox.netbox.seed import one_site
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin
from ansible_collections.invmon.network.tests.sandbox.snmp_faults import FAULTS, TIMEOUT, Box, healthy
from ansible_collections.invmon.network.tests.unit.plugins.module_utils._probes.probe_model import reports

RECORDINGS = recordings()
#: One of each stands in every eight devices; the first three are those that fall ill.
PLATFORMS = (
    "isr4k",
    "junos-optics-in-entity",
    "sros-7705",
    "arista-modular",
    "nxos-modular",
    "h3c-comware",
    "asr1k-spa-and-transceivers",
    "huawei-ne40e",
)
DEVICES = 24
#: What asks the devices that fall ill: SNMPv2c, or SNMPv3 by one of the backends.
V2C = "v2c"
BACKENDS = (V2C, "builtin", "easysnmp", "snmp")
#: How many devices fall ill in the first night, and in the later one.
ILL = {V2C: (3, 1), "builtin": (2, 1), "easysnmp": (2, 2), "snmp": (1, 3)}
#: Devices that are asked at the same time.
WORKERS = 4
#: How the devices are asked: as users of v2c do; who has v3 is asked so first.
ACCESS = {"community": "public", "timeout": TIMEOUT, "retries": 2}
V3 = {
    **{"username": USERNAME, "security_level": "authNoPriv", "auth_protocol": "SHA", "auth_passphrase": PASSPHRASE},
    "versions": ["3"],
}


@dataclass
class Line:
    """The result of one bad night."""

    fault: str
    backend: str
    night: str
    ill: int
    whole: int
    part: int
    failed: int
    held: int
    written: int
    lost: int = 0
    twice: int = 0
    invented: int = 0
    missing: int = 0  #: parts that are said to be missing, or even gone
    says: str = ""
    wrong: str = ""  #: who is not named, or named without a reason; what stands otherwise than it should

    @property
    def good(self) -> bool:
        """True if nothing is lost, twice, invented, reported missing, or reported wrongly."""
        return not (self.lost or self.twice or self.invented or self.missing or self.wrong)


def boxes(number: int = DEVICES) -> dict[str, Box]:
    """The devices by name, each with serials of its own."""
    recorded = {name: load_recording(RECORDINGS / f"{name}.snmprec") for name in PLATFORMS}
    return {
        f"r{place + 1}": _copy(recorded[PLATFORMS[place % len(PLATFORMS)]], chr(ord("A") + place // len(PLATFORMS)))
        for place in range(number)
    }


def _copy(recording: Recording, letter: str) -> Box:
    """The same box once more: its serials end with another letter."""
    serials = {item.serial.encode() for item in read_device(Agent(ReplayTransport(recording))).items}
    varbinds: dict[Oid, VarBind] = {}
    for oid, varbind in recording.varbinds.items():
        value = varbind.value
        if isinstance(value, bytes) and value.strip() in serials:
            varbind = varbind._replace(value=value.strip() + letter.encode())
        varbinds[oid] = varbind
    copy = Recording("copy", varbinds, 0, sorted(varbinds))
    told = frozenset(item.serial for item in read_device(Agent(ReplayTransport(copy))).items)
    return Box(list(varbinds.values()), told)


@contextmanager
def agents(devices: Mapping[str, Box], maker: Any = healthy) -> Iterator[dict[str, FaultAgent]]:
    """An agent of each device."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(maker(box)) for name, box in devices.items()}


def _ask(arguments: dict[str, Any]) -> dict[str, Any]:
    """What the task snmp_entity_facts registers for a device."""
    try:
        return entity_facts(ArgumentSpecValidator(ARGUMENT_SPEC).validate(arguments).validated_parameters)
    except (InvmonError, OSError) as error:
        return {"failed": True, "msg": str(error), "reason": getattr(error, "reason", "error")}


class Network:
    """Boxes with an agent each; nights are collected by real UDP, and uploaded to a stand-in as the playbook does."""

    def __init__(self, pool: Any, devices: dict[str, Box], well: dict[str, FaultAgent]) -> None:
        self.boxes = devices
        self._pool = pool
        self._well = well

    def collect(self, ill: Mapping[str, FaultAgent], backend: str = V2C) -> dict[str, dict[str, Any]]:
        """The variables of each host after the role `collect`. Who is well is asked by SNMPv2c."""
        found = {name: ill.get(name, agent) for name, agent in self._well.items()}
        jobs = []
        for name, agent in found.items():
            library = {**V3, "backend": backend} if name in ill and backend != V2C else {"versions": ["2"]}
            jobs.append({"host": agent.address, "port": agent.port, **ACCESS, **library})
        results = self._pool.map(_ask, jobs, chunksize=1)
        return {
            name: {
                **{"ansible_host": agent.address, "snmp_port": agent.port, "collect_result": result},
                **{"netbox_device_id": int(name[1:]), "netbox_site": {"id": 1, "name": "Brno"}},
            }
            for (name, agent), result in zip(found.items(), results, strict=True)
        }

    def upload(self, standin: StandIn, hostvars: dict[str, dict[str, Any]], moment: datetime) -> dict[str, Any]:
        """The outcome of the role `upload`, entered into the variables as well."""
        devices = merge_by_serial(collected_devices(list(hostvars), hostvars))
        with NetBox(standin.url, standin.token, backoff=0.01) as netbox:
            _plan, outcome = run(netbox, reports(devices), moment, pause=0.01)
        for variables in hostvars.values():
            variables["upload_result"] = outcome
        return outcome


@contextmanager
def open_network(number: int = DEVICES) -> Iterator[Network]:
    """All devices up, and workers that ask them."""
    devices = boxes(number)
    # The workers first: they are forked while there is no thread yet.
    with get_context("fork").Pool(WORKERS) as pool, agents(devices) as well:
        yield Network(pool, devices, well)


def nights(network: Network, fault: str, backend: str, ill: Sequence[int]) -> Iterator[Line]:
    """The lines of a fault: that of a first night, and that of a quiet one."""
    wanted = state_when_nothing_happens(network)
    made = FAULTS[fault] if backend == V2C else lambda box: as_user_agent(FAULTS[fault](box))
    with start_standin(one_site(len(network.boxes))) as standin:
        for number, word in enumerate(("first", "quiet")):
            moment = NIGHT + timedelta(days=2 * number)
            concerned = dict(list(network.boxes.items())[: ill[number]])
            with agents(concerned, made) as sick:
                hostvars = network.collect(sick, backend)
            outcome = network.upload(standin, hostvars, moment)
            line = _line(network, standin, outcome, hostvars, moment, set(concerned))
            line.fault, line.backend, line.night, line.ill = fault, backend, word, ill[number]
            after = network.upload(standin, network.collect({}), moment + timedelta(days=1))
            _judge(network, standin, line, after, moment + timedelta(days=1), wanted)
            yield line


def _line(
    network: Network,
    standin: StandIn,
    outcome: dict[str, Any],
    hostvars: dict[str, dict[str, Any]],
    moment: datetime,
    ill: set[str],
) -> Line:
    """The line of a night that is just over."""
    named = not_whole(hostvars, hostvars)
    told = collected_devices(list(hostvars), _without_upload(hostvars))
    failed = {device["name"] for device in told if device["error"]}
    whole = {device["name"] for device in told if device["complete"]}
    held = {name for name, found in outcome["devices"].items() if found["outcome"] == "held"}
    true = _true_rows(standin, moment)
    known = set(named) | _without_parts(outcome)
    silent = [name for name, box in network.boxes.items() if not _has(true, name, box) and name not in known]
    wrong = [f"{name} is not named" for name in silent] + [f"{name} is named" for name in sorted(known - ill)]
    line = Line("", "", "", 0, len(whole), len(told) - len(whole) - len(failed), len(failed), len(held), len(true))
    line.missing = _said_missing(outcome)
    line.says = _says(named, hostvars) or next((text for text in _nothing_known(outcome)), "")
    line.wrong = "; ".join(wrong)
    return line


def _nothing_known(outcome: Mapping[str, Any]) -> Iterator[str]:
    """The lines about devices that answered, and whose parts are not known."""
    for item in outcome["standing"]:
        if item["kind"] == "nothing known":
            yield f"{item['device']}: nothing known: {item['text']}"


def _without_parts(outcome: Mapping[str, Any]) -> set[str]:
    """The devices that the summary's line "coverage: all parts" names: complete, without a part."""
    texts = {name: found.get("coverage", ()) for name, found in outcome["devices"].items()}
    return {name for name, found in texts.items() if any(text.startswith("all parts") for text in found)}


def _without_upload(hostvars: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {k: v for k, v in one.items() if k != "upload_result"} for name, one in hostvars.items()}


def _says(named: Mapping[str, str], hostvars: Mapping[str, Mapping[str, Any]]) -> str:
    """What the run says of the first device that it names, without its address."""
    if not named:
        return ""
    name, why = next(iter(named.items()))
    result = hostvars[name]["collect_result"]
    text = result["msg"] if result.get("failed") and not result.get("incomplete") else why
    host = f"{hostvars[name]['ansible_host']} (port {hostvars[name]['snmp_port']}) "
    return f"{name}: {text.removeprefix(host).removeprefix(f'{name}: ')}"


def _judge(
    network: Network, standin: StandIn, line: Line, after: dict[str, Any], moment: datetime, wanted: set[Any]
) -> None:
    """Complete a line by what stands after the healthy night."""
    rows = rows_of(standin.url, standin.token)
    inside = {(name, serial) for name, box in network.boxes.items() for serial in box.serials}
    line.lost = len(inside - _true_rows(standin, moment))
    line.twice = sum(number - 1 for number in standing(rows).values())
    line.invented = len({(row["device"]["name"], row["serial"]) for row in rows} - inside)
    line.missing += _said_missing(after)
    wrong = [line.wrong] if line.wrong else []
    wrong += [f"the healthy night calls: {', '.join(sorted(after['failed_hosts']))}"] if after["failed_hosts"] else []
    if differing := {_content(row) for row in rows} ^ wanted:
        wrong.append(f"{len(differing)} rows stand otherwise than without the fault, {sorted(differing)[0]} first")
    line.wrong = "; ".join(wrong)


def _said_missing(outcome: Mapping[str, Any]) -> int:
    return sum(len(found.get(word, ())) for found in outcome["devices"].values() for word in ("not_seen", "gone"))


def _true_rows(standin: StandIn, moment: datetime) -> set[tuple[str, str]]:
    """(device, serial) of the rows that were seen in the run of that moment."""
    seen = moment.isoformat().replace("+00:00", "Z")
    rows = rows_of(standin.url, standin.token)
    return {(row["device"]["name"], row["serial"]) for row in rows if row["time"] == seen}


def _has(rows: set[tuple[str, str]], name: str, box: Box) -> bool:
    return {(name, serial) for serial in box.serials} <= rows


def _content(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The content of a row."""
    keys = ("serial", "name", "part", "description", "category")
    mark = row["discovered_data"]["invmon"]
    return (row["device"]["name"], *(str(row[key]) for key in keys), str(mark.get("slot")), str(mark.get("interface")))


_undisturbed: dict[int, set[Any]] = {}


def state_when_nothing_happens(network: Network) -> set[Any]:
    """What the rows say of each part after a night without a fault."""
    key = len(network.boxes)
    if key not in _undisturbed:
        with start_standin(one_site(key)) as standin:
            network.upload(standin, network.collect({}), NIGHT)
            _undisturbed[key] = {_content(row) for row in rows_of(standin.url, standin.token)}
    return _undisturbed[key]


def matrix(
    network: Network, faults: Iterable[str] = tuple(FAULTS), backends: Iterable[str] = BACKENDS
) -> Iterator[Line]:
    """All lines, one by one."""
    for fault in faults:
        for backend in backends:
            if backend == V2C and fault.startswith("v3"):
                continue
            yield from nights(network, fault, backend, ILL[backend])


def main(faults: Sequence[str]) -> int:
    """Print the matrix, or the lines of the faults that are named."""
    bad = lines = 0
    said = ""
    columns = shutil.get_terminal_size().columns
    print("l, t, i, m: rows that are lost, twice, invented, and parts that are called missing; all must be 0\n")
    print(f"{'fault':25}{'library':9}{'night':6}{'ill':>3} whole part fail held rows  l t i m")
    with open_network() as network:
        for line in matrix(network, faults or tuple(FAULTS)):
            lines += 1
            bad += not line.good
            print(_printed(line, columns, said), flush=True)
            said = line.says
        parts = sum(len(box.serials) for box in network.boxes.values())
    good = f"Nothing lost, twice, invented or called missing, nobody unnamed: {parts} parts in {lines} nights."
    print(f"{bad} bad lines" if bad else good)
    return 1 if bad else 0


def _printed(line: Line, columns: int, said: str) -> str:
    """The line, and below it what the run says, unless the line before said that already."""
    text = f"{line.fault:25}{line.backend:9}{line.night:6}{line.ill:3}{line.whole:6}{line.part:5}{line.failed:5}"
    text += f"{line.held:5}{line.written:5}{line.lost:3}{line.twice:2}{line.invented:2}{line.missing:2}"
    words = ["" if line.says == said else line.says, f"WRONG: {line.wrong}" if line.wrong else ""]
    width = max(columns, 40)
    filled = (textwrap.fill(word, width, initial_indent=" " * 4, subsequent_indent=" " * 4) for word in words if word)
    return "\n".join([text, *filled])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
