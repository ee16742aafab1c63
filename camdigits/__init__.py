"""camdigits reads handwritten numbers in photos and camera frames.

>>> import camdigits
>>> page = camdigits.Reader().read(camdigits.open_image("photo.jpg"))
>>> print(page.text)
"""

from camdigits.errors import CamdigitsError, DataError, ModelError, PictureError
from camdigits.preprocess.files import open_image
from camdigits.reader import Reader
from camdigits.reading import Box, Digit, DigitString, Page
from camdigits.recognize.formats import Format

__all__ = [
    "Box",
    "CamdigitsError",
    "DataError",
    "Digit",
    "DigitString",
    "Format",
    "ModelError",
    "Page",
    "PictureError",
    "Reader",
    "open_image",
]
