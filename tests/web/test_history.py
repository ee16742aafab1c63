from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from camdigits.records.kept import Kept, ReadingsInMemory

SCRIPT = "from camdigits.web import history\nhistory.show()\n"


@pytest.fixture
def readings() -> ReadingsInMemory:
    readings = ReadingsInMemory()
    readings.add(Kept("12", "12", 0.93, "camera", id="a"))
    readings.add(Kept("347", "341", 0.5, "note.png", id="b"))
    return readings


def show(readings: ReadingsInMemory) -> AppTest:
    page = AppTest.from_string(SCRIPT, default_timeout=30)
    page.session_state["camdigits.readings"] = readings
    return page.run()


def test_an_empty_history_says_what_to_do() -> None:
    page = AppTest.from_string(SCRIPT, default_timeout=30).run()
    assert not page.exception
    assert "press Keep" in page.info[0].value


def test_the_newest_comes_first(readings: ReadingsInMemory) -> None:
    page = show(readings)
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Number"].tolist() == ["347", "12"]
    assert table["Sure"].tolist() == ["50%", "93%"]
    assert table["From"].tolist() == ["note.png", "camera"]


def test_a_session_has_its_own_history() -> None:
    one, other = (AppTest.from_string(SCRIPT, default_timeout=30).run() for _ in range(2))
    mine = one.session_state["camdigits.readings"]
    mine.add(Kept("12", "12", 0.9, "camera"))
    assert one.run().dataframe[0].value["Number"].tolist() == ["12"]
    assert not other.run().dataframe
    assert len(other.info) == 1
