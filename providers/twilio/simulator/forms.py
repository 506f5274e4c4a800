"""Builds the forms Twilio posts: a consumer's text and a delivery callback, with blank fields."""

from uuid import uuid4

from simulator.lines import Line
from simulator.messages import Message, MessageStatus
from simulator.pictures import announced_type

PROVIDER = "twilio"
API_VERSION = "2010-04-01"
PICTURE_TYPE = "image/jpeg"


def new_sid(prefix: str) -> str:
    """Return a fresh id: two letters and 32 hexadecimal digits."""
    return prefix + uuid4().hex


def text_form(message: Message, line: Line, account_sid: str) -> list[tuple[str, str]]:
    """Return the form of a consumer's text. Its locations are only guesses, as at Twilio."""
    sender = message.sender or ""
    service = [("MessagingServiceSid", message.service_sid)] if message.service_sid else []
    return [
        ("ToCountry", _country(line.number)),
        ("ToState", ""),
        ("SmsMessageSid", message.sid),
        ("NumMedia", str(len(message.media))),
        ("ToCity", ""),
        ("FromZip", ""),
        ("SmsSid", message.sid),
        ("FromState", ""),
        ("SmsStatus", message.status),
        ("FromCity", ""),
        ("Body", message.body),
        ("FromCountry", _country(sender)),
        ("To", line.number),
        *service,
        ("ToZip", ""),
        ("NumSegments", str(message.segments)),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", sender),
        ("ApiVersion", API_VERSION),
        *_media(message),
    ]


def status_form(message: Message, account_sid: str) -> list[tuple[str, str]]:
    """Return the form of a delivery callback."""
    is_final = message.status in (MessageStatus.delivered, MessageStatus.undelivered)
    done_at = message.updated_at.strftime("%y%m%d%H%M")
    return [
        *([("ErrorCode", str(message.error_code))] if message.error_code else []),
        ("SmsSid", message.sid),
        ("SmsStatus", message.status),
        ("MessageStatus", message.status),
        ("To", message.recipient),
        *([("MessagingServiceSid", message.service_sid)] if message.service_sid else []),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", message.sender or ""),
        ("ApiVersion", API_VERSION),
        *([("RawDlrDoneDate", done_at)] if is_final else []),
    ]


def _media(message: Message) -> list[tuple[str, str]]:
    return [
        pair
        for number, url in enumerate(message.media)
        for pair in (
            (f"MediaContentType{number}", announced_type(url, PICTURE_TYPE)),
            (f"MediaUrl{number}", url),
        )
    ]


def _country(number: str) -> str:
    return "" if number.startswith("+") and not number.startswith("+1") else "US"
