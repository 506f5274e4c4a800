"""Roles of people, and the states of agents."""

from enum import StrEnum


class Role(StrEnum):
    agent = "agent"
    manager = "manager"
    admin = "admin"


class AgentState(StrEnum):
    """Only `online` agents get work."""

    online = "online"
    back_soon = "back_soon"
    away = "away"
    offline = "offline"
