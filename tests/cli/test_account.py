"""Setting up brands and adding operators on the command line."""

import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.fixtures.brand import ENCRYPTION_KEYS

Run = Callable[..., tuple[int, str]]
PASSWORD = "a very long password"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")
    monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", ENCRYPTION_KEYS)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, list(arguments))
        return result.exit_code, result.output

    return run


def set_up(run: Run, name: str, *more: str, password: str = PASSWORD) -> tuple[int, str]:
    return run("account", name, "--admin", "you@x.example", "--password", password, *more)


def test_a_brand_whose_id_begins_with_anothers_is_set_up_with_an_id_of_its_own(run: Run) -> None:
    assert set_up(run, "Acme") == (0, "The account acme is set up; you@x.example may log in.\n")
    code, output = set_up(run, "Acme EU")
    assert code == 2
    assert "The id acme-eu is too close to the account acme" in output
    assert set_up(run, "Acme EU", "--id", "eu-acme")[0] == 0
    assert set_up(run, "EU")[0] == 2, "and the other way round"
    assert set_up(run, "Acme EU", "--id", "acme-eu-2")[0] == 2


def test_the_first_admins_password_is_as_good_as_everybodys(run: Run) -> None:
    for bad in ("short", "you@x.example", "password1234"):
        code, output = set_up(run, "Acme", password=bad)
        assert (code, bad in output.replace("you@x.example may", "")) == (2, False)
    assert set_up(run, "Acme")[0] == 0


def test_the_first_admin_logs_in_with_an_address(run: Run) -> None:
    for bad in ("you", "you@", "y ou@x.example", "y" * 250 + "@x.example"):
        code, output = run("account", "Acme", "--admin", bad, "--password", PASSWORD)
        assert code == 2, bad
        assert "e-mail address" in output
    assert set_up(run, "A" * 81)[0] == 2
    assert set_up(run, "Acme")[0] == 0


def test_operators_are_named_once_and_their_tokens_revoked(run: Run) -> None:
    code, token = run("operator", "olga")
    assert code == 0
    assert token.startswith("swo_")
    assert run("operator", "olga") == (2, "There is already an operator olga.\n")
    assert run("operator", "olga", "--revoke") == (0, "The token of olga is revoked.\n")
    assert run("operator", "olga", "--revoke") == (2, "There is no operator olga.\n")
    assert run("operator", "olga")[1] != token


@pytest.mark.parametrize("name", ["", "  "])
def test_an_operator_without_a_name_gets_no_token(name: str, run: Run) -> None:
    code, output = run("operator", name)
    assert (code, output.startswith("Name the operator")) == (2, True), output


def test_help_says_that_an_operators_token_ends_conversations_of_all_accounts(run: Run) -> None:
    code, output = run("operator", "--help")
    assert code == 0
    assert "buttons that end workflows and conversations of every account" in " ".join(
        output.replace("│", " ").split()
    )


def test_a_link_for_a_new_brand_is_printed_and_no_two_are_alike(run: Run) -> None:
    first, second = run("set-up-link"), run("set-up-link")
    assert first[0] == 0
    assert re.fullmatch(r"https?://[^ ]+/start\?key=swb_[\w-]{40,}\n", first[1])
    assert first != second
