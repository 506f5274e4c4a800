import asyncio
import signal

import uvicorn
from fastapi import FastAPI

from cli.api import Server


def test_open_streams_learn_at_once_that_the_server_stops() -> None:
    stopping = asyncio.Event()
    server = Server(uvicorn.Config(FastAPI()), stopping)
    server.handle_exit(signal.SIGTERM, None)
    assert stopping.is_set()
    assert server.should_exit
