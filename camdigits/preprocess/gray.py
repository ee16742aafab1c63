"""Pictures as arrays: what is one, and the gray in which its writing shows.

What the eye takes for gray hides yellow on white and red on green, whose brightness is alike. One
of the camera's channels tells them apart.
"""

from __future__ import annotations

import cv2
import numpy as np

from camdigits.errors import PictureError
from camdigits.preprocess.lighting import BACKGROUND_SIDE, envelope_kernel

# A channel is looked at in which thin things show so many times as clearly as in gray.
CLEARER = 1.5
# Writing is the strongest such share of what is thin; gray levels by which pixels differ anyway.
STRONGEST, NOISE = 0.01, 4.0


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


def clearer_channel(image: np.ndarray) -> np.ndarray | None:
    """Return the channel, uint8 (h, w), of BGR (h, w, 3) in which thin things show so much more
    clearly than in gray that these may be hidden writing; None where there is none, or no color.

    It is noisier than gray, and files keep it less sharp; and it may be a mark of a highlighter
    that shows, which the channel sets off from paper, not the writing on it.
    """
    if image.ndim == 2:
        return None
    rows, columns = image.shape[:2]
    scale = min(1.0, BACKGROUND_SIDE / max(rows, columns))
    size = max(1, round(scale * columns)), max(1, round(scale * rows))
    # Single pixels are enough to tell; averages of all take longer than gray itself.
    few = cv2.resize(image, size, interpolation=cv2.INTER_LINEAR)
    clear = [_clearness(channel) for channel in cv2.split(few)]
    best = int(np.argmax(clear))
    gray = _clearness(cv2.cvtColor(few, cv2.COLOR_BGR2GRAY))
    return cv2.extractChannel(image, best) if clear[best] > CLEARER * gray else None


def _clearness(plane: np.ndarray) -> float:
    """Return how clearly thin things stand out of a ``plane``, uint8 (h, w): by how much the
    strongest differ from what is around (root mean square), in units of what pixels usually do."""
    side = envelope_kernel(plane.shape)
    around = cv2.blur(plane, (side, side), borderType=cv2.BORDER_REPLICATE)
    counts = cv2.calcHist([cv2.absdiff(plane, around)], [0], None, [256], [0, 256]).ravel()
    usual = int(np.searchsorted(counts.cumsum(), plane.size / 2))
    strongest = np.minimum(counts[::-1].cumsum(), max(1.0, STRONGEST * plane.size))
    power = np.diff(strongest, prepend=0) @ np.arange(255.0, -1.0, -1.0) ** 2 / strongest[-1]
    return float(power**0.5) / (usual + NOISE)
