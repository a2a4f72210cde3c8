"""Tracker of the partnerships between Volgograd and its twin cities."""
