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

from tracker.errors import GatewayError, InvalidInput
from tracker.i18n import N_
from tracker.late import Late

# Each brings code of its own, and most installations tell no chat at all.
apprise = Late("apprise")

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
_LONGEST = 2_000

SERVICES: dict[str, str] = {
    "tgram": "telegram.NotifyTelegram",
    "signal": "signal_api.NotifySignalAPI", "signals": "signal_api.NotifySignalAPI",
    "threema": "threema.NotifyThreema",
    "matrix": "matrix.NotifyMatrix", "matrixs": "matrix.NotifyMatrix",
    "slack": "slack.NotifySlack",
    "mmost": "mattermost.NotifyMattermost", "mmosts": "mattermost.NotifyMattermost",
    "rocket": "rocketchat.NotifyRocketChat", "rockets": "rocketchat.NotifyRocketChat",
    "zulip": "zulip.NotifyZulip",
    "nctalk": "nextcloudtalk.NotifyNextcloudTalk", "nctalks": "nextcloudtalk.NotifyNextcloudTalk",
    "workflow": "workflows.NotifyWorkflows", "workflows": "workflows.NotifyWorkflows",
    "gchat": "google_chat.NotifyGoogleChat",
    "webex": "webexteams.NotifyWebexTeams", "wxteams": "webexteams.NotifyWebexTeams",
    "discord": "discord.NotifyDiscord",
    "ntfy": "ntfy.NotifyNtfy", "ntfys": "ntfy.NotifyNtfy",
    "gotify": "gotify.NotifyGotify", "gotifys": "gotify.NotifyGotify",
    "pover": "pushover.NotifyPushover",
    "json": "custom_json.NotifyJSON", "jsons": "custom_json.NotifyJSON",
    "form": "custom_form.NotifyForm", "forms": "custom_form.NotifyForm",
    "xml": "custom_xml.NotifyXML", "xmls": "custom_xml.NotifyXML",
}  # fmt: skip
"""The scheme an address may begin with, and Apprise's plugin and class for it."""

_NO_ADDRESS = N_("An address begins with the service and ://, as in slack://… or jsons://…")
_NOT_A_SERVICE = N_("“{value}” is not among the services that can be used: {known}.")
_UNREADABLE = N_("The address begins rightly, but the rest is not what {service} asks for.")
_SEVERAL = N_("The address names {places} places. Add each as a chat of its own, so that each is told once.")
_REFUSED = N_("The chat refused it: {answer}")
_BUSY = N_("The chat could not take it now: {answer}")
_AWAY = N_("The chat could not be reached.")
_PASSING = frozenset({408, 425, 429})
_STATUS = re.compile(r"error=(\d{3})")


class Chat(Protocol):
    def send(self, url: str, title: str, body: str) -> None:
        """Post a message. Raises `GatewayError`; returns only when the service has taken it."""


def check(url: str) -> str:
    """The name of the service an address is for. Raises `InvalidInput`, which never repeats the address.

    It must name one place: of several, one that fails would let the others have each message again.
    """
    service = _service(url)
    if (places := len(_instance(url))) > 1:
        raise InvalidInput.one("url", "", _SEVERAL, places=places)
    return str(service.service_name)


def service_of(url: str) -> str:
    """What to call the service of a checked address."""
    scheme = url.partition("://")[0].lower()
    return str(_class(scheme).service_name) if scheme in SERVICES else ""


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
    if scheme.lower() not in SERVICES:
        raise InvalidInput.one("url", f"{scheme}://", _NOT_A_SERVICE, known=tuple(sorted(SERVICES)))
    return _class(scheme.lower())


def _class(scheme: str) -> Any:
    plugin, _, name = SERVICES[scheme].partition(".")
    return getattr(Late(f"apprise.plugins.{plugin}"), name)


def _instance(url: str) -> Any:
    service = _service(url)
    try:
        # People write rooms as their service shows them: #board. In an address that would cut off the rest.
        read = service.parse_url(url.replace("/#", "/%23"))
        # No storage: some services would keep sessions in files of their own.
        made = service(**read, asset=apprise.AppriseAsset(storage_mode="memory", secure_logging=True)) if read else None
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
