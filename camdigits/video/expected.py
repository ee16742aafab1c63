"""What numbers a person may choose to see before a camera: window and browser offer the same."""

from __future__ import annotations

from camdigits.recognize.formats import Format

# In the order in which they are offered.
CHOICES = tuple(
    Format.parse(name)
    for name in (
        *("any", "3", "4", "5", "6", "8", "10", "13"),
        *("zip", "ean8", "upc", "ean13", "isbn10", "isbn13", "card"),
        *("ddmmyyyy", "mmddyyyy", "yyyymmdd", "ddmmyy"),
    )
)
