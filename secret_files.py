"""Reads secrets from files, as containers and systemd hand them over.

`SWITCHBOARD_ENCRYPTION_KEYS_FILE=/run/secrets/keys` does what `SWITCHBOARD_ENCRYPTION_KEYS` does
with the file's content. A file is in no list of processes, no `docker inspect`, no crash report.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import PostgresDsn, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

ENDING = "_FILE"
MOST_BYTES = 65_536
"""More is no secret, but the wrong file. Ours."""


class SecretFileUnusable(Exception):
    """A file cannot be used, for the reason in the message, which shows nothing of its content."""


def is_secret(field: FieldInfo) -> bool:
    """Say whether a setting may come from a file: passwords, keys, addresses with a password."""
    kinds = (field.annotation, *get_args(field.annotation))
    return any(kind in (SecretStr, PostgresDsn) for kind in kinds)


class SecretFiles(PydanticBaseSettingsSource):
    """The secrets of a settings model that files hold."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return a setting's value, or None; its key; that it is plain text."""
        return (self._read(field_name) if is_secret(field) else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return what files hold, by the settings' names. Raises `SecretFileUnusable`."""
        return dict(self._found())

    def _found(self) -> Iterator[tuple[str, Any]]:
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                yield key, value

    def _read(self, name: str) -> str | None:
        variable = f"{self.config.get('env_prefix', '')}{name}".upper()
        path = os.environ.get(f"{variable}{ENDING}")
        if not path:
            return None
        if os.environ.get(variable):
            raise SecretFileUnusable(f"{variable} and {variable}{ENDING} are both set: choose one.")
        return _content(Path(path), f"{variable}{ENDING}")


def _content(path: Path, variable: str) -> str:
    """Return a file's text without the end of its last line."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise SecretFileUnusable(
            f"{variable} names a file that cannot be read ({reason or 'not a path'})."
        ) from None
    if len(content) > MOST_BYTES:
        raise SecretFileUnusable(f"{variable} names a file that is too large for a secret.")
    try:
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretFileUnusable(f"{variable} names a file that is not text in UTF-8.") from None
    if not text:
        raise SecretFileUnusable(f"{variable} names an empty file.")
    return text
