# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plain data of a profile -> its dataclasses, or a ProfileError that leads to the key which is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .._parts.item import CATEGORIES
from .._snmp.transport import Oid
from .categories import category_in_words
from .profile import (
    ENTITY_TABLE,
    ENTITY_VALUES,
    FIELDS,
    READERS,
    SYSTEM_VALUES,
    TEXTS,
    Column,
    Elsewhere,
    EntityOptions,
    Head,
    Layout,
    Match,
    Parent,
    ProfileError,
    Source,
    Template,
    root_of,
)
from .profile_checks import (
    Where,
    check_known,
    mapping,
    parse_oid,
    parse_open_oid,
    regex_of,
    text_of,
    truth_of,
    words_of,
)

_HEAD = ("name", "match", "aliases", "reader", "include")
_BODY = ("entity", "scalars", "tables", "coverage")
_CONDITIONS = ("when", "unless", "fallback", "required", "note", "shape")
_GROUP = ("oids", *_CONDITIONS, *FIELDS)
_TABLE = (
    *("entry", "columns", "index", "parent", "describes", "prefer", "members", "rows"),
    *(*_CONDITIONS, *FIELDS),
)
_COLUMN = ("id", "of", "from", "index", "match", "map", "else")
_NAME = re.compile(r"[a-z0-9_]+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_VALUE_NAME = re.compile(r"[A-Za-z_]\w*")
#: Sub-identifiers of columns are small numbers; a larger one is a whole OID's.
_MOST_COLUMN = 2**31 - 1


def parse_head(data: Any, default_name: str) -> Head:
    """Name, match rules, aliases, reader and includes of a profile. Raises ProfileError."""
    section = mapping(data, (), (*_HEAD, *_BODY))
    name = section.get("name", default_name)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ProfileError(("name",), f"{name!r} is not a name: use lower-case letters, digits and _")
    matches = section.get("match", [])
    if not isinstance(matches, list):
        raise ProfileError(("match",), "must be a list of rules: - object_id: 1.3.6.1.4.1.14988")
    check_known(section.get("reader", "profile"), READERS, ("reader",), "reader")
    return Head(
        name=name,
        matches=tuple(_match(rule, ("match", number)) for number, rule in enumerate(matches)),
        aliases=tuple(bare(alias) for alias in words_of(section.get("aliases", []), ("aliases",))),
        reader=section.get("reader", "profile"),
        include=tuple(words_of(section.get("include", []), ("include",))),
    )


def parse_layout(data: Mapping[str, Any]) -> Layout:
    """Everything else of a profile. Raises ProfileError."""
    groups = mapping(data.get("scalars", {}), ("scalars",))
    tables = mapping(data.get("tables", {}), ("tables",))
    coverage = mapping(data.get("coverage", {}), ("coverage",), CATEGORIES)
    layout = Layout(
        entity=_entity(data.get("entity", True)),
        scalars=tuple(_group(str(name), group) for name, group in groups.items()),
        tables=tuple(_table(str(name), table) for name, table in tables.items()),
        coverage={name: _sentence(name, text_of(text, ("coverage", name))) for name, text in coverage.items()},
    )
    if layout.entity.members:
        check_known(layout.entity.members, [table.name for table in layout.tables], ("entity", "members"), "table")
    for source in (*layout.scalars, *layout.tables):
        _check_references(source, layout)
    return layout


def _sentence(category: str, text: str) -> str:
    """The summary groups by what is before the colon."""
    return text if ":" in text else f"{category}: {text}"


def bare(word: str) -> str:
    """A platform's word without case and punctuation: "ios-xe" and "IOS XE" are one."""
    plain = word.isascii() and word.isalnum() and word.islower()
    return word if plain else re.sub(r"[^a-z0-9]", "", word.casefold())


def _match(rule: Any, where: Where) -> Match:
    section = mapping(rule, where, ("object_id", "description", "answers"))
    if not section:
        raise ProfileError(where, "an empty rule would match every device")
    if section.get("description") in ("", None) and "description" in section:
        raise ProfileError((*where, "description"), "an empty expression would match every device")
    if "answers" in section and len(section) > 1:
        raise ProfileError(
            (*where, "answers"), "must be the only key of its rule: it is tried where nothing else matches"
        )
    description = section.get("description")
    return Match(
        object_id=parse_oid(section["object_id"], (*where, "object_id"), 7) if "object_id" in section else (),
        description=None if description is None else regex_of(description, (*where, "description")),
        answers=parse_oid(section["answers"], (*where, "answers"), 7) if "answers" in section else (),
    )


def _entity(value: Any) -> EntityOptions:
    if isinstance(value, bool):
        return EntityOptions(read=value)
    section = mapping(value, ("entity",), ("stacks", "vendor_types", "members"))
    types = mapping(section.get("vendor_types", {}), ("entity", "vendor_types"))
    where = ("entity", "vendor_types")
    return EntityOptions(
        stacks=truth_of(section.get("stacks", True), ("entity", "stacks")),
        members=text_of(section["members"], ("entity", "members")) if "members" in section else None,
        vendor_types={parse_oid(oid, (*where, oid)): text_of(model, (*where, oid)) for oid, model in types.items()},
    )


def _group(name: str, data: Any) -> Source:
    where = ("scalars", name)
    section = mapping(data, where, _GROUP)
    oids = _value_names(mapping(section.get("oids"), (*where, "oids")), (*where, "oids"))
    columns = {str(key): _column(value, (*where, "oids", key), scalar=True) for key, value in oids.items()}
    fields = _fields(section, where, columns, ())
    if "serial" not in fields:
        raise ProfileError(where, "it has no serial: name a scalar `serial`, or set the field")
    return Source(
        name=name,
        columns=columns,
        fields={"category": (Template("chassis"),), **fields},
        **_conditions(section, where, {*columns}),
    )


def _table(name: str, data: Any) -> Source:
    where = ("tables", name)
    section = mapping(data, where, _TABLE)
    written = _value_names(mapping(section.get("columns"), (*where, "columns")), (*where, "columns"))
    columns = {str(key): _column(value, (*where, "columns", key), scalar=False) for key, value in written.items()}
    index = tuple(words_of(section.get("index", []), (*where, "index")))
    describes = section.get("describes")
    if describes not in (None, ENTITY_TABLE):
        raise ProfileError((*where, "describes"), f"{describes!r} is not known: only {ENTITY_TABLE} can be described")
    if section.get("rows", "first") != "first":
        raise ProfileError((*where, "rows"), f"{section['rows']!r} is not known: write first, or leave it out")
    fields = _fields(section, where, columns, index)
    if "serial" not in fields and not describes and not _is_pointed_at(section):
        raise ProfileError(where, "it has no serial: name a column `serial`, or set the field")
    prefer = words_of(section.get("prefer", []), (*where, "prefer"))
    for field_name in prefer:
        check_known(field_name, ("serial", *TEXTS, "category"), (*where, "prefer"), "field")
    return Source(
        name=name,
        entry=parse_open_oid(section.get("entry"), (*where, "entry"), 6),
        columns=columns,
        fields=fields,
        index=index,
        parent=_parent(section.get("parent"), (*where, "parent")),
        describes_entity=describes is not None,
        prefer=frozenset(prefer),
        members=truth_of(section.get("members", False), (*where, "members")),
        first="rows" in section,
        **_conditions(section, where, {*columns, *index}),
    )


def _value_names(section: Mapping[str, Any], where: Where) -> Mapping[str, Any]:
    for name in section:
        if not _VALUE_NAME.fullmatch(str(name)):
            raise ProfileError((*where, name), f"{name!r} is not a name of a value: use letters, digits and _")
    return section


def _is_pointed_at(section: Mapping[str, Any]) -> bool:
    """A table without fields of its own serves other tables with its columns."""
    return not any(name in section for name in FIELDS)


def _conditions(section: Mapping[str, Any], where: Where, names: set[str]) -> dict[str, Any]:
    """The keys that scalars and tables have in common."""
    found: dict[str, Any] = {
        "fallback": truth_of(section.get("fallback", False), (*where, "fallback")),
        "required": truth_of(section.get("required", True), (*where, "required")),
        "note": None if section.get("note") is None else text_of(section["note"], (*where, "note")),
        "shape": None if section.get("shape") is None else regex_of(section["shape"], (*where, "shape")),
    }
    for key in ("when", "unless"):
        conditions = mapping(section.get(key, {}), (*where, key))
        for name in conditions:
            check_known(str(name), names, (*where, key, name), "value")
        found[key] = {str(name): _values(value) for name, value in conditions.items()}
    return found


def _values(value: Any) -> frozenset[str]:
    values = value if isinstance(value, list) else [value]
    return frozenset(_plain(entry) for entry in values)


def _plain(value: Any) -> str:
    """A value as it is compared. YAML makes true of `yes` and `on`: TruthValue 1 and 2 are not meant by that."""
    return str(value).strip().casefold()


def _column(value: Any, where: Where, scalar: bool) -> Column:
    """One entry of `oids` or `columns`."""
    if not isinstance(value, Mapping):
        return Column(oid=_own_oid(value, where, scalar))
    section = mapping(value, where, _COLUMN)
    if len({"id", "of", "from"} & section.keys()) != 1:
        raise ProfileError(where, "needs one of id (a column or OID), of (another value) and from (another table)")
    if ("from" in section) != ("index" in section):
        raise ProfileError(where, "from and index must be used together: {from: slotTable.name, index: [slot]}")
    if "else" in section and "map" not in section:
        raise ProfileError((*where, "else"), "needs a map")
    words = mapping(section["map"], (*where, "map")) if "map" in section else None
    return Column(
        oid=_own_oid(section["id"], (*where, "id"), scalar) if "id" in section else (),
        of=text_of(section["of"], (*where, "of")) if "of" in section else None,
        elsewhere=_elsewhere(section, where) if "from" in section else None,
        match=regex_of(section["match"], (*where, "match")) if "match" in section else None,
        words=None if words is None else {_plain(k): text_of(v, (*where, "map", k)) for k, v in words.items()},
        otherwise=text_of(section["else"], (*where, "else")) if "else" in section else None,
    )


def _own_oid(value: Any, where: Where, scalar: bool) -> Oid:
    if scalar:
        return parse_open_oid(value, where, 8)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST_COLUMN:
        raise ProfileError(where, f"{value!r} is not a column: write its sub-identifier below the entry, such as 12")
    return (value,)


def _elsewhere(section: Mapping[str, Any], where: Where) -> Elsewhere:
    table, dot, column = text_of(section["from"], (*where, "from")).rpartition(".")
    if not dot:
        raise ProfileError((*where, "from"), "write TABLE.COLUMN, such as slotTable.name")
    return Elsewhere(table, column, _index(section["index"], (*where, "index")))


def _parent(value: Any, where: Where) -> Parent | None:
    if value is None:
        return None
    section = mapping(value, where, ("table", "index"))
    if len(section) < 2:
        raise ProfileError(where, "needs table and index: {table: slotTable, index: [slot]}")
    return Parent(text_of(section["table"], (*where, "table")), _index(section["index"], (*where, "index")))


def _index(value: Any, where: Where) -> tuple[str, ...]:
    """Names of values that make an index; a number is a constant."""
    if isinstance(value, list):
        value = [str(part) if isinstance(part, int) and not isinstance(part, bool) else part for part in value]
    return tuple(words_of(value, where))


def _fields(
    section: Mapping[str, Any], where: Where, columns: Mapping[str, Column], index: Sequence[str]
) -> dict[str, tuple[Template, ...]]:
    """The templates of a part: those that are written, and values whose name is a field's."""
    known = {*columns, *index, *SYSTEM_VALUES}
    fields: dict[str, tuple[Template, ...]] = {}
    fields |= {name: (Template(f"{{{name}}}", (name,)),) for name in FIELDS if name in columns or name in index}
    for name in FIELDS:
        if name in section:
            written = section[name] if isinstance(section[name], list) else [section[name]]
            fields[name] = tuple(_template(text, (*where, name), known) for text in written)
    return fields


def _template(value: Any, where: Where, known: Collection[str]) -> Template:
    if not isinstance(value, (str, int)):
        raise ProfileError(where, f"{value!r} is not a template: write a string such as 'Unit {{unit}}'")
    text = str(value)
    names = tuple(_PLACEHOLDER.findall(text))
    for name in names:
        check_known(name, known, where, "value")
    if "{" in _PLACEHOLDER.sub("", text) or "}" in _PLACEHOLDER.sub("", text):
        raise ProfileError(where, f"{text!r} has braces without the name of a value")
    if where[-1] == "category" and not names:
        check_known(text, CATEGORIES, where, "category")
    return Template(text, names)


def _check_references(source: Source, layout: Layout) -> None:
    """Other values and tables that a source names are there, and no value is made of itself."""
    section = "tables" if source.entry else "scalars"
    below = (section, source.name, "columns" if source.entry else "oids")
    own = {*source.columns, *source.index, *SYSTEM_VALUES}
    for name, column in source.columns.items():
        where = (*below, name)
        if column.of:
            check_known(column.of, own, (*where, "of"), "value")
        if column.elsewhere:
            for part in filter(_is_named, column.elsewhere.index):
                check_known(part, own, (*where, "index"), "value")
            check_known(column.elsewhere.table, _tables(layout), (*where, "from"), "table")
            check_known(column.elsewhere.column, _columns(column.elsewhere.table, layout), (*where, "from"), "column")
            _check_branch(source, column.elsewhere.table, layout, (*where, "from"))
        _check_circle(source, name, layout, where)
    _check_categories(source, below)
    if source.parent:
        place = (section, source.name, "parent")
        check_known(source.parent.table, [table.name for table in layout.tables], (*place, "table"), "table")
        _check_branch(source, source.parent.table, layout, (*place, "table"))
        for part in filter(_is_named, source.parent.index):
            check_known(part, own, (*place, "index"), "value")


def _check_branch(source: Source, other: str, layout: Layout, where: Where) -> None:
    """A table that may be missing with its whole branch is only pointed at from the same branch."""
    table = layout.table(other)
    root = root_of(table.entry) if table else ()
    if root and {root_of(oid) for oid in source.oids} != {root}:
        raise ProfileError(where, f"{other} has a * in its entry: what points at it must have the same there")


def _check_categories(source: Source, below: Where) -> None:
    """The words that a map of the profile gives to `category` each name one; those of void rows need not."""
    for name in filter(None, (template.alone for template in source.fields.get("category", ()))):
        column = source.columns.get(name)
        words = {*(column.words or {}).values(), column.otherwise} if column else set()
        for word in sorted(word for word in words - CATEGORIES if word):
            if _plain(word) not in source.unless.get(name, ()) and not category_in_words([word]):
                check_known(word, CATEGORIES, (*below, name, "map"), "category")


def _tables(layout: Layout) -> list[str]:
    return [ENTITY_TABLE, *(table.name for table in layout.tables)]


def _columns(table: str, layout: Layout) -> Collection[str]:
    """The values of a table's rows that others can point at."""
    source = layout.table(table)
    return (*source.columns, *source.index) if source else ENTITY_VALUES


def _check_circle(source: Source, name: str, layout: Layout, where: Where) -> None:
    """Raise where a value is, by of and from, made of itself."""
    start = (source.name, name)
    seen: set[tuple[str, str]] = set()
    waiting = list(_made_of(source, name))
    while waiting:
        place = waiting.pop()
        if place == start:
            raise ProfileError(where, f"{name} depends on itself: its `of` and `from` form a loop")
        owner = source if place[0] == source.name else layout.table(place[0])
        if place not in seen and owner:
            seen.add(place)
            waiting.extend(_made_of(owner, place[1]))


def _made_of(source: Source, name: str) -> Iterable[tuple[str, str]]:
    column = source.columns.get(name)
    if column and column.of:
        yield source.name, column.of
    if column and column.elsewhere:
        yield column.elsewhere.table, column.elsewhere.column
        yield from ((source.name, part) for part in column.elsewhere.index)


def _is_named(part: str) -> bool:
    """Part of an index that is a value, and no number."""
    return not part.isdigit()
