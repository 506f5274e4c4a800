"""Twilio in the kit."""

import json
from urllib.parse import urlencode

from domain.conversation.effects import MediaRef
from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText
from tests.providers.kit.case import ACCOUNT, Case, Covers, Proof, RawAnswer, Reading, Told

CONSUMER, LINE = "+14133881111", "+12028831111"
TEXT = "SMe287d7109a5a925f182f0e07fe5b223b"
OURS = "SM0b6e2697aae04182a9f5b5c7a8994c7f"
PICTURE = "MM0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SERVICE = "MGdb23ec0f89ee2632e46e91d8128f5e2b"
MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/acctid/Messages/{PICTURE}/Media"


def text(file: str, words: str, **more: object) -> Reading:
    ids = {"provider_message_id": TEXT, "sender": CONSUMER, "recipient": LINE} | more
    return Reading(f"inbound_{file}.txt", texts=(InboundText(text=words, **ids),))  # type: ignore[arg-type]


def picture(url: str, kind: str) -> MediaRef:
    return MediaRef(url=url, content_type=kind)


def report(file: str, *told: Told) -> Reading:
    return Reading(f"status_{file}.txt", reports=told, is_report=True)


def refusal(code: str) -> RawAnswer:
    return RawAnswer(400, json.dumps({"code": int(code), "message": "Refused", "status": 400}))


def failed_report(code: str) -> bytes:
    form = {"MessageSid": OURS, "MessageStatus": "undelivered", "ErrorCode": code}
    return urlencode(form).encode()


CASE = Case(
    name="twilio",
    entered={"account_sid": ACCOUNT, "auth_token": "the token"},
    token="the token",
    other_entered={"account_sid": "AC" + "2" * 32, "auth_token": "another"},
    other_token="another",
    proof=Proof(headers=("x-twilio-signature",), covers=Covers.content),
    readings=(
        text("long_code", "Msg"),
        text(
            "short_code_of_service",
            "John Cruz",
            provider_message_id="SMbbf29aeb9d380ce2a1c0ae4635ff9dab",
            recipient="384387",
            service=SERVICE,
        ),
        text(
            "pictures_without_body",
            "",
            provider_message_id=PICTURE,
            media=(picture(f"{MEDIA}/ME1", "image/jpeg"), picture(f"{MEDIA}/ME2", "image/png")),
        ),
        text(
            "picture_of_unknown_type",
            "look",
            provider_message_id=PICTURE,
            media=(picture("https://api.twilio.com/media/ME1", "application/octet-stream"),),
        ),
        text("nul_bytes", "ab"),
        text("emoji_and_spaces", " café 🙂\nline two "),
        text("stop_handled_by_twilio", "Stop", opt_out_type="STOP", service=SERVICE),
        text("unknown_and_duplicated", "first"),
        text("legacy_sid_only", "old"),
        report("sent", Told(OURS, MessageStatus.sent)),
        report("delivered", Told(OURS, MessageStatus.delivered)),
        report(
            "undelivered_handset_off",
            Told(OURS, MessageStatus.undelivered, "unreachable", "30003"),
        ),
        report("opted_out", Told(TEXT, MessageStatus.failed, "opted_out", "21610")),
        report("failed_without_code", Told(OURS, MessageStatus.failed, "refused")),
        report("unknown_word"),
    ),
    suspended=RawAnswer(403, '{"code": 20005, "message": "Account not active", "status": 403}'),
    refusal=refusal,
    failed_report=failed_report,
    unknown_code="39999",
    opt_out_codes=frozenset({"21610"}),
)
