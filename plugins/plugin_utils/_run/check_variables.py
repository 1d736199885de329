# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that nothing reads, that are set where nothing reads them, or whose value cannot be used."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from ansible.errors import AnsibleError

from ...module_utils._common.env_file import EnvFileError, read_env_file
from ...module_utils._common.environment import first_of
from ...module_utils._common.errors import InvmonError
from ...module_utils._common.near import near
from ...module_utils._outgoing.text import brief
from ...module_utils._tasks.entity_facts import ARGUMENT_SPEC
from .._actions.entity_arguments import VARIABLES
from .._actions.snmp_arguments import VARIABLES as MODULE_VARIABLES
from .check_options import LENGTH, profiles_of, wrong_hygiene, wrong_plan, wrong_policy, wrong_value
from .given_variables import ALL, EXTRA, PLAY, SOME, Given
from .known_variables import COMMAND_LINE, DEVICE, FAMILIES, RUN, known_variables, own_variables
from .run import Findings, Run

#: How many variables of one kind are named, each in a sentence. The others are counted.
NAMED = 10
#: Variables that only tasks of the user's own read.
OF_MODULES = frozenset(MODULE_VARIABLES.values())
#: A name is cut after this many characters.
NAME_LENGTH = 60


def check_names(run: Run) -> Findings:
    """Variables whose names look like ours and that nothing reads: Ansible ignores a misspelt name silently."""
    ignored = run.variable("invmon_ignore_variables") or ()
    ignored = ignored.split(",") if isinstance(ignored, str) else ignored
    unknown: dict[str, Given] = {}
    for one in run.given:
        if one.name not in unknown and _looks_like_ours(one) and not _matches(one.name, ignored):
            unknown[one.name] = one
    read = _read_elsewhere(unknown, run.given) if unknown else set()
    found = [_unknown(one) for name, one in unknown.items() if name not in read]
    more = [f"And {len(found) - NAMED} more unknown variables."] if len(found) > NAMED else []
    return Findings(warnings=found[:NAMED] + more)


def _looks_like_ours(one: Given) -> bool:
    known = known_variables()
    family, underscore, _rest = one.name.partition("_")
    if one.name in known or one.name in own_variables() or one.name in OF_MODULES or not underscore:
        return False
    if _is_of_inventory(one):
        return False
    if family in FAMILIES:
        return True
    return _is_slip_of_family(family) and bool(near(one.name, known, 1))


def _is_of_inventory(one: Given) -> bool:
    """Whether the inventory plugin may have set it: it describes devices in many variables."""
    return one.of_host and one.name.startswith("netbox_")


def _is_slip_of_family(word: str) -> bool:
    """Whether the word is a misspelt prefix; a short one only if its letters are in another order: smtp is not snmp."""
    return any(sorted(word) == sorted(family) or (len(word) > 4 and near(word, [family])) for family in FAMILIES)


def _matches(name: str, patterns: Iterable[Any]) -> bool:
    return any(fnmatchcase(name, str(pattern).strip()) for pattern in patterns)


def _read_elsewhere(names: Iterable[str], given: Iterable[Given]) -> set[str]:
    """Those of the names that the template of another variable reads: variables of the user's own."""
    templates = " ".join(str(one.value) for one in given if "{{" in str(one.value))
    return {name for name in names if name in templates}


def _unknown(one: Given) -> str:
    alike = near(one.name, known_variables(), 2)
    meant = f"did you mean {' or '.join(alike)}?" if alike else "see ansible-doc, or invmon_ignore_variables."
    return f"{_named(one)} is not a variable of this collection: {meant}"


def check_own(run: Run) -> Findings:
    """Extra variables that would replace results of the run.

    A user who may only set variables could invent the parts of a device, or have them written to another device.
    """
    own = own_variables()
    taken = [one.name for one in run.given if one.scope == EXTRA and own.get(one.name) in ("run", *run.parts)]
    return Findings(
        errors=[
            f"{name} is set with -e, or as an extra variable in AWX, but this run uses that name for its own "
            "results: remove it, or rename the variable."
            for name in taken
        ]
    )


def check_places(run: Run) -> Findings:
    """Variables of ours that are set where they have no effect, or not the expected one."""
    found: dict[str, str] = {}
    for one in run.given:
        known = known_variables().get(one.name)
        if known is None or one.scope in (EXTRA, PLAY) or _is_of_inventory(one):
            continue
        if known.read_by == COMMAND_LINE:
            found[one.name] = (
                f"{_named(one)} is read before Ansible knows the variables of hosts and groups: set it with -e, or "
                "as an extra variable in AWX."
            )
        elif known.read_by == RUN and one.scope == SOME and run.reads(known):
            found[one.name] = f"{_named(one)} applies to the whole run: set it for all hosts, or with -e."
    return Findings(warnings=list(found.values()))


def check_secrets(run: Run) -> Findings:
    """In AWX: secrets in variables of hosts and groups, which AWX keeps in its inventory in plain text."""
    if not any(run.variable(name) for name in ("awx_job_id", "tower_job_id")):
        return Findings()
    found: dict[str, str] = {}
    for one in run.given:
        known = known_variables().get(one.name)
        if known and known.is_secret and one.clear and one.scope != EXTRA:
            found.setdefault(
                one.name,
                f"{_named(one)} is in AWX's inventory in clear, for all its readers: give it by a credential"
                " (docs/awx.md).",
            )
    return Findings(warnings=list(found.values()))


def check_profiles(run: Run) -> Findings:
    """Probable mistakes in the user's own profiles. check_values reports profiles that cannot be loaded."""
    own = run.variable(VARIABLES["profiles"])
    try:
        doubts = list(profiles_of(str(own)).doubts()) if own and run.does("collect") else []
    except (InvmonError, OSError):
        doubts = []
    return Findings(warnings=[brief(doubt, LENGTH) for doubt in doubts])


def check_values(run: Run) -> Findings:
    """Values that cannot be used: errors if they are set for all hosts, warnings if they are set for some."""
    errors: list[str] = []
    warnings: list[str] = []
    settled = {one.name for one in run.given if one.scope == EXTRA}
    for one in (*_set(run), *_in_environment(run)):
        if one.scope != EXTRA and one.name in settled:
            continue
        wrong = _wrong(one, run)
        if wrong and one.where:
            wrong = f"{wrong.rstrip('.')} ({brief(one.where, 2 * NAME_LENGTH)})."
        if wrong:
            (warnings if one.scope == SOME else errors).append(wrong)
    return Findings(errors or list(_together(run)), warnings)


def _together(run: Run) -> Iterator[str]:
    """Values that are valid each by itself, but not together."""
    values = {name: run.variable(name) for name, known in known_variables().items() if run.reads(known)}
    checks = {"upload": (wrong_policy, wrong_plan), "hygiene": (wrong_hygiene,)}
    for part, of_part in checks.items():
        yield from (wrong for check in of_part if run.does(part) and (wrong := check(values)))


def _wrong(one: Given, run: Run) -> str | None:
    """What is wrong with a value, in a sentence; None if nothing is, or if it is not set to anything."""
    known = known_variables()[one.name]
    try:
        value = run.fill(one.value)
    except AnsibleError as error:
        # The template of a variable of devices may need variables that only other devices have.
        return None if known.read_by == DEVICE else brief(f"{one.name}: {error.message}", LENGTH)
    return None if value is None else wrong_value(one.name, value, known, run.variable("snmp_profiles"))


def _set(run: Run) -> Iterator[Given]:
    """The variables that this run reads and that are set."""
    for one in run.given:
        known = known_variables().get(one.name)
        if known is None or one.value is None or not run.reads(known):
            continue
        if one.scope == SOME and (known.read_by != DEVICE or not run.concerns(one)):
            continue
        yield one


def _in_environment(run: Run) -> Iterator[Given]:
    """What the environment and the env_file give instead of variables."""
    if not run.does("collect"):
        return
    file = run.variable(VARIABLES["env_file"])
    try:
        values = {**(read_env_file(file) if file else {}), **os.environ}
    except EnvFileError:
        return  # reported for the variable
    for option, spec in ARGUMENT_SPEC.items():
        names = spec["fallback"][1] if "fallback" in spec else ()
        value = first_of(values, names)
        if value is not None and option in VARIABLES and run.variable(VARIABLES[option]) is None:
            yield Given(VARIABLES[option], value, ALL, f"{' or '.join(names)} in the environment")


def _named(one: Given) -> str:
    """The variable and where it is set: "snmp_port (for the group routers)"."""
    return brief(f"{one.name[:NAME_LENGTH]} ({one.where})" if one.where else one.name, 2 * NAME_LENGTH)
