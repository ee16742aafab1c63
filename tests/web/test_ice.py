from __future__ import annotations

import tomllib

import pytest

from camdigits.web import ice

TURN = {"urls": "turn:turn.example.org:3478", "username": "one", "credential": "two"}
PROVIDED = {"urls": "stun:stun.example.org"}
FILE = """[[ice_servers]]
urls = "turn:turn.example.org:3478"
username = "one"
credential = "two"
"""


class Secrets(dict):
    """Streamlit's secrets, from the text of a file where there is text."""

    def __init__(self, text: str) -> None:
        super().__init__(tomllib.loads(text))
        self.load_if_toml_exists = lambda: bool(text)


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("", {}, []),
        ("other = 1", {}, []),
        (FILE, {}, [TURN]),
        ("", {"TWILIO_ACCOUNT_SID": "a", "TWILIO_AUTH_TOKEN": "b"}, [PROVIDED]),
        ("", {"CLOUDFLARE_TURN_KEY_ID": "a"}, [PROVIDED]),
        ("", {"HF_TOKEN": ""}, []),
        (FILE, {"HF_TOKEN": "a"}, [TURN]),
    ],
)
def test_servers_come_from_the_secrets_else_from_the_environment(
    monkeypatch, text, variables, expected
) -> None:
    for name in ("CLOUDFLARE_TURN_KEY_ID", "TWILIO_ACCOUNT_SID", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(ice.st, "secrets", Secrets(text))
    monkeypatch.setattr(ice, "get_available_ice_servers", lambda: [PROVIDED])
    assert ice.ice_servers() == expected
