"""What a change of a rule means: whose it is, and whether it could make something due that lies in the past. Pure."""

from tracker.domain.rules import Rule

OWN = "rule-"
"""How the keys of rules begin that staff have made. Those that ship have a word, and can only be switched off."""


def is_own(key: str) -> bool:
    return key.startswith(OWN)


def reaches_further(before: Rule, after: Rule) -> bool:
    """Whether anything, or anybody, is reminded under `after` that was not under `before`.

    Then the rule begins anew: what would have been due earlier is not sent now. Fewer leads or people, other words,
    or another late window make nothing due.
    """
    return (
        (after.enabled and not before.enabled)
        or after.about is not before.about
        or after.choice != before.choice
        or not set(after.leads) <= set(before.leads)
        or not set(after.audience) <= set(before.audience)
    )
