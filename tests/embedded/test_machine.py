import socket
from dataclasses import replace

import pytest

from embedded.errors import EmbeddedError
from embedded.machine import Ports
from tests.fixtures.ports import own_port


def free_ports() -> Ports:
    return Ports(own_port(), own_port(), own_port(), own_port())


def test_free_ports_are_kept() -> None:
    free_ports().require_free()


@pytest.mark.parametrize(
    ("field", "option"),
    [
        ("api", "--api-port"),
        ("simulator", "--simulator-port"),
        ("temporal", "--temporal-port"),
        ("temporal_ui", "--temporal-ui-port"),
    ],
)
def test_a_busy_port_is_reported_with_the_option_that_changes_it(field: str, option: str) -> None:
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            EmbeddedError, match=rf"Port {port}, .* in use .*{option} or SWITCHBOARD_"
        ):
            replace(free_ports(), **{field: port}).require_free()


def test_one_port_is_not_given_to_two_parts() -> None:
    ports = free_ports()
    with pytest.raises(EmbeddedError, match="--api-port and --temporal-port are both"):
        replace(ports, temporal=ports.api).require_free()
