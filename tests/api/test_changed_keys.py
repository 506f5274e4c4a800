"""Requests and known browsers while an operator changes the installation's keys."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from pydantic import SecretStr

from api.log_in_attempts import Attempts
from database.engine import Sessions
from domain.people.roles import Role
from security.reach import is_proof, proof_of
from security.secrets import Keyring, Purpose
from security.signatures import Signatures
from settings import Settings
from tests.api.conftest import Office, served
from tests.fixtures.brand import ENCRYPTION_KEYS

NEW = "new:" + "B" * 43 + "="
RINGS = [
    ENCRYPTION_KEYS,
    f"{ENCRYPTION_KEYS},{NEW}",
    f"{NEW},{ENCRYPTION_KEYS}",
    NEW,
]
"""What processes have, step by step, as keys are changed in the documented order."""
STEPS = [(0, 1), (1, 2), (2, 3)]
"""While everything is restarted, processes have the rings of two steps."""


@pytest.fixture
async def urls(
    office: Office, settings: Settings, temporal_address: str
) -> AsyncIterator[list[str]]:
    """The addresses of an API process with each ring."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                served(
                    settings.model_copy(
                        update={
                            "security": settings.security.model_copy(
                                update={"encryption_keys": SecretStr(ring)}
                            )
                        }
                    )
                )
            )
            for ring in RINGS
        ]


async def test_a_repeated_request_gets_its_answer_from_processes_before_and_after_each_step(
    office: Office, urls: list[str]
) -> None:
    async with office.program(Role.admin) as program:
        for first, then in [*STEPS, *((then, first) for first, then in STEPS)]:
            key = {"Idempotency-Key": f"from-{first}-to-{then}"}
            label = {"name": f"From {first} to {then}"}
            made = await program.post(f"{urls[first]}/v1/labels", json=label, headers=key)
            again = await program.post(f"{urls[then]}/v1/labels", json=label, headers=key)
            assert (made.status_code, again.status_code) == (201, 201)
            assert made.json() == again.json()
            other = await program.post(
                f"{urls[then]}/v1/labels", json={"name": "Other"}, headers=key
            )
            assert other.status_code == 409


async def test_a_known_browser_stays_known_at_each_step(session_factory: Sessions) -> None:
    processes = [Attempts(_signatures(ring), session_factory.direct) for ring in RINGS]
    for first, then in STEPS:
        mark = processes[first].new_mark("ann")
        assert processes[then].attempt_of("203.0.113.1", "ann@x.test", mark, "ann").mark
        assert not processes[then].attempt_of("203.0.113.1", "ann@x.test", mark, "ben").mark


def test_an_installation_knows_itself_at_each_step() -> None:
    for first, then in STEPS:
        assert is_proof(
            _signatures(RINGS[first]), "nonce", proof_of(_signatures(RINGS[then]), "nonce")
        )
    assert not is_proof(_signatures(RINGS[0]), "nonce", proof_of(_signatures(NEW), "nonce"))


def _signatures(ring: str) -> Signatures:
    return Signatures(Keyring.parse(ring).signing_keys(Purpose.fingerprints))
