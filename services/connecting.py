"""Connecting a provider: its secret is tried before it is kept, and its way to us is looked at."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2
from pydantic import JsonValue

from domain.endpoints.urls import UrlRefused, receiver_url
from domain.errors import DomainError, Invalid, NotFound
from domain.people.roles import Role
from domain.people.token_scopes import TokenScope
from providers.credentials import filled_in
from providers.health import Finding, HealthCheck
from security.reach import is_proof
from services.caller import Caller
from services.phone_set_up import Provisioning

REACHED = HealthCheck("reached", "The provider can reach Switchboard")
ANSWER_SECONDS = 8.0
LONGEST_ANSWER = 200
"""Characters of our own answer. Ours: whatever else answers is not read to its end."""
REACHED_PATH = "/health/reached/"

NOT_PUBLIC = (
    "The address of this Switchboard is {url}, and providers on the internet cannot reach it: "
    "{reason} Whoever runs it sets SWITCHBOARD_PUBLIC_BASE_URL to an https address that they can."
)
NOT_ANSWERED = (
    "Nothing answered at {url}, the address that the provider would call. Check the name, the "
    "certificate, the firewall and the proxy, or SWITCHBOARD_PUBLIC_BASE_URL."
)
ANOTHER = (
    "Something answered at {url}, but not this Switchboard. Check where the name leads, or "
    "SWITCHBOARD_PUBLIC_BASE_URL."
)


class SecretRefused(DomainError):
    """The provider does not take the secret: nothing was kept."""

    code = "secret_refused"
    status = 422
    sentence = "The provider does not take the secret. Nothing was saved."


@dataclass(frozen=True)
class Tried:
    """A provider's name, its secret as somebody filled it in, and another address of its API."""

    provider: str
    secret: Mapping[str, JsonValue]
    api_url: str | None = None


async def try_secret(caller: Caller, by: Provisioning, tried: Tried) -> Sequence[Finding]:
    """Ask the provider whether it takes a secret. Nothing is kept.

    Raises `NotFound` for an unknown provider, `Invalid` for a secret that is not complete, and
    `SecretRefused` with the provider's reason.
    """
    caller.require(Role.admin)
    caller.require_scope(TokenScope.connectors_write)
    provider = by.providers.get(tried.provider)
    if provider is None:
        raise NotFound
    credentials = filled_in(provider.description.credentials, tried.secret).at(tried.api_url)
    found = await provider.check(credentials)
    refused = [one.sentence for one in found if not one.is_well and one.stops_texts]
    if refused:
        raise SecretRefused(f"{refused[0]} Nothing was saved.")
    return found


async def reached(caller: Caller, by: Provisioning) -> Finding:
    """Say whether a provider on the internet can reach us: we call ourselves as it would."""
    caller.require(Role.admin)
    url = by.public_url
    try:
        receiver_url(url)
    except UrlRefused as error:
        return Finding(REACHED, False, NOT_PUBLIC.format(url=url, reason=error.detail))
    nonce = secrets.token_urlsafe(16)
    try:
        answer = await _asked(f"{url}{REACHED_PATH}{nonce}")
    except httpx2.HTTPError:
        return Finding(REACHED, False, NOT_ANSWERED.format(url=url))
    if not is_proof(by.signatures, nonce, answer):
        return Finding(REACHED, False, ANOTHER.format(url=url))
    return Finding(REACHED, True)


async def _asked(url: str) -> str:
    async with (
        httpx2.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as http,
        http.stream("GET", url) as answer,
    ):
        read = b""
        async for chunk in answer.aiter_bytes():
            read += chunk
            if len(read) > LONGEST_ANSWER:
                break
    return read.decode(errors="replace").strip()


def is_on_the_internet(api_url: str | None) -> bool:
    """Say whether a connector's provider is elsewhere than on this machine: see `api_url`."""
    host = urlsplit(api_url or "https://provider.example").hostname or ""
    return host not in ("127.0.0.1", "localhost", "::1")


def pairs(written: str) -> dict[str, str]:
    """Read names with a value each, one `name = value` a line. Raises `Invalid`."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        name, sign, value = (part.strip() for part in line.partition("="))
        if not sign or not name or not value:
            raise Invalid('Write one "name = value" a line.')
        found[name] = value
    return found
