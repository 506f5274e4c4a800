"""Consumers' texts: webhooks signed as Twilio does, prepared before the measurement starts."""

import itertools
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from bench.installation import LINE, LINE_NUMBER, MeasuredInstallation
from cli.demo import ACCOUNT_SID, AUTH_TOKEN
from providers.twilio.simulator.forms import PROVIDER, new_sid, text_form
from simulator.lines import Line, LineKind
from simulator.messages import Direction, Message, MessageStatus

WORDS = "Hello, my order has not come yet and the tracking page says nothing. Could you have a "
WORDS += "look, please? The number is 4711-0815. "

_numbers = itertools.count(2_000_000)


def new_number() -> str:
    """Return the number of a new phone."""
    return f"+1415{next(_numbers)}"


@dataclass(frozen=True)
class SignedText:
    """A webhook that is ready to be posted."""

    path: str
    body: bytes
    headers: dict[str, str]

    async def post(self, installation: MeasuredInstallation) -> None:
        """Post it to the API. Raises `Refused` when it is not accepted."""
        await installation.api.post(self.path, self.body, self.headers)


@dataclass(frozen=True)
class Texted:
    """A line that is texted; all bring the same carrier's secret."""

    id: str = LINE
    number: str = LINE_NUMBER


SUPPORT = Texted()
"""The demo brand's support line."""


def signed(
    installation: MeasuredInstallation, number: str, text: str = WORDS, to: Texted = SUPPORT
) -> SignedText:
    """Return the webhook of a text to a line."""
    path = f"/webhooks/twilio/{to.id}/inbound"
    url = f"{installation.api_url}{path}"
    line = Line(to.number, LineKind.long_code, url, AUTH_TOKEN, PROVIDER)
    message = Message(
        sid=new_sid("SM"),
        sender=number,
        recipient=to.number,
        body=text,
        direction=Direction.inbound,
        status=MessageStatus.received,
        provider=PROVIDER,
    )
    form = text_form(message, line, ACCOUNT_SID)
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, dict(form))
    headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE_HEADER: signature}
    return SignedText(path, urlencode(form).encode(), headers)
