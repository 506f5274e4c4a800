"""Checks the texts a brand sends: Twilio's checks, in its order, with its magic numbers.

https://www.twilio.com/docs/iam/test-credentials
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import FormData

from domain.text.limits import OUTGOING, units
from providers.twilio.simulator.errors import TwilioError
from providers.twilio.simulator.forms import PROVIDER, new_sid
from simulator.carrier import Carrier
from simulator.messages import Direction, Message, MessageStatus

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
MOST_MEDIA = 10
MEDIA_FAILED = 63019
"""Twilio's code for media that it could not download."""
MAGIC_SENDER = "+15005550006"
MAGIC_SENDERS = {
    "+15005550001": (21212, "The 'From' number {} is not a valid phone number."),
    "+15005550007": (21606, "The 'From' phone number provided ({}) is not SMS-capable."),
    "+15005550008": (21611, "This 'From' number {} has exceeded the maximum number of messages."),
}
MAGIC_RECIPIENTS = {
    "+15005550001": (21211, "The 'To' number {} is not a valid phone number."),
    "+15005550002": (21612, "The 'To' phone number {} is not reachable."),
    "+15005550003": (21408, "Permission to send to the region of {} is not enabled."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient {}."),
    "+15005550009": (21614, "'To' number {} is not a valid mobile number."),
}


def draft(form: FormData, carrier: Carrier, account: str = "") -> Message:
    """Return the message that an account's form describes. Raises `TwilioError` as Twilio would."""
    recipient = _recipient(_field(form, "To"))
    service = _field(form, "MessagingServiceSid")
    if service:
        _refuse_empty_pool(service, carrier)
    # a service chooses its sender later
    sender = None if service else _sender(_field(form, "From"), carrier, account)
    if sender == recipient:
        raise TwilioError(400, 21266, f"'To' and 'From' number cannot be the same: {recipient}")
    if _field(form, "ScheduleType") and not service:
        raise TwilioError(400, 35118, "MessagingServiceSid is required to schedule a message.")
    body, media = _content(form)
    if (service or _blocked_sender(sender or "", carrier), recipient) in carrier.blocked:
        raise TwilioError(400, 21610, "Attempt to send to unsubscribed recipient")
    return Message(
        sid=new_sid("MM" if media else "SM"),
        sender=sender,
        recipient=recipient,
        body=body,
        direction=Direction.outbound_api,
        status=MessageStatus.accepted if service else MessageStatus.queued,
        provider=PROVIDER,
        media=media,
        media_error=MEDIA_FAILED,
        service_sid=service or None,
        account=account,
        status_callback=_callback(_field(form, "StatusCallback")),
    )


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _recipient(number: str) -> str:
    if not number:
        raise TwilioError(400, 21604, "A 'To' phone number is required.")
    if not E164.fullmatch(number):
        raise TwilioError(400, 21211, f"Invalid 'To' Phone Number: {number}")
    _refuse_magic(MAGIC_RECIPIENTS, number)
    return number


def _sender(number: str, carrier: Carrier, account: str) -> str:
    if not number:
        raise TwilioError(400, 21603, "A 'From' phone number is required.")
    _refuse_magic(MAGIC_SENDERS, number)
    line = carrier.lines.get(number)
    if number != MAGIC_SENDER and (line is None or line.account != account):
        text = f"'From' {number} is not a Twilio phone number or Short Code of this account."
        raise TwilioError(400, 21606, text)
    if line is not None and not line.takes_texts:
        raise TwilioError(400, 21606, f"The 'From' phone number {number} is not SMS-capable.")
    return number


def _refuse_empty_pool(service: str, carrier: Carrier) -> None:
    if not carrier.lines.in_service(service):
        raise TwilioError(400, 21703, "The Messaging Service does not contain a phone number.")


def _refuse_magic(numbers: dict[str, tuple[int, str]], number: str) -> None:
    if number in numbers:
        code, message = numbers[number]
        raise TwilioError(400, code, message.format(number))


def _blocked_sender(number: str, carrier: Carrier) -> str:
    line = carrier.lines.get(number)
    return line.blocked_sender if line else number


def _content(form: FormData) -> tuple[str, tuple[str, ...]]:
    body = _field(form, "Body")
    media = tuple(url for url in form.getlist("MediaUrl") if isinstance(url, str) and url)
    if not body and not media:
        raise TwilioError(400, 21602, "Message body is required.")
    if units(body) > OUTGOING:
        raise TwilioError(
            400, 21617, "The concatenated message body exceeds the 1600 character limit"
        )
    if len(media) > MOST_MEDIA:
        raise TwilioError(400, 21623, "Number of media files exceeds allowed limit")
    return body, media


def _callback(url: str) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or "_" in host:
        raise TwilioError(400, 21609, f"The 'StatusCallback' URL {url} is not a valid URL.")
    return url
