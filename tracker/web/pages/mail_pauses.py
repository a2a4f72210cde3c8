"""Mail that is paused because a mailbox is gone: told to the person where they look first, and resumed by a button.

The person may resume their own, an administrator anybody's: whoever has mended the mailbox or the address.
"""

from flask import Flask, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.addresses import resume_address
from tracker.actions.bounces import resume_mail
from tracker.bootstrap import Tracker
from tracker.i18n import N_, gettext
from tracker.store import accounts, addresses
from tracker.web.auth import Account, Audience, account, actor, admits, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

_RESUMED = N_("Mails are sent again.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/account/mail", "resume_my_mail", resume_mine, methods=["POST"])
    app.add_url_rule("/deliveries/paused/<int:user_id>", "resume_mail", resume, methods=["POST"])
    app.add_url_rule("/deliveries/addresses/<int:address_id>", "resume_address", resume_named, methods=["POST"])
    app.jinja_env.globals |= {"my_mail_pause": my_mail_pause, "mails_paused": mails_paused}


def my_mail_pause() -> Account | None:
    """The account of whoever is logged in, where its mail is paused."""
    me = account()
    return me if me is not None and me.mail_paused_at else None


def mails_paused() -> int:
    """To how many people and addresses mail is paused; told to administrators, who can help."""
    if not admits(Audience.ADMINISTRATORS):
        return 0
    with this_tracker().database.reading() as session:
        named = sum(row.mail_paused_at is not None for row in addresses.silent(session))
        return named + len(accounts.paused(session))


@allowed(Audience.READERS)
def resume_mine() -> ResponseReturnValue:
    me = account()
    if me is not None:
        resume_mail(this_tracker().database, me.id, actor(), now())
        flash(gettext(language(), _RESUMED), "success")
    return redirect(url_for("preferences"))


@allowed(Audience.ADMINISTRATORS)
def resume(user_id: int) -> ResponseReturnValue:
    resume_mail(this_tracker().database, user_id, actor(), now())
    flash(gettext(language(), _RESUMED), "success")
    return redirect(url_for("deliveries"))


@allowed(Audience.ADMINISTRATORS)
def resume_named(address_id: int) -> ResponseReturnValue:
    """An address that a rule names: whoever reads its mail has no account to resume it in."""
    resume_address(this_tracker().database, address_id, actor(), now())
    flash(gettext(language(), _RESUMED), "success")
    return redirect(url_for("deliveries"))
