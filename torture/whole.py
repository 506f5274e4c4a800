"""A complete Switchboard in its own folder, and a separate carrier, which is never killed."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from embedded.data_folder import DataFolder
from embedded.machine import CHECKOUT
from embedded.ports import LOOPBACK, free_port

ACCOUNT_SID = "AC" + "70" * 16
AUTH_TOKEN = "torture-auth-token"
LINE, LINE_NUMBER = "acme-torture", "+15550170001"
AGENTS = ("acme-tom", "acme-tess", "acme-tim", "acme-tara")
PASSWORD = "torture-me-gently"
START_SECONDS = 180
READY = "Stop with Ctrl-C"
PORTS = ("api", "simulator", "temporal", "temporal-ui")
TWICE = "1"
"""A failed webhook is sent once more, as Twilio does with a fallback address."""


@dataclass(frozen=True)
class Whole:
    """The running installation: its folder, and the addresses of the API and the carrier."""

    folder: DataFolder
    api_url: str
    carrier_url: str
    temporal_address: str
    http: httpx2.AsyncClient
    tokens: Mapping[str, str]
    """The tokens of the agents and the manager, by name."""

    @property
    def database_url(self) -> str:
        return self.folder.read_environment()["SWITCHBOARD_DATABASE_URL"]

    def pids(self) -> dict[str, int]:
        """Return the running processes by their displayed names: `API`, `Worker`."""
        return {one.name: one.pid for one in self.folder.read_ledger() if one.running()}

    async def ask(
        self, who: str, method: str, path: str, body: object = None, key: str | None = None
    ) -> httpx2.Response:
        """Call the API as a person. Raises `httpx2.HTTPError` when it does not answer."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        if key:
            headers["Idempotency-Key"] = key
        url = f"{self.api_url}/v1{path}"
        return await self.http.request(method, url, headers=headers, json=body)


@asynccontextmanager
async def started() -> AsyncIterator[Whole]:
    """Run a complete Switchboard for the duration of a block, and leave nothing behind."""
    path = _fresh_folder()
    ports = {name: free_port() for name in PORTS}
    carrier_port = free_port()
    tree, carrier = _tree(path, ports), _carrier(path, carrier_port)
    try:
        await asyncio.to_thread(_wait_until_ready, tree, path / "screen")
        limits = httpx2.Limits(max_connections=400)
        async with httpx2.AsyncClient(timeout=15, limits=limits, trust_env=False) as http:
            api_url = f"http://{LOOPBACK}:{ports['api']}"
            carrier_url = f"http://{LOOPBACK}:{carrier_port}"
            yield Whole(
                folder=DataFolder(path / "data"),
                api_url=api_url,
                carrier_url=carrier_url,
                temporal_address=f"{LOOPBACK}:{ports['temporal']}",
                http=http,
                tokens=await _brand(http, api_url, carrier_url),
            )
    finally:
        for process in (tree, carrier):
            process.terminate()
            await asyncio.to_thread(process.wait)
        shutil.rmtree(path, ignore_errors=True)


def _fresh_folder() -> Path:
    path = Path(tempfile.mkdtemp(prefix="switchboard-torture-"))
    path.chmod(0o711)  # PostgreSQL may run as another user, who must be able to enter
    return path


def _tree(path: Path, ports: Mapping[str, int]) -> "subprocess.Popen[bytes]":
    options = [part for name, port in ports.items() for part in (f"--{name}-port", str(port))]
    with (path / "screen").open("wb") as screen:
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", "up", "--data", str(path / "data"), *options],
            cwd=CHECKOUT,
            env={**os.environ, "SWITCHBOARD_API_REQUESTS_PER_MINUTE": "0"},
            stdout=screen,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _carrier(path: Path, port: int) -> "subprocess.Popen[bytes]":
    environment = {
        "SWITCHBOARD_SIMULATOR_PORT": str(port),
        "SWITCHBOARD_SIMULATOR_ACCOUNT_SID": ACCOUNT_SID,
        "SWITCHBOARD_SIMULATOR_AUTH_TOKEN": AUTH_TOKEN,
        "SWITCHBOARD_SIMULATOR_DELIVERY_SECONDS": "0.1",
        "SWITCHBOARD_SIMULATOR_WEBHOOK_RETRIES": TWICE,
    }
    with (path / "carrier").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "simulator"],
            cwd=CHECKOUT,
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until_ready(tree: "subprocess.Popen[bytes]", screen: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while READY not in screen.read_text(errors="replace"):
        if tree.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Switchboard did not start:\n{screen.read_text()[-2000:]}")
        time.sleep(0.2)


async def _brand(http: httpx2.AsyncClient, api_url: str, carrier_url: str) -> dict[str, str]:
    """Create a line at the carrier, and agents with unlimited capacity; returns all tokens."""
    setting_up = _SettingUp(http, api_url, await _log_in(http, api_url, "ada", "ada-loves-hiking"))
    await setting_up.make("skills", id="acme-torture", name="Torture")
    secret = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN}
    await setting_up.make(
        "connectors",
        id="acme-carrier",
        provider="twilio",
        name="Carrier",
        api_url=carrier_url,
        secret=secret,
    )
    await setting_up.make(
        "lines",
        id=LINE,
        name="Torture line",
        address=LINE_NUMBER,
        kind="long_code",
        connector="acme-carrier",
        entry_skill="acme-torture",
    )
    await _register(http, carrier_url, f"{api_url}/webhooks/twilio/{LINE}/inbound")
    tokens = {"mia": await _log_in(http, api_url, "mia", "mia-loves-hiking")}
    for name in AGENTS:
        tokens[name] = await _agent(setting_up, name)
    return tokens


async def _agent(setting_up: "_SettingUp", name: str) -> str:
    """Create an agent who is online; returns their token."""
    await setting_up.make(
        "agents",
        id=name,
        name=name.removeprefix("acme-").title(),
        email=f"{name}@acme.example",
        password=PASSWORD,
        role="agent",
        skills=["acme-torture"],
        capacity=100,
    )
    token = await _log_in(setting_up.http, setting_up.api_url, name, PASSWORD)
    await _is_online(setting_up.http, setting_up.api_url, name, token)
    return token


@dataclass(frozen=True)
class _SettingUp:
    http: httpx2.AsyncClient
    api_url: str
    token: str

    async def make(self, what: str, **values: object) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = await self.http.post(f"{self.api_url}/v1/{what}", headers=headers, json=values)
        if not answer.is_success:
            raise RuntimeError(f"{what}: {answer.text}")


async def _log_in(http: httpx2.AsyncClient, api_url: str, who: str, password: str) -> str:
    log_in = {"email": f"{who}@acme.example", "password": password}
    answer = await http.post(f"{api_url}/v1/sessions", json=log_in)
    return str(answer.raise_for_status().json()["token"])


async def _is_online(http: httpx2.AsyncClient, api_url: str, who: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{api_url}/v1/agents/{who}/state"
    (await http.put(url, headers=headers, json={"state": "online"})).raise_for_status()


async def _register(http: httpx2.AsyncClient, carrier_url: str, webhook: str) -> None:
    line = {"webhook_url": webhook, "auth_token": AUTH_TOKEN}
    for _ in range(100):
        with suppress(httpx2.TransportError):
            answer = await http.put(f"{carrier_url}/lines/{LINE_NUMBER}", json=line)
            answer.raise_for_status()
            return
        await asyncio.sleep(0.2)
    raise RuntimeError("The carrier did not start.")
