"""The pages, one noun a file. Views stay thin: read the request, call an action or a select, render."""

from flask import Flask

from tracker.bootstrap import Tracker
from tracker.i18n import N_
from tracker.web import auth, wording
from tracker.web.pages import (
    account,
    account_security,
    activities,
    activity_forms,
    bulk,
    chats,
    conflicts,
    customs,
    deliveries,
    dossiers,
    downloads,
    drafts,
    events,
    files,
    finding,
    half_year,
    handbook,
    health,
    history,
    home,
    honours,
    imports,
    inbox,
    letters,
    login_steps,
    mail_pauses,
    news,
    observances,
    occasions,
    organisation,
    outlook,
    partners,
    partnership_map,
    pasted,
    public,
    quick,
    receipts,
    receiving,
    reminders,
    removed,
    report_closing,
    report_editions,
    report_mailings,
    report_making,
    report_readers,
    report_texts,
    reports,
    restoring,
    rules,
    saved_views,
    shipment_papers,
    shipments,
    subscriptions,
    tasks,
    tour,
    twin_forms,
    twins,
    users,
    welcome,
    what_happened,
    why,
)
from tracker.web.wording import ICONS

NOUNS = (
    home, half_year, activities, activity_forms, twins, occasions, outlook, subscriptions, public, deliveries,
    mail_pauses, account, users, imports, events, health, downloads, observances, customs, organisation, rules,
    reminders, why, inbox, chats, tasks, letters, reports, report_making, report_editions, report_texts,
    report_closing, report_readers, report_mailings, login_steps, account_security, quick, drafts, pasted,
    partnership_map, news, files, twin_forms, partners, honours, finding, saved_views,
    history, what_happened, removed, bulk, conflicts, restoring, handbook, tour, welcome,
    shipments, shipment_papers, receipts, receiving, dossiers,
)  # fmt: skip

WAYS = (
    ("home", "house", N_("Overview")),
    ("half_year", "calendar3", N_("Calendar")),
    ("activities", "list-ul", N_("Activities")),
    ("twins", "globe2", N_("Cities")),
    ("occasions", "calendar-heart", N_("Days")),
    ("reports", "bar-chart-line", N_("Reports")),
    ("subscribe", "calendar-plus", N_("Subscribe")),
)
"""The main navigation: endpoint, icon, a label short enough for the foot of a telephone."""

WIDE_ONLY = ("reports",)
"""What the foot of a telephone has no room for; there it stands in the menu alone."""

BACK_ROOMS = (
    (auth.Audience.READERS, "help", "question-circle", N_("Help")),
    (auth.Audience.READERS, "reports", "bar-chart-line", N_("Reports")),
    (auth.Audience.READERS, "shipments", "truck", N_("Aid shipments")),
    (auth.Audience.READERS, "tasks", "check-circle", N_("Tasks")),
    (auth.Audience.READERS, "reminders", "bell", N_("Reminders")),
    (auth.Audience.EDITORS, "imports", "upload", N_("Take in a file")),
    (auth.Audience.EDITORS, "deliveries", "envelope", N_("Sent mails")),
    (auth.Audience.EDITORS, "what_happened", "clock-history", N_("What happened")),
    (auth.Audience.EDITORS, "bin", "trash", N_("Bin")),
    (auth.Audience.EDITORS, "rules", "bell", N_("Reminder rules")),
    (auth.Audience.ADMINISTRATORS, "events", "broadcast", N_("Event log")),
    (auth.Audience.ADMINISTRATORS, "admin_calendars", "calendar-check", N_("Calendars")),
    (auth.Audience.ADMINISTRATORS, "observances", "calendar-heart", N_("Days we keep every year")),
    (auth.Audience.ADMINISTRATORS, "organisation", "building", N_("Our organisation")),
    (auth.Audience.ADMINISTRATORS, "chats", "chat-dots", N_("Chats")),
    (auth.Audience.ADMINISTRATORS, "letter_templates", "pencil", N_("Letters")),
    (auth.Audience.ADMINISTRATORS, "report_readers", "bar-chart-line", N_("Readers of reports")),
    (auth.Audience.ADMINISTRATORS, "report_mailings", "envelope", N_("Reports by mail")),
    (auth.Audience.ADMINISTRATORS, "users", "people", N_("Accounts")),
)


def register(app: Flask, tracker: Tracker) -> None:
    for noun in NOUNS:
        noun.register(app, tracker)
    app.jinja_env.filters |= {"span_of": activities.span_of, "days_of": activities.days_of}
    app.jinja_env.globals |= {
        "ways": tuple(way for way in WAYS if way[0] in app.view_functions),
        "wide_only": WIDE_ONLY,
        "kind_icons": ICONS,
        "words": wording.WORDS,
        "back_rooms": lambda: [
            (endpoint, icon, label)
            for audience, endpoint, icon, label in BACK_ROOMS
            if endpoint in app.view_functions and auth.admits(audience)
        ],
    }
