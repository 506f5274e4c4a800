"""The simulated carrier: delivers the brand's texts to phones, and phones' texts to the brand."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from simulator.calls import Calls, PhoneSettings
from simulator.errands import Errands
from simulator.faults import Fault, FaultKind, Faults
from simulator.lines import Line, Lines
from simulator.messages import Direction, Message, Messages, MessageStatus
from simulator.network import Consent, Network, PartedNetwork, reason_of, report_bodies, text_bodies
from simulator.phones import Author, Phones, PhoneText
from simulator.pictures import Pictures, on_phone
from simulator.turns import Turn, Turns
from simulator.webhooks import BrandAnswer, Sign, WebhookClient


@dataclass(frozen=True)
class SimulatedAccount:
    """The brand's account, and the seconds between two states of a delivery."""

    sid: str
    auth_token: str = field(repr=False)
    delivery_seconds: float


@dataclass
class Standing:
    """How the account and its senders stand with the provider, in the provider's own words."""

    status: str = "active"
    type: str = "Full"
    campaign: str = "VERIFIED"
    """Of a service; empty: it has none."""
    toll_free: str = "APPROVED"
    """Of a toll-free number; empty: its verification was never asked for."""
    leaves_to_numbers: bool = False
    """Services leave texts to the webhooks of their numbers."""


@dataclass
class OtherAccount:
    """A further account, with a token and a standing of its own."""

    auth_token: str = field(repr=False)
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True)
class Texted:
    """A consumer's text: on the phone, as a message, and with the brand's answer."""

    shown: PhoneText
    message: Message
    answer: BrandAnswer


@dataclass(frozen=True)
class Reports:
    """How the delivery callbacks of one text are sent; `times` is 0 if they are lost."""

    is_reordered: bool
    times: int
    late_seconds: float


@dataclass(frozen=True)
class Carrier:
    """The mutable state of the simulated carrier."""

    account: SimulatedAccount
    webhooks: WebhookClient
    errands: Errands
    networks: Mapping[str, Network]
    """Each provider's side, by name."""
    pictures: Pictures
    lines: Lines = field(default_factory=Lines)
    messages: Messages = field(default_factory=Messages)
    phones: Phones = field(default_factory=Phones)
    faults: Faults = field(default_factory=Faults)
    turns: Turns = field(default_factory=Turns)
    calls: Calls = field(default_factory=Calls)
    standing: Standing = field(default_factory=Standing)
    others: dict[str, OtherAccount] = field(default_factory=dict)
    """Further accounts, by their SIDs."""
    phone_numbers: dict[str, PhoneSettings] = field(default_factory=dict)
    """Where the calls of each number go."""
    blocked: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of a sender (number or service) and a phone that opted out of it."""

    @property
    def first_provider(self) -> str:
        """The provider of lines registered without one."""
        return next(iter(self.networks))

    def standing_of(self, account: str) -> Standing:
        """Return how an account stands; an empty SID is the first one's."""
        return self.others[account].standing if account in self.others else self.standing

    def tokens_of(self, account: str) -> set[str]:
        """Return the tokens that an account takes; none for one that is not there."""
        if account in self.others:
            return {self.others[account].auth_token}
        if account != self.account.sid:
            return set()
        return {self.account.auth_token, *(one.auth_token for one in self.lines if not one.account)}

    def phone_settings(self, number: str) -> PhoneSettings:
        """Return where a number's calls go; the brand changes it."""
        return self.phone_numbers.setdefault(number, PhoneSettings())

    def accept(self, message: Message) -> Message:
        """Accept a text of the brand, and deliver it in the background unless it fails at once."""
        if failed := self.faults.take(FaultKind.failed_at_once):
            return self._fail(message, failed)
        self.messages.keep(message)
        turn = self.turns.take((message.sender or message.service_sid or "", message.recipient))
        self.errands.start(self._deliver(message, turn))
        return message

    def _fail(self, message: Message, fault: Fault) -> Message:
        """Fail an accepted text; a provider whose answer tells no status reports it."""
        network = self.networks[message.provider]
        reason = reason_of(network, fault)
        failed = replace(message, status=MessageStatus.failed, error_code=reason)
        if isinstance(network, PartedNetwork):
            self.errands.start(self._report(failed, self._planned_reports()))
        return self.messages.keep(failed)

    async def text(self, phone: str, line: Line, body: str, media: tuple[str, ...]) -> Texted:
        """Text the brand from a phone: handle keywords, then post the text to the brand."""
        network = self.networks[line.provider]
        on_screen = tuple(on_phone(url) for url in media)
        shown = self.phones.show(phone, line.number, Author.consumer, body, on_screen)
        message = self.messages.keep(
            Message(
                sid=network.new_id(has_media=bool(media)),
                sender=phone,
                recipient=line.number,
                body=body,
                direction=Direction.inbound,
                status=MessageStatus.received,
                provider=line.provider,
                media=media,
                service_sid=line.messaging_service_sid,
                account=line.account,
            )
        )
        self._heed_keyword(phone, line, body)
        if self.faults.take(FaultKind.lost_webhooks):
            return Texted(shown, message, BrandAnswer(None, 0))
        answer = await self._hand_over(text_bodies(network, message, line), line)
        if answer.is_success and answer.media_type == "text/plain" and answer.body.strip():
            # A provider may send this text to the consumer, so the brand should see it.
            self.phones.show(phone, line.number, Author.brand, answer.body)
        return Texted(shown, message, answer)

    def _heed_keyword(self, phone: str, line: Line, body: str) -> None:
        pair = (line.blocked_sender, phone)
        found = self.networks[line.provider].handling(
            line.kind, body, is_blocked=pair in self.blocked
        )
        if found is None:
            return
        if found.consent is Consent.blocked:
            self.blocked.add(pair)
        if found.consent is Consent.allowed:
            self.blocked.discard(pair)
        self.phones.show(phone, line.number, Author.carrier, found.reply)

    async def _hand_over(self, bodies: Sequence[bytes], line: Line) -> BrandAnswer:
        """Post a text, part by part; returns the first answer that is no success, or the first."""
        times = 3 if self.faults.take(FaultKind.webhook_three_times) else 1
        answers: list[BrandAnswer] = []
        for body in self._spoilt(bodies):
            sign = partial(self.networks[line.provider].headers, body=body, token=line.auth_token)
            posts = [self._post(line, body, sign) for _ in range(times)]
            answers += await asyncio.gather(*posts)
        return next((answer for answer in answers if not answer.is_success), answers[0])

    async def _post(self, line: Line, body: bytes, sign: Sign) -> BrandAnswer:
        """Post a text to its webhook and, if that fails, to where the line's texts go then."""
        if not line.webhook_url or line.text_app:
            return BrandAnswer(None, 0)
        answer = await self.webhooks.post(line.webhook_url, body, sign)
        if answer.is_success or not line.fallback_url:
            return answer
        return await self.webhooks.post(line.fallback_url, body, sign)

    def _spoilt(self, parts: Sequence[bytes]) -> Sequence[bytes]:
        """Return the parts of a text as the planned faults leave them."""
        if len(parts) == 1:
            return parts
        if self.faults.take(FaultKind.lost_part):
            parts = parts[:-1]
        return parts[::-1] if self.faults.take(FaultKind.reordered_parts) else parts

    async def _deliver(self, message: Message, turn: Turn) -> None:
        network = self.networks[message.provider]
        pictures = await self._fetched(message)
        undelivered = self.faults.take(FaultKind.undelivered)
        reports = self._planned_reports()
        sender = message.sender or self._chosen_sender(message)
        is_lost = undelivered is not None or pictures is None
        last = MessageStatus.undelivered if is_lost else MessageStatus.delivered
        reason = reason_of(network, undelivered) if undelivered else message.media_error
        first = [MessageStatus.queued] if message.status is MessageStatus.accepted else []
        held: list[Message] = []
        for status in (*first, MessageStatus.sent, last):
            await asyncio.sleep(self.account.delivery_seconds)
            error = reason if is_lost and status is last else None
            await turn.come()
            state = self.messages.move(message.sid, status, sender, error)
            if status is last:
                turn.over.set()
            if status is MessageStatus.delivered:
                self.phones.show(
                    state.recipient,
                    sender,
                    Author.brand,
                    state.body,
                    pictures or (),
                    taken_at=state.created_at,
                )
            held.append(state)
            if not reports.is_reordered:
                await self._report(held.pop(), reports)
        for state in reversed(held):
            await self._report(state, reports)

    async def _fetched(self, message: Message) -> tuple[str, ...] | None:
        """Fetch a text's pictures from the brand; None if one of them cannot be had."""
        found = [await self.pictures.fetch(url) for url in message.media]
        return None if None in found else tuple(path for path in found if path)

    def _planned_reports(self) -> Reports:
        """Return how to report one text, using up the planned faults of callbacks."""
        late = self.faults.take(FaultKind.late_callbacks)
        is_lost = self.faults.take(FaultKind.lost_callbacks) is not None
        is_double = self.faults.take(FaultKind.duplicate_callbacks) is not None
        return Reports(
            is_reordered=self.faults.take(FaultKind.reordered_callbacks) is not None,
            times=0 if is_lost else 2 if is_double else 1,
            late_seconds=late.lateness if late else 0,
        )

    def _chosen_sender(self, message: Message) -> str:
        """Return the service's number that this phone already knows, or its first number."""
        numbers = [line.number for line in self.lines.in_service(message.service_sid or "")]
        known = self.phones.last_line(message.recipient)
        return known if known in numbers else numbers[0]

    async def _report(self, state: Message, reports: Reports) -> None:
        """Report a state now, or in the background if the report is late."""
        if reports.late_seconds:
            self.errands.start(self._report_late(state, reports))
        else:
            await self._post_reports(state, reports)

    async def _report_late(self, state: Message, reports: Reports) -> None:
        await asyncio.sleep(reports.late_seconds)
        await self._post_reports(state, reports)

    async def _post_reports(self, state: Message, reports: Reports) -> None:
        if not state.status_callback:
            return
        line = self.lines.get(state.sender or "")
        token = line.auth_token if line else next(iter(self.tokens_of(state.account)), "")
        if line is None and not state.account:
            token = self.account.auth_token
        network = self.networks[state.provider]
        bodies = report_bodies(network, state)
        for body in bodies[::-1] if reports.is_reordered else bodies:
            sign = partial(network.headers, body=body, token=token)
            address, times = state.status_callback, range(reports.times)
            await asyncio.gather(*(self.webhooks.post(address, body, sign) for _ in times))
