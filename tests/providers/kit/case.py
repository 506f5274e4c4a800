"""What an adapter gives the kit: recorded payloads, keys, and how its provider says no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import JsonValue, SecretStr

from domain.delivery.message_status import MessageStatus
from providers.contract import InboundText, TextPart
from simulator.settings import SimulatorSettings

PAYLOADS = Path(__file__).parents[2] / "payloads"
ACCOUNT = "AC" + "1" * 32
CODES = "error_codes.txt"


class Covers(StrEnum):
    """What of a webhook its signature covers."""

    body = "body"
    """Every byte of the body."""
    content = "content"
    """The values in the body, and the address, however they are encoded."""
    nothing = "nothing"
    """The webhook only carries a password."""


@dataclass(frozen=True)
class Proof:
    """How a webhook proves where it comes from: headers, all of them needed, and what they cover.

    `tolerance`: seconds by which a signed time may differ from ours; None if no time is signed.
    """

    headers: tuple[str, ...]
    covers: Covers
    tolerance: float | None = None


@dataclass(frozen=True)
class Told:
    """A delivery report as the adapter should read it. `failure`: our code of the reason."""

    provider_message_id: str
    status: MessageStatus
    failure: str | None = None
    provider_code: str | None = None
    part: TextPart | None = None


@dataclass(frozen=True)
class Reading:
    """A recorded webhook in `tests/payloads/<provider>`, and everything in it, in order.

    `reports`: whether it was posted to the address for reports. Texts are compared without `raw`.
    """

    file: str
    texts: tuple[InboundText, ...] = ()
    reports: tuple[Told, ...] = ()
    is_report: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawAnswer:
    """An answer of the provider's API."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)  # known by itself, because payloads have no hash
class Case:
    """One provider in the kit.

    `entered`: the form of credentials as the brand's administrator fills it in; `token`: what the
    simulated provider signs webhooks with, and knows the brand by; `other_...`: another account's.
    `refusal` and `failed_report`: the provider's answer to a send, and the body of a report, with
    one of its error codes. `api_path`: where its API begins in the simulator.
    """

    name: str
    entered: Mapping[str, JsonValue]
    token: str
    other_entered: Mapping[str, JsonValue]
    other_token: str
    proof: Proof
    readings: tuple[Reading, ...]
    suspended: RawAnswer
    refusal: Callable[[str], RawAnswer]
    failed_report: Callable[[str], bytes]
    unknown_code: str
    opt_out_codes: frozenset[str]
    answer_codes: tuple[str, ...] = ()
    """The documented codes in answers; unless set, those in `error_codes.txt`."""
    report_codes: tuple[str, ...] = ()
    """The documented codes in reports; unless set, those in `error_codes.txt`."""
    line: str = "+15550100001"
    api_path: str = ""

    @property
    def payloads(self) -> Path:
        return PAYLOADS / self.name

    @property
    def codes(self) -> tuple[str, ...]:
        """The first word of each line of `error_codes.txt`, as the provider documents them."""
        lines = (self.payloads / CODES).read_text().splitlines()
        return tuple(line.split()[0] for line in lines if line.strip())

    @property
    def settings(self) -> SimulatorSettings:
        """The settings of the simulated provider."""
        return SimulatorSettings(
            account_sid=ACCOUNT, auth_token=SecretStr(self.token), delivery_seconds=0
        )
