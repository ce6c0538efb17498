"""The technician of the demo: signs in, opens a case, and reads what the console shows, over the console's own API."""

import time
from collections.abc import Callable
from typing import Any

import requests

LIMIT_SECONDS = 20.0


class Technician:
    """One signed-in technician.

    Args:
        url: the backend's address.
        name: sign-in name.
        password: its password.
    """

    def __init__(self, url: str, name: str, password: str) -> None:
        self._url = f"{url}/v1/console"
        self._http = requests.Session()
        self._http.trust_env = False
        answer = self._call("POST", "/sessions", {"name": name, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer['token']}"

    def use_numbers(self, *numbers: str) -> None:
        """Say from which AnyDesk numbers this technician connects."""
        self._call("PUT", "/numbers", {"numbers": list(numbers)})

    def open_case(
        self, problem: str, amount: int, what_for: str, details: dict[str, str], language: str
    ) -> str:
        """Open a case and return its id. `amount` is in grosz."""
        body = {
            "problem": problem,
            "price": {"amount": amount, "currency": "PLN", "description": what_for},
            "details": details,
            "language": language,
            "phone": "+48 00 000 00 00",
        }
        return str(self._call("POST", "/cases", body)["case_id"])

    def case(self, case_id: str) -> dict[str, Any]:
        """Return a case as the console shows it."""
        return self._call("GET", f"/cases/{case_id}")

    def wait_until(self, case_id: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look at the case until something is shown.

        Raises:
            TimeoutError: it was not shown in time.
        """
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            case = self.case(case_id)
            if condition(case):
                return case
            if time.monotonic() > deadline:
                raise TimeoutError(f"the console still shows step {case['step']} ({case['state']})")
            time.sleep(0.05)

    def answer_offline(self, case_id: str, code: str) -> str:
        """Type the customer's offline code; returns the eight digits to read back."""
        return str(self._call("POST", f"/cases/{case_id}/offline-answer", {"code": code})["answer"])

    def agree_no_backup(self, case_id: str) -> None:
        """Agree to work without a backup."""
        self._call("POST", f"/cases/{case_id}/agree-no-backup", {})

    def end_case(self, case_id: str) -> None:
        """End the case from the console."""
        self._call("POST", f"/cases/{case_id}/end", {})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self._http.request(method, self._url + path, json=body, timeout=(3, 10))
        if not answer.ok:
            raise RuntimeError(f"console: {method} {path}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json()) if answer.content else {}
