"""How simulated users send requests: patiently, since a service may be starting, and with the answer in the error."""

import time
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import httpx

from deploy.local.refusal import Refusal

_ANSWER: Final = 30.0  # seconds for one answer
_AGAIN: Final = 90.0  # seconds for which something that is away is asked again
_PAUSE: Final = 0.2
_AWAY: Final = frozenset({502, 503, 504})


class Client:
    """One simulated user's HTTP client. A service that is away is asked again; keys keep it from happening twice."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        # A proxy of this machine must not come between this and the loopback.
        self.http = httpx.Client(base_url=url, headers=headers, timeout=_ANSWER, trust_env=False)

    def sign_in(self, link: str) -> None:
        """By a one-time link of the local stack."""
        answer = self.post("/api/v1/intake/session/local-link", {"link": link}, status=201)
        self.http.headers["Authorization"] = f"Bearer {answer['token']}"

    def get(self, path: str) -> Any:
        """The JSON there; None where it is not known yet."""
        answer = self._ask("GET", path)
        return None if answer.status_code == httpx.codes.NOT_FOUND else expect(answer, 200).json()

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, status: int = 200) -> Any:
        """Do something; what was answered."""
        return expect(self._ask("POST", path, json=dict(body or {})), status).json()

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """The answer, of what is the same however often it is asked."""
        return expect(self._ask("PUT", path, json=body), 200).json()

    def send(self, path: str, files: Mapping[str, Any], data: Mapping[str, str], *, status: int = 201) -> Any:
        """Send a file with a form."""
        return expect(self._ask("POST", path, files=dict(files), data=dict(data)), status).json()

    def read(self, path: str) -> str:
        """The page there, as text."""
        return expect(self._ask("GET", path), 200).text

    def submit(self, path: str, fields: Mapping[str, str], files: Mapping[str, Any] | None = None) -> httpx.Response:
        """Send a page's form, whose key is one of its fields; the answer, which leads elsewhere."""
        return expect(self._ask("POST", path, data=dict(fields), files=files), httpx.codes.SEE_OTHER)

    def _ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        until = time.monotonic() + _AGAIN
        key = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        while True:
            try:
                answer = self.http.request(method, path, headers=key, **content)
            except httpx.TransportError as error:
                if time.monotonic() > until:
                    raise Refusal(f"{method} {path} was not answered: {error}") from error
            else:
                if answer.status_code not in _AWAY or time.monotonic() > until:
                    return answer
            time.sleep(_PAUSE)


def expect(answer: httpx.Response, status: int) -> httpx.Response:
    """The answer, if it has this status.

    Raises:
        Refusal: it has another one.
    """
    if answer.status_code != status:
        answer.read()
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Refusal(
            f"{asked} answered {answer.status_code} instead of {status}: {' '.join(answer.text.split())[:300]}"
        )
    return answer
