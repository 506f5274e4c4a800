"""Lines: the brand registers its numbers."""

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from simulator.carrier import Carrier
from simulator.dependencies import CarrierDep, LineNumber
from simulator.lines import Line, LineKind, kind_of

router = APIRouter(prefix="/lines", tags=["lines"])


class LineSettings(BaseModel):
    """Where a line's texts go. Unset: the account's token, and the kind by the number's looks."""

    model_config = ConfigDict(extra="forbid")

    webhook_url: HttpUrl | None = None
    auth_token: SecretStr | None = None
    account: str = Field(default="", description="Its SID; empty: the first account.")
    takes_texts: bool = True
    takes_calls: bool = True
    text_app: str = Field(default="", description="An application that takes its texts.")
    call_app: str = Field(default="", description="An application that takes its calls.")
    trunk: str = Field(default="", description="A trunk that takes its calls.")
    kind: LineKind | None = None
    provider: str | None = None
    messaging_service_sid: str | None = Field(default=None, pattern=r"^MG[0-9a-fA-F]{32}$")


class ShownLine(BaseModel):
    """A line without its secret."""

    number: str
    kind: LineKind
    webhook_url: str
    messaging_service_sid: str | None


@router.get("")
async def list_lines(carrier: CarrierDep) -> list[ShownLine]:
    """Return the lines in order of registration."""
    return [_shown(line) for line in carrier.lines]


@router.put("/{number}")
async def register_line(
    number: LineNumber, settings: LineSettings, carrier: CarrierDep
) -> ShownLine:
    """Register a line, or change it."""
    token, provider = settings.auth_token, settings.provider or carrier.first_provider
    if provider not in carrier.networks:
        raise HTTPException(422, f"No provider is called {provider}.")
    line = Line(
        number=number,
        kind=settings.kind or kind_of(number),
        webhook_url=str(settings.webhook_url or ""),
        auth_token=token.get_secret_value() if token else _token(carrier, settings.account),
        account=settings.account,
        takes_texts=settings.takes_texts,
        takes_calls=settings.takes_calls,
        text_app=settings.text_app,
        call_app=settings.call_app,
        trunk=settings.trunk,
        provider=provider,
        messaging_service_sid=settings.messaging_service_sid,
    )
    carrier.lines.put(line)
    return _shown(line)


def _token(carrier: Carrier, account: str) -> str:
    if not account:
        return carrier.account.auth_token
    if account not in carrier.others:
        raise HTTPException(422, f"There is no account {account}.")
    return carrier.others[account].auth_token


def _shown(line: Line) -> ShownLine:
    return ShownLine(
        number=line.number,
        kind=line.kind,
        webhook_url=line.webhook_url,
        messaging_service_sid=line.messaging_service_sid,
    )
