"""Roles of people, and the states of agents."""

from enum import StrEnum


class Role(StrEnum):
    agent = "agent"
    manager = "manager"
    admin = "admin"


class AgentState(StrEnum):
    """State of an agent. Only `online` agents get conversations."""

    online = "online"
    back_soon = "back_soon"
    away = "away"
    offline = "offline"
