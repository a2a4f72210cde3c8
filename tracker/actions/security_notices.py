"""Mails to somebody about their own account: that what guards it was changed, in case it was not they who did it.

Each is a delivery written in the unit of work of the change itself. They hold nothing secret, and nobody can
unsubscribe from them.
"""

from enum import StrEnum
from uuid import uuid4

from tracker.domain.deliveries import Channel, DeliveryStatus, Sort
from tracker.i18n import N_, gettext
from tracker.outputs import mail
from tracker.store import accounts, deliveries, organisation
from tracker.store.unit_of_work import Unit


class Notice(StrEnum):
    """What was changed."""

    PASSWORD = "password"  # noqa: S105 -- a word, no secret
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    LINKED = "linked"
    FORGOTTEN = "forgotten"
    TOKEN_ISSUED = "token_issued"  # noqa: S105 -- likewise


_TOLD = {
    Notice.PASSWORD: N_("Your password was changed"),
    Notice.FACTOR_ON: N_("Codes from an app are now asked for when you log in"),
    Notice.FACTOR_OFF: N_("Codes from an app are no longer asked for when you log in"),
    Notice.CODES_MADE: N_("New recovery codes were made; the old ones are no longer valid"),
    Notice.CODE_USED: N_("Somebody logged in with one of your recovery codes"),
    Notice.PASSKEY_ADDED: N_("A passkey was added to your account"),
    Notice.PASSKEY_REMOVED: N_("A passkey was removed from your account"),
    Notice.LINKED: N_("Your account was linked to a login elsewhere"),
    Notice.FORGOTTEN: N_("Your password, codes and passkeys were taken away"),
    Notice.TOKEN_ISSUED: N_("A program was given access to your account"),
}
_LEAD = N_("If it was you, there is nothing to do.")
_LEADS = {
    Notice.FORGOTTEN: N_(
        "If you asked an administrator for it, use the link that you get from them or by another mail."
    )
}
_ELSE = N_(
    "If it was not you, set a new password now: that ends every session. Then see what else was changed, and tell an"
    " administrator."
)


def queue_notice(
    unit: Unit, user: accounts.UserRow, notice: Notice, letterhead: mail.Letterhead, name: str = ""
) -> None:
    """Queue the mail about it to the owner, in their language; `name` is what they call the thing that changed."""
    tag, key = user.language, f"security:{uuid4().hex}"
    heading = gettext(tag, _TOLD[notice])
    account = f"{letterhead.base_url}/account/security"
    words = mail.Words(
        language=tag,
        subject=heading,
        heading=heading,
        lead=gettext(tag, _LEADS.get(notice, _LEAD)),
        facts=((gettext(tag, N_("Called")), name),) if name else (),
        paragraphs=(gettext(tag, _ELSE),),
        links=(
            (gettext(tag, N_("Set a new password")), f"{letterhead.base_url}/reset"),
            (gettext(tag, N_("Logging in and security")), account),
        ),
        why=gettext(tag, N_("We always write when something is changed that guards your account.")),
    )
    letterhead = letterhead.of_house(organisation.current(unit.session))
    try:
        letter = mail.write(words, letterhead, key=key, user_id=None, to=user.email, name=user.name)
    except ValueError:
        return  # admin@localhost and the like: nothing can be sent there, and the change itself stands
    unit.session.add(
        deliveries.DeliveryRow(
            key=key,
            sort=Sort.SECURITY.value,
            channel=Channel.MAIL.value,
            user_id=user.id,
            recipient=user.email,
            subject=letter.subject,
            payload=mail.payload_of(letter),
            status=DeliveryStatus.QUEUED.value,
            next_try_at=unit.now,
            created_at=unit.now,
        )
    )
