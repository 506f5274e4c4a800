"""Who may post: OpenMarket with its log-in, or with the address of a receipt that we gave it."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from providers.contract import WebhookRefused, WebhookRequest
from providers.openmarket.authentication import receipt_url
from providers.openmarket.description import DESCRIPTION, OpenMarketCredentials
from providers.twilio.description import TwilioCredentials
from tests.providers.openmarket.recorded import (
    CREDENTIALS,
    TEXT,
    URL,
    log_in,
    openmarket,
    posted,
    recorded,
)

RECEIPT = recorded("receipt_delivered.json").body


def is_let_in(request: WebhookRequest) -> bool:
    try:
        openmarket().verify(request, CREDENTIALS)
    except WebhookRefused:
        return False
    return True


def to_given_address(address: str, webhook: str = "receipt") -> WebhookRequest:
    """Return a receipt without a log-in, posted to an address."""
    return WebhookRequest(address, {"Content-Type": "application/json"}, RECEIPT, webhook)


def given_address(credentials: OpenMarketCredentials = CREDENTIALS) -> str:
    return receipt_url(TEXT.callback_url, TEXT.message_id, credentials)


def test_the_log_in_of_the_connector_is_right_now_and_before_it_was_changed() -> None:
    assert is_let_in(recorded("mo_text.json"))
    assert is_let_in(posted(b"", authorization=log_in(password="password-of-last-year")))


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic ü",
        "Bearer password-of-webhooks",
        log_in().replace("Basic", "basic"),
        log_in(user="Switchboard"),
        log_in(password="password-of-webhook"),
        log_in(password="password-of-webhooks "),
        log_in(password=""),
        log_in("123-456-789-12345", "password-of-the-api"),
        log_in() + "AAAA",
        log_in().replace("Basic", "Digest"),
    ],
)
def test_any_other_log_in_is_refused(authorization: str) -> None:
    for webhook in ("inbound", "receipt"):
        assert not is_let_in(posted(b"{}", webhook=webhook, authorization=authorization))


def test_a_missing_log_in_is_refused() -> None:
    assert not is_let_in(WebhookRequest(f"{URL}/inbound", {}, b"{}", "inbound"))


def test_what_a_stranger_posts_is_refused_before_it_is_read() -> None:
    bomb = b"<" * 10_000_000
    assert not is_let_in(posted(bomb, authorization=log_in(password="wrong")))


def test_a_receipt_is_let_in_by_the_address_we_gave_for_its_text() -> None:
    assert is_let_in(to_given_address(given_address()))
    older = CREDENTIALS.model_copy(update={"webhook_password": "password-of-last-year"})
    assert is_let_in(to_given_address(given_address(older)))


def test_the_address_of_a_receipt_lets_in_nothing_else() -> None:
    address = given_address()
    key = dict(parse_qsl(urlsplit(address).query))["key"]
    other = address.replace(TEXT.message_id, TEXT.message_id[:-1] + "2")
    twice = f"{address}&mid={TEXT.message_id}"
    for spoilt in (
        other,
        twice,
        f"{address}&key={key}",
        f"{URL}/receipt?key={key}",
        f"{URL}/receipt?mid={TEXT.message_id}",
        f"{URL}/receipt?mid={TEXT.message_id}&key=",
        address[:-1],
        f"{URL}/receipt?mid=&key={key}",
    ):
        assert not is_let_in(to_given_address(spoilt)), spoilt
    assert not is_let_in(to_given_address(address, webhook="inbound"))
    stranger = CREDENTIALS.model_copy(update={"webhook_password": "password-of-a-stranger"})
    assert not is_let_in(to_given_address(given_address(stranger)))


def test_a_short_password_for_webhooks_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 characters"):
        OpenMarketCredentials.model_validate(dict(DESCRIPTION.example) | {"webhook_password": "a"})


def test_credentials_of_another_provider_are_a_mistake() -> None:
    theirs = TwilioCredentials(account_sid=f"AC{0:032}", auth_token="token")
    with pytest.raises(TypeError):
        openmarket().verify(replace(recorded("mo_text.json")), theirs)
