"""Texts: how many, how long, what became of them, what they cost, and who wants none."""

from collections.abc import Iterator, Mapping, Sequence

from domain.consent.sources import ConsentSource
from domain.delivery.message_status import MessageStatus
from domain.reporting.defined.ways import LEFT, NOT_DELIVERED, count, delivered, share
from domain.reporting.figures import Amount, Figure, Group, Unit
from domain.reporting.kinds import FactKind
from domain.reporting.sums import Part

OURS = (FactKind.delivery, FactKind.text_alone)
ALONE = (FactKind.text_alone,)
SENT = (FactKind.text_out, FactKind.automatic, FactKind.bot_text, FactKind.text_alone)
HOW: Mapping[str, Sequence[ConsentSource]] = {
    "keyword": (ConsentSource.text,),
    "agent": (ConsentSource.agent,),
    "program": (ConsentSource.api, ConsentSource.imported),
    "call": (ConsentSource.call,),
    "provider": (ConsentSource.provider,),
}
OUT = {
    "keyword": ("Opt-outs by keyword", "Those who texted STOP or the like."),
    "agent": ("Opt-outs by an agent", "Those whom an agent opted out, as they wished."),
    "program": ("Opt-outs by a program", "Those that came by the API or with an import."),
    "call": ("Opt-outs by phone", "Those who said so in a call."),
    "provider": ("Opt-outs at the provider", "Those whom the provider told us of."),
}
IN = {
    "keyword": ("Opt-ins by keyword", "Those who texted START or the like."),
    "agent": ("Opt-ins by an agent", "Those whom an agent opted in."),
    "program": (
        "Opt-ins by a program",
        "Those that came with a batch or an import, of consumers of whose consent nothing was "
        "known.",
    ),
    "call": ("Opt-ins by phone", "Those who asked for a text in a call."),
}
"""Names and definitions, by how it came."""


def _by_source(kind: FactKind, words: Mapping[str, tuple[str, str]]) -> Iterator[Figure]:
    id_ = {FactKind.opted_out: "opt_outs", FactKind.opted_in: "opt_ins"}[kind]
    for how, (name, says) in words.items():
        part = Part(kind, HOW[how])
        yield count(f"{id_}_by_{how}", name, says, part, Group.texts, is_rare=True)


def _segments(one: str, name: str, says: str, kinds: Sequence[FactKind]) -> Figure:
    first, *others = kinds
    part = Part(first, also=tuple(others))
    return Figure(one, name, says, Group.texts, Unit.number, part, amount=Amount.total)


TEXTS = (
    count("texts_in", "Texts in", "Texts of consumers.", Part(FactKind.text_in), Group.texts),
    count(
        "texts_out",
        "Texts of agents",
        "Messages that agents wrote to consumers.",
        Part(FactKind.text_out),
        Group.texts,
    ),
    count(
        "texts_automatic",
        "Automatic messages",
        "Welcomes, reminders, questions of surveys and all other automatic messages.",
        Part(FactKind.automatic),
        Group.texts,
    ),
    count(
        "texts_of_bots",
        "Texts of bots",
        "Texts that bots wrote.",
        Part(FactKind.bot_text),
        Group.texts,
    ),
    count(
        "texts_alone",
        "Texts without a conversation",
        "Texts of notifications, batches and calls that left or were refused. By source, those of "
        "batches stand apart. Their answers are counted in the conversations that they begin.",
        delivered(*LEFT, of=ALONE),
        Group.texts,
    ),
    _segments(
        "segments_in",
        "Segments in",
        "Segments of consumers' texts: a long text has several.",
        (FactKind.text_in,),
    ),
    _segments(
        "segments_out",
        "Segments out",
        "Segments of all texts of ours, by our own count.",
        SENT,
    ),
    share(
        "delivered",
        "Delivered",
        "Texts of ours that arrived, among those that left or were refused.",
        delivered(MessageStatus.delivered, of=OURS),
        delivered(*LEFT, of=OURS),
        Group.texts,
    ),
    share(
        "not_delivered",
        "Not delivered",
        "Texts of ours that failed or did not arrive.",
        delivered(*NOT_DELIVERED, of=OURS),
        delivered(*LEFT, of=OURS),
        Group.texts,
    ),
    count(
        "texts_delivered",
        "Texts that arrived",
        "Texts of ours that arrived, counted.",
        delivered(MessageStatus.delivered, of=OURS),
        Group.texts,
        is_rare=True,
    ),
    count(
        "texts_not_delivered",
        "Texts that did not arrive",
        "Texts of ours that failed or did not arrive, counted.",
        delivered(*NOT_DELIVERED, of=OURS),
        Group.texts,
        is_rare=True,
    ),
    count(
        "texts_unconfirmed",
        "Texts without a receipt",
        "Texts of ours that left, and of which nobody has told whether they arrived.",
        delivered(MessageStatus.sent, MessageStatus.unknown, of=OURS),
        Group.texts,
        is_rare=True,
    ),
    share(
        "alone_delivered",
        "Delivered, without a conversation",
        "The share of texts without a conversation that arrived.",
        delivered(MessageStatus.delivered, of=ALONE),
        delivered(*LEFT, of=ALONE),
        Group.texts,
        is_rare=True,
    ),
    share(
        "alone_not_delivered",
        "Not delivered, without a conversation",
        "The share of texts without a conversation that failed or did not arrive.",
        delivered(*NOT_DELIVERED, of=ALONE),
        delivered(*LEFT, of=ALONE),
        Group.texts,
        is_rare=True,
    ),
    Figure(
        "cost",
        "Cost",
        "What providers bill for texts of ours, as far as they tell, by when these were written. "
        "Each currency stands by itself. Prices may come hours after the texts.",
        Group.texts,
        Unit.money,
        Part(FactKind.cost),
        amount=Amount.total,
        tells_details=True,
    ),
    count(
        "opt_outs",
        "Opt-outs",
        "Consumers who opted out, however that came to be known. They belong to the conversation "
        "that they had then, if any.",
        Part(FactKind.opted_out),
        Group.texts,
    ),
    *_by_source(FactKind.opted_out, OUT),
    count(
        "opt_ins",
        "Opt-ins",
        "Consumers who opted in, or in again.",
        Part(FactKind.opted_in),
        Group.texts,
    ),
    *_by_source(FactKind.opted_in, IN),
)
