"""Errors that a person can act on: each message says what came, what was expected, what to do."""

from __future__ import annotations

import cv2


class CamdigitsError(Exception):
    """Base of all errors that camdigits raises for bad input; its message is one plain line."""


class PictureError(CamdigitsError):
    """A picture, document or address that cannot be read as one."""


class ModelError(CamdigitsError):
    """A model folder that is missing, broken or made for another program."""


class DataError(CamdigitsError):
    """A training or measuring data set that is missing or not laid out as expected."""


class SourceError(CamdigitsError):
    """A camera, film, folder or address that gives no frames, or a film that can't be written."""


# What reading one picture may raise; the next picture is read all the same.
READING_ERRORS = (CamdigitsError, MemoryError, cv2.error)


def in_words(error: Exception, name: str) -> str:
    """Return one plain line on an error of READING_ERRORS that came of the picture ``name``."""
    if isinstance(error, MemoryError):
        return f"{name}: there is not enough memory to read it; scale it down"
    if isinstance(error, cv2.error):
        reason = getattr(error, "err", error)
        return f"{name}: OpenCV cannot work on it ({reason}); save it anew as PNG"
    return str(error) if name in str(error) else f"{name}: {error}"
