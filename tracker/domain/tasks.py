"""What a reminder asks somebody to do: open, taken on by somebody, or done. Pure."""

from enum import StrEnum


class TaskStatus(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"


class LetterStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
