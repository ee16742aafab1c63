"""What numbers a person expects to see: any, or of a certain length."""

from __future__ import annotations

import re
from dataclasses import dataclass

from camdigits.errors import CamdigitsError

LONGEST = 40


@dataclass(frozen=True)
class Expected:
    """How many digits the numbers have that are to be read, both ends included."""

    least: int = 1
    most: int = LONGEST

    @classmethod
    def parse(cls, text: str) -> Expected:
        """Return what ``text`` asks for: ``any``, a count of digits, or a range such as ``4-6``.

        Raises CamdigitsError for anything else.
        """
        if text == "any":
            return cls()
        found = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", text)
        least, most = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= least <= most <= LONGEST:
            raise CamdigitsError(
                f"got {text!r} for the expected length; give 'any', a count of digits from 1 to "
                f"{LONGEST}, or a range such as 4-6"
            )
        return cls(least, most)

    def fits(self, text: str) -> bool:
        """Say whether a number has the expected length."""
        return self.least <= len(text) <= self.most

    def __str__(self) -> str:
        """Return the words for a person: ``any``, ``5 digits``, ``4-6 digits``."""
        if self == Expected():
            return "any"
        if self.least == self.most:
            return f"{self.least} digit{'s' if self.least > 1 else ''}"
        return f"{self.least}-{self.most} digits"
