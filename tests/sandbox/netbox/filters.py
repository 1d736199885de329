# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The query parameters that choose rows: what each means, which values are refused, and which are silently ignored.

A name that is in no table here is ignored, as NetBox ignores it: the answer is then every row. Blank values are
ignored where text or a number is looked for, and refused where NetBox offers a choice.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from .answers import Invalid, Refused
from .models import MODELS, Model
from .releases import Release
from .store import Store, stamp

Values = Sequence[str]
Clause = tuple[str, list[Any]]
#: A filter takes the values that were given, and answers with SQL; None if they mean nothing.
Filter = Callable[[Values, Store], Clause | None]


def _any(parts: Sequence[str]) -> str:
    return "(" + " OR ".join(parts) + ")"


def _negated(inner: Filter) -> Filter:
    def apply(values: Values, store: Store) -> Clause | None:
        clause = inner(values, store)
        return (f"NOT coalesce({clause[0]}, 0)", clause[1]) if clause else None

    return apply


def _given(values: Values) -> list[str]:
    return [value.strip() for value in values if value.strip()]


def _escape_like(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _text(column: str, template: str, fold: bool) -> Filter:
    """Text that equals, contains, starts with or ends with any of the values, as `template` says ("%{}%").

    To equal "null" is to have no value.
    """

    def apply(values: Values, _store: Store) -> Clause | None:
        given = _given(values)
        if not given:
            return None
        subject = f'fold("{column}")' if fold else f'"{column}"'
        if template == "{}":
            none = [f'"{column}" IS NULL'] if "null" in given else []
            texts = [value for value in given if value != "null"]
            marks = f"{subject} = fold(?)" if fold else f"{subject} = ?"
            return _any([marks] * len(texts) + none), texts
        _refuse_null(given)
        marks = f"{subject} LIKE fold(?) ESCAPE '\\'"
        return _any([marks] * len(given)), [template.format(_escape_like(value)) for value in given]

    return apply


def _refuse_null(values: Values) -> None:
    """Where "null" stands for no value at all, NetBox fails if it is to be a part of a text, or a pattern."""
    if "null" in values:
        raise Refused(500, {"error": "Cannot use None as a query value", "exception": "ValueError"})


def _empty(column: str) -> Filter:
    return _flag(f'("{column}" IS NULL OR "{column}" = \'\')')


def _texts(name: str, fold: bool = False) -> dict[str, Filter]:
    """A text filter with the look-ups that NetBox makes of it: __ic, __ie, __isw, __iew, their n-forms, __empty."""
    shapes = {
        "": ("{}", fold),
        "__ie": ("{}", True),
        "__ic": ("%{}%", True),
        "__isw": ("{}%", True),
        "__iew": ("%{}", True),
    }
    filters: dict[str, Filter] = {}
    for suffix, (template, folded) in shapes.items():
        plain = _text(name, template, folded)
        filters[name + suffix] = plain
        # A filter that knows no case still has a negation that does.
        filters[f"{name}__n{suffix[2:]}"] = _negated(plain if suffix else _text(name, "{}", False))
    filters[f"{name}__empty"] = _empty(name)
    filters[f"{name}__regex"] = _regex(name, "")
    filters[f"{name}__iregex"] = _regex(name, "(?i)")
    return filters


def _regex(column: str, flags: str) -> Filter:
    def apply(values: Values, _store: Store) -> Clause | None:
        given = _given(values)
        _refuse_null(given)
        patterns = [flags + value for value in given]
        return (_any([f'"{column}" REGEXP ?'] * len(given)), patterns) if given else None

    return apply


def _contains_last(column: str) -> Filter:
    """The single icontains of the probes' `serial`: the last value wins, and it has no look-ups of its own."""

    def apply(values: Values, _store: Store) -> Clause | None:
        value = values[-1].strip()
        return (f"fold(\"{column}\") LIKE fold(?) ESCAPE '\\'", [f"%{_escape_like(value)}%"]) if value else None

    return apply


def _flag(true: str) -> Filter:
    """Yes or no. NetBox understands only true and false here; 1 and yes are ignored."""

    def apply(values: Values, _store: Store) -> Clause | None:
        word = values[-1].lower()
        if word not in ("true", "false"):
            return None
        return (true if word == "true" else f"NOT coalesce({true}, 0)"), []

    return apply


def _only(sql: str) -> Filter:
    """A condition that true switches on and false does not negate."""

    def apply(values: Values, _store: Store) -> Clause | None:
        return (sql, []) if values[-1].lower() == "true" else None

    return apply


_COMPARISONS = {"": "=", "__n": "<>", "__gt": ">", "__gte": ">=", "__lt": "<", "__lte": "<="}


def _integers(name: str) -> dict[str, Filter]:
    """A number, and the look-ups that NetBox makes of it."""
    compared = {name + suffix: _integer(name, operator) for suffix, operator in _COMPARISONS.items()}
    return {**compared, f"{name}__empty": _flag(f'("{name}" IS NULL)')}


def _integer(column: str, operator: str) -> Filter:
    def apply(values: Values, _store: Store) -> Clause | None:
        given = _given(values)
        if not given:
            return None
        try:
            numbers = [int(value) for value in given]
        except ValueError:
            raise Invalid(["Enter a whole number."]) from None
        return _any([f'"{column}" {operator} ?'] * len(numbers)), numbers

    return apply


def _choices(column: str, choices: Sequence[str]) -> Filter:
    def apply(values: Values, _store: Store) -> Clause | None:
        _refuse_unknown([value for value in values if value not in choices])
        return _any([f'"{column}" = ?'] * len(values)), list(values)

    return apply


def _refuse_unknown(values: Sequence[str]) -> None:
    if values:
        raise Invalid([f"Select a valid choice. {values[0]} is not one of the available choices."])


def _refs(column: str, target: str, key: str = "id") -> Filter:
    """Rows that point to any of these objects, which are named by `key`; "null" stands for none."""

    def apply(values: Values, store: Store) -> Clause | None:
        if key == "id":
            _refuse_no_id([value for value in values if value != "null"])
        parts = [f'"{column}" IS NULL'] if "null" in values else []
        ids = [row_id for value in values if value != "null" for row_id in _named(store, target, key, value)]
        if ids:
            parts.append(f'"{column}" IN ({", ".join("?" * len(ids))})')
        return _any(parts), ids

    return apply


def _ref(column: str, target: str) -> Filter:
    """Rows that point to one object by its id: the last value counts, and its error does not repeat it."""

    def apply(values: Values, store: Store) -> Clause | None:
        value = values[-1].strip()
        if not value:
            return None
        if value == "null":
            return f'"{column}" IS NULL', []
        if not value.isdigit() or store.get(MODELS[target], int(value)) is None:
            raise Invalid(["Select a valid choice. That choice is not one of the available choices."])
        return f'"{column}" = ?', [int(value)]

    return apply


def _absent(values: Values, _store: Store) -> Clause | None:
    """A reference to what the stand-in has none of, such as tenants: every value but "null" is no choice."""
    _refuse_unknown([value for value in values if value != "null"])
    return None


def _named(store: Store, target: str, key: str, value: str) -> list[int]:
    """The ids of the target rows with that value of `key`, with all locations below where it is a location."""
    if key == "id":
        _refuse_no_id([value])
    model = MODELS[target]
    rows = store.select(model, f'"{key}" = ?', (int(value) if key == "id" else value,))
    _refuse_unknown([] if rows else [value])
    ids = [int(row["id"]) for row in rows]
    return _with_below(store, ids) if target == "location" else ids


def _refuse_no_id(values: Values) -> None:
    for value in values:
        if not value.isdigit():
            raise Invalid([f"\u201c{value}\u201d is not a valid value."])


def _with_below(store: Store, ids: list[int]) -> list[int]:
    """These locations, and all within them."""
    marks = ", ".join("?" * len(ids))
    inside = [int(row["id"]) for row in store.select(MODELS["location"], f"parent IN ({marks})", ids)]
    return ids + _with_below(store, inside) if inside else ids


def _tags() -> dict[str, Filter]:
    """Rows that have every one of these tags (tag), or none of them (tag__n); "null" stands for having no tag."""
    return {"tag": _all_tags("slug"), "tag__n": _without_tags("slug")}


_UNTAGGED = "(json_array_length(tags) = 0)"


def _tag_ids(store: Store, key: str, values: Values) -> list[int]:
    return [tag_id for value in values if value != "null" for tag_id in _named(store, "tag", key, value)]


def _all_tags(key: str) -> Filter:
    def apply(values: Values, store: Store) -> Clause | None:
        ids = _tag_ids(store, key, values)
        part = "EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value = ?)"
        untagged = [_UNTAGGED] if "null" in values else []
        return "(" + " AND ".join([part] * len(ids) + untagged) + ")", ids

    return apply


def _without_tags(key: str) -> Filter:
    def apply(values: Values, store: Store) -> Clause | None:
        ids = _tag_ids(store, key, values)
        marks = ", ".join("?" * len(ids))
        tagged = f"NOT {_UNTAGGED}" if "null" in values else "1"
        return f"{tagged} AND NOT EXISTS (SELECT 1 FROM json_each(tags) WHERE json_each.value IN ({marks}))", ids

    return apply


def _moment(column: str, operator: str) -> Filter:
    def apply(values: Values, _store: Store) -> Clause | None:
        value = values[-1].strip()
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Invalid(["Enter a valid date/time."]) from None
        return f'"{column}" {operator} ?', [stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))]

    return apply


def _address(column: str) -> Filter:
    """A primary address exactly as it is stored, with its mask; anything else is no choice."""

    def apply(values: Values, store: Store) -> Clause | None:
        for value in values:
            if not re.match(r"[0-9a-fA-F:.]+(/\d+)?$", value):
                raise Invalid([f"\u201c{value}\u201d is not a valid value."])
        ids = [row_id for value in values for row_id in _named(store, "ip_address", "address", value)]
        return f'"{column}" IN ({", ".join("?" * len(ids))})', ids

    return apply


def _any_mask(values: Values, _store: Store) -> Clause | None:
    """Addresses that are given with their mask, or without one: then whatever theirs is."""
    given = _given(values)
    if not given:
        return None
    return _any(["address LIKE ?"] * len(given)), [value if "/" in value else f"{value}/%" for value in given]


def _networks(where: str, last_only: bool = False) -> Filter:
    """Rows that lie in a network, or hold it, as the SQL of `where` says (? is the network); without one, none."""

    def apply(values: Values, _store: Store) -> Clause | None:
        given = _given(values[-1:] if last_only else values)
        if not given:
            return None
        try:
            networks = [str(ipaddress.ip_network(value, strict=False)) for value in given]
        except ValueError:
            return "0", []
        return _any([where] * len(networks)), [network for network in networks for _mark in range(where.count("?"))]

    return apply


def _at_site(key: str) -> Filter:
    """Prefixes whose scope is one of these sites, or a location there."""

    def apply(values: Values, store: Store) -> Clause | None:
        ids = [row_id for value in values for row_id in _named(store, "site", key, value)]
        marks = ", ".join("?" * len(ids))
        inside = f"SELECT id FROM location WHERE site IN ({marks})"
        site = f"scope_type = 'dcim.site' AND scope_id IN ({marks})"
        return f"({site} OR scope_type = 'dcim.location' AND scope_id IN ({inside}))", ids * 2

    return apply


def _host(column: str) -> str:
    """The address in a column without its mask."""
    return f"substr({column}, 1, instr({column}, '/') - 1)"


#: The filters of address space that no other kind of object has.
_OF_SPACE: dict[str, dict[str, Filter]] = {
    "prefix": {
        "within": _networks("(within(prefix, ?) AND prefix IS NOT ?)", last_only=True),
        "within_include": _networks("within(prefix, ?)", last_only=True),
        "contains": _networks("within(?, prefix)", last_only=True),
        "site": _at_site("slug"),
        "site_id": _at_site("id"),
    },
    "ip_range": {"parent": _networks(f"(within({_host('start_address')}, ?) AND within({_host('end_address')}, ?))")},
    "ip_address": {"parent": _networks(f"within({_host('address')}, ?)")},
}


def _search(columns: Sequence[str]) -> Filter:
    def apply(values: Values, _store: Store) -> Clause | None:
        value = values[-1].strip()
        if not value:
            return None
        parts = [f"fold(\"{column}\") LIKE fold(?) ESCAPE '\\'" for column in columns]
        return _any(parts), [f"%{_escape_like(value)}%"] * len(columns)

    return apply


def _by_manufacturer(key: str) -> Filter:
    def apply(values: Values, store: Store) -> Clause | None:
        ids = [row_id for value in values for row_id in _named(store, "manufacturer", key, value)]
        marks = ", ".join("?" * len(ids))
        return f"device_type IN (SELECT id FROM device_type WHERE manufacturer IN ({marks}))", ids

    return apply


def _address_of(key: str) -> Filter:
    """Addresses of the interfaces of these devices."""
    devices = _refs("device", "device", key)

    def apply(values: Values, store: Store) -> Clause | None:
        clause = devices(values, store)
        if clause is None:
            return None
        inner = f"SELECT id FROM interface WHERE {clause[0]}"
        return f"assigned_object_type = 'dcim.interface' AND assigned_object_id IN ({inner})", clause[1]

    return apply


def _device_search(release: Release) -> Filter:
    by_text = _search(("name", "serial", "asset_tag", "comments"))

    def apply(values: Values, store: Store) -> Clause | None:
        clause = by_text(values, store)
        if clause is None:
            return None
        value = values[-1].strip()
        pattern = f"{_escape_like(value)}/%" if release.exact_address_search else f"%{_escape_like(value)}%"
        addresses = "SELECT id FROM ip_address WHERE address LIKE ? ESCAPE '\\'"
        sql = f"({clause[0]} OR primary_ip4 IN ({addresses}) OR primary_ip6 IN ({addresses}))"
        return sql, [*clause[1], pattern, pattern]

    return apply


def _latest(partition: str) -> str:
    """The newest row of each partition over the whole table: the other filters see only these.

    Of rows of the same time NetBox takes any. Here it is the last one, which a run that repairs does not keep.
    """
    ranked = f"SELECT id, row_number() OVER (PARTITION BY {partition} ORDER BY time DESC, id DESC) AS age FROM probe"
    return f"id IN (SELECT id FROM ({ranked}) WHERE age = 1)"


def _with_negations(filters: Mapping[str, Filter]) -> dict[str, Filter]:
    return {**filters, **{f"{name}__n": _negated(one) for name, one in filters.items()}}


#: By what a reference is named in a filter without _id.
_BY_KEY = {**dict.fromkeys(("site", "manufacturer", "location", "tenant", "role"), "slug"), "vrf": "rd"}

_COMMON: dict[str, Filter] = {**_integers("id"), **_tags()}

#: Filters of devices by objects that the stand-in has none of.
_OF_NO_USE = (
    "region",
    "site_group",
    "tenant",
    "tenant_group",
    "rack",
    "cluster",
    "cluster_group",
    "config_template",
    "owner",
)


def _stamps() -> dict[str, Filter]:
    """When a row was made, and when it was changed last."""
    return {
        name + suffix: _moment(name, operator)
        for name in ("created", "last_updated")
        for suffix, operator in _COMPARISONS.items()
    }


def _probe_filters() -> dict[str, Filter]:
    texts: dict[str, Filter] = {}
    for name in (
        "name",
        "part",
        "category",
        "description",
        "device_descriptor",
        "site_descriptor",
        "location_descriptor",
    ):
        texts |= _texts(name)
    return {
        **_COMMON,
        **texts,
        **_with_negations(
            {
                "site": _ref("site", "site"),
                "location": _ref("location", "location"),
                "device_id": _refs("device", "device"),
                "device": _refs("device", "device", "name"),
            }
        ),
        "serial": _contains_last("serial"),
        "time__gte": _moment("time", ">="),
        "time__lte": _moment("time", "<="),
        "latest_only": _only(_latest("serial")),
        "latest_only_per_device": _only(_latest("serial, device")),
        "q": _search(
            ("device_descriptor", "part", "name", "serial", "description", "site_descriptor", "location_descriptor")
        ),
    }


def _device_filters(release: Release) -> dict[str, Filter]:
    refs: dict[str, Filter] = {"status": _choices("status", MODELS["device"].field("status").choices)}
    for name, target in (("site", "site"), ("location", "location"), ("platform", "platform"), ("role", "device_role")):
        refs[name] = _refs(name, target, "slug")
        refs[f"{name}_id"] = _refs(name, target)
    refs["device_type"] = _refs("device_type", "device_type", "slug")
    refs["device_type_id"] = _refs("device_type", "device_type")
    refs["virtual_chassis_id"] = _refs("virtual_chassis", "virtual_chassis")
    for name in ("primary_ip4", "primary_ip6"):
        refs[name] = _address(name)
        refs[f"{name}_id"] = _refs(name, "ip_address")
    refs |= {name: _absent for word in _OF_NO_USE for name in (word, f"{word}_id")}
    for name, key in (("manufacturer", "slug"), ("manufacturer_id", "id")):
        refs[name] = _by_manufacturer(key)
    return {
        **_COMMON,
        **_texts("name", fold=True),
        **_texts("serial", fold=True),
        **_texts("asset_tag"),
        **_texts("description"),
        **_integers("vc_position"),
        **_stamps(),
        "tag_id": _all_tags("id"),
        "tag_id__n": _without_tags("id"),
        **_with_negations(refs),
        "has_primary_ip": _flag("(primary_ip4 IS NOT NULL OR primary_ip6 IS NOT NULL)"),
        "has_oob_ip": _flag("(oob_ip IS NOT NULL)"),
        "virtual_chassis_member": _flag("(virtual_chassis IS NOT NULL)"),
        "q": _device_search(release),
    }


def _plain_filters(model: Model) -> dict[str, Filter]:
    """The filters of a model that is only looked up: its id, its texts, what it points to."""
    filters: dict[str, Filter] = {**_integers("id"), **_stamps(), "q": _search(tuple(_searchable(model)))}
    for field in model.stored:
        if field.kind in ("text", "slug"):
            filters |= _texts(field.name)
        elif field.kind == "int":
            filters |= _integers(field.name)
        elif field.kind == "choice":
            filters[field.name] = _choices(field.name, field.choices)
        elif field.kind == "address":
            filters[field.name] = _any_mask
        elif field.kind == "tags":
            filters |= _tags()
        elif field.kind == "ref":
            filters[f"{field.name}_id"] = _refs(field.name, field.target)
            if field.target in _BY_KEY:
                filters[field.name] = _refs(field.name, field.target, _BY_KEY[field.target])
        elif field.kind == "bool":
            filters[field.name] = _flag(f'("{field.name}" = 1)')
    if model.name == "interface":
        filters["device"] = _refs("device", "device", "name")
    filters |= _OF_SPACE.get(model.name, {})
    if model.name == "ip_address":
        filters |= {"device": _address_of("name"), "device_id": _address_of("id")}
    return filters


def _searchable(model: Model) -> list[str]:
    names = [field.name for field in model.stored]
    return [name for name in ("name", "slug", "model", "address", "comments") if name in names]


def filters_of(model: Model, release: Release) -> dict[str, Filter]:
    """Every query parameter that chooses rows of `model`."""
    if model.name == "probe":
        return _probe_filters()
    if model.name == "device":
        return _device_filters(release)
    return _plain_filters(model)


def build(model: Model, query: Mapping[str, list[str]], store: Store, release: Release) -> Clause:
    """The SQL condition of a query string. Raises Invalid with one message per refused parameter."""
    known = filters_of(model, release)
    parts: list[str] = ["1"]
    arguments: list[Any] = []
    errors: dict[str, Any] = {}
    failure: Refused | None = None
    for name, values in query.items():
        if name not in known:
            continue
        try:
            clause = known[name](values, store)
        except Invalid as error:
            errors[name] = error.errors
            continue
        except Refused as error:
            failure = error
            continue
        if clause:
            parts.append(clause[0])
            arguments += clause[1]
    if errors:
        raise Invalid(errors)
    if failure:
        raise failure
    return " AND ".join(parts), arguments


def order(model: Model, query: Mapping[str, list[str]]) -> str:
    """The ORDER BY of a request: fields that do not exist are ignored; the model's own order is the default.

    PostgreSQL holds null for the greatest value.
    """
    columns = {field.name for field in model.stored} | {"id"}
    if model.change_logged:
        columns |= {"created", "last_updated"}
    asked = [name for name in query.get("ordering", [""])[-1].split(",") if name.lstrip("-") in columns]
    return ", ".join(_order_by(model, name) for name in asked or model.ordering)


def _order_by(model: Model, name: str) -> str:
    column = _sorted_as(model, name.lstrip("-"))
    return f"{column} DESC NULLS FIRST" if name.startswith("-") else f"{column} ASC NULLS LAST"


def _sorted_as(model: Model, name: str) -> str:
    """What stands for a field when rows are sorted: of a reference its target's name, of names their natural order."""
    if name in {field.name for field in model.stored if field.kind == "ref"}:
        target = MODELS[model.field(name).target]
        inner = _sorted_as(target, target.ordering[0]).replace('"', f'"{target.name}"."', 1)
        return f'(SELECT {inner} FROM "{target.name}" WHERE "{target.name}".id = "{model.name}"."{name}")'
    natural = name == "name" and model.change_logged
    return f'"{name}" COLLATE by_number' if natural else f'"{name}"'
