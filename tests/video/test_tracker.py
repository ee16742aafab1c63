"""The tracker on hand-made evidence: ids, locks, unlocks, movement, quiet."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sightings import seen

from camdigits.recognize.formats import Format
from camdigits.video.results import LiveString
from camdigits.video.track import Sighting
from camdigits.video.tracker import Tracker

STEP = 1 / 30


class Film:
    """A tracker fed with one list of sightings a frame, 30 a second."""

    def __init__(self, expected: Format | None = None) -> None:
        self.tracker = Tracker(expected)
        self.time = 0.0

    def show(self, *sightings: Sighting, frames: int = 1, letters: int = 0) -> Sequence[LiveString]:
        """Show the same sightings for some frames; return the strings after them."""
        for _ in range(frames):
            self.tracker.update(sightings, self.time, letters)
            self.time += STEP
        return self.tracker.strings

    @property
    def texts(self) -> list[tuple[int, str, bool]]:
        """Id, text and whether locked of each string."""
        return [(s.id, s.text, s.locked_at is not None) for s in self.tracker.strings]


def frames_to_lock(sighting: Sighting) -> int:
    film = Film()
    for count in range(1, 60):
        if any(string.locked_at is not None for string in film.show(sighting)):
            return count
    return 60


def test_a_long_number_locks_after_a_few_frames() -> None:
    film = Film()
    assert film.tracker.state == "searching"
    film.show(seen("31415"), frames=3)
    assert film.texts == [(1, "31415", False)]
    assert film.tracker.state == "reading"
    (string,) = film.show(seen("31415"))
    assert film.tracker.state == "locked"
    assert string.locked_at == pytest.approx(3 * STEP)
    assert string.confidence == pytest.approx(0.95)
    assert string.box == seen("31415").string.box


def test_short_strings_need_more_evidence() -> None:
    counts = [frames_to_lock(seen(text)) for text in ("7", "71", "714", "7142")]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] >= counts[3] + 3


def test_short_strings_beside_numbers_need_no_more_than_long_ones() -> None:
    alone, in_company = seen("7"), replace(seen("7"), company=3)
    assert frames_to_lock(in_company) == frames_to_lock(seen("7142")) < frames_to_lock(alone)


def test_the_first_moment_is_for_the_lens() -> None:
    tracker = Tracker()
    for count in range(13):
        tracker.update([seen("31415")], count / 120)
        assert (tracker.state == "locked") == (count == 12)


def test_doubtful_readings_are_not_locked_however_often_they_are_seen() -> None:
    sure, doubtful = (seen("7142", confidence=each) for each in (0.8, 0.7))
    assert frames_to_lock(sure) == frames_to_lock(seen("7142"))
    assert frames_to_lock(doubtful) == 60


def test_one_reading_alone_is_not_shown() -> None:
    assert Film().show(seen("31415")) == ()


def test_flicker_is_never_locked() -> None:
    film = Film()
    for round_ in range(60):
        film.show(seen(("17", "1", "71", "4")[round_ % 4], 100, 100, 0.9))
        film.show()
    assert not any(locked for _, _, locked in film.texts)


def test_a_string_seen_now_and_then_is_not_locked() -> None:
    film = Film()
    for _ in range(40):
        film.show(seen("4711"))
        film.show(frames=3)
    assert not any(locked for _, _, locked in film.texts)


def test_a_scene_full_of_doubt_is_not_believed() -> None:
    calm, doubtful = Film(), Film()
    for count in range(30):
        calm.show(seen("17"))
        noise = [seen(str(1000 + 37 * count + k), 300, 100 * k, 0.3) for k in range(4)]
        doubtful.show(seen("17"), *noise)
    assert calm.texts == [(1, "17", True)]
    assert not any(locked for _, _, locked in doubtful.texts)


def test_a_sharp_frame_tells_more_of_a_scene_than_blurred_ones() -> None:
    film = Film()
    for count in range(6):
        noise = [seen(str(1000 + 37 * count + k), 300, 100 * k, weight=0.1) for k in range(4)]
        film.show(*noise)
    assert frames_to_lock(seen("31415")) == 4
    film.show(seen("31415"), frames=4)
    assert ("31415", True) in [(text, locked) for _, text, locked in film.texts]


WORDS = ["5010", "111", "200", "8155"]  # SOLO, Ill, Zoo, Biss


@pytest.mark.parametrize(
    ("texts", "letters", "locked"),
    [
        (WORDS, 6, []),
        (WORDS, 0, WORDS),
        (WORDS * 2, 3, []),  # so many digits, and none unlike a letter
        (WORDS * 2, 0, WORDS * 2),  # however many: no letter is there
        (WORDS[:1], 3, WORDS[:1]),  # one number beside a word
        ([*WORDS[:3], "2170"], 6, ["2170"]),  # hardly a word itself
        ([*WORDS, "7364", "3743"], 8, [*WORDS, "7364", "3743"]),
    ],
)
def test_words_that_look_like_numbers_are_not_locked(
    texts: list[str], letters: int, locked: list[str]
) -> None:
    film = Film()
    sightings = [seen(text, 100, 60 * row) for row, text in enumerate(texts)]
    film.show(*sightings, frames=30, letters=letters)
    assert [text for _, text, is_locked in film.texts if is_locked] == locked


def test_a_misread_frame_changes_nothing_after_the_lock() -> None:
    film = Film()
    film.show(seen("31415"), frames=5)
    film.show(seen("31475"), frames=2)
    film.show(seen("3145"))
    film.show(seen("31415"))
    assert film.texts == [(1, "31415", True)]


def test_blurred_frames_count_little() -> None:
    film = Film()
    film.show(seen("31415"), frames=4)
    film.show(seen("31475", weight=0.05), frames=6)
    assert film.texts == [(1, "31415", True)]
    blurred = Film()
    blurred.show(seen("31475", weight=0.05), frames=2)
    blurred.show(seen("31415"), frames=6)
    assert blurred.texts == [(1, "31415", True)]


def test_other_writing_in_the_same_place_is_another_string() -> None:
    film = Film()
    film.show(seen("31415"), frames=10)
    film.show(seen("27182"), frames=30)
    assert film.texts == [(2, "27182", True)]


def test_digits_added_to_a_locked_number_are_seen() -> None:
    film = Film()
    film.show(seen("314"), frames=20)
    film.show(seen("31415"), frames=30)
    assert [(text, locked) for _, text, locked in film.texts] == [("31415", True)]


def test_a_hand_over_a_part_does_not_unlock_at_once() -> None:
    film = Film()
    film.show(seen("31415"), frames=10)
    film.show(seen("314"), frames=20)
    assert film.texts == [(1, "31415", True)]
    film.show(seen("314"), frames=40)
    assert [(text, locked) for _, text, locked in film.texts] == [("314", True)]


def test_what_is_gone_is_lost_and_gets_a_new_id_when_it_is_back() -> None:
    film = Film()
    film.show(seen("31415"), frames=5)
    film.show(frames=20)
    assert film.texts == [(1, "31415", True)]
    film.show(frames=10)
    assert film.texts == []
    assert film.tracker.state == "searching"
    film.show(seen("31415"), frames=5)
    assert film.texts == [(2, "31415", True)]


def test_ids_survive_a_moving_camera() -> None:
    film = Film()
    for frame in range(40):
        x, y = 40 + 25 * frame, 60 + 9 * frame
        film.show(seen("2026", x, y), seen("93", x + 300, y), seen("93", x + 300, y + 80))
    assert film.texts == [(1, "2026", True), (2, "93", True), (3, "93", True)]


def test_a_jump_of_the_camera_is_no_new_page() -> None:
    film = Film()
    film.show(seen("2026", 100, 100), seen("31415", 100, 200), frames=5)
    film.show(seen("2026", 500, 300), seen("31415", 500, 400), frames=2)
    assert film.texts == [(1, "2026", True), (2, "31415", True)]


APART, TOGETHER = (seen("93", 100, 100), seen("17", 156, 100)), (seen("9317", 100, 100),)


def test_a_gap_read_differently_now_and_then_changes_nothing() -> None:
    film = Film()
    for frame in range(24):
        film.show(*(TOGETHER if frame % 5 == 4 else APART))
    assert film.texts == [(1, "93", True), (2, "17", True)]


def test_strings_whose_gap_is_a_toss_up_do_not_lock() -> None:
    film = Film()
    for frame in range(48):
        film.show(*(TOGETHER if frame % 2 else APART))
    assert film.texts == [(1, "93", False), (2, "17", False)]


@pytest.mark.parametrize(
    ("first", "then", "texts"), [(APART, TOGETHER, ["9317"]), (TOGETHER, APART, ["93", "17"])]
)
@pytest.mark.parametrize("before", [1, 24])
def test_most_frames_decide_where_strings_end(
    first: Sequence[Sighting], then: Sequence[Sighting], texts: list[str], before: int
) -> None:
    film = Film()
    film.show(*first, frames=before)
    film.show(*then, frames=36)
    assert [(text, locked) for _, text, locked in film.texts] == [(text, True) for text in texts]


def test_strings_cut_off_by_the_border_are_not_read() -> None:
    film = Film()
    film.show(seen("3141", whole=False), frames=20)
    assert film.texts == []
    film.show(seen("31415"), frames=4)
    film.show(seen("3141", whole=False), frames=20)
    assert [text for _, text, _ in film.texts] == ["31415"]


def test_only_expected_lengths_are_shown() -> None:
    film = Film(Format.parse("4-5"))
    film.show(seen("31415", 100, 100), seen("93", 100, 200), frames=20)
    assert [text for _, text, _ in film.texts] == ["31415"]


def test_what_fails_its_check_is_shown_and_never_locked() -> None:
    film = Film(Format.parse("ean8"))
    strings = film.show(
        seen("73513537", 100, 100), seen("73513536", 100, 200), seen("123", 100, 300), frames=20
    )
    assert [(s.text, s.fits, s.locked_at is not None) for s in strings] == [
        ("73513537", True, True),
        ("73513536", False, False),
    ]
    assert film.tracker.state == "locked"


def test_frames_that_are_not_read_keep_the_strings_for_a_while() -> None:
    film = Film()
    film.show(seen("31415"), frames=5)
    film.tracker.wait(film.time + 2.0)
    assert film.texts == [(1, "31415", True)]
    film.tracker.wait(film.time + 4.0)
    assert film.texts == []


def test_unchanged_frames_keep_what_was_seen_last_and_only_that() -> None:
    film = Film()
    film.show(seen("31415", 100, 100), seen("2026", 100, 200), frames=5)
    film.show(seen("31415", 100, 100))
    for _ in range(60):
        film.tracker.hold(film.time)
        film.time += STEP
    assert film.texts == [(1, "31415", True)]


def test_another_frame_size_scales_the_places() -> None:
    film = Film()
    film.show(seen("31415"), frames=5)
    film.tracker.rescale((640, 360), (1280, 720))
    (string,) = film.show(seen("31415", 200, 200, height=80))
    assert (string.id, string.box) == (1, seen("31415", 200, 200, height=80).string.box)
    film.tracker.rescale((1280, 720), (640, 480))
    assert film.texts == []


def test_nothing_is_left_to_decide_when_all_is_locked() -> None:
    film = Film()
    film.show(seen("31415"))
    assert film.tracker.busy
    film.show(seen("31415"), frames=5)
    assert not film.tracker.busy


def test_memory_stays_flat() -> None:
    film = Film()
    sizes = []
    for count in range(1200):
        film.show(seen("31415"), seen(str(1000 + count), 300, 300))
        if count in (199, 1199):
            sizes.append(len(pickle.dumps(film.tracker)))
    assert sizes[1] < 1.2 * sizes[0]
