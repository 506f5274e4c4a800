"""Answers of bots that follow the stream."""

from fastapi import APIRouter

from api.cards import MASKS_ITSELF
from api.command_context import ENDED, UNANSWERED, ContextDep
from api.problems import documented
from api.schemas.bots import NewBotAnswer
from api.schemas.conversations import CommandAnswer
from api.scopes import needs
from domain.errors import BotAnswerUnfit, BotTurnOver, NotAllowed, NotFound, TransferRefused
from domain.people.token_scopes import Area
from services.commanding.bots import answer_as_bot

router = APIRouter(
    prefix="/conversations/{conversation_id}",
    tags=["bots"],
    dependencies=[needs(Area.conversations)],
    responses=documented(NotFound, NotAllowed, *UNANSWERED),
)


@router.post(
    "/bot-answers",
    status_code=201,
    dependencies=[MASKS_ITSELF],
    responses=documented(BotTurnOver, TransferRefused, *ENDED) | documented(BotAnswerUnfit),
)
async def answer_turn(new: NewBotAnswer, context: ContextDep) -> CommandAnswer:
    """Answer a turn, as the bot that has the conversation and follows the stream.

    The first answer to the running turn counts. A refused answer may be mended and sent again until
    the turn's deadline.
    """
    return CommandAnswer.of(await answer_as_bot(context, new.answer))
