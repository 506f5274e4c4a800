"""The account: its defaults for conversations, agents and hours."""

from datetime import time
from typing import Annotated

from pydantic import AfterValidator

from api.schemas.people import Capacity
from api.schemas.shared import (
    Answer,
    Language,
    Name,
    Request,
    SlugText,
    change,
    example,
    sent,
    within,
)
from api.schemas.skills import AutoClose, AutomaticReplies, Retention, ThanksShown
from domain.consent.first_texts import FirstTextCheck
from domain.consent.reach import Reach
from domain.language_settings import TextPrecedence
from domain.routing.kinds import AcceptMode, CapacityMode, FallbackWhen
from domain.settings import allowed
from services.configuring import account
from services.inputs import ResponseTime


def _time_zone(name: str) -> str:
    if not allowed.is_time_zone(name):
        raise ValueError("must be the name of a time zone, such as Europe/Berlin")
    return name


def _local(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("is a local time, such as 09:00")
    return at


TimeZone = Annotated[str, AfterValidator(_time_zone)]
Hour = Annotated[time, AfterValidator(_local)]
Silence = Annotated[int, within(allowed.SILENCE, "Seconds in working hours.")]
Grace = Annotated[int, within(allowed.GRACE, "Seconds.")]
Within = Annotated[int, within(allowed.AFFINITY, "Seconds.")]
TextBound = Annotated[int, within(allowed.TEXT_BOUND, "Texts.")]
AuditKept = Annotated[int, within(allowed.AUDIT_KEPT, "Days.")]
AlertWaiting = Annotated[int, within(allowed.ALERT_WAITING, "Seconds.")]


class AccountOut(Answer):
    """A brand and its defaults. Times in seconds."""

    id: str
    name: str
    brand: str
    language: str
    time_zone: str
    auto_close_seconds: int
    agent_transfer_fallback_seconds: int
    default_capacity: int
    capacity_mode: CapacityMode
    accept_mode: AcceptMode
    ring_timeout_seconds: int
    missed_offers_allowed: int
    affinity_seconds: int
    has_warm_up: bool
    release_after_seconds: int | None
    default_skill_id: str | None
    fallback_when: FallbackWhen
    text_precedence: TextPrecedence
    response_seconds: int | None
    first_response_seconds: int | None
    agent_silent_nudge_seconds: int | None
    agent_silent_reroute_seconds: int | None
    thanks_shown_seconds: int
    thanks_need_answer: bool
    automatic_replies_seconds: int
    opt_out_reach: Reach
    holds_quiet_hours: bool
    texts_from: time | None
    texts_until: time | None
    first_text_check: FirstTextCheck
    needs_consent: bool
    queues_programs: bool
    alert_waiting_seconds: int | None
    alerts_nobody_online: bool
    audit_kept_days: int
    retention_days: int | None
    """Null: the content of conversations is kept for good."""
    masks_cards: bool
    agent_texts_a_minute: int | None
    agent_texts_a_day: int | None
    line_texts_a_minute: int | None
    line_texts_a_day: int | None
    account_texts_a_minute: int | None
    account_texts_a_day: int | None
    alerts_texts_not_passing: bool
    push_shows_text: bool


class AccountChange(Request):
    """Fields that are left out stay as they are."""

    model_config = example(brand="Acme Outdoor", default_capacity=5)

    name: Name = change("The name its people use.")
    brand: Name = change("The name consumers see.")
    language: Language = change("Language of automatic messages, such as en.")
    time_zone: TimeZone = change("Such as Europe/Berlin.")
    auto_close_seconds: AutoClose = change("25 minutes to 90 days.")
    agent_transfer_fallback_seconds: Annotated[int, within(allowed.TRANSFER_WAIT)] = change(
        "How long a transfer to an agent waits for them."
    )
    default_capacity: Capacity = change("Conversations an agent has at once.")
    capacity_mode: CapacityMode = change("Whether conversations with silent consumers count less.")
    accept_mode: AcceptMode = change("auto_accept: assigned at once. ring: offered first.")
    ring_timeout_seconds: Annotated[int, within(allowed.RING_TIMEOUT)] = change(
        "How long an offer rings."
    )
    missed_offers_allowed: Annotated[int, within(allowed.MISSED_OFFERS)] = change(
        "Offers in a row an agent may miss before they are set to away; 0: no limit."
    )
    affinity_seconds: Within = change(
        "For this long a consumer gets the agent they had last; 0: never."
    )
    has_warm_up: bool = change(
        "After log-in one conversation, then one more every 90 s until full."
    )
    release_after_seconds: Grace | None = change(
        "When an agent is gone this long, their conversations return to the queue; null: never."
    )
    default_skill: SlugText | None = change(
        "Gets the texts of every line; null: each line's entry skill."
    )
    fallback_when: FallbackWhen = change("When a skill's fallback takes new conversations.")
    text_precedence: TextPrecedence = change(
        "language: consumers get texts in their own language, if need be the product's. scope: "
        "texts of a line, a skill or a connector in the account's language come first."
    )
    response_seconds: ResponseTime | None = change("Response time; null: none.")
    first_response_seconds: ResponseTime | None = change(
        "The same for a consumer's first conversation; null: like any other."
    )
    agent_silent_nudge_seconds: Silence | None = change("When a silent agent is reminded.")
    agent_silent_reroute_seconds: Silence | None = change(
        "When a silent agent's conversation returns to the queue."
    )
    thanks_shown_seconds: ThanksShown = change(
        "How long after the end thanks and reactions open no conversation; 0: they always do."
    )
    thanks_need_answer: bool = change(
        "Whether thanks and reactions start the response time of an open conversation."
    )
    automatic_replies_seconds: AutomaticReplies = change(
        "How soon after our text a phone's own answer comes; 0: none is recognised."
    )
    opt_out_reach: Reach = change("What a STOP opts out of: all lines, the connector's or the one.")
    holds_quiet_hours: bool = change(
        "Whether texts that nobody asked for wait for the lawful hours of the consumer's place."
    )
    texts_from: Hour | None = change("Stricter hours of your own begin; null: those of the place.")
    texts_until: Hour | None = change("And end, by the consumer's local time.")
    first_text_check: FirstTextCheck = change(
        "append: the first text to a new consumer gets the brand's name and how to opt out where "
        "it lacks them. refuse: it is refused. off: it is sent as it is."
    )
    needs_consent: bool = change(
        "Whether agents may open conversations only with consumers who have texted, or whose "
        "consent is recorded."
    )
    queues_programs: bool = change("Whether texts of short codes and names wait for an agent.")
    alert_waiting_seconds: AlertWaiting | None = change(
        "Managers are alerted to a conversation that waits for longer; null: never."
    )
    alerts_nobody_online: bool = change(
        "Whether managers are alerted when conversations wait and nobody with the skill is online."
    )
    alerts_texts_not_passing: bool = change(
        "Whether managers are alerted to connectors out of order, and to texts that are refused."
    )
    audit_kept_days: AuditKept = change("How many days the audit log is kept.")
    retention_days: Retention | None = change(
        "How many days after its end the content of a conversation is kept; null: for good. Ask "
        "GET /v1/erasures/retention first what would go at once."
    )
    masks_cards: bool = change(
        "Whether numbers of payment cards in consumers' texts are masked before anything is "
        "stored, and agents' texts with such numbers are refused."
    )
    agent_texts_a_minute: TextBound | None = change(
        "Texts that one person may send in a minute; null: any number."
    )
    agent_texts_a_day: TextBound | None = change(
        "Texts that one person may send in a day; null: any number."
    )
    line_texts_a_minute: TextBound | None = change(
        "Texts that one line may send in a minute; null: any number."
    )
    line_texts_a_day: TextBound | None = change(
        "Texts that one line may send in a day; null: any number."
    )
    account_texts_a_minute: TextBound | None = change(
        "Texts that all lines may send in a minute; null: any number."
    )
    account_texts_a_day: TextBound | None = change(
        "Texts that all lines may send in a day; null: any number."
    )
    push_shows_text: bool = change(
        "Whether notices on people's phones and browsers show texts and consumers' names."
    )

    @property
    def wanted(self) -> account.AccountChange:
        return account.AccountChange(**sent(self))
