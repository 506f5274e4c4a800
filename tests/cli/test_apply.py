"""A brand's whole configuration on the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from cli.main import app
from tests.fixtures.brand import ENCRYPTION_KEYS
from tests.services.brand_files import FULL, SECRETS

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.output

    return run


def test_a_file_is_planned_applied_and_then_there_is_nothing_to_do(
    run: Run, tmp_path: Path
) -> None:
    file, secrets = tmp_path / "brand.yaml", tmp_path / "credentials.json"
    file.write_text(FULL)
    secrets.write_text(json.dumps(SECRETS))
    assert run("export") == (2, "There is no account.\n")
    for name in ("Acme", "Other"):
        code, _ = run(
            *("account", name, "--admin", "you@x.example", "--password", "a very long password")
        )
        assert code == 0
    assert run("export") == (2, "There is more than one account. Name one with --account.\n")
    here = ("--account", "acme")
    code, output = run("apply", str(file), *here, "--plan")
    assert code == 0, output
    assert "add skill Sales: response: 90 min" in output
    assert "to be given with --credentials: Twilio (account_sid, auth_token)" in output
    assert "labels: []" in run("export", *here)[1], "nothing is changed by a plan"
    code, output = run("apply", str(file), *here, "--yes")
    assert (code, "credentials of the connector Twilio" in output) == (2, True)
    given = (*here, "--credentials", str(secrets), "--yes")
    code, output = run("apply", str(file), *given)
    assert (code, "Done: " in output) == (0, True), output
    code, output = run("apply", str(file), *given)
    assert (code, output) == (0, "Nothing to do.\n")
    file.write_text(FULL.replace("colour: red", "color: red"))
    code, output = run("apply", str(file), *given)
    assert code == 2
    assert "color is no setting of labels. Did you mean colour?" in output
    assert "Nothing was changed." in output
    file.write_bytes(b"\xff")
    assert run("apply", str(file), *given) == (
        2,
        "Line 1: This is not UTF-8. Save the file as UTF-8.\n",
    )
    secrets.write_text("[]")
    file.write_text(FULL)
    assert run("apply", str(file), *given)[0] == 2
    assert run("apply", str(tmp_path / "none.yaml"), *here)[0] == 2


def test_an_answer_that_is_lost_is_not_told_as_nothing_changed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = ("account", "Acme", "--admin", "you@x.example", "--password", "a very long password")
    assert run(*new)[0] == 0
    file = tmp_path / "brand.yaml"
    file.write_text("version: 1\nskills:\n  - name: Sales\n")
    commit = AsyncSession.commit

    async def without_answer(session: AsyncSession) -> None:
        await commit(session)
        raise psycopg.OperationalError

    monkeypatch.setattr(AsyncSession, "commit", without_answer)
    code, output = run("apply", str(file), "--yes")
    assert (code, "Nothing was changed" in output) == (2, False), output
    assert "It may have been applied. Run the command again" in output
