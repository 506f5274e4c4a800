"""Takes a brand's text as every provider may: as it should be, or with a planned fault."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Response
from fastapi.responses import PlainTextResponse

from simulator.broken import DroppedConnection, ResetConnection
from simulator.carrier import Carrier
from simulator.faults import Fault, FaultKind
from simulator.messages import Message


@dataclass(frozen=True)
class OwnErrors:
    """A provider's own errors, which its routes turn into answers.

    `refused` gets the planned reason, or `usual_refusal` if the plan names none;
    `too_many_requests` the seconds to wait.
    """

    refused: Callable[[int], Exception]
    too_many_requests: Callable[[int], Exception]
    suspended: Callable[[], Exception]
    unavailable: Callable[[], Exception]
    server_error: Callable[[], Exception]
    usual_refusal: int | None = None


async def submit(
    carrier: Carrier, draft: Callable[[], Message], errors: OwnErrors
) -> Message | Response:
    """Take the text that `draft` returns, or return a broken answer.

    Raises the provider's own errors: those of `draft`, and planned ones.
    """
    if broken := _before_taking(carrier, errors):
        return broken
    message = carrier.accept(draft())
    if slow := carrier.faults.take(FaultKind.slow_answer):
        await asyncio.sleep(slow.lateness)
    if carrier.faults.take(FaultKind.reset_after_taking):
        return ResetConnection()
    if lost := carrier.faults.take(FaultKind.answer_lost):
        if lost.answer == "drop":
            return DroppedConnection()
        raise errors.server_error()
    return message


def _before_taking(carrier: Carrier, errors: OwnErrors) -> Response | None:
    if carrier.faults.take(FaultKind.reset_before_taking):
        return ResetConnection()
    if carrier.faults.take(FaultKind.suspended):
        raise errors.suspended()
    if fault := carrier.faults.take(FaultKind.refused):
        usual = errors.usual_refusal if fault.error_code is None else None
        raise errors.refused(usual or fault.reason or 0)
    if fault := carrier.faults.take(FaultKind.too_many_requests):
        raise errors.too_many_requests(fault.retry_after)
    if fault := carrier.faults.take(FaultKind.unavailable):
        return _failed(fault, 503, errors.unavailable)
    if fault := carrier.faults.take(FaultKind.server_error):
        return _failed(fault, 500, errors.server_error)
    return None


def _failed(fault: Fault, status: int, own: Callable[[], Exception]) -> Response:
    if fault.body == "provider":
        raise own()
    return PlainTextResponse("upstream failure", status_code=status)
