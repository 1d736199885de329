# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of AWX's API (24.6.1), for the modules of awx.awx: it keeps what it is given and refuses what AWX refuses.

Refused are what lacks a required field or refers to nothing, a second thing of one name, a credential type or a
credential that its schema does not take, and an unknown field. A list is filtered as AWX filters it, so a name that
exists in two organizations is found twice. Secrets are given back as `$encrypted$`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

ENCRYPTED = "$encrypted$"
#: Things that a job is made of: AWX finds them all under unified_job_templates too.
JOBS = ("job_templates", "projects", "inventory_sources", "workflow_job_templates", "workflow_approval_templates")
#: endpoint -> fields that must be given, fields that name another thing (with its endpoint), and what is unique.
KINDS: dict[str, tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]] = {
    "organizations": (("name",), {}, ("name",)),
    "execution_environments": (
        ("name", "image"),
        {"organization": "organizations", "credential": "credentials"},
        ("name",),
    ),
    "credential_types": (("name", "kind"), {}, ("name", "kind")),
    "credentials": (
        ("name", "credential_type"),
        {"organization": "organizations", "credential_type": "credential_types"},
        ("name", "organization", "credential_type"),
    ),
    "projects": (
        ("name",),
        {"organization": "organizations", "credential": "credentials"},
        ("name", "organization"),
    ),
    "inventories": (("name", "organization"), {"organization": "organizations"}, ("name", "organization")),
    "inventory_sources": (
        ("name", "inventory"),
        {
            "inventory": "inventories",
            "source_project": "projects",
            "credential": "credentials",
            "execution_environment": "execution_environments",
        },
        ("name", "inventory"),
    ),
    "notification_templates": (
        ("name", "organization", "notification_type"),
        {"organization": "organizations"},
        ("name", "organization"),
    ),
    "job_templates": (
        ("name", "inventory", "project", "playbook"),
        {
            "inventory": "inventories",
            "project": "projects",
            "organization": "organizations",
            "execution_environment": "execution_environments",
        },
        ("name", "organization"),
    ),
    "schedules": (
        ("name", "unified_job_template", "rrule"),
        {"unified_job_template": "unified_job_templates"},
        ("name", "unified_job_template"),
    ),
    "workflow_job_templates": (("name",), {"organization": "organizations"}, ("name", "organization")),
    "workflow_job_template_nodes": (
        ("workflow_job_template",),
        {"workflow_job_template": "workflow_job_templates", "unified_job_template": "unified_job_templates"},
        ("identifier", "workflow_job_template"),
    ),
    "workflow_approval_templates": (("name",), {}, ()),
}
#: What a thing may be associated with: the last part of the path -> the endpoint of the others.
ASSOCIATIONS = {
    "credentials": "credentials",
    **dict.fromkeys(("always_nodes", "success_nodes", "failure_nodes"), "workflow_job_template_nodes"),
    **{f"notification_templates_{word}": "notification_templates" for word in ("started", "success", "error")},
}
#: Built in.
TYPES = {
    "Source Control": ("scm", ("username", "password", "ssh_key_data", "ssh_key_unlock")),
    "Container Registry": ("registry", ("host", "username", "password", "verify_ssl")),
}
_NAME = "^[a-zA-Z_]+[a-zA-Z0-9_]*$"
_FLAGS = {key: {"type": "boolean"} for key in ("multiline", "secret", "ask_at_runtime")}
#: What a credential type may say of its inputs and injectors.
INPUTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "required": {"type": "array", "items": {"type": "string"}},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "label"],
                "properties": {
                    **_FLAGS,
                    "id": {"type": "string", "pattern": _NAME},
                    "label": {"type": "string"},
                    "help_text": {"type": "string"},
                    "type": {"enum": ["string", "boolean"]},
                    "format": {"enum": ["ssh_private_key", "url"]},
                    "choices": {"type": "array", "minItems": 1, "items": {"type": "string"}, "uniqueItems": True},
                    "default": {},
                },
            },
        },
    },
}
INJECTORS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "file": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {r"^template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?$": {"type": "string"}},
        },
        "env": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {_NAME: {"type": "string", "pattern": "^[\x00-\x7f]*$"}},
        },
        "extra_vars": {"type": "object"},
    },
}


class Refused(Exception):
    """AWX's answer 400: field -> sentences."""

    def __init__(self, **reasons: str) -> None:
        self.body = {field: [reason] for field, reason in reasons.items()}


class Controller:
    """What AWX keeps."""

    def __init__(self, playbooks: Collection[str]) -> None:
        """playbooks: names of those in the repository of each project."""
        self.playbooks = playbooks
        self.things: dict[str, dict[int, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self.links: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[int, Any] = {}
        self.settings: dict[str, Any] = {"AWX_ISOLATION_SHOW_PATHS": ["/etc/pki:/etc/pki:O"]}
        self.secrets: dict[tuple[str, int], dict[str, Any]] = {}
        self.changes: list[str] = []  #: each request that was no GET
        for name, (kind, fields) in TYPES.items():
            inputs = {"fields": [{"id": one, "label": one, "type": "string"} for one in fields]}
            self.create("credential_types", {"name": name, "kind": kind, "inputs": inputs, "injectors": {}})

    def find(self, kind: str, /, **wanted: Any) -> list[dict[str, Any]]:
        """The things with these fields."""
        kinds = JOBS if kind == "unified_job_templates" else (kind,)
        found = [thing for one in kinds for thing in self.things[one].values()]
        return [one for one in found if all(one.get(field) == value for field, value in wanted.items())]

    def create(self, kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        number = 1 + sum(len(things) for things in self.things.values())
        thing = {"id": number, "type": kind.removesuffix("s"), "url": f"/api/v2/{kind}/{number}/", "name": ""}
        thing |= {"related": {}, "summary_fields": {}, "organization": None}
        if kind == "job_templates":
            thing["related"] = {"survey_spec": f"{thing['url']}survey_spec/"}
        if kind == "projects":
            thing["scm_revision"] = "0" * 40
        self._change(kind, thing, fields)
        self.things[kind][number] = thing
        return thing

    def update(self, kind: str, number: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        self._change(kind, self.things[kind][number], fields)
        return self.things[kind][number]

    def _change(self, kind: str, thing: dict[str, Any], fields: Mapping[str, Any]) -> None:
        required, references, unique = KINDS[kind]
        wanted = {**thing, **fields}
        if kind == "job_templates" and wanted.get("project"):
            # AWX takes the organization of the project, whatever is asked for.
            wanted["organization"] = self.things["projects"][wanted["project"]]["organization"]
        for field in required:
            if wanted.get(field) in (None, ""):
                raise Refused(**{field: "This field is required."})
        for field, other in references.items():
            if wanted.get(field) is not None and not self.find(other, id=wanted[field]):
                raise Refused(**{field: f'Invalid pk "{wanted[field]}" - object does not exist.'})
        twins = self.find(kind, **{field: wanted.get(field) for field in unique}) if unique else []
        if any(twin is not thing for twin in twins):
            raise Refused(__all__=f"{kind}: {unique} already exists.")
        if kind == "job_templates" and wanted["playbook"] not in self.playbooks:
            raise Refused(playbook="Playbook not found for project.")
        if kind == "credential_types":
            check_type(wanted.get("inputs") or {}, wanted.get("injectors") or {})
        if kind == "credentials":
            wanted["inputs"] = self._credential(thing, wanted, fields)
        thing.update(wanted)

    def _credential(
        self, thing: Mapping[str, Any], wanted: Mapping[str, Any], given: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The inputs as they are given back, checked against the type."""
        known = {
            field["id"]: field
            for field in self.things["credential_types"][wanted["credential_type"]]["inputs"].get("fields", [])
        }
        for key, value in given.get("inputs", {}).items():
            if key not in known:
                raise Refused(inputs=f"Additional properties are not allowed ('{key}' was unexpected)")
            field = known[key]
            if not isinstance(value, {"string": str, "boolean": bool}[field.get("type", "string")]):
                raise Refused(inputs=f"{key}: {value!r} is not of type '{field.get('type')}'")
            if field.get("choices") and value not in field["choices"]:
                raise Refused(inputs=f"{key}: {value!r} is not one of {field['choices']}")
            if field.get("secret"):
                self.secrets.setdefault(("credentials", thing["id"]), {})[key] = value
        shown = wanted.get("inputs") or {}
        return {key: ENCRYPTED if known[key].get("secret") and value else value for key, value in shown.items()}


def check_type(inputs: Mapping[str, Any], injectors: Mapping[str, Any]) -> None:
    """Refuse a credential type as AWX does."""
    for name, schema, value in (("inputs", INPUTS, inputs), ("injectors", INJECTORS, injectors)):
        for error in Draft4Validator(schema).iter_errors(value):
            raise Refused(**{name: error.message})
    ids = [field["id"] for field in inputs.get("fields", [])]
    if "tower" in ids or len(ids) != len(set(ids)):
        raise Refused(inputs="field IDs must be unique, and tower is reserved")
    for field in inputs.get("fields", []):
        if field.get("type") == "boolean" and set(field) & {"choices", "multiline", "format", "secret"}:
            raise Refused(inputs=f"{field['id']}: not allowed for boolean type")
    files = [key for key in injectors.get("file", {}) if key.startswith("template")]
    names: dict[str, Any] = dict.fromkeys(ids, "EXAMPLE")
    names |= {"tower": {"filename": "EXAMPLE" if files == ["template"] else {}}}
    rules = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    for kind, templates in injectors.items():
        for key, text in templates.items():
            if kind == "env" and key.startswith("ANSIBLE_"):
                raise Refused(injectors=f"Environment variable {key} may affect Ansible configuration")
            try:
                rules.from_string(str(text)).render(names)
            except TemplateError as error:
                raise Refused(injectors=f"{key} uses an undefined field ({error})") from None


def _handler(controller: Controller) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status: int, body: Any = None) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-API-Product-Name", "AWX")
            self.send_header("X-API-Product-Version", "24.6.1")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            given = json.loads(self.rfile.read(length) or b"{}")
            parts = urlsplit(self.path)
            words = parts.path.removeprefix("/api/v2/").strip("/").split("/")
            if self.command != "GET":
                controller.changes.append(f"{self.command} {parts.path} {sorted(given)}")
            try:
                self._answer(*_reply(controller, self.command, words, given, dict(parse_qsl(parts.query))))
            except Refused as refused:
                self._answer(400, refused.body)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


def _reply(
    controller: Controller, method: str, words: list[str], given: dict[str, Any], query: dict[str, str]
) -> tuple[int, Any]:
    """Status and body for one request."""
    match words:
        case ["settings", _]:
            controller.settings |= given
            return 200, controller.settings
        case [kind] if kind in KINDS or kind == "unified_job_templates":
            if method == "POST":
                return 201, controller.create(kind, given)
            return 200, _listed([one for one in controller.find(kind) if _passes(one, query)])
        case [kind, number] if kind in KINDS and int(number) in controller.things[kind]:
            if method == "PATCH":
                return 200, controller.update(kind, int(number), given)
            return 200, controller.things[kind][int(number)]
        case ["job_templates", number, "survey_spec"]:
            if method == "POST":
                controller.surveys[int(number)] = given
            return 200, controller.surveys.get(int(number), {})
        case ["workflow_job_template_nodes", number, "create_approval_template"]:
            made = controller.create("workflow_approval_templates", given)
            node = controller.things["workflow_job_template_nodes"][int(number)]
            node["unified_job_template"] = made["id"]
            node["related"]["unified_job_template"] = made["url"]
            return 201, made
        case [kind, number, association] if association in ASSOCIATIONS:
            return _associate(controller, (kind, int(number), association), method, given)
    return 404, {"detail": "Not found."}


def _associate(
    controller: Controller, key: tuple[str, int, str], method: str, given: Mapping[str, Any]
) -> tuple[int, Any]:
    linked, other = controller.links.setdefault(key, []), ASSOCIATIONS[key[2]]
    if method == "GET":
        return 200, _listed([controller.things[other][number] for number in linked])
    if given["id"] not in controller.things[other]:
        raise Refused(id=f"{given['id']} does not exist")
    if given.get("disassociate"):
        linked.remove(given["id"])
    else:
        linked.append(given["id"])
    return 204, None


def _passes(thing: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    """Whether a thing is in a list that was asked for by these parameters; those that begin with or__ are one."""
    every = {key: value for key, value in query.items() if key not in ("page", "page_size", "order_by")}
    some = {key[4:]: every.pop(key) for key in list(every) if key.startswith("or__")}
    fits = [str(thing.get(key)) == value for key, value in some.items()]
    return (any(fits) or not fits) and all(str(thing.get(key)) == value for key, value in every.items())


def _listed(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(found), "next": None, "previous": None, "results": found}


@contextmanager
def controller_api(playbooks: Collection[str]) -> Iterator[tuple[str, Controller]]:
    """The address of an AWX, and what it keeps."""
    controller = Controller(playbooks)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(controller))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", controller
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def variables_of(template: Mapping[str, Any]) -> dict[str, Any]:
    """The extra variables of a job template, which AWX keeps as text."""
    found: dict[str, Any] = json.loads(template.get("extra_vars") or "{}")
    return found
