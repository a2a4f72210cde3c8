"""The handbook on its pages, and which of them belongs to the page somebody looks at."""

from functools import partial

from flask import Flask, abort, render_template, request

from tracker.bootstrap import Tracker
from tracker.outputs.handbook import Page, found, page_of
from tracker.web.auth import Audience, admits, allowed, audience_of
from tracker.web.language import language

_PAGES = {
    "log": ("new_activity", "quick", "log_again", "several", "resume_draft"),
    "correct": (
        "activity", "edit_activity", "activity_history", "bin", "what_happened", "history_of", "bulk",
        "bulk_done", "choose_sides",
    ),
    "find": (
        "activities", "half_year", "timeline", "twins", "twin", "partnership_map", "honours", "honour", "edit_twin",
        "twin_states", "new_honour", "edit_honour",
    ),
    "subscribe": ("subscribe", "subscription", "admin_calendars", "public", "public_calendar"),
    "reminders": (
        "reminders", "reminder", "why", "rules", "rule", "new_rule", "preview_rule", "tasks", "task", "inbox",
        "occasions", "outlook", "observances", "observance", "new_observance", "customs", "chats", "chat",
    ),
    "letter": ("letter", "letter_templates", "letter_template"),
    "journey": ("dossier", "edit_dossier"),
    "aid": ("shipments", "shipment", "move_shipment"),
    "files": ("add_files", "edit_file", "report_pictures"),
    "import": ("imports", "import_preview"),
    "report": (
        "reports", "report", "close_year", "close_step", "edition", "compare_editions", "report_text", "report_readers",
        "report_reader", "report_mailings", "report_mailing", "new_mailing",
    ),
    "login": ("account_security", "account_second_factor"),
    "people": ("users", "user", "erase_user", "preferences", "organisation"),
    "trouble": ("deliveries", "events"),
}  # fmt: skip

ABOUT = {endpoint: task for task, endpoints in _PAGES.items() for endpoint in endpoints}
"""By endpoint, the task a page belongs to. A page that is not here leads to the list of all."""

_WAYS = {
    "log": "new_activity", "correct": "activities", "find": "activities", "subscribe": "subscribe",
    "reminders": "inbox", "letter": "tasks", "journey": "activities", "aid": "shipments", "files": "activities",
    "import": "imports", "report": "reports", "login": "account_security", "people": "users",
    "trouble": "deliveries",
}  # fmt: skip
"""Where a task is done."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/help", "help", help_list)
    app.add_url_rule("/help/<task>", "help_page", help_page)
    app.jinja_env.globals |= {"help_about": help_about, "help_way": partial(_is_open, app)}


@allowed(Audience.READERS)
def help_list() -> str:
    query = request.args.get("q", "").strip()
    return render_template("help/list.html", pages=found(query, language()), query=query)


@allowed(Audience.READERS)
def help_page(task: str) -> str:
    page = page_of(task, language())
    if page is None:
        abort(404)
    return render_template("help/page.html", page=page, way=_WAYS[task])


def _is_open(app: Flask, endpoint: str) -> bool:
    """Whether there is such a page here, and the person may call it."""
    audience = audience_of(app, endpoint) if endpoint in app.view_functions else None
    return audience is not None and admits(audience)


def help_about(endpoint: str | None) -> Page | None:
    """The page of the handbook that belongs to an endpoint."""
    return page_of(ABOUT[endpoint], language()) if endpoint in ABOUT else None
