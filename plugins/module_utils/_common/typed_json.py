# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON data <-> dataclasses, by their type hints: checked once where data enters, written once where it leaves.

    @dataclass(frozen=True)
    class Part:
        JSON: ClassVar[Rules] = Rules(omit_defaults=True)

        serial: str
        slots: tuple[int, ...] = ()
        origin: str | None = field(default=None, metadata=written(key="from"))

    from_json(Part, {"serial": "A1B2", "from": "r1"}, "devices[3]")  # -> Part("A1B2", (), "r1")
    to_json(Part("A1B2"))  # -> {"serial": "A1B2"}

Hints: str, int, float, bool, None, Literal, Any (taken as it is), list[...], tuple[..., ...], dict[str, ...], Mapping,
TypedDict, dataclasses that do not contain themselves, and unions of these with at most one kind of list and one kind of
object; of several dataclasses if each has a field of the same name with other Literal values ("kind": "disk").
A dataclass checks in __post_init__ what its hints cannot express: the text of its ValueError completes "it ...".

Sizes are not checked here: strict_json.parse() limits a text before it becomes data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cache, partial
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from .._outgoing.text import printable

T = TypeVar("T")

#: Characters of a key or value that a message shows.
_SHOWN = 60
_SCALARS: dict[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    NoneType: "null",
}


class WrongShape(ValueError):
    """The data is not what it has to be. The message names the path and what is wrong there."""


@dataclass(frozen=True)
class Rules:
    """How a dataclass is written as JSON: its class variable JSON."""

    omit_defaults: bool = False  #: a key is left out where the field has its default
    extra: Literal["refused", "ignored"] = "refused"  #: how keys are treated that are not of this class
    null_is_missing: bool = False  #: a null counts as no key where the field takes none
    all_keys: bool = False  #: a key may be missing only where omit_defaults leaves it out, whatever default a field has


def written(key: str | None = None, omit_default: bool | None = None) -> dict[str, Any]:
    """The metadata of a field that is not written by the rules of its class.

    :param key: its key in JSON, if that is not its name.
    :param omit_default: whether the key is left out where the field has its default.
    """
    return {"json_key": key, "json_omit": omit_default}


def from_json(kind: type[T], data: Any, where: str) -> T:
    """The value of this kind, a dataclass or another hint, that the data describes.

    :param data: as json.loads() returns it. Subclasses, as Ansible's variables are, are taken as well.
    :param where: what the data is, for messages: "devices[3]".

    Raises WrongShape: "devices[3].items[0].serial is 5, not text".
    """
    try:
        return cast(T, _reader(cast(Any, kind)).read(data))
    except _Wrong as error:
        raise WrongShape(error.sentence(where)) from None


def to_json(value: Any) -> dict[str, Any]:
    """The JSON object of a dataclass instance."""
    found: dict[str, Any] = {}
    for attribute, key, write, default in _writers(cast(Any, type(value))):
        inner = getattr(value, attribute)
        if default is not MISSING and inner == default:
            continue
        found[key] = inner if write is None or inner is None else write(inner)
    return found


def shown(value: Any) -> str:
    """A value of the data, as a message may show it."""
    if isinstance(value, str):
        return f'"{printable(value)[:_SHOWN]}"'
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return printable(value)[:_SHOWN]


class _Wrong(Exception):
    """A WrongShape on its way up, which collects its path."""

    def __init__(self, problem: str, of_kind: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.of_kind = of_kind  #: the value is of another kind altogether
        self.path: list[str] = []  #: the innermost first

    def inside(self, step: str) -> _Wrong:
        self.path.append(step)
        return self

    def sentence(self, where: str) -> str:
        return f"{(where + ''.join(reversed(self.path))).lstrip('.') or 'it'} {self.problem}"


def _key(key: str) -> str:
    """A step of a path."""
    return f".{key}" if key.isidentifier() and len(key) <= _SHOWN else f"[{shown(key)}]"


class _Reader(NamedTuple):
    """How values of one hint are read."""

    words: str  #: "text", for a message
    read: Callable[[Any], Any]  #: raises _Wrong
    exact: frozenset[type] = frozenset()  #: values of these very types are right as they are


_Key = tuple[str, Callable[[Any], Any], frozenset[type]]  #: the field's name, and `read` and `exact` of its _Reader


@cache
def _reader(kind: Any) -> _Reader:
    """Compiled once for each hint."""
    origin = get_origin(kind) or kind
    if origin is Any or origin is object:
        return _Reader("anything", lambda value: value)
    if origin is UnionType or origin is Union:
        arguments = get_args(kind)
        objects = [one for one in arguments if is_dataclass(one)]
        if len(objects) < 2:
            return _union([_reader(one) for one in arguments])
        return _union([*(_reader(one) for one in arguments if one not in objects), _tagged(objects)])
    if origin is Literal:
        return _literal(get_args(kind))
    if origin in _SCALARS or origin is None:
        return _scalar(NoneType if origin is None else origin)
    if origin in (list, tuple, Sequence):
        return _list(kind, list if origin is list else tuple)
    if origin in (dict, Mapping):
        return _dict(kind)
    if is_dataclass(origin):
        return _object(cast(type, origin))
    if is_typeddict(origin):
        return _typed_dict(origin)
    raise TypeError(f"{kind} has no form in JSON")


def _scalar(kind: type) -> _Reader:
    words = _SCALARS[kind]

    def read(value: Any) -> Any:
        # For Python, True is a number; for JSON, 5 is as good as 5.0.
        kinds = (int, float) if kind is float else kind
        if not isinstance(value, kinds) or (isinstance(value, bool) and kind is not bool):
            raise _not(value, words)
        if isinstance(value, float) and not isfinite(value):
            raise _not(value, "a finite number")
        return value

    return _Reader(words, read, frozenset({int} if kind is float else {kind}))


def _literal(values: tuple[Any, ...]) -> _Reader:
    allowed = {(type(value), value): value for value in values}
    words = " or ".join(shown(value) for value in values)

    def read(value: Any) -> Any:
        plain = str(value) if isinstance(value, str) else value
        if not isinstance(plain, (str, int, NoneType)) or (type(plain), plain) not in allowed:
            raise _not(value, words)
        return allowed[type(plain), plain]

    return _Reader(words, read)


def _union(readers: Sequence[_Reader]) -> _Reader:
    exact = frozenset[type]().union(*(reader.exact for reader in readers))
    words = " or ".join(dict.fromkeys(reader.words for reader in readers))

    def read(value: Any) -> Any:
        if type(value) in exact:
            return value
        deepest = None
        for reader in readers:
            try:
                return reader.read(value)
            except _Wrong as error:
                # What is wrong inside a list or object of the right kind is more useful than what else it might be.
                deepest = deepest if error.of_kind and not error.path else error
        raise deepest or _not(value, words)

    return _Reader(words, read, exact)


def _list(kind: Any, container: type) -> _Reader:
    arguments = [one for one in get_args(kind) if one is not Ellipsis]
    if len(arguments) > 1:
        raise TypeError(f"{kind}: a tuple is read as a list of any length, tuple[X, ...]")
    exact, inner = frozenset[type](), None
    if arguments:
        _words, inner, exact = _reader(arguments[0])

    def read(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _not(value, "a list")
        if inner is None or exact.issuperset(map(type, value)):
            return container(value)
        found: list[Any] = []
        try:
            found.extend(one if type(one) in exact else inner(one) for one in value)
        except _Wrong as error:
            raise error.inside(f"[{len(found)}]") from None
        return found if container is list else container(found)

    return _Reader("a list", read)


def _dict(kind: Any) -> _Reader:
    arguments = get_args(kind) or (str, Any)
    if arguments[0] is not str:
        raise TypeError(f"{kind}: the keys of a JSON object are text")
    _words, inner, exact = _reader(arguments[1])

    def read(value: Any) -> Any:
        found = {}
        for key, one in _mapping(value).items():
            if not isinstance(key, str):
                raise _Wrong(f"has the key {shown(key)}, which is not text")
            try:
                found[key] = one if type(one) in exact else inner(one)
            except _Wrong as error:
                raise error.inside(_key(key)) from None
        return found

    return _Reader("an object", read)


def _typed_dict(kind: Any) -> _Reader:
    known = {key: (key, *_reader(hint)[1:]) for key, hint in get_type_hints(kind).items()}
    required = [(key, key) for key in known if key in kind.__required_keys__]
    return _keyed(known, required, Rules(), dict)


def _tagged(kinds: Sequence[Any]) -> _Reader:
    """One of several dataclasses, distinguished by a field with Literal texts of each."""
    hints = {kind: get_type_hints(kind) for kind in kinds}
    tags = [key for key in hints[kinds[0]] if all(get_origin(hint.get(key)) is Literal for hint in hints.values())]
    values = [(value, kind) for kind in kinds for key in tags[:1] for value in get_args(hints[kind][key])]
    readers = {value: _reader(kind) for value, kind in values}
    if not readers or len(readers) < len(values):
        raise TypeError(f"{kinds}: no field distinguishes them in JSON")
    tag, words = tags[0], " or ".join(map(shown, readers))

    def read(value: Any) -> Any:
        if tag not in _mapping(value):
            raise _Wrong("is missing").inside(_key(tag))
        if not isinstance(value[tag], str) or value[tag] not in readers:
            raise _not(value[tag], words).inside(_key(tag))
        return readers[value[tag]].read(value)

    return _Reader("an object", read)


def _object(kind: type) -> _Reader:
    rules, hints, required = _rules(kind), get_type_hints(kind), []
    known: dict[str, _Key] = {}
    for one in fields(kind):
        known[_key_of(one)] = (one.name, *_reader(hints[one.name])[1:])
        if not _has_default(one) or (rules.all_keys and not _is_omitted(one, rules)):
            required.append((one.name, _key_of(one)))
    return _keyed(known, required, rules, kind)


def _keyed(
    known: Mapping[str, _Key], required: Sequence[tuple[str, str]], rules: Rules, make: Callable[..., Any]
) -> _Reader:
    """An object of these keys, of which make() makes the value. required: names and keys."""

    def read(value: Any) -> Any:
        found: dict[str, Any] = {}
        for key, one in _mapping(value).items():
            if (field := known.get(key)) is None:
                if rules.extra == "ignored":
                    continue
                raise _Wrong(f"has the unknown key {shown(key)}")
            name, read_inner, exact = field
            try:
                found[name] = one if type(one) in exact else read_inner(one)
            except _Wrong as error:
                if one is None and rules.null_is_missing:
                    continue
                raise error.inside(_key(key)) from None
        for name, key in required:
            if name not in found:
                raise _Wrong("is missing").inside(_key(key))
        try:
            return make(**found)
        except ValueError as error:
            raise _Wrong(str(error)) from None

    return _Reader("an object", read)


def _mapping(value: Any) -> Mapping[Any, Any]:
    if not isinstance(value, (dict, Mapping)):  # dict first: the check of an abstract class takes longer
        raise _not(value, "an object")
    return value


def _not(value: Any, words: str) -> _Wrong:
    return _Wrong(f"is {shown(value)}, not {words}", of_kind=True)


def _rules(kind: type) -> Rules:
    found = getattr(kind, "JSON", None)
    return found if isinstance(found, Rules) else Rules()


def _key_of(field: Field[Any]) -> str:
    return field.metadata.get("json_key") or field.name


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _is_omitted(field: Field[Any], rules: Rules) -> bool:
    """True if the key is left out where the field has its default."""
    own = field.metadata.get("json_omit")
    return (rules.omit_defaults if own is None else bool(own)) and _has_default(field)


@cache
def _writers(kind: type) -> list[tuple[str, str, Callable[[Any], Any] | None, Any]]:
    """Of each field its name, its key, how it is written (None: as it is), and the default for which it is left out."""
    rules, hints = _rules(kind), get_type_hints(kind)
    found = []
    for field in fields(kind):
        default: Any = MISSING
        if _is_omitted(field, rules):
            factory = field.default_factory
            default = field.default if factory is MISSING else factory()
        found.append((field.name, _key_of(field), _writer(hints[field.name]), default))
    return found


@cache
def _writer(kind: Any) -> Callable[[Any], Any] | None:
    """How a value of this hint is written; None: as it is."""
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    if origin is UnionType or origin is Union:
        others = [_writer(one) for one in arguments]
        several = [one for one in others if one is not None]
        return None if not several else several[0] if len(others) - arguments.count(NoneType) == 1 else _plain
    if origin in (list, tuple, Sequence):
        inner = _writer(arguments[0]) if arguments else None
        return partial(_written_list, inner) if inner else list
    if origin in (dict, Mapping):
        inner = _writer(arguments[1]) if arguments else None
        return partial(_written_dict, inner) if inner else dict
    return to_json if is_dataclass(origin) else None


def _written_list(inner: Callable[[Any], Any], value: Sequence[Any]) -> list[Any]:
    return [one if one is None else inner(one) for one in value]


def _written_dict(inner: Callable[[Any], Any], value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one if one is None else inner(one) for key, one in value.items()}


def _plain(value: Any) -> Any:
    """Written by what the value is, where the hint leaves a choice."""
    if is_dataclass(value):
        return to_json(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
