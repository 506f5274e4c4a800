"""Scales of the closing question, as data: which answers there are, and which are good."""

from pydantic import BaseModel, ConfigDict


class ScaleStep(BaseModel):
    """One answer of a scale. `words` mean it in any language, emoji among them."""

    model_config = ConfigDict(frozen=True)

    value: int
    label: str
    """What people and reports read, such as `4` or `good`."""
    words: tuple[str, ...] = ()


class Scale(BaseModel):
    """Answers from worst to best. An answer of `satisfied_from` or more counts for CSAT %."""

    model_config = ConfigDict(frozen=True)

    name: str
    steps: tuple[ScaleStep, ...]
    satisfied_from: int
