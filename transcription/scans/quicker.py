"""Makes quicker models of those in the rapidocr package: in whole numbers of a byte, and for our characters only.

Run once by set-up (``python -m transcription.scans.quicker``). Without its files the models are used as they come.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from transcription.scans.alphabet import allowed
from transcription.scans.models import model_path, quick_model_path
from transcription.scans.strips import LINE_HEIGHT

OPSET = 17
"""The oldest set of operators that can say by how much each channel of a layer was scaled."""

LEFT_APART = ["ConvActivationFusion", "ConvAddActivationFusion", "ConvAddFusion"]
"""Ways of joining layers that would hide them from being turned into whole numbers."""

LINES = 96
PAGES, PAGE_SIZE = 6, (960, 704)
SAID = (
    "Dear Sir/Madam, re: your letter of 10 March 2026 I saw the boy outside school again, and he was cold & hungry; "
    '(Tel. 01632 960118) 27 Alderbeck Close MD4 7RT NORTHSHIRE COUNCIL £240 "nobody came," she said - 4B 8.55 am '
    "07700 900213 who knows? O'Rourke Zoë JQX wk/yr @ #12 50% they've moved; Friday's visit! CHILDREN'S SERVICES"
)

Pixels = NDArray[np.float32]


def make_quicker_recogniser(to: Path) -> None:
    """Write the quicker reader of lines; half a minute. Needs the packages onnx and rapidocr."""
    import onnx

    _in_whole_numbers(_with_our_characters(onnx.load(str(model_path("rec")))), ["Conv"], _drawn_lines, to)


def make_quicker_detector(to: Path) -> None:
    """Write the quicker finder of lines; a quarter of a minute. Needs the packages onnx and rapidocr."""
    import onnx

    _in_whole_numbers(onnx.load(str(model_path("det"))), ["Conv", "Concat", "Resize"], _drawn_pages, to)


def _in_whole_numbers(model: Any, layers: list[str], drawn: Callable[[], Iterator[Pixels]], to: Path) -> None:
    import onnx
    from onnx import version_converter
    from onnxruntime.quantization import QuantFormat, QuantType, quant_pre_process, quantize_static

    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent) as folder:
        ours, prepared, joined, made = (str(Path(folder) / f"{number}.onnx") for number in range(4))
        onnx.save(version_converter.convert_version(model, OPSET), ours)
        quant_pre_process(ours, prepared, skip_symbolic_shape=True)
        _join_steps(prepared, joined)
        quantize_static(
            joined, made, _Pictures(drawn()), quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, op_types_to_quantize=layers,
        )  # fmt: skip
        os.replace(made, to)


def _join_steps(prepared: str, joined: str) -> None:
    """Write the model with the five steps of its activation (GELU) as one: turned into whole numbers they stay five."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = joined
    options.log_severity_level = 4
    onnxruntime.InferenceSession(
        prepared, options, providers=["CPUExecutionProvider"], disabled_optimizers=LEFT_APART
    )  # fmt: skip


def _with_our_characters(model: Any) -> Any:
    """The model without the answers that may not be read: 18,000 characters of other alphabets."""
    from onnx import numpy_helper

    (described,) = [each.value for each in model.metadata_props if each.key == "character"]
    numbers, characters = allowed(described)
    everything = len(described.splitlines()) + 2
    for table in model.graph.initializer:
        if table.dims and table.dims[-1] == everything:
            ours = np.ascontiguousarray(numpy_helper.to_array(table)[..., numbers])
            table.CopyFrom(numpy_helper.from_array(ours, table.name))
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(characters)
    del model.graph.value_info[:]
    return model


class _Pictures:
    """What is print, clean and spoiled, by which the ranges of a model's inner numbers are measured."""

    def __init__(self, drawn: Iterator[Pixels]) -> None:
        self._rest = drawn

    def get_next(self) -> dict[str, Pixels] | None:
        picture = next(self._rest, None)
        return None if picture is None else {"x": picture.transpose(2, 0, 1)[None] / 127.5 - 1}

    def set_range(self, start_index: int, end_index: int) -> None:
        """Asked for by the measuring code where it measures in parts, which it does not here."""


def _drawn_pages() -> Iterator[Pixels]:
    """Letters as the detector sees them: lines of one size, with blank paper around and between."""
    chance = np.random.default_rng(21)
    for _ in range(PAGES):
        page = np.full((*PAGE_SIZE, 3), chance.uniform(235, 255), np.float32)
        height, top = int(chance.integers(11, 22)), int(chance.integers(8, 90))
        left = int(chance.integers(8, 70))
        while top + height < PAGE_SIZE[0] - 8:
            line = _drawn_line(chance)
            scale = min(height / line.shape[0], (PAGE_SIZE[1] - left - 8) / line.shape[1])
            size = (max(int(line.shape[1] * scale), 1), max(int(line.shape[0] * scale), 1))
            page[top : top + size[1], left : left + size[0]] = cv2.resize(line, size, interpolation=cv2.INTER_AREA)
            top += int(height * chance.choice([1.0, 1.1, 1.6, 3.0]))
        yield page


def _drawn_lines() -> Iterator[Pixels]:
    chance = np.random.default_rng(20)
    for _ in range(LINES):
        yield _drawn_line(chance)


def _drawn_line(chance: np.random.Generator) -> Pixels:
    """A line in some size and ink, perhaps blurred, slanted or grainy, as common letters are; the colours blue first.

    Rarer paper (dark, coloured, sprinkled) widens the ranges, and common letters are then read less well.
    """
    font = ImageFont.load_default(int(chance.integers(22, 38)))
    text = " ".join(chance.choice(SAID.split(), int(chance.integers(1, 14))))
    width = int(font.getlength(text)) + 20
    paper, ink = int(chance.integers(225, 256)), int(chance.integers(0, 90))
    image = Image.new("L", (width, LINE_HEIGHT), paper)
    pen = ImageDraw.Draw(image)
    pen.text((10, LINE_HEIGHT // 2), text, fill=ink, font=font, anchor="lm")
    if chance.random() < 0.3:
        pen.rectangle((2, 8, 34, 40), outline=ink, width=2)
    if chance.random() < 0.3:
        pen.line((0, LINE_HEIGHT - 4, width, LINE_HEIGHT - 4), fill=ink, width=2)
    image = image.rotate(float(chance.normal(0, 0.4)), fillcolor=paper, resample=Image.Resampling.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(float(chance.uniform(0, 1.5))))
    shades = np.asarray(image, np.float32)[:, :, None] * chance.uniform(0.95, 1.0, 3)
    shades += chance.normal(0, float(chance.choice([0, 2, 5])), shades.shape)
    return shades.clip(0, 255).astype(np.float32)


if __name__ == "__main__":
    make_quicker_recogniser(quick_model_path("rec"))
    make_quicker_detector(quick_model_path("det"))
