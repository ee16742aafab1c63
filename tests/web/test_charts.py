"""Charts show the numbers they are given, with axes that have names."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np

from camdigits.recognize.model import LABELS
from camdigits.web import charts


def rows(chart: alt.Chart | alt.LayerChart) -> list[dict[str, Any]]:
    """Return all rows of a chart's data."""
    spec = chart.to_dict()
    parts = [spec, *spec.get("layer", [])]
    return [row for part in parts if "data" in part for row in part["data"]["values"]]


def titles(chart: alt.Chart) -> list[str]:
    encoding = chart.to_dict()["encoding"]
    return [encoding["x"]["title"], encoding["y"]["title"]]


def test_what_is_no_digit_has_a_bar_of_its_own() -> None:
    probabilities = dict.fromkeys(LABELS, 0.0) | {"4": 0.5, "mark": 0.2, "scrap": 0.3}
    bars = {row["sign"]: row["probability"] for row in rows(charts.digit_bars(probabilities))}
    assert len(bars) == 11
    assert (bars["4"], bars["none"]) == (0.5, 0.5)


def test_curves_count_epochs_from_one() -> None:
    chart = charts.curves([3.0, 2.0], [4.0, 1.0], "Loss", share=False)
    found = {(row["data"], row["epoch"]): row["value"] for row in rows(chart)}
    assert found[("training", 1)] == 3.0
    assert found[("validation", 2)] == 1.0
    assert titles(chart) == ["Epoch (rounds of training)", "Loss"]


def test_one_epoch_is_enough_for_a_curve() -> None:
    assert charts.curves([1.0], [1.0], "Loss", share=False).to_dict()["encoding"]["x"]["scale"]


def test_confusion_shows_counts_or_rates_of_a_row() -> None:
    counts = np.zeros((13, 13), int)
    counts[1, 1], counts[1, 7], counts[2, 2] = 999, 1, 30
    texts = {
        rates: {(r["is"], r["read"]): r["text"] for r in rows(charts.confusion(counts, rates))}
        for rates in (True, False)
    }
    assert texts[False][("1", "1")] == "999"
    assert texts[True][("2", "2")] == "100"
    assert texts[True][("1", "7")] == "<1"
    assert texts[True][("7", "7")] == texts[False][("7", "7")] == ""


def test_a_digit_that_was_never_read_has_no_precision() -> None:
    chart = charts.each_digit([math.nan] + [0.9] * 9, [0.0] + [0.8] * 9)
    found = {(row["figure"], row["digit"]): row["share"] for row in rows(chart)}
    assert ("precision", "0") not in found
    assert found[("recall", "0")] == 0.0
    assert len(found) == 19


def test_reliability_stands_beside_the_honest_line() -> None:
    found = rows(charts.reliability([(0.5, 0.4, 10), (0.9, 1.0, 10)]))
    line = [row for row in found if "count" not in row]
    assert all(row["claimed"] == row["right"] for row in line)
    assert [row["right"] for row in found if "count" in row] == [0.4, 1.0]
