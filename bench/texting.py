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

PATH = f"/webhooks/twilio/{LINE}/inbound"
WORDS = "Hello, my order has not come yet and the tracking page says nothing. Could you have a "
WORDS += "look, please? The number is 4711-0815. "

_numbers = itertools.count(2_000_000)


def new_number() -> str:
    """Return the number of a new phone."""
    return f"+1415{next(_numbers)}"


@dataclass(frozen=True)
class SignedText:
    """A webhook that is ready to be posted."""

    body: bytes
    headers: dict[str, str]

    async def post(self, installation: MeasuredInstallation) -> None:
        """Post it to the API. Raises `Refused` when it is not accepted."""
        await installation.api.post(PATH, self.body, self.headers)


def signed(installation: MeasuredInstallation, number: str, text: str = WORDS) -> SignedText:
    """Return the webhook of a text to the demo brand's support line."""
    url = f"{installation.api_url}{PATH}"
    line = Line(LINE_NUMBER, LineKind.long_code, url, AUTH_TOKEN, PROVIDER)
    message = Message(
        sid=new_sid("SM"),
        sender=number,
        recipient=LINE_NUMBER,
        body=text,
        direction=Direction.inbound,
        status=MessageStatus.received,
        provider=PROVIDER,
    )
    form = text_form(message, line, ACCOUNT_SID)
    signature = RequestValidator(AUTH_TOKEN).compute_signature(url, dict(form))
    headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE_HEADER: signature}
    return SignedText(urlencode(form).encode(), headers)
