"""OpenMarket in the kit."""

import json

from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText, TextPart
from tests.providers.kit.case import ACCOUNT, Case, Covers, Proof, RawAnswer, Reading, Told

TICKET = "0112C-0402H-14019-14Y7K"
TOKEN, OTHER_TOKEN = "password-of-webhooks", "password-of-a-stranger"
ADA, BEN, CAT = "+12515550145", "+12125550123", "+12065551212"
LINE, SHORT_CODE = "+15550100001", "222111"
LAST = TextPart("08", 2, 2)


def text(
    file: str, last: str, sender: str, recipient: str, words: str, part: TextPart | None = None
) -> Reading:
    """Return what is in a recorded text. `last`: the end of its ticket."""
    ticket = last if len(last) > 1 else f"8514F-01278-17445-23FS{last}"
    if part:
        ticket += f"/{part.reference}/{part.number}"
    return Reading(f"mo_{file}", texts=(InboundText(ticket, sender, recipient, words, part=part),))


def report(
    file: str,
    status: MessageStatus,
    code: str,
    failure: str | None = None,
    part: TextPart | None = None,
) -> Reading:
    told = Told(TICKET, status, failure, code, part)
    return Reading(f"receipt_{file}", reports=(told,), is_report=True)


def part(number: int, total: int) -> TextPart:
    return TextPart(TICKET, number, total)


def refusal(code: str) -> RawAnswer:
    return RawAnswer(400, json.dumps({"error": {"code": code, "description": "Refused"}}))


def failed_report(code: str) -> bytes:
    return json.dumps({"deliveryReceipt": {"ticketId": TICKET, "code": code}}).encode()


def entered(account: str, token: str) -> dict[str, str]:
    """Return the form. The simulator knows an account by one password for everything."""
    webhooks = {"webhook_user": account, "webhook_password": token}
    return {"account_id": account, "password": token} | webhooks


DELIVERED, UNDELIVERED = MessageStatus.delivered, MessageStatus.undelivered
CASE = Case(
    name="openmarket",
    entered=entered(ACCOUNT, TOKEN),
    token=TOKEN,
    other_entered=entered("AC" + "2" * 32, OTHER_TOKEN),
    other_token=OTHER_TOKEN,
    proof=Proof(headers=("authorization",), covers=Covers.nothing),
    readings=(
        text("text.json", "K", ADA, SHORT_CODE, "Hello 🙂 & <you>"),
        text("text.xml", "J", BEN, SHORT_CODE, "Hello"),
        text("text_other_namespace.xml", "Q", BEN, LINE, "  Café & <b> 🙂 "),
        text("hexadecimal_with_line_break.json", "M", ADA, LINE, "One\r\ntwo€"),
        text("utf16.json", "N", ADA, LINE, "Привет 🙂"),
        text("binary.json", "P", ADA, LINE, "[A binary message of 4 bytes]"),
        text("part_8_bit.json", "J", ADA, SHORT_CODE, " thinking about it.", LAST),
        text(
            "part_16_bit_behind_ports.json",
            *("L", "+447700900765", "+447700900750", "Hello, "),
            TextPart("0a0b", 1, 3),
        ),
        text("part.xml", "R", BEN, SHORT_CODE, "A story ", TextPart("7f01", 1, 2)),
        text("version_3.txt", "01153-0121G-1524H-176NA", CAT, "12345", "Hello World"),
        text("version_3_part.txt", "01153-0121G-1524H-176NB", CAT, "12345", "one", LAST),
        report("delivered.json", DELIVERED, "4"),
        report("sent_only.json", DELIVERED, "0"),
        report("flat_with_note.json", DELIVERED, "4"),
        report("of_unknown_code.json", UNDELIVERED, "7777", "refused"),
        report("part_2_of_3.json", DELIVERED, "4", part=part(2, 3)),
        report("part_not_delivered.json", UNDELIVERED, "508", "unreachable", part(3, 3)),
        report("delivered.xml", DELIVERED, "4", part=part(1, 2)),
        report("version_3.xml", DELIVERED, "4"),
        report("version_3_part.xml", UNDELIVERED, "811", "expired_on_the_way", part(2, 0)),
    ),
    suspended=RawAnswer(403, json.dumps({"error": {"code": "432", "description": "Blocked"}})),
    refusal=refusal,
    failed_report=failed_report,
    unknown_code="9999",
    opt_out_codes=frozenset(),
)
