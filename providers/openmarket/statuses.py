"""Reads what OpenMarket tells of a text by its ticket: a code for all of it, and one for each part.

The documentation explains the codes; the names around them could not be checked, so the code of the
whole text is the outermost one.
"""

from domain.delivery.message_status import MessageStatus
from providers.billing import Billing
from providers.contract import Accepted
from providers.failures import Failure, failed
from providers.openmarket.codes import PARTIAL_FAILURE, failure_of, status_of
from providers.openmarket.documents import Element
from providers.openmarket.webhooks import code_of, count, words_of


def became(ticket: str, document: Element) -> Accepted:
    """Return what became of a text. Raises `SendError` when the document does not say."""
    around, in_parts = _levels(document)
    tickets = [named for one in around if (named := one.value("parentticketid", "ticketid"))]
    if tickets and ticket not in tickets:
        raise failed(Failure.no_answer, "Another ticket")
    parts = [code for part in in_parts if (code := code_of(part))]
    whole = next((code for one in around if (code := code_of(one))), "")
    code = _of_failed_part(parts) if whole in ("", PARTIAL_FAILURE) else whole
    code = code or whole
    billing = _billing(document, len(in_parts))
    if code:
        status = status_of(code)
        is_lost = status is MessageStatus.undelivered
        told = next((words for one in document.walk() if (words := words_of(one))), None)
        return Accepted(ticket, status, failure_of(code, told) if is_lost else None, billing)
    if not parts:
        raise failed(Failure.no_answer)
    return Accepted(ticket, _least(parts), billing=billing)


def _levels(document: Element) -> tuple[list[Element], list[Element]]:
    """Return the elements around the parts, outer ones first, and the parts."""
    around, parts, level = list[Element](), list[Element](), [document]
    while level:
        parts += [one for one in level if one.value("segmentnumber")]
        level = [one for one in level if not one.value("segmentnumber")]
        around += level
        level = [child for one in level for child in one.children]
    return around, parts


def _billing(document: Element, parts: int) -> Billing | None:
    """Return the segments of the text: as many as it names, or has parts of."""
    named = (count(one, "totalsegments") for one in document.walk())
    total = next(filter(None, named), parts)
    return Billing(total) if total else None


def _of_failed_part(codes: list[str]) -> str:
    """Return the code of the first part that was not delivered; empty if there is none."""
    lost = (code for code in codes if status_of(code) is MessageStatus.undelivered)
    return next(lost, "")


def _least(codes: list[str]) -> MessageStatus:
    """Return the status that all parts have reached."""
    reached = {status_of(code) for code in codes}
    order = (MessageStatus.sending, MessageStatus.sent, MessageStatus.delivered)
    return next(status for status in order if status in reached)
