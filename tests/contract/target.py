# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One target of the contract suite: a NetBox, real or stand-in, with objects of this run's own in it.

Everything that is made has a name that begins with the run's namespace, and is deleted at the end.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from ansible_collections.invmon.network.tests.sandbox.netbox.store import Store

PROBES = "plugins/inventory-monitor/probes/"

#: The callers that the exchanges know as $token_<name>: what each may do, and what is wrong with its token.
CALLERS: dict[str, dict[str, Any]] = {
    "viewer": {"permissions": ["inventory_monitor.view_probe", "dcim.view_device"]},
    "writer": {"permissions": ["inventory_monitor.view_probe", "inventory_monitor.add_probe"]},
    "reader": {
        "permissions": ["inventory_monitor.view_probe", "inventory_monitor.add_probe"],
        "write_enabled": False,
    },
    "nobody": {},
    "expired": {"permissions": ["inventory_monitor.view_probe"], "expired": True},
    "disabled": {"permissions": ["inventory_monitor.view_probe"], "enabled": False},
    "planner": {
        "permissions": ["ipam.view_prefix", "ipam.view_iprange", "ipam.view_ipaddress", "dcim.view_device"],
    },
    "v2": {"permissions": ["inventory_monitor.view_probe"], "version": 2},
}


class Target:
    """Where exchanges are sent to, and the values of their placeholders."""

    def __init__(self, name: str, url: str, token: str, store: Store | None = None) -> None:
        """Talk to the NetBox at `url`; make the objects that the exchanges need.

        A stand-in has no API for users and tokens: its `store` takes them.
        """
        self.name = name
        self.url = url.rstrip("/")
        self._token = token
        self._session = requests.Session()
        self._store = store
        self._expiry = 0.0
        self._made: list[tuple[str, int]] = []
        self.namespace = f"ct{secrets.token_hex(3)}"
        self.values: dict[str, Any] = {"ns": self.namespace, "missing": 999999999, "url": self.url}
        self.values |= {f"long{length}": "ž" * length for length in (100, 101, 255, 256)}
        answer = self.send("GET", "/api/status/")
        answer.raise_for_status()
        self.release = answer.headers["API-Version"]
        try:
            self._prepare()
            for caller, wanted in CALLERS.items():
                if self.release != "4.4" or caller not in ("v2", "disabled"):
                    self.values[f"token_{caller}"] = self._caller(caller, wanted)
            time.sleep(max(0.0, self._expiry - time.monotonic()))
        except BaseException:
            self.clean_up()
            raise

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request, redirects not followed; a path without a slash in front is below /api/."""
        headers = {"Authorization": authorization(self._token), **options.pop("headers", {})}
        address = self.url + (path if path.startswith("/") else f"/api/{path}")
        sent = {name: value for name, value in headers.items() if value is not None}
        return self._session.request(method, address, headers=sent, allow_redirects=False, timeout=120, **options)

    @property
    def token(self) -> str:
        """A superuser's."""
        return self._token

    def make(self, path: str, **values: Any) -> int:
        """Create an object that is deleted at the end; returns its id."""
        answer = self.send("POST", path, json=values)
        assert answer.status_code == 201, f"cannot make {path} {values}: {answer.status_code} {answer.text[:500]}"
        row_id = int(answer.json()["id"])
        self._made.append((path, row_id))
        return row_id

    def _prepare(self) -> None:
        """Two sites with a device of the same name in each, and one of everything that they refer to.

        d1 (site a, both addresses, tagged, in a virtual chassis as its master), d2 (site a, the second member,
        without an address), d3 (site b, named as d1), d4 (site b, without a name).
        """
        ns, values, make = self.namespace, self.values, self.make
        values["tag"] = make("extras/tags/", name=f"{ns}-tag", slug=f"{ns}-tag")
        values["tag2"] = make("extras/tags/", name=f"{ns}-tag2", slug=f"{ns}-tag2")
        maker = make("dcim/manufacturers/", name=f"{ns}-maker", slug=f"{ns}-maker")
        kind = make("dcim/device-types/", manufacturer=maker, model=f"{ns}-model", slug=f"{ns}-model")
        role = make("dcim/device-roles/", name=f"{ns}-role", slug=f"{ns}-role", color="9e9e9e")
        values["platform"] = make("dcim/platforms/", name=f"{ns}-platform", slug=f"{ns}-platform")
        for letter in "ab":
            site = values[f"site_{letter}"] = make("dcim/sites/", name=f"{ns}-{letter}", slug=f"{ns}-{letter}")
            name = f"{ns}-hall-{letter}"
            values[f"location_{letter}"] = make("dcim/locations/", name=name, slug=name, site=site)
        values["chassis"] = make("dcim/virtual-chassis/", name=f"{ns}-stack")
        common = {"device_type": kind, "role": role}
        at_a = {**common, "site": values["site_a"], "virtual_chassis": values["chassis"]}
        values["d1"] = make(
            "dcim/devices/",
            **at_a,
            name=f"{ns}-d1",
            location=values["location_a"],
            platform=values["platform"],
            serial=f"{ns}-SERIAL",
            tags=[values["tag"], values["tag2"]],
            vc_position=1,
        )
        values["d2"] = make("dcim/devices/", **at_a, name=f"{ns}-d2", tags=[values["tag"]], vc_position=2)
        values["d3"] = make("dcim/devices/", **common, name=f"{ns}-d1", site=values["site_b"])
        values["d4"] = make("dcim/devices/", **common, name=None, site=values["site_b"], status="planned")
        values["maker"], values["kind"], values["role"] = maker, kind, role
        self._address_of_d1()
        self._address_space()

    def _address_of_d1(self) -> None:
        interface = self.make("dcim/interfaces/", device=self.values["d1"], name="mgmt0", type="other")
        number = secrets.randbelow(250 * 250)
        values = self.values
        values["ip4"] = f"198.18.{number // 250}.{number % 250 + 1}"
        values["ip6"] = f"2001:db8::{number:x}"
        assigned = {"assigned_object_type": "dcim.interface", "assigned_object_id": interface}
        values["ip4_id"] = self.make("ipam/ip-addresses/", address=f"{values['ip4']}/24", **assigned)
        values["ip6_id"] = self.make("ipam/ip-addresses/", address=f"{values['ip6']}/64", **assigned)
        primary = {"primary_ip4": values["ip4_id"], "primary_ip6": values["ip6_id"]}
        for path, row_id, change in (
            ("dcim/devices/", values["d1"], primary),
            ("dcim/virtual-chassis/", values["chassis"], {"master": values["d1"]}),
        ):
            answer = self.send("PATCH", f"{path}{row_id}/", json=change)
            assert answer.status_code == 200, f"cannot change {path}{row_id}: {answer.text[:500]}"

    def _address_space(self) -> None:
        """A VRF: a container, net1 (of site a) and net2 within it, a range, and the addresses a1 (of d2) and a2."""
        ns, values, make = self.namespace, self.values, self.make
        values["tenant"] = make("tenancy/tenants/", name=f"{ns}-tenant", slug=f"{ns}-tenant")
        values["rd"] = f"{ns}:1"
        values["vrf"] = make("ipam/vrfs/", name=f"{ns}-vrf", rd=values["rd"])
        values["loose"] = make("ipam/vrfs/", name=f"{ns}-loose", enforce_unique=False)
        values["prefix_role"] = make("ipam/roles/", name=f"{ns}-use", slug=f"{ns}-use")
        here = {"vrf": values["vrf"]}
        scope = {"scope_type": "dcim.site", "scope_id": values["site_a"]}
        values["net0"] = make("ipam/prefixes/", prefix="203.0.112.0/23", status="container", **here)
        more = {"tenant": values["tenant"], "role": values["prefix_role"], "tags": [values["tag"]]}
        values["net1"] = make("ipam/prefixes/", prefix="203.0.113.0/24", **here, **scope, **more)
        values["net2"] = make("ipam/prefixes/", prefix="203.0.113.64/26", **here)
        ends = {"start_address": "203.0.113.100/24", "end_address": "203.0.113.120/24"}
        values["range"] = make("ipam/ip-ranges/", **ends, role=values["prefix_role"], mark_populated=True, **here)
        interface = values["d2_port"] = make("dcim/interfaces/", device=values["d2"], name="mgmt0", type="other")
        assigned = {"assigned_object_type": "dcim.interface", "assigned_object_id": interface}
        path = "ipam/ip-addresses/"
        values["a1"] = make(path, address="203.0.113.7/24", **here, **assigned, tags=[values["tag"]])
        values["a2"] = make(path, address="203.0.113.70/26", status="dhcp", dns_name="Host.Example.ORG", **here)

    def _caller(self, name: str, wanted: Mapping[str, Any]) -> str:
        """Make a user with these permissions and a token of theirs; returns the token."""
        options = {option: value for option, value in wanted.items() if option in ("write_enabled", "enabled")}
        if self._store is not None:
            secret = f"nbt_{secrets.token_hex(6)}.{secrets.token_hex(20)}" if "version" in wanted else _v1_token()
            expires = "2001-01-01T00:00:00+00:00" if wanted.get("expired") else None
            granted = {"permissions": wanted.get("permissions", []), "expires": expires, **options}
            self._store.put_token(secret, granted)
            return secret
        user = self.make("users/users/", username=f"{self.namespace}-{name}", password=f"Aa1-{secrets.token_hex(12)}")
        for permission in wanted.get("permissions", ()):
            app, rest = permission.split(".", 1)
            action, model = rest.split("_", 1)
            title = f"{self.namespace}-{name}-{rest}"
            kinds = [f"{app}.{model}"]
            self.make("users/permissions/", name=title, object_types=kinds, actions=[action], users=[user])
        return self._real_token(user, wanted, options)

    def _real_token(self, user: int, wanted: Mapping[str, Any], options: dict[str, Any]) -> str:
        """A token of a real NetBox, which wants its expiry in the future: so that is waited for."""
        if wanted.get("expired"):
            self._expiry = time.monotonic() + 3
            options["expires"] = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        if self.release == "4.4":
            secret = _v1_token()
            self.make("users/tokens/", user=user, key=secret, **options)
            return secret
        answer = self.send("POST", "users/tokens/", json={"user": user, "version": wanted.get("version", 1), **options})
        assert answer.status_code == 201, f"cannot make a token: {answer.text[:500]}"
        made = answer.json()
        self._made.append(("users/tokens/", made["id"]))
        return f"nbt_{made['key']}.{made['token']}" if "version" in wanted else str(made["token"])

    def clean_up(self) -> None:
        """Delete what this run made: its probes, then the rest, the last made first."""
        while True:
            rows = self.send("GET", f"{PROBES}?serial={self.namespace}&limit=500&fields=id").json()["results"]
            if not rows:
                break
            self.send("DELETE", PROBES, json=rows).raise_for_status()
        for vrf in (self.values.get("vrf"), self.values.get("loose")):
            found = self.send("GET", f"ipam/ip-addresses/?vrf_id={vrf}&limit=500&fields=id").json() if vrf else {}
            self.send("DELETE", "ipam/ip-addresses/", json=found.get("results", []))
        for path in ("dcim/devices/", "extras/tags/"):
            found = self.send("GET", f"{path}?name__isw={self.namespace}&limit=500&fields=id").json()["results"]
            made = {row_id for one, row_id in self._made if one == path}
            self.send("DELETE", path, json=[row for row in found if row["id"] not in made])
        chassis = self.values.get("chassis")
        if chassis:
            self.send("PATCH", f"dcim/virtual-chassis/{chassis}/", json={"master": None})
        for path, row_id in reversed(self._made):
            self.send("DELETE", f"{path}{row_id}/")
        self._session.close()


def _v1_token() -> str:
    return secrets.token_hex(20)


def authorization(token: str) -> str:
    """The header's value: v2 tokens are known by their prefix."""
    return f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}"


def fill(value: Any, values: dict[str, Any]) -> Any:
    """`value` with its placeholders replaced: "$d1" alone keeps its type, within text it becomes text.

    "$$" is a dollar. Of names that begin alike the longest counts: "$site_a" is no "$s" with "ite_a" behind it.
    """
    if isinstance(value, dict):
        return {fill(name, values): fill(one, values) for name, one in value.items()}
    if isinstance(value, list):
        return [fill(one, values) for one in value]
    if not isinstance(value, str):
        return value
    names = sorted(values, key=len, reverse=True)
    placeholder = re.compile(rf"(?<!\$)\$({'|'.join(names)})")
    whole = placeholder.fullmatch(value)
    if whole:
        return values[whole[1]]
    return placeholder.sub(lambda match: str(values[match[1]]), value).replace("$$", "$")


def differences(expected: Any, found: Any, exact: bool, where: str = "body") -> list[str]:
    """What is not as expected; a text that begins with ~ is a regular expression, "~" alone is anything.

    Without `exact`, dictionaries may hold more than is expected; lists never do.
    """
    if expected == "~":
        return []
    if isinstance(expected, dict) and isinstance(found, dict):
        problems = [f"{where}: no key {name!r}" for name in expected if name not in found]
        if exact:
            problems += [f"{where}: unexpected key {name!r}: {found[name]!r}" for name in found if name not in expected]
        for name in expected:
            if name in found:
                problems += differences(expected[name], found[name], exact, f"{where}.{name}")
        return problems
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return [f"{where}: {len(found)} items instead of {len(expected)}: {found!r:.500}"]
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for at, (one, two) in pairs for line in differences(one, two, exact, f"{where}[{at}]")]
    if isinstance(expected, str) and expected.startswith("~") and isinstance(found, str):
        matches = re.search(expected[1:], found, re.DOTALL)
        return [] if matches else [f"{where}: {found!r:.500} does not match {expected[1:]!r}"]
    same = type(expected) is type(found) and expected == found
    return [] if same else [f"{where}: {found!r:.500} instead of {expected!r}"]
