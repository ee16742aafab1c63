"""Where a second look goes."""

from dataclasses import replace

from factories import number

from camdigits.reading import Box
from camdigits.recognize.look_area import DOUBTFUL, PIECES, doubtful_area, uncut

SIZE = (400, 200)


def test_all_that_is_doubtful_is_looked_at_with_what_is_around_it() -> None:
    sure, accepted = number("12", 10, DOUBTFUL), number("12", 10, DOUBTFUL - 0.01)
    assert doubtful_area([sure], SIZE, 3) is None
    assert accepted.accepted
    assert doubtful_area([replace(sure, accepted=False)], SIZE, 3) is not None
    assert doubtful_area([accepted], SIZE, 3) == Box(0, 0, 110, 150)
    strings = [sure, number("345", 200, 0.5), number("6", 250, 0.7, y=100)]
    assert doubtful_area(strings, SIZE, 7) == Box(120, 0, 220, 200)
    assert doubtful_area([], SIZE, PIECES) == Box(0, 0, 400, 200)
    assert doubtful_area([], SIZE, PIECES + 1) is None


def test_what_the_border_cuts_in_a_row_is_seen_whole() -> None:
    size = (1000, 400)
    doubtful, cut, next_to_it = number("345", 500, 0.5), number("6789", 385, 1), number("1", 370, 1)
    assert doubtful_area([doubtful], size, 3) == Box(420, 0, 190, 150)
    assert doubtful_area([cut, doubtful], size, 3) == Box(365, 0, 245, 150)
    assert doubtful_area([next_to_it, cut, doubtful], size, 3) == Box(350, 0, 260, 150)
    assert doubtful_area([next_to_it, doubtful], size, 3) == Box(420, 0, 190, 150)


def test_what_the_border_cuts_in_other_rows_stays_cut() -> None:
    above, doubtful = number("12", 410, 1), replace(number("345", 500, 0.5, y=100), row=4)
    assert doubtful_area([above, doubtful], (1000, 400), 3) == Box(420, 20, 190, 180)


def test_what_the_border_of_an_area_may_cut_is_told() -> None:
    area = Box(100, 0, 200, 200)
    strings = [number("12", x, 0.9) for x in (105, 112, 268, 275)]
    assert uncut(strings, area, SIZE) == strings[1:3]
    assert uncut(strings, Box(0, 0, *SIZE), SIZE) == strings
    assert uncut([number("12", 150, 0.9, y=2)], area, SIZE) != []
    assert uncut([number("12", 150, 0.9, y=2)], Box(100, 1, 200, 199), SIZE) == []
