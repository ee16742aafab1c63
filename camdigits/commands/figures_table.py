"""The figures of an evaluation as plain text tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from camdigits.training.figures import Figures


def tables(figures: Figures) -> str:
    """Return all tables for the ``sets`` of an evaluation's figures, apart by blank lines."""
    sets: dict[str, Figures] = figures["sets"]
    parts = []
    if any("accuracy" in part for part in sets.values()):
        parts.append(_glyphs(sets))
    if "photos" in sets:
        parts.append(_photos("Photos by source", sets["photos"]))
    if "cheques" in sets:
        parts.append(_strings("Cheques", sets["cheques"]))
    if "spoiled" in sets:
        parts.append(_photos("Photos spoiled", sets["spoiled"]))
    if "scenes" in sets:
        parts.append(_scenes(sets["scenes"]))
    if "synthetic" in sets:
        parts.append(_synthetic(sets["synthetic"]))
    if "held" in sets:
        parts.append(_photos("Sheets held up in scenes", sets["held"]))
    if "marked" in sets:
        parts.append(_photos("Dates, times, amounts and the like", sets["marked"]))
    if "arranged" in sets:
        parts.append(_photos("Tables, lists, labels and the like", sets["arranged"]))
    if "papers" in sets:
        parts.append(_photos("Synthetic pages and fields of forms", sets["papers"]))
    return "\n\n".join(parts)


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as percent; a dash where there is none."""
    return "-" if share is None else f"{100 * share:.{digits}f}%"


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Set rows of cells in columns: the first to the left, all others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    )


def _glyphs(sets: dict[str, Figures]) -> str:
    rows = [["Single glyphs", "glyphs", "right", "without refusal", "refused"]]
    for part in sets.values():
        if "accuracy" in part:
            rows.append(
                [
                    part["title"],
                    str(part["glyphs"]),
                    percent(part["accuracy"], 2),
                    percent(part["accuracy_without_refusal"], 2),
                    percent(part["refused"], 2),
                ]
            )
    return columns(rows) + "\nright: a refused digit is wrong; what is no digit must be refused"


def _photos(title: str, part: Figures) -> str:
    rows = [[title, "pictures", "numbers", "found", "strict", "DER"]]
    for source, own in part["sources"].items():
        shares = [percent(own[name]) for name in ("numbers_found", "strict", "der")]
        rows.append([source, str(own["pictures"]), str(own["numbers"]), *shares])
    shares = [percent(part[name]) for name in ("numbers_found", "strict", "der")]
    rows.append(["total", str(part["pictures"]), str(part["numbers"]), *shares])
    means = [percent(part[f"{name}_mean_over_sources"]) for name in ("numbers_found", "strict")]
    rows.append(["mean over sources", "", "", *means, ""])
    lines = [columns(rows)]
    if part["pictures_without_digits"]:
        lines.append(
            f"false digits: {part['false_digits_per_picture']:.2f} a picture in "
            f"{part['pictures_without_digits']} pictures without digits"
        )
    lines += _coverage(part["coverage"], "numbers read")
    return "\n".join(lines)


def _scenes(part: Figures) -> str:
    most = sorted(part["sources"].items(), key=lambda pair: -pair[1])
    listed = ", ".join(f"{source} {digits}" for source, digits in most if digits)
    return (
        f"Photographs without digits: {part['false_digits_per_picture']:.2f} false digits each "
        f"in {part['pictures_without_digits']}, {part['accepted_per_picture']:.2f} of them "
        f"accepted; in all: {listed or 'none'}"
    )


def _strings(title: str, part: Figures) -> str:
    lines = [
        f"{title}: {percent(part['whole_string_exact'])} of {part['pictures']} read exactly, "
        f"DER {percent(part['der'])}, nothing read in {part['nothing_read']}",
        *_coverage(part["coverage"], "pictures"),
        *_calibration(part["calibration"]),
    ]
    return "\n".join(lines)


def _synthetic(part: Figures) -> str:
    lengths = list(next(iter(part["conditions"].values()))["by_length"])
    rows = [["Synthetic strings, exact by length", *lengths, "all"]]
    for condition, own in part["conditions"].items():
        shares: Iterable[float | None] = (own["by_length"].get(length) for length in lengths)
        cells = [percent(share) for share in shares]
        rows.append([condition, *cells, percent(own["whole_string_exact"])])
    return columns(rows) + "\n" + _strings("All", part)


def _coverage(coverage: Figures | None, what: str) -> list[str]:
    if coverage is None:
        return []
    return [
        f"accepted at the model's threshold {coverage['threshold']:.3f}: "
        f"{percent(coverage['share'])} of {coverage['strings']} {what}, "
        f"{percent(coverage['precision'])} of them right "
        f"(99% right with hindsight: {percent(coverage['share_with_hindsight'])})"
    ]


def _calibration(calibration: Figures | None) -> list[str]:
    if calibration is None:
        return []
    return [
        f"calibration error over {calibration['strings']} strings: {calibration['ece']:.4f} "
        f"(95% interval {calibration['low']:.4f} to {calibration['high']:.4f}; "
        f"a perfectly calibrated reader would score {calibration['perfect']:.4f}, "
        f"19 times of 20 under {calibration['perfect_high']:.4f})"
    ]
