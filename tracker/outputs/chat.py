"""Messages to a chat: a letter's words as plain text, and how they are kept with their delivery.

A payload holds the chat's number, never its address: that one is looked up when the message leaves, so that a changed
password holds for what waits, and no secret lies in the deliveries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.outputs.mail import Section, Words


@dataclass(frozen=True)
class Message:
    """What is posted to a chat."""

    chat: int
    title: str
    body: str


def message_from(chat_id: int, words: Words) -> Message:
    """The words of a letter without what only concerns mails (how to get no more of them)."""
    parts = [
        words.lead,
        "\n".join(f"{name}: {text}" for name, text in words.facts),
        *words.paragraphs,
        *("\n".join(_section(section)) for section in words.sections),
        "\n".join(f"{label}: {url}" for label, url in words.links),
    ]
    return Message(chat_id, " ".join(words.subject.split()), "\n\n".join(part for part in parts if part))


def payload_of(message: Message, language: str) -> dict[str, Any]:
    return {"chat": message.chat, "title": message.title, "body": message.body, "language": language}


def message_of(payload: Mapping[str, Any]) -> Message:
    return Message(int(payload["chat"]), str(payload["title"]), str(payload["body"]))


def _section(section: Section) -> list[str]:
    links = [f"{label}: {url}" for label, url in section.links]
    return [section.heading, *section.paragraphs, *map(_line, section.lines), *links]


def _line(line: tuple[str, str]) -> str:
    text, beside = line
    return f"– {text} ({beside})" if beside else f"– {text}"
