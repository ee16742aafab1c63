"""What people write: random amounts, dates, sums, codes and words, as glyph labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

SPACE = "space"

MARKS = {
    ".": "dot",
    ",": "comma",
    "-": "minus",
    "+": "plus",
    "/": "slash",
    "x": "times",
    "=": "equals",
    "(": "paren_left",
    ")": "paren_right",
    ":": "colon",
    "#": "hash",
    "€": "euro",
    "$": "dollar",
    " ": SPACE,
}

_INSIDE = frozenset({"dot", "comma"})  # marks that do not end a number
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def spell(text: str) -> tuple[str, ...]:
    """Turn a text into glyph labels: ``"3x4"`` gives ``("3", "times", "4")``.

    A small x between digits is the times sign; other letters stand for themselves.
    """
    labels = []
    for index, sign in enumerate(text):
        letter = sign == "x" and not text[max(0, index - 1)].isdigit()
        labels.append(sign if letter else MARKS.get(sign, sign))
    return tuple(labels)


def numbers(labels: Iterable[str]) -> list[str]:
    """The numbers that a reader should find in a row of labels.

    Points and commas inside a number do not split it; a space, operator or letter ends it.
    """
    found = [""]
    for label in labels:
        if len(label) == 1 and label.isdigit():
            found[-1] += label
        elif label not in _INSIDE and found[-1]:
            found.append("")
    return [number for number in found if number]


def random_labels(rng: np.random.Generator) -> tuple[str, ...]:
    """Draw what might be written in one line, mostly 2 to 8 digits with or without marks."""
    makers = (_plain, _amount, _date, _sum, _single, _groups, _mixed, _word)
    weights = (0.27, 0.24, 0.06, 0.12, 0.05, 0.06, 0.13, 0.07)
    return spell(makers[int(rng.choice(len(makers), p=weights))](rng))


def random_digits(rng: np.random.Generator, count: int) -> str:
    """Draw ``count`` digits, each as likely as any other."""
    return "".join(map(str, rng.integers(0, 10, count)))


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _plain(rng: np.random.Generator) -> str:
    return random_digits(rng, int(rng.choice(9, p=_LENGTHS)))


_LENGTHS = (0.0, 0.0, 0.12, 0.16, 0.2, 0.2, 0.14, 0.08, 0.1)


def _single(rng: np.random.Generator) -> str:
    return random_digits(rng, 1)


def _amount(rng: np.random.Generator) -> str:
    """Like ``1.234``, ``#12,345-``, ``500.=``, ``80,-``, ``$ 7.50``."""
    count = int(rng.integers(3, 8))
    digits = random_digits(rng, count)
    if rng.random() < 0.55:
        zeros = int(rng.integers(1, min(6, count)))
        digits = digits[: count - zeros] + "0" * zeros
    mark = _pick(rng, (".", ".", ",", " ", "", "-"))
    if rng.random() < 0.2:
        text = digits[:-2] + _pick(rng, (".", ",")) + digits[-2:]
    else:
        head = (count - 1) % 3 + 1
        parts = [digits[:head], *(digits[i : i + 3] for i in range(head, count, 3))]
        text = mark.join(parts)
    text += _pick(rng, ("", "", "", "", "-", ".-", ",-", "=", ".=", ".", ",", "#", "--", " €"))
    if rng.random() < 0.12:
        text = _pick(rng, ("$", "$ ", "#", "=", "-", "€ ")) + text
    return text


def _date(rng: np.random.Generator) -> str:
    day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
    year = random_digits(rng, 2 if rng.random() < 0.5 else 4)
    mark = _pick(rng, ("/", "-", ".", " "))
    parts = [f"{day:02d}", f"{month:02d}", year] if rng.random() < 0.6 else [f"{day}", f"{month}"]
    if rng.random() < 0.15:
        return f"{day % 24}:{month * 5 % 60:02d}"
    return mark.join(parts[::-1] if rng.random() < 0.2 else parts)


def _sum(rng: np.random.Generator) -> str:
    """Like ``12+5=``, ``3x4``, ``251-32x(5+2)``."""
    text = random_digits(rng, int(rng.integers(1, 4)))
    for _ in range(int(rng.integers(1, 3))):
        air = " " if rng.random() < 0.4 else ""
        term = random_digits(rng, int(rng.integers(1, 4)))
        if rng.random() < 0.25:
            term = f"({term}{_pick(rng, ('+', '-'))}{random_digits(rng, 1)})"
        text += air + _pick(rng, ("+", "-", "x", "/", ":")) + air + term
    return text + _pick(rng, ("", "", "=", " ="))


def _groups(rng: np.random.Generator) -> str:
    """Postal codes and telephone numbers: groups of digits with spaces or dashes."""
    mark = _pick(rng, (" ", " ", "-", "/"))
    sizes = rng.integers(2, 6, int(rng.integers(2, 4)))
    return mark.join(random_digits(rng, int(size)) for size in sizes)


def _letters(rng: np.random.Generator, count: int) -> str:
    low = rng.random() < 0.6
    chosen = rng.integers(26 if low else 0, 52 if low else 26, count)
    return "".join(_LETTERS[index] for index in chosen)


def _mixed(rng: np.random.Generator) -> str:
    """Letters before or after digits, close by or apart."""
    word = _letters(rng, int(rng.integers(1, 5)))
    air = " " if rng.random() < 0.6 else ""
    number = random_digits(rng, int(rng.integers(1, 6)))
    return number + air + word if rng.random() < 0.5 else word + air + number


def _word(rng: np.random.Generator) -> str:
    """A longer word with a short number at a distance."""
    word = _letters(rng, int(rng.integers(3, 8)))
    number = random_digits(rng, int(rng.integers(1, 4)))
    return f"{word} {number}" if rng.random() < 0.7 else f"{number} {word}"
