import signal

import httpx2
import psutil
import pytest

from tests.fixtures.terminal import Terminal


@pytest.mark.timeout(400)  # two whole starts, on however busy a machine
def test_everything_starts_stops_and_starts_again(
    running_switchboard: Terminal, terminals: list[Terminal]
) -> None:
    """The last of all stories stops their Switchboard: a start costs more than most of them."""
    first = running_switchboard
    parts = first.running()
    assert set(parts) == {"PostgreSQL", "Temporal", "Worker", "API", "Simulator"}
    for place in (f"127.0.0.1:{first.ports['api']}/docs", "ann@acme.example", "+15550100001"):
        assert place in first.text
    api = f"http://127.0.0.1:{first.ports['api']}"
    assert httpx2.get(f"{api}/health/ready", timeout=60).status_code == 200
    for page in (f"{api}/", f"http://127.0.0.1:{first.ports['simulator']}/"):
        assert page in first.text
        assert httpx2.get(page, follow_redirects=True, timeout=60).status_code == 200

    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(60) == 0
    assert "Everything has stopped" in first.text
    assert not any(psutil.pid_exists(pid) for pid in parts.values())

    second = Terminal(first.folder.path)
    terminals.append(second)
    second.wait_for(lambda: "Stop with Ctrl-C" in second.text)
