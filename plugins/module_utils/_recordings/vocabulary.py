# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that describe hardware and do not identify its owner: masking.py leaves them in any text."""

from __future__ import annotations

import re

from .._parts.serials import PLACEHOLDERS

_STATES = """
    up down on off ok ok. good bad yes no true false active inactive enabled disabled enable disable standby master
    slave backup member primary secondary present absent empty removed inserted installed missing unknown other none
    null normal abnormal fault faulty fail failed failure error warning critical major minor alarm clear ready online
    offline running shutdown testing unsupported supported notsupported valid invalid default auto manual full half
    duplex reserved unused used free busy idle init initial booting powered unpowered locked unlocked inservice
    outofservice provisioned unprovisioned local remote ingress egress internal external redundant nonredundant
    within below above threshold thresholds bounds detecting single value are input output mixed combo small form
    factor plugin plug platform process gigabit ether gnss gps sonet sdh oc stm ds poe
    high low medium front rear left right top bottom upper lower inner outer middle
"""
_PARTS = """
    chassis switch router device unit stack node member module modules card cards line linecard board blade slot
    subslot bay rack shelf tray frame cage container holder port ports fixed pluggable removable interface ethernet
    fan fans fantray blower cooling air airflow power supply supplies psu ps pwr pem psm pdm pdu rps ac dc hvdc
    rectifier battery batteries ups temperature temp thermal sensor sensors voltage current humidity optical optics
    optic transceiver transceivers xcvr sfp sfpplus sfpp qsfp qsfpplus xfp cfp cxp gbic xenpak osfp dsfp cpak aoc dac
    copper fiber fibre twinax lc sc mpo mtp rj connector cable lane lanes wavelength bias rx tx laser supervisor sup
    engine routing re fpc pic mic mpc cb scb sib sfb mda iom cpm sfm xiom ccm cpu rp lc fc fpga asic cpld npu mcu
    processor processors memory ram dram flash nvram eeprom idprom rom disk drive ssd hdd emmc usb cf compact
    compactflash storage file system bootflash backplane midplane fabric controller adapter carrier expansion uplink
    downlink mgmt management console aux serial number part model vendor manufacturer hardware firmware software
    revision rev version ver boot bootrom bios type class index name descr description status state mode role speed
    clock timing license feature led button key lamp inlet outlet intake exhaust ambient hotspot core cores service
"""
_INTERFACES = """
    eth ethernet fastethernet gigabitethernet tengigabitethernet twentyfivegige twentyfivegigabitethernet fortygige
    fortygigabitethernet fiftygige hundredgige hundredgigabitethernet twohundredgige fourhundredgige eighthundredgige
    tengige gige xge ge xe et fe te gi fa hu fo twe tengig gig lo loopback null vlan vlanif interface vl irb bvi svi
    po lag ae bond trunk bundle portchannel channel agg aggregate bridge br mgmteth meth me fxp em vme dsc gre ipip
    tap tun tunnel mtun pime pimd lsi vtep lt mt sp gr ip pd pe vcp fti esi stackport stacksub stackwise virtual wan
    lan pos atm serial cellular async dialer wlan radio dot radio wifi ser te vt bme pppoe ppp fxs fxo internal span
    rspan erspan mge pfh pfe vcp lcport inloopback xgigabitethernet software control data plane inband
    outofband oob swp peerlink ens eno enp enx wwan
"""
_UNITS = """
    v mv w mw kw va kva a ma c f k m mm cm km nm um hz khz mhz ghz b kb mb gb tb bit bits byte bytes bps kbps mbps
    gbps g db dbm rpm s ms us ns sec min hour hours day days percent pct celsius volt volts watt watts amp amps rms
    mhz base gbase baset basesx baselx basetx basesr baselr baseer basezr basecr basecu baselrm t sx lx sr lr er zr cr
    kr fr dr fx tx zx ex bx lrm cwdm dwdm sm mm smf mmf pam nrz fec sdm psm
"""
_SMALL = "the of and or for to in at is by with not no a an from per x n"

#: in lower case
VOCABULARY: frozenset[str] = frozenset(
    word for text in (_STATES, _PARTS, _INTERFACES, _UNITS, _SMALL) for word in text.split()
) | frozenset(word for text in PLACEHOLDERS for word in re.findall(r"[a-z]+", text))
