"""Runs a PostgreSQL server on this machine, with the programs from a Python package."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from embedded.errors import EmbeddedError
from embedded.ports import LOOPBACK
from embedded.postgres_files import MAJOR_VERSION, DataDirectory, settle
from embedded.processes import Child, Program, start
from embedded.progress import wait_until

SUPERUSER = "switchboard"
DATABASE = "switchboard"
STOP_SECONDS = 60.0
# For tests, whose data need not survive a power failure.
FLEETING = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL server and its files."""

    directory: DataDirectory
    is_durable: bool = True

    @property
    def folder(self) -> Path:
        return self.directory.folder / "cluster"

    @property
    def program(self) -> Program:
        settings = (
            f"listen_addresses={LOOPBACK}",
            f"port={self.directory.record.port}",
            # Passwords over loopback instead of a socket, whose path may have only 107 characters.
            "unix_socket_directories=",
            "max_connections=300",
            # A statement may lock every month of a table with all of its indexes.
            "max_locks_per_transaction=256",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self.is_durable else FLEETING),
        )
        arguments = [part for setting in settings for part in ("-c", setting)]
        return Program(
            name="PostgreSQL",
            command=(str(self.directory.programs / "postgres"), "-D", str(self.folder), *arguments),
            user=self.directory.user,
            stop_signal=signal.SIGINT,  # "fast": ends sessions and writes everything to disk
            stop_seconds=30.0,
        )

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database on this server, including the password."""
        record = self.directory.record
        return f"postgresql://{SUPERUSER}:{record.password}@{LOOPBACK}:{record.port}/{database}"

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True


def prepare(data: Path, *, is_durable: bool = True, is_new: bool = True) -> Cluster:
    """Prepare the cluster in the data folder for a start. Raises `EmbeddedError`.

    `is_new`: it is made if there is none, which may not happen to one that holds something.
    """
    try:
        cluster = Cluster(settle(data), is_durable)
        if not cluster.folder.exists():
            if not is_new:
                raise EmbeddedError(f"{cluster.folder} is missing: it held the database.")
            _initialise(cluster)
        _require_version(cluster.folder)
        clear_leftover(cluster.folder)
    except PermissionError as error:
        raise EmbeddedError(
            f"{error.filename} belongs to another user: start Switchboard as that user, "
            "or choose another folder with --data."
        ) from error
    return cluster


def run(cluster: Cluster, log: Path) -> Child:
    """Start the server; return once it answers and its database exists."""
    child = start(cluster.program, log)
    try:
        wait_until(child, cluster.answers)
        create_database(cluster, DATABASE)
    except BaseException:
        child.stop()
        raise
    return child


def create_database(cluster: Cluster, name: str, *, template: str = "template0") -> None:
    """Create a database from the template, unless it exists."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        known = "SELECT FROM pg_database WHERE datname = %s"
        if connection.execute(known, [name]).fetchone() is not None:
            return
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(cluster: Cluster, name: str) -> None:
    """Drop a database, and end its remaining connections."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _initialise(cluster: Cluster) -> None:
    """Create the files in a temporary directory, so that no partial cluster can be left behind."""
    directory, unfinished = cluster.directory, cluster.folder.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    password = directory.folder / "password"
    password.touch(mode=0o600)
    password.write_text(directory.record.password)
    if directory.user:
        directory.user.own(password)
    command = [
        str(directory.programs / "initdb"),
        *("-D", str(unfinished), "-U", SUPERUSER, f"--pwfile={password}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
        # Nobody guesses a password of 192 drawn bits: to slow it down costs each connection 4 ms.
        *("--set", "scram_iterations=1"),
        # The built-in locale provider does not depend on the machine, so the order is the same.
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        *(() if cluster.is_durable else ("--no-sync",)),
    ]
    done = subprocess.run(
        command,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C is ours to handle
        user=directory.user.uid if directory.user else None,
        group=directory.user.gid if directory.user else None,
        extra_groups=[] if directory.user else None,
    )
    password.unlink()
    if done.returncode != 0:
        raise EmbeddedError(f"PostgreSQL cannot create its files: {done.stderr.strip()}")
    unfinished.rename(cluster.folder)


def _require_version(folder: Path) -> None:
    found = (folder / "PG_VERSION").read_text().strip()
    if found != MAJOR_VERSION:
        raise EmbeddedError(
            f"{folder} was written by PostgreSQL {found}, this is {MAJOR_VERSION}: "
            "move it away, or choose another folder with --data."
        )


def clear_leftover(folder: Path) -> None:
    """End a server that a killed run left on these files, and remove a stale process id.

    PostgreSQL refuses to start when its old process id now belongs to another process of the same
    user.
    """
    mark = folder / "postmaster.pid"
    if not mark.exists():
        return
    with suppress(psutil.Error, ValueError, IndexError):
        leftover = psutil.Process(int(mark.read_text().splitlines()[0]))
        if str(folder) in leftover.cmdline():
            os.kill(leftover.pid, signal.SIGINT)
            leftover.wait(STOP_SECONDS)
    mark.unlink(missing_ok=True)
