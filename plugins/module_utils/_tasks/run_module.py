# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main of every module. On the controller the action of the same name does the work; a module runs on a poller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._common.errors import OptionsError
from .._common.task import run_task
from .._outgoing.results import fit_to_leave
from .._outgoing.secrets import Secrets, secret_values, without_secret_options

#: Options that are not repeated in the result: each device of a delegated task would repeat all profiles and OIDs.
_LEFT_OUT = frozenset({"profile_data", "question"})

#: Gets the options, whether this is check mode, and whether a diff is wanted; returns the result.
Work = Callable[[dict[str, Any], bool, bool], Mapping[str, Any]]


class _Module(AnsibleModule):
    """An AnsibleModule that keeps the options as they were given.

    Ansible fills in variables of this host's environment where an option is a path (see paths.py).
    """

    given: dict[str, Any]

    def _load_params(self) -> None:
        super()._load_params()
        self.given = {name: value for name, value in self.params.items() if not name.startswith("_ansible")}


def run_module(argument_spec: Mapping[str, Any], work: Work, rules: Mapping[str, Any] | None = None) -> None:
    """Be an Ansible module; does not return.

    :param rules: mutually_exclusive and the like, as AnsibleModule takes them.
    """
    module = _Module(argument_spec=dict(argument_spec), supports_check_mode=True, **(rules or {}))
    # Ansible would hide secrets by substring, in the parts of a device as well: see fit_to_leave().
    module.no_log_values = set()
    result = run_task(
        lambda: module.given, argument_spec, lambda params: work(params, module.check_mode, module._diff), rules
    )
    result["invocation"] = {"module_args": _as_shown({**module.params, **module.given}, argument_spec)}
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    module.exit_json(**{"changed": False, **result})


def _as_shown(options: Mapping[str, Any], argument_spec: Mapping[str, Any]) -> dict[str, Any]:
    shown = without_secret_options(options, argument_spec)
    secrets = Secrets(secret_values(options, argument_spec))
    return fit_to_leave({name: value for name, value in shown.items() if name not in _LEFT_OUT}, secrets)


def only_on_controller(what: str) -> Work:
    """The work of a module whose action does everything: fails, because the task was delegated.

    :param what: what the task does there, for a sentence.
    """

    def refuse(_params: dict[str, Any], _check_mode: bool, _diff: bool) -> Mapping[str, Any]:
        raise OptionsError(what, "do not delegate it")

    return refuse
