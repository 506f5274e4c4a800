from pathlib import Path

from embedded.guard import Guard
from embedded.processes import start
from embedded.progress import wait_until
from embedded.temporal import TemporalServer
from tests.fixtures.ports import own_port


def test_the_server_keeps_its_state_in_the_file(tmp_path: Path, guard: Guard) -> None:
    server = TemporalServer(
        state=tmp_path / "my state.db",
        port=own_port(),
        ui_port=own_port(),
        codec_endpoint="http://127.0.0.1:8000/codec",
    )
    child = start(server.program, tmp_path / "log")
    guard.watch(child)
    wait_until(child, server.is_ready)
    child.stop()
    assert child.exit_code == 0
    assert server.state.exists()
    assert not server.is_ready()
