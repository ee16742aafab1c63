"""Ctrl+V anywhere on a page hands a picture to its upload field."""

from __future__ import annotations

import streamlit as st

# The field takes pasted files itself, but only while it has the focus.
_SCRIPT = """
export default function ({ data }) {
  const paste = (event) => {
    const input = document.querySelector(`.st-key-${data.field} input[type="file"]`);
    const files = event.clipboardData?.files ?? [];
    if (!input || input.disabled || !files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("paste", paste, true);
  return () => document.removeEventListener("paste", paste, true);
}
"""


def paste_into(field: str) -> None:
    """Let this page take pasted files into the ``st.file_uploader`` with the key ``field``."""
    mount = st.components.v2.component("camdigits.paste", js=_SCRIPT)
    mount(data={"field": field}, key="paste", height=1)
