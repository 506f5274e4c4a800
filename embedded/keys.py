"""Encryption keys for data at rest."""

import base64
import secrets
from pathlib import Path

from embedded import private_files

KEY_BYTES = 32


def new_encryption_key() -> str:
    """Return a new `id:key` pair for `SWITCHBOARD_ENCRYPTION_KEYS`."""
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return f"k{secrets.token_hex(4)}:{key}"


def kept_encryption_keys(path: Path) -> str:
    """Return the keys in the file, created once. Without them, stored secrets cannot be read."""
    if not path.exists():
        private_files.write(path, new_encryption_key() + "\n")
    return path.read_text().strip()
