# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the NetBoxes of a run are, from all places that define it: a task need not repeat the inventory file.

The inventory plugin leaves here how it reached each NetBox. Ansible's workers are forks of the process that read the
inventory, so that they have it as well, and no token is a variable that -vvv, ansible-inventory or AWX would show. A
host carries the address of its NetBox only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from ...module_utils._common.errors import InvmonError
from ...module_utils._netbox.address import base_url
from ...module_utils._netbox.errors import NetBoxError, NetBoxOptionError
from ...module_utils._netbox.options import connect
from ...module_utils._netbox.source import Given, NetBoxSource, Sources, given, surroundings
from ...module_utils._outgoing.text import printable
from .._run.renamed_variables import reading

#: Variables that show which NetBox a host belongs to: the page of the device, and the address of NetBox.
DEVICE_URL, URL = "netbox_device_url", "netbox_url"
#: option -> variable that gives it where the task does not.
VARIABLES = {"validate_certs": "netbox_validate_certs", "ca_path": "netbox_ca_path", "timeout": "netbox_timeout"}
TOKEN, TOKENS = "netbox_token", "netbox_tokens"

#: Inventory file -> the NetBox that it was read from, in this process and its forks.
_registered: dict[str, NetBoxSource] = {}


def register(path: str, source: NetBoxSource) -> None:
    """Note the NetBox of an inventory file. Raises NetBoxOptionError if another file gives another token for it."""
    for other, known in _registered.items():
        if other != path and known.url == source.url and known.token != source.token:
            raise NetBoxOptionError(
                f"{other} and {path} have different tokens for NetBox at {source.url}: use the same token in both "
                "files."
            )
    _registered[path] = source


def sources_for(
    options: Mapping[str, Any], variable: Callable[[str], Any], on_command_line: Iterable[str] = ()
) -> Sources:
    """All places that say where NetBox is, for a task.

    :param options: of the task, not checked.
    :param variable: the value of a variable, templates filled in; None for one that is not there.
    :param on_command_line: names of the variables that were given there (-e), or by AWX's survey and launch.

    Raises NetBoxOptionError and EnvFileError.
    """
    variable = reading(variable)
    files = [given(f"the inventory file {path}", source.as_options()) for path, source in _registered.items()]
    env_file = options.get("env_file") or variable("invmon_env_file")
    return Sources(
        [
            given("the task", options, vouches=False),
            *_from_variables(variable, frozenset(on_command_line)),
            *files,
            *surroundings(str(env_file) if env_file else None),
        ]
    )


def _from_variables(variable: Callable[[str], Any], on_command_line: frozenset[str]) -> list[Given]:
    """What variables say. The address of one vouches for no token of another place: who may set it need not be who may
    send the token of a credential."""
    tokens = variable(TOKENS) or {}
    if not isinstance(tokens, Mapping):
        raise NetBoxOptionError(f"{TOKENS} must be tokens by the address of their NetBox, not {type(tokens).__name__}.")
    own = [(f"the variable {TOKENS}", {"url": url, "token": token}) for url, token in tokens.items()]
    if token := variable(TOKEN):
        both = {TOKEN, URL} <= on_command_line
        own.append((f"the variable {TOKEN}", {"url": variable(URL) if both else None, "token": token}))
    # They are said of these tokens first: of one of another place they cannot lay bare the connection.
    settings = {option: variable(name) for option, name in VARIABLES.items()}
    return [
        *(given(place, {**settings, **values}, vouches=False) for place, values in own),
        given("the variables", settings, vouches=False),
    ]


def netbox_of(variables: Mapping[str, Any]) -> str | None:
    """The address of the NetBox that a host came from, else of the one that its variable names; None for neither.

    Raises NetBoxOptionError where the two differ: ids of one NetBox are those of other devices in another.
    """
    own = re.fullmatch(r"(.+)/dcim/devices/\d+/", str(variables.get(DEVICE_URL) or ""))
    named = str(variables.get(URL) or "").strip()
    if own is None:
        return _address(named) if named else None
    origin = _address(own[1])
    if named and _address(named) != origin:
        raise NetBoxOptionError(
            f"{URL} is {printable(named)}, but the host came from NetBox at {printable(origin)}, whose ids belong "
            f"to other devices: remove {URL}, or read the inventory from there."
        )
    return origin


#: Thousands of hosts say the same few.
_address = lru_cache(maxsize=100)(base_url)


def netboxes_of(hosts: Iterable[str], variables_of: Callable[[str], Mapping[str, Any]]) -> list[str | None]:
    """The addresses of the NetBoxes that hosts belong to, each once, None for hosts that do not say it.

    Raises NetBoxOptionError as netbox_of() does.
    """
    found: dict[str | None, None] = {}
    for host in hosts:
        try:
            found[netbox_of(variables_of(host))] = None
        except NetBoxOptionError as error:
            raise NetBoxOptionError(f"{printable(host)}: {error}") from None
    return list(found)


def check_sources(
    hosts: Iterable[str], variables_of: Callable[[str], Mapping[str, Any]], find_sources: Callable[[], Sources]
) -> list[str]:
    """What is wrong with where NetBox is, a sentence each, before a device is asked; empty if all can be written.

    :param hosts: of the play.
    :param variables_of: the variables of a host; those of templates filled in.
    :param find_sources: sources_for() this play.
    """
    try:
        sources = find_sources()
        wanted = netboxes_of(hosts, variables_of)
    except InvmonError as error:
        return [str(error)]
    problems = []
    for address in wanted:
        try:
            connect(sources.find(address)).close()
        except NetBoxError as error:
            problems.append(str(error))
    return problems
