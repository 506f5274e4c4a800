"""What is kept of exchanges tells administrators what happened, and nobody a secret or a word."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

import pytest

from database.engine import Sessions
from database.queries.inbound import LineRoute
from domain.delivery.exchanges import Exchange, ExchangeKind
from domain.delivery.message_status import MessageStatus
from ingress.visits import Visit, sample_of
from providers.contract import OutgoingMedia, SendError, WebhookRequest
from providers.credentials import secrets_of
from tests.providers.kit.case import Case, Reading
from tests.providers.kit.cases import EVERY, adapter_of
from tests.providers.kit.conftest import PHONE, Simulated
from tests.providers.kit.test_reading import EVERY_RECORDED
from tests.providers.kit.webhooks import CONSUMER, inbound, posted, recorded, signed
from tracing.trace import About, Trace

WORDS = "I live at 12 Baker Street"
SIGNATURE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
LINK = f"http://127.0.0.1:1/files/0190d3a4-8f5e-7c3a-9b1d-2e4f6a8b0c1d/1/{SIGNATURE}"
PICTURE = "https://files.example.org/pictures/ME1"


@dataclass
class Kept(Trace):
    """Keeps exchanges in memory."""

    sessions: Sessions = field(default=cast(Sessions, None), repr=False)
    exchanges: list[Exchange] = field(default_factory=list)

    def keep(self, make: Callable[[], Exchange]) -> None:
        self.exchanges.append(make())


def about() -> About:
    return About(ExchangeKind.send, "account", "connector")


def shown(exchange: Exchange) -> str:
    return f"{exchange.url} {exchange.request} {exchange.answer}"


def refuse(simulated: Simulated, exchange: Exchange) -> None:
    """Fail if a secret, a word or a phone is in what is kept."""
    secrets = [one for one in secrets_of(simulated.credentials) if len(one) > 3]
    for private in (*secrets, "Baker", PHONE.lstrip("+"), SIGNATURE):
        assert private not in shown(exchange), f"{private}: {shown(exchange)}"


@EVERY
async def test_a_send_is_kept_without_secrets_words_and_phones(simulated: Simulated) -> None:
    trace, text = Kept(), simulated.text(WORDS)
    with trace.of_calls(about(), simulated.credentials, [text.text]):
        accepted = await simulated.adapter.send(text, simulated.credentials)
    [sent] = trace.exchanges
    refuse(simulated, sent)
    assert (sent.method, sent.outcome) == ("POST", None)
    assert sent.status in range(200, 300)
    assert f"[{len(WORDS)} characters]" in sent.request
    assert "mid=ours" in sent.request, "a receipt's address is shown with our id, without its key"
    for report in await simulated.reports(MessageStatus.delivered):
        assert report.provider_message_id == accepted.provider_message_id
    for request in simulated.posted:
        received = simulated.adapter.read(request)
        Visit(route(), request, received).keep(trace)
        refuse(simulated, trace.exchanges[-1])
        assert trace.exchanges[-1].kind is ExchangeKind.report
        assert trace.exchanges[-1].provider_message_id == accepted.provider_message_id


@EVERY
async def test_the_signed_link_of_a_picture_is_kept_without_its_signature(
    simulated: Simulated,
) -> None:
    sends_media = simulated.adapter.description.capabilities.sends_media
    pictures = (OutgoingMedia(LINK, "image/png"),) if sends_media else ()
    text, trace = replace(simulated.text(WORDS), media=pictures), Kept()
    with trace.of_calls(about(), simulated.credentials, [WORDS]):
        await simulated.adapter.send(text, simulated.credentials)
    [sent] = trace.exchanges
    refuse(simulated, sent)
    hidden = "127.0.0.1:1/files/0190d3a4-8f5e-7c3a-9b1d-2e4f6a8b0c1d/1/[hidden]"
    assert (hidden in sent.request) is sends_media


@EVERY
async def test_a_refusal_is_kept_with_the_providers_code_and_a_check_without_secrets(
    simulated: Simulated,
) -> None:
    trace, code = Kept(), next(iter(simulated.case.answer_codes or simulated.case.codes))
    simulated.plan("refused", error_code=code)
    with pytest.raises(SendError), trace.of_calls(about(), simulated.credentials, [WORDS]):
        await simulated.send(WORDS)
    [sent] = trace.exchanges
    assert sent.outcome
    assert code in sent.answer
    with trace.of_calls(about(), simulated.credentials):
        await simulated.adapter.check(simulated.credentials)
    assert len(trace.exchanges) > 1
    for exchange in trace.exchanges:
        refuse(simulated, exchange)


@EVERY_RECORDED
def test_a_recorded_webhook_is_kept_with_its_ids_only(case: Case, reading: Reading) -> None:
    request, trace = recorded(case, reading), Kept()
    Visit(route(), request, adapter_of(case).read(request)).keep(trace)
    [first, *_] = trace.exchanges
    for text in reading.texts:
        for private in (text.text, *(one.url for one in text.media)):
            assert len(private) < 3 or private not in shown(first), shown(first)
        phone = text.sender.lstrip("+")
        assert len(phone) < 7 or phone not in shown(first), shown(first)
    named = [one.provider_message_id for one in reading.texts]
    named += [one.provider_message_id for one in reading.reports]
    assert [one.provider_message_id or "" for one in trace.exchanges] == (named or [""])


@EVERY
def test_what_a_consumer_texts_is_not_kept_whether_it_was_signed_or_not(case: Case) -> None:
    takes_media = adapter_of(case).description.capabilities.takes_media
    body = inbound(case, WORDS, media=(PICTURE,) if takes_media else ())
    request, trace = signed(case, posted(case, body)), Kept()
    Visit(route(), request, adapter_of(case).read(request)).keep(trace)
    for told in (shown(trace.exchanges[0]), sample_of(replace(request, headers={}))):
        for private in (WORDS, WORDS.encode().hex(), CONSUMER.lstrip("+")):
            assert private.lower() not in told.lower(), told
    assert PICTURE not in shown(trace.exchanges[0])


def route() -> LineRoute:
    line = ("account", "line", "Line", "long_code", "+15550100001", "skill")
    return LineRoute(*line, "connector", "provider", b"", None, {})


def test_the_log_in_of_a_webhook_is_not_kept() -> None:
    url = "https://user:baker@sms.example.org/webhooks/openmarket/line/receipt?mid=ours&key=baker"
    request = WebhookRequest(url, {"Authorization": "Basic baker"}, b"{}", "receipt")
    assert "baker" not in sample_of(request)
