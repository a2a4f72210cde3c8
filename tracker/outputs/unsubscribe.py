"""The signed token in every mail's unsubscribe address: it says which mails to stop, and can do nothing else.

It stands for a person (no more reminders) or for a subscription (no more mails about its late changes), and has no end:
a mail may be years old when somebody has had enough of them.
"""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "unsubscribe"


def token_for(what: int | UUID, secret: str) -> str:
    """The token of a person (number) or of a subscription (UUID)."""
    return _serializer(secret).dumps(what if isinstance(what, int) else str(what))


def user_of(token: str, secret: str) -> int | None:
    """The person the token was made for; None where it was not made here, or for no person."""
    said = _said(token, secret)
    return said if isinstance(said, int) else None


def subscription_of(token: str, secret: str) -> UUID | None:
    """The subscription the token was made for; None where it was not made here, or for no subscription."""
    said = _said(token, secret)
    return UUID(said) if isinstance(said, str) else None


def _said(token: str, secret: str) -> object:
    try:
        said: object = _serializer(secret).loads(token)
    except BadSignature:
        return None
    return said


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)
