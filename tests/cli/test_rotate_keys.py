"""Keys are changed by a command: every stored secret is encrypted anew, once, whatever stops it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select, update
from typer.testing import CliRunner

from cli.main import app
from database.auditing.tables import HIDDEN
from database.engine import Sessions
from database.queries import sealed
from database.queries.operating import processes
from database.queries.operating.processes import ProcessKind
from database.tables import Agent, AuditEntry, Connector, IdentityProvider, Process, PushKey
from embedded.keys import new_encryption_key
from providers.twilio.description import TwilioCredentials
from runtime.heartbeat import Heartbeat
from security.one_time_codes import OneTimeSecrets
from security.push_keys import PushKeys
from security.secrets import Keyring, SecretBox, SecretUnreadable
from services import rotating_keys
from services.installation import Installation
from tests.fixtures.brand import AUTH_TOKEN, ENCRYPTION_KEYS, Brand

Run = Callable[..., tuple[int, str]]
NEW = new_encryption_key()
BOTH = f"{NEW},{ENCRYPTION_KEYS}"


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", database_url)
    monkeypatch.setenv("SWITCHBOARD_ENVIRONMENT", "development")

    def run(*arguments: str, keys: str = BOTH) -> tuple[int, str]:
        monkeypatch.setenv("SWITCHBOARD_ENCRYPTION_KEYS", keys)
        result = CliRunner().invoke(app, ["rotate-keys", *arguments])
        return result.exit_code, result.output

    return run


@pytest.fixture
async def secrets(session_factory: Sessions, brand: Brand) -> Brand:
    """Secrets of every purpose, and of both types of columns, with the old key."""
    old = Keyring.parse(ENCRYPTION_KEYS)
    async with session_factory.begin() as session:
        ann = await session.get_one(Agent, brand.ann.agent_id)
        ann.totp_secret = OneTimeSecrets(old).seal("JBSWY3DPEHPK3PXP")
        made = PushKeys(old).make()
        session.add(PushKey(id=1, public_key=made.public, private_key=made.private))
        values = {
            "account_id": brand.account_id,
            "issuer": "https://login.example.com",
            "client_id": "us",
            "secret": SecretBox(old).seal_text("shared"),
            "role_claim": "roles",
            "roles": {},
            "adds_people": False,
        }
        await session.execute(insert(IdentityProvider).values(values))
    return brand


async def _stored(sessions: Sessions) -> dict[str, Sequence[Any]]:
    async with sessions() as session:
        return {
            place.name: (await session.scalars(select(place.column))).all()
            for place in sealed.places()
        }


async def test_secrets_are_readable_without_the_old_key_afterwards(
    run: Run, session_factory: Sessions, secrets: Brand
) -> None:
    before = await _stored(session_factory)
    code, output = await asyncio.to_thread(run, "--dry-run")
    assert code == 0, output
    assert "4 secrets would be encrypted anew; nothing was changed." in output
    assert await _stored(session_factory) == before

    code, output = await asyncio.to_thread(run)
    assert code == 0, output
    assert "connector.secret: 1 anew, 0 already" in output
    assert "4 secrets were encrypted anew." in output
    only_new = Keyring.parse(NEW)
    async with session_factory() as session:
        connector = await session.scalar(select(Connector))
        assert connector
        credentials = SecretBox(only_new).unseal(connector.secret, TwilioCredentials)
        assert credentials.auth_token == AUTH_TOKEN
        ann = await session.get_one(Agent, secrets.ann.agent_id)
        assert ann.totp_secret
        assert OneTimeSecrets(only_new).unseal(ann.totp_secret) == "JBSWY3DPEHPK3PXP"
        push = await session.get_one(PushKey, 1)
        assert PushKeys(only_new).unseal(push.private_key).startswith(b"-----BEGIN PRIVATE KEY")
        idp = await session.get_one(IdentityProvider, secrets.account_id)
        assert SecretBox(only_new).unseal_text(idp.secret) == "shared"
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()))).all()
    of_ours = {entry.subject: entry for entry in entries if entry.door == "command line"}
    assert set(of_ours) == {"connector", "agent", "identity_provider"}
    assert of_ours["connector"].actor == "installation"
    assert of_ours["connector"].after == {"secret": "•••"}

    after = await _stored(session_factory)
    again = (await asyncio.to_thread(run, keys=NEW))[1]
    assert again.splitlines()[-2] == "0 secrets were encrypted anew."
    assert await _stored(session_factory) == after


async def test_a_secret_that_no_key_decrypts_is_named_and_the_others_are_done(
    run: Run, session_factory: Sessions, secrets: Brand
) -> None:
    async with session_factory.begin() as session:
        idp = await session.get_one(IdentityProvider, secrets.account_id)
        idp.secret = SecretBox(Keyring.parse(new_encryption_key())).seal_text("lost")
    code, output = await asyncio.to_thread(run)
    assert code == 1
    assert f"identity_provider.secret: no key decrypts the secret of {secrets.account_id}" in output
    assert "3 secrets were encrypted anew." in output


@pytest.mark.parametrize("lacks", ["the new key", "its bytes"])
async def test_nothing_is_encrypted_with_a_key_that_a_running_process_lacks(
    run: Run, session_factory: Sessions, secrets: Brand, lacks: str
) -> None:
    """It would refuse each webhook and send nothing from then on."""
    before = await _stored(session_factory)
    new_name = NEW.partition(":")[0]
    other = f"{new_name}:{new_encryption_key().partition(':')[2]}"
    old = ENCRYPTION_KEYS if lacks == "the new key" else f"{other},{ENCRYPTION_KEYS}"
    running = Heartbeat.create(session_factory, ProcessKind.api, "blue", Keyring.parse(old)).own
    now = datetime.now(UTC)
    await processes.beat(session_factory.direct, running, now)
    code, output = await asyncio.to_thread(run)
    assert (code, f"without the key {new_name}: api blue." in output) == (2, True), output
    assert await _stored(session_factory) == before
    assert (await asyncio.to_thread(run, "--dry-run"))[0] == 0

    async with session_factory.begin() as session:  # it was killed
        long_ago = now - processes.SILENT_AFTER
        await session.execute(update(Process).values(seen_at=long_ago))
    knows = Heartbeat.create(session_factory, ProcessKind.api, "green", Keyring.parse(BOTH)).own
    await processes.beat(session_factory.direct, knows, now)
    older = replace(knows, id=uuid4())
    await processes.beat(session_factory.direct, older, now)
    async with session_factory.begin() as session:
        does_not_say = update(Process).where(Process.id == older.id).values(key_marks=None)
        await session.execute(does_not_say)
    code, output = await asyncio.to_thread(run)
    assert (code, "4 secrets were encrypted anew." in output) == (0, True), output


async def test_what_was_done_before_a_kill_stays_and_the_next_run_does_the_rest(
    session_factory: Sessions, secrets: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    resealer = Keyring.parse(BOTH).resealer()

    class Killed(Exception):
        pass

    def dies(place: sealed.Place, _: rotating_keys.Rotated) -> None:
        if place.name == "connector.secret":
            raise Killed

    with pytest.raises(Killed):
        await rotating_keys.rotate(
            Installation(), session_factory, resealer, told=dies, is_trial=False
        )
    monkeypatch.setattr(sealed, "BATCH", 1)
    every = await rotating_keys.rotate(
        Installation(), session_factory, resealer, told=lambda *_: None, is_trial=False
    )
    assert sum(one.done + one.current for one in every) == 4
    assert sum(one.current for one in every) >= 1


async def test_what_somebody_changes_meanwhile_is_theirs(
    session_factory: Sessions, secrets: Brand
) -> None:
    [place] = [one for one in sealed.places() if one.name == "connector.secret"]
    [[old]] = [batch async for batch in sealed.batches(session_factory, place)]
    async with session_factory.begin() as session:
        connector = await session.scalar(select(Connector))
        assert connector
        connector.secret = b"newer"
    async with session_factory.begin() as session:
        assert not await sealed.replace(session, old, b"ours")
    assert (await _stored(session_factory))["connector.secret"] == [b"newer"]


def test_no_encrypted_column_is_forgotten() -> None:
    names = {place.name for place in sealed.places()}
    assert names >= {
        "agent.totp_secret",
        "bot.previous_secret",
        "bot.secret",
        "connector.secret",
        "endpoint.previous_secret",
        "endpoint.secret",
        "identity_provider.secret",
        "push_key.private_key",
    }
    assert sealed.ENCRYPTED < HIDDEN


def test_nothing_that_is_not_ours_is_encrypted_anew() -> None:
    resealer = Keyring.parse(BOTH).resealer()
    for odd in (b"", b"newer", Fernet(Fernet.generate_key()).encrypt(b"x")):
        with pytest.raises(SecretUnreadable):
            resealer.reseal(odd)


def test_a_database_that_is_away_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCHBOARD_DATABASE_URL", "postgresql://u:p@127.0.0.1:9/switchboard")
    code, output = run()
    assert code == 2
    assert "The database cannot be reached: " in output
    assert "Run it again to go on." in output
