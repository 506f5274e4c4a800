"""Consumers' texts in the wire form of each provider, signed as it signs them."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

from pydantic import SecretStr

from bench.installation import LINE, LINE_NUMBER, MeasuredInstallation
from bench.texting import WORDS
from cli.demo import ACCOUNT_SID, AUTH_TOKEN
from providers.contract import WebhookRequest
from providers.telnyx.simulator.keys import public_key
from simulator.lines import Line, kind_of
from simulator.messages import Direction, Message, MessageStatus
from simulator.network import Network, networks, text_bodies
from simulator.settings import SimulatorSettings

LONG = WORDS * 3
"""Three parts."""
OPENMARKET = {
    "account_id": ACCOUNT_SID,
    "password": AUTH_TOKEN,
    "webhook_user": ACCOUNT_SID,
    "webhook_password": AUTH_TOKEN,
}
TELNYX = {"api_key": AUTH_TOKEN, "public_key": public_key(AUTH_TOKEN)}

_numbers = itertools.count(15_550_100_300)


@dataclass(frozen=True)
class Webhook:
    """A webhook that is ready to be posted."""

    url: str
    body: bytes
    headers: dict[str, str]

    @property
    def request(self) -> WebhookRequest:
        """The webhook as an adapter gets it."""
        path = self.url.rpartition("/")[2]
        headers = {name.lower(): value for name, value in self.headers.items()}
        return WebhookRequest(self.url, headers, self.body, path)

    async def post(self, installation: MeasuredInstallation) -> None:
        """Post it to the API. Raises `RequestRefused` when it is not accepted."""
        await installation.api.post(urlsplit(self.url).path, self.body, self.headers)


@dataclass(frozen=True)
class Form:
    """A line, and how its provider writes the texts to it."""

    name: str
    line_id: str
    line: Line
    network: Network

    def webhooks(
        self, sender: str, words: str = WORDS, media: Sequence[str] = ()
    ) -> Sequence[Webhook]:
        """Return the webhooks of a text, one for each part that the provider posts."""
        message = Message(
            sid=self.network.new_id(has_media=bool(media)),
            sender=sender,
            recipient=self.line.number,
            body=words,
            direction=Direction.inbound,
            status=MessageStatus.received,
            provider=self.line.provider,
            media=tuple(media),
        )
        url = urldefrag(self.line.webhook_url)[0]
        bodies = text_bodies(self.network, message, self.line)
        return [
            Webhook(url, body, dict(self.network.headers(url, body, AUTH_TOKEN))) for body in bodies
        ]


async def connected(installation: MeasuredInstallation) -> dict[str, Form]:
    """Return a form for each way a provider writes texts, with a line each; parts are joined."""
    settings = SimulatorSettings(account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN))
    known = networks(settings)
    url = f"{installation.api_url}/webhooks/twilio/{LINE}/inbound"
    twilio = Line(LINE_NUMBER, kind_of(LINE_NUMBER), url, AUTH_TOKEN, "twilio")
    forms = {"twilio": Form("twilio", LINE, twilio, known["twilio"])}
    openmarket = await _connector(installation, "openmarket", OPENMARKET, segments="joined")
    telnyx = await _connector(installation, "telnyx", TELNYX)
    for name, provider, connector, options in (
        ("openmarket_json", "openmarket", openmarket, "#format=json"),
        ("openmarket_xml", "openmarket", openmarket, "#format=xml"),
        ("telnyx", "telnyx", telnyx, ""),
    ):
        number = f"+{next(_numbers)}"
        line_id, url = await _line(installation, name, number, connector)
        line = Line(number, kind_of(number), url + options, AUTH_TOKEN, provider)
        forms[name] = Form(name, line_id, line, known[provider])
    return forms


async def _connector(
    installation: MeasuredInstallation, provider: str, secret: dict[str, str], **more: str
) -> str:
    new: dict[str, object] = {"name": f"Bench {provider}", "provider": provider, "secret": secret}
    return str((await _posted(installation, "connectors", new | more))["id"])


async def _line(
    installation: MeasuredInstallation, name: str, number: str, connector: str
) -> tuple[str, str]:
    skill = {"entry_skill": "acme-support", "connector": connector}
    line = await _posted(
        installation, "lines", {"name": f"Bench {name}", "address": number} | skill
    )
    return str(line["id"]), str(line["inbound_webhook"])


async def _posted(
    installation: MeasuredInstallation, path: str, new: Mapping[str, object]
) -> dict[str, object]:
    answer = await installation.http.post(
        f"{installation.api_url}/v1/{path}", json=new, headers=await installation.log_in("ada")
    )
    made: dict[str, object] = answer.raise_for_status().json()
    return made
