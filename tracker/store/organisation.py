"""The organisation that runs this installation, as its one row; there is none as long as nobody has named it."""

from sqlalchemy import Integer, String, Text, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.organisation import UNNAMED, Organisation
from tracker.store.activity_rows import ActivityRow
from tracker.store.base import Base, Json


class OrganisationRow(Base):
    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    names: Mapped[dict[str, str]] = mapped_column(Json)
    address: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(255))
    reference: Mapped[str] = mapped_column(String(100), default="", server_default="")
    public_page: Mapped[bool] = mapped_column(default=False, server_default=false())


def current(session: Session) -> Organisation:
    """Whose installation this is."""
    row = session.get(OrganisationRow, 1)
    return (
        Organisation(row.names, row.address, row.place, row.email, row.reference, row.public_page) if row else UNNAMED
    )


def version(session: Session) -> int:
    """Counts its changes; 0 as long as nobody has named it."""
    return session.scalar(select(OrganisationRow.version)) or 0


def others(session: Session) -> list[str]:
    """The organisations beside our own whose activities are in the log, by name."""
    query = select(ActivityRow.owner).where(ActivityRow.owner != "").distinct()
    return sorted(session.scalars(query), key=str.casefold)
