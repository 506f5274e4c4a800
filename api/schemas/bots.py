"""Bots: programs that serve skills, what they answer, and what trying one shows."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, JsonValue, StringConstraints, TypeAdapter

from api.schemas.shared import (
    Answer,
    Language,
    Name,
    Request,
    SlugText,
    Text,
    change,
    example,
    sent,
    within,
)
from domain.bots.answers import MOST_TEXTS, AnsweredAction, BotAnswer
from domain.bots.kinds import BotAction, BotMode, BotProblem
from domain.bots.policy import DEADLINE_SECONDS, TEXTS, TURNS, TURNS_PER_MINUTE
from domain.endpoints.outcomes import PostOutcome
from domain.endpoints.urls import LONGEST
from domain.settings import allowed
from services.configuring import bots
from services.configuring.bots import BotState
from services.trying_bots import Tried

Url = Annotated[str, StringConstraints(max_length=LONGEST)]
Words = Annotated[Text, StringConstraints(min_length=1, max_length=400)]
Disclosures = Annotated[dict[Language, Words], Field(max_length=50)]
Deadline = Annotated[
    int, within(allowed.BOT_DEADLINE, "Seconds for an answer, all attempts together.")
]
TextsMost = Annotated[int, within(allowed.BOT_TEXTS, "Texts of bots in one conversation.")]
TurnsMost = Annotated[int, within(allowed.BOT_TURNS, "Turns of bots in one conversation.")]
PerMinute = Annotated[
    int, within(allowed.BOT_TURNS_PER_MINUTE, "Turns of one conversation in a minute.")
]
OF_THE_ROW = (
    *("id", "name", "url", "deadline_seconds", "fallback_skill_id", "discloses", "disclosures"),
    *("tells_number", "texts_most", "turns_most", "turns_per_minute", "created_at", "retired_at"),
)
OF_THE_RECORD = (
    *("answered", "passed_on", "failures", "paused_until", "last_answer_at", "last_failure_at"),
)


class BotOut(Answer):
    """A bot. `answered`: turns, `passed_on`: conversations that people got from it. `failures`: in
    a row; while it is paused until `paused_until`, people get its conversations at once.

    `has_people`: any agent has its fallback skill. `conversations`: those it has now.
    """

    id: str
    name: str
    mode: BotMode
    url: str | None
    deadline_seconds: int
    fallback_skill_id: str
    discloses: bool
    disclosures: dict[str, str]
    tells_number: bool
    texts_most: int
    turns_most: int
    turns_per_minute: int
    skills: list[str]
    has_people: bool
    conversations: int
    answered: int
    passed_on: int
    failures: int
    paused_until: datetime | None
    last_answer_at: datetime | None
    last_failure_at: datetime | None
    last_problem: BotProblem | None
    previous_secret_until: datetime | None
    """Until when requests are signed with the previous secret as well."""
    created_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, state: BotState) -> Self:
        row, record = state.bot, state.record
        return cls(
            **{name: getattr(row, name) for name in OF_THE_ROW},
            **{name: getattr(record, name) for name in OF_THE_RECORD},
            mode=BotMode(row.mode),
            skills=list(state.skills),
            has_people=state.has_people,
            conversations=state.conversations,
            last_problem=BotProblem(record.last_problem) if record.last_problem else None,
            previous_secret_until=row.previous_until,
        )


class BotWithSecret(BotOut):
    """A bot with its new secret: this is the only time that it is shown.

    A request that is repeated with its Idempotency-Key gets the same one again.
    """

    secret: str

    @classmethod
    def adding(cls, shown: BotOut, secret: str) -> Self:
        """Add the secret to a bot."""
        return cls(**shown.model_dump(), secret=secret)


class NewBot(Request):
    model_config = example(
        name="Opening hours", url="https://example.com/bot", fallback_skill="acme-support"
    )

    id: SlugText | None = None
    name: Name
    mode: BotMode = Field(
        default=BotMode.webhook,
        description="`webhook`: it is asked by signed posts; `stream`: it follows /v1/events.",
    )
    url: Url | None = Field(default=None, description="An https address, at port 443 or 8443.")
    fallback_skill: SlugText = Field(description="The skill of the people behind it.")
    deadline_seconds: Deadline = DEADLINE_SECONDS
    discloses: bool = Field(
        default=True, description="Tell consumers with its first text that no person writes."
    )
    disclosures: Disclosures = Field(
        default_factory=dict, description="Your own words for that, by language."
    )
    tells_number: bool = Field(default=False, description="It learns the consumer's number.")
    texts_most: TextsMost = TEXTS
    turns_most: TurnsMost = TURNS
    turns_per_minute: PerMinute = TURNS_PER_MINUTE

    @property
    def wanted(self) -> bots.NewBot:
        return bots.NewBot(**self.model_dump())


class BotChange(Request):
    """Fields that are left out stay as they are. Open conversations keep the old settings, but for
    the address.
    """

    model_config = example(deadline_seconds=15)

    name: Name = change("Its name.")
    mode: BotMode = change("How it is asked.")
    url: Url | None = change("Its address.")
    fallback_skill: SlugText = change("The skill of the people behind it.")
    deadline_seconds: Deadline = change("Seconds for an answer.")
    discloses: bool = change("Tell consumers that no person writes.")
    disclosures: Disclosures = change("All of your own words from now on.")
    tells_number: bool = change("It learns the consumer's number.")
    texts_most: TextsMost = change("Texts of bots in one conversation.")
    turns_most: TurnsMost = change("Turns of bots in one conversation.")
    turns_per_minute: PerMinute = change("Turns of one conversation in a minute.")

    @property
    def wanted(self) -> bots.BotChange:
        return bots.BotChange(**sent(self))


class BotTry(Request):
    """A text to try a bot with."""

    model_config = example(text="When do you open?")

    text: Text


class BotTried(Answer):
    """What was posted, and what came back. `problem`: why people would get the conversation."""

    request: dict[str, JsonValue]
    outcome: PostOutcome | None
    status: int | None
    milliseconds: int | None
    answer: BotAnswer | None
    problem: str | None

    @classmethod
    def of(cls, tried: Tried) -> Self:
        answer = tried.read if isinstance(tried.read, BotAnswer) else None
        return cls(
            request=TypeAdapter(dict[str, Any]).validate_json(tried.request),
            outcome=tried.outcome,
            status=tried.status,
            milliseconds=tried.milliseconds,
            answer=answer,
            problem=None if isinstance(tried.read, BotAnswer) else tried.read.why,
        )


class BotActionIn(Request):
    """What the bot does after its texts. `skill`: of a transfer."""

    model_config = example(kind="transfer", skill="acme-sales")

    kind: BotAction = BotAction.stay
    skill: SlugText | None = None


class NewBotAnswer(Request):
    """A bot's answer to its turn. `notes`: for colleagues, as a private note."""

    model_config = example(turn=1, texts=["We open at nine."], action={"kind": "stay"})

    turn: Annotated[int, Field(ge=1, le=2**31 - 1)]
    texts: list[Text] = Field(default_factory=list, max_length=MOST_TEXTS)
    action: BotActionIn = Field(default_factory=BotActionIn)
    notes: Text | None = None

    @property
    def answer(self) -> BotAnswer:
        action = AnsweredAction(kind=self.action.kind, skill=self.action.skill)
        return BotAnswer(turn=self.turn, texts=tuple(self.texts), action=action, notes=self.notes)
