"""Secrets at rest: encrypted by keys from the environment, of which any number may be in use.

Each purpose has keys of its own, derived from the configured ones (HKDF), so that what was
encrypted for one purpose says nothing in another.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from providers.contract import Credentials
from security.payload_cipher import PayloadCipher

KEY_BYTES = 32
FEWEST_BYTES = 16
"""Different ones in a key: of 32 random bytes fewer are as likely as guessing the key."""


class Purpose(StrEnum):
    secrets = "secrets"
    """Connectors' secrets in the database."""
    payloads_siv = "payloads/aes-256-gcm-siv"
    """What Temporal keeps of conversations."""


class SecretUnreadable(Exception):
    """None of the configured keys decrypts this: a key was taken away too early."""


class Keyring:
    """The configured keys: the first encrypts, all decrypt."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys

    @classmethod
    def parse(cls, setting: str) -> Self:
        """Read comma-separated `id:key` pairs. Raises `ValueError`, which never shows a key."""
        keys: dict[str, bytes] = {}
        for position, pair in enumerate(setting.split(","), start=1):
            name, _, key = pair.strip().partition(":")
            if not name or not key or name in keys:
                raise ValueError(f"encryption key {position} is no `id:key` with its own id")
            keys[name] = _key(key, position)
        return cls(keys)

    def check_random(self) -> None:
        """Raise `ValueError` for keys that somebody typed, such as zeros: anybody may try those."""
        for position, key in enumerate(self._keys.values(), start=1):
            if len(set(key)) < FEWEST_BYTES:
                raise ValueError(
                    f"encryption key {position} was not made at random: make one with "
                    "`switchboard key`"
                )

    @property
    def current_id(self) -> str:
        """The id of the key that encrypts."""
        return next(iter(self._keys))

    def cipher(self, purpose: Purpose) -> MultiFernet:
        """Return what encrypts and decrypts for a purpose; keep it, deriving takes a moment."""
        keys = [_derived(key, purpose) for key in self._keys.values()]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])

    def payload_cipher(self) -> PayloadCipher:
        """Return what encrypts and decrypts Temporal's payloads; keep it."""
        keys = {name: _derived(key, Purpose.payloads_siv) for name, key in self._keys.items()}
        return PayloadCipher(keys)

    def __repr__(self) -> str:
        return f"Keyring(ids={list(self._keys)})"


class ConnectorSecret(BaseModel):
    """What proves us to a provider, and the provider to us. Kept encrypted as JSON.

    `signing_keys` are Twilio's shared keys by id, `api_key_sid` and `api_key` an API key that is
    used for its REST API instead of the auth token.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    account_sid: str
    auth_token: str = Field(repr=False)
    previous_auth_token: str | None = Field(default=None, repr=False)
    signing_keys: dict[str, str] = Field(default={}, repr=False)
    requires_sha256: bool = False
    api_key_sid: str | None = None
    api_key: str | None = Field(default=None, repr=False)

    def credentials(self, api_url: str | None) -> Credentials:
        """Return what an adapter takes; `api_url` is the connector's."""
        has_api_key = self.api_key_sid is not None and self.api_key is not None
        return Credentials(
            account=self.account_sid,
            secrets=tuple(filter(None, (self.auth_token, self.previous_auth_token))),
            signing_keys=self.signing_keys,
            requires_sha256=self.requires_sha256,
            api_key=(self.api_key_sid or "", self.api_key or "") if has_api_key else None,
            api_url=api_url,
        )


class SecretBox:
    """Encrypts and decrypts what stands in `connector.secret`."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.secrets)

    def seal(self, secret: ConnectorSecret) -> bytes:
        """Return a connector's secret as it is stored."""
        return self._cipher.encrypt(secret.model_dump_json().encode())

    def unseal(self, sealed: bytes) -> ConnectorSecret:
        """Read a stored secret. Raises `SecretUnreadable`."""
        try:
            return ConnectorSecret.model_validate_json(self._cipher.decrypt(sealed))
        except (InvalidToken, ValidationError) as error:
            raise SecretUnreadable from error


def _key(text: str, position: int) -> bytes:
    try:
        key = b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"encryption key {position} is not URL-safe base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"encryption key {position} has {len(key)} bytes instead of {KEY_BYTES}")
    return key


def _derived(key: bytes, purpose: Purpose) -> bytes:
    info = f"switchboard/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)
