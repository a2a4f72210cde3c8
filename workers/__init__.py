"""Celery wiring, and nothing else: no rule of the product lives here."""
