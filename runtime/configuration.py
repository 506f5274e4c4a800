"""Reads the settings of a process, and reports bad ones in sentences instead of a traceback."""

import sys
from collections.abc import Iterator
from typing import NoReturn, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from database.address import fault_of
from secret_files import SecretFileUnusable
from security.secrets import Keyring
from settings import Concern, DatabaseSettings, SecuritySettings, Settings
from temporal import environment

C = TypeVar("C", bound=Concern)


def load_settings() -> Settings:
    """Return the settings. With problems, prints one sentence for each and exits with 2."""
    concerns, problems = _load_concerns()
    problems += environment.faults()
    if problems:
        _refuse(problems)
    try:
        settings = Settings(**concerns)  # type: ignore[arg-type]  # the concerns, by field name
        keyring = Keyring.parse(settings.security.encryption_keys.get_secret_value())
        if not settings.is_development:
            keyring.check_random()
    except ValidationError as error:
        _refuse(list(_sentences(Settings, error)))
    except ValueError as error:
        _refuse([_unusable_keys(error)])
    return settings


def load_database_settings() -> DatabaseSettings:
    """Return only the settings a migration needs, because it runs before the rest is configured."""
    settings = _load(DatabaseSettings)
    if problems := list(_of_addresses(settings)):
        _refuse(problems)
    return settings


def load_keyring() -> Keyring:
    """Return the keys alone, for what reads Temporal and no database.

    With problems, prints one sentence for each and exits with 2.
    """
    if problems := environment.faults():
        _refuse(problems)
    try:
        return Keyring.parse(_load(SecuritySettings).encryption_keys.get_secret_value())
    except ValueError as error:
        _refuse([_unusable_keys(error)])


def _load(kind: type[C]) -> C:
    try:
        return kind()
    except ValidationError as error:
        _refuse(list(_sentences(kind, error)))
    except SecretFileUnusable as error:
        _refuse([str(error)])


def _unusable_keys(error: ValueError) -> str:
    return f"SWITCHBOARD_ENCRYPTION_KEYS is not usable: {error}."


def _load_concerns() -> tuple[dict[str, Concern], list[str]]:
    """Read each group of settings separately, so that all problems are reported at once."""
    concerns: dict[str, Concern] = {}
    problems: list[str] = []
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if not (isinstance(kind, type) and issubclass(kind, Concern)):
            continue
        try:
            concerns[name] = read = kind()
            if isinstance(read, DatabaseSettings):
                problems.extend(_of_addresses(read))
        except ValidationError as error:
            problems.extend(_sentences(kind, error))
        except SecretFileUnusable as error:
            problems.append(str(error))
    return concerns, problems


def _of_addresses(settings: DatabaseSettings) -> Iterator[str]:
    """Say what PostgreSQL's own library finds wrong with its addresses."""
    addresses = {"DATABASE_URL": settings.database_url}
    if settings.database_session_url:
        addresses["DATABASE_SESSION_URL"] = settings.database_session_url
    for name, address in addresses.items():
        if fault := fault_of(str(address)):
            yield f"SWITCHBOARD_{name} is not usable: {fault}."


def _sentences(kind: type[Concern], error: ValidationError) -> Iterator[str]:
    prefix = kind.model_config.get("env_prefix", "")
    for problem in error.errors(include_input=False, include_url=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        yield _sentence(f"{prefix}{name}".upper(), kind.model_fields.get(name), problem)


def _sentence(variable: str, field: FieldInfo | None, problem: ErrorDetails) -> str:
    if field is None:
        # A rule about several variables: its own sentence names them.
        return problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "missing":
        return f"{variable} is not set: {field.description}"
    return f"{variable} is not usable ({problem['msg'].removeprefix('Value error, ')}): " + (
        field.description or ""
    )


def _refuse(problems: list[str]) -> NoReturn:
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    raise SystemExit(2)
