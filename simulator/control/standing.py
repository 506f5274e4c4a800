"""How the first account stands with its provider: active or not, on trial, registered or not."""

from dataclasses import fields

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from simulator.carrier import Standing
from simulator.dependencies import CarrierDep

router = APIRouter(prefix="/standing", tags=["faults"])


class StandingChange(BaseModel):
    """In the provider's words, such as suspended, Trial, FAILED, REJECTED. Unset: unchanged."""

    model_config = ConfigDict(extra="forbid")

    status: str | None = None
    type: str | None = None
    campaign: str | None = None
    toll_free: str | None = None
    leaves_to_numbers: bool | None = None


def apply(change: StandingChange, standing: Standing) -> None:
    """Change how an account stands."""
    known = {one.name for one in fields(Standing)}
    for name, value in change.model_dump(exclude_none=True, include=known).items():
        setattr(standing, name, value)


@router.patch("", status_code=204)
async def change_standing(change: StandingChange, carrier: CarrierDep) -> None:
    """Change how the first account stands."""
    apply(change, carrier.standing)
