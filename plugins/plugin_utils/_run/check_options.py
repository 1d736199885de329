# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the value of one variable, or of several together; with the names that the user wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._common.env_file import read_env_file
from ...module_utils._common.errors import InvmonError
from ...module_utils._common.near import did_you_mean
from ...module_utils._common.paths import with_paths, without_paths
from ...module_utils._devices.profile_files import Profiles
from ...module_utils._devices.registry import table_names
from ...module_utils._netbox.errors import NetBoxOptionError
from ...module_utils._outgoing.text import brief
from ...module_utils._probes.policy import POLICY_OPTIONS, read_policy
from ...module_utils._snmp.credential_sets import names_of, read_set, sets_of
from ...module_utils._snmp.credentials import read_options
from ...module_utils._snmp.errors import OptionError
from ...module_utils._tasks.entity_options import limits_of, read_profiles, serial_rules
from .._actions.entity_arguments import VARIABLES
from .known_variables import UPLOAD_VARIABLES, Known
from .option_names import in_variables

#: A sentence is cut after this many characters: a value may be of any length.
LENGTH = 300

#: With these, each value of an SNMP option can be checked by itself: no other option is missing.
_OTHERS = {
    "versions": ["3", "2"],
    "username": "x",
    "community": "x",
    "auth_passphrase": "x" * 8,
    "privacy_passphrase": "x" * 8,
}
#: variable -> option of snmp_entity_facts
_OPTIONS = {variable: option for option, variable in VARIABLES.items()}
#: invmon_batch as the playbook reads it: Ansible's filter `bool` takes "y" and "t" for false.
_FROM = re.compile(r"auto|[0-9]+|true|false|yes|no|on|off")
#: A number, or a share of the hosts.
_BATCH = re.compile(r"[1-9][0-9]*|(100|[1-9]?[0-9])%")


def wrong_value(name: str, value: Any, known: Known, profiles: str | None = None) -> str | None:
    """What is wrong with the value of a variable, whatever the others say, in a sentence; None if nothing is.

    :param profiles: the user's own profiles, for a variable that names something of them.
    """
    spec = {name: {**known.spec, "required": False}}
    validation = ArgumentSpecValidator(without_paths(spec)).validate({name: value})
    if validation.error_messages:
        # Ansible's words hold the value.
        return _named(
            name, "the value is of the wrong type" if known.is_secret else "; ".join(validation.error_messages)
        )
    value = with_paths(validation.validated_parameters, spec)[name]
    try:
        _look_closer(name, value, profiles)
    except (InvmonError, OSError) as error:
        return _named(name, in_variables(str(error), VARIABLES))
    return None


def _named(name: str, text: str) -> str:
    """The text as a sentence that names the variable; Ansible's words about a value have no end."""
    whole = text if name in text else f"{name}: {text}"
    return brief(f"{whole.rstrip('.')}.", LENGTH)


def _look_closer(name: str, value: Any, profiles: str | None) -> None:
    """Raise what the task of a device would end with for this value."""
    if name == "invmon_env_file":
        read_env_file(value)
    elif name == "invmon_batch_size":
        _check_batches(value)
    elif name == "invmon_batch":
        _check_batch(value)
    elif name == "collect_at_a_time" and value < 1:
        raise OptionError(f"collect_at_a_time is {value}, and must be at least 1.")
    elif name == "upload_saved_max_age" and not value > 0:
        raise OptionError(f"upload_saved_max_age is {value:g}, and must be a number of hours above 0, such as 24.")
    elif name == "upload_refresh_after":
        read_policy({"refresh_after": value})
    elif name == "snmp_tables":
        _check_tables(value, profiles_of(profiles))
    elif name == "snmp_platform":
        profiles_of(profiles).find(value)
    elif name == "snmp_profiles":
        profiles_of(value)
    elif name in ("snmp_accept_serials", "snmp_reject_serials"):
        serial_rules({_OPTIONS[name]: value})
    elif name in _OPTIONS:
        _check_option(_OPTIONS[name], value)


def _check_option(option: str, value: Any) -> None:
    """Raise OptionError for an option of an SNMP conversation that cannot be used, whatever the others are."""
    if option == "credentials":
        names_of(value)
        return
    if option == "credential_sets":
        for name, one in sets_of(value).items():
            read_set(name, one)
        return
    others = dict(_OTHERS)
    if option.endswith("_key"):
        # It takes the place of the passphrase, and may be for any of the protocols.
        del others[option.replace("_key", "_passphrase")]
        others |= {"auth_protocol": "MD5", "privacy_protocol": "DES"}
    read_options({**others, option: value})


def _check_batch(value: Any) -> None:
    if not _FROM.fullmatch(str(value).lower()):
        raise OptionError(f"invmon_batch: '{value}' is neither a bool nor auto nor a number of devices.")


def _check_batches(value: Any) -> None:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool) or not _BATCH.fullmatch(str(one).strip()) or str(one).strip() == "0%":
            raise OptionError(f"invmon_batch_size: '{one}' is neither a number of devices nor a share of them (30%).")


def _check_tables(tables: Mapping[str, Any], profiles: Profiles) -> None:
    limits = limits_of(tables)
    known = table_names(profiles) if limits.skip else frozenset()
    for name in sorted(limits.skip - known):
        raise OptionError(f"tables: skip names {name}, a table that nothing here reads.{did_you_mean(name, known)}")


def profiles_of(own: str | None) -> Profiles:
    """The profiles of the collection and of the user. Raises ProfileFileError, OSError."""
    return read_profiles({"profiles": str(Path(own).expanduser()) if own else None})


def wrong_policy(values: Mapping[str, Any]) -> str | None:
    """What is wrong with the variables upload_* together; None if nothing is."""
    return _wrong_together(values, UPLOAD_VARIABLES, POLICY_OPTIONS, read_policy)


def wrong_hygiene(values: Mapping[str, Any]) -> str | None:
    """What is wrong with the variables hygiene_* together; None if nothing is."""
    # Here, because Ansible compiles each module that a run imports, and most runs do not tidy up.
    from ...module_utils._tasks.hygiene import ARGUMENT_SPEC as HYGIENE
    from ...module_utils._tasks.hygiene import wishes_of

    spec = {name: HYGIENE[name] for name in ("devices", "sites", "rules", "thin_older_than")}
    variables = {option: f"hygiene_{option}" for option in spec}
    return _wrong_together(values, variables, spec, lambda params: wishes_of(params, datetime.now(UTC)))


def _wrong_together(
    values: Mapping[str, Any],
    variables: Mapping[str, str],
    spec: Mapping[str, Any],
    read: Callable[[Mapping[str, Any]], object],
) -> str | None:
    """What is wrong with the options that variables give.

    :param values: by the names of the variables, as one host sees them.
    :param variables: option -> variable
    :param read: takes the validated options; raises NetBoxOptionError.
    """
    given = {option: values[variables[option]] for option in spec if values.get(variables[option]) is not None}
    found = ArgumentSpecValidator(dict(spec)).validate(given)
    try:
        # The type may be wrong for one group only, if a host of that group is the first one.
        words = "; ".join(found.error_messages) or read(found.validated_parameters)
    except NetBoxOptionError as error:
        words = str(error)
    return brief(in_variables(words, variables), LENGTH) if isinstance(words, str) else None


def wrong_plan(values: Mapping[str, Any]) -> str | None:
    """What is wrong with the variables of a plan together, which the run would otherwise report after all devices."""
    if values.get("upload_plan_file"):
        if values.get("invmon_batch_size"):
            return "upload_plan_file: a plan is one file for the whole run; remove invmon_batch_size."
    elif is_true(values.get("upload_apply_plan")):
        return "upload_apply_plan: name the plan with upload_plan_file."
    return None


def is_true(value: Any) -> bool:
    """Whether a variable is true; a value that is not a boolean is false."""
    return bool(boolean(value or False, strict=False))
