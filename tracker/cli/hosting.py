"""How Granian carries us: one thread at a time waits for requests, and answers polls from memory.

Where several threads wait, Python's lock goes to and fro between them at each request; a single one answers polls two
to three times as fast. So whoever gets something longer lets the next one wait in its place first, and when it is done
stands in line again. Polls are never held up by pages, as long as not all threads have one.

Granian has no setting for it: its wrapper around a WSGI application is replaced in the process that serves. Were that
to have no effect one day, all threads would wait at once, and polls be slower.
"""

import signal
import threading
from collections.abc import Callable
from contextlib import nullcontext
from types import FrameType
from typing import Any

import granian._signals
import granian.server.mp
from granian._signals import set_sync_signals
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from granian.wsgi import _callback_wrapper as one_after_the_other

from tracker.web.front import TOO_OLD, Front

_THREADS = 32
_PAGES = 4
"""Requests one web process works on at once, polls aside; the others wait their turn."""
_ASIDE = ("/feeds/", "/live")
"""What takes no page's place: polls, and the streams of those who watch, which have seats of their own (`web.live`)."""
_FOR_EVER = 10**8
"""Seconds. A thread that went home while it was the one who waits would leave nobody in its place."""


def server(host: str, port: int, workers: int) -> MPServer:
    made = MPServer(
        "tracker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=_PAGES,
        backpressure=128,
        workers_kill_timeout=4,
        log_level=LogLevels.warning,
    )

    def beyond_its_checks() -> None:
        # It advises against many threads and allows no more than ten minutes of idleness; here most stand in line.
        made.blocking_threads, made.blocking_threads_idle_timeout = _THREADS, _FOR_EVER

    made.on_startup(beyond_its_checks)
    return made


def polls_first(front: Front) -> None:
    """Let this process answer polls as described above."""

    def wrapper(callback: Callable[..., Any], *options: Any) -> Callable[[Any, dict[str, Any]], None]:
        whole = one_after_the_other(callback, *options)
        line, pages, own = threading.Lock(), threading.Semaphore(_PAGES), threading.get_ident
        waiting = 0

        def take(protocol: Any, scope: dict[str, Any]) -> None:
            nonlocal waiting
            answer = front.at_once(scope)
            if answer is not None:
                protocol.response_bytes(*answer)
                if waiting == own():
                    return
            else:
                scope[TOO_OLD] = True
                if waiting == own():
                    waiting = 0
                    line.release()
                with nullcontext() if scope["PATH_INFO"].startswith(_ASIDE) else pages:
                    whole(protocol, scope)
            # Reached once the answer has left: until it is its turn again, this thread does nothing.
            line.acquire()
            waiting = own()

        return take

    granian.server.mp._wsgi_call_wrap = wrapper  # type: ignore[attr-defined,assignment]  # see above


def before_the_end(then: Callable[[], None]) -> None:
    """Call `then` when this process is told to end, before Granian waits for the threads that still answer somebody."""

    def set_signals() -> Any:
        told = set_sync_signals()  # type: ignore[no-untyped-call]  # Granian has no types
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _first(then, signal.getsignal(number)))
        return told

    granian._signals.set_sync_signals = set_signals


def _first(then: Callable[[], None], theirs: Any) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        then()
        theirs(number, frame)

    return handle
