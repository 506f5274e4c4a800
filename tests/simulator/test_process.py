import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from tests.fixtures.ports import own_port
from tests.simulator.carrier_client import LINE, PHONE


@pytest.fixture
def process() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The simulator as a separate process, and its address."""
    port = own_port()
    environment = {
        **os.environ,
        "SWITCHBOARD_SIMULATOR_PORT": str(port),
        "SWITCHBOARD_SIMULATOR_LINES": f'{{"{LINE}": "http://127.0.0.1:1/texts"}}',
    }
    command = [sys.executable, "-m", "simulator"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as running:
        yield running, f"http://127.0.0.1:{port}"
        running.kill()


def test_the_simulator_ends_with_a_phone_still_being_watched(
    process: tuple[subprocess.Popen[bytes], str],
) -> None:
    running, url = process
    transport = httpx2.HTTPTransport(retries=8)  # until it listens
    with httpx2.Client(base_url=url, transport=transport, timeout=60) as http:
        assert [line["number"] for line in http.get("/lines").json()] == [LINE]
        http.post(f"/phones/{PHONE}/texts", json={"to": LINE, "body": "do not log me"})
        with http.sse(f"/phones/{PHONE}/stream") as stream:
            events = iter(stream)
            assert "do not log me" in next(events).data
            running.send_signal(signal.SIGTERM)
            assert list(events) == []
    log, _ = running.communicate(timeout=60)
    assert running.returncode in (0, -signal.SIGTERM)
    assert b"do not log me" not in log
    assert PHONE.encode() not in log
