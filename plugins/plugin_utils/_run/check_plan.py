# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a run can make, or apply, the plan that it is given: checked before the first device is asked.

check_options.wrong_plan() checks the variables alone.
"""

from __future__ import annotations

from ...module_utils._common.paths import as_path
from ...module_utils._outgoing.text import brief
from ...module_utils._probes.plan_file.file import PlanFileError, check_readable, check_writable
from .check_options import LENGTH, is_true
from .given_variables import ALL, EXTRA, SOME
from .run import Findings, Run

_APPLY = "upload_apply_plan"


def check_plan(run: Run) -> Findings:
    """A plan that could not be made or applied, and one that would replace another plan."""
    file = run.variable("upload_plan_file")
    if "upload" not in run.parts or not file:
        return Findings()
    path = as_path(str(file))
    try:
        if is_true(run.variable(_APPLY)):
            return _applied(run, path)
        if run.does("upload"):
            if run.variable("upload_plan_digest"):
                return Findings(errors=[f"upload_plan_digest is for a plan that is applied: give {_APPLY}=true too."])
            check_writable(path, is_true(run.variable("upload_plan_replace")))
    except PlanFileError as error:
        return Findings(errors=[brief(f"upload_plan_file: {error}", LENGTH)])
    return Findings()


def _applied(run: Run, path: str) -> Findings:
    """Raises PlanFileError."""
    if not run.does("upload"):
        return Findings(
            errors=[f"{_APPLY}: the tags of this run leave the upload out, so that the plan is not applied."]
        )
    if run.does("collect") and run.sets([_APPLY], [ALL, SOME]) and not run.sets([_APPLY], [EXTRA]):
        # There is a warning that it is read before Ansible knows it; this is what that would do.
        return Findings(errors=[f"{_APPLY} is set for hosts or groups, so the devices would be asked: set it with -e."])
    check_readable(path)
    return Findings()
