# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credential sets: names that no set has, and sets that no host uses. check_values looks into each set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ansible.errors import AnsibleError

from ...module_utils._outgoing.text import brief
from ...module_utils._snmp.credential_sets import names_of, sets_of, unknown
from ...module_utils._snmp.errors import OptionError
from .._actions.entity_arguments import VARIABLES
from .check_options import LENGTH
from .given_variables import EXTRA, SOME, Given
from .option_names import in_variables
from .run import Findings, Run

_CREDENTIALS, _SETS = VARIABLES["credentials"], VARIABLES["credential_sets"]

#: Where a variable is set, and the names in it; None where they cannot be known here.
Found = list[tuple[Given, Collection[str] | None]]


def check_credentials(run: Run) -> Findings:
    """Names in snmp_credentials that snmp_credential_sets does not have, and sets that none of them names.

    Nothing about what cannot be known here: a host's own file, or a template that only a host can fill in.
    """
    if not run.does("collect"):
        return Findings()
    sets, wanted = _found(run, _SETS, sets_of), _found(run, _CREDENTIALS, names_of)
    known = {name for _one, names in sets for name in names or ()}
    if any(names is None for _one, names in sets):
        return Findings()
    errors: list[str] = []
    warnings: list[str] = []
    for one, names in wanted:
        if run.concerns(one):
            missing = [unknown(name, known) for name in names or () if name not in known]
            (warnings if one.scope == SOME else errors).extend(_in_words(sentence, one) for sentence in missing)
    if all(names is not None for _one, names in wanted):
        used = {name for _one, names in wanted for name in names or ()}
        warnings += [_unused(name, bool(wanted)) for name in sorted(known - used)]
    return Findings(errors, warnings)


def _found(run: Run, variable: str, read: Callable[[Any], Collection[str]]) -> Found:
    given = [one for one in run.given if one.name == variable]
    # What is given with -e counts, and nothing else.
    extra = [one for one in given if one.scope == EXTRA]
    return [(one, _names(run, one, read)) for one in extra or given]


def _names(run: Run, one: Given, read: Callable[[Any], Collection[str]]) -> Collection[str] | None:
    try:
        # The names are plain, whatever the templates of the passphrases next to them need.
        value = one.value if isinstance(one.value, Mapping) else run.fill(one.value)
        return None if value is None else read(value)
    except (AnsibleError, OptionError):
        return None  # check_values reports a wrong one


def _in_words(sentence: str, one: Given) -> str:
    where = f" ({brief(one.where, LENGTH // 3)})" if one.scope == SOME else ""
    return brief(f"{in_variables(sentence, VARIABLES)}{where}", LENGTH)


def _unused(name: str, some: bool) -> str:
    why = "no snmp_credentials names it" if some else "snmp_credentials is not set"
    return f"snmp_credential_sets: {name} is not used, because {why}. Add it there, or remove the set."
