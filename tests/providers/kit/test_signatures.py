"""Nothing is read before the provider has proved that it sent exactly this, to this account."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from providers.contract import WebhookRefused, WebhookRequest, WebhookUnreadable
from tests.providers.kit.case import Case, Covers
from tests.providers.kit.cases import EVERY, adapter_of, credentials_of, of, other_credentials_of
from tests.providers.kit.webhooks import WORDS, inbound, posted, signed

SIGNED = of(lambda case: case.proof.covers is not Covers.nothing)
WHOLE = of(lambda case: case.proof.covers is Covers.body)
TIMED = of(lambda case: case.proof.tolerance is not None)
PLACES = st.integers(0, 10_000)
"""Of a byte, counted on from the beginning where there are fewer: lengths may differ."""


@EVERY
def test_what_the_provider_signed_is_accepted(case: Case) -> None:
    request = signed(case, posted(case, inbound(case)))
    adapter_of(case).verify(request, credentials_of(case))
    for change in (str.lower, str.upper):
        headers = {change(name): value for name, value in request.headers.items()}
        adapter_of(case).verify(replace(request, headers=headers), credentials_of(case))


@EVERY
def test_an_unsigned_webhook_is_refused(case: Case) -> None:
    assert is_refused(case, posted(case, inbound(case)))
    assert is_refused(case, posted(case, b""))


@EVERY
def test_a_webhook_without_any_of_its_proofs_is_refused(case: Case) -> None:
    request = signed(case, posted(case, inbound(case)))
    for proof in case.proof.headers:
        others = {name: one for name, one in request.headers.items() if name.lower() != proof}
        assert len(others) < len(request.headers), "the header is sent"
        assert is_refused(case, replace(request, headers=others))
        assert is_refused(case, replace(request, headers={**others, proof: ""}))


@EVERY
def test_a_right_signature_of_another_account_is_refused(case: Case) -> None:
    others = signed(case, posted(case, inbound(case)), case.other_token)
    assert is_refused(case, others)
    ours = signed(case, posted(case, inbound(case)))
    with pytest.raises(WebhookRefused):
        adapter_of(case).verify(ours, other_credentials_of(case))


@SIGNED
def test_a_text_that_was_changed_on_the_way_is_refused(case: Case) -> None:
    request = signed(case, posted(case, inbound(case)))
    for word in WORDS.encode().split():
        start = request.body.index(word)
        for place in range(start, start + len(word)):
            changed = bytearray(request.body)
            changed[place] ^= 1
            assert is_refused(case, replace(request, body=bytes(changed)))
    for body in (request.body[:-1], request.body[1:], b"", request.body + b"0"):
        assert is_refused(case, replace(request, body=body))


@WHOLE
@given(place=PLACES, flipped=st.integers(1, 255))
def test_a_webhook_of_which_any_byte_was_changed_is_refused(
    case: Case, place: int, flipped: int
) -> None:
    request = signed(case, posted(case, inbound(case)))
    body = bytearray(request.body)
    body[place % len(body)] ^= flipped
    assert is_refused(case, replace(request, body=bytes(body)))


@EVERY
@given(place=PLACES)
def test_a_proof_that_was_changed_is_refused(case: Case, place: int) -> None:
    request = signed(case, posted(case, inbound(case)))
    for proof in case.proof.headers:
        name = next(one for one in request.headers if one.lower() == proof)
        value = request.headers[name]
        # the last character of base64 also holds bits that are not read
        index = place % (len(value.rstrip("=")) - 1)
        other = "1" if value[index] == "0" else "0"
        changed = value[:index] + other + value[index + 1 :]
        assert is_refused(case, replace(request, headers={**request.headers, name: changed}))


@EVERY
@given(values=st.lists(st.text(max_size=100), min_size=3, max_size=3))
def test_nonsense_in_place_of_a_proof_is_refused_and_never_an_error(
    case: Case, values: list[str]
) -> None:
    headers = dict(zip(case.proof.headers, values, strict=False))
    assert is_refused(case, replace(posted(case, inbound(case)), headers=headers))


@TIMED
@pytest.mark.parametrize(
    ("shift", "is_current"),
    [(-1.0, False), (-0.9, True), (0.9, True), (1.0, False), (1e6, False), (-1e6, False)],
)
def test_a_webhook_is_accepted_about_the_time_it_was_signed(
    case: Case, shift: float, is_current: bool
) -> None:
    """`shift`: of the provider's clock, in tolerances, and then a little."""
    seconds = shift * (case.proof.tolerance or 0) + (0 if is_current else 2 * shift / abs(shift))
    with time_machine.travel(time.time() + seconds):
        request = signed(case, posted(case, inbound(case)))
    arrived = replace(request, arrived_at=datetime.now(UTC))
    assert is_refused(case, arrived) is not is_current


@TIMED
@given(stamp=st.from_regex(r"[-+]?[0-9]{1,30}(\.[0-9]+)?|[²٣inf ]+", fullmatch=True))
def test_an_odd_time_is_refused_and_never_an_error(case: Case, stamp: str) -> None:
    request = signed(case, posted(case, inbound(case)))
    for proof in case.proof.headers:
        assert is_refused(case, replace(request, headers={**request.headers, proof: stamp}))


def is_refused(case: Case, request: WebhookRequest) -> bool:
    """Say whether an adapter refuses a request; any other error fails the test."""
    try:
        adapter_of(case).verify(request, credentials_of(case))
    except (WebhookRefused, WebhookUnreadable):
        return True
    return False
