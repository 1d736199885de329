#!/usr/bin/python
# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: netscan
short_description: Ask networks which hosts are there
version_added: 0.2.0
description:
  - Asks every address of some networks whether a host is there, by several sources, and returns the hosts with the
    evidence of each source, and of each network which addresses were asked.
  - Nothing is concluded from silence. An address that did not answer is V(silent) for the sources that asked it. An
    address that was not asked, because of a deadline, a budget or an interruption, is V(not_asked).
  - Sends no more packets than the budget permits, ARP and ND requests and repetitions by the kernel included (see
    O(packets_per_second), O(packets_per_subnet_second) and O(packets_per_subnet)).
  - Needs no root privileges. Ping uses ICMP datagram sockets where the system permits them
    (C(net.ipv4.ping_group_range)), else raw sockets where it is privileged. The result names the method, and the
    privilege, library or program that was missing.
  - Only addresses of private networks (RFC 1918, RFC 6598, RFC 4193), link-local, documentation and loopback networks
    are asked, unless O(authorized) is set.
  - Runs in Ansible's own worker. When the task is delegated to another host, such as a poller inside a network, it
    scans from there, needs its Python libraries there, and O(save_to) and O(resume) are files of that host.
  - Changes nothing but the file O(save_to), and runs in check mode as well.
extends_documentation_fragment:
  - invmon.network.netbox
  - invmon.network.attributes
  - invmon.network.attributes.reads
options:
  targets:
    description:
      - What is asked. Each is a network (V(192.0.2.0/24)), a range (V(192.0.2.10-192.0.2.99)), an address, or a file
        (a path, or V(file:PATH)) with one of these on each line. In a file, C(#) begins a comment. Files are read on
        the controller.
      - Names are not looked up, because then the name server would decide what is scanned.
      - The network and broadcast addresses of IPv4 networks shorter than /31 are left out.
      - An IPv6 network larger than O(max_addresses) is refused, because a /64 cannot be swept. Give its hosts, or let
        O(networks) have it (from NetBox). Then the addresses in O(known_addresses) are asked, and others are found in
        neighbour tables.
      - The environment variable E(CIDR) (such as V(192.0.2.0/24,198.51.100.0/24)) serves when the option is not set.
    type: list
    elements: str
    default: []
  exclude:
    description:
      - What is never asked, in the forms of O(targets).
      - What a table lists of these addresses is not returned either.
    type: list
    elements: str
    default: []
  networks:
    description:
      - Networks to ask as NetBox has them, which the action fills in. Each has C(network) (a CIDR or FIRST-LAST) and
        C(prefix_length), and may have C(netbox_id), C(kind) (V(prefix) or V(ip_range)), C(vrf_id), C(vrf),
        C(tenant_id), C(tenant), C(site_id), C(site) and C(dhcp).
      - An address belongs to the narrowest network that holds it. Networks in O(targets) inherit the mask, VRF, tenant
        and site of the narrowest one around them.
      - A network that several VRFs have is not asked, with a warning, because it is not known which of them is reached.
    type: list
    elements: dict
    default: []
  known_addresses:
    description:
      - Addresses that NetBox has, which the action fills in. Each has C(address), and may have C(device_id), C(device)
        and C(primary).
      - Of these the silent ones are returned as well. In a large IPv6 network only these are asked.
    type: list
    elements: dict
    default: []
  sources:
    description:
      - Which sources are asked.
      - V(icmp) is a ping. V(tcp) connects to O(tcp_ports), and a reset shows a host as well. V(dns) looks up the name
        of an address, and the address of that name. V(neighbours) is the ARP and ND table of the host that scans.
        V(routers) and V(links) read ARP, ND, LLDP and CDP tables of devices over SNMP. V(snmp) asks hosts for their
        name, platform and serial number. V(nmap) runs the installed program C(nmap).
      - V(nmap) is asked only if it is named here, and only for addresses that others found or that NetBox has.
      - A source that cannot be used is named in the result with what it lacks. The others are asked all the same.
    type: list
    elements: str
    choices: [icmp, tcp, dns, neighbours, routers, links, snmp, nmap]
    default: [icmp, tcp, dns, neighbours, routers, links, snmp]
  tcp_ports:
    description:
      - TCP ports that V(tcp) connects to, 1 to 65535. Each costs a packet or more for every address.
      - The environment variable E(TCP_SAMPLE_PORTS) (such as V(22,80,443)) serves when the option is not set.
    type: list
    elements: int
    default: [22, 23, 80, 443]
  timeout_ms:
    description:
      - Milliseconds to wait for an answer to a ping or a TCP connection, 10 to 60000.
      - From 1000 on, the kernel repeats what opens a TCP connection, which costs further packets.
      - The environment variable E(TIMEOUT_MS) serves when the option is not set.
    type: int
    default: 900
  icmp_attempts:
    description: Pings that an address gets until it answers, 1 to 10.
    type: int
    default: 2
  dns_servers:
    description:
      - Name servers for the source V(dns), each as an address, V(192.0.2.53), V(192.0.2.53:5353) or
        V([2001:db8::53]:5353).
      - By default those of the host that scans.
    type: list
    elements: str
    default: []
  dns_timeout:
    description: Seconds to wait for the reply of a name server, 0.1 to 30.
    type: float
    default: 2.0
  snmp:
    description:
      - How agents are asked, for the sources V(snmp), V(routers) and V(links). The options of
        M(invmon.network.snmp_entity_facts) that the fragment of all SNMP modules has, without C(host), such as
        C(versions), C(community), C(username), C(credential_sets), C(networks), C(timeout) and C(retries).
      - What it leaves open is taken from the variables C(snmp_community) and so on, then from the environment, then
        from O(env_file).
      - Credentials are sent to O(routers), and to a target that NetBox has on a device (O(known_addresses)), or that
        gave a sign in this scan and is in C(networks) (the variable C(snmp_networks)). They are sent to no other
        address, and with C(networks) to none outside these. SNMPv3 is tried before SNMPv2c.
      - All devices are asked with the same credentials. C(credential_sets) can have different ones for different
        networks. The host variables of single devices are not read.
    type: dict
    default: {}
  snmp_all_targets:
    description:
      - Send the credentials of O(snmp) to every target that gave a sign in this scan.
      - Do not set this in a network where others can connect a host. Whoever answers a ping there is sent the community
        in clear text, and a host that pretends to be an agent learns enough of SNMPv3 to guess the passphrase offline.
        Name networks of your devices in C(networks) of O(snmp) (C(snmp_networks)) instead.
    type: bool
    default: false
  routers:
    description:
      - Addresses or names of routers, for the source V(routers). They are asked for their ARP and ND tables, also if
        they are not targets.
      - Without these and O(netbox_routers), the agents that the source V(snmp) found to forward packets
        (C(ipForwarding)).
    type: list
    elements: str
    default: []
  profiles:
    description:
      - A folder with your own profiles, by which the source V(snmp) finds the serial number of a chassis.
      - By default the variable C(snmp_profiles).
    type: path
  profile_data:
    description: The profiles of the collection as data, filled in by the action for a scan from another host.
    type: dict
  concurrency:
    description:
      - Addresses that are asked at the same time, 1 to 2000.
      - The environment variable E(CONCURRENCY) serves when the option is not set.
    type: int
    default: 128
  max_addresses:
    description:
      - Addresses that may be asked. If there are more, the task fails before it sends anything. Raise it on purpose.
      - It is also the size up to which an IPv6 network is swept.
    type: int
    default: 4096
  packets_per_second:
    description:
      - Packets that may be sent in any second, in all, 40 or more. Two scans at the same time have this each.
      - A packet is what the host that scans sends, whatever it is, ARP and ND requests included. Answers do not count.
      - Before something is sent, the most packets that it may cause are counted. So far fewer are sent, about a third
        where most addresses are silent.
    type: int
    default: 3000
  packets_per_subnet_second:
    description: Packets that may be sent in any second into one subnet, a /24 of IPv4 or a /64 of IPv6, 40 or more.
    type: int
    default: 2000
  packets_per_subnet:
    description:
      - Packets that may be sent in all into one subnet, a /24 of IPv4 or a /64 of IPv6.
      - When they are used up, what is left of the subnet is V(not_asked).
    type: int
    default: 20000
  deadline:
    description:
      - Seconds after which the scan ends. V(0) is no limit.
      - What it has not asked by then is V(not_asked), and is asked by the next scan with O(resume).
    type: int
    default: 3600
  authorized:
    description:
      - Confirm that public addresses among the targets may be scanned. Without it the task fails if there are any.
      - To scan other people's networks without their consent is an offence in many countries, and is reported as an
        attack in most. A mistyped network must not make it happen. Set it if the networks are yours, or their owner
        agreed.
    type: bool
    default: false
  save_to:
    description:
      - A file for the scan, as JSON. With a slash at its end it is a folder, where the time and the id of the scan name
        the file.
      - It is also written while the scan runs, every ten seconds, and when the scan is interrupted (Ctrl-C, SIGTERM).
      - By default the file or folder of O(resume).
    type: path
  resume:
    description:
      - A file that O(save_to) wrote, or a folder of such files. If that scan (in a folder the newest such) is not
        complete and at most a day old, this one asks what it did not, and returns both as one scan.
      - Otherwise everything is scanned. A file that does not exist is no error.
    type: path
  netbox:
    description:
      - Read what NetBox knows of the networks first. Then silent addresses that it has are returned as well, and the
        result has C(netbox), what it was compared with.
      - The default with O(netbox_prefixes), O(netbox_ip_ranges) or O(netbox_routers). NetBox is read on the controller.
    type: bool
    default: false
  netbox_prefixes:
    description:
      - Ask the prefixes of NetBox that meet all of these filters, C(tag), C(role), C(site), C(vrf), C(tenant) and
        C(status), each a slug or a list of them. A VRF is given by its name or route distinguisher, V(global) is none.
      - Prefixes with the status V(container) are left out, unless C(status) names it.
      - V({}) is all of them.
    type: dict
  netbox_ip_ranges:
    description: The same for the IP ranges of NetBox. The site is that of the prefix around a range.
    type: dict
  netbox_routers:
    description:
      - Read the tables of these devices of NetBox as well as those of O(routers), at their primary addresses. Filters
        are C(role) and C(tag), each a slug or a list of them, and a device that meets any of them is one.
    type: dict
  include_dhcp:
    description:
      - Whether the prefixes and IP ranges of NetBox are asked from which DHCP hands out addresses. Hosts in them are
        compared by MAC.
      - These are the ones with a role of O(dhcp_roles) or a tag of O(dhcp_tags), because NetBox has no other mark.
    type: bool
    default: true
  dhcp_roles:
    description: Slugs of roles.
    type: list
    elements: str
    default: [dhcp]
  dhcp_tags:
    description: Slugs of tags.
    type: list
    elements: str
    default: [dhcp]
requirements:
  - icmplib >= 3.0, for the source V(icmp)
  - pynetbox and requests, where NetBox is read
  - dnspython >= 2.6.1, for the source V(dns)
  - the program C(ip) of iproute2 >= 4.16, for the source V(neighbours)
  - the program C(nmap) and the Python library defusedxml, for the source V(nmap)
  - netaddr, for the vendors of MAC addresses
seealso:
  - plugin: invmon.network.compare_with_netbox
    plugin_type: filter
  - module: invmon.network.snmp_entity_facts
author:
  - invmon.network contributors (@invmon)
"""

EXAMPLES = r"""
- name: Who is in this network?
  invmon.network.netscan:
    targets: [192.0.2.0/24]
  register: found

- name: One line for each host
  ansible.builtin.debug:
    msg: "{{ found.scan.hosts | map(attribute='ip') }}"

- name: Ping only, slowly, without the addresses of a fragile machine
  invmon.network.netscan:
    targets: [10.20.0.0/22, file:/etc/netscan/more.txt]
    exclude: [10.20.1.40-10.20.1.49]
    sources: [icmp]
    packets_per_second: 50

- name: The prefixes of NetBox with the tag scan, in one VRF, without the ranges of DHCP
  invmon.network.netscan:
    netbox_prefixes:
      tag: scan
      vrf: campus
    include_dhcp: false

- name: In pieces of ten minutes, each from where the last one ended
  invmon.network.netscan:
    targets: [10.20.0.0/16]
    max_addresses: 65536
    deadline: 600
    resume: /var/lib/netscan/

- name: With MAC addresses from the routers, and names, platforms and serial numbers of what NetBox knows
  invmon.network.netscan:
    netbox_prefixes: {tag: scan}
    netbox_routers: {role: [router, l3-switch]}
    snmp:
      versions: [3]
      username: inventory
      auth_passphrase: "{{ vault_snmp_auth }}"
      privacy_passphrase: "{{ vault_snmp_privacy }}"

- name: From a poller in another network
  invmon.network.netscan:
    targets: [10.30.0.0/24]
  delegate_to: poller-brno
"""

RETURN = r"""
scan:
  description: The scan. Keys without a value are left out.
  returned: success
  type: dict
  contains:
    schema:
      description: Version of this structure.
      type: int
      sample: 1
    id:
      description: Letters and digits that no other scan has. A scan that is resumed keeps it.
      type: str
      sample: 5f0c31a9be22
    started:
      description: When it began, ISO 8601, UTC.
      type: str
      sample: "2026-11-30T02:00:00Z"
    seconds:
      description: How long it took, that of the scan which it resumes included.
      type: float
      sample: 6.2
    complete:
      description: Whether all addresses were asked by all sources that can be used.
      type: bool
      sample: true
    stopped:
      description: Why it is not complete, V(deadline), V(interrupted) or V(budget) (see O(packets_per_subnet)).
      type: str
      sample: deadline
    hosts:
      description:
        - The hosts that were found, and the addresses of O(known_addresses) that are silent.
        - Each has C(ip), C(state) (V(seen), V(silent), V(not_asked) or V(contradicting)), and what was learnt of
          C(addresses), C(certainty), C(alive), C(rtt_ms), C(hostname), C(reverse_dns), C(mac), C(vendor), C(ports),
          C(banners), C(snmp), C(network), C(joined) and C(doubtful).
        - C(sources) is the evidence, a list of dictionaries with C(source), C(result) (V(answered), V(refused),
          V(listed), V(silent), V(not_asked) or V(failed)), C(time) and C(detail).
      type: list
      elements: dict
      sample:
        - ip: 192.0.2.10
          state: seen
          alive: true
          rtt_ms: 0.41
          sources:
            - {"source": "icmp", "result": "answered", "time": "2026-11-30T02:00:01Z", "detail": "echo reply"}
    networks:
      description:
        - The networks, each with C(addresses) (how many are to be asked), C(asked) (by each source, as ranges),
          C(not_asked) (ranges that are left for another scan), C(seen), C(packets), and what NetBox has of it.
        - An address in C(asked) that no host has is silent.
      type: list
      elements: dict
      sample:
        - network: 192.0.2.0/24
          prefix_length: 24
          addresses: 254
          asked: {"icmp": ["192.0.2.1-192.0.2.254"]}
          seen: 40
          packets: 1290
    sources:
      description:
        - How each source worked, with C(source), C(used), C(method), C(missing) (the privilege, library or program that
          it lacks, and what to do), C(asked) and C(answered).
      type: list
      elements: dict
      sample:
        - {"source": "icmp", "used": true, "method": "ICMP datagram sockets", "asked": 254, "answered": 40}
    tcp_ports:
      description: The ports that V(tcp) asked.
      type: list
      elements: int
      sample: [22, 23, 80, 443]
    packets:
      description: Packets that were sent at most, those of the scan which it resumes included.
      type: int
      sample: 1290
    controller:
      description: The name of the host that scanned.
      type: str
      sample: poller-brno
    unfinished:
      description: Of a scan that is not complete, what was found of each address, for the scan that resumes it.
      type: list
      elements: dict
      sample: []
netbox:
  description: What NetBox has of the networks, for P(invmon.network.compare_with_netbox#filter).
  returned: where NetBox was read
  type: dict
  sample: {"schema": 1, "url": "https://netbox.example.com", "prefixes": [], "addresses": [], "devices": []}
saved_to:
  description: The file of the scan.
  returned: with O(save_to) or O(resume)
  type: str
  sample: /var/lib/netscan/20261130T020000Z-5f0c31a9be22.json
msg:
  description: The scan in a line.
  returned: always
  type: str
  sample: "254 addresses asked in 6 s: 40 hosts, 214 silent; by ICMP datagram sockets; nmap not asked"
"""

from ..module_utils._tasks.netscan import netscan
from ..module_utils._tasks.netscan_options import ARGUMENT_SPEC
from ..module_utils._tasks.run_module import run_module


def main() -> None:
    run_module(ARGUMENT_SPEC, lambda params, _check_mode, _diff: netscan(params))


if __name__ == "__main__":
    main()
