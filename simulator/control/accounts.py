"""Further accounts of the provider, each with a token and a standing of its own."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import SecretStr

from simulator.carrier import OtherAccount
from simulator.control.standing import StandingChange, apply
from simulator.dependencies import CarrierDep

router = APIRouter(prefix="/accounts", tags=["faults"])

AccountSid = Annotated[str, Path(pattern=r"^AC[0-9a-fA-F]{32}$")]


class NewAccount(StandingChange):
    """An account, and how it stands with its provider."""

    auth_token: SecretStr


@router.put("/{sid}", status_code=204)
async def put_account(sid: AccountSid, new: NewAccount, carrier: CarrierDep) -> None:
    """Open an account, or change it."""
    other = OtherAccount(new.auth_token.get_secret_value())
    apply(new, other.standing)
    carrier.others[sid] = other
