"""A pad to draw on with mouse, pen or finger, and its strokes as a picture.

Of our own: the canvas of streamlit-drawable-canvas has a fixed width, which a phone must scroll
instead of drawing, shows its tools only under a mouse, and sends a whole PNG at each stroke.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import streamlit as st

# Pixels of the pad, which no screen exceeds, and more points than an hour of drawing makes.
LARGEST, MOST_POINTS = 4000, 50_000
# White around the ink, and the least picture, in pixels of the pad.
MARGIN, LEAST_WIDTH, LEAST_HEIGHT = 48, 640, 320
_FINE = 3  # bits of a pixel's fraction, for OpenCV

_HTML = """
<div class="pad">
  <svg role="img" aria-label="Drawing pad"></svg>
  <p>Draw here</p>
  <div class="tools">
    <button class="undo">Undo</button>
    <button class="clear">Clear</button>
  </div>
</div>
"""

_CSS = """
.pad { position: relative; width: 100%; font-family: var(--st-font); }
svg { display: block; width: 100%; height: 20rem; box-sizing: border-box; background: #fff;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  touch-action: none; cursor: crosshair; }
polyline { fill: none; stroke: #16181d; stroke-linecap: round; stroke-linejoin: round; }
p { position: absolute; top: 8.5rem; left: 0; right: 0; margin: 0; text-align: center;
  color: #6b7280; pointer-events: none; }
.tools { display: flex; gap: 0.5rem; margin-top: 0.5rem; }
button { flex: 1; padding: 0.5rem 1rem; font: inherit; cursor: pointer;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
button:hover:enabled, button:focus-visible { color: var(--st-primary-color);
  border-color: var(--st-primary-color); }
button:disabled { opacity: 0.4; cursor: not-allowed; }
"""

# Runs again at each run of the page, on the same elements: what must last is kept on the svg.
_SCRIPT = """
export default function ({ data, parentElement, setStateValue }) {
  const find = (name) => parentElement.querySelector(name);
  const svg = find("svg"), undo = find(".undo"), clear = find(".clear");

  const place = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY);
    const { x, y } = at.matrixTransform(svg.getScreenCTM().inverse());
    return [Math.round(10 * x) / 10, Math.round(10 * y) / 10];
  };
  const show = (line, points) => line.setAttribute("points", points.join(" "));
  const draw = (stroke) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("stroke-width", stroke.width);
    show(line, stroke.points);
    svg.append(line);
  };
  const update = () => {
    undo.disabled = clear.disabled = !svg.strokes.length;
    find("p").hidden = svg.strokes.length > 0 || svg.pen !== undefined;
  };
  const send = () => {
    update();
    setStateValue("strokes", structuredClone(svg.strokes));
  };
  // A window made narrower, or a phone that is turned, still shows all of the drawing.
  const fit = () => {
    const ends = svg.strokes.flatMap((stroke) => stroke.points.map(([x]) => x + stroke.width));
    const width = ends.reduce((widest, end) => Math.max(widest, end), svg.clientWidth);
    const height = (svg.clientHeight * width) / svg.clientWidth;
    if (svg.clientWidth) svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  };

  if (!svg.strokes) {
    svg.strokes = data.strokes;
    svg.strokes.forEach(draw);
    svg.fitting = new ResizeObserver(fit);
    svg.fitting.observe(svg);
  }
  svg.onpointerdown = (event) => {
    if (event.button || svg.pen !== undefined) return;
    svg.pen = event.pointerId;
    svg.setPointerCapture(svg.pen);
    svg.stroke = { width: data.width, points: [place(event), place(event)] };
    draw(svg.stroke);
    update();
  };
  svg.onpointermove = (event) => {
    if (event.pointerId !== svg.pen) return;
    const moves = event.getCoalescedEvents();
    svg.stroke.points.push(...(moves.length ? moves : [event]).map(place));
    show(svg.lastElementChild, svg.stroke.points);
  };
  svg.onpointerup = svg.onpointercancel = (event) => {
    if (event.pointerId !== svg.pen) return;
    svg.pen = undefined;
    svg.strokes.push(svg.stroke);
    send();
  };
  undo.onclick = () => {
    svg.strokes.pop();
    svg.lastElementChild.remove();
    send();
  };
  clear.onclick = () => {
    svg.strokes = [];
    svg.replaceChildren();
    fit();
    send();
  };
  update();
}
"""


@dataclass(frozen=True)
class Stroke:
    """One stroke: the pen's ``width`` and the ``points`` (x, y) it went through, in pixels."""

    width: float
    points: tuple[tuple[float, float], ...]


def pad(key: str, width: int, strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Show the pad and return what is drawn on it; the page runs again after each stroke.

    ``width`` is the pen's for the next stroke, in pixels. The pad starts with ``strokes``. Raises
    ValueError where the browser sends something else than a drawing.
    """
    plain = [{"width": s.width, "points": [list(p) for p in s.points]} for s in strokes]
    mount = st.components.v2.component("camdigits.pad", html=_HTML, css=_CSS, js=_SCRIPT)
    result = mount(
        key=key,
        data={"width": width, "strokes": plain},
        default={"strokes": plain},
        on_strokes_change=lambda: None,
    )
    return strokes_of(result.strokes)


def strokes_of(data: Any) -> tuple[Stroke, ...]:
    """Return the strokes that a browser sent. Raises ValueError where they are no drawing."""
    try:
        strokes = tuple(
            Stroke(
                _bounded(stroke["width"]),
                tuple((_bounded(x), _bounded(y)) for x, y in stroke["points"]),
            )
            for stroke in data
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"no drawing: {error}") from None
    if sum(len(stroke.points) for stroke in strokes) > MOST_POINTS:
        raise ValueError(f"a drawing of more than {MOST_POINTS} points")
    return strokes


def picture_of(strokes: Sequence[Stroke]) -> np.ndarray:
    """Return strokes as a picture, uint8 gray (h, w): black ink on white, with a margin."""
    points = np.array([point for stroke in strokes for point in stroke.points]).reshape(-1, 2)
    if not len(points):
        return np.full((LEAST_HEIGHT, LEAST_WIDTH), 255, np.uint8)
    edge = MARGIN + max(stroke.width for stroke in strokes) / 2
    low = points.min(axis=0) - edge
    width, height = np.ceil(points.max(axis=0) + edge - low).astype(int)
    low -= np.maximum((LEAST_WIDTH - width, LEAST_HEIGHT - height), 0) / 2
    picture = np.full((max(height, LEAST_HEIGHT), max(width, LEAST_WIDTH)), 255, np.uint8)
    for stroke in strokes:
        line = np.round((np.array(stroke.points) - low) * (1 << _FINE)).astype(np.int32)
        thick = max(1, round(stroke.width))
        cv2.polylines(picture, [line], False, 0, thick, cv2.LINE_AA, _FINE)
    return picture


def _bounded(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"no place on the pad: {value!r}")
    return min(max(number, 0.0), float(LARGEST))
