# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What NetBox lets into a row, and the words with which it keeps the rest out."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from .address_space import AddressSpace
from .answers import Invalid, Refused
from .models import MODELS, NOW, OBJECT_TYPES, Field, Model
from .releases import Release
from .store import Row, Store, stamp
from .tokens import Caller

_TIME_FORMAT = (
    "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
)
_SLUG = re.compile(r"[-a-zA-Z0-9_]+\Z")


class Validator:
    """Turns the JSON of a write into values for the store; raises Invalid with NetBox's own messages."""

    def __init__(self, store: Store, release: Release, caller: Caller) -> None:
        """Validate writes of `caller` against what is in `store`."""
        self._store = store
        self._release = release
        self._caller = caller
        self._space = AddressSpace(store)
        self._readers: dict[str, Callable[[Field, Any], Any]] = {
            "text": self._text,
            "slug": self._slug,
            "int": self._int,
            "time": self._time,
            "json": self._json,
            "choice": self._choice,
            "ref": self._ref,
            "address": self._address,
            "network": self._network,
            "bool": self._bool,
            "tags": self._tags,
            "custom_fields": self._custom_fields,
        }

    def clean(
        self,
        model: Model,
        data: Any,
        row: Row | None = None,
        partial: bool = False,
        only: Collection[str] | None = None,
    ) -> dict[str, Any]:
        """The values to store for a new row, or for `row`; `partial` (PATCH) lets fields be left out.

        `only` is what a fields= or omit= in the query leaves: all else in `data` is silently dropped, required or not.
        """
        if not isinstance(data, dict):
            kind = type(data).__name__
            raise Invalid({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]})
        values: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for field in model.stored:
            dropped = only is not None and field.name not in only
            try:
                if field.name in data and not dropped:
                    values[field.name] = self._read(field, data[field.name])
                elif field.required and not partial and not dropped:
                    raise Invalid(["This field is required."])
                elif row is None:
                    values[field.name] = stamp(datetime.now(UTC)) if field.default is NOW else field.default
            except Invalid as error:
                errors[field.name] = error.errors
        if errors:
            raise Invalid(errors)
        self._check_row(model, {**(row or {}), **values}, row)
        if model.name == "ip_address" and "dns_name" in values:
            values["dns_name"] = values["dns_name"].lower()
        if model.name == "probe" and row is None and "changelog_message" in data:
            raise server_error("TypeError", "Probe() got unexpected keyword arguments: 'changelog_message'")
        return values

    def _read(self, field: Field, value: Any) -> Any:
        if value is None:
            if field.null:
                return None
            raise Invalid(["This field may not be null."])
        return self._readers[field.kind](field, value)

    # One reader per kind of field.

    @staticmethod
    def _text(field: Field, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Invalid(["Not a valid string."])
        text = str(value).strip()
        if not text:
            if field.blank:
                return text
            raise Invalid(["This field may not be blank."])
        problems = []
        if field.limit and len(text) > field.limit:
            problems.append(f"Ensure this field has no more than {field.limit} characters.")
        if "\x00" in text:
            problems.append("Null characters are not allowed.")
        surrogate = re.search(r"[\ud800-\udfff]", text)
        if surrogate:
            problems.append(f"Surrogate characters are not allowed: U+{ord(surrogate.group()):X}.")
        if problems:
            raise Invalid(problems)
        return text

    def _slug(self, field: Field, value: Any) -> str:
        text = self._text(field, value)
        if not _SLUG.match(text):
            raise Invalid(["Enter a valid \u201cslug\u201d consisting of letters, numbers, underscores or hyphens."])
        return text

    @staticmethod
    def _int(field: Field, value: Any) -> int:
        try:
            return int(str(value))
        except ValueError:
            raise Invalid(["A valid integer is required."]) from None

    @staticmethod
    def _time(field: Field, value: Any) -> str:
        if not isinstance(value, str):
            raise Invalid([_TIME_FORMAT])
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Invalid([_TIME_FORMAT]) from None
        try:
            return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except OverflowError:
            raise Invalid(["Datetime value out of range."]) from None

    @staticmethod
    def _json(field: Field, value: Any) -> Any:
        return value

    @staticmethod
    def _choice(field: Field, value: Any) -> str:
        if isinstance(value, (dict, list)):
            raise Invalid(['Value must be passed directly (e.g. "foo": 123); do not use a dictionary or list.'])
        if value == "":
            raise Invalid(["This field may not be blank."])
        if value not in field.choices:
            raise Invalid([f"{value} is not a valid choice."])
        return str(value)

    def _address(self, field: Field, value: Any) -> str:
        text = self._text(field, value)
        try:
            return str(ipaddress.ip_interface(text))
        except ValueError:
            raise Invalid([f"Invalid IP address format: {text}"]) from None

    def _network(self, field: Field, value: Any) -> str:
        text = self._text(field, value)
        try:
            return str(ipaddress.ip_network(text))
        except ValueError:
            pass
        try:
            meant = ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise Invalid([f"Invalid IP prefix format: {text}"]) from None
        raise Invalid([f"{text} is not a valid prefix. Did you mean {meant}?"])

    @staticmethod
    def _bool(field: Field, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Invalid(["Must be a valid boolean."])
        return value

    def _ref(self, field: Field, value: Any) -> int:
        return self.related(MODELS[field.target], value)

    def _tags(self, field: Field, value: Any) -> list[int]:
        if not isinstance(value, list):
            raise Invalid({"non_field_errors": [f'Expected a list of items but got type "{type(value).__name__}".']})
        if None in value:
            raise Invalid([["This field may not be null."] if one is None else {} for one in value])
        found = [self.related(MODELS["tag"], one) for one in value]
        return sorted(set(found))

    def _custom_fields(self, field: Field, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Invalid(
                [
                    "Invalid data format. Custom field data must be passed as a dictionary "
                    "mapping field names to their values."
                ]
            )
        if value and self._release.strict_custom_fields:
            raise Invalid({name: f"Custom field '{name}' does not exist for this object type." for name in value})
        return {}

    def related(self, model: Model, value: Any) -> int:
        """The id of the row that a write refers to: by id, or by a dictionary of attributes."""
        if isinstance(value, dict):
            return self._related_by_attributes(model, value)
        try:
            row_id = int(value)
        except (TypeError, ValueError):
            raise Invalid(
                [
                    "Related objects must be referenced by numeric ID or by dictionary of attributes. "
                    f"Received an unrecognized value: {value}"
                ]
            ) from None
        if self._store.get(model, row_id) is None:
            raise Invalid([f"Related object not found using the provided numeric ID: {row_id}"])
        return row_id

    def _related_by_attributes(self, model: Model, attributes: Mapping[str, Any]) -> int:
        hides = self._release.hides_unseen and list(attributes) != ["id"]
        visible = not hides or self._caller.may("view", model)
        where, arguments = self._lookup(model, attributes)
        found = self._store.select(model, where, arguments, limit=2) if visible else []
        if len(found) == 1:
            return int(found[0]["id"])
        shown = _flat(attributes)
        if found:
            raise Invalid([f"Multiple objects match the provided attributes: {shown}"])
        raise Invalid([f"Related object not found using the provided attributes: {shown}"])

    def _lookup(self, model: Model, attributes: Mapping[str, Any]) -> tuple[str, list[Any]]:
        parts, arguments = [], []
        for name, value in attributes.items():
            names = sorted({"id", *(field.name for field in model.stored)})
            if name not in names:
                raise Invalid([f"Cannot resolve keyword '{name}' into field. Choices are: {', '.join(names)}"])
            if isinstance(value, dict):
                target = MODELS[model.field(name).target]
                inner, inner_arguments = self._lookup(target, value)
                parts.append(f'"{name}" IN (SELECT id FROM "{target.name}" WHERE {inner})')
                arguments += inner_arguments
            else:
                parts.append(f'"{name}" IS ?')
                arguments.append(value)
        return " AND ".join(parts) or "1", arguments

    # What holds between the fields of one row, or between rows.

    def _check_row(self, model: Model, values: Row, row: Row | None) -> None:
        problems: dict[str, list[str]] = {}
        for field in model.stored:
            if values[field.name] in (None, "") and not (field.null or (field.blank and values[field.name] == "")):
                empty = "blank" if field.kind in ("text", "slug") else "null"
                problems[field.name] = [f"This field cannot be {empty}."]
        for group in model.unique:
            for name, problem in self._twin(model, group, values, row):
                problems.setdefault(name, []).append(problem)
        if problems:
            raise Invalid(problems)
        checks: dict[str, Callable[[Row], None]] = {
            "probe": _check_times,
            "device": self._check_primary_addresses,
            "ip_address": self._space.check_address,
            "ip_range": self._space.check_range,
            "prefix": self._space.check_prefix,
            "journal_entry": self._check_assigned_object,
        }
        if model.name in checks:
            checks[model.name](values)

    def _twin(self, model: Model, group: tuple[str, ...], values: Row, row: Row | None) -> Iterator[tuple[str, str]]:
        """The complaint that another row has the same values in these fields, if one has."""
        if any(values.get(name) is None for name in group if name != "parent"):
            return
        where = " AND ".join(f'fold("{name}") IS fold(?)' for name in group)
        twins = self._store.select(model, where, [values[name] for name in group])
        if not [twin for twin in twins if row is None or twin["id"] != row["id"]]:
            return
        if model.name == "device":
            yield "__all__", "Device name must be unique per site."
        elif model.name == "location":
            yield "__all__", f"A location with this {group[-1]} already exists within the specified site."
        elif len(group) == 1:
            yield group[0], f"{_words(model.label).lower()} with this {group[0]} already exists."
        else:
            names = " and ".join(_words(name) for name in group)
            yield "__all__", f"{_words(model.label)} with this {names} already exists."

    def _check_assigned_object(self, values: Row) -> None:
        model = OBJECT_TYPES.get(values["assigned_object_type"])
        if model is None:
            word = "Invalid value. Specify a content type as '<app_label>.<model_name>'."
            raise Invalid({"assigned_object_type": [word]})
        if self._store.get(model, values["assigned_object_id"]) is None:
            shown = f"{model.label} ID {values['assigned_object_id']}"
            raise Invalid({"non_field_errors": [f"Invalid assigned_object: {shown}"]})

    def _check_primary_addresses(self, values: Row) -> None:
        for name, family in (("primary_ip4", 4), ("primary_ip6", 6)):
            if values.get(name) is None:
                continue
            address = self._store.get(MODELS["ip_address"], values[name])
            if address is None:
                continue
            shown = address["address"]
            self._check_no_other_primary(name, family, values)
            if ipaddress.ip_interface(shown).version != family:
                raise Invalid({name: [f"{shown} is not an IPv{family} address."]})
            if self._device_of(address) != values.get("id"):
                raise Invalid({name: [f"The specified IP address ({shown}) is not assigned to this device."]})

    def _check_no_other_primary(self, name: str, family: int, values: Row) -> None:
        """An address is the primary one of one device: 4.6 leaves that to the database."""
        if not self._store.count(MODELS["device"], f'"{name}" = ? AND id IS NOT ?', (values[name], values.get("id"))):
            return
        if self._release.database_guards_primary:
            raise server_error(
                "IntegrityError", f'duplicate key value violates unique constraint "dcim_device_{name}_id_key"'
            )
        raise Invalid({name: [f"Device with this Primary IPv{family} already exists."]})

    def _device_of(self, address: Row) -> int | None:
        if address["assigned_object_type"] != OBJECT_TYPES["dcim.interface"].permission:
            return None
        interface = self._store.get(MODELS["interface"], address["assigned_object_id"])
        return interface["device"] if interface else None


def _check_times(values: Row) -> None:
    if values["creation_time"] and values["creation_time"] > values["time"]:
        raise Invalid({"creation_time": ["Creation time cannot be after probe time."]})


def refuse_unstorable(model: Model, values: Mapping[str, Any]) -> None:
    """What only the database finds wrong, after all that was validated: JSON that it cannot hold. Raises Refused."""
    for field in model.stored:
        problem = _unstorable(values[field.name]) if field.kind == "json" and field.name in values else None
        if problem:
            raise server_error("DataError", problem)


def server_error(exception: str, message: str) -> Refused:
    """The 500 that NetBox makes of an exception in its own code: JSON, with the exception's name."""
    return Refused(500, {"error": message, "exception": exception})


def _unstorable(value: Any) -> str | None:
    """Why PostgreSQL's jsonb does not take this value; None if it does."""
    if isinstance(value, str):
        if "\x00" in value:
            return "unsupported Unicode escape sequence\nLINE 1: ...\nDETAIL:  \\u0000 cannot be converted to text."
        if re.search(r"[\ud800-\udfff]", value):
            return (
                "invalid input syntax for type json\nDETAIL:  Unicode high surrogate must not follow a high surrogate."
            )
        return None
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((problem for part in parts if (problem := _unstorable(part))), None)


def _flat(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested attributes as Django's lookups: {"site": {"slug": "x"}} is {"site__slug": "x"}."""
    flat: dict[str, Any] = {}
    for name, value in attributes.items():
        if isinstance(value, dict):
            flat.update({f"{name}__{inner}": one for inner, one in _flat(value).items()})
        else:
            flat[name] = value
    return flat


def _words(name: str) -> str:
    """A name as Django's error texts show it: "device_type" and "DeviceType" are "Device type"."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    return spaced[0].upper() + spaced[1:]
