"""The page Live: the camera's video with the reading drawn on it, and its numbers beside it."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import streamlit as st
from streamlit_webrtc import WebRtcMode, WebRtcStreamerContext, webrtc_streamer

from camdigits.errors import CamdigitsError
from camdigits.reader import Reader
from camdigits.recognize.formats import Format
from camdigits.video.expected import CHOICES
from camdigits.video.results import State
from camdigits.web.camera import CameraFeed, Locked, View
from camdigits.web.engine import reader
from camdigits.web.ice import ice_servers
from camdigits.web.numbers import expect_numbers, number, number_list
from camdigits.web.parts import plain
from camdigits.web.refusal import host_without_camera, show_refusal
from camdigits.web.still import show_still

# Seconds between two looks at what the camera sees; seconds without a picture after which the
# page offers another way.
_POLL, _PATIENCE = 0.4, 8.0

# What the session remembers, by name. The video's is the key of streamlit-webrtc's context.
_VIDEO, _SINCE, _TROUBLE, _LAST = "live.video", "live.since", "live.trouble", "live.last"
_WAY, _SIZE, _MIRROR, _EXPECTED = "live.way", "live.size", "live.mirror", "live.expected"
_SETTINGS = "live.settings"

_WAYS = {"video": "Video", "still": "Single picture"}
_SIZES = {(640, 480): "640 x 480", (1280, 720): "1280 x 720", (1920, 1080): "1920 x 1080"}
_FORMATS = {choice.name: str(choice) for choice in CHOICES}
_STATES: dict[State, tuple[str, str, Literal["gray", "orange", "green"]]] = {
    "searching": ("Looking for numbers", ":material/search:", "gray"),
    "reading": ("Reading", ":material/visibility:", "orange"),
    "locked": ("Locked", ":material/lock:", "green"),
}
_WORDS: Any = {
    "start": "Start the camera",
    "stop": "Stop",
    "select_device": "Choose a camera",
    "select_camera": "Camera",
    "device_ask_permission": "Allow this page to use the camera.",
    "device_access_denied": "The browser gives this page no camera",
    "device_not_available": "The camera is not available: another program may be using it",
    "media_api_not_available": "The browser gives this page no camera.",
}
# Further back than any count of script runs: see _tell_of_leaving.
_LONG_AGO = -10


def show() -> None:
    """Show the page under its title."""
    host = host_without_camera(st.context.url or "")
    if host:
        show_refusal(host)
        return
    try:
        engine = reader()
    except CamdigitsError as error:
        st.error(plain(str(error)))
        return
    trouble = st.session_state.get(_TROUBLE)
    if trouble:
        st.session_state[_WAY] = "still"
        st.warning(trouble, icon=":material/videocam_off:")
    way = st.segmented_control(
        "How the camera is used",
        list(_WAYS),
        format_func=_WAYS.__getitem__,
        required=True,
        key=_remembered(_WAY, "video"),
        label_visibility="collapsed",
        on_change=_forget_trouble,
    )
    if way == "video":
        _show_video(engine)
    else:
        with st.columns([3, 2], gap="medium")[0]:
            expected = _expected()
        show_still(engine, expected)


def _show_video(engine: Reader) -> None:
    _tell_of_leaving()
    left, right = st.columns([3, 2], gap="medium")
    size, mirror, expect = st.columns(3, gap="medium", vertical_alignment="bottom")
    with size:
        width, height = _size()
    with mirror:
        mirrored = st.toggle(
            "Mirror the video",
            key=_remembered(_MIRROR, False),
            help="Shows the video as a mirror would; numbers are read the right way round.",
        )
    with expect:
        expected = _expected()
    hang_up = partial(_hang_up, st.session_state.get(_VIDEO))
    with left:
        context = webrtc_streamer(
            _VIDEO,
            WebRtcMode.SENDRECV,
            rtc_configuration={"iceServers": ice_servers()},
            media_stream_constraints={"video": _wishes(width, height), "audio": False},
            video_processor_factory=lambda: CameraFeed(engine, expected, mirrored, hang_up),
            video_html_attrs={"autoPlay": True, "controls": False, "style": {"width": "100%"}},
            translations=_WORDS,
            media_toggle_controls=False,
            on_change=_note_start,
        )
    if context.video_processor:
        context.video_processor.set_up(expected, mirrored)
    with right:
        st.fragment(_show_sight, run_every=_POLL if _running(context) else None)(context)


def _show_sight(context: WebRtcStreamerContext[CameraFeed, Any]) -> None:
    """Show what the camera sees; as a fragment this runs again and again without the page."""
    feed = context.video_processor
    view = feed.view() if feed else View()
    if _running(context):
        _check_connection(view)
    if feed:
        st.session_state[_LAST] = view.locked
    last: tuple[Locked, ...] = st.session_state.get(_LAST, ())
    if view.failed:
        st.error("The reading ended with an error. Stop the camera and start it again.")
    elif view.result is not None:
        words, icon, color = _STATES[view.result.state]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(words, icon=icon, color=color)
            if advice := view.result.guidance.words:
                st.markdown(f":orange[{advice.capitalize()}]", width="content")
        st.caption(
            f"{view.frames_per_second:.0f} frames a second · read within {view.latency_ms:.0f} ms"
        )
    elif _running(context):
        st.caption("Waiting for the first picture …")
    elif not last:
        st.markdown("Start the camera and hold a page with handwritten numbers before it.")
        st.caption("Frames are read in this server's memory and never stored.")
    with number_list():
        if not last and _running(context):
            expect_numbers()
        for one in last if feed else [replace(one, in_view=False) for one in last]:
            note = "" if one.in_view else "not in view now"
            number(one.id, one.string.text, one.string.confidence, note, one.frame, one.string.quad)


def _size() -> tuple[int, int]:
    running = _running(st.session_state.get(_VIDEO))
    return st.selectbox(
        "Resolution",
        list(_SIZES),
        format_func=_SIZES.__getitem__,
        key=_remembered(_SIZE, (640, 480)),
        disabled=running,
        help="More shows smaller numbers and needs a faster computer and network. "
        "Stop the camera to change it.",
    )


def _expected() -> Format:
    """Return which numbers the person expects."""
    text = st.selectbox(
        "Expected numbers",
        list(_FORMATS),
        format_func=lambda name: _FORMATS.get(name, name),
        key=_remembered(_EXPECTED, "any"),
        accept_new_options=True,
        help="Only such numbers are shown. Choose a kind, or type how many digits: 7, or 4-6.",
    )
    try:
        return Format.parse((text or "any").strip())
    except CamdigitsError as error:
        st.error(plain(str(error)))
        return Format.parse("any")


def _wishes(width: int, height: int) -> dict[str, Any]:
    """Return what is asked of the browser's camera; a phone's is the one on its back."""
    return {
        "width": {"ideal": width},
        "height": {"ideal": height},
        "frameRate": {"ideal": 30},
        "facingMode": {"ideal": "environment"},
    }


def _running(context: WebRtcStreamerContext[Any, Any] | None) -> bool:
    return context is not None and (context.state.playing or context.state.signalling)


def _remembered(key: str, default: Any) -> str:
    """Return the key of a widget whose value outlives leaving the page."""
    settings = st.session_state.setdefault(_SETTINGS, {})
    if key not in st.session_state:
        st.session_state[key] = settings.get(key, default)
    settings[key] = st.session_state[key]
    return key


def _tell_of_leaving() -> None:
    """Tell streamlit-webrtc whether its component was away since the last run of the script.

    It guesses that from a count of script runs, which Streamlit raises late, on another thread:
    one start in five was taken for a return to the page and stopped. A widget that was not shown
    in the last run has lost its state, which is certain: None switches the guess off, a count of
    long ago makes it come true, and what is left of the last visit is stopped.
    """
    context = st.session_state.get(_VIDEO)
    if context is None:
        return
    if _SIZE not in st.session_state:
        context._last_rendered_run_count = _LONG_AGO
        st.session_state.pop(_SINCE, None)
    elif context._last_rendered_run_count != _LONG_AGO:
        context._last_rendered_run_count = None


def _note_start() -> None:
    """Remember since when a connection is being made.

    Runs on the session's script thread, before the script, when the component's state changed.
    """
    state = st.session_state[_VIDEO].state
    if state.signalling and not state.playing:
        st.session_state.setdefault(_SINCE, time.monotonic())
    elif not state.playing:
        st.session_state.pop(_SINCE, None)


def _hang_up(context: WebRtcStreamerContext[CameraFeed, Any] | None, feed: CameraFeed) -> None:
    """End the connection of a feed to which no frames come.

    Runs on that feed's reading thread.
    """
    # The component's context is there before the first connection is.
    if context is None or context.video_processor is not feed:
        return
    if worker := context._get_worker():
        worker.stop()


def _check_connection(view: View) -> None:
    """Turn to single pictures, telling why, where no video comes for too long."""
    since = st.session_state.setdefault(_SINCE, time.monotonic())
    if view.frames or time.monotonic() - since < _PATIENCE:
        return
    st.session_state.pop(_SINCE)
    st.session_state[_TROUBLE] = (
        "No video comes from the browser: a firewall or network on the way blocks it, or the "
        "connection was lost. Single pictures work all the same. "
        + (
            "The TURN servers that are set up did not help; whoever runs this site should check "
            "their address and password."
            if ice_servers()
            else "Whoever runs this site can set up a TURN server, which passes such blocks."
        )
    )
    st.rerun()


def _forget_trouble() -> None:
    """Runs on the session's script thread, before the script, when a person chooses the way."""
    st.session_state.pop(_TROUBLE, None)
