"""Numbers to keep: once, and again after they were deleted."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    import numpy as np  # noqa: PLC0415 - AppTest runs this function's text alone

    from camdigits.web.numbers import number  # noqa: PLC0415

    quad = ((10.0, 10.0), (50.0, 10.0), (50.0, 30.0), (10.0, 30.0))
    number("a", "12", 0.9, "", np.full((40, 60, 3), 200, np.uint8), quad)


def test_a_number_is_kept_once_and_again_after_it_was_deleted() -> None:
    test = AppTest.from_function(page, default_timeout=30).run()
    test.button[0].click().run()
    assert not test.exception
    assert (test.button[0].label, test.button[0].disabled) == ("Kept", True)
    readings = test.session_state["camdigits.readings"]
    assert [kept.text for kept in readings.all()] == ["12"]
    readings.remove("a")
    test.run()
    assert (test.button[0].label, test.button[0].disabled) == ("Keep", False)
    test.button[0].click().run()
    assert [kept.text for kept in readings.all()] == ["12"]
