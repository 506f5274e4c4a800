"""Writes the texts of a slice: consent is recorded, gates are asked, texts and invitations stored.

Each question is one statement for the whole slice.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from database.queries import batch_slices, consent_ledger, invitations
from database.queries.batch_slices import NextRecipient, RunningBatch
from database.queries.consent import Recorded
from database.queries.invitations import InvitationOfMany, TextOfMany
from domain.batches.gates import left_out_because
from domain.batches.kinds import LeftOut
from domain.batches.places import text_id
from domain.consent.first_texts import FirstTextCheck, checked
from domain.consent.gates import Standing
from domain.consent.ledger import ImportedConsent
from domain.consent.sources import ConsentSource
from domain.errors import DomainError
from domain.numbers.countries import may_text
from domain.numbers.phone_numbers import Address
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context
from domain.text.segments import segments


async def write_texts(
    session: AsyncSession,
    batch_id: UUID,
    batch: RunningBatch,
    recipients: Sequence[NextRecipient],
    now: datetime,
    *,
    is_restored: bool,
) -> None:
    """Write the texts to recipients, or leave them out. The batch is locked."""
    await _record_consent(session, batch, recipients)
    places = [one.place for one in recipients]
    faced = await batch_slices.face(session, batch_id, batch, places)
    left_out: dict[int, tuple[LeftOut, UUID]] = {}
    texts: dict[int, TextOfMany] = {}
    for one in recipients:
        known = faced[one.place]
        text, reason = _decided(one, known, batch)
        if reason is not None:
            left_out[one.place] = (reason, known.consumer_id)
            continue
        size = segments(text, smart=batch.smart_encoding)
        written = TextOfMany(
            text_id(batch_id, one.place), known.consumer_id, text, size.count, size.encoding.value
        )
        texts[one.place] = written
    if left_out:
        await batch_slices.leave_out(session, batch_id, left_out)
    if texts:
        shared = _invitation(batch_id, batch, now, _maybe_sent_since(batch, is_restored))
        await invitations.invite_all(session, shared, list(texts.values()))
        ids = {place: (text.id, text.consumer_id) for place, text in texts.items()}
        await batch_slices.enqueue(session, batch_id, ids)


def _maybe_sent_since(batch: RunningBatch, is_restored: bool) -> datetime | None:
    """Return since when the batch's texts may have left; None: none left that no row knows of.

    A batch that was restored together with its workflow knows by its mark alone.
    """
    if batch.maybe_sent_since:
        return batch.maybe_sent_since
    return (batch.started_at or batch.created_at) if is_restored else None


def _decided(
    one: NextRecipient, known: Standing, batch: RunningBatch
) -> tuple[str, LeftOut | None]:
    """Return a recipient's text as it leaves, or why it does not."""
    if reason := left_out_because(known, needs_consent=batch.needs_consent):
        return "", reason
    if not known.is_new:
        return one.text, None
    if not may_text(batch.address, batch.countries, one.number):
        return "", LeftOut.country
    try:
        check = FirstTextCheck(batch.first_text_check)
        return checked(one.text, batch.brand, batch.language, check), None
    except DomainError:
        return "", LeftOut.first_text


async def _record_consent(
    session: AsyncSession, batch: RunningBatch, recipients: Sequence[NextRecipient]
) -> None:
    """Record the consent that the batch names, with its evidence, as an import of consent does."""
    given = [
        ImportedConsent(
            phone=Address(one.number, one.phone),
            kind="opted_in",
            scope="account",
            at=batch.created_at,
            evidence=evidence,
            text=None,
        )
        for one in recipients
        if (evidence := one.evidence or batch.consent_evidence)
    ]
    if given:
        by = Recorded(ConsentSource.imported, agent_id=batch.agent_id, token_id=batch.token_id)
        await consent_ledger.add(session, batch.account_id, consent_ledger.packed(given), by)


def _invitation(
    batch_id: UUID, batch: RunningBatch, now: datetime, maybe_sent_since: datetime | None
) -> InvitationOfMany:
    return InvitationOfMany(
        account_id=batch.account_id,
        line_id=batch.line_id,
        kind=OriginKind.notification,
        origin_id=str(batch_id),
        title=batch.title,
        skill_id=batch.skill_id,
        look_back_seconds=batch.look_back_seconds,
        context=Context.model_validate(batch.context),
        now=now,
        maybe_sent_since=maybe_sent_since,
    )
