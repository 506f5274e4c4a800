"""Secrets that posts to customers' programs are signed with: made here, encrypted at rest."""

import secrets
from base64 import b64encode

from cryptography.fernet import InvalidToken

from security.secrets import Keyring, Purpose, SecretUnreadable

PREFIX = "whsec_"
SECRET_BYTES = 32
"""Of 24 to 64 that are allowed.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""


def new_signing_secret() -> str:
    """Return a secret in the form that the libraries of Standard Webhooks take."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


class SigningSecrets:
    """Encrypts and decrypts the secrets of endpoints."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.signing_secrets)

    def seal(self, secret: str) -> bytes:
        """Return a secret, encrypted for storage."""
        return self._cipher.encrypt(secret.encode())

    def unseal(self, sealed: bytes) -> str:
        """Return a stored secret. Raises `SecretUnreadable`."""
        try:
            return self._cipher.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SecretUnreadable from error
