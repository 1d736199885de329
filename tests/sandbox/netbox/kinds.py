# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a kind of object is to the stand-in, and the fields that most of them have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NOW = object()  #: a default: the server's clock at the moment of the validation


@dataclass(frozen=True)
class Field:
    """One field of a model.

    kind is one of text, slug, int, bool, time, json, choice, address (with its mask), network, ref, generic (an id of
    whatever `<name>_type` says), tags, custom_fields, fixed (always `default`, never written) and computed (made when
    it is shown: see render.py).
    """

    name: str
    kind: str = "text"
    required: bool = False
    null: bool = False
    blank: bool = True  #: may be ""
    limit: int = 0  #: characters; 0 is none
    default: Any = ""
    target: str = ""  #: of a ref: the model
    choices: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  #: of a ref: the target's fields that are shown; its brief ones if empty
    on_delete: str = "SET NULL"  #: of a ref: what happens to this row when its target goes: SQLite's words

    @property
    def stored(self) -> bool:
        """Has this field a column?"""
        return self.kind not in ("fixed", "computed")


@dataclass(frozen=True)
class Model:
    """One kind of object: where it lives in the API, and its fields in the order of an answer."""

    name: str
    path: str  #: below /api/, without slashes at the ends
    permission: str  #: "dcim.device": permissions are dcim.view_device and so on
    label: str  #: as an error names it: "No Probe matches the given query."
    fields: tuple[Field, ...]
    brief: tuple[str, ...]
    ordering: tuple[str, ...] = ("name", "id")
    change_logged: bool = True  #: has created and last_updated, and with them an ETag on 4.6
    sequential: bool = (
        False  #: many are created one after the other: only the first error is returned, without its place
    )
    unique: tuple[tuple[str, ...], ...] = ()  #: groups of fields that no two rows may share

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields that have a column."""
        return tuple(field for field in self.fields if field.stored)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def text(name: str, limit: int, **options: Any) -> Field:
    return Field(name, limit=limit, **options)


def optional(name: str, limit: int) -> Field:
    return Field(name, limit=limit, null=True, default=None)


def ref(
    name: str,
    target: str,
    *,
    null: bool = True,
    required: bool = False,
    on_delete: str = "",
    shown: tuple[str, ...] = (),
) -> Field:
    on_delete = on_delete or ("SET NULL" if null else "RESTRICT")
    return Field(
        name, "ref", target=target, null=null, required=required, default=None, shown=shown, on_delete=on_delete
    )


def fixed(name: str, value: Any = None) -> Field:
    return Field(name, "fixed", default=value)


IDENTITY = (Field("id", "computed"), Field("url", "computed"))
DISPLAY = Field("display", "computed")
HEAD = (*IDENTITY, Field("display_url", "computed"), DISPLAY)
TAGS = Field("tags", "tags", default=[])
CUSTOM = Field("custom_fields", "custom_fields", default={})
STAMPS = (Field("created", "computed"), Field("last_updated", "computed"))
NAME = text("name", 100, required=True, blank=False)
SLUG = Field("slug", "slug", required=True, blank=False, limit=100)
DESCRIPTION = text("description", 200)
COMMENTS = Field("comments")
#: How a stack shows its devices, and a location the one above it.
SLIM = ("id", "url", "display_url", "display", "name")
BRIEF = ("id", "url", "display", "name", "slug", "description")


def plain(name: str, path: str, permission: str, label: str, *extra: Field) -> Model:
    """A model that has a name and a slug, and little more."""
    fields = (*HEAD, NAME, SLUG, *extra, DESCRIPTION, TAGS, CUSTOM, *STAMPS)
    return Model(name, path, permission, label, fields, BRIEF, unique=(("name",), ("slug",)))
