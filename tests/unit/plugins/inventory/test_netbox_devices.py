# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin as a user meets it: through Ansible's own commands, against the stand-in by HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.invmon.network.tests.sandbox.netbox.standin import StandIn, start_standin

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[4]
TOKEN = "fedcba9876543210fedcba9876543210fedcba98"
TEMPLATE = "{{ 7*7 }}"
SOURCE = ("-i", "test.netbox_devices.yml")


def device(name: str | None, **more: Any) -> dict[str, Any]:
    return {"name": name, "device_type": "c9300", "role": "router", "site": "brq", **more}


SEED: dict[str, Any] = {
    "tokens": [{"token": TOKEN, "superuser": True}],
    "tags": [{"name": "Core", "slug": "core"}, {"name": "Lab", "slug": "lab"}],
    "manufacturers": [{"name": "Cisco", "slug": "cisco"}],
    "device_types": [{"manufacturer": "cisco", "model": "C9300-48P", "slug": "c9300"}],
    "roles": [{"name": "Router", "slug": "router"}],
    "sites": [{"name": f"Brno {TEMPLATE}", "slug": "brq"}, {"name": "Ostrava", "slug": "osr"}],
    "devices": [
        device("r1", tags=["core"], primary_ip4="127.0.1.2/8", primary_ip6="::1/128"),
        device("r2", site="osr", tags=["core", "lab"], primary_ip4="127.0.1.3/8"),
        device(f"x{TEMPLATE}", primary_ip4="127.0.1.4/8"),
        device("homeless"),
    ],
}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with start_standin(SEED) as one:
        yield one


@dataclass
class Run:
    """What a command of Ansible said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def hosts(self) -> dict[str, Any]:
        return self.data["_meta"]["hostvars"]

    @property
    def said(self) -> str:
        """All of it on one line, because Ansible wraps warnings at the width of the terminal."""
        return " ".join((self.out + " " + self.err).split())


class Ansible:
    """Runs Ansible's commands in a folder of its own, with no setting but those given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(map(str, _collections())),
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "1",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "COLUMNS": "1000",
        }

    def write(self, options: dict[str, Any], name: str = "test.netbox_devices.yml") -> None:
        content = yaml.safe_dump({"plugin": "invmon.network.netbox_devices", **options})
        (self.folder / name).write_text(content, encoding="utf-8")

    def run(self, command: str, *arguments: str, **environment: str) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "ansible", command, *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def inventory(self, options: dict[str, Any], *arguments: str, **environment: str) -> Run:
        """ansible-inventory --list with these options of the plugin."""
        self.write(options)
        return self.run("inventory", *SOURCE, "--list", "--export", *arguments, **environment)


def _collections() -> list[Path]:
    """Where this collection lies as ansible_collections/invmon/network."""
    import ansible_collections.invmon

    return [Path(folder).parents[1] for folder in ansible_collections.invmon.__path__]


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    return Ansible(tmp_path)


def plain(value: Any) -> Any:
    """Data of ansible-inventory without its marks of untrusted text."""
    if isinstance(value, dict):
        return (
            plain(value["__ansible_unsafe"])
            if set(value) == {"__ansible_unsafe"}
            else {key: plain(entry) for key, entry in value.items()}
        )
    return [plain(entry) for entry in value] if isinstance(value, list) else value


def test_devices_become_hosts_with_groups_and_composed_variables(ansible: Ansible, standin: StandIn) -> None:
    run = ansible.inventory(
        {
            "url": standin.url,
            "token": TOKEN,
            "keyed_groups": [{"key": "netbox_site.slug", "prefix": "site"}, {"key": "where"}],
            "groups": {"core": "'core' in netbox_tags"},
            "compose": {"where": "netbox_site.slug ~ '-' ~ netbox_device_id"},
        }
    )
    assert run.code == 0, run.said
    assert sorted(run.hosts) == ["r1", "r2", f"x{TEMPLATE}"]
    r1 = plain(run.hosts["r1"])
    assert (r1["ansible_host"], r1["netbox_device_id"], r1["where"]) == ("127.0.1.2", 1, "brq-1")
    assert run.data["core"]["hosts"] == ["r1", "r2"]
    assert run.data["site_osr"]["hosts"] == run.data["_osr_2"]["hosts"] == ["r2"]
    assert "homeless" in run.said
    assert len(standin.requests()) == 1


def test_text_from_netbox_is_never_a_template(ansible: Ansible, standin: StandIn) -> None:
    ansible.write({"url": standin.url, "token": TOKEN, "compose": {"composed": "netbox_site.name"}})
    (ansible.folder / "play.yml").write_text(
        "- hosts: x*\n  gather_facts: false\n  tasks:\n    - ansible.builtin.debug:\n"
        "        msg: '{{ inventory_hostname }}|{{ netbox_device_name }}|{{ netbox_site.name }}|{{ composed }}'\n",
        encoding="utf-8",
    )
    run = ansible.run("playbook", *SOURCE, "play.yml")
    assert run.code == 0, run.said
    assert f"x{TEMPLATE}|x{TEMPLATE}|Brno {TEMPLATE}|Brno {TEMPLATE}" in run.out
    assert "49" not in run.out


def test_the_older_tools_env_file_serves_as_it_is(ansible: Ansible, standin: StandIn) -> None:
    (ansible.folder / ".env").write_text(
        f'NETBOX_API_TOKEN="{TOKEN}"\nNETBOX_INSTANCE_URL={standin.url}/\nNETBOX_TAGS="core,"\nNETBOX_TAGS__N="lab"\n',
        encoding="utf-8",
    )
    assert list(ansible.inventory({"env_file": ".env"}).hosts) == ["r1"]
    # The environment wins over the file, and an option over both; an empty variable counts as not set.
    over = {"NETBOX_TAGS": "lab", "NETBOX_TAGS__N": " "}
    assert list(ansible.inventory({"env_file": ".env", "tags_exclude": []}, **over).hosts) == ["r2"]
    options = {"env_file": ".env", "tags": [], "names": [f"x{TEMPLATE}"]}
    assert list(ansible.inventory(options, NETBOX_TAGS="lab").hosts) == [f"x{TEMPLATE}"]


def test_a_missing_env_file_is_an_error(ansible: Ansible, standin: StandIn) -> None:
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "env_file": "absent.env"})
    assert run.code != 0
    assert "There is no file" in run.said
    assert "absent.env" in run.said


def test_a_misspelt_option_is_an_error_and_does_not_select_all_devices(ansible: Ansible, standin: StandIn) -> None:
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "sites": ["brq"]})
    assert run.code != 0
    assert 'no option "sites": did you mean site' in run.said


def test_url_and_token_may_be_templates(ansible: Ansible, standin: StandIn) -> None:
    token = "{{ lookup('ansible.builtin.env', 'MY_TOKEN') }}"
    run = ansible.inventory({"url": "{{ my_url }}", "token": token}, "-e", f"my_url={standin.url}", MY_TOKEN=TOKEN)
    assert run.code == 0, run.said
    assert "r1" in run.hosts


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"tags": ["nonsense"]}, 'NetBox has no tag "nonsense" (option tags)'),
        ({"filters": {"sites": "brq"}}, 'no filter "sites"'),
        ({"token": "0" * 40}, "does not accept the token"),
        ({"token": ""}, "NETBOX_API_TOKEN"),
        ({"url": "netbox.example.org"}, "http://"),
        ({"validate_certs": "flase"}, 'must be true or false, not "flase"'),
        ({"ca_path": "/nowhere"}, "/nowhere"),
        ({"address_family": [5]}, "address_family"),
    ],
)
def test_a_mistake_is_reported_in_one_sentence(
    ansible: Ansible, standin: StandIn, options: dict[str, Any], said: str
) -> None:
    run = ansible.inventory({"url": standin.url, "token": TOKEN, **options})
    assert run.code != 0
    assert said in run.said
    assert "Traceback" not in run.said


def test_no_secret_is_shown_at_the_highest_verbosity(ansible: Ansible, standin: StandIn) -> None:
    standin.plan("403", path="dcim/devices")
    failed = ansible.inventory({"url": standin.url, "token": TOKEN}, "-vvvvv")
    assert "dcim.view_device" in failed.said
    good = ansible.inventory({"url": standin.url}, "-vvvvv", NETBOX_API_TOKEN=TOKEN)
    assert good.code == 0, good.said
    assert TOKEN not in failed.said + good.said


def test_an_empty_variable_does_not_switch_off_the_check_of_certificates(ansible: Ansible, standin: StandIn) -> None:
    # Ansible's own reading of the word would be "false".
    assert ansible.inventory({"url": standin.url, "token": TOKEN}, NETBOX_VERIFY_SSL="").code == 0
    run = ansible.inventory({"url": standin.url, "token": TOKEN}, NETBOX_VERIFY_SSL="ture")
    assert run.code != 0
    assert "validate_certs" in run.said


def test_the_old_name_of_an_option_works_and_is_warned_of_once(ansible: Ansible, standin: StandIn) -> None:
    # Nothing is verified over http; the value is checked all the same.
    renamed = "The option verify_ssl is now called validate_certs."
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "verify_ssl": False})
    assert (run.code, run.said.count(renamed)) == (0, 1), run.said
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "verify_ssl": "flase"})
    assert 'validate_certs (NETBOX_VERIFY_SSL) must be true or false, not "flase"' in run.said
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "verify_ssl": "flase", "validate_certs": True})
    assert run.code == 0, run.said
    assert "Both are given: the value of validate_certs is used." in run.said


def test_devices_without_an_address_can_be_kept_in_a_group(ansible: Ansible, standin: StandIn) -> None:
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "without_address": "keep"})
    assert run.data["without_address"]["hosts"] == ["homeless"]
    assert "ansible_host" not in run.hosts["homeless"]
    assert "homeless" in run.said


def test_an_empty_result_is_a_warning_and_no_error(ansible: Ansible, standin: StandIn) -> None:
    run = ansible.inventory({"url": standin.url, "token": TOKEN, "tags": ["lab"], "site": ["brq"]})
    assert run.code == 0, run.said
    assert "no device that matches the options" in run.said


def test_the_cache_answers_the_same_question_and_holds_no_token(ansible: Ansible, standin: StandIn) -> None:
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
    options = {"url": standin.url, "token": TOKEN, **cache}
    first, second = ansible.inventory(options), ansible.inventory(options)
    assert plain(first.hosts) == plain(second.hosts)
    assert len(standin.requests()) == 1
    assert list(ansible.inventory({**options, "site": ["osr"]}).hosts) == ["r2"]
    assert len(standin.requests()) == 2
    assert TOKEN not in "".join(path.read_text(encoding="utf-8") for path in (ansible.folder / "cache").iterdir())


def test_cached_text_is_no_template_either(ansible: Ansible, standin: StandIn) -> None:
    cache = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": "cache"}
    ansible.write({"url": standin.url, "token": TOKEN, **cache})
    for _run in range(2):
        run = ansible.run("inventory", *SOURCE, "--list")
        assert run.hosts[f"x{TEMPLATE}"]["netbox_site"]["name"] == {"__ansible_unsafe": f"Brno {TEMPLATE}"}
    assert len(standin.requests()) == 1


def test_a_file_of_another_name_is_left_to_other_plugins(ansible: Ansible, standin: StandIn) -> None:
    ansible.write({"url": standin.url, "token": TOKEN})
    (ansible.folder / "test.netbox_devices.yml").rename(ansible.folder / "other.yml")
    ansible.run("inventory", "--list", "-i", "other.yml")
    assert standin.requests() == []


def test_with_the_settings_of_the_readme_other_inventories_are_read_as_well(ansible: Ansible, standin: StandIn) -> None:
    (settings,) = re.findall(r"^```ini\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    (ansible.folder / "ansible.cfg").write_text(settings, encoding="utf-8")
    (ansible.folder / "pollers.ini").write_text("[pollers]\npoller ansible_host=127.0.0.9\n", encoding="utf-8")
    (ansible.folder / "more.yml").write_text("all: {hosts: {box: {snmp_port: 1161}}}\n", encoding="utf-8")
    others = ("-i", "pollers.ini", "-i", "more.yml", "-i", "localhost,")
    run = ansible.inventory({"url": standin.url, "token": TOKEN}, *others)
    assert run.code == 0, run.said
    assert {"poller", "box", "localhost", "r1"} <= {
        host for group in run.data.values() for host in group.get("hosts", ())
    }


def test_two_netboxes_share_names_of_devices_and_groups_but_no_host(ansible: Ansible, standin: StandIn) -> None:
    keyed = {"keyed_groups": [{"key": "netbox_site.slug", "prefix": "site"}]}
    with start_standin(SEED) as other:
        ansible.write({"url": other.url, "token": TOKEN, **keyed}, "other.netbox_devices.yml")
        # The first file once more: the same devices are the same hosts.
        ansible.write(
            {"url": f"{standin.url}/api", "token": TOKEN, "names": ["r1"], **keyed}, "third.netbox_devices.yml"
        )
        more = ("-i", "other.netbox_devices.yml", "-i", "third.netbox_devices.yml")
        run = ansible.inventory({"url": standin.url, "token": TOKEN, **keyed}, *more)
    assert run.code == 0, run.said
    assert sorted(run.hosts) == sorted(["r1", "r2", f"x{TEMPLATE}", "r1@brq", "r2@osr", f"x{TEMPLATE}@brq"])
    assert plain(run.hosts["r1"])["netbox_url"] == standin.url
    assert plain(run.hosts["r1@brq"])["netbox_device_url"] == f"{other.url}/dcim/devices/1/"
    assert run.data["site_osr"]["hosts"] == ["r2", "r2@osr"]
    assert "r1 is r1@brq" in run.said


def test_two_tokens_for_one_netbox_are_refused(ansible: Ansible, standin: StandIn) -> None:
    ansible.write({"url": standin.url, "token": "0" * 40}, "other.netbox_devices.yml")
    run = ansible.inventory({"url": standin.url, "token": TOKEN}, "-i", "other.netbox_devices.yml")
    assert run.code != 0
    assert "have different tokens for NetBox" in run.said
    assert TOKEN not in run.said


def test_the_documentation_renders_with_the_shared_options(ansible: Ansible) -> None:
    run = ansible.run("doc", "-t", "inventory", "invmon.network.netbox_devices", "--json")
    assert run.code == 0, run.said
    options = run.data["invmon.network.netbox_devices"]["doc"]["options"]
    assert {"url", "token", "validate_certs", "ca_path", "timeout", "env_file", "keyed_groups", "cache"} <= set(options)
    assert options["tags_exclude"]["env"] == [{"name": "NETBOX_TAGS__N"}]
    assert options["token"]["env"] == [{"name": "NETBOX_API_TOKEN"}]
