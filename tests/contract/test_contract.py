# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract: how NetBox answers, as data in exchanges/*.yml, held against the stand-in and a real NetBox.

The stand-in is always asked, as each of its releases; a real NetBox when NETBOX_URL and NETBOX_TOKEN name one (the
token must be a superuser's). An exchange is

    name      what would be wrong if it failed
    releases  where it holds ("4.6"); everywhere if absent
    given     probes to create first: their fields; `as: x` makes $x the new id; `repeat: n` makes n of them,
              # in their texts being the number
    steps     requests in order, each with what must come back:
      send      METHOD path; a path without a slash in front is below /api/; "probes/" is short for the plugin's path
      json      the body;  `raw` a body sent as it is, "\\u" escapes included;  `headers` more or, if null, fewer
      status    the expected status
      body      the whole body;  `has` a part of it;  both with ~regular expressions
      text      a regular expression for the body as text;  `headers_have` for headers
      keep      {x: name}: $x is that member of the body from here on

Placeholders: $s is a serial prefix of this exchange alone, $ns the run's namespace; the rest is in target.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.contract.target import PROBES, Target, differences, fill

_FILES = sorted((Path(__file__).parent / "exchanges").glob("*.yml"))
_EXCHANGES = {
    f"{file.stem}: {exchange['name']}": exchange
    for file in _FILES
    for exchange in yaml.safe_load(file.read_text(encoding="utf-8"))
}
_PROBE = {"name": "part", "time": "2026-11-20T06:00:00Z", "device": None, "site": None, "location": None}


def _given_rows(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The probes of one entry under `given`, complete enough to be created."""
    row = {**_PROBE, **row}
    row.setdefault("creation_time", row["time"])
    times = row.pop("repeat", None)
    if times is None:
        return [row]
    numbered = []
    for number in range(1, times + 1):
        texts = {name: value.replace("#", f"{number:04}") for name, value in row.items() if isinstance(value, str)}
        numbered.append({**row, **texts})
    return numbered


def _create(target: Target, entries: list[dict[str, Any]], values: dict[str, Any]) -> None:
    for entry in entries:
        alias = entry.get("as")
        rows = _given_rows(fill({name: value for name, value in entry.items() if name != "as"}, values))
        answer = target.send("POST", PROBES, json=rows)
        assert answer.status_code == 201, f"cannot create what is given: {answer.text[:500]}"
        if alias:
            values[alias] = answer.json()[0]["id"]


def _send(target: Target, step: dict[str, Any], values: dict[str, Any]) -> Any:
    method, path = fill(step["send"], values).split(" ", 1)
    path = PROBES + path.removeprefix("probes/") if path.startswith("probes/") else path
    options: dict[str, Any] = {"headers": fill(step.get("headers", {}), values)}
    if "json" in step:
        options["json"] = fill(step["json"], values)
    if "raw" in step:
        options["data"] = fill(step["raw"], values).encode("utf-8")
        options["headers"] = {"Content-Type": "application/json", **options["headers"]}
    return target.send(method, path, **options)


def _problems(step: dict[str, Any], answer: Any, values: dict[str, Any]) -> list[str]:
    problems = differences(step["status"], answer.status_code, True, "status")
    for kind in ("body", "has"):
        if kind in step:
            problems += differences(fill(step[kind], values), answer.json(), kind == "body")
    if "text" in step:
        problems += differences("~" + fill(step["text"], values), answer.text, True, "text")
    if "headers_have" in step:
        problems += differences(fill(step["headers_have"], values), dict(answer.headers), False, "headers")
    return problems


@pytest.mark.parametrize("name", _EXCHANGES)
def test_netbox_answers_as_the_contract_says(target: Target, name: str) -> None:
    exchange = _EXCHANGES[name]
    if target.release not in exchange.get("releases", [target.release]):
        pytest.skip(f"not a matter of {target.release}")
    values = {**target.values, "s": f"{target.namespace}-{list(_EXCHANGES).index(name):03}-"}
    _create(target, exchange.get("given", []), values)
    for at, step in enumerate(exchange["steps"], 1):
        answer = _send(target, step, values)
        problems = _problems(step, answer, values)
        told = "\n".join([f"{target.name}, step {at}: {step['send']}", *problems, answer.text[:1500]])
        assert not problems, told
        for alias, member in step.get("keep", {}).items():
            values[alias] = answer.json()[member]
