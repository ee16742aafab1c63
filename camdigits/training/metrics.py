"""The figures by which a reading is judged; each docstring carries its formula.

Plain numpy, so that they serve the commands, the tests and the training alike. Labeled and read
numbers are strings of digits in reading order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


def edit_distance(a: str, b: str) -> int:
    """Return the fewest insertions, deletions and substitutions that turn ``a`` into ``b``.

    Dynamic programming of Wagner and Fischer, 1974 (doi:10.1145/321796.321811).
    """
    previous = list(range(len(b) + 1))
    for row, left in enumerate(a, start=1):
        current = [row]
        for column, right in enumerate(b, start=1):
            substituted = previous[column - 1] + (left != right)
            current.append(min(substituted, previous[column] + 1, current[-1] + 1))
        previous = current
    return previous[-1]


def exact_matches(labeled: Sequence[str], read: Sequence[str]) -> tuple[list[bool], list[bool]]:
    """Say which labeled and which read numbers have an equal partner, each used once.

    Of several equal texts the first are matched, so the number of matches per text is the
    smaller of its two counts.
    """
    free_labels, free_reads = Counter(labeled), Counter(read)
    label_matched, read_matched = [], []
    for text in labeled:
        label_matched.append(free_reads[text] > 0)
        free_reads[text] -= label_matched[-1]
    for text in read:
        read_matched.append(free_labels[text] > 0)
        free_labels[text] -= read_matched[-1]
    return label_matched, read_matched


def _run_length(label: str, read: Sequence[str], start: int) -> int:
    """Return how many read numbers from ``start`` on join to ``label``; 0 if none do."""
    joined = ""
    for end in range(start, len(read)):
        joined += read[end]
        if joined == label:
            return end - start + 1
        if not label.startswith(joined):
            return 0
    return 0


def _find_in_order(labeled: Sequence[str], read: Sequence[str]) -> dict[int, range]:
    """Return the largest set of labels that stand as disjoint runs in the labels' own order.

    best[i][j] counts what labels i.. find in reads j.. (and, negated, the reads that it takes):
    the larger of best[i + 1][j], best[i][j + 1] and, where a run of k reads from j joins to
    label i, best[i + 1][j + k] + (1, -k).
    """
    m, n = len(labeled), len(read)
    runs = [[_run_length(label, read, start) for start in range(n)] for label in labeled]
    best = [[(0, 0)] * (n + 1) for _ in range(m + 1)]
    for i in range(m - 1, -1, -1):
        for j in range(n - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1])
            if k := runs[i][j]:
                found, minus_taken = best[i + 1][j + k]
                best[i][j] = max(best[i][j], (found + 1, minus_taken - k))
    placed: dict[int, range] = {}
    i = j = 0
    while i < m and j < n:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            placed[i] = range(j, j + runs[i][j])
            i, j = i + 1, placed[i].stop
    return placed


def find_numbers(labeled: Sequence[str], read: Sequence[str]) -> list[bool]:
    """Say for each labeled number whether it was found.

    It is found if it stands as a run of consecutive read numbers whose texts joined equal it;
    each read number serves once. Runs are dealt out in two steps. First the largest set of
    labeled numbers that stand in their own order (exact, by dynamic programming; of equal sets
    the one that takes the fewest read numbers). Then each labeled number still missing, in order,
    takes the leftmost of the shortest runs of read numbers still free, wherever on the page: a
    number read well in the wrong place is found all the same.
    """
    placed = _find_in_order(labeled, read)
    used = {index for run in placed.values() for index in run}
    for i, label in enumerate(labeled):
        if i in placed:
            continue
        lengths = ((_run_length(label, read, start), start) for start in range(len(read)))
        for length, start in sorted(pair for pair in lengths if pair[0]):
            if used.isdisjoint(range(start, start + length)):
                placed[i] = range(start, start + length)
                used.update(placed[i])
                break
    return [i in placed for i in range(len(labeled))]


@dataclass
class _SharePerSource:
    """Right and all labeled numbers, per source."""

    right: Counter[str] = field(default_factory=Counter)
    labeled: Counter[str] = field(default_factory=Counter)

    def _count(self, marks: Sequence[bool], source: str) -> None:
        self.right[source] += sum(marks)
        self.labeled[source] += len(marks)

    @property
    def total(self) -> float:
        """Sum of right over sum of labeled, all sources pooled; nan without labels."""
        labeled = self.labeled.total()
        return self.right.total() / labeled if labeled else float("nan")

    @property
    def by_source(self) -> dict[str, float]:
        """Right over labeled of each source that has labeled numbers."""
        return {name: self.right[name] / n for name, n in self.labeled.items() if n}

    @property
    def mean_over_sources(self) -> float:
        """Plain mean of :attr:`by_source`, so that one long sheet does not decide."""
        shares = list(self.by_source.values())
        return sum(shares) / len(shares) if shares else float("nan")


class NumbersFound(_SharePerSource):
    """Numbers found = labeled numbers that :func:`find_numbers` finds / labeled numbers."""

    def add(self, labeled: Sequence[str], read: Sequence[str], source: str = "") -> None:
        """Take in one picture."""
        self._count(find_numbers(labeled, read), source)


class Strict(_SharePerSource):
    """Strict = labeled numbers read as exactly that number / labeled numbers.

    Per picture and text, min(times labeled, times read) are right: each read number serves once,
    order is not asked.
    """

    def add(self, labeled: Sequence[str], read: Sequence[str], source: str = "") -> None:
        """Take in one picture."""
        self._count(exact_matches(labeled, read)[0], source)


@dataclass
class WholeString:
    """Whole-string exact = pictures whose joined read digits equal the joined label / pictures."""

    right: int = 0
    pictures: int = 0

    def add(self, labeled: str, read: str) -> None:
        """Take in one picture: all its digits, joined in reading order."""
        self.right += labeled == read
        self.pictures += 1

    @property
    def value(self) -> float:
        """The share, 0 to 1; nan without pictures."""
        return self.right / self.pictures if self.pictures else float("nan")


@dataclass
class DigitErrorRate:
    """DER = sum of edit_distance(labeled, read) / sum of labeled digits (can pass 1)."""

    errors: int = 0
    digits: int = 0

    def add(self, labeled: str, read: str) -> None:
        """Take in one picture: all its digits, joined in reading order."""
        self.errors += edit_distance(labeled, read)
        self.digits += len(labeled)

    @property
    def value(self) -> float:
        """Errors per labeled digit; nan without labeled digits."""
        return self.errors / self.digits if self.digits else float("nan")


@dataclass
class FalseDigits:
    """False digits = digits read in pictures without digits / pictures without digits."""

    digits: int = 0
    pictures: int = 0

    def add(self, read: str) -> None:
        """Take in one picture without digits: all digits read in it."""
        self.digits += len(read)
        self.pictures += 1

    @property
    def value(self) -> float:
        """Digits per picture; nan without pictures."""
        return self.digits / self.pictures if self.pictures else float("nan")
