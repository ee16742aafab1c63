"""The charts of the site. They follow its theme, light or dark."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from camdigits.recognize.model import DIGITS, LABELS

HEIGHT = 280
_ACCENT = {"light": "#0b6e4f", "dark": "#3ecf8e"}
_SECOND = {"light": "#c2570c", "dark": "#fb923c"}
_INK = {"light": "#31333f", "dark": "#fafafa"}


def digit_bars(probabilities: dict[str, float]) -> alt.Chart:
    """Return a bar for each digit and one for all that is no digit, of probabilities (0-1)."""
    bars = {digit: probabilities[digit] for digit in DIGITS}
    bars["none"] = sum(p for label, p in probabilities.items() if label not in DIGITS)
    likeliest = max(bars, key=lambda sign: bars[sign])
    rows = [{"sign": sign, "probability": probability} for sign, probability in bars.items()]
    chart = alt.Chart(alt.Data(values=rows)).mark_bar(color=_tone(_ACCENT))
    return chart.encode(
        x=alt.X("sign:N", sort=None, title="Digit", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("probability:Q", title="Probability", axis=_percent(), scale=_whole()),
        opacity=alt.condition(alt.datum.sign == likeliest, alt.value(1.0), alt.value(0.45)),
        tooltip=[
            alt.Tooltip("sign:N", title="Digit"),
            alt.Tooltip("probability:Q", title="Probability", format=".1%"),
        ],
    ).properties(height=HEIGHT)


def curves(training: list[float], validation: list[float], title: str, share: bool) -> alt.Chart:
    """Return a figure of training and validation data, epoch by epoch; ``share`` as percents."""
    rows = [
        {"epoch": epoch, "value": value, "data": data}
        for data, values in (("training", training), ("validation", validation))
        for epoch, value in enumerate(values, 1)
    ]
    colors = alt.Scale(domain=["training", "validation"], range=[_tone(_SECOND), _tone(_ACCENT)])
    axis = _percent() if share else alt.Axis()
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=alt.OverlayMarkDef(size=16))
        .encode(
            x=alt.X(
                "epoch:Q",
                title="Epoch (rounds of training)",
                axis=alt.Axis(tickMinStep=1, format="d"),
                scale=alt.Scale(domain=[1, max(2, len(training))], nice=False),
            ),
            y=alt.Y("value:Q", title=title, axis=axis, scale=_around(training + validation)),
            color=alt.Color("data:N", title="Data", scale=colors, legend=_legend()),
            tooltip=["epoch:Q", alt.Tooltip("value:Q", title=title, format=".4~f"), "data:N"],
        )
        .properties(height=HEIGHT)
    )


def confusion(counts: np.ndarray, rates: bool) -> alt.LayerChart:
    """Return the confusion matrix, counts (13, 13) of what is (rows) and was read (columns).

    ``rates`` shows percents of a row. The color is that of the rate in any case, by its square
    root, or else the rare mistakes would be invisible beside the many hits.
    """
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    rows = [
        {
            "is": truth,
            "read": taken,
            "count": int(counts[i, j]),
            "rate": float(share[i, j]),
            "text": _cell(int(counts[i, j]), float(share[i, j]), rates),
        }
        for i, truth in enumerate(LABELS)
        for j, taken in enumerate(LABELS)
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("read:N", sort=None, title="Was read as", axis=alt.Axis(labelAngle=-45)),
        y=alt.Y("is:N", sort=None, title="Is"),
        tooltip=[
            alt.Tooltip("is:N", title="Is"),
            alt.Tooltip("read:N", title="Was read as"),
            alt.Tooltip("count:Q", title="Samples"),
            alt.Tooltip("rate:Q", title="Share of these", format=".1%"),
        ],
    )
    strength = alt.Scale(type="sqrt", domain=[0, 1], range=[0, 0.6])
    cells = base.mark_rect(color=_tone(_ACCENT)).encode(
        opacity=alt.Opacity("rate:Q", scale=strength, legend=None)
    )
    texts = base.mark_text(fontSize=10, color=_tone(_INK)).encode(text="text:N")
    return (cells + texts).properties(height=440)


def each_digit(precision: list[float], recall: list[float]) -> alt.Chart:
    """Return precision and recall (0-1, nan where there is none) of the ten digits."""
    rows = [
        {"digit": digit, "share": value, "figure": figure}
        for figure, values in (("precision", precision), ("recall", recall))
        for digit, value in zip(DIGITS, values, strict=True)
        if np.isfinite(value)
    ]
    shares = [value for value in precision + recall if np.isfinite(value)]
    shapes = alt.Scale(domain=["precision", "recall"], range=["circle", "square"])
    colors = alt.Scale(domain=["precision", "recall"], range=[_tone(_SECOND), _tone(_ACCENT)])
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_point(filled=True, size=90)
        .encode(
            x=alt.X("digit:N", title="Digit", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title="Share", axis=_percent(), scale=_around(shares)),
            color=alt.Color("figure:N", scale=colors, legend=_legend()),
            shape=alt.Shape("figure:N", scale=shapes, legend=_legend()),
            tooltip=["digit:N", "figure:N", alt.Tooltip("share:Q", format=".1%")],
        )
        .properties(height=HEIGHT)
    )


def reliability(bins: list[tuple[float, float, int]]) -> alt.LayerChart:
    """Return how often readings were right (0-1) by how sure they were: rows of mean confidence,
    share right, count."""
    rows = [{"claimed": c, "right": r, "count": n} for c, r, n in bins]
    domain = [max(0.0, min([value for row in bins for value in row[:2]], default=0.0) - 0.05), 1.0]
    scale = alt.Scale(domain=domain)
    x = alt.X("claimed:Q", title="How sure it was", axis=_percent(), scale=scale)
    y = alt.Y("right:Q", title="How often it was right", axis=_percent(), scale=scale)
    ends = [{"claimed": v, "right": v} for v in domain]
    honest = alt.Chart(alt.Data(values=ends)).mark_line(
        strokeDash=[6, 4], color=_tone(_INK), opacity=0.5
    )
    found = alt.Chart(alt.Data(values=rows)).mark_line(
        color=_tone(_ACCENT), point=alt.OverlayMarkDef(color=_tone(_ACCENT), size=60)
    )
    tooltip = [
        alt.Tooltip("claimed:Q", title="How sure", format=".1%"),
        alt.Tooltip("right:Q", title="Was right", format=".1%"),
        alt.Tooltip("count:Q", title="Samples"),
    ]
    return (honest.encode(x=x, y=y) + found.encode(x=x, y=y, tooltip=tooltip)).properties(
        height=HEIGHT
    )


def _cell(count: int, rate: float, rates: bool) -> str:
    if not count:
        return ""
    if not rates:
        return str(count)
    return f"{100 * rate:.0f}" if rate >= 0.005 else "<1"


def _tone(tones: dict[str, str]) -> str:
    return tones["dark" if st.context.theme.type == "dark" else "light"]


def _percent() -> alt.Axis:
    return alt.Axis(format=".4~p")


def _whole() -> alt.Scale:
    return alt.Scale(domain=[0, 1])


def _around(values: list[float]) -> alt.Scale:
    """Return a scale that holds these values; left to find it, Vega warns before they arrive."""
    return alt.Scale(domain=[min(values, default=0.0), max(values, default=1.0)], nice=True)


def _legend() -> Any:
    return alt.Legend(orient="top", title=None)
