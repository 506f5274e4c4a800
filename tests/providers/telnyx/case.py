"""Telnyx in the kit."""

import json

from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText
from providers.telnyx.simulator.keys import public_key
from tests.providers.kit.case import Case, Covers, Proof, RawAnswer, Reading, Told

CONSUMER, LINE = "+13125550123", "+17735550100"
TEXT = "84cca175-9755-4859-b67f-4730d7f58aa3"
OURS = "ac012cbf-5e09-46af-a69a-7c0e2d90993c"
PROFILE = "740572b6-099c-44a1-89b9-6c92163bc68d"
TOKEN, OTHER_TOKEN = "KEY0123456789", "KEY9876543210"


def text(file: str, words: str, **more: object) -> Reading:
    values = {"service": PROFILE} | more
    read = InboundText(TEXT, CONSUMER, LINE, words, **values)  # type: ignore[arg-type]
    return Reading(f"received_{file}.json", texts=(read,))


def report(
    file: str, status: MessageStatus, failure: str | None = None, code: str | None = None
) -> Reading:
    told = Told(OURS, status, failure, code)
    return Reading(f"{file}.json", reports=(told,), is_report=True)


def errors(code: str) -> list[dict[str, str]]:
    title = "Blocked due to STOP message" if code == "40300" else "Refused"
    return [{"code": code, "title": title, "detail": title}]


def refusal(code: str) -> RawAnswer:
    return RawAnswer(422, json.dumps({"errors": errors(code)}))


def failed_report(code: str) -> bytes:
    message = {"id": OURS, "to": [{"status": "delivery_failed"}], "errors": errors(code)}
    event = {"event_type": "message.finalized", "payload": message}
    return json.dumps({"data": event}).encode()


def keys(token: str) -> dict[str, str]:
    return {"api_key": token, "public_key": public_key(token)}


CASE = Case(
    name="telnyx",
    entered=keys(TOKEN),
    token=TOKEN,
    other_entered=keys(OTHER_TOKEN),
    other_token=OTHER_TOKEN,
    proof=Proof(
        headers=("telnyx-signature-ed25519", "telnyx-timestamp"),
        covers=Covers.body,
        tolerance=300,
    ),
    readings=(
        text("sms", "Hello from Telnyx!"),
        text(
            "mms",
            "",
            media=(
                MediaRef(url="https://media.telnyx.example/1.jpg", content_type="image/jpeg"),
                MediaRef(
                    url="https://media.telnyx.example/2", content_type="application/octet-stream"
                ),
            ),
        ),
        text("stop", "Stop", opt_out_type="STOP"),
        text("ordinary", "Stop the delivery, please"),
        text("of_group", "Hello from Telnyx!"),
        text("bare_numbers", "bare", service=None),
        text("rcs", "Hello from Telnyx!", channel="rcs"),
        text("odd_characters", "ab \ufffd c 🙂"),
        report("sent", MessageStatus.sent),
        report("sent_without_status", MessageStatus.sent),
        report("finalized_delivered", MessageStatus.delivered),
        report("finalized_failed", MessageStatus.undelivered, "not_delivered", "40008"),
        report("finalized_not_sent", MessageStatus.failed, "expired", "40014"),
        report("finalized_stop", MessageStatus.failed, "opted_out", "40300"),
        report("finalized_blocked", MessageStatus.undelivered, "refused", "40300"),
        report("finalized_expired", MessageStatus.undelivered, "expired_on_the_way"),
        report("finalized_without_reason", MessageStatus.undelivered, "refused"),
        report("finalized_unconfirmed", MessageStatus.sent),
        Reading("finalized_unheard_of.json", is_report=True),
        Reading("of_another_product.json"),
    ),
    suspended=RawAnswer(403, json.dumps({"errors": [{"code": "20013", "title": "Blocked"}]})),
    refusal=refusal,
    failed_report=failed_report,
    unknown_code="49999",
    opt_out_codes=frozenset({"40300"}),
)
