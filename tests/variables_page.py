# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/variables.md from the argument specs of roles and playbooks and the documentation of plugins.

python tests/run.py tests/variables_page.py            # writes the page
python tests/run.py tests/variables_page.py --check    # only checks that the committed page is what the specs say

Its headings, their order and the examples are in variables_page.yml.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.invmon.network.plugins.doc_fragments.netbox import ModuleDocFragment as NetBoxOptions
from ansible_collections.invmon.network.plugins.inventory.netbox_devices import ENVIRONMENT as OF_INVENTORY
from ansible_collections.invmon.network.plugins.module_utils._tasks.entity_facts import ARGUMENT_SPEC as FACTS
from ansible_collections.invmon.network.plugins.plugin_utils._actions.entity_arguments import FOLDERS, VARIABLES
from ansible_collections.invmon.network.plugins.plugin_utils._run.known_variables import (
    COMMAND_LINE,
    DEVICE,
    PLAYBOOKS,
    RUN,
    known_variables,
    readers,
)
from ansible_collections.invmon.network.plugins.plugin_utils._run.renamed_variables import RENAMED
from ansible_collections.invmon.network.tests.generated import write_or_check

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "variables.md"

#: Playbooks that run a role.
RUN_BY = {
    "collect": ("inventory",),
    "upload": ("inventory",),
    "report": ("inventory", "report"),
    "discover": ("discover",),
}
#: What snmp_entity_facts reads for each device, in any playbook that asks or replays one.
OF_A_DEVICE = {*VARIABLES.values(), *(name for name, _ending in FOLDERS.values())} - {"invmon_collected"}
SET_FOR = {
    DEVICE: "for a host, a group, or all",
    RUN: "for the whole run",
    COMMAND_LINE: "with `-e`, or in AWX as an extra variable; elsewhere it has no effect",
}

HEAD = """# Variables

Every variable that the playbooks and roles of this collection read. Set them in `group_vars`, in `host_vars`, in the
inventory, with `-e`, or in AWX as extra variables. Null and empty text count as not set, unless "empty" is described.

A variable that begins like one of these and that nothing reads is reported once per run, with the nearest name, before
the first device is asked; with `invmon_strict: true` it ends the run.

This page is generated from the argument specs (`roles/*/meta/argument_specs.yml`, `playbooks/*.meta.yml`) by
`python tests/run.py tests/variables_page.py`.

"""


class PageError(Exception):
    """variables_page.yml and the argument specs do not list the same variables; the message names one."""


@dataclass(frozen=True)
class Variable:
    """A variable with all that the page shows of it."""

    name: str
    option: Mapping[str, Any]  #: of the argument spec that describes it best
    playbooks: frozenset[str]
    roles: frozenset[str]
    set_for: str
    example: Any
    defaults: Mapping[str, Any]  #: of playbooks that have another default than the argument spec above


def variable(name: str, example: Any) -> Variable:
    found = [reader for reader in readers() if name in reader.options]
    if not found:
        raise PageError(f"{name} of variables_page.yml is in no argument spec of a role or playbook")
    roles = frozenset(reader.name for reader in found if reader.kind == "role")
    playbooks = {
        name for reader in found for name in (RUN_BY[reader.name] if reader.kind == "role" else (reader.name,))
    }
    if name in OF_A_DEVICE:
        playbooks |= {"record", "replay"}
    first = found[0].options[name]
    defaults = {reader.name: reader.options[name].get("default") for reader in found[1:]}
    others = {reader: value for reader, value in defaults.items() if value not in (None, first.get("default"))}
    read_by = known_variables()[name].read_by
    return Variable(name, first, frozenset(playbooks), roles, SET_FOR[read_by], example, others)


@dataclass(frozen=True)
class Group:
    """The variables under one heading."""

    title: str
    text: str
    variables: list[Variable]

    @property
    def playbooks(self) -> frozenset[str]:
        return frozenset().union(*(one.playbooks for one in self.variables))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset().union(*(one.roles for one in self.variables))

    @property
    def set_for(self) -> str:
        """Where most of them are set."""
        return Counter(one.set_for for one in self.variables).most_common(1)[0][0]


@cache
def groups() -> list[Group]:
    content = yaml.safe_load((HERE / "variables_page.yml").read_text(encoding="utf-8"))
    listed = {name for one in content for name in one["variables"]}
    if missing := sorted(known_variables().keys() - listed):
        raise PageError(f"{missing[0]} is in no group of variables_page.yml: add it to one, with an example")
    return [
        Group(one["title"], one.get("text", ""), [variable(*item) for item in one["variables"].items()])
        for one in content
    ]


def anchor(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def in_markdown(text: str) -> str:
    """Ansible's markup as Markdown, in one cell of a table."""

    def plugin(found: re.Match[str]) -> str:
        name, _hash, kind = found[1].removeprefix("invmon.network.").partition("#")
        if kind == "role":
            return f"[{name}](../roles/{name}/README.md)"
        return f"[{name}](../plugins/{kind or 'modules'}/{name}.py)"

    def option(found: re.Match[str]) -> str:
        plugin_name, colon, name = found[1].rpartition(":")
        return f"`{name}` of {plugin_name.partition('#')[0].removeprefix('invmon.network.')}" if colon else f"`{name}`"

    text = re.sub(r"\b[MP]\(([^)]+)\)", plugin, text)
    text = re.sub(r"\bO\(([^)]+)\)", option, text)
    text = re.sub(r"\b[CVE]\(([^)]+)\)", r"`\1`", text)
    text = re.sub(r"(?<![(/\w])docs/(\w+)\.md", r"[\1](\1.md)", text)
    return text.replace("|", "\\|").replace("\n", " ")


def described(option: Mapping[str, Any]) -> str:
    text = option["description"]
    return in_markdown(" ".join([text] if isinstance(text, str) else text))


def kind(option: Mapping[str, Any]) -> str:
    """Type, choices and default, a line each."""
    name = "str or list" if option["type"] == "raw" else str(option["type"])
    choices = option.get("choices")
    lines = [name]
    if choices and option.get("default") != choices:
        lines = ["one of " + ", ".join(f"`{one}`" for one in choices)]
    if option.get("required"):
        lines.append("**required**")
    elif option.get("default") not in (None, "", [], {}):
        lines.append(f"default `{shown(option['default'])}`")
    return "<br>".join(lines)


def shown(value: Any) -> str:
    """A value as YAML in one line."""
    if isinstance(value, str):
        try:
            return value if yaml.safe_load(f"[{value}]") == [value] else json.dumps(value)
        except yaml.YAMLError:
            return json.dumps(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{shown(key)}: {shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return json.dumps(value)


def example(one: Variable) -> str:
    if one.set_for == SET_FOR[COMMAND_LINE]:
        return f"`-e {one.name}={one.example if isinstance(one.example, str) else json.dumps(one.example)}`"
    return f"`{one.name}: {shown(one.example)}`"


def rows(group: Group) -> Iterator[str]:
    yield "| variable | type | what it is, with an example |\n|---|---|---|\n"
    for one in group.variables:
        notes = []
        if one.playbooks != group.playbooks:
            notes.append(f"Read by {in_words(one.playbooks)}.")
        if one.set_for != group.set_for:
            notes.append(f"Set it {one.set_for}.")
        notes += [f"In `{name}` by default `{shown(value)}`." for name, value in one.defaults.items()]
        text = " ".join([described(one.option), f"*{' '.join(notes)}*" if notes else ""]).strip()
        yield f"| `{one.name}` | {kind(one.option)} | {text}<br>{example(one)} |\n"
        for name, inner in (one.option.get("options") or {}).items():
            yield f"| &nbsp;&nbsp;`{name}` | {kind(inner)} | {described(inner)} |\n"


def in_words(playbooks: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in PLAYBOOKS if name in playbooks)


def section(group: Group) -> str:
    roles = ", ".join(f"`{name}`" for name in sorted(group.roles))
    of_roles = f" (role{'s' if len(group.roles) > 1 else ''} {roles})" if roles else ""
    facts = [f"Read by {in_words(group.playbooks)}{of_roles}."]
    facts.append(f"Set {'it' if len(group.variables) == 1 else 'them'} {group.set_for}.")
    parts = [
        f"## {group.title}\n",
        group.text and f"{group.text.strip()}\n",
        " ".join(facts) + "\n",
        "".join(rows(group)),
    ]
    return "\n".join(part for part in parts if part)


def overview() -> str:
    lines = [f"| | {' | '.join(f'`{name}`' for name in PLAYBOOKS)} |\n|---|{':-:|' * len(PLAYBOOKS)}\n"]
    for group in groups():
        marks = " | ".join("✓" if name in group.playbooks else "" for name in PLAYBOOKS)
        lines.append(f"| [{group.title}](#{anchor(group.title)}) | {marks} |\n")
    more = ("The inventory file", "The environment and .env files", "The callback progress", "Old names")
    return "".join(lines) + "\nAlso: " + ", ".join(f"[{title}](#{anchor(title)})" for title in more) + ".\n"


def plugin_options(kind_of_plugin: str, name: str, *more: str) -> dict[str, Mapping[str, Any]]:
    """The options of a plugin by its own documentation, after those of fragments."""
    plugin = import_module(f"ansible_collections.invmon.network.plugins.{kind_of_plugin}.{name}")
    found: dict[str, Mapping[str, Any]] = {}
    for text in (*more, plugin.DOCUMENTATION):
        found |= yaml.safe_load(text).get("options") or {}
    return found


def inventory_section() -> str:
    options = plugin_options("inventory", "netbox_devices", NetBoxOptions.DOCUMENTATION)
    lines = [
        "## The inventory file\n\nThe options of a file whose name ends in `.netbox_devices.yml`, of the inventory"
        " plugin [netbox_devices](../plugins/inventory/netbox_devices.py). It also takes those of `constructed`"
        " (`compose`, `groups`, `keyed_groups`, `strict`) and of the inventory cache. The tasks of the run use what the"
        " file contains about NetBox.\n\n| option | type | what it is |\n|---|---|---|\n"
    ]
    lines += [f"| `{name}` | {kind(option)} | {described(option)} |\n" for name, option in options.items()]
    return "".join(lines)


def environment_section() -> str:
    found = {
        environment: f"`{VARIABLES[option]}`"
        if option in VARIABLES
        else f"`{option}` of snmp_entity_facts, no variable"
        for option, spec in FACTS.items()
        for environment in (spec["fallback"][1] if "fallback" in spec else ())
    }
    found |= {name: f"`{option}` of the inventory file" for option, name in OF_INVENTORY.items()}
    for spelling in ("entPhysicalModelName_excludes", "entPhysicalModelName_exludes"):
        found[spelling] = "`merge_exclude_models`"
    lines = [
        "## The environment and .env files\n\nA variable of Ansible wins over the environment, and the environment over"
        " the file that `invmon_env_file`, or `env_file` of the inventory file, names. An empty variable counts as not"
        " set. `INVMON_COLLECTED`, which such a file cannot set, is the default of `invmon_collected`.\n\n"
        "| environment, `.env` | gives |\n|---|---|\n"
    ]
    return "".join([*lines, *(f"| `{name}` | {what} |\n" for name, what in found.items())])


def callback_section() -> str:
    lines = [
        "## The callback progress\n\nSettings of the [callback](../plugins/callback/progress.py), in the environment"
        " or in `ansible.cfg`. [Progress](progress.md) shows what they change.\n\n"
        "| environment | `ansible.cfg` | type | what it is |\n|---|---|---|---|\n"
    ]
    for option in plugin_options("callback", "progress").values():
        if "env" in option:
            ini = ", ".join(f"`[{one['section']}] {one['key']}`" for one in option.get("ini") or ())
            lines.append(f"| `{option['env'][0]['name']}` | {ini} | {kind(option)} | {described(option)} |\n")
    return "".join(lines)


def old_names_section() -> str:
    lines = [
        "## Old names\n\nThey work until 1.0.0, with a warning once per run. Where both names are given, the new one is"
        " used. The option `verify_ssl` of the inventory file and of modules is now `validate_certs`.\n\n"
        "| old | now | |\n|---|---|---|\n"
    ]
    for old, successor in RENAMED.items():
        only = f"only in the playbook `{successor.part}`" if successor.part else ""
        lines.append(f"| `{old}` | `{successor.name}` | {only} |\n")
    return "".join(lines)


def page() -> str:
    sections = [*map(section, groups()), inventory_section(), environment_section(), callback_section()]
    return HEAD + "\n".join([overview(), *sections, old_names_section()])


def main() -> int:
    return write_or_check(PAGE, page(), "variables_page.py")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PageError as error:
        sys.exit(str(error))
