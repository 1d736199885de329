# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The REST API: which address is what, and what each method does there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

from . import filters, graphql
from .answers import Answer, Invalid, Refused, html
from .models import MODELS, Model
from .releases import Release
from .render import Renderer, wanted_fields
from .store import Row, Store
from .tokens import Caller, authenticate
from .validation import Validator, refuse_unstorable

PAGE = 50  #: PAGINATE_COUNT

_BY_PATH = {model.path: model for model in MODELS.values()}
_OBJECT = re.compile(r"^/api/(?P<path>plugins/[a-z-]+/[a-z-]+|[a-z-]+/[a-z-]+)/(?:(?P<id>[^/.]+)/)?$")


@dataclass
class Request:
    """One HTTP request, read whole."""

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in lower case
    body: bytes = b""
    base_url: str = ""
    began: float = field(default_factory=time.time)  #: seconds since the epoch

    @property
    def query(self) -> dict[str, list[str]]:
        """The query string, each name with all its values."""
        return parse_qs(self.query_string, keep_blank_values=True)

    def json(self) -> Any:
        """The body as data; {} for none. Raises Refused as NetBox does: 415 for other types, 400 for bad JSON."""
        if not self.body:
            return {}
        kind = self.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise Refused(415, {"detail": f'Unsupported media type "{kind}" in request.'})
        try:
            return json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except ValueError as error:
            raise Refused(400, {"detail": f"JSON parse error - {error}"}) from None


def _no_constant(word: str) -> None:
    raise ValueError(f"Out of range float values are not JSON compliant: {word!r}")


class Api:
    """The stand-in without its wire: requests in, answers out."""

    def __init__(self, store: Store, release: Release) -> None:
        """Serve what is in `store`, behaving as `release`."""
        self.store = store
        self.release = release
        self._fixed: dict[str, Callable[[Request, Caller], Answer]] = {
            "/api/": self._root,
            "/api/status/": self._status,
            "/api/plugins/": self._plugins,
            "/api/plugins/installed-plugins/": self._installed_plugins,
            "/api/plugins/inventory-monitor/": self._plugin_root,
        }
        if release.authentication_check:
            self._fixed["/api/authentication-check/"] = self._who_am_i

    def handle(self, request: Request) -> Answer:
        """Answer one request. What is refused, or fails within, leaves nothing written."""
        try:
            answer = self._route(request)
        except Refused as refusal:
            answer = refusal.answer
        except Invalid as error:
            answer = Answer(400, error.errors)
        if request.path.startswith("/api/"):
            answer.headers["API-Version"] = self.release.api
        return answer

    def _route(self, request: Request) -> Answer:
        if request.path == "/graphql/":
            return self._graphql(request)
        if request.path == "/":
            return Answer(302, "", {"Location": "/login/?next=/"}, "text/html; charset=utf-8")
        if request.path == "/login/":
            return html(200, "Log In")
        if not self._known(request.path):
            return self._unknown_address(request)
        caller = authenticate(request.headers.get("authorization"), self.store, self.release)
        if request.path in self._fixed:
            return self._fixed[request.path](request, caller)
        return self._object_endpoint(request, caller)

    def _known(self, path: str) -> bool:
        match = _OBJECT.match(path)
        return path in (*self._fixed, "/graphql/") or (match is not None and match["path"] in _BY_PATH)

    def _unknown_address(self, request: Request) -> Answer:
        """Django adds a slash that was forgotten, by a redirect; on 4.6 only where nothing is to be written."""
        redirects = request.method in ("GET", "HEAD") or self.release.redirects_slash
        if self._known(request.path + "/") and redirects:
            query = f"?{request.query_string}" if request.query_string else ""
            return Answer(301, "", {"Location": f"{request.path}/{query}"}, "text/html; charset=utf-8")
        return html(404, "Page Not Found")

    def _object_endpoint(self, request: Request, caller: Caller) -> Answer:
        match = _OBJECT.match(request.path)
        assert match is not None, "only addresses that _known() knows come here"
        model = _BY_PATH[match["path"]]
        caller.require(request.method, model)
        endpoint = _Endpoint(self.store, self.release, model, request, caller)
        if match["id"] and not match["id"].isdigit():
            raise Refused(404, {"detail": "Not found."})
        with self.store.transaction():
            return endpoint.one(int(match["id"])) if match["id"] else endpoint.many()

    # The addresses that are no objects.

    def _root(self, request: Request, _caller: Caller) -> Answer:
        apps = ("circuits", "core", "dcim", "extras", "ipam", "plugins", "status", "tenancy", "users")
        return Answer(200, {app: f"{request.base_url}/api/{app}/" for app in apps})

    def _status(self, _request: Request, _caller: Caller) -> Answer:
        plugins = {"inventory_monitor": self.release.plugin}
        body = {"netbox-version": self.release.netbox, "netbox-full-version": self.release.netbox, "plugins": plugins}
        return Answer(200, {**body, "rq-workers-running": 1})

    def _plugins(self, request: Request, _caller: Caller) -> Answer:
        base = f"{request.base_url}/api/plugins"
        return Answer(
            200,
            {"installed-plugins": f"{base}/installed-plugins/", "inventory-monitor": f"{base}/inventory-monitor/"},
        )

    def _plugin_root(self, request: Request, _caller: Caller) -> Answer:
        return Answer(200, {"probes": f"{request.base_url}/api/plugins/inventory-monitor/probes/"})

    def _installed_plugins(self, _request: Request, caller: Caller) -> Answer:
        caller.require_superuser()
        plugin = {"name": "Inventory Monitor", "package": "inventory_monitor", "version": self.release.plugin}
        return Answer(200, [plugin])

    def _who_am_i(self, request: Request, caller: Caller) -> Answer:
        return Answer(200, {"id": 1, "url": f"{request.base_url}/api/users/users/1/", "username": caller.user})

    def _graphql(self, request: Request) -> Answer:
        try:
            caller = authenticate(request.headers.get("authorization"), self.store, self.release)
        except Refused as refusal:
            return Answer(403, refusal.answer.body["detail"], content_type="text/html; charset=utf-8")
        if request.method == "GET":
            return html(200, "GraphiQL")
        data = request.json()
        if not isinstance(data, dict) or not data.get("query"):
            word = "Batching is not enabled" if isinstance(data, list) else "No GraphQL query found in the request"
            return Answer(400, word, content_type="text/plain; charset=utf-8")
        with self.store.transaction():
            return Answer(200, graphql.run(data, self.store, self.release, caller))


class _Endpoint:
    """One model's addresses, for one request."""

    def __init__(self, store: Store, release: Release, model: Model, request: Request, caller: Caller) -> None:
        self._store = store
        self._release = release
        self._model = model
        self._request = request
        self._query = request.query
        self._validator = Validator(store, release, caller)
        self._names = wanted_fields(model, self._query, release, request.method in ("GET", "HEAD"))

    # One object: /api/…/<id>/

    def one(self, row_id: int) -> Answer:
        """Read, change or delete the object of that id."""
        method = self._request.method
        if method == "OPTIONS":
            return self._options()
        if method not in ("GET", "HEAD", "PATCH", "PUT", "DELETE"):
            return self._not_allowed()
        row = self._store.get(self._model, row_id)
        if row is None:
            raise Refused(404, {"detail": f"No {self._model.label} matches the given query."})
        if method in ("GET", "HEAD"):
            return self._single(200, row)
        self._check_if_match(row)
        if method == "DELETE":
            self._delete(row)
            return Answer(204)
        data = self._request.json()
        if isinstance(data, list):
            kinds = [type(one).__name__ for one in data]
            raise Invalid(
                [{"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]} for kind in kinds]
            )
        self._change(row, data, partial=method == "PATCH")
        return self._single(200, self._stored(row_id))

    def _single(self, status: int, row: Row) -> Answer:
        etag = self._etag(row)
        return Answer(status, self._show([row])[0], {"ETag": etag} if etag else {})

    def _etag(self, row: Row) -> str | None:
        if not (self._release.etags and self._model.change_logged):
            return None
        return f'W/"{row["last_updated"].replace("Z", "+00:00")}"'

    def _check_if_match(self, row: Row) -> None:
        etag, expected = self._etag(row), self._request.headers.get("if-match")
        if etag and expected and expected != "*" and etag not in [one.strip() for one in expected.split(",")]:
            raise Refused(412, {"detail": "Precondition failed."}, {"ETag": etag})

    # Many objects: /api/…/

    def many(self) -> Answer:
        """Read a page, add one or many, or change or delete those that a list names."""
        methods = {
            "GET": self._page,
            "HEAD": self._page,
            "POST": self._add,
            "PATCH": self._change_many,
            "PUT": self._change_many,
            "DELETE": self._delete_many,
            "OPTIONS": self._options,
        }
        method = methods.get(self._request.method)
        return method() if method else self._not_allowed()

    def _page(self) -> Answer:
        where, arguments = filters.build(self._model, self._query, self._store, self._release)
        limit = self._limit()
        if self._release.cursor and "start" in self._query:
            return self._cursor_page(where, arguments, limit)
        offset = _natural(self._query.get("offset", ["0"])[-1], 0)
        count = self._store.count(self._model, where, arguments)
        order = filters.order(self._model, self._query)
        rows = self._store.select(self._model, where, arguments, order, limit, offset)
        following = self._link(limit=limit, offset=offset + limit) if offset + limit < count else None
        previous = None
        if offset > 0:
            previous = self._link(limit=limit, offset=offset - limit if offset > limit else None)
        body = {"count": count, "next": following, "previous": previous, "results": self._show(rows)}
        return Answer(200, body)

    def _cursor_page(self, where: str, arguments: list[Any], limit: int) -> Answer:
        start = _natural(self._query["start"][-1], -1)
        if start < 0:
            raise Invalid(["Invalid 'start' parameter: must be a non-negative integer."])
        if "offset" in self._query:
            raise Invalid(["'start' and 'offset' are mutually exclusive."])
        if "ordering" in self._query:
            raise Invalid(["Ordering cannot be specified in conjunction with cursor-based pagination."])
        rows = self._store.select(self._model, f"{where} AND id >= ?", [*arguments, start], "id", limit)
        following = self._link(limit=limit, start=rows[-1]["id"] + 1) if len(rows) == limit else None
        return Answer(200, {"count": None, "next": following, "previous": None, "results": self._show(rows)})

    def _limit(self) -> int:
        """limit=0 and what is above the cap are the cap; what is no number is the default."""
        limit = _natural(self._query.get("limit", [""])[-1], PAGE)
        return min(limit or self._release.max_page_size, self._release.max_page_size)

    def _link(self, **changes: int | None) -> str:
        """The address of another page, its parameters sorted by name."""
        query: dict[str, Any] = {**self._query, **changes}
        text = urlencode([(name, value) for name, value in sorted(query.items()) if value is not None], doseq=True)
        return f"{self._request.base_url}{self._request.path}?{text}"

    def _add(self) -> Answer:
        data = self._request.json()
        if not isinstance(data, list):
            return self._single(201, self._stored(self._insert(self._clean(data))))
        added = self._add_in_turn(data) if self._model.sequential else self._add_together(data)
        return Answer(201, self._show([self._stored(row_id) for row_id in added]))

    def _add_in_turn(self, data: list[Any]) -> list[int]:
        return [self._insert(self._clean(one)) for one in data]

    def _add_together(self, data: list[Any]) -> list[int]:
        cleaned: list[dict[str, Any]] = []
        errors: list[Any] = []
        for one in data:
            try:
                cleaned.append(self._clean(one))
                errors.append({})
            except Invalid as error:
                errors.append(error.errors)
        if any(errors):
            raise Invalid(errors)
        return [self._insert(values) for values in cleaned]

    def _change_many(self) -> Answer:
        """Rows in the model's order; ids that do not exist are skipped, and of two with one id the last wins."""
        wanted = self._named_rows()
        for row in self._existing(wanted):
            self._change(row, wanted[row["id"]], partial=self._request.method == "PATCH")
        return Answer(200, self._show(self._existing(wanted)))

    def _delete_many(self) -> Answer:
        for row in self._existing(self._named_rows()):
            self._delete(row)
        return Answer(204)

    def _named_rows(self) -> dict[int, dict[str, Any]]:
        """The body of a bulk request by id. Raises Invalid unless it is a list of dictionaries with ids."""
        data = self._request.json()
        if not isinstance(data, list):
            kind = type(data).__name__
            raise Invalid({"non_field_errors": [f'Expected a list of items but got type "{kind}".']})
        errors = [_id_error(one) for one in data]
        if any(errors):
            raise Invalid(errors)
        return {int(one["id"]): {name: value for name, value in one.items() if name != "id"} for one in data}

    def _existing(self, wanted: Mapping[int, Any]) -> list[Row]:
        marks = ", ".join("?" * len(wanted))
        return self._store.select(self._model, f"id IN ({marks})", list(wanted), filters.order(self._model, {}))

    # What both have in common.

    def _clean(self, data: Any) -> dict[str, Any]:
        return self._validator.clean(self._model, data, only=self._names)

    def _insert(self, values: dict[str, Any]) -> int:
        refuse_unstorable(self._model, values)
        return self._store.insert(self._model, values)

    def _change(self, row: Row, data: Any, partial: bool) -> None:
        values = self._validator.clean(self._model, data, row, partial, self._names)
        refuse_unstorable(self._model, values)
        self._store.update(self._model, row["id"], values)

    def _delete(self, row: Row) -> None:
        held = self._dependents(row)
        if held:
            detail = f"Unable to delete object. {len(held)} dependent objects were found: {', '.join(held)}"
            raise Refused(409, {"detail": detail})
        self._store.delete(self._model, row["id"])
        self._delete_journal(row["id"])

    def _delete_journal(self, row_id: int) -> None:
        """What was noted about an object goes with it."""
        journal = MODELS["journal_entry"]
        about = "assigned_object_type = ? AND assigned_object_id = ?"
        for entry in self._store.select(journal, about, (self._model.permission, row_id)):
            self._store.delete(journal, entry["id"])

    def _dependents(self, row: Row) -> list[str]:
        """The rows that keep this one from being deleted, as NetBox names them: "r1 (5)"."""
        renderer = Renderer(self._store, self._release, self._request.base_url)
        return [
            f"{renderer.show(model, other, ('display',))['display']} ({other['id']})"
            for model in MODELS.values()
            for field in model.stored
            if field.target == self._model.name and field.on_delete == "RESTRICT"
            for other in self._store.select(model, f'"{field.name}" = ?', (row["id"],))
        ]

    def _stored(self, row_id: int) -> Row:
        row = self._store.get(self._model, row_id)
        assert row is not None, "written in this transaction"
        return row

    def _show(self, rows: list[Row]) -> list[dict[str, Any]]:
        renderer = Renderer(self._store, self._release, self._request.base_url)
        return [renderer.show(self._model, row, self._names) for row in rows]

    def _options(self) -> Answer:
        return Answer(200, {"name": self._model.label, "renders": ["application/json"], "parses": ["application/json"]})

    def _not_allowed(self) -> Answer:
        return Answer(405, {"detail": f'Method "{self._request.method}" not allowed.'})


def _natural(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default


def _id_error(one: Any) -> dict[str, Any]:
    if not isinstance(one, dict):
        kind = type(one).__name__
        return {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]}
    if "id" not in one:
        return {"id": ["This field is required."]}
    if one["id"] is None:
        return {"id": ["This field may not be null."]}
    try:
        int(one["id"])
    except (TypeError, ValueError):
        return {"id": ["A valid integer is required."]}
    return {}
