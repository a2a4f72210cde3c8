"""The signed token in every reminder's unsubscribe address: it says whose reminders to stop, and can do nothing else.

It has no end: a mail may be years old when somebody has had enough of them.
"""

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "unsubscribe"


def token_for(user_id: int, secret: str) -> str:
    return _serializer(secret).dumps(user_id)


def user_of(token: str, secret: str) -> int | None:
    """The person the token was made for; None where this installation did not make it."""
    try:
        said = _serializer(secret).loads(token)
    except BadSignature:
        return None
    return said if isinstance(said, int) else None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)
