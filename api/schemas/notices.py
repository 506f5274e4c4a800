"""Notices, how people want them, browsers to push to, and who is in a conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from api.schemas.shared import LATEST, Answer, OneLine, Request, example
from database.queries.notices import ShownNotice
from domain.notices.kinds import CATALOGUE, Channel, NoticeKind, Preferences
from domain.notices.words import About, Said, body, title
from services.looking.presence import Doing, Present
from services.push_subscriptions import NewSubscription
from translations.catalogue import spoken
from translations.reader import reader

LONGEST_KEY = 200
"""Characters of a browser's key, which has 87. Ours."""


class NoticeOut(Answer):
    """A notice. `title`: what happened; `body`: the words of the text or note, or the skill.

    `conversation_id`: null where you may not see the conversation any more.

    `times`: how often it happened since you read it. `due_at`: the response deadline that passed,
    or when the offer ends.
    """

    id: int
    kind: NoticeKind
    at: datetime
    title: str
    body: str | None
    conversation_id: UUID | None
    consumer_name: str | None
    consumer_number: str | None
    skill_id: str | None
    by_agent_id: str | None
    why: str | None
    times: int
    due_at: datetime | None
    read_at: datetime | None

    @classmethod
    def of(cls, shown: ShownNotice) -> Self:
        notice = shown.notice
        about = About(
            kind=NoticeKind(notice.kind),
            why=notice.why,
            by=shown.by,
            who=shown.who,
            skill=shown.skill,
            text=shown.text,
            times=notice.times,
            alert=notice.data.get("alert"),
            subject=notice.data.get("name"),
        )
        below = body(about)
        return cls(
            id=notice.id,
            kind=about.kind,
            at=notice.at,
            title=_spoken(title(about)),
            body=_spoken(below) if below else None,
            conversation_id=shown.conversation_id,
            consumer_name=shown.consumer_name,
            consumer_number=shown.consumer_number,
            skill_id=shown.skill_id,
            by_agent_id=notice.by_agent_id,
            why=notice.why,
            times=notice.times,
            due_at=notice.due_at,
            read_at=notice.read_at,
        )


def _spoken(said: Said) -> str:
    """Return what a notice says in its reader's language."""
    return spoken(reader().language, said.sentence, said.values)


class NoticesMessage(Answer):
    """To a page: notices of its person that are new or changed, and how many are unread.

    `unread`: null where some may have been missed, so that the page reads all again.
    """

    notices: list[NoticeOut]
    unread: int | None


class UnreadOut(Answer):
    """How many notices are unread."""

    unread: int


class NoticesRead(Request):
    """What you have read: some notices, those of a conversation, or all (`{}`)."""

    model_config = example(ids=[4711])

    ids: Annotated[
        tuple[Annotated[int, Field(ge=1, le=LATEST)], ...] | None, Field(max_length=200)
    ] = None
    conversation_id: UUID | None = None


class ChannelsOut(Answer):
    """Where a kind of notice reaches you. `name`: the kind in words."""

    kind: NoticeKind
    name: str
    page: bool
    sound: bool
    desktop: bool
    push: bool


class PreferencesOut(Answer):
    """Where each kind of notice that you can get reaches you."""

    kinds: list[ChannelsOut]

    @classmethod
    def of(cls, chosen: Preferences) -> Self:
        return cls(
            kinds=[
                ChannelsOut(
                    kind=kind,
                    name=CATALOGUE[kind].name,
                    page=Channel.page in channels,
                    sound=Channel.sound in channels,
                    desktop=Channel.desktop in channels,
                    push=Channel.push in channels,
                )
                for kind, channels in chosen.items()
            ]
        )


class ChannelsChange(Request):
    """Channels to switch for a kind of notice. What is left out stays as it is."""

    kind: NoticeKind
    page: bool | None = None
    sound: bool | None = None
    desktop: bool | None = None
    push: bool | None = None

    @property
    def wanted(self) -> Mapping[Channel, bool]:
        said = {one: getattr(self, one) for one in Channel}
        return {one: is_on for one, is_on in said.items() if is_on is not None}


class PreferencesChange(Request):
    """Kinds of notices to switch. What is left out stays as it is."""

    model_config = example(kinds=[{"kind": "text", "sound": False}])

    kinds: Annotated[tuple[ChannelsChange, ...], Field(max_length=len(NoticeKind))]

    @property
    def wanted(self) -> Mapping[NoticeKind, Mapping[Channel, bool]]:
        return {one.kind: one.wanted for one in self.kinds}


class PushKeyOut(Answer):
    """The `applicationServerKey` that browsers subscribe with."""

    public_key: str


class BrowserKeys(Request):
    """A browser's key and secret, as its subscription has them."""

    p256dh: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY)]
    auth: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_KEY)]


class NewPushSubscription(Request):
    """A browser's subscription at its push service. `browser`: a name by which you know it."""

    model_config = example(
        endpoint="https://push.example.com/send/4711",
        keys={
            "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I9"
            "9e8QcYP7DkM",
            "auth": "tBHItJI5svbpez7KI4CCXg",
        },
        browser="Firefox on Linux",
    )

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    keys: BrowserKeys
    browser: Annotated[OneLine, StringConstraints(min_length=1, max_length=80)]

    @property
    def wanted(self) -> NewSubscription:
        keys, language = self.keys, reader().language
        return NewSubscription(self.endpoint, keys.p256dh, keys.auth, self.browser, language)


class PushSubscriptionOut(Answer):
    """A browser that gets your notices while no page is open. `told_at`: when it last got one."""

    id: UUID
    browser: str
    created_at: datetime
    told_at: datetime | None


class PresenceChange(Request):
    """What you do in a conversation. `page`: tells your pages apart."""

    model_config = example(doing="types", page="b1")

    doing: Doing
    page: Annotated[OneLine, StringConstraints(min_length=1, max_length=40)] = "1"


class PresentOut(Answer):
    """A colleague in a conversation."""

    agent_id: str
    name: str
    doing: Doing


class PresenceOut(Answer):
    """Who else is in a conversation now, by name."""

    people: list[PresentOut]

    @classmethod
    def of(cls, people: Sequence[Present]) -> Self:
        return cls(people=[PresentOut.model_validate(one) for one in people])


class PresenceMessage(Answer):
    """To pages that have a conversation open: who is in it now, their own person among them."""

    conversation_id: UUID
    people: list[PresentOut]
