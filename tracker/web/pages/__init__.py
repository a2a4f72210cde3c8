"""The pages, one noun a file. Views stay thin: read the request, call an action or a select, render."""

from flask import Flask

from tracker.bootstrap import Tracker
from tracker.i18n import N_
from tracker.web import auth, wording
from tracker.web.pages import (
    account,
    activities,
    activity_forms,
    chats,
    customs,
    deliveries,
    downloads,
    events,
    half_year,
    health,
    home,
    imports,
    inbox,
    letters,
    mail_pauses,
    observances,
    occasions,
    outlook,
    public,
    reminders,
    rules,
    subscriptions,
    tasks,
    twins,
    users,
    why,
)
from tracker.web.wording import ICONS

NOUNS = (
    home, half_year, activities, activity_forms, twins, occasions, outlook, subscriptions, public, deliveries,
    mail_pauses, account, users, imports, events, health, downloads, observances, customs, rules,
    reminders, why, inbox, chats, tasks, letters,
)  # fmt: skip

WAYS = (
    ("home", "house", N_("Overview")),
    ("half_year", "calendar3", N_("Calendar")),
    ("activities", "list-ul", N_("Activities")),
    ("twins", "globe2", N_("Cities")),
    ("occasions", "calendar-heart", N_("Days")),
    ("subscribe", "calendar-plus", N_("Subscribe")),
)
"""The main navigation: endpoint, icon, a label short enough for the foot of a telephone."""

BACK_ROOMS = (
    (auth.Audience.READERS, "tasks", "check-circle", N_("Tasks")),
    (auth.Audience.READERS, "reminders", "bell", N_("Reminders")),
    (auth.Audience.EDITORS, "imports", "upload", N_("Take in a file")),
    (auth.Audience.EDITORS, "deliveries", "envelope", N_("Sent mails")),
    (auth.Audience.EDITORS, "rules", "bell", N_("Reminder rules")),
    (auth.Audience.ADMINISTRATORS, "events", "broadcast", N_("Event log")),
    (auth.Audience.ADMINISTRATORS, "admin_calendars", "calendar-check", N_("Calendars")),
    (auth.Audience.ADMINISTRATORS, "observances", "calendar-heart", N_("Days we keep every year")),
    (auth.Audience.ADMINISTRATORS, "chats", "chat-dots", N_("Chats")),
    (auth.Audience.ADMINISTRATORS, "letter_templates", "pencil", N_("Letters")),
    (auth.Audience.ADMINISTRATORS, "users", "people", N_("Accounts")),
)


def register(app: Flask, tracker: Tracker) -> None:
    for noun in NOUNS:
        noun.register(app, tracker)
    app.jinja_env.filters |= {"span_of": activities.span_of, "days_of": activities.days_of}
    app.jinja_env.globals |= {
        "ways": tuple(way for way in WAYS if way[0] in app.view_functions),
        "kind_icons": ICONS,
        "words": wording.WORDS,
        "back_rooms": lambda: [
            (endpoint, icon, label)
            for audience, endpoint, icon, label in BACK_ROOMS
            if endpoint in app.view_functions and auth.admits(audience)
        ],
    }
