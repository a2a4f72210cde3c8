"""What a view needs of the installation it answers for: its parts, and what day it is for the person asking."""

import datetime as dt

from flask import current_app

from tracker.bootstrap import Tracker
from tracker.web.language import zone


def this_tracker() -> Tracker:
    found: Tracker = current_app.extensions["tracker"]
    return found


def now() -> dt.datetime:
    return this_tracker().clock()


def today() -> dt.date:
    """The day it is where the person is."""
    return now().astimezone(zone()).date()
