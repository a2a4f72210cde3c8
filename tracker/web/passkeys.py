"""Passkeys as the browser speaks of them (WebAuthn): what it is asked, and whether its answer is right.

py_webauthn checks signatures. Each question holds a fresh challenge that is kept in the session and asked once. A
passkey always asks its owner for a finger, a face or a number, so it is two factors in one.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from flask import request, session

from tracker.actions.passkeys import NewPasskey
from tracker.late import Late
from tracker.store import accounts, organisation
from tracker.store import logins as store
from tracker.web.auth import Account
from tracker.web.installation import now, this_tracker

# Loaded when somebody first uses a passkey.
webauthn = Late("webauthn")
structs = Late("webauthn.helpers.structs")
helpers = Late("webauthn.helpers")
exceptions = Late("webauthn.helpers.exceptions")

_QUESTION = "passkey"
_SECONDS = 300
_LOCAL = ("localhost",)


class Unconvincing(Exception):
    """The answer is not that of a device we know, or not to what it was asked."""


@dataclass(frozen=True)
class Answered:
    """A device has answered: whose it is, and the row it is kept in."""

    account: Account
    passkey_id: int
    sign_count: int


def question_for_new(user: Account) -> dict[str, Any]:
    """What a browser is asked so that it makes a passkey."""
    with this_tracker().database.reading() as reading:
        known = store.passkeys_of(reading, user.id)
        house = organisation.current(reading).name(user.language) or "tracker"
    handle = known[0].handle if known else secrets.token_bytes(32)
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=house,
        user_id=handle,
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=_ask(handle),
        exclude_credentials=_described(known),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def new_passkey(name: str, answer: str) -> NewPasskey:
    """What the browser has made. Raises `Unconvincing`."""
    challenge, handle = _asked()
    try:
        credential = helpers.parse_registration_credential_json(answer)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_origin=_origins(),
            expected_rp_id=_host(),
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise Unconvincing(str(fault)) from fault
    ways = [way.value for way in credential.response.transports or ()]
    return NewPasskey(name, made.credential_id, made.credential_public_key, made.sign_count, handle, ways)


def question(user: Account | None) -> dict[str, Any]:
    """What a browser is asked to log in: for a passkey of this person, or of anybody who has one here."""
    with this_tracker().database.reading() as reading:
        known = store.passkeys_of(reading, user.id) if user else []
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_ask(),
        allow_credentials=_described(known) or None,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def answered(answer: str) -> Answered:
    """Whose device has answered. Raises `Unconvincing`."""
    challenge, _ = _asked()
    try:
        credential = helpers.parse_authentication_credential_json(answer)
        with this_tracker().database.reading() as reading:
            row = store.passkey_by_credential(reading, credential.raw_id)
            user = reading.get(accounts.UserRow, row.user_id) if row else None
            found = Account(user) if user else None
        if row is None or found is None or not found.active:
            raise Unconvincing("there is no such passkey")
        if credential.response.user_handle not in (None, b"", row.handle):
            raise Unconvincing("the passkey is another account's")
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_origin=_origins(),
            expected_rp_id=_host(),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise Unconvincing(str(fault)) from fault
    return Answered(found, row.id, checked.new_sign_count)


def possible_here() -> bool:
    """Whether browsers let us ask: they want a name, not a number, and a way nobody can listen on."""
    return request.is_secure or _host() in _LOCAL or this_tracker().settings.base_url.startswith("https://")


def _described(known: list[store.PasskeyRow]) -> list[Any]:
    transports = {way.value for way in structs.AuthenticatorTransport}
    return [
        structs.PublicKeyCredentialDescriptor(
            id=row.credential_id,
            transports=[structs.AuthenticatorTransport(way) for way in row.transports if way in transports],
        )
        for row in known
    ]


def _ask(handle: bytes = b"") -> bytes:
    challenge = secrets.token_bytes(32)
    session[_QUESTION] = {"challenge": challenge.hex(), "handle": handle.hex(), "at": now().timestamp()}
    return challenge


def _asked() -> tuple[bytes, bytes]:
    kept = session.pop(_QUESTION, None)
    if not kept or now().timestamp() - kept["at"] > _SECONDS:
        raise Unconvincing("nobody has asked, or too long ago")
    return bytes.fromhex(kept["challenge"]), bytes.fromhex(kept["handle"])


def _host() -> str:
    return request.host.rpartition(":")[0] if ":" in request.host else request.host


def _origins() -> list[str]:
    """Where an answer may have been given. A proxy may hide from us that people came by https."""
    return [f"https://{request.host}", *([f"http://{request.host}"] if _host() in _LOCAL else [])]
