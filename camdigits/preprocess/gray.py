"""Pictures as arrays: what is one, and its gray."""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.errors import PictureError


def to_gray(image: np.ndarray) -> np.ndarray:
    """Return ``image``, uint8 BGR (h, w, 3) or gray (h, w), as gray. Raises PictureError."""
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or 0 in image.shape:
        kind = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image)
        raise PictureError(
            f"got {kind}, expected a picture as uint8 array (height, width, 3) in BGR; "
            "open files with camdigits.open_image"
        )
    if image.ndim == 2:
        return image
    if image.ndim == 3 and image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    raise PictureError(
        f"got an array of shape {image.shape}, expected (height, width, 3) in BGR or "
        "(height, width) in gray; open files with camdigits.open_image"
    )
