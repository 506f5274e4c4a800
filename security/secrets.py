"""Secrets at rest: encrypted by keys from the environment, of which any number may be in use.

Each purpose has keys of its own, derived from the configured ones (HKDF), so that what was
encrypted for one purpose says nothing in another.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import Self, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from providers.credentials import Credentials
from security.payload_cipher import PayloadCipher

C = TypeVar("C", bound=Credentials)

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


class SecretBox:
    """Encrypts and decrypts what stands in `connector.secret`."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.secrets)

    def seal(self, credentials: Credentials) -> bytes:
        """Return a connector's credentials as they are stored."""
        return self._cipher.encrypt(credentials.model_dump_json().encode())

    def unseal(self, sealed: bytes, model: type[C], api_url: str | None = None) -> C:
        """Read stored credentials as their provider's model, for the connector's `api_url`.

        Raises `SecretUnreadable`.
        """
        try:
            written = self._cipher.decrypt(sealed)
            # A newer version may have stored a field more: both run during a deploy.
            credentials = model.model_validate_json(written, extra="ignore")
        except (InvalidToken, ValidationError) as error:
            raise SecretUnreadable from error
        return credentials.at(api_url)


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
