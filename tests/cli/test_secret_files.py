"""Secrets may come from files; what is wrong with one is a sentence without its content."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from embedded.keys import new_encryption_key
from runtime.configuration import load_database_settings, load_settings
from secret_files import is_secret
from settings import Settings
from tests.cli.test_main import run
from tests.docs.pages import rows, section
from tests.docs.test_configuration import PAGE, fields_of

URL = "postgresql://u:hidden-password@db/switchboard"
SECRETS = {
    "SWITCHBOARD_DATABASE_URL",
    "SWITCHBOARD_ENCRYPTION_KEYS",
    "SWITCHBOARD_MAIL_PASSWORD",
    "SWITCHBOARD_MEDIA_SECRET_ACCESS_KEY",
}

Put = Callable[[str, bytes], None]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Write a secret into a file, and name the file in the environment."""

    def put(variable: str, content: bytes) -> None:
        path = tmp_path / variable
        path.write_bytes(content)
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv(f"{variable}_FILE", str(path))

    return put


def test_every_secret_may_be_in_a_file_and_nothing_else() -> None:
    assert {name for name, field in fields_of(Settings) if is_secret(field)} >= SECRETS
    for name, field in fields_of(Settings):
        if SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ())):
            assert is_secret(field), name
    assert not is_secret(dict(fields_of(Settings))["SWITCHBOARD_API_PORT"])


def test_settings_are_read_from_files_without_the_end_of_the_line(
    put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = new_encryption_key()
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("SWITCHBOARD_MEDIA_BUCKET", "files")
    monkeypatch.setenv("SWITCHBOARD_MEDIA_ACCESS_KEY_ID", "id")
    put("SWITCHBOARD_DATABASE_URL", f"{URL}\n".encode())
    put("SWITCHBOARD_ENCRYPTION_KEYS", f"{keys}\r\n".encode())
    put("SWITCHBOARD_MAIL_PASSWORD", b" blanks belong to it \n")
    put("SWITCHBOARD_MEDIA_SECRET_ACCESS_KEY", b"secret")
    settings = load_settings()
    assert str(settings.database.database_url) == URL
    assert str(load_database_settings().database_url) == URL
    assert settings.security.encryption_keys.get_secret_value() == keys
    assert settings.mail.mail_password == SecretStr(" blanks belong to it ")
    assert settings.media.media_secret_access_key == SecretStr("secret")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "names an empty file"),
        (b"\n", "names an empty file"),
        (b"\xff\xfehidden", "is not text in UTF-8"),
        (b"hidden" * 20_000, "is too large for a secret"),
        (b"mysql://u:hidden@db/x", "is not usable"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused_in_one_sentence(
    put: Put, content: bytes, sentence: str
) -> None:
    put("SWITCHBOARD_DATABASE_URL", content)
    code, output = run("migrate")
    assert code == 2
    assert len(output.splitlines()) == 1
    assert sentence in output
    assert "hidden" not in output


def test_a_missing_file_a_folder_and_a_secret_told_twice_are_all_named(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("SWITCHBOARD_MAIL_PASSWORD", b"hidden")
    monkeypatch.setenv("SWITCHBOARD_MAIL_PASSWORD", "hidden")
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS_FILE", str(tmp_path))
    for name in ("DATABASE_URL", "ENCRYPTION_KEYS"):
        monkeypatch.delenv(f"SWITCHBOARD_{name}", raising=False)
    code, output = run("api")
    assert code == 2
    for sentence in (
        "SWITCHBOARD_DATABASE_URL_FILE names a file that cannot be read (No such file",
        "SWITCHBOARD_ENCRYPTION_KEYS_FILE names a file that cannot be read (Is a directory)",
        "SWITCHBOARD_MAIL_PASSWORD and SWITCHBOARD_MAIL_PASSWORD_FILE are both set: choose one.",
    ):
        assert sentence in output
    assert "hidden" not in output


def test_every_file_is_told_in_the_configuration() -> None:
    told = {name for name, _ in rows(section(PAGE, "## Secrets in files"))}
    secrets = {name for name, field in fields_of(Settings) if is_secret(field)}
    assert told == {f"`{name}_FILE`" for name in secrets}
