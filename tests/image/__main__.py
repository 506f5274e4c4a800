"""Tries an image that .ci/image built: `STORE=... CONTAINER=... python -m tests.image`.

Looks at what is in it, runs its migration, API and worker with servers from outside, lets a
consumer text and an agent reply, and asks the health checks. Prints what it found; fails with a
sentence.
"""

import asyncio
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx2

from cli.demo import seed
from cli.up import carrier
from embedded import postgres
from embedded.data_folder import opened
from embedded.machine import Machine, Ports
from embedded.supervisor import Part, supervised
from tests.fixtures.ports import own_port
from tests.image.inside import Image, look_inside

NUMBER = "+15550123456"
PATIENCE_SECONDS = 60
OURS = {"API": "api", "Worker": "worker"}


class Amiss(Exception):
    """The image does not do what it should, for the reason in the message."""


def main() -> None:
    """Try the image of the environment. Raises `Amiss`, or what its processes raise."""
    image = Image(tuple(os.environ["STORE"].split()), os.environ["CONTAINER"])
    look_inside(image)
    # Outside of /root, which PostgreSQL's user cannot enter.
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "data") as data:
        ports = Ports(own_port(), own_port(), own_port(), own_port())
        with supervised(data, print, tell_wait=print) as supervisor:
            machine = Machine(data, ports, postgres.prepare(data.path))
            supervisor.start(machine.servers())
            postgres.create_database(machine.cluster, postgres.DATABASE)
            print(image.run("switchboard", "migrate", environment=machine.environment).strip())
            keys, simulator = machine.encryption_keys, machine.simulator_url
            demo = asyncio.run(seed(machine.cluster.url(), keys, simulator_url=simulator))
            parts = machine.application(carrier(machine, demo))
            supervisor.start([_from(image, part) for part in parts])
            asyncio.run(_play(machine, demo.lines[0].number))
            _ask_health(image, parts)
    print("A text came in and its reply went out, from the image")


def _from(image: Image, part: Part) -> Part:
    """Return the same part, run from the image; the simulator stays outside."""
    if part.program.name not in OURS:
        return part
    words = ("switchboard", OURS[part.program.name])
    command = image.command(*words, environment=_inside(part.program.environment))
    return replace(part, program=replace(part.program, command=command, niceness=0))


def _inside(environment: Mapping[str, str]) -> dict[str, str]:
    """Return settings without the folder of files, which is the image's own."""
    left_out = "SWITCHBOARD_MEDIA_FOLDER"
    return {name: value for name, value in environment.items() if name != left_out}


async def _play(machine: Machine, line: str) -> None:
    async with httpx2.AsyncClient(timeout=60) as client:
        api, phone = f"{machine.api_url}/v1", f"{machine.simulator_url}/phones/{NUMBER}"
        log_in = {"email": "ann@acme.example", "password": "ann-loves-hiking"}
        token = (await client.post(f"{api}/sessions", json=log_in)).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        online = await client.put(f"{api}/agents/acme-ann/state", json={"state": "online"})
        online.raise_for_status()
        text = {"to": line, "body": "Where is my order?"}
        (await client.post(f"{phone}/texts", json=text)).raise_for_status()
        for _ in range(PATIENCE_SECONDS):
            mine = (await client.get(f"{api}/conversations?view=mine")).json()["items"]
            if mine:
                break
            await asyncio.sleep(1)
        else:
            raise Amiss("The consumer's text reached no agent.")
        said = {"text": "Let me ask a colleague."}
        path = f"{api}/conversations/{mine[0]['id']}/replies"
        (await client.post(path, json=said)).raise_for_status()
        for _ in range(PATIENCE_SECONDS):
            texts = (await client.get(f"{phone}/messages")).json()
            if any(said["text"] in text["text"] for text in texts):
                return
            await asyncio.sleep(1)
        raise Amiss("The agent's reply reached no phone.")


def _ask_health(image: Image, parts: list[Part]) -> None:
    """Run the health checks of image and composition. Raises when one says that all is not well."""
    for part in parts:
        if name := OURS.get(part.program.name):
            words = ("python", "-m", "runtime.health", name)
            image.run(*words, environment=_inside(part.program.environment))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"{error}\n{error.stdout}\n{error.stderr}") from None
    except Amiss as error:
        raise SystemExit(str(error)) from None
