# Copyright: (c) 2026, invmon.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The User-based Security Model: keys as the RFCs print them, and messages that only who has the keys can read."""

from __future__ import annotations

import pytest
from ansible_collections.invmon.network.plugins.module_utils._snmp import ber, usm
from ansible_collections.invmon.network.plugins.module_utils._snmp.errors import BackendMissing
from ansible_collections.invmon.network.plugins.module_utils._snmp.pdu import (
    GET,
    INFORM,
    TRAP_V1,
    Pdu,
    TrapV1,
    decode_pdu,
    encode_pdu,
    encode_trap_v1,
)
from ansible_collections.invmon.network.plugins.module_utils._snmp.transport import VarBind
from ansible_collections.invmon.network.plugins.module_utils._snmp.user_message import (
    AUTH,
    PRIV,
    ScopedPdu,
    UserMessage,
    decode_message,
    decode_scoped,
    encode_message,
    is_signed_by,
)
from hypothesis import given
from hypothesis import strategies as st

ENGINE = bytes.fromhex("000000000000000000000002")
WORD = b"maplesyrup"

VALUES = (
    st.tuples(st.just("int"), st.integers(-(2**31), 2**31 - 1))
    | st.tuples(st.sampled_from(["counter32", "gauge32", "ticks"]), st.integers(0, 2**32 - 1))
    | st.tuples(st.just("counter64"), st.integers(0, 2**64 - 1))
    | st.tuples(st.sampled_from(["octets", "opaque"]), st.binary(max_size=300))
    | st.tuples(st.just("ip"), st.binary(min_size=4, max_size=4))
    | st.tuples(st.sampled_from(["null", "noSuchObject", "noSuchInstance", "endOfMib"]), st.none())
)
OIDS = st.lists(st.integers(0, 2**32 - 1), max_size=20).map(lambda numbers: (1, 3, *numbers))
VARBINDS = st.lists(
    st.builds(lambda oid, value: VarBind(oid, *value), OIDS, VALUES | st.tuples(st.just("oid"), OIDS)), max_size=5
)


@pytest.mark.parametrize(
    ("digest", "key"),
    [
        ("md5", "526f5eed9fcce26f8964c2930787d82b"),  # RFC 3414, A.3.1
        ("sha1", "6695febc9288e36282235fc7151f128497b38f3f"),  # RFC 3414, A.3.2
    ],
)
def test_a_passphrase_gives_the_key_of_the_rfc(digest: str, key: str) -> None:
    assert usm.localised_key(digest, usm.passphrase_key(digest, WORD), ENGINE).hex() == key


def test_a_key_is_shown_nowhere() -> None:
    keys = usm.localised(ENGINE, usm.Secret("SHA", WORD), usm.Secret("AES-128", WORD))
    secret = usm.Secret("SHA", WORD)
    assert keys.auth_key
    for text in (repr(keys), repr(secret)):
        assert WORD.decode() not in text
        assert keys.auth_key.hex() not in text
        assert repr(keys.auth_key)[2:-1] not in text


@pytest.mark.parametrize("privacy", sorted(usm.PRIVACY_KEYS))
@pytest.mark.parametrize("auth", sorted(usm.DIGESTS))
def test_a_localised_key_is_as_good_as_the_passphrase(auth: str, privacy: str) -> None:
    keys = usm.localised(ENGINE, usm.Secret(auth, WORD), usm.Secret(privacy, b"chocolate"))
    digest = usm.DIGESTS[auth][0]
    short = usm.localised_key(digest, usm.passphrase_key(digest, b"chocolate"), ENGINE)
    for word in (short, keys.privacy_key):
        auth_secret = usm.Secret(auth, keys.auth_key or b"", is_localised=True)
        assert usm.localised(ENGINE, auth_secret, usm.Secret(privacy, word or b"", is_localised=True)) == keys
    assert len(short) == usm.KEY_OCTETS[auth]


@given(data=st.binary(max_size=200), privacy=st.sampled_from(sorted(usm.PRIVACY_KEYS)), boots=st.integers(0, 2**31 - 1))
def test_what_is_encrypted_is_read_with_the_same_key_and_salt_alone(data: bytes, privacy: str, boots: int) -> None:
    keys = usm.localised(ENGINE, usm.Secret("SHA-256", WORD), usm.Secret(privacy, WORD))
    sent, salt = keys.encrypt(data, boots, 7)
    assert keys.decrypt(sent, boots, 7, salt)[: len(data)] == data
    again, other = keys.encrypt(data, boots, 7)
    assert salt != other
    # A few octets may come out alike by chance.
    assert sent != again or len(data) < 16
    with pytest.raises(usm.DecryptionError):
        keys.decrypt(sent, boots, 7, salt[:-1])


@given(varbinds=VARBINDS, number=st.integers(0, 2**31 - 1))
def test_a_pdu_is_read_as_it_was_written(varbinds: list[VarBind], number: int) -> None:
    pdu = Pdu(INFORM, number, 0, 0, varbinds)
    data = encode_pdu(pdu)
    assert decode_pdu(data, 0, len(data)) == pdu
    trap = TrapV1((1, 3, 6, 1, 4, 1, 9), b"\xc0\x00\x02\x01", 6, number, number, varbinds)
    data = encode_trap_v1(trap)
    assert data[0] == TRAP_V1
    assert decode_pdu(data, 0, len(data)) == trap


@pytest.mark.parametrize(
    ("kind", "value"), [("gauge32", -1), ("counter64", 2**64), ("int", 2**31), ("ip", b"abc"), ("octets", 3)]
)
def test_a_value_that_its_type_cannot_have_is_not_sent(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"not a value of the kind {kind}"):
        encode_pdu(Pdu(GET, 1, 0, 0, [VarBind((1, 3), kind, value)]))  # type: ignore[arg-type]


def signed(flags: int = AUTH | PRIV) -> tuple[bytes, usm.Keys]:
    keys = usm.localised(ENGINE, usm.Secret("SHA-256", WORD), usm.Secret("AES-128", WORD))
    head = UserMessage(number=3, flags=flags, engine_id=ENGINE, boots=1, time=2, user=b"operator")
    scoped = ScopedPdu(ENGINE, b"vlan-7", encode_pdu(Pdu(GET, 5, 0, 0, [])))
    return encode_message(head, scoped, keys), keys


def test_a_message_is_read_by_who_has_the_keys() -> None:
    data, keys = signed()
    message = decode_message(data)
    assert (message.number, message.user, message.engine_id) == (3, b"operator", ENGINE)
    assert is_signed_by(data, message, keys)
    assert decode_scoped(data, message, keys).context_name == b"vlan-7"
    assert b"vlan-7" not in data


@given(place=st.floats(0, 0.999), change=st.integers(1, 255))
def test_a_message_of_which_one_octet_was_changed_is_no_longer_signed(place: float, change: int) -> None:
    data, keys = signed()
    octets = bytearray(data)
    octets[int(place * len(octets))] ^= change
    try:
        message = decode_message(bytes(octets))
    except ber.BerError:
        return
    assert not is_signed_by(bytes(octets), message, keys)


def test_a_message_without_a_digest_is_signed_by_nobody() -> None:
    data, keys = signed(flags=0)
    assert not is_signed_by(data, decode_message(data), keys)
    data, _keys = signed()
    assert not is_signed_by(data, decode_message(data), usm.Keys())


def test_a_protocol_that_openssl_does_not_allow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise ValueError("disabled for FIPS")

    usm.check_supported("MD5", "DES")
    monkeypatch.setattr(usm.hmac, "digest", refuse)
    with pytest.raises(BackendMissing, match="does not allow MD5 or DES"):
        usm.check_supported("MD5", "DES")
