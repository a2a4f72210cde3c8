"""A small OpenID Connect provider on loopback, for tests: real keys, real signatures, real HTTP.

It logs everybody in as `person`. What it checks, it checks as a provider must: the client's secret, that a code is used
once and by the client it was made for, and PKCE. `spoil` changes what it signs, to see that it is refused.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "tracker", "only-for-tests"


def _as_it_is(claims: dict[str, Any]) -> dict[str, Any]:
    return claims


class Provider:
    """Runs in a thread of its own until `close`."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
        self.signing = self.key
        self.person: dict[str, Any] = {"sub": "4711", "email": "editor@example.org", "email_verified": True}
        self.spoil: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is
        self.asked: dict[str, dict[str, str]] = {}
        self.refused: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address = urlsplit(self.path)
                provider.get(self, address.path, dict(parse_qsl(address.query)))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.token(self, {name: values[0] for name, values in parse_qs(body).items()})

            def log_message(self, *_told: Any) -> None:
                """Tests say what went wrong; this need not."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def environ(self) -> dict[str, str]:
        return {"OIDC_ISSUER": self.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def get(self, handler: BaseHTTPRequestHandler, path: str, asked: dict[str, str]) -> None:
        if path == "/.well-known/openid-configuration":
            steps = {"authorization": "authorize", "token": "token", "userinfo": "userinfo", "end_session": "out"}
            known = {f"{name}_endpoint": f"{self.issuer}/{step}" for name, step in steps.items()}
            known |= {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
            _answer(handler, {**known, "id_token_signing_alg_values_supported": ["RS256"]})
        elif path == "/keys":
            _answer(handler, {"keys": [self.key.as_dict(private=False)]})
        elif path == "/authorize":
            code = secrets.token_urlsafe(16)
            self.asked[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            handler.send_response(302)
            handler.send_header("Location", f"{asked['redirect_uri']}?{back}")
            handler.end_headers()
        else:
            _answer(handler, {}, 404)

    def token(self, handler: BaseHTTPRequestHandler, given: dict[str, str]) -> None:
        asked = self.asked.pop(given.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None:
            self.refused.append("code")
        elif handler.headers.get("Authorization") != f"Basic {basic}":
            self.refused.append("client")
        elif asked["code_challenge_method"] != "S256" or proof.decode().rstrip("=") != asked["code_challenge"]:
            self.refused.append("pkce")
        else:
            claims = {"iss": self.issuer, "aud": CLIENT, "nonce": asked["nonce"], "iat": int(time.time())}
            claims = self.spoil({**claims, "exp": int(time.time()) + 60, **self.person})
            signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing)
            _answer(handler, {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": signed})
            return
        _answer(handler, {"error": "invalid_grant"}, 400)


def _answer(handler: BaseHTTPRequestHandler, told: dict[str, Any], status: int = 200) -> None:
    body = json.dumps(told).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
