"""Secrets at rest: rotation, purposes kept apart, and errors that show no key."""

from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import InvalidToken

from providers.credentials import Credentials
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, Purpose, SecretBox, SecretUnreadable

OLD = "2025:" + urlsafe_b64encode(b"o" * 32).decode()
NEW = "2026:" + urlsafe_b64encode(b"n" * 32).decode()
ACCOUNT, KEY = "AC" + "1" * 32, "SK" + "2" * 32
SECRET = TwilioCredentials(
    account_sid=ACCOUNT,
    auth_token="current-token",
    previous_auth_token="previous-token",
    signing_keys={"webhooks_sharedkey_1": "shared"},
    api_key_sid=KEY,
    api_key="api-key-secret",
)


def test_a_secret_comes_back_as_it_was_stored() -> None:
    box = SecretBox(Keyring.parse(NEW))
    sealed = box.seal(SECRET)
    assert b"current-token" not in sealed
    assert box.unseal(sealed, TwilioCredentials) == SECRET


def test_what_an_older_key_encrypted_is_read_until_that_key_is_removed() -> None:
    sealed = SecretBox(Keyring.parse(OLD)).seal(SECRET)
    assert SecretBox(Keyring.parse(f"{NEW},{OLD}")).unseal(sealed, TwilioCredentials) == SECRET
    with pytest.raises(SecretUnreadable):
        SecretBox(Keyring.parse(NEW)).unseal(sealed, TwilioCredentials)


class OfTomorrow(TwilioCredentials):
    edge: str


def test_a_field_that_a_newer_version_stored_is_ignored_during_a_deploy() -> None:
    box = SecretBox(Keyring.parse(NEW))
    sealed = box.seal(OfTomorrow(**SECRET.model_dump(), edge="dublin"))
    assert box.unseal(sealed, TwilioCredentials) == SECRET


def test_the_first_key_encrypts() -> None:
    keyring = Keyring.parse(f"{NEW}, {OLD}")
    assert keyring.current_id == "2026"
    assert (
        SecretBox(Keyring.parse(NEW)).unseal(SecretBox(keyring).seal(SECRET), TwilioCredentials)
        == SECRET
    )


def test_a_secret_for_one_purpose_is_unreadable_for_another() -> None:
    keyring = Keyring.parse(NEW)
    token = keyring.cipher(Purpose.payloads_siv).encrypt(b"hello")
    with pytest.raises(InvalidToken):
        keyring.cipher(Purpose.secrets).decrypt(token)


def test_a_payload_comes_back_and_names_the_key_that_encrypted_it() -> None:
    cipher = Keyring.parse(f"{NEW},{OLD}").payload_cipher()
    key, data = cipher.encrypt(b"hello", b"ours")
    assert (key, cipher.decrypt(key, data, b"ours")) == ("2026", b"hello")
    assert b"hello" not in data
    again = cipher.encrypt(b"hello", b"ours")
    assert again != (key, data), "the same text twice is not seen to be the same"


def test_payloads_of_an_older_key_are_read_until_that_key_is_removed() -> None:
    key, data = Keyring.parse(OLD).payload_cipher().encrypt(b"hello", b"")
    assert Keyring.parse(f"{NEW},{OLD}").payload_cipher().decrypt(key, data, b"") == b"hello"
    with pytest.raises(InvalidToken):
        Keyring.parse(NEW).payload_cipher().decrypt(key, data, b"")


def test_a_payload_that_was_changed_or_is_of_another_scope_is_refused() -> None:
    cipher = Keyring.parse(NEW).payload_cipher()
    key, data = cipher.encrypt(b"hello", b"ours")
    for spoilt in (data[:-1], data[1:], b"", data[:-1] + bytes([data[-1] ^ 1])):
        with pytest.raises(InvalidToken):
            cipher.decrypt(key, spoilt, b"ours")
    for other in (b"", b"our", b"ours ", b"theirs"):
        with pytest.raises(InvalidToken):
            cipher.decrypt(key, data, other)


@pytest.mark.parametrize("key", [bytes(32), b"\xff" * 32, b"ab" * 16, b"x" * 31 + b"y"])
def test_a_key_that_was_typed_and_not_made_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="is not random"):
        Keyring.parse(f"k:{urlsafe_b64encode(key).decode()}").check_random()


def test_an_adapter_gets_both_tokens_and_the_connectors_address() -> None:
    box = SecretBox(Keyring.parse(NEW))
    credentials = box.unseal(box.seal(SECRET), TwilioCredentials, "http://127.0.0.1:9000")
    assert credentials.account_sid == ACCOUNT
    assert credentials.tokens == ("current-token", "previous-token")
    assert credentials.log_in == (KEY, "api-key-secret")
    assert credentials.api_url == "http://127.0.0.1:9000"


def test_half_an_api_key_is_none() -> None:
    half = SECRET.model_copy(update={"api_key": None})
    assert half.log_in == (ACCOUNT, "current-token")


def test_credentials_of_another_provider_are_unreadable() -> None:
    class Others(Credentials):
        password: str

    box = SecretBox(Keyring.parse(NEW))
    with pytest.raises(SecretUnreadable):
        box.unseal(box.seal(SECRET), Others)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("", "key 1 is not `id:key`"),
        (OLD.partition(":")[2], "key 1 is not `id:key`"),
        (f"{OLD},{OLD}", "key 2 is not `id:key` with a unique id"),
        ("a:c2hvcnQ=", "has 5 bytes instead of 32"),
        ("a:not base64!", "is not URL-safe base64"),
        ("a:ünicode", "is not URL-safe base64"),
    ],
)
def test_malformed_keys_are_refused_without_being_shown(setting: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as refused:
        Keyring.parse(setting)
    key = setting.partition(":")[2]
    assert not key or key not in str(refused.value)


def test_nothing_secret_is_shown_when_printed() -> None:
    shown = repr(SECRET) + repr(Keyring.parse(NEW)) + str(SECRET.at(None))
    for secret in ("current-token", "previous-token", "shared'", "api-key-secret", "bm5ubm5"):
        assert secret not in shown
