"""Chat services: the protocol, the real one (by Apprise addresses), and one in memory for tests.

Apprise knows some 150 services; only those named here are used. They speak to a server over the network and do nothing
else: none shows a window on this machine, writes to its log, reads key files or runs a program. An address holds a
password or a token, so no error and no line of the log holds an address.
"""

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from apprise import AppriseAsset
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.google_chat import NotifyGoogleChat
from apprise.plugins.gotify import NotifyGotify
from apprise.plugins.matrix import NotifyMatrix
from apprise.plugins.mattermost import NotifyMattermost
from apprise.plugins.nextcloudtalk import NotifyNextcloudTalk
from apprise.plugins.ntfy import NotifyNtfy
from apprise.plugins.pushover import NotifyPushover
from apprise.plugins.rocketchat import NotifyRocketChat
from apprise.plugins.signal_api import NotifySignalAPI
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from apprise.plugins.threema import NotifyThreema
from apprise.plugins.webexteams import NotifyWebexTeams
from apprise.plugins.workflows import NotifyWorkflows
from apprise.plugins.zulip import NotifyZulip

from tracker.errors import GatewayError, InvalidInput
from tracker.i18n import N_

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
_LONGEST = 2_000

_SERVICES = (
    NotifyTelegram, NotifySignalAPI, NotifyThreema, NotifyMatrix, NotifySlack, NotifyMattermost, NotifyRocketChat,
    NotifyZulip, NotifyNextcloudTalk, NotifyWorkflows, NotifyGoogleChat, NotifyWebexTeams, NotifyDiscord, NotifyNtfy,
    NotifyGotify, NotifyPushover, NotifyJSON, NotifyForm, NotifyXML,
)  # fmt: skip


def _schemes(service: Any) -> Iterator[str]:
    for known in (service.secure_protocol, service.protocol):
        yield from (known,) if isinstance(known, str) else known or ()


SERVICES: dict[str, Any] = {scheme: service for service in _SERVICES for scheme in _schemes(service)}
"""The service of each scheme an address may begin with."""

_NO_ADDRESS = N_("An address begins with the service and ://, as in slack://… or jsons://…")
_NOT_A_SERVICE = N_("“{value}” is not among the services that can be used: {known}.")
_UNREADABLE = N_("The address begins rightly, but the rest is not what {service} asks for.")
_REFUSED = N_("The chat refused it: {answer}")
_BUSY = N_("The chat could not take it now: {answer}")
_AWAY = N_("The chat could not be reached.")
_PASSING = frozenset({408, 425, 429})
_STATUS = re.compile(r"error=(\d{3})")


class Chat(Protocol):
    def send(self, url: str, title: str, body: str) -> None:
        """Post a message. Raises `GatewayError`; returns only when the service has taken it."""


def check(url: str) -> str:
    """The name of the service an address is for. Raises `InvalidInput`, which never repeats the address."""
    service = _service(url)
    _instance(url)
    return str(service.service_name)


def service_of(url: str) -> str:
    """What to call the service of a checked address."""
    service = SERVICES.get(url.partition("://")[0].lower())
    return str(service.service_name) if service else ""


class AppriseChat:
    """Every service by its Apprise address, with time limits of our own whatever the address says."""

    def send(self, url: str, title: str, body: str) -> None:
        try:
            notifier = _instance(url)
        except InvalidInput as fault:
            raise GatewayError(_REFUSED, permanent=True, answer=fault.problems[0].message()) from None
        with _heard.listening() as said:
            taken = notifier.notify(title=title, body=body)
        if not taken:
            raise _fault(said)


@dataclass(frozen=True)
class Posted:
    url: str
    title: str
    body: str


class MemoryChat:
    """Keeps what it is given, for tests; `faults` are raised first, one for each message, the oldest first."""

    def __init__(self, *faults: GatewayError) -> None:
        self.sent: list[Posted] = []
        self.faults = list(faults)

    def send(self, url: str, title: str, body: str) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(Posted(url, title, body))


class _Heard(logging.Handler):
    """What Apprise says while it sends: it returns only yes or no, and tells the answer's number in its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._own = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        lines = getattr(self._own, "lines", None)
        if lines is not None:
            lines.append(record.getMessage())

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        self._own.lines = []
        try:
            yield self._own.lines
        finally:
            self._own.lines = None


_heard = _Heard()
_told = logging.getLogger("apprise")
_told.addHandler(_heard)
# Its lines name hosts and paths, and in the paths of some services stands the token: nobody else hears them.
_told.propagate = False
_told.setLevel(logging.WARNING)


def _service(url: str) -> Any:
    scheme, colon, rest = url.partition("://")
    if not (scheme and colon and rest) or len(url) > _LONGEST:
        raise InvalidInput.one("url", "", _NO_ADDRESS)
    service = SERVICES.get(scheme.lower())
    if service is None:
        raise InvalidInput.one("url", f"{scheme}://", _NOT_A_SERVICE, known=tuple(sorted(SERVICES)))
    return service


def _instance(url: str) -> Any:
    service = _service(url)
    try:
        read = service.parse_url(url)
        # No storage: some services would keep sessions in files of their own.
        made = service(**read, asset=AppriseAsset(storage_mode="memory", secure_logging=True)) if read else None
    except (TypeError, ValueError, AttributeError):
        made = None
    if made is None:
        raise InvalidInput.one("url", "", _UNREADABLE, service=str(service.service_name))
    made.socket_connect_timeout, made.socket_read_timeout = CONNECT_SECONDS, READ_SECONDS
    return made


def _fault(said: list[str]) -> GatewayError:
    """4xx: never, but for "too many" and "too slow"; anything else perhaps later (RFC 9110, 15.5 and 15.6)."""
    found = next((match for line in reversed(said) if (match := _STATUS.search(line))), None)
    if found is None:
        return GatewayError(_AWAY, permanent=False)
    status = int(found[1])
    permanent = 400 <= status < 500 and status not in _PASSING
    return GatewayError(_REFUSED if permanent else _BUSY, permanent=permanent, answer=f"HTTP {status}")
