"""Handing a conversation on: to a skill, to an agent, or back to the queue."""

from database.queries import account_rows, skills
from database.queries.conversations import CommandResult
from database.tables import Agent, Skill
from domain.errors import TransferRefused
from services.commanding.context import CommandContext, checked_note
from workflows.conversation.commands import (
    Command,
    ReturnToQueue,
    TransferToAgent,
    TransferToSkill,
)

NOBODY_HOLDS = "No agent has the skill {name}. Choose another one, or force it to wait there."


async def transfer_to_skill(
    context: CommandContext, skill_id: str, note: str | None, *, even_unheld: bool = False
) -> CommandResult:
    """Transfer to a skill. Raises `TransferRefused` if no agent has it, unless `even_unheld`."""
    command = TransferToSkill(
        key=context.command_key, actor=context.actor, skill_id=skill_id, note=checked_note(note)
    )

    async def checked() -> Command:
        async with context.backends.sessions.begin() as session:
            skill = await account_rows.find_active(
                session, Skill, context.caller.account_id, skill_id
            )
            if not even_unheld and not await skills.is_held(session, skill.id):
                raise TransferRefused(NOBODY_HOLDS.format(name=skill.name))
        return command

    return await context.give_checked(command, checked)


async def transfer_to_agent(
    context: CommandContext, agent_id: str, note: str | None
) -> CommandResult:
    """Transfer to a named agent. Raises `TransferRefused`."""
    command = TransferToAgent(
        key=context.command_key,
        actor=context.actor,
        agent_id=agent_id,
        agent_name="",
        note=checked_note(note),
    )

    async def checked() -> Command:
        async with context.backends.sessions.begin() as session:
            agent = await account_rows.find_active(
                session, Agent, context.caller.account_id, agent_id
            )
        return command.model_copy(update={"agent_name": agent.name})

    return await context.give_checked(command, checked)


async def return_to_queue(context: CommandContext, note: str | None) -> CommandResult:
    """Return to the skill's queue. Another agent is tried first."""
    return await context.give(
        ReturnToQueue(key=context.command_key, actor=context.actor, note=checked_note(note))
    )
