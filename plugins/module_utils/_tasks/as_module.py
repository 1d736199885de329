# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module of ours does around its work, where it runs as a module: on another host than the controller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from .._common.attempt import failed
from .._outgoing.once import take_warnings
from .._outgoing.results import fit_to_leave
from .._outgoing.secrets import Secrets, secret_values, without_secret_options

#: Options that are not repeated in the result: each device of a delegated task would repeat all profiles.
_LEFT_OUT = frozenset({"profile_data"})


def run_module(
    argument_spec: Mapping[str, Any],
    work: Callable[[dict[str, Any], bool, bool], Mapping[str, Any]],
    expected_errors: tuple[type[Exception], ...] = (),
    rules: Mapping[str, Any] | None = None,
) -> None:
    """Be an Ansible module; does not return.

    :param work: gets the params, whether this is check mode, and whether a diff is wanted; returns the result.
    :param expected_errors: those of which the text is all that a person needs.
    :param rules: mutually_exclusive and the like, as AnsibleModule takes them.
    """
    module = AnsibleModule(argument_spec=dict(argument_spec), supports_check_mode=True, **(rules or {}))
    secrets = Secrets(secret_values(module.params, argument_spec))
    told = without_secret_options(module.params, argument_spec)
    # Ansible would hide secrets by substring, in the parts of a device as well: see fit_to_leave().
    module.no_log_values = set()
    try:
        result = dict(work(module.params, module.check_mode, module._diff))
    except Exception as error:
        result = failed(error, expected_errors)
    result["invocation"] = {"module_args": {name: told[name] for name in told if name not in _LEFT_OUT}}
    result = fit_to_leave(result, secrets)
    for warning in (*result.pop("warnings", ()), *take_warnings()):
        module.warn(warning)
    module.exit_json(**{"changed": False, **result})
