import os
import signal
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from embedded import postgres, postgres_files
from embedded.errors import EmbeddedError
from embedded.guard import Guard
from embedded.server_user import ServerUser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a space in its name that PostgreSQL's user can enter."""
    if os.geteuid() == 0:
        for above in tmp_path.parents[:3]:
            if above.name.startswith("pytest-"):
                above.chmod(0o711)
        tmp_path.chmod(0o711)
    data = tmp_path / "my data"
    data.mkdir(mode=0o755)
    return data


def ask(cluster: postgres.Cluster, question: str) -> object:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        answer = connection.execute(question.encode())
        return answer.fetchone() if answer.description else None


def test_data_survives_a_restart_and_a_kill(folder: Path, guard: Guard) -> None:
    cluster = postgres.prepare(folder, is_durable=False)
    server = postgres.run(cluster, folder / "log")
    ask(cluster, "CREATE TABLE kept AS SELECT 'é' AS word")
    server.stop()
    assert server.exit_code == 0

    cluster = postgres.prepare(folder, is_durable=False)
    killed = postgres.run(cluster, folder / "log")
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()

    cluster = postgres.prepare(folder, is_durable=False)
    server = postgres.run(cluster, folder / "log")
    guard.watch(server)
    assert ask(cluster, "SELECT word FROM kept") == ("é",)
    server.stop()


def test_a_server_left_behind_on_the_same_files_is_stopped_first(
    folder: Path, guard: Guard
) -> None:
    left_behind = postgres.run(postgres.prepare(folder, is_durable=False), folder / "log")
    cluster = postgres.prepare(folder, is_durable=False)
    left_behind.process.wait()
    server = postgres.run(cluster, folder / "log")
    guard.watch(server)
    assert ask(cluster, "SELECT 1") == (1,)
    server.stop()


def test_a_process_id_that_belongs_to_somebody_else_now_is_no_obstacle(folder: Path) -> None:
    cluster = postgres.prepare(folder, is_durable=False)
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n")
    postgres.run(postgres.prepare(folder, is_durable=False), folder / "log").stop()


def test_a_first_start_that_was_interrupted_is_begun_again(folder: Path) -> None:
    unfinished = folder / "postgres" / "unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    postgres.run(postgres.prepare(folder, is_durable=False), folder / "log").stop()


def test_a_port_in_use_is_replaced_by_another(folder: Path) -> None:
    first = postgres.prepare(folder, is_durable=False)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first.directory.record.port))
        other.listen()
        second = postgres.prepare(folder, is_durable=False)
    assert second.directory.record.port != first.directory.record.port
    assert second.directory.record.password == first.directory.record.password


def test_files_of_another_version_are_refused_in_a_sentence(folder: Path) -> None:
    cluster = postgres.prepare(folder, is_durable=False)
    (cluster.folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 16, this is 18"):
        postgres.prepare(folder, is_durable=False)


def test_a_server_that_cannot_start_is_named_with_the_end_of_its_log(folder: Path) -> None:
    cluster = postgres.prepare(folder, is_durable=False)
    (cluster.folder / "postgresql.conf").write_text("nonsense = on\n")
    with pytest.raises(EmbeddedError, match=r"PostgreSQL ended .*nonsense|PostgreSQL ended"):
        postgres.run(cluster, folder / "log")


def test_the_password_is_asked_for_and_kept_from_others(folder: Path, guard: Guard) -> None:
    cluster = postgres.prepare(folder, is_durable=False)
    server = postgres.run(cluster, folder / "log")
    guard.watch(server)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.url().replace(cluster.directory.record.password, "wrong"))
    assert (folder / "postgres.json").stat().st_mode & 0o777 == 0o600
    server.stop()


def test_the_files_are_elsewhere_if_the_data_folder_is_closed_to_the_server_user(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = ServerUser("nobody", os.geteuid(), os.getegid())
    monkeypatch.setattr(postgres_files, "server_user", lambda _: nobody)
    monkeypatch.setattr(
        ServerUser, "can_enter", lambda _, path: path.is_relative_to(tmp_path / "s")
    )
    monkeypatch.setattr(postgres_files, "SHARED", tmp_path / "s")
    directory = postgres_files.settle(folder)
    assert directory.folder.parent == tmp_path / "s"
    told = subprocess.run(
        [directory.programs / "postgres", "--version"], capture_output=True, check=True
    )
    assert told.stdout.startswith(b"postgres (PostgreSQL) 18")
    assert directory.programs.is_relative_to(tmp_path / "s")
    assert directory.note
    assert str(directory.folder) in directory.note
    assert postgres_files.settle(folder).folder == directory.folder
