import base64
import hmac
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import WebhookRefused, WebhookRequest
from providers.twilio.adapter import Twilio
from providers.twilio.description import TwilioCredentials
from providers.twilio.signature import SignedForm, is_signed
from tests.providers.twilio.recorded import URL, form

TWILIO = Twilio(httpx2.AsyncClient())
TOKEN = "12345"
PAGE = "https://mycompany.com/myapp.php"
ASKED = f"{PAGE}?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
REPEATED = [
    ("Sid", "CA123"),
    ("SidAccount", "AC123"),
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
]
JSON = '{"property": "value", "boolean": true}'
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
EMPTY_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
KNOWN = TwilioCredentials(
    account_sid="acctid",
    auth_token="6789",
    previous_auth_token="previous",
    signing_keys={"key1": "shared"},
)


@pytest.mark.parametrize(
    ("url", "content", "signature"),
    [
        (ASKED, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (ASKED, REPEATED, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (ASKED, CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        ("http://mycompany.com/myapp.php?foo=1&bar=2", CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (f"{ASKED}&bodySHA256={JSON_HASH}", JSON, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (f"{ASKED}&bodySHA256={EMPTY_HASH}", "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="),
        (f"{PAGE}?bodySHA256={JSON_HASH}", JSON, "y77kIzt2vzLz71DgmJGsen2scGs="),
    ],
)
def test_twilios_own_examples_are_accepted(
    url: str, content: str | list[tuple[str, str]], signature: str
) -> None:
    signed = content if isinstance(content, str) else SignedForm(content)
    assert is_signed(url, signed, signature, TOKEN)
    assert not is_signed(url, signed, signature, "another token")


def test_a_recorded_text_with_blank_parameters_is_accepted() -> None:
    TWILIO.verify(signed_text("jNaMQvL7tYzavezU4gXJcQwYy34="), KNOWN)


def test_the_previous_token_is_still_accepted_after_a_change() -> None:
    TWILIO.verify(signed_text(sign(URL, form("inbound_long_code"), "previous")), KNOWN)


@pytest.mark.parametrize("dropped", ["ToCity", "ToZip", "Body"])
def test_a_text_with_a_dropped_parameter_is_refused(dropped: str) -> None:
    request = signed_text("jNaMQvL7tYzavezU4gXJcQwYy34=")
    fewer = [(name, value) for name, value in request.form if name != dropped]
    if dropped == "Body":
        fewer.append(("Body", "Another text"))
    with pytest.raises(WebhookRefused):
        TWILIO.verify(replace(request, body=urlencode(fewer).encode()), KNOWN)


def test_a_text_for_another_account_is_refused() -> None:
    pairs = [*form("inbound_long_code"), ("AccountSid", "another")]
    with pytest.raises(WebhookRefused, match="another account"):
        TWILIO.verify(signed_text(sign(URL, pairs, "6789"), pairs), KNOWN)


def test_an_empty_secret_opens_nothing() -> None:
    careless = KNOWN.model_copy(
        update={"auth_token": "", "previous_auth_token": None, "signing_keys": {"": "", "key1": ""}}
    )
    signature = sign(URL, form("inbound_long_code"), "")
    with pytest.raises(WebhookRefused):
        TWILIO.verify(signed_text(signature), careless)
    signature = sign(URL, form("inbound_long_code"), "", "sha256")
    for key in ("", "key1"):
        with pytest.raises(WebhookRefused):
            TWILIO.verify(with_settings(signature, f"key={key},algorithm=HMAC_SHA256"), careless)


def test_a_text_signed_with_a_shared_key_is_accepted() -> None:
    signature = sign(URL, form("inbound_long_code"), "shared", "sha256")
    TWILIO.verify(with_settings(signature, "key=key1,algorithm=HMAC_SHA256"), KNOWN)
    TWILIO.verify(with_settings(signature, " key=key1 , algorithm=hmac_sha256 "), KNOWN)


@pytest.mark.parametrize(
    "settings",
    [
        "key=key2,algorithm=HMAC_SHA256",
        "algorithm=HMAC_SHA256",
        "key=key1,algorithm=HMAC_SHA512",
        "key=key1",
        "",
        "nonsense",
    ],
)
def test_a_shared_key_signature_under_other_settings_is_refused(settings: str) -> None:
    signature = sign(URL, form("inbound_long_code"), "shared", "sha256")
    with pytest.raises(WebhookRefused):
        TWILIO.verify(with_settings(signature, settings), KNOWN)


def test_a_connector_that_requires_sha256_refuses_the_old_signature() -> None:
    strict = KNOWN.model_copy(update={"requires_sha256": True})
    with pytest.raises(WebhookRefused, match="SHA-256"):
        TWILIO.verify(signed_text("jNaMQvL7tYzavezU4gXJcQwYy34="), strict)
    signature = sign(URL, form("inbound_long_code"), "shared", "sha256")
    TWILIO.verify(with_settings(signature, "key=key1,algorithm=HMAC_SHA256"), strict)


@given(text=st.text(st.characters(codec="utf-8")), data=st.data())
def test_changing_any_character_of_what_is_signed_is_refused(
    text: str, data: st.DataObject
) -> None:
    pairs = [*CALL, ("Body", text)]
    whole = [URL + "?line=1", *(part for pair in pairs for part in pair), sign_with_query(pairs)]
    place = data.draw(st.sampled_from([n for n, part in enumerate(whole) if part]))
    # the scheme's and host's case carry no meaning, and both come from our own configuration
    first = len("https://sms.example.org") if place == 0 else 0
    index = data.draw(st.integers(first, len(whole[place]) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != whole[place][index]))
    whole[place] = whole[place][:index] + other + whole[place][index + 1 :]
    url, *flat, signature = whole
    tampered = list(zip(flat[::2], flat[1::2], strict=True))
    assert not is_signed(url, SignedForm(tampered), signature, TOKEN)


def sign(url: str, pairs: Sequence[tuple[str, str]], secret: str, algorithm: str = "sha1") -> str:
    """Sign as Twilio documents it, without its library."""
    values: dict[str, set[str]] = {}
    for name, value in pairs:
        values.setdefault(name, set()).add(value)
    signed = url + "".join(
        name + value for name in sorted(values) for value in sorted(values[name])
    )
    digest = hmac.new(secret.encode(), signed.encode(), algorithm).digest()
    return base64.b64encode(digest).decode()


def sign_with_query(pairs: list[tuple[str, str]]) -> str:
    return sign(URL + "?line=1", pairs, TOKEN)


def signed_text(signature: str, pairs: list[tuple[str, str]] | None = None) -> WebhookRequest:
    headers = {"X-Twilio-Signature": signature}
    return WebhookRequest(URL, headers, urlencode(pairs or form("inbound_long_code")).encode())


def with_settings(signature: str, settings: str) -> WebhookRequest:
    request = signed_text(signature)
    headers = {**request.headers, "X-Twilio-Webhooks-Signature-Settings": settings}
    return replace(request, headers=headers)
