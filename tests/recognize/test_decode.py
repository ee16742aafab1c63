"""Decoding against brute force: on small lattices all paths and readings can be listed."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lattices import TALL, distribution, make_lattice

from camdigits.recognize import decode
from camdigits.recognize.decode import (
    LETTER,
    MARK,
    SCRAP,
    TEN,
    Edges,
    best_fitting,
    best_path,
    fitting_sum,
    forward_backward,
    make_edges,
    texts_between,
)
from camdigits.recognize.formats import Acceptor, Format, exactly
from camdigits.recognize.model import LABELS

SMALL = 0.45 * TALL


@st.composite
def edges_of_lines(draw: st.DrawFn) -> Edges:
    """Edges of a lattice with 2 to 5 cuts; a hypothesis may be one of up to three digits."""
    cuts = draw(st.integers(2, 5))
    pairs = list(itertools.combinations(range(cuts), 2))
    spans = draw(st.lists(st.sampled_from(pairs), unique=True))
    spans.sort(key=lambda pair: (pair[1], pair[0]))
    others = [pair for pair in pairs if pair not in spans]
    blanks = draw(st.lists(st.sampled_from(others), unique=True)) if others else []
    rows = []
    for _ in spans:
        digits = draw(st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True))
        weights = draw(st.lists(st.floats(0.05, 1.0), min_size=6, max_size=6))
        row = np.zeros(len(LABELS))
        row[digits] = weights[: len(digits)]
        row[TEN:] = weights[3:]
        rows.append(row / row.sum())
    tall = draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    whole = draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    boxes = [
        (30 * i, 0, 30 * (j - i), TALL if t else 5) for (i, j), t in zip(spans, tall, strict=True)
    ]
    lattice = make_lattice(cuts, spans, blanks, boxes, whole)
    return make_edges(lattice, np.array(rows).reshape(-1, len(LABELS)), SMALL)


def all_paths(edges: Edges, first: int, last: int) -> Iterator[list[int]]:
    """Every sequence of edges from cut ``first`` to cut ``last``."""
    if first == last:
        yield []
    for e in np.flatnonzero(edges.start == first):
        if edges.end[e] <= last:
            for rest in all_paths(edges, int(edges.end[e]), last):
                yield [int(e), *rest]


def readings(edges: Edges, path: list[int]) -> Iterator[tuple[str, float]]:
    """Every text that a path can spell with its score; a text may come more than once."""
    each = [
        [("", float(edges.other[e]))]
        + [(str(d), float(s)) for d, s in enumerate(edges.digit[e]) if s > -math.inf]
        for e in path
    ]
    for chosen in itertools.product(*each):
        yield "".join(sign for sign, _ in chosen), sum(score for _, score in chosen)


def log_sum(scores: list[float]) -> float:
    return float(np.logaddexp.reduce(scores)) if scores else -math.inf


@given(edges_of_lines())
def test_edges_are_ordered_by_end_then_start(edges: Edges) -> None:
    order = list(zip(edges.end, edges.start, strict=True))
    assert order == sorted(order)


@given(edges_of_lines())
def test_the_best_path_is_the_best_of_all(edges: Edges) -> None:
    last = edges.count - 1
    scores = [
        sum(max(edges.digit[e].max(), edges.other[e]) for e in path)
        for path in all_paths(edges, 0, last)
    ]
    steps = best_path(edges)
    if not scores:
        assert steps == []
        return
    assert [steps[0].start, *(step.end for step in steps)] == [
        *(step.start for step in steps),
        last,
    ]
    assert steps[0].start == 0
    found = 0.0
    for step in steps:
        assert step.span == edges.span[step.edge]
        assert (step.start, step.end) == (edges.start[step.edge], edges.end[step.edge])
        read = edges.other if step.digit is None else edges.digit[:, step.digit]
        found += float(read[step.edge])
    assert found == pytest.approx(max(scores))


@given(edges_of_lines())
def test_forward_and_backward_sums_are_those_over_all_paths(edges: Edges) -> None:
    alpha, beta = forward_backward(edges)
    total = edges.total
    last = edges.count - 1
    for cut in range(edges.count):
        into = [float(total[path].sum()) for path in all_paths(edges, 0, cut)]
        onward = [float(total[path].sum()) for path in all_paths(edges, cut, last)]
        assert alpha[cut] == pytest.approx(log_sum(into))
        assert beta[cut] == pytest.approx(log_sum(onward))
    assert alpha[last] == pytest.approx(beta[0])


@given(edges_of_lines())
def test_the_total_adds_up_all_readings_of_an_edge(edges: Edges) -> None:
    for e in range(len(edges.start)):
        assert edges.total[e] == pytest.approx(log_sum([s for _, s in readings(edges, [e])]))


@given(edges_of_lines(), st.data())
def test_texts_have_the_sum_of_all_their_paths(edges: Edges, data: st.DataObject) -> None:
    first, last = sorted(
        data.draw(st.lists(st.integers(0, edges.count - 1), min_size=2, max_size=2, unique=True))
    )
    alpha, beta = forward_backward(edges)
    assume(np.isfinite(alpha).all() and np.isfinite(beta).all())
    exact: dict[str, list[float]] = defaultdict(list)
    for path in all_paths(edges, first, last):
        for text, score in readings(edges, path):
            exact[text].append(score)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "BEAM", 10_000)
        patch.setattr(decode, "FAINT", 1e6)
        found = texts_between(edges, alpha, beta, first, last)
    assert len({text for text, _ in found}) == len(found)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    shares = {text: math.exp(score) for text, score in found}
    assert shares.keys() <= exact.keys()
    for text, scores in exact.items():
        share = math.exp(log_sum(scores))
        assert shares.get(text, 0.0) <= share * (1 + 1e-9)
        assert shares.get(text, 0.0) == pytest.approx(share, abs=2e-3)


# Texts whose digits add up to a multiple of 3: a small check digit.
THREES = Acceptor(
    tuple(tuple((s + d) % 3 for d in range(10)) for s in range(3)), (True, False, False)
)


@given(edges_of_lines(), st.sampled_from([THREES, exactly("17"), Format.parse("1-2").acceptor]))
def test_what_fits_is_found_among_all_paths(edges: Edges, acceptor: Acceptor) -> None:
    last = edges.count - 1
    alpha, beta = forward_backward(edges)
    assume(np.isfinite(alpha[-1]))
    fitting = [
        (score, text)
        for path in all_paths(edges, 0, last)
        for text, score in readings(edges, path)
        if acceptor.accepts(text)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decode, "FAINT", 1e6)
        total = fitting_sum(edges, alpha, beta, 0, last, acceptor)
        steps = best_fitting(edges, alpha, beta, 0, last, acceptor)
    assert total == pytest.approx(log_sum([score for score, _ in fitting]))
    if not fitting:
        assert steps == []
        return
    assert acceptor.accepts("".join(str(s.digit) for s in steps if s.digit is not None))
    found = sum(
        float(edges.other[s.edge] if s.digit is None else edges.digit[s.edge, s.digit])
        for s in steps
    )
    assert found == pytest.approx(max(score for score, _ in fitting))


def test_readings_that_hardly_a_path_goes_through_are_not_followed() -> None:
    lattice = make_lattice(2, [(0, 1)])
    edges = make_edges(lattice, np.array([distribution(d3=0.9995, d5=0.0005)]), SMALL)
    found = texts_between(edges, *forward_backward(edges), 0, 1)
    assert [text for text, _ in found] == ["3"]


def test_the_beam_keeps_the_likeliest_texts() -> None:
    row = np.append(np.linspace(0.19, 0.01, 10), [0.0, 0.0, 0.0])
    lattice = make_lattice(4, [(0, 1), (1, 2), (2, 3)])
    edges = make_edges(lattice, np.array([row, row, row]), SMALL)
    found = texts_between(edges, *forward_backward(edges), 0, 3)
    assert found[0][0] == "000"
    assert found[0][1] == pytest.approx(3 * math.log(0.19))
    assert {text for text, _ in found[1:4]} == {"001", "010", "100"}


def test_cuts_that_spell_the_same_text_support_each_other() -> None:
    lattice = make_lattice(3, [(0, 1), (0, 2), (1, 2)])
    seven = distribution(d7=0.6, d1=0.3)
    speck = distribution(mark=1.0)
    edges = make_edges(lattice, np.array([seven, seven, speck]), SMALL)
    shares = dict(texts_between(edges, *forward_backward(edges), 0, 2))
    refused = float(edges.other[edges.span == 2][0])
    assert math.exp(shares["7"]) == pytest.approx(0.6 + 0.6 * math.exp(refused))


def test_nothing_lies_between_cuts_without_a_path() -> None:
    edges = make_edges(make_lattice(3, [(0, 1)]), np.array([distribution(d1=1.0)]), SMALL)
    assert texts_between(edges, *forward_backward(edges), 1, 2) == []
    assert best_path(edges) == []


@pytest.mark.parametrize("cuts", [0, 1])
def test_a_line_without_ink_has_no_path(cuts: int) -> None:
    edges = make_edges(make_lattice(cuts, []), np.zeros((0, len(LABELS))), SMALL)
    assert best_path(edges) == []


def test_a_clear_digit_is_read_and_clear_scrap_refused() -> None:
    lattice = make_lattice(3, [(0, 1), (1, 2)])
    rows = np.array([distribution(d4=0.97), distribution(scrap=1.0)])
    assert [step.digit for step in best_path(make_edges(lattice, rows, SMALL))] == [4, None]


def test_one_digit_beats_its_two_halves() -> None:
    lattice = make_lattice(3, [(0, 1), (0, 2), (1, 2)], whole=[False, True, False])
    rows = np.array([distribution(d1=0.2), distribution(d0=0.95), distribution(d1=0.2)])
    (step,) = best_path(make_edges(lattice, rows, SMALL))
    assert (step.digit, step.start, step.end) == (0, 0, 2)


def test_refusing_a_mark_is_cheap_where_it_is_small_and_dear_where_it_may_be_a_one() -> None:
    spans = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    tall = (60, 0, 12, TALL)
    boxes = [(0, 0, 5, 5), (30, 0, TALL, 20), tall, tall, (90, 0, TALL, 20)]
    lattice = make_lattice(6, spans, boxes=boxes, whole=[True, True, True, True, False])
    mark, perhaps_one = distribution(mark=1.0), distribution(mark=0.99, d1=0.01)
    edges = make_edges(lattice, np.array([mark, mark, mark, perhaps_one, mark]), SMALL)
    small, flat, plus, slash, cut = edges.other
    assert small > flat > slash
    assert small == pytest.approx(-decode.REFUSE_SMALL)
    assert flat == plus == pytest.approx(-decode.REFUSE[MARK - TEN])
    assert slash == pytest.approx(-decode.REFUSE_TALL, abs=0.02)
    assert flat - cut == pytest.approx(decode.REFUSE_CUT)


@pytest.mark.parametrize("kind", [MARK, LETTER, SCRAP])
def test_each_refused_class_has_its_own_price(kind: int) -> None:
    row = np.zeros(len(LABELS))
    row[kind] = 1.0
    wide = make_lattice(2, [(0, 1)], boxes=[(0, 0, 2 * TALL, TALL)])
    edges = make_edges(wide, row[None], SMALL)
    assert edges.other[0] == pytest.approx(-decode.REFUSE[kind - TEN])


def test_stepping_over_a_blank_reads_nothing() -> None:
    lattice = make_lattice(3, [(0, 1)], blanks=[(1, 2)])
    edges = make_edges(lattice, np.array([distribution(d5=1.0)]), SMALL)
    digit, blank = best_path(edges)
    assert (digit.digit, blank.digit, blank.span) == (5, None, -1)
    assert edges.total[blank.edge] == pytest.approx(-decode.SKIP)


def test_alone_a_stroke_is_refused_as_dearly_as_on_a_path() -> None:
    glyphs = np.zeros((4, 28, 28, 1), np.float32)
    glyphs[0, 4:24, 12:16] = 1  # upright, perhaps a one
    glyphs[1, 12:16, 4:24] = 1  # flat and low: a dash
    glyphs[2, 6:22, 4:24] = 1  # as wide as tall
    doubtful = distribution(mark=0.75, d1=0.1)
    rows = np.array([doubtful, doubtful, doubtful, distribution(d1=0.6, mark=0.4)])
    assert decode.refuses(rows, glyphs, 0.45).tolist() == [False, True, True, False]
    assert decode.refuses(rows[:1], glyphs[:1], 1.1).tolist() == [True]
