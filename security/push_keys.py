"""The installation's keys for Web Push (VAPID, RFC 8292): made here, encrypted at rest."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from security.secrets import Keyring, Purpose, SecretUnreadable


@dataclass(frozen=True)
class NewKey:
    """A new pair: the public key as browsers take it, and the private one encrypted."""

    public: str
    private: bytes = field(repr=False)


class PushKeys:
    """Makes, encrypts and decrypts keys for Web Push."""

    def __init__(self, keyring: Keyring) -> None:
        self._cipher = keyring.cipher(Purpose.push_keys)

    def make(self) -> NewKey:
        """Return a new pair of keys on the curve P-256."""
        key = ec.generate_private_key(ec.SECP256R1())
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return NewKey(public=_text(point), private=self._cipher.encrypt(private))

    def unseal(self, sealed: bytes) -> bytes:
        """Return a stored private key, PEM. Raises `SecretUnreadable`."""
        try:
            return self._cipher.decrypt(sealed)
        except InvalidToken as error:
            raise SecretUnreadable from error


def _text(key: bytes) -> str:
    return urlsafe_b64encode(key).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return what URL-safe base64 without padding stands for. Raises `ValueError`."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
