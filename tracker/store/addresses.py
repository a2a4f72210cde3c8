"""Mail addresses that rules name and nobody has an account for: whether mails reach them, and are wanted there.

An address has a row from its first mail on. Its number stands in the link by which it unsubscribes, and in events.
"""

import datetime as dt

from sqlalchemy import Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant
from tracker.store.entries import insert_if_missing


class MailAddressRow(Base):
    __tablename__ = "mail_addresses"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    address: Mapped[str] = mapped_column(String(255), unique=True)
    """In lower case, as rules keep it."""
    stopped_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When whoever reads its mail wanted no more."""
    mail_paused_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    mail_paused_why: Mapped[str] = mapped_column(Text, default="")

    @property
    def silent(self) -> bool:
        return self.stopped_at is not None or self.mail_paused_at is not None


def known(session: Session, address: str) -> MailAddressRow | None:
    return session.scalar(select(MailAddressRow).where(MailAddressRow.address == address.lower()))


def ensure(session: Session, address: str) -> MailAddressRow:
    """Its row, made where there is none; of two workers that make it at once, one waits for the other."""
    row = known(session, address)
    if row is None:
        insert_if_missing(session, MailAddressRow, {"address": address.lower(), "mail_paused_why": ""})
        row = session.scalars(select(MailAddressRow).where(MailAddressRow.address == address.lower())).one()
    return row


def silent(session: Session) -> list[MailAddressRow]:
    """Those that get nothing now, in order."""
    told = MailAddressRow.stopped_at.is_not(None) | MailAddressRow.mail_paused_at.is_not(None)
    return list(session.scalars(select(MailAddressRow).where(told).order_by(MailAddressRow.address)))


def stopped(session: Session) -> set[str]:
    """The addresses that want no more reminders."""
    return set(session.scalars(select(MailAddressRow.address).where(MailAddressRow.stopped_at.is_not(None))))
