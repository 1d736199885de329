# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recording never asks for: tables that are full of people, addresses and secrets, and hold no hardware.

Each is known by the name that its MIB gives it. The list is not complete and cannot be: what else is in a vendor's
subtree is masked unless it is known to be harmless (masking.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from .._snmp.transport import Oid

_OMNISWITCH = """
    1 softentIND1SnmpAgt, 3 softentIND1VlanMgt, 4 softentIND1GroupMobility, 7 softentIND1Sesmgr,
    8 softentIND1MacAddress, 9 softentIND1Aip, 10 softentIND1Routing, 14 softentIND1Policy, 15 softentIND1AAA,
    23 softentIND1Ip, 29 softentIND1Ipv6, 30 softentIND1Dot1X, 39 softentIND1Ssh, 43 softentIND1IPsec,
    58 softentIND1LldpMed, 59 softentIND1DhcpSrv"""
_RADLAN = """
    26 ipSpec, 35 rndApplications, 38 rsDHCP, 48 vlan, 52 rlCli, 58 rlTelnet, 59 rlPolicy, 62 rlIpMRouteStdMIB,
    66 rlEmbWeb, 69 rlMultiSessionTerminal, 71 rlBgp, 76 rlDhcpCl, 78 rlSsh, 79 rlAAA, 80 rlRadius,
    82 rlSyslog, 86 rlDigitalKeyManage, 87 rlCopy, 89 rlMngInf, 92 rlTimeSynchronization, 93 rlDnsCl, 94 rlCDB,
    95 rldot1x, 96 rlFile, 97 rlAAAEap, 98 rlSNMP, 100 rlSsl, 110 rlLldp, 112 rlBridgeSecurity,
    113 rlDhcpSpoofing, 114 rlBonjour, 116 rlBrgMulticast, 118 rlGlobalIpAddrTable, 123 rlAutoUpdate, 129 rlIPv6,
    130 rlActionAcl, 133 rlBanner, 137 rlCdp, 200 rlWlanMIB, 209 rlSecSd, 210 rlOspf,
    214 rlDhcpv6, 226 rlRadiusServ, 229 rlSna, 230 rlWBA, 234 rlPNP, 235 rlFindit, 247 rlRadiusCoA"""

#: below an OID: the next sub-identifier and its name
_TREES: dict[str, str] = {
    # entityLogical (RFC 6933): communities, addresses and contexts of logical entities
    "1.3.6.1.2.1.47.1": "2 entityLogical",
    # snmpModules (RFC 3411 to 3584): users, views, communities, targets
    "1.3.6.1.6": "3 snmpModules",
    # Cisco: OLD-CISCO-SYSTEM, -INTERFACES, -IP, -TS and others: hosts, terminal lines, users
    "1.3.6.1.4.1.9": "2 local",
    "1.3.6.1.4.1.9.9": """
        16 ciscoPingMIB, 23 ciscoCdpMIB, 27 ciscoCallHistoryMib, 41 ciscoSyslogMIB, 42 ciscoRttMonMIB,
        43 ciscoConfigManMIB, 46 ciscoVtpMIB, 54 ciscoTn3270ServerMIB, 63 ciscoVoiceDialControlMIB,
        67 ciscoAtmAccessListMIB, 68 ciscoVlanMembershipMIB, 80 ciscoFtpClientMIB, 81 ciscoBulkFileMIB,
        96 ciscoConfigCopyMIB, 128 ciscoVlanIfTableRelationshipMIB, 146 ciscoCallApplicationMIB, 147 ciscoFirewallMIB,
        150 ciscoAAASessionMIB, 156 ciscoCcmMIB, 158 ciscoAAAClientMIB, 159 ciscoQosPolicyConfigMIB,
        163 ciscoCallTrackerMIB, 164 ciscoCallTrackerTCPMIB, 165 ciscoCallTrackerModemMIB, 166 ciscoCBQosMIB,
        168 ciscoNtpMIB, 171 ciscoIpSecFlowMonitorMIB, 172 ciscoIpSecPolMapMIB, 179 ciscoCatOSAclQosMIB,
        184 ciscoPimMIB, 187 ciscoBgp4MIB, 194 ciscoPppoeMIB, 215 ciscoMacNotificationMIB,
        263 ciscoIgmpSnoopingMIB, 268 ciscoWlanVlanMIB, 270 ciscoSyslogEventExtMIB, 272 ciscoDot11IfMIB,
        273 ciscoDot11AssociationMIB, 288 ciscoRadiusMIB, 300 ciscoCallHomeMIB, 301 ciscoSyslogExtMIB,
        315 ciscoPortSecurityMIB, 367 ciscoAAAServerExtMIB, 374 ciscoDynamicArpInspectionMIB,
        380 ciscoDhcpSnoopingMIB, 387 ciscoNetflowMIB, 392 ciscoRemoteAccessMonitorMIB,
        400 ciscoUserConnectionTapMIB, 401 ciscoBridgeExtMIB, 405 ciscoDnsServerMIB,
        408 ciscoSnmpNotificationExtMIB, 409 ciscoSnmpVacmExtMIB, 412 ciscoSnmpTargetExtMIB,
        413 ciscoDot11SsidSecMIB, 415 ciscoWlanManMIB, 423 ciscoIkeConfigMIB, 428 ciscoIkeFlowExtMIB,
        429 ciscoIkeFlowMIB, 431 ciscoIPsecProvisioningMIB, 432 ciscoEnhancedIpsecFlowMIB, 436 ciscoDNSClientMIB,
        491 ciscoUnifiedFirewallMIB, 512 ciscoLwappWlanMIB, 515 ciscoLwappWebAuthMIB, 521 ciscoLwappWlanSecurityMIB,
        522 ciscoLwappDot11ClientCalibMIB, 532 ciscoNATExtMIB, 577 ciscoLwappAclMIB, 598 ciscoLwappAAAMIB,
        599 ciscoLwappDot11ClientMIB, 614 ciscoLwappDot11LdapMIB, 619 ciscoLwappLocalAuthMIB,
        622 ciscoLwappDot11ClientTsMIB, 623 ciscoLwappCdpMIB, 628 ciscoServiceControlSubscribersMIB,
        642 ciscoBridgeDomainMIB, 644 ciscoTelepresenceCallMIB, 656 ciscoAuthFrameworkMIB,
        741 ciscoTrustSecServerMIB, 767 ciscoLwappDot11ClientRmMIB, 786 ciscoSubscriberSessionMIB,
        792 ciscoLwappDhcpMIB, 798 ciscoLocalAuthUserMIB, 808 ciscoACLMIB, 829 ciscoSslvpnMIB,
        833 ciscoDhcpRelayMIB, 842 ciscoLwappMdnsMIB, 851 ciscoSdgMdnsMIB""",
    "1.3.6.1.4.1.9.10": """
        2 ciscoIpMRouteMIB, 56 ciscoAAAServerMIB, 62 ciscoIPsecMIB, 77 ciscoIetfNatMIB, 86 ciscoIetfIpMIB, 99 cospf,
        102 ciscoIetfDhcpSrvMIB, 118 ciscoIetfIsisMIB, 122 ciscoIetfDhcpSrvExtMIB, 139 ciscoNetRegDhcpv6MIB""",
    # RADLAN, whose switches Cisco sells as its small business series below a number of its own
    "1.3.6.1.4.1.89": _RADLAN,
    "1.3.6.1.4.1.9.6.1.101": _RADLAN,
    "1.3.6.1.4.1.2636.3": """
        5 jnxFirewalls, 7 jnxPingMIB, 8 jnxTraceRouteMIB, 18 jnxCfgMgmt, 22 jnxIpSecMonitorMIB, 23 jnxMac,
        26 jnxVpnMIB, 35 jnxSyslog, 48 jnxl2aldMibRoot, 49 jnxL2tpMibRoot, 51 jnxUserAAAMibRoot, 52 jnxIpSecMibRoot,
        61 jnxJdhcpMibRoot, 62 jnxJdhcpv6MibRoot, 64 jnxSubscriberMibRoot, 67 jnxPppoeMibRoot, 68 jnxPppMibRoot,
        89 jnxUserFirewallsRoot""",
    "1.3.6.1.4.1.2636.3.39.1": "2 jnxJsAuth, 5 jnxJsIPSecVpn, 7 jnxJsNAT, 9 jnxJsDhcp, 10 jnxJsDnsRoot",
    "1.3.6.1.4.1.2636.3.40.1": "5 jnxExVlan, 7 jnxMacNotificationRoot",
    "1.3.6.1.4.1.2636": "5 jnxExperiment",
    "1.3.6.1.4.1.6527.3.1.2": """
        3 tmnxVRtrObjs, 4 tmnxServObjs, 6 tmnxMplsObjs, 7 tmnxRsvpObjs, 8 tmnxLdpObjs, 9 vRtrRipObjs,
        10 vRtrIsisObjs, 11 tmnxOamTestObjs, 12 tmnxLogObjs, 14 tBgpObjects, 17 tRoutePolicyObjects,
        18 tMirrorObjects, 19 tmnxCflowdObjs, 20 tmnxVrrpMibObjects, 21 tFilterObjects, 22 tmnxSecurityObjects,
        23 tmnxIgmpObjs, 33 tmnxSubMgmt, 36 tmnxOspfObjects, 37 tmnxScheduler, 38 tmnxNtpObjs, 43 tmnxMsdpObjects,
        46 tmnxMldObjs, 47 tmnxDhcpServer, 48 tmnxIPsecObjects, 49 tmnxPppoe, 50 tmnxPimNgObjs, 51 tmnxLocalUserDb,
        58 tmnxDiameter, 59 tmnxLldpObjects, 60 tmnxL2tp, 65 tmnxNat, 66 tmnxMobServing, 67 tmnxMobProfile,
        70 tmnxMobGateway, 71 tmnxMobPdn, 79 tmnxRadius, 81 tmnxWlanGw, 88 tmnxIsisObjs, 102 tmnxCallTraceObjs,
        106 tmnxLdapObjs, 107 tmnxTlsObjs, 117 tmnxWlanObjs""",
    "1.3.6.1.4.1.2011.5.25": """
        7 hwNAT, 9 hwMACBIND, 16 hwSLOG, 17 hwSSHMIB, 18 hwUserLogMIB, 20 hwTACACS, 23 hwCmdOverSnmpMib, 24 hwISIS,
        28 hwDismanPing, 29 hwVlan, 35 hwBGPMib, 42 hwL2Mgmt, 112 hwDhcpSnpMib, 118 hwSSH, 119 hwL2Vpn,
        123 hwEthernetARPMIB, 134 hwLldpMIB, 137 hwL2TPExt, 150 hwL3vpn, 155 hwOspfv2MIB, 164 hwSnmpExtMIB,
        169 hwPppMIB, 171 hwMacAuthenMIB, 177 hwBgpMIB, 184 hwIpSessionMIB, 194 hwDnsMIB, 198 hwCdpComplianceMIB,
        224 hwIPSecMIB, 226 hwNatExtMIB, 251 hwEntVoiceSipagUserMIB, 315 hwSWITCH-L2MAM-EXT""",
    "1.3.6.1.4.1.25506.2": """
        4 hh3cConfig, 7 hh3cIPSecMonitor, 8 hh3cAcl, 11 hh3cIpPBX, 12 hh3cUser, 13 hh3cRadius, 18 hh3cNat, 22 hh3cSSH,
        23 hh3cRSA, 26 hh3cPortSecurity, 30 hh3cIKEMonitor, 36 hh3cDhcpSnoop, 39 hh3cVoice, 46 hh3cDomain,
        58 hh3cDhcpRelay, 67 hh3cIpAddrMIB, 71 hh3cIpv6AddrMIB, 87 hh3cMACInformation, 88 hh3cFireWall, 97 hh3cDns,
        100 hh3clldp, 101 hh3cDHCPServer""",
    "1.3.6.1.4.1.1916.1": """
        2 extremeVlan, 7 extremeQosPolicy, 10 extremeFileTransfer, 13 extremeEdp, 15 extremeOspf, 16 extremeFdb,
        22 extremeNetFlow, 23 extremeSnmpv3, 25 extremeWireless, 34 extremeIpSecurity, 35 extremeUpm, 36 extremeIdMgr,
        39 extremeVM, 42 extremeCfgMgmt, 44 extremeMacAuthMIB, 48 extremeAcl, 51 extremeBgp4V2""",
    "1.3.6.1.4.1.1991.1.1.2": "4 snAgentBoot, 5 snAgCfgEos, 6 snAgentLog, 9 snAgentUser",
    "1.3.6.1.4.1.1991.1.1.3": """
        2 snVLanInfo, 4 snFdbInfo, 8 snDhcpGatewayListInfo, 9 snDnsInfo, 10 snMacFilter, 12 snRadius, 13 snTacacs,
        15 snAAA, 18 snNetFlow, 20 snFDP, 22 snArpInfo, 23 snWireless, 24 snMac, 26 snSSH, 28 snMacAuth, 30 snMacVlan,
        32 fdryMacVlanMIB, 34 fdryDns2MIB, 35 fdryDaiMIB, 36 fdryDhcpSnoopMIB, 37 fdryIpSrcGuardMIB,
        38 brcdDot1xAuth, 39 brcdRouteMap, 42 snDhcpServer, 43 ruckusWiredClientMIB, 44 ruckusAuthMIB,
        45 ruckusAclMIB, 48 ruckusDhcpv6SnoopMIB""",
    "1.3.6.1.4.1.1991.1.1": "8 fdryRadius, 9 fdryTacacs, 11 brcdSysLog, 15 brcdIPSec",
    "1.3.6.1.4.1.11.2.14.11.5.1": """
        3 hpVLAN, 11 hpicfDhcpRelay, 14 hpicfOspf, 16 hpSwitchAuthenticationMIB, 17 hpSwitchAccountingMIB,
        19 hpicfUsrAuthMIB, 25 hpicfDot1xMIB, 32 hpSwitchAuthorizationMIB, 34 hpicfIpDhcpSnoop, 37 hpicfArpProtect,
        38 hpicfSnmpMIB, 39 hpicfIpLockdown, 57 hpicfDhcpClient, 64 hpicfDebugLog, 66 hpicfMacNotifyMIB,
        67 hpicfGenericVlanMIB, 92 hpicfSflowMIB, 99 hpicfDhcpv4ServerMIB, 124 hpicfMdns, 136 hpicfConfig,
        138 hpicfDeviceFingerPrintMIB, 143 hpicfSnmpUsm""",
    "1.3.6.1.4.1.47196.4.1.1.3": """
        9 arubaWiredLldpMIB, 14 arubaWiredMdnsMIB, 16 arubaWiredAAAMIB, 18 arubaWiredPortVlanMIB,
        19 arubaWiredMacNotifyMIB, 20 arubaWiredConfigMIB""",
    "1.3.6.1.4.1.12356.101": "5 fgFirewall, 11 fgInetProto, 12 fgVpn, 21 fgLog, 22 fgConfig, 23 fgDhcp",
    "1.3.6.1.4.1.12356.100.1": "2 fnMgmt",
    "1.3.6.1.4.1.30065.3": "2 aristaBridgeExtMIB, 5 aristaAclMIB, 7 aristaConfigCopyMIB, 9 aristaConfigManMIB",
    "1.3.6.1.4.1.14179.2": "5 bsnAAA, 8 bsnMobility, 9 bsnIpsec",
    "1.3.6.1.4.1.14179.2.1": """
        1 bsnDot11EssTable, 4 bsnMobileStationTable, 5 bsnMobileStationPerRadioPerVapTable,
        6 bsnMobileStationStatsTable, 7 bsnRogueAPTable, 8 bsnRogueAPAirespaceAPTable, 10 bsnMobileStationByIpTable,
        11 bsnMobileStationRssiDataTable, 12 bsnWatchListClientTable, 13 bsnMobileStationByUsernameTable,
        14 bsnRogueClientTable, 15 bsnRogueClientAirespaceAPTable, 16 bsnRogueClientPerRogueAPTable,
        18 bsnTagTable, 19 bsnTagRssiDataTable, 20 bsnTagStatsTable, 21 bsnMobileStationExtStatsTable""",
    "1.3.6.1.4.1.14988.1.1": """
        1 mtxrWireless, 5 mtxrHotspot, 6 mtxrDHCP, 8 mtxrScripts, 11 mtxrNeighbor, 12 mtxrGps, 18 mtxrScriptRun,
        20 mtxrIPSec""",
    "1.3.6.1.4.1.2272.1": """
        2 rcTftp, 3 rcVlan, 8 rcIp, 9 rcArp, 14 rcBridge, 19 rcCli, 22 rcSyslog, 29 rcRadius, 34 rcSsh, 57 rcEap,
        60 rcFdb, 62 rcIpv6, 63 rcIsis, 65 rcTacacs, 76 rcIpMRoute, 203 rcVrf""",
    "1.3.6.1.4.1.6486.800.1.2.1": _OMNISWITCH,
    "1.3.6.1.4.1.6486.801.1.2.1": _OMNISWITCH,
    "1.3.6.1.4.1.25461.2.1.2": "5 panGlobalProtect, 6 panLogCollector, 7 panDeviceLogging",
    "1.3.6.1.4.1.3375.2.2": "3 ltmNATs, 4 ltmNodes, 5 ltmPools, 8 ltmRules, 9 ltmSNATs, 10 ltmVirtualServers",
    "1.3.6.1.4.1.3375.2": "3 bigipGlobalTM, 6 bigipApm",
}


def roots_of_tables() -> Iterator[Oid]:
    """The OIDs of the list."""
    for above, below in _TREES.items():
        for entry in below.split(","):
            yield tuple(int(number) for number in (*above.split("."), entry.split()[0]))


#: Subtrees that are never recorded.
NOT_RECORDED: tuple[Oid, ...] = tuple(sorted(roots_of_tables()))
