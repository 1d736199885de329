# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two NetBox releases that the stand-in can be, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Release:
    """What a client notices of a NetBox release."""

    api: str  #: the API-Version header
    netbox: str
    plugin: str  #: inventory_monitor's version
    etags: bool  #: change-logged objects have a weak ETag, and If-Match is honoured
    cursor: bool  #: paging by start=<pk>; ignored where False
    omit: bool  #: the omit= parameter; ignored where False
    v2_tokens: bool  #: nbt_ tokens, the keyword unchecked, `Invalid v1 token`; else the keyword Token alone
    strict_custom_fields: bool  #: an unknown custom field is a 400; ignored where False
    redirects_slash: bool  #: a POST without its trailing slash is redirected (301); else 404 HTML
    authentication_check: bool
    graphql_lookups: bool  #: ids and times are filtered as {exact: ..}; else by the bare value
    graphql_cuts: bool  #: a GraphQL list ends after MAX_PAGE_SIZE rows, without a word
    database_guards_primary: bool  #: a primary address of another device is a 500; else a 400 with a message
    hides_unseen: bool  #: what the caller may not see cannot be named by its attributes
    nested_dns_name: bool  #: an address within a device has dns_name and the NAT fields
    exact_address_search: bool  #: devices' q= finds an address only whole; else any part of it
    max_page_size: int = 1000  #: MAX_PAGE_SIZE, which an administrator may set


RELEASES = {
    "4.6": Release(
        api="4.6",
        netbox="4.6.8",
        plugin="14.0.0",
        etags=True,
        cursor=True,
        omit=True,
        v2_tokens=True,
        strict_custom_fields=True,
        redirects_slash=False,
        authentication_check=True,
        graphql_lookups=True,
        graphql_cuts=True,
        database_guards_primary=True,
        hides_unseen=True,
        nested_dns_name=True,
        exact_address_search=True,
    ),
    "4.4": Release(
        api="4.4",
        netbox="4.4.10",
        plugin="11.0.2",
        etags=False,
        cursor=False,
        omit=False,
        v2_tokens=False,
        strict_custom_fields=False,
        redirects_slash=True,
        authentication_check=False,
        graphql_lookups=False,
        graphql_cuts=False,
        database_guards_primary=False,
        hides_unseen=False,
        nested_dns_name=False,
        exact_address_search=False,
    ),
}
