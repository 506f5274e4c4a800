"""Pigeon post in the kit."""

import json

from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText, TextPart
from tests.providers.kit.case import Case, Covers, Proof, RawAnswer, Reading, Told

FROM, TO = "+14155550123", "+15550100001"
FIRST, LAST = TextPart("ref", 1, 2), TextPart("ref", 2, 2)


def refusal(code: str) -> RawAnswer:
    return RawAnswer(400, json.dumps({"error": int(code)}))


def failed_report(code: str) -> bytes:
    event = {"id": "ring-1", "status": "undelivered", "error": int(code)}
    return json.dumps({"events": [event]}).encode()


CASE = Case(
    name="pigeon",
    entered={"key": "coo"},
    token="coo",
    other_entered={"key": "caw"},
    other_token="caw",
    proof=Proof(headers=("x-pigeon-signature",), covers=Covers.body),
    readings=(
        Reading(
            "texts.json",
            texts=(
                InboundText("feather-1", FROM, TO, "Hello"),
                InboundText("feather-2", FROM, TO, "a long text, ", part=FIRST),
                InboundText("feather-3", FROM, TO, "its end", part=LAST),
            ),
            reports=(Told("ring-1", MessageStatus.sent),),
            is_report=True,
        ),
        Reading(
            "reports.json",
            reports=(
                Told("ring-1", MessageStatus.delivered, part=FIRST),
                Told("ring-1", MessageStatus.undelivered, "filtered", "3", LAST),
            ),
            is_report=True,
        ),
    ),
    suspended=RawAnswer(403, '{"error": 4}'),
    refusal=refusal,
    failed_report=failed_report,
    unknown_code="99",
    opt_out_codes=frozenset({"5"}),
    api_path="/pigeons",
)
