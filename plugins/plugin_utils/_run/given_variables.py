# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the variables of a run are set, without asking Ansible for the variables of each host, a millisecond each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ansible.errors import AnsibleError
from ansible.vars.plugins import get_vars_from_path

from ...module_utils._outgoing.secrets import secrets_in

#: Where a variable is set: for the run (-e), for the play (in it, or where it is imported), for all hosts of the
#: inventory, for some.
EXTRA, PLAY, ALL, SOME = "extra", "play", "all", "some"

#: Variables of a host whose mistakes the task of that host does not report.
UNNOTICED = ("snmp_tables", "snmp_credentials")

#: A key at the beginning of a line of YAML.
_KEY = re.compile(r"^([A-Za-z_]\w*)[ \t]*:", re.MULTILINE)
#: Characters that are read of a file with the variables of one host.
_LONGEST = 100_000


class Given(NamedTuple):
    """A variable where it is set."""

    name: str
    value: Any  #: as it is written, templates not filled in; None where only the name was read
    scope: str  #: EXTRA, PLAY, ALL or SOME
    where: str = ""  #: of the others than EXTRA, in words: "for the group routers"
    group: str | None = None  #: of SOME, the group; None for a host
    clear: bool = False  #: whether its value is plain text: no template, and not encrypted

    @property
    def of_host(self) -> bool:
        """Whether it is one host's own."""
        return self.scope == SOME and self.group is None


def given_variables(
    inventory: Any, variable_manager: Any, loader: Any, basedirs: Iterable[str], play: Any = None
) -> list[Given]:
    """All variables that a person set: extra variables, those of the play, of groups and of hosts, group_vars and
    host_vars.

    Each name of a variable of hosts is listed once, for one host that has it, and without a value: a wrong value of one
    device fails the task of that device. Only the values of UNNOTICED are listed as well.

    :param basedirs: folders of the playbook, where Ansible also looks for group_vars and host_vars.
    :param play: Ansible's Play, with `vars` (those of an import_playbook are in it) and `vars_files`.
    """
    folders = list(dict.fromkeys([*_folders(inventory), *basedirs]))
    found = [Given(name, value, EXTRA) for name, value in variable_manager.extra_vars.items()]
    found += _of_play(play, loader) if play is not None else ()
    for group in inventory.groups.values():
        found += _of_group(group, group.vars)
    for folder in folders:
        for name in _entities(folder, "group_vars"):
            if group := inventory.groups.get(name):
                # A file that Ansible cannot read fails the tasks of its hosts, with a message of Ansible's.
                with suppress(AnsibleError, OSError):
                    found += _of_group(group, get_vars_from_path(loader, folder, [group], "task"))
    return found + list(_of_hosts(inventory, folders))


def _of_play(play: Any, loader: Any) -> Iterator[Given]:
    yield from (Given(name, value, PLAY, "in the play") for name, value in play.get_vars().items())
    for file in play.get_vars_files():
        # Others are only known when their template is filled in, or are one of several.
        if isinstance(file, str) and "{{" not in file:
            # A file that Ansible cannot read ends the run.
            with suppress(AnsibleError, OSError):
                found = loader.load_from_file(loader.path_dwim(file))
                yield from (Given(name, value, PLAY, f"in {file}") for name, value in dict(found or {}).items())


def _of_group(group: Any, variables: Mapping[str, Any]) -> Iterator[Given]:
    for name, value in variables.items():
        if group.name == "all":
            yield Given(name, value, ALL, "for all hosts", clear=_is_clear(value))
        else:
            yield Given(name, value, SOME, f"for the group {group.name}", group.name, _is_clear(value))


def _is_clear(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_clear, secrets_in(value)))
    # A value that ansible-vault encrypted is not a str before it is used.
    return isinstance(value, str) and bool(value.strip()) and "{{" not in value


def _of_hosts(inventory: Any, folders: Iterable[str]) -> Iterator[Given]:
    hosts = inventory.hosts.values()
    for name in sorted(frozenset().union(*(host.vars for host in hosts))):
        having = [host for host in hosts if name in host.vars]
        if name not in UNNOTICED:
            plain = next((host for host in having if _is_clear(host.vars[name])), None)
            yield Given(name, None, SOME, f"for the host {(plain or having[0]).name}", clear=plain is not None)
            continue
        by_value = {str(host.vars[name]): host for host in having}
        yield from (Given(name, host.vars[name], SOME, f"for the host {host.name}") for host in by_value.values())
    seen: set[str] = set()
    for folder in folders:
        for host_name, path in _entities(folder, "host_vars").items():
            new = _keys(path) - seen if host_name in inventory.hosts else set()
            yield from (Given(name, None, SOME, f"for the host {host_name}") for name in sorted(new))
            seen |= new


def _folders(inventory: Any) -> Iterator[str]:
    """Folders of the inventory's sources, where its group_vars and host_vars are (as Ansible finds them)."""
    for source in inventory._sources:
        if source and (os.path.exists(source) or "," not in source):
            yield source if os.path.isdir(source) else os.path.dirname(os.path.abspath(source))


def _entities(folder: str, kind: str) -> dict[str, Path]:
    """The groups or hosts that have a file or folder in group_vars or host_vars, and that."""
    try:
        paths = sorted(Path(folder, kind).iterdir())
    except OSError:
        return {}
    endings = (".yml", ".yaml", ".json")
    return {(path.stem if path.suffix in endings else path.name): path for path in paths}


def _keys(path: Path) -> set[str]:
    """The names of variables in a file, or in the files of a folder; none of an encrypted file."""
    keys: set[str] = set()
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        with suppress(OSError), file.open(encoding="utf-8", errors="replace") as stream:
            keys.update(_KEY.findall(stream.read(_LONGEST)))
    return keys
