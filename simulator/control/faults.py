"""Faults: script what goes wrong next."""

from fastapi import APIRouter

from simulator.dependencies import CarrierDep
from simulator.faults import Fault

router = APIRouter(prefix="/faults", tags=["faults"])


@router.post("", status_code=201)
async def add_fault(fault: Fault, carrier: CarrierDep) -> Fault:
    """Let the next `count` requests or texts meet a fault."""
    carrier.faults.add(fault)
    return fault


@router.get("")
async def list_faults(carrier: CarrierDep) -> list[Fault]:
    """Return the faults still to come."""
    return carrier.faults.waiting()


@router.delete("", status_code=204)
async def clear_faults(carrier: CarrierDep) -> None:
    """Let everything go right again."""
    carrier.faults.clear()
