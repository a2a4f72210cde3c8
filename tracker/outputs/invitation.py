"""The mails with a link that sets a password: for whoever is invited, and for whoever has lost all ways in. Pure."""

import datetime as dt
from collections.abc import Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from tracker.i18n import N_, gettext
from tracker.outputs.mail import Letterhead


def invitation(
    letterhead: Letterhead, recipient: str, name: str, link: str, language: str, written_at: dt.datetime
) -> EmailMessage:
    """In the language of whoever is invited. The link is a secret, so no row keeps this mail."""
    lines = [
        N_("{house} keeps the log of its partnerships with a program called tracker, and would like you to join."),
        N_("With this link you set your password. It works once, for three days:"),
        "{link}",
        N_("Afterwards you log in with your mail address. Should the link have run out, ask for a new one there."),
        N_("If you do not know what this is about, do nothing: without a password nobody can use this account."),
    ]
    subject = N_("{house} invites you: tracker")
    return _letter(letterhead, recipient, name, link, language, written_at, subject, lines)


def new_start(
    letterhead: Letterhead, recipient: str, name: str, link: str, language: str, written_at: dt.datetime
) -> EmailMessage:
    """To somebody whose ways in an administrator has had forgotten, because they had lost them. A secret likewise."""
    lines = [
        N_("An administrator has had your ways in forgotten, so that you can begin anew."),
        N_("With this link you set your password. It works once, for three days:"),
        "{link}",
        N_("Then set up codes or a passkey on your new telephone. What you logged and chose is all still there."),
        N_("If you did not ask for this, tell an administrator, and let nobody else have the link."),
    ]
    return _letter(letterhead, recipient, name, link, language, written_at, N_("Your new link: tracker"), lines)


def _letter(
    letterhead: Letterhead,
    recipient: str,
    name: str,
    link: str,
    language: str,
    written_at: dt.datetime,
    subject: str,
    lines: Sequence[str],
) -> EmailMessage:
    house = letterhead.house.name(language)

    def say(reason: str) -> str:
        return gettext(language, reason, house=house or "tracker", link=link, name=name)

    greeting = say(N_("Good day, {name}!")) if name else say(N_("Good day!"))
    message = EmailMessage()
    message["From"], message["To"] = Address(house or "tracker", addr_spec=letterhead.sender), recipient
    message["Subject"] = say(subject)
    message["Date"], message["Message-ID"] = written_at, make_msgid(domain=letterhead.host)
    message["Auto-Submitted"] = "auto-generated"
    if letterhead.house.email:
        message["Reply-To"] = letterhead.house.email
    message.set_content("\n\n".join([greeting, *map(say, lines)]) + "\n")
    return message
