"""One-time codes by time (RFC 6238), as every authenticator app makes them."""

import hmac
import secrets

import pyotp
from cryptography.fernet import InvalidToken

from security.secrets import Keyring, Purpose, SecretUnreadable

SECONDS = 30
DRIFT = 1
"""Periods before and after, for clocks that differ."""
RECOVERY_CODES = 10


class OneTimeSecrets:
    """Makes, encrypts and decrypts what people's codes are made from."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.one_time_codes)

    def seal(self, secret: str) -> bytes:
        return self._cipher.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str:
        """Return a stored secret. Raises `SecretUnreadable`."""
        try:
            return self._cipher.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SecretUnreadable from error


def new_one_time_secret() -> str:
    """Return a new secret in base32, as apps take it."""
    return pyotp.random_base32()


def address_for_app(secret: str, name: str, issuer: str) -> str:
    """Return the address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(secret: str, code: str, seconds: float) -> int | None:
    """Return the period whose code this is, at a time (seconds of the epoch); None: of none."""
    present = int(seconds) // SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * SECONDS).encode(), code.encode()):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return new codes of 48 random bits, easy to write down."""
    return [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
