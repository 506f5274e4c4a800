"""Writes files for their owner only, whole or not at all."""

import os
import secrets
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write a file in place of what is there. Whoever is stopped meanwhile leaves the old one."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as to:
            to.write(text)
            to.flush()
            os.fsync(to.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
