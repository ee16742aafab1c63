"""The servers that help a browser and this site find each other across networks."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st
from streamlit_webrtc.credentials import get_available_ice_servers

# By these streamlit-webrtc asks a provider for its servers: Cloudflare, Twilio, Hugging Face.
_PROVIDERS = ("CLOUDFLARE_TURN_KEY_ID", "TWILIO_ACCOUNT_SID", "HF_TOKEN")


def ice_servers() -> list[dict[str, Any]]:
    """Return the STUN and TURN servers to use, as browsers take them: ``urls``, ``username`` and
    ``credential``.

    They are the tables ``[[ice_servers]]`` of ``.streamlit/secrets.toml``, else those of the
    provider whose credentials the environment holds. None are needed, none are asked and none are
    returned on one's own machine and network.
    """
    if st.secrets.load_if_toml_exists() and "ice_servers" in st.secrets:
        return [dict(server) for server in st.secrets["ice_servers"]]
    if any(os.environ.get(name) for name in _PROVIDERS):
        return [dict(server) for server in get_available_ice_servers()]
    return []
