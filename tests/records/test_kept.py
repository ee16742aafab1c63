from __future__ import annotations

from datetime import UTC

import pytest

from camdigits.records.kept import Kept, ReadingsInMemory


def a_reading(text: str, id: str = "a") -> Kept:
    return Kept(text=text, read_as=text, confidence=0.9, source="camera", id=id)


def test_readings_come_in_the_order_of_keeping() -> None:
    readings = ReadingsInMemory()
    readings.add(a_reading("12", "b"))
    readings.add(a_reading("34", "a"))
    assert [kept.text for kept in readings.all()] == ["12", "34"]


def test_what_is_kept_again_takes_its_own_place() -> None:
    readings = ReadingsInMemory()
    readings.add(a_reading("12", "a"))
    readings.add(a_reading("56", "b"))
    readings.add(a_reading("34", "a"))
    assert [kept.text for kept in readings.all()] == ["34", "56"]


def test_a_correction_keeps_what_was_read() -> None:
    readings = ReadingsInMemory()
    readings.add(a_reading("12"))
    readings.correct("a", "17")
    (kept,) = readings.all()
    assert (kept.text, kept.read_as) == ("17", "12")


def test_removing() -> None:
    readings = ReadingsInMemory()
    readings.add(a_reading("12"))
    readings.remove("a")
    assert readings.all() == ()


@pytest.mark.parametrize("change", [lambda r: r.remove("no"), lambda r: r.correct("no", "1")])
def test_what_is_not_kept_cannot_change(change) -> None:
    readings = ReadingsInMemory()
    readings.add(a_reading("12"))
    with pytest.raises(KeyError):
        change(readings)
    assert len(readings.all()) == 1


def test_each_reading_has_an_id_and_a_time_of_its_own() -> None:
    one, other = (Kept("1", "1", 0.5, "camera") for _ in range(2))
    assert one.id != other.id
    assert one.at.tzinfo is UTC
