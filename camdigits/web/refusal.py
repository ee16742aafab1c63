"""Addresses to whose pages browsers give no camera."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from camdigits.web import photos
from camdigits.web.parts import plain


def host_without_camera(url: str) -> str:
    """Return the host of an address to whose pages browsers give no camera, else nothing.

    They give it to https and to this machine's own names (W3C Secure Contexts, 3.1).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    own = host == "localhost" or host.endswith(".localhost") or _is_loopback(host)
    return host if parts.scheme == "http" and not own else ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def show_refusal(host: str) -> None:
    """Say why pages of this host get no camera, and what helps."""
    st.warning(
        f"Browsers give no camera to this page, because it comes from {plain(host)} over plain "
        "http. They give it to https, and to localhost on the machine that runs this site.",
        icon=":material/no_photography:",
    )
    st.markdown(
        "Whoever runs this site can serve https: `streamlit run streamlit_app.py "
        "--server.sslCertFile CERT --server.sslKeyFile KEY`. Without that, a photo can be read:"
    )
    page = st.Page(photos.show, url_path="photos", title="Photos")
    st.page_link(page, label="Read a photo", icon=":material/photo_library:")
