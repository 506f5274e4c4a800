"""The secrets that sign requests to bots: made at random, stored encrypted, shown once."""

import json
import secrets
from base64 import b64encode
from collections.abc import Sequence

from cryptography.fernet import InvalidToken

from security.secrets import Keyring, Purpose, SecretUnreadable

PREFIX = "whsec_"
"""By Standard Webhooks, whose libraries expect it."""
RANDOM_BYTES = 32


def new_signing_secret() -> str:
    """Return a random secret as Standard Webhooks writes it."""
    return PREFIX + b64encode(secrets.token_bytes(RANDOM_BYTES)).decode()


class BotSecrets:
    """Encrypts and decrypts the secrets in `bot.secrets`, the newest first."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.bots)

    def seal(self, held: Sequence[str]) -> bytes:
        """Return a bot's secrets, encrypted for storage."""
        return self._cipher.encrypt(json.dumps(list(held)).encode())

    def unseal(self, sealed: bytes) -> list[str]:
        """Return a bot's secrets. Raises `SecretUnreadable`."""
        try:
            return [str(one) for one in json.loads(self._cipher.decrypt(sealed))]
        except InvalidToken as error:
            raise SecretUnreadable from error
