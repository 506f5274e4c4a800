"""Right-to-left names and texts do not reorder the text around them, on any page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from sqlalchemy import insert, update

from database.tables import (
    Account,
    Agent,
    AutomaticMessage,
    AwayReason,
    Connector,
    Consumer,
    Conversation,
    Line,
    QueueEntry,
    RoutingDecision,
    Skill,
)
from simulator.web import pages as phone_pages
from tests.api.conftest import Office
from tests.fixtures.centre import Centre
from tests.web.at_the_workspace import entries, listing, opened
from tests.web.conftest import Browsing
from tests.web.test_offers import ring
from web.directions import FIRST_STRONG, POP, isolated
from web.rendering import TEMPLATES

HEBREW = re.compile(r"[\u0590-\u05ff]")
ISOLATED = re.compile(rf"{FIRST_STRONG}[^{POP}]*{POP}")
READ_OUT = {"title", "aria-label", "alt", "placeholder"}
VOID = {"meta", "link", "input", "img", "br", "rect", "path", "circle", "hr"}
NAME = "דנה 7"
TECHNICAL = r'(value|id|for|name|href|data-[\w-]+)="[^"]*$'


class Walk(HTMLParser):
    """Finds right-to-left words that stand in a page with nothing to keep them together."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.bare: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in READ_OUT & set(values):
            self._look(values[name] or "", f"{name} of {tag}", is_kept=False)
        is_field = tag == "input" and values.get("type", "text") in ("text", None)
        if is_field and HEBREW.search(values.get("value") or "") and values.get("dir") != "auto":
            self.bare.append(f"value of {values.get('name')}")
        if tag not in VOID:
            self.open.append((tag, tag == "bdi" or values.get("dir") == "auto"))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        is_kept = any(keeps for _, keeps in self.open)
        self._look(data, " ".join(tag for tag, _ in self.open[-4:]), is_kept=is_kept)

    def _look(self, words: str, where: str, *, is_kept: bool) -> None:
        self.seen += bool(HEBREW.search(words))
        if not is_kept and HEBREW.search(ISOLATED.sub("", words)):
            self.bare.append(f"{where}: {words.strip()}")


async def rename(office: Office, centre: Centre) -> None:
    """Call everything by a Hebrew name."""
    async with office.sessions.begin() as session:
        for table in (Agent, Skill, Line, Connector):
            await session.execute(update(table).values(name=NAME))
        await session.execute(update(Account).values(name=NAME, brand=NAME))
        await session.execute(
            insert(AwayReason).values(account_id=office.brand.account_id, name=NAME)
        )
        away = {"state": "away", "state_reason": NAME}
        await session.execute(
            update(Agent).where(Agent.id == office.brand.ben.agent_id).values(away)
        )
        await session.execute(update(Consumer).values(name=NAME))
        await session.execute(
            insert(AutomaticMessage).values(
                account_id=office.brand.account_id, event="welcome", language="he", text=f"{NAME}!"
            )
        )


@pytest.fixture
async def conversation(office: Office, centre: Centre) -> str:
    """A conversation in Hebrew, everything around it with a Hebrew name."""
    await centre.text("שלום, איפה ההזמנה שלי 12345?")
    await centre.assign(office.brand.ann.agent_id, NAME)
    await rename(office, centre)
    row = await centre.conversation()
    async with office.sessions.begin() as session:
        decided: dict[str, object] = {
            "ticket": 1,
            "kind": "assigned",
            "reason": f"{NAME} has room (1 of 3).",
        }
        decided["candidates"] = [
            {
                "agent_id": "a",
                "name": NAME,
                "load": 1,
                "capacity": 3,
                "why": f"{NAME} (1)",
                "chosen": True,
            }
        ]
        await session.execute(
            insert(RoutingDecision).values(
                account_id=office.brand.account_id,
                conversation_id=row.id,
                at=datetime.now(UTC),
                **decided,
            )
        )
        await session.execute(
            update(Conversation).values(survey_comment=NAME, survey_score=5, survey_satisfied=True)
        )
    return str(row.id)


@pytest.mark.usefixtures("conversation")
async def test_no_page_lets_right_to_left_words_move_what_stands_around_them(
    office: Office, browsing: Browsing
) -> None:
    brand = office.brand
    paths = [
        "/admin/skills",
        f"/admin/skills/{brand.support}",
        "/admin/agents",
        f"/admin/agents/{brand.ann.agent_id}",
        "/admin/hours",
        f"/admin/hours?skill={brand.support}",
        "/admin/messages?event=welcome&language=he",
        f"/admin/messages?of=line:{brand.line_id}&language=he",
        f"/admin/messages?of=connector:{brand.account_id}-twilio",
        f"/admin/surveys?of=line:{brand.line_id}&language=he",
        "/admin/account",
    ]
    async with browsing(office.ada) as ada:
        for path in paths:
            answer = await ada.get(path)
            assert answer.status_code == 200, path
            walk = Walk()
            walk.feed(answer.text)
            assert walk.bare == [], path
            assert walk.seen, path


async def test_the_workspaces_sentences_isolate_them_too(
    office: Office, browsing: Browsing, centre: Centre, conversation: str
) -> None:
    """Names alone stand in elements of their own: the browser stories look at those."""
    await centre.text("שלום")
    async with browsing(office.brand.ann) as ann:
        told = [one.sentence for one in (await entries(ann, conversation)).entries]
        shown = await opened(ann, conversation)
    sentences = [*told, *(due.sentence for due in shown.upcoming)]
    assert [one for one in sentences if one and HEBREW.search(ISOLATED.sub("", one))] == []
    assert f"Assigned to {FIRST_STRONG}{NAME}{POP}" in told


async def test_the_reason_for_a_wait_isolates_them_too(
    office: Office, browsing: Browsing, centre: Centre
) -> None:
    await ring(centre, office.brand.ann)
    await rename(office, centre)
    async with office.sessions.begin() as session:
        await session.execute(update(QueueEntry).values(waiting_reason=f"{NAME} is full (3)."))
    async with browsing(office.brand.ann) as ann:
        [row] = (await listing(ann, "waiting")).conversations
    assert row.wait
    assert row.wait.because == f"{FIRST_STRONG}{NAME}{POP} is full (3)."


PEOPLES = re.compile(
    r"message\.text|last_text|survey\.comment|names\.(lines|skills|agents)\.get|\bwho\(|"
    r"bubble\.text|\b(agent|skill|place|connector|line|queue|one|target)\.name\b|text\.text"
)


FOLDERS = {"api": TEMPLATES, "simulator": phone_pages.HERE / "templates"}


def written(folder: str) -> Iterator[tuple[str, str]]:
    """Yield each place of a template where people's words are written, with what leads up to it."""
    for path in sorted(
        (TEMPLATES if folder == "api" else phone_pages.HERE / "templates").rglob("*.html")
    ):
        source = path.read_text()
        for found in re.finditer(r"\{\{(.*?)\}\}", source, re.S):
            if PEOPLES.search(found[1]):
                yield f"{path.name}: {found[0]}", source[: found.start()] + found[0]


@pytest.mark.parametrize("folder", ["api", "simulator"])
def test_every_template_isolates_peoples_words_where_it_writes_them(folder: str) -> None:
    bare = []
    for where, source in written(folder):
        before, expression = source.rsplit("{{", 1)
        is_named = re.match(r"-?\s*(named|person|avatar|field|many|choice|back|act)\(", expression)
        tags = re.findall(r"<(/?)([\w-]+)((?:[^<>{}]|\{\{.*?\}\}|\{%.*?%\})*)(>|$)", before, re.S)
        last = tags[-1] if tags else ("", "", "", ">")
        is_in_tag = last[3] != ">"
        is_technical = is_in_tag and re.search(
            r'(value|id|for|name|href|data-[\w-]+)="[^"]*$', before
        )
        is_in_bubble = "bubble.text" in where and 'dir="ltr">{% if bubble.is_ours' in before
        keeps = is_in_bubble or 'dir="auto"' in last[2] or last[1] == "bdi"
        is_isolated = re.search(r'isolated|whole|_\(.*(<bdi>|dir="auto">)\{', expression)
        is_macro = "{% macro who" in before.splitlines()[-1] or "macro person" in before[-60:]
        if not (is_named or is_technical or is_isolated or keeps or is_macro):
            bare.append(where)
    assert bare == []


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Assigned to Ann", "Assigned to Ann"),
        ("Assigned to דנה כהן, 3 of 4", f"Assigned to {FIRST_STRONG}דנה כהן{POP}, 3 of 4"),
        ("אב gave it to גד", f"{FIRST_STRONG}אב{POP} gave it to {FIRST_STRONG}גד{POP}"),
        ("أحمد", f"{FIRST_STRONG}أحمد{POP}"),
        ("", ""),
        ("One of תמיכה 24/7 with room: 2", f"One of {FIRST_STRONG}תמיכה 24/7{POP} with room: 2"),
        ("Offered to כהן (ניהול)", f"Offered to {FIRST_STRONG}כהן (ניהול){POP}"),
        ("Rings (at דנה)", f"Rings (at {FIRST_STRONG}דנה{POP})"),
        ("With דנה: 2 of 5.", f"With {FIRST_STRONG}דנה{POP}: 2 of 5."),
    ],
)
def test_right_to_left_words_in_a_sentence_are_kept_together(sentence: str, kept: str) -> None:
    assert isolated(sentence) == kept


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("דנה VIP has no room", f"{FIRST_STRONG}דנה VIP{POP} has no room"),
        ("דנה and דנה VIP", f"{FIRST_STRONG}דנה{POP} and {FIRST_STRONG}דנה VIP{POP}"),
        ("Ann of תמיכה (A-1): 2", f"Ann of {FIRST_STRONG}תמיכה (A-1){POP}: 2"),
        ("דנהלה is away", f"{FIRST_STRONG}דנהלה{POP} is away"),
        ("Ann has room", "Ann has room"),
    ],
)
def test_a_name_that_is_known_is_kept_whole_with_its_latin_letters(
    sentence: str, kept: str
) -> None:
    assert isolated(sentence, {"Ann", "דנה", "דנה VIP", "תמיכה (A-1)"}) == kept
