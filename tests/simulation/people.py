"""Consumers who text and agents who give commands, and what both were told."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from database.queries.events import WRITING
from database.queries.inbound import PendingThread
from domain.consent.keyword import Keyword
from domain.consent.keywords import keyword_in
from domain.conversation.kinds import Status
from domain.people.roles import Role
from ingress.pending import hand_over_waiting
from tests.simulation import instance
from tests.simulation.product import BONJOUR
from tests.simulation.server import Gone, Outcome
from tests.simulation.tables import Row
from tests.simulation.world import ACCOUNT, LINE, World
from workflows.conversation import commands
from workflows.conversation.commands import Command
from workflows.conversation.messages import Actor, CommandDone

CONSUMERS = ("+15550101", "+15550102", "+15550103", "72345")
"""The last is a program: it is never asked to rate."""
DRIVING = "I'm driving right now and will see your message later."
TEXTS = (
    "hello there",
    "5",
    "STOP",
    "START",
    f"{BONJOUR} a tous",
    "and another thing",
    "HELP",
    "no",
    "5 but where is it?",
    "5 no 4",
    "where is it?",
    "hm",
    "ok thanks",
    "see here",
    "5 see here",
    "please stop texting me",
    "Thank you!",
    "Liked “It is ready.”",
    DRIVING,
    "will look at it tonight",
)
PHONES_SEND = ("please stop texting me", f"{BONJOUR} a tous", TEXTS[-1])
"""Texts that are long enough to count as a phone's when they are repeated after ours."""
WITH_PICTURE = ("see here", "5 see here")
PICTURE = {"url": "https://pictures/1", "content_type": "image/jpeg"}
CLOSES = 3
"""Which command closes."""
ACTORS = {
    "ann": Actor(agent_id="ann", name="Ann", role=Role.agent),
    "ben": Actor(agent_id="ben", name="Ben", role=Role.agent),
    "mia": Actor(agent_id="mia", name="Mia", role=Role.manager),
}


@dataclass(frozen=True)
class Taken:
    """A text whose provider was told that we have it."""

    message_id: str
    consumer_id: str
    text: str


@dataclass
class Call:
    """A request to the API, repeated with its key until it is answered.

    `said`: "waiting", "unavailable" (503), "done", or the code of a refusal.
    """

    command: Command
    conversation_id: str | None
    consumer_id: str
    said: str = "waiting"
    done: CommandDone | None = None


@dataclass
class People:
    """Who acts, and what they know."""

    world: World
    taken: list[Taken] = field(default_factory=list)
    calls: dict[str, Call] = field(default_factory=dict)
    _count: int = 0

    # Consumers

    def id_of(self, who: int) -> str:
        """Return a consumer's id: a new one where a restored database forgot them."""
        number, known = CONSUMERS[who % len(CONSUMERS)], self.world.database.tables.consumer
        for key, row in known.items():
            if row["number"] == number:
                return key
        self._count += 1
        new = str(uuid5(NAMESPACE_URL, f"{number} {self._count}"))
        known[new] = {"number": number, "is_opted_out": False}
        return new

    def text(self, who: int, what: int) -> Taken:
        """Let a consumer text: the door takes it."""
        self._count += 1
        consumer_id, text = self.id_of(who), TEXTS[what % len(TEXTS)]
        tables = self.world.database.tables
        consumer = tables.consumer[consumer_id]
        keyword = keyword_in(text, is_opted_out=consumer["is_opted_out"])
        if keyword in (Keyword.stop, Keyword.start):
            consumer = consumer | {"is_opted_out": keyword is Keyword.stop}
        tables.consumer[consumer_id] = consumer
        key = str(uuid5(NAMESPACE_URL, f"text {self._count}"))
        tables.inbound[key] = {
            "id": key,
            "line_id": LINE,
            "consumer_id": consumer_id,
            "text": text,
            "received_at": self.world.now,
            "keyword": keyword,
            "arrival": self._count,
            "handed_over_at": None,
            "hand_overs": 0,
            "media": [PICTURE] if text in WITH_PICTURE else [],
            "wants_opt_out": "stop" in text,
        }
        self.taken.append(Taken(key, consumer_id, text))
        self.world.note(f"{consumer_id[:4]} texts {text!r} ({key[:4]})")
        return self.taken[-1]

    def rate(self, which: int, what: int) -> None:
        """Let somebody who is asked to rate text; where nobody is, an agent closes."""
        rows = self.world.database.tables.conversation.values()
        asked = [row["consumer_id"] for row in rows if row["status"] == Status.survey]
        if not asked:
            self.command(which, CLOSES)
            return
        numbers = [CONSUMERS.index(number) for number in self._numbers(asked)]
        who = numbers[which % len(numbers)]
        self.text(who, what)
        self.hand_over(who)

    def _numbers(self, consumers: list[str]) -> list[str]:
        known = self.world.database.tables.consumer
        return [known[one]["number"] for one in consumers if one in known] or [CONSUMERS[0]]

    def hand_over(self, who: int, *, unmarked: bool = False) -> None:
        """Hand over what waits of a thread; `unmarked`: the database does not hear that it was."""
        consumer_id = self.id_of(who)
        database, clients = self.world.database, self.world.clients
        before = dict(database.tables.inbound)
        thread: Any = PendingThread(ACCOUNT, LINE, "line", "support", consumer_id, "number")  # type: ignore[arg-type]
        self.world.undisturbed(hand_over_waiting(database, clients, thread))  # type: ignore[arg-type]
        if unmarked:
            database.tables.inbound = before

    # Agents

    def command(self, which: int, what: int) -> None:
        """Let somebody give a command to an open conversation."""
        rows = [
            row
            for row in self.world.database.tables.conversation.values()
            if row["status"] != Status.closed
        ]
        if not rows:
            return
        row = rows[which % len(rows)]
        command = self._written(row, what)
        self._give_new(Call(command, row["id"], row["consumer_id"]))

    def note(self, row: Row) -> str:
        """Let a manager write a note; return its key."""
        self._count += 1
        key = f"key-{self._count}"
        command = commands.AddNote(key=key, actor=ACTORS["mia"], text="looked at")
        self._give_new(Call(command, row["id"], row["consumer_id"]))
        return key

    def open(self, who: int) -> None:
        """Let an agent open a conversation."""
        self._count += 1
        command = commands.OpenByAgent(
            key=f"key-{self._count}", actor=ACTORS["ann"], text="It is ready.", skill_id="support"
        )
        self._give_new(Call(command, None, self.id_of(who)))

    def _give_new(self, call: Call) -> None:
        self.calls[call.command.key] = call
        name = call.command.update
        self.world.note(f"{call.command.actor.name} wants {name} ({call.command.key})")
        self.give(call)

    def give(self, call: Call) -> None:
        """Do what the API does with a command, for the first time or again."""
        call.said = "waiting"
        if self._is_done(call):
            return
        if call.conversation_id is None:
            self._give_opening(call)
            return
        row = self.world.database.tables.conversation.get(call.conversation_id)
        if row is None:
            call.said = "not_found"
            return
        command = call.command.model_copy(
            update={"conversation_id": row["id"], "row_sequence": row["sequence"]}
        )
        try:
            self.world.server.update(
                row["workflow_id"],
                command.key,
                instance.updated(command.key, command.update, command),
            )
        except Gone:
            call.said = "conversation_closed"

    def _give_opening(self, call: Call) -> None:
        tables, command = self.world.database.tables, call.command
        rows = tables.of_thread(LINE, call.consumer_id)
        if any(row["status"] != Status.closed for row in rows):
            call.said = "conversation_already_open"
            return
        if tables.consumer.get(call.consumer_id, {}).get("is_opted_out"):
            call.said = "consumer_opted_out"
            return
        thread = self.world.thread(call.consumer_id)
        job = instance.updated(command.key, command.update, command)
        self.world.server.update_with_start(
            thread.workflow_id, instance.payload(thread.start), command.key, job, self.world.now
        )

    def hear(self) -> None:
        """Hear what the server answers."""
        while self.world.server.answers:
            key, outcome = self.world.server.answers.popleft()
            call = self.calls.get(key)
            if call and call.said in ("waiting", "unavailable"):
                self._hear(call, outcome)

    def _hear(self, call: Call, outcome: Outcome | None) -> None:
        if outcome is None:
            call.said = "unavailable"
        elif outcome.result:
            call.said, call.done = "done", instance.value(outcome.result, CommandDone)
        elif not self._is_done(call):
            gone = "conversation_closed" if call.conversation_id else "unavailable"
            call.said = gone if outcome.code == "gone" else outcome.code
        self.world.note(f"{call.command.key}: {call.said}")

    def time_out(self) -> None:
        """Let all who wait give up: they are told 503."""
        for call in self.calls.values():
            if call.said == "waiting":
                call.said = "unavailable"

    def repeat(self) -> None:
        """Let all who were told 503 ask again, with the same key."""
        for call in self.calls.values():
            if call.said == "unavailable":
                self.give(call)

    def ask_again(self, which: int) -> None:
        """Let somebody give a command again that was done, with its key."""
        done = [call for call in self.calls.values() if call.said == "done"]
        if done and "database" not in self.world.cut_back:
            self.give(done[which % len(done)])

    def _is_done(self, call: Call) -> bool:
        tables, key = self.world.database.tables, call.command.key
        ours = {row["id"] for row in tables.of_thread(LINE, call.consumer_id)}
        if call.conversation_id:
            ours = {call.conversation_id}
        found = [e for e in tables.event if e.command_key == key and e.conversation_id in ours]
        if not found:
            return False
        message = next((e.data["message_id"] for e in found if e.kind in WRITING), None)
        call.said = "done"
        call.done = CommandDone(conversation_id=found[0].conversation_id, message_id=message)
        return True

    def _written(self, row: Row, what: int) -> Command:
        self._count += 1
        key, holder = f"key-{self._count}", ACTORS.get(row["agent_id"] or "ann", ACTORS["ann"])
        offered = ACTORS.get(row["offered_agent_id"] or "ann", ACTORS["ann"])
        mine: dict[str, Any] = {"key": key, "actor": holder}
        boss: dict[str, Any] = {"key": key, "actor": ACTORS["mia"]}
        scheduled = row["scheduled"][0]["id"] if row["scheduled"] else "none"
        later = self.world.now + timedelta(minutes=20)
        written: list[Command] = [
            commands.Reply(**mine, text=f"Reply {self._count}"),
            commands.Reply(**mine, text="Same words"),
            commands.AddNote(**boss, text="a note"),
            commands.Close(**mine),
            commands.TransferToSkill(**mine, skill_id="sales", note="please"),
            commands.TransferToAgent(**mine, agent_id="ben", agent_name="Ben"),
            commands.ReturnToQueue(**mine),
            commands.ScheduleText(**mine, text="As promised", at=later),
            commands.CancelScheduledText(**mine, text_id=scheduled),
            commands.SetLanguage(**mine, language="fr"),
            commands.AcceptOffer(key=key, actor=offered),
            commands.DeclineOffer(key=key, actor=offered),
            commands.PickUp(**mine),
            commands.JoinConversation(**boss),
            commands.TakeOver(**boss),
            commands.HoldAutoClose(**mine),
            commands.SetResponseTime(**mine, seconds=600),
            commands.Close(**boss),
            commands.TransferToSkill(**boss, skill_id="robots"),
            commands.PickUp(**boss),
            commands.Snooze(**mine, until=later),
            commands.Snooze(**boss),
        ]
        return written[what % len(written)]
