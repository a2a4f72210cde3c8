"""The signed token in every mail's unsubscribe address: it says which mails to stop, and can do nothing else.

It stands for a person or an address without an account (no more reminders), or for a subscription (no more mails about
its late changes), and has no end: a mail may be years old when somebody has had enough of them.
"""

from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "unsubscribe"
_OF_ADDRESS = "address"


@dataclass(frozen=True)
class AddressOf:
    """The number of an address that has no account; it stands in a link, so it is no address itself."""

    id: int


def token_for(what: int | UUID | AddressOf, secret: str) -> str:
    """The token of a person (number), of a subscription (UUID) or of an address."""
    if isinstance(what, AddressOf):
        said: object = {_OF_ADDRESS: what.id}
    else:
        said = what if isinstance(what, int) else str(what)
    return _serializer(secret).dumps(said)


def user_of(token: str, secret: str) -> int | None:
    """The person the token was made for; None where it was not made here, or for no person."""
    said = _said(token, secret)
    return said if isinstance(said, int) else None


def subscription_of(token: str, secret: str) -> UUID | None:
    """The subscription the token was made for; None where it was not made here, or for no subscription."""
    said = _said(token, secret)
    return UUID(said) if isinstance(said, str) else None


def address_of(token: str, secret: str) -> int | None:
    """The number of the address the token was made for; None where it was not made here, or for none."""
    said = _said(token, secret)
    number = said.get(_OF_ADDRESS) if isinstance(said, dict) else None
    return number if isinstance(number, int) else None


def _said(token: str, secret: str) -> object:
    try:
        said: object = _serializer(secret).loads(token)
    except BadSignature:
        return None
    return said


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)
