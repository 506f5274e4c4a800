"""A client of identity providers by OpenID Connect: where to send people, and who came back.

https://openid.net/specs/openid-connect-core-1_0.html. It reaches public addresses only, and those
of private networks that the installation allows.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import httpcore2
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from domain.endpoints.urls import PUBLIC_PORTS, UrlRefused, receiver_url
from media.addresses import AddressRefused, Network, PublicOnly

SECONDS = 10.0
LARGEST = 512 * 1024
"""Bytes of an answer. Ours: the keys of large providers have some kilobytes."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures with public keys only: a provider's secret is no key."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
SCOPE = "openid email profile"


class OpenIdFailed(Exception):
    """The provider did not answer as it should, or its answer proves nothing. `why`: for logs."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Client:
    """Our registration at a provider."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str = ""


@dataclass(frozen=True)
class Begun:
    """A log-in that has begun: kept in the browser, encrypted, until it comes back."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


class OpenId:
    """Asks providers. Enter it before use; it closes its connections."""

    def __init__(self, own_networks: Collection[Network] = ()) -> None:
        self._has_own = bool(own_networks)
        self._pools = {
            "https": _pool(PublicOnly(own_networks, PUBLIC_PORTS)),
            "http": _pool(PublicOnly(own_networks, ())),
        }

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    async def begin(self, client: Client) -> tuple[str, Begun]:
        """Return where a person is sent, and what is kept meanwhile. Raises `OpenIdFailed`."""
        found = await self._discover(client.issuer)
        begun = Begun(generate_token(32), generate_token(32), generate_token(64))
        address = prepare_grant_uri(
            _text(found, "authorization_endpoint"),
            client_id=client.client_id,
            response_type="code",
            redirect_uri=client.redirect_uri,
            scope=SCOPE,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return str(address), begun

    async def finish(
        self, client: Client, begun: Begun, code: str, now: datetime
    ) -> Mapping[str, Any]:
        """Return what the provider says of a person who came back with a code.

        Raises `OpenIdFailed` unless it signed that for us, for this log-in, lately.
        """
        found = await self._discover(client.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": begun.verifier,
        }
        pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
        headers = {
            "Authorization": f"Basic {b64encode(pair.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        address = _text(found, "token_endpoint")
        tokens = await self._ask("POST", address, headers, urlencode(form).encode())
        keys = await self._ask("GET", _text(found, "jwks_uri"))
        # Its own writing of its name counts: it may end with a slash, and ours may not.
        client = replace(client, issuer=_text(found, "issuer"))
        return proven(_text(tokens, "id_token"), keys, client, begun, now)

    async def _discover(self, issuer: str) -> Mapping[str, Any]:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = await self._ask("GET", address)
        if _text(found, "issuer").rstrip("/") != issuer.rstrip("/"):
            raise OpenIdFailed("another issuer")
        return found

    async def _ask(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Mapping[str, Any]:
        try:
            url = receiver_url(address, has_own_networks=self._has_own)
            request = httpcore2.Request(
                method,
                str(url),
                headers=[*_headers(url.authority, body), *(headers or {}).items()],
                content=body,
                extensions={"timeout": dict.fromkeys(("connect", "read", "write"), SECONDS)},
            )
            # A bound of the whole: one that answers a byte at a time would hold up all accounts.
            async with asyncio.timeout(SECONDS):
                response = await self._pools[url.scheme].handle_async_request(request)
                try:
                    answer = await _body(response)
                finally:
                    await response.aclose()
            found = json.loads(answer)
        except (AddressRefused, UrlRefused) as error:
            raise OpenIdFailed("address refused") from error
        except (TimeoutError, httpcore2.TimeoutException, httpcore2.NetworkError) as error:
            raise OpenIdFailed("no answer") from error
        except (httpcore2.ProtocolError, OSError, ValueError, RecursionError) as error:
            raise OpenIdFailed("not understood") from error
        if response.status != 200 or not isinstance(found, dict):
            raise OpenIdFailed(f"HTTP {response.status}")
        return found


def proven(
    token: str, keys: Mapping[str, Any], client: Client, begun: Begun, now: datetime
) -> Mapping[str, Any]:
    """Return the claims of a token. Raises `OpenIdFailed` unless all of it is right."""
    try:
        known = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
        read = jwt.decode(token, known, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            nonce={"essential": True, "value": begun.nonce},
            exp={"essential": True},
            sub={"essential": True},
        ).validate(read.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OpenIdFailed(f"token refused: {type(error).__name__}") from error
    party = read.claims.get("azp")
    if party is not None and party != client.client_id:
        raise OpenIdFailed("token of another party")
    if not all(_is_text(str(read.claims.get(one))) for one in ("sub", "email", "name")):
        raise OpenIdFailed("no text")
    return read.claims


def _is_text(written: str) -> bool:
    """Say whether the database takes it: JSON can say more."""
    return "\0" not in written and not any("\ud800" <= one <= "\udfff" for one in written)


def _headers(host: str, body: bytes) -> list[tuple[bytes | str, bytes | str]]:
    length: list[tuple[bytes | str, bytes | str]] = [("Content-Length", str(len(body)))]
    return [("Accept", "application/json"), ("Host", host), *(length if body else [])]


def _pool(network: PublicOnly) -> httpcore2.AsyncConnectionPool:
    return httpcore2.AsyncConnectionPool(network_backend=network, max_connections=10)


async def _body(response: httpcore2.Response) -> bytes:
    read = b""
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) > LARGEST:
            raise ValueError("too large")
    return read


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise OpenIdFailed(f"no {name}")
    return value
