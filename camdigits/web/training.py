"""The page Training: what made a model and how well it does, from its card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from camdigits.errors import READING_ERRORS, ModelError, in_words
from camdigits.preprocess.files import open_image
from camdigits.web import charts
from camdigits.web.model_facts import ModelFacts, ModelFile, facts_of, model_folders
from camdigits.web.parts import plain

Part = Callable[[ModelFacts], object]
Section = Callable[[list[ModelFacts]], object]

# The card's names of hyperparameters and of the plan, in words.
_WORDS = {
    "filters": "Filters of the first layer",
    "widening": "More filters in each further layer, times",
    "kernel_size": "Width of a filter, pixels",
    "layers": "Convolution layers",
    "dense": "Neurons of the dense layer",
    "dropout": "Dropout",
    "learning_rate": "Learning rate at its peak",
    "batch_size": "Samples a step",
    "weight_decay": "Weight decay",
    "label_smoothing": "Label smoothing",
    "epochs": "Epochs",
    "blocks": "Blocks of samples",
    "fresh": "Blocks made anew",
    "validation": "Samples held out",
    "processes": "Processes that made samples",
    "block": "Samples a block",
    "strings": "Strings it was calibrated on",
}
# The networks beside that of glyphs: what each is, what one look of it is at, and its curves.
_PARTS = {
    "line": (
        "Its second network, which sees whole lines,",
        "about ten signs",
        "Loss on lines",
        "Accuracy along lines",
    ),
    "ink": (
        "Its third network, which tells writing from paper,",
        "160 by 160 pixels",
        "Loss on ink",
        "Accuracy of pixels",
    ),
}
_RATES, _COUNTS = "Percent of the row", "Counts"
_TYPES = {".keras": "to train further with Keras", ".tflite": "what camdigits runs"}


def show() -> None:
    """Show the page under its title."""
    try:
        folders = model_folders()
    except ModelError as error:
        st.error(plain(str(error)))
        return
    models = _readable(folders)
    if not models:
        st.info(
            "No model can be shown. Train one with `camdigits train --output models/NAME`.",
            icon=":material/school:",
        )
        return
    shown = _choose(models, folders[0])
    for heading, (explanation, section) in _SECTIONS.items():
        st.subheader(heading)
        st.caption(explanation)
        section(shown)


def _readable(folders: list[Path]) -> list[ModelFacts]:
    """Return the facts of the models that are whole; say of each other what is wrong with it."""
    models = []
    for folder in folders:
        try:
            models.append(facts_of(folder))
        except ModelError as error:
            st.warning(plain(str(error)), icon=":material/folder_off:")
    return models


def _choose(models: list[ModelFacts], used: Path) -> list[ModelFacts]:
    """Return the one or two models to show."""
    names = {model.name: model for model in models}

    def label(name: str) -> str:
        return f"{name} (in use)" if names[name].folder == used else name

    left, right = st.columns(2)
    first = left.selectbox("Model", list(names), format_func=label, key="model")
    others = [name for name in names if name != first]
    if not others:
        st.caption(
            "This is the only model here. To compare it with another, train one: "
            "`camdigits train --output models/NAME`."
        )
        return [names[first]]
    second = right.selectbox(
        "Compare with", others, index=None, placeholder="No other", format_func=label, key="other"
    )
    return [names[first]] if second is None else [names[first], names[second]]


def _beside(part: Part, shown: list[ModelFacts]) -> None:
    """Show a part of a section for each model, two side by side under their names."""
    for place, model in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        with place:
            if len(shown) > 1:
                st.markdown(f"**{plain(model.name)}**")
            part(model)


def _figures(model: ModelFacts) -> None:
    figures = {
        "Digits read right": (
            _percent(model.right),
            "Of the digits held out from training. They are hard on purpose: bent, blurred, cut.",
        ),
        "Digits refused": (
            _percent(model.refused),
            "Digits that it took for a mark, a letter or a scrap.",
        ),
        "Other things refused": (
            _percent(model.others_refused),
            "Marks, letters and scraps that it rightly took for none of the digits.",
        ),
        "Time a sign": (f"{model.ms_per_glyph:.2f} ms", "On the machine that trained it."),
        "Size": (
            _megabytes(model.running),
            f"What runs: {model.parameters:,} weights, "
            f"{model.multiply_adds / 1e6:.1f} million multiplications a sign."
            + "".join(_of_part(model, name) for name in model.parts),
        ),
        "Time to train": (_duration(model.seconds), f"With {model.samples:,} samples."),
    }
    with st.container(horizontal=True, gap="medium"):
        for name, (value, meaning) in figures.items():
            st.metric(name, value, help=meaning, width="content")


def _of_part(model: ModelFacts, name: str) -> str:
    what, unit, *_ = _PARTS[name]
    part = model.parts[name]
    return (
        f" {what} has {part.parameters:,} weights and takes "
        f"{part.multiply_adds / 1e6:.0f} million multiplications for {unit}."
    )


def _learning(model: ModelFacts) -> None:
    if not model.loss[0]:
        st.info("This card has no history of its training.")
        return
    st.altair_chart(charts.curves(*model.loss, title="Loss (how wrong)", share=False))
    st.altair_chart(charts.curves(*model.accuracy, title="Accuracy (share right)", share=True))
    for name, part in model.parts.items():
        if not part.loss[0]:
            continue
        what, _, loss, accuracy = _PARTS[name]
        minutes = _duration(part.seconds)
        st.markdown(f"{what} saw {part.samples:,} samples in {minutes}.")
        st.altair_chart(charts.curves(*part.loss, title=loss, share=False))
        st.altair_chart(charts.curves(*part.accuracy, title=accuracy, share=True))


def _each_digit(model: ModelFacts) -> None:
    st.altair_chart(charts.each_digit(model.precision, model.recall))


def _reliability(model: ModelFacts) -> None:
    st.altair_chart(charts.reliability(model.reliability))


def _confusion(shown: list[ModelFacts]) -> None:
    unit = st.segmented_control(
        "Show", [_RATES, _COUNTS], default=_RATES, key="unit", required=True
    )
    rates = unit == _RATES
    _beside(lambda model: st.altair_chart(charts.confusion(model.confusion, rates)), shown)


def _mistakes(model: ModelFacts) -> None:
    if not model.mistakes.is_file():
        st.info("This model came without a picture of its mistakes.")
        return
    try:
        picture = open_image(model.mistakes)
    except READING_ERRORS as error:
        st.warning(plain(in_words(error, str(model.mistakes))), icon=":material/broken_image:")
        return
    st.image(picture, channels="BGR", width="stretch")


def _made_of(model: ModelFacts) -> None:
    st.markdown(f"Trained on {plain(model.created)}. Measured on {plain(model.held_out)}.")
    settings = {_WORDS.get(k, k): v for k, v in (model.hyperparameters | model.plan).items()}
    _table("Setting", "Value", settings)
    _table("Data", "License", dict(model.data))
    with st.expander("Software that made it"):
        _table("Package", "Version", model.versions)


def _table(name: str, value: str, rows: dict[str, Any]) -> None:
    cells = [{name: key, value: str(content)} for key, content in rows.items()]
    st.dataframe(cells, hide_index=True, height="content")


def _downloads(model: ModelFacts) -> None:
    for file in model.files:
        if _whole(file, file.path.stat().st_mtime_ns):
            _download(model, file.path, _TYPES[file.path.suffix])
        else:
            st.warning(
                f"{plain(str(file.path))}: differs from what its card says; "
                "copy or train the model again.",
                icon=":material/broken_image:",
            )
    _download(model, model.folder / "card.json", "all figures of this page")


def _download(model: ModelFacts, path: Path, meaning: str) -> None:
    """Offer a file; it is read when somebody asks for it."""
    st.download_button(
        f"{path.name} · {_megabytes(path.stat().st_size)}",
        path.read_bytes,
        file_name=path.name,
        mime="application/json" if path.suffix == ".json" else "application/octet-stream",
        key=f"{model.folder}-{path.name}",
        help=meaning,
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


@st.cache_data(show_spinner=False, max_entries=16)
def _whole(file: ModelFile, changed: int) -> bool:
    """Return ``file.whole()``, found out again only where the file has ``changed``."""
    return file.whole()


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


# Heading of a section, what it says in a sentence, what shows it.
_SECTIONS: dict[str, tuple[str, Section]] = {
    "At a glance": (
        "On writing held out from the training, made hard on purpose.",
        partial(_beside, _figures),
    ),
    "How it learned": (
        "Loss falls and accuracy rises as it learns. Validation is writing by people it never "
        "trained on; it can do better there because training samples are made harder on purpose.",
        partial(_beside, _learning),
    ),
    "How honest its confidence is": (
        "On the dashed line it is right just as often as it says; below the line it promises "
        "too much.",
        partial(_beside, _reliability),
    ),
    "What it confuses": (
        "Each row is what a sign really is, each column what it was read as: a perfect model "
        "would fill the diagonal only.",
        _confusion,
    ),
    "Digit by digit": (
        "Precision: of what it reads as this digit, how much is. Recall: of this digit, how much "
        "it reads.",
        partial(_beside, _each_digit),
    ),
    "Its most confident mistakes": (
        "Under each sign: what it is, what it was read as, and how sure it was in percent. "
        "7>2 98 is a 7 that was read as a 2, 98% sure.",
        partial(_beside, _mistakes),
    ),
    "What made it": (
        "The settings of the training and the collections of writing it learned from.",
        partial(_beside, _made_of),
    ),
    "Files": (
        "Take the model with you: copied into `models/NAME`, it can be chosen.",
        partial(_beside, _downloads),
    ),
}
