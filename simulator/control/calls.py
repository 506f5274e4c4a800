"""Calls: a phone calls the brand, presses keys, speaks, waits, hangs up."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field

from simulator.calls import Call, CallState
from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep
from simulator.network import CallNetwork

router = APIRouter(prefix="/phones/{number}/calls", tags=["calls"])

Caller = Annotated[
    str, Path(max_length=100, description="E.164, or what a hidden number is shown as: anonymous.")
]


class NewCall(BaseModel):
    """A call to a number of the brand. `is_given_up`: the caller hangs up before the answer."""

    model_config = ConfigDict(extra="forbid")

    to: str
    is_given_up: bool = False


class Act(BaseModel):
    """What the caller does: presses keys, says words, or nothing."""

    model_config = ConfigDict(extra="forbid")

    digits: str = Field(default="", max_length=200)
    speech: str = Field(default="", max_length=2000)
    confidence: float = Field(default=0.9, ge=0, le=1)


class Taken(BaseModel):
    """Whether the person whose phone rings, or the next one of a queue, takes the call."""

    model_config = ConfigDict(extra="forbid")

    is_taken: bool


class ShownCall(BaseModel):
    """A call. `heard`: all that the caller heard; `with_whom`: whose phone rings, or the queue."""

    sid: str
    number: str
    state: CallState
    status: str
    heard: list[str]
    with_whom: str


@router.post("", status_code=201)
async def place(number: Caller, new: NewCall, carrier: CarrierDep) -> ShownCall:
    """Call a number of the brand, and follow its instructions until they wait for somebody."""
    line = carrier.lines.get(new.to)
    if line is None:
        raise HTTPException(404, f"No line has the number {new.to}.")
    network = _network(carrier, line.provider)
    call = carrier.calls.keep(network.new_call(number, line))
    if new.is_given_up:
        await network.hang_up(carrier, call)
    else:
        await network.answer(carrier, call)
    return _shown(call)


@router.get("/{sid}")
async def show(number: Caller, sid: str, carrier: CarrierDep) -> ShownCall:
    """Return a call."""
    return _shown(_found(carrier, number, sid))


@router.post("/{sid}/acts")
async def act(number: Caller, sid: str, done: Act, carrier: CarrierDep) -> ShownCall:
    """Press keys, say words, or be silent. While the caller only waits, time passes."""
    call = _found(carrier, number, sid)
    if call.state not in (CallState.listening, CallState.holding):
        raise HTTPException(409, "Nobody listens to the caller now.")
    network = _network(carrier, call.provider)
    await network.hear(carrier, call, done.digits, done.speech, done.confidence)
    return _shown(call)


@router.post("/{sid}/take")
async def take(number: Caller, sid: str, taken: Taken, carrier: CarrierDep) -> ShownCall:
    """Let the person whose phone rings, or the next one of the queue, take the call or not."""
    call = _found(carrier, number, sid)
    if call.state is CallState.over or (call.dialled is None and call.queued is None):
        raise HTTPException(409, "Nobody's phone rings now.")
    await _network(carrier, call.provider).take(carrier, call, is_taken=taken.is_taken)
    return _shown(call)


@router.post("/{sid}/hang-up")
async def hang_up(number: Caller, sid: str, carrier: CarrierDep) -> ShownCall:
    """Hang up; a call that is over stays as it is."""
    call = _found(carrier, number, sid)
    if call.state is not CallState.over:
        await _network(carrier, call.provider).hang_up(carrier, call)
    return _shown(call)


def _found(carrier: Carrier, caller: str, sid: str) -> Call:
    call = carrier.calls.get(sid)
    if call is None or call.caller != caller:
        raise HTTPException(404, "There is no such call.")
    return call


def _network(carrier: Carrier, provider: str) -> CallNetwork:
    network = carrier.networks[provider]
    if not isinstance(network, CallNetwork):
        raise HTTPException(409, "This provider has no calls here.")
    return network


def _shown(call: Call) -> ShownCall:
    return ShownCall(
        sid=call.sid,
        number=call.number,
        state=call.state,
        status=call.status,
        heard=call.heard,
        with_whom=call.with_whom,
    )
