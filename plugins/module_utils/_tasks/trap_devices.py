# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which device of the inventory an address is: as Ansible itself has it, so that --limit means the same device.

The inventory is any source of Ansible: a file, a folder, or NetBox by the plugin netbox_devices. It is read by
ansible-inventory, kept, and read again after a while, or for an address that is not in it, but not for each packet.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .._common.errors import InvmonError
from .._outgoing.text import brief, printable
from .._outgoing.words import listed
from .._traps.listener import plain_address

#: Seconds: an unknown address has the inventory read again after this time at the earliest.
LEAST_BETWEEN = 60
#: Seconds that reading the inventory may take, and resolving the names in it.
_READ_SECONDS, _RESOLVE_SECONDS = 600, 60
#: Octets of what ansible-inventory returns.
_MOST_OCTETS = 512 * 2**20
#: A name that limit_to() makes a pattern of: nothing that is one (* ? [ ]), no list (, :), no sign before it
#: (! & ~ @ -).
_ONE_HOST = re.compile(r"[\w#/.+](?:[\w@#/.+ -]*[\w@#/.+-])?")
#: Groups that every inventory has.
_GROUPS = frozenset({"all", "ungrouped"})
#: Variables with the address of a device; the first one that is set counts.
_ADDRESS = ("snmp_host", "ansible_host")
_RESOLVED_AT_ONCE = 50
#: How ansible-inventory wraps a text that Ansible must not evaluate.
_UNSAFE = "__ansible_unsafe"


class InventoryError(InvmonError):
    """The inventory cannot be read."""

    reason = "inventory"


class Devices:
    """Address -> name of the host."""

    def __init__(self, inventory: str, given: Mapping[str, str], refresh: float) -> None:
        """
        :param inventory: as ansible-inventory -i takes it; empty if there are only those that are given.
        :param given: address -> name, which win over the inventory.
        :param refresh: seconds after which the inventory is read again.
        """
        self._inventory, self._refresh = inventory, refresh
        self._given = {address: name for address, name in given.items() if is_one_host(name)}
        self._found: dict[str, str] = {}
        self._read_at = -float("inf")
        problem = _not_one_host(set(given.values()) - set(self._given.values()))
        self.problems = [problem] if problem else []

    def known(self, address: str) -> str:
        """The name; empty if it is not known by now."""
        return self._given.get(address) or self._found.get(address, "")

    async def find(self, address: str) -> str:
        """The name; reads the inventory if it is old, or if the address is not in it. Empty for an unknown one."""
        age = time.monotonic() - self._read_at
        if self._inventory and age >= (self._refresh if self.known(address) else min(LEAST_BETWEEN, self._refresh)):
            await self.read()
        return self.known(address)

    async def read(self) -> None:
        """Read the inventory. What cannot be read or used is added to `problems`; the former devices are kept then."""
        if not self._inventory:
            return
        try:
            self._found, problems = await addresses_of(*await _hosts(self._inventory))
        except InventoryError as error:
            problems = [str(error)]
        # A failed one is not repeated for each packet either.
        self._read_at = time.monotonic()
        self.problems += problems

    def take_problems(self) -> list[str]:
        """Sentences that were not taken yet."""
        taken, self.problems = self.problems, []
        return taken


def is_one_host(name: str, groups: Container[str] = _GROUPS) -> bool:
    """Whether limit_to() makes a pattern of a name that means this host only.

    :param groups: of the inventory. The pattern of a host that is called as a group is means that group.
    """
    return _ONE_HOST.fullmatch(name) is not None and len(name) <= 255 and name not in groups


def limit_to(name: str) -> list[str]:
    """What means one host where a list is joined with commas and given to --limit, as ansible-rulebook does it.

    Ansible splits a pattern at blanks, and "core all" is two of them, unless there is a comma.
    """
    return [name, ""] if " " in name else [name]


async def addresses_of(
    hosts: Mapping[str, Mapping[str, Any]], groups: Container[str] = _GROUPS
) -> tuple[dict[str, str], list[str]]:
    """Address -> name, and sentences about hosts that are left out."""
    by_name = {name: _address(name, about) for name, about in hosts.items() if is_one_host(name, groups)}
    resolved = await _resolved(set(by_name.values()))
    owners: dict[str, set[str]] = defaultdict(set)
    for name, address in by_name.items():
        for literal in resolved.get(address, ()):
            owners[literal].add(name)
    several = sorted({name for names in owners.values() if len(names) > 1 for name in names})
    problems = [_not_one_host(set(hosts) - set(by_name))]
    if several:
        problems.append(
            f"Notifications of {listed(several)} start nothing, because these hosts share an address: correct it in "
            "the inventory, or name one of them in devices."
        )
    found = {address: next(iter(names)) for address, names in owners.items() if len(names) == 1}
    return found, [problem for problem in problems if problem]


def _not_one_host(names: Iterable[str]) -> str:
    left = sorted(names)
    if not left:
        return ""
    return (
        f"Notifications of {listed(left)} start nothing, because --limit would take such a name for a pattern or a "
        "group: rename the device."
    )


def _address(name: str, variables: Mapping[str, Any]) -> str:
    values = (variables.get(key) for key in _ADDRESS)
    # What Ansible must never evaluate is wrapped, such as all that comes from NetBox.
    plain = (value.get(_UNSAFE) if isinstance(value, Mapping) else value for value in values)
    return next((str(value) for value in plain if value), name).strip().strip("[]")


async def _hosts(inventory: str) -> tuple[dict[str, Mapping[str, Any]], Container[str]]:
    """The variables of each host, and the names of the groups. Raises InventoryError."""
    command = tool("ansible-inventory")
    process = await asyncio.create_subprocess_exec(
        *(command, "-i", inventory, "--list"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, errors = await asyncio.wait_for(process.communicate(), _READ_SECONDS)
    except TimeoutError:
        raise _unreadable(inventory, f"ansible-inventory did not end in {_READ_SECONDS} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode or len(output) > _MOST_OCTETS:
        last = errors.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise _unreadable(inventory, brief(" ".join(last) or f"exit status {process.returncode}", 300))
    try:
        groups = json.loads(output)
        hosts = groups["_meta"]["hostvars"]
        names = {name for group in groups.values() for name in group.get("hosts", ())}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _unreadable(inventory, "ansible-inventory returned something else than an inventory") from None
    return {str(name): hosts.get(name) or {} for name in {*hosts, *names}}, {*groups, *_GROUPS}


def _unreadable(inventory: str, why: str) -> InventoryError:
    return InventoryError(
        f"The inventory {printable(inventory)} could not be read, so its devices are those of the last time: {why}"
    )


def tool(name: str) -> str:
    """A command of Ansible: next to this Python, or on the path. Raises InventoryError."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        raise InventoryError(f"{name} is not installed here", "install ansible-core, or set devices")
    return found


async def _resolved(words: Iterable[str]) -> dict[str, list[str]]:
    """The addresses that each word is or resolves to; a name that does not resolve has none."""
    found: dict[str, list[str]] = {}
    names = []
    for word in words:
        try:
            found[word] = [plain_address(word)]
        except ValueError:
            names.append(word)
    gate = asyncio.Semaphore(_RESOLVED_AT_ONCE)

    async def resolve(name: str) -> None:
        async with gate:
            with suppress(OSError, UnicodeError, ValueError):
                answers = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_DGRAM)
                found[name] = sorted({plain_address(str(answer[4][0])) for answer in answers})

    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*map(resolve, names)), _RESOLVE_SECONDS)
    return found
