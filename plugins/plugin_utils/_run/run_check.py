# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked once, before the first device is asked: one check is one function from a Run to its Findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ...module_utils._common.renamed import Notice
from .check_credentials import check_credentials
from .check_discover import check_discover
from .check_needs import check_netbox, check_snmp
from .check_options import is_true
from .check_plan import check_plan
from .check_variables import check_names, check_own, check_places, check_profiles, check_secrets, check_values
from .notices import deprecated_variable
from .renamed_variables import reading, with_new_names
from .run import Findings, Run
from .run_tags import unknown_tags

Check = Callable[[Run], Findings]


def check_tags(run: Run) -> Findings:
    """A tag that no task has: Ansible would run nothing, and report success."""
    only = [tag for tag in run.only_tags if tag != "all"]
    if not only and not run.skip_tags:
        return Findings()
    tags = run.tags()
    found = unknown_tags("--tags", only, tags) + unknown_tags("--skip-tags", run.skip_tags, tags)
    return Findings(errors=found) if tags.all_known else Findings(warnings=found)


#: All checks, in the order in which a user would correct what they find.
CHECKS: tuple[Check, ...] = (
    check_tags, check_own, check_values, check_profiles, check_plan, check_credentials, check_snmp, check_discover,
    check_netbox, check_names, check_places, check_secrets,
)  # fmt: skip


def check_run(run: Run, checks: Iterable[Check] = CHECKS, notice: Notice = deprecated_variable) -> Findings:
    """What all checks find, each sentence once. With the variable `invmon_strict` every warning is an error.

    :param notice: called once for each old name of a variable. The checks see the new names only.
    """
    given = with_new_names(run.given, run.parts, notice)
    run = replace(run, given=given, variable=reading(run.variable, run.parts, lambda *_about: None))
    found = [check(run) for check in checks]
    errors = dict.fromkeys(sentence for one in found for sentence in one.errors)
    warnings = dict.fromkeys(sentence for one in found for sentence in one.warnings)
    if is_true(run.variable("invmon_strict")):
        return Findings([*errors, *warnings], [])
    return Findings(list(errors), list(warnings))
