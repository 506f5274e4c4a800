"""Encrypts secrets at rest with keys from the environment; several keys may be in use.

Each purpose has its own keys, derived from the configured ones (HKDF), so that data encrypted for
one purpose does not decrypt for another.
"""

import binascii
from base64 import b64decode, urlsafe_b64encode
from enum import StrEnum
from typing import Self, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from database.erasing.suppression import setting_of
from providers.credentials import Credentials
from security.payload_cipher import PayloadCipher

C = TypeVar("C", bound=Credentials)

KEY_BYTES = 32
FEWEST_BYTES = 16
"""The fewest distinct bytes in a key. 32 random bytes have fewer as rarely as a guess succeeds."""

MARK_DIGITS = 16
"""Hexadecimal digits: enough that no two keys share them by chance."""


class Purpose(StrEnum):
    secrets = "secrets"
    """Credentials of connectors in the database."""
    payloads_siv = "payloads/aes-256-gcm-siv"
    """Payloads that Temporal stores."""
    file_links = "links/files"
    """Signatures of the links by which providers fetch pictures."""
    signing_secrets = "secrets/signing"
    """Secrets that posts to endpoints are signed with."""
    one_time_codes = "secrets/one-time-codes"
    """What people's one-time codes are made from."""
    suppression = "hashes/suppression"
    """Hashes by which numbers that opted out are recognised after they were erased."""
    push_keys = "secrets/push"
    """The private key that pushes to browsers are signed with."""
    fingerprints = "hashes/fingerprints"
    """Signatures of repeatable requests, of known browsers, and of answers to ourselves."""
    marks = "hashes/marks"
    """Marks by which processes see that they have the same keys."""


STORED = (Purpose.secrets, Purpose.signing_secrets, Purpose.one_time_codes, Purpose.push_keys)
"""Of what the database holds encrypted. The others encrypt nothing there."""


class SecretUnreadable(Exception):
    """No configured key decrypts this, because a key was removed too early."""


class Keyring:
    """The configured keys. The first one encrypts, all of them decrypt."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys

    @classmethod
    def parse(cls, setting: str) -> Self:
        """Read comma-separated `id:key` pairs. Raises `ValueError`, which never shows a key."""
        keys: dict[str, bytes] = {}
        for position, pair in enumerate(setting.split(","), start=1):
            name, _, key = pair.strip().partition(":")
            if not name or not key or name in keys:
                raise ValueError(f"encryption key {position} is not `id:key` with a unique id")
            keys[name] = _key(key, position)
        return cls(keys)

    def check_random(self) -> None:
        """Raise `ValueError` for keys typed by hand, such as zeros, which can be guessed."""
        for position, key in enumerate(self._keys.values(), start=1):
            if len(set(key)) < FEWEST_BYTES:
                raise ValueError(
                    f"encryption key {position} is not random; make one with `switchboard key`"
                )

    @property
    def current_id(self) -> str:
        """The id of the encrypting key."""
        return next(iter(self._keys))

    @property
    def marks(self) -> list[str]:
        """What tells keys apart and gives none away, of the encrypting one first.

        Two keys with one id have two marks.
        """
        of = {name: _derived(key, Purpose.marks).hex() for name, key in self._keys.items()}
        return [f"{name}/{mark[:MARK_DIGITS]}" for name, mark in of.items()]

    def cipher(self, purpose: Purpose) -> MultiFernet:
        """Return the cipher for a purpose; keep it, because deriving keys is slow."""
        keys = [_derived(key, purpose) for key in self._keys.values()]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])

    def payload_cipher(self) -> PayloadCipher:
        """Return the cipher for Temporal's payloads; keep it, because deriving keys is slow."""
        keys = {name: _derived(key, Purpose.payloads_siv) for name, key in self._keys.items()}
        return PayloadCipher(keys)

    def signing_keys(self, purpose: Purpose) -> tuple[bytes, ...]:
        """Return the keys that may have signed something for a purpose; the first one signs."""
        return tuple(_derived(key, purpose) for key in self._keys.values())

    def suppression_setting(self) -> str:
        """Return what connections to the database need to recognise numbers that were erased."""
        return setting_of(self.signing_keys(Purpose.suppression))

    def resealer(self) -> "Resealer":
        """Return what encrypts stored secrets anew with the first key; keep it, as ciphers."""
        return Resealer(
            [
                (Fernet(urlsafe_b64encode(_derived(first, purpose))), self.cipher(purpose))
                for first in list(self._keys.values())[:1]
                for purpose in STORED
            ]
        )

    def __repr__(self) -> str:
        return f"Keyring(ids={list(self._keys)})"


class Resealer:
    """Encrypts stored secrets with the first key, for whatever purpose they were encrypted."""

    def __init__(self, ciphers: list[tuple[Fernet, MultiFernet]]) -> None:
        self._ciphers = ciphers

    def reseal(self, sealed: bytes) -> bytes | None:
        """Return a secret encrypted with the first key; None when it is so already.

        Raises `SecretUnreadable`.
        """
        for first, every in self._ciphers:
            if _opens(first, sealed):
                return None
            if _opens(every, sealed):
                return first.encrypt(every.decrypt(sealed))
        raise SecretUnreadable


class SecretBox:
    """Encrypts and decrypts the credentials in `connector.secret`."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.secrets)

    def seal(self, credentials: Credentials) -> bytes:
        """Return a connector's credentials, encrypted for storage."""
        return self._cipher.encrypt(credentials.model_dump_json().encode())

    def unseal(self, sealed: bytes, model: type[C], api_url: str | None = None) -> C:
        """Decrypt stored credentials into their provider's model, with the connector's `api_url`.

        Raises `SecretUnreadable`.
        """
        try:
            written = self._cipher.decrypt(sealed)
            # A newer version may have stored a field more: both run during a deploy.
            credentials = model.model_validate_json(written, extra="ignore")
        except (InvalidToken, ValidationError) as error:
            raise SecretUnreadable from error
        return credentials.at(api_url)

    def seal_text(self, text: str) -> str:
        """Return a text, encrypted for storage."""
        return self._cipher.encrypt(text.encode()).decode()

    def unseal_text(self, sealed: str) -> str:
        """Return a stored text. Raises `SecretUnreadable`."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise SecretUnreadable from error


def _opens(cipher: Fernet | MultiFernet, sealed: bytes) -> bool:
    try:
        cipher.decrypt(sealed)
    except InvalidToken:
        return False
    return True


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
