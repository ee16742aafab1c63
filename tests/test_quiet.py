"""Silence on standard error, and that it ends."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from camdigits.quiet import quiet_stderr

Capture = pytest.CaptureFixture[str]


def speak(words: str) -> None:
    """Write past Python, as native libraries do."""
    os.write(2, words.encode())


def test_what_is_written_meanwhile_is_unheard(capfd: Capture) -> None:
    speak("before ")
    with quiet_stderr():
        speak("meanwhile ")
        with quiet_stderr():
            speak("deeper ")
        speak("still ")
    speak("after")
    assert capfd.readouterr().err == "before after"


def test_an_error_ends_it(capfd: Capture) -> None:
    with pytest.raises(ValueError, match="broken"), quiet_stderr():
        raise ValueError("broken")
    speak("after")
    assert capfd.readouterr().err == "after"


def test_threads_leave_standard_error_as_it_was(capfd: Capture) -> None:
    def hush(_: int) -> None:
        with quiet_stderr():
            for _ in range(1000):  # long enough for the threads to overlap
                speak("meanwhile")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hush, range(100)))
    speak("after")
    assert capfd.readouterr().err == "after"
