"""Two releases beside each other: their processes, on one database and one Temporal."""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2
import psycopg
from temporalio.client import Client

from cli.demo import ACCOUNT
from embedded.guard import Guard
from embedded.processes import Child, Program, start
from tests.faults.installation import SUPPORT_LINE
from tests.fixtures.centre import eventually
from tests.fixtures.ports import own_port

PREPARE = """
import asyncio, sys
from cli.demo import seed
from database.migrate import upgrade
url, keys, simulator = sys.argv[1:]
upgrade(url)
asyncio.run(seed(url, keys, simulator_url=simulator))
"""
SPOKEN = """
    SELECT author, text FROM message JOIN consumer ON consumer.id = consumer_id
    WHERE consumer.number = %s AND automatic IS NULL ORDER BY position
"""
HELD = """
    SELECT conversation.id::text FROM conversation JOIN consumer ON consumer.id = consumer_id
    WHERE consumer.number = %s AND status = 'assigned'
"""
BUGS = {"task_failed", "request_failed", "worker_failed"}


@dataclass
class Release:
    """A version's code, and its running processes."""

    name: str
    code: Path
    environment: dict[str, str]
    logs: Path
    guard: Guard
    api_port: int = field(default_factory=own_port)
    children: list[Child] = field(default_factory=list)
    logs_of_stopped: list[Path] = field(default_factory=list)
    build_id: str | None = None
    """What its workers say; None: its name. Empty: they are told nothing."""

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def _version(self) -> dict[str, str]:
        build_id = self.name if self.build_id is None else self.build_id
        return {"SWITCHBOARD_WORKER_BUILD_ID": build_id} if build_id else {}

    def prepare_database(self, url: str, keys: str, simulator: str) -> None:
        """Make tables and the demo brand, as this version does."""
        command = [sys.executable, "-c", PREPARE, url, keys, simulator]
        subprocess.run(command, cwd=self.code, check=True)

    def start(self, *parts: str) -> None:
        """Start parts of this version: a worker and the API, unless others are named."""
        for part in parts or ("worker", "api"):
            program = Program(
                name=f"{self.name}-{part}",
                command=(sys.executable, "-m", "cli.main", part),
                environment={
                    **self.environment,
                    **self._version,
                    "SWITCHBOARD_API_PORT": str(self.api_port),
                },
                folder=self.code,
            )
            child = start(program, self.logs / f"{program.name}.log")
            self.guard.watch(child)
            self.children.append(child)

    def stop(self, part: str = "") -> None:
        """Stop its processes, or those of one part."""
        ended = [one for one in self.children if one.program.name.endswith(part)]
        for child in ended:
            child.ask_to_stop()
        for child in ended:
            child.stop()
            self.children.remove(child)
            self.logs_of_stopped.append(child.log)

    @property
    def bugs(self) -> list[str]:
        """Return what its processes logged about bugs, and who of them has ended."""
        found = [child.program.name for child in self.children if child.exit_code is not None]
        for log in (*self.logs_of_stopped, *(child.log for child in self.children)):
            for line in log.read_text().splitlines():
                said = json.loads(line) if line.startswith("{") else {}
                is_late = "TimeoutError" in said.get("error", "")  # on a busy machine
                if said.get("event") in BUGS and not is_late:
                    found.append(line)
        return found

    async def serves(self) -> None:
        async def answers() -> bool:
            async with httpx2.AsyncClient() as anyone:
                try:
                    return (await anyone.get(f"{self.api}/health/ready")).is_success
                except httpx2.TransportError:
                    return False

        await eventually(answers)


@dataclass
class Office:
    """Ann, who answers, and consumers who text."""

    http: httpx2.AsyncClient
    phones: str
    database: psycopg.AsyncConnection
    temporal: Client
    token: str = ""

    async def comes_in(self, release: Release) -> None:
        log_in = {"email": "ann@acme.example", "password": "ann-loves-hiking"}
        answer = await self.http.post(f"{release.api}/v1/sessions", json=log_in)
        self.token = answer.json()["token"]
        path = f"/v1/agents/{ACCOUNT}-ann/state"
        await self._call(release, "PUT", path, {"state": "online"})

    async def text(self, number: str, text: str) -> None:
        """Let a consumer text, and wait until it stands in the transcript."""
        url = f"{self.phones}/phones/{number}/texts"
        answer = await self.http.post(url, json={"to": SUPPORT_LINE, "body": text})
        assert answer.json()["was_accepted"], answer.text

        async def is_there() -> bool:
            return ("consumer", text) in await self.spoken(number)

        await eventually(is_there)

    async def reply(self, release: Release, number: str, text: str) -> None:
        """Let Ann reply with a version's API, and wait until the phone has it."""

        async def held() -> str | None:
            found = await (await self.database.execute(HELD, [number])).fetchone()
            return found[0] if found else None

        path = f"/v1/conversations/{await eventually(held)}/replies"
        await self._call(release, "POST", path, {"text": text})

        async def arrived() -> bool:
            shown = await self.http.get(f"{self.phones}/phones/{number}/messages")
            return text in {one["text"] for one in shown.json()}

        await eventually(arrived)

    async def spoken(self, number: str) -> list[tuple[str, str]]:
        rows = await (await self.database.execute(SPOKEN, [number])).fetchall()
        return [(row[0], row[1]) for row in rows]

    async def _call(self, release: Release, method: str, path: str, body: dict[str, str]) -> None:
        """Give a command, with the same key until the engine answers."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex}

        async def answered() -> httpx2.Response | None:
            url = release.api + path
            answer = await self.http.request(method, url, headers=headers, json=body)
            if answer.status_code == 503:
                await asyncio.sleep(0.5)
                return None
            return answer

        answer = await eventually(answered)
        assert answer is not None
        assert answer.is_success, answer.text
