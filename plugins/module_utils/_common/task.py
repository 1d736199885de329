# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every task does around its work, as an action or as a module: check options, turn an error into a result."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._outgoing.once import take_warnings
from .._outgoing.results import fit_to_leave
from .._outgoing.secrets import Secrets, secret_values
from .environment import with_env_file
from .errors import InvmonError, OptionsError
from .paths import with_paths, without_paths
from .renamed import by_names


class Checked(NamedTuple):
    """Options as they were given, checked."""

    params: dict[str, Any]  #: complete and of the right types
    secrets: Secrets  #: values that must not be shown
    errors: list[str]  #: what is wrong with the options, a sentence each; params are not to be used then


def checked(
    arguments: Mapping[str, Any], argument_spec: Mapping[str, Any], rules: Mapping[str, Any] | None = None
) -> Checked:
    """The options, completed from the environment and from the file that arguments["env_file"] names.

    One that is null or empty text counts as not given: a survey that is left open sends that.

    :param rules: mutually_exclusive and the like, as AnsibleModule takes them.

    Raises EnvFileError.
    """
    arguments = {name: value for name, value in arguments.items() if not _is_open(value)}
    arguments = by_names(arguments, argument_spec)
    if arguments.get("env_file"):
        arguments = with_env_file(arguments, argument_spec)
    validation = ArgumentSpecValidator(without_paths(argument_spec), **(rules or {})).validate(dict(arguments))
    params = with_paths(validation.validated_parameters, argument_spec)
    return Checked(params, Secrets(secret_values(params, argument_spec)), list(validation.error_messages))


def _is_open(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def attempt(work: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What work() returns, or the result of a task that failed with its error.

    It must pass fit_to_leave(), as every result.
    """
    try:
        return dict(work())
    except Exception as error:
        return _failed(error)


def run_task(
    arguments: Callable[[], Mapping[str, Any]],
    argument_spec: Mapping[str, Any],
    work: Callable[[dict[str, Any]], Mapping[str, Any]],
    rules: Mapping[str, Any] | None = None,
    name: str = "",
    warn: bool = True,
) -> dict[str, Any]:
    """The result of a task, fit to leave: of work() with checked options, or of the error that came instead.

    :param arguments: returns the options as they were given.
    :param name: before a sentence about wrong options.
    :param warn: add the warnings of this process about the run as a whole (see once.py).
    """
    secrets = Secrets()

    def whole() -> Mapping[str, Any]:
        nonlocal secrets
        params, secrets, errors = checked(arguments(), argument_spec, rules)
        if errors:
            raise OptionsError((f"{name}: " if name else "") + "; ".join(errors))
        return work(params)

    result = attempt(whole)
    if warn and (warnings := take_warnings()):
        result["warnings"] = [*(result.get("warnings") or ()), *warnings]
    return fit_to_leave(result, secrets)


def _failed(error: Exception) -> dict[str, Any]:
    if isinstance(error, (InvmonError, OSError)):
        # Its text is all that a user needs.
        return {"failed": True, "msg": str(error), "reason": getattr(error, "reason", "error")}
    # A bug of ours on one device must fail that device alone, with what is needed to report it.
    text = f"{type(error).__name__}: {error} (a bug: please report it)"
    return {"failed": True, "msg": text, "where": _frames(error)}


def _frames(error: BaseException) -> list[str]:
    """Where an unexpected error came from, without the values of any variable."""
    return [f"{f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(error.__traceback__)][-5:]
