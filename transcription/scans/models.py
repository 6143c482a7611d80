"""Opens the models that find and recognise lines of writing: those in the rapidocr package, and a quicker one."""

import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnxruntime

from transcription.contract import NoEngine

RECIPE = 4
"""Counts the ways in which the quicker models were ever made; files made another way are not used."""


def model_path(name: str) -> Path:
    """One of rapidocr's models, `det` or `rec`; raises NoEngine where the package is not installed."""
    package = find_spec("rapidocr")
    places = list(package.submodule_search_locations or ()) if package else []
    found = sorted(path for place in places for path in (Path(place) / "models").glob(f"*_{name}_*.onnx"))
    if not found:
        raise NoEngine(f"rapidocr's {name} model is not installed")
    return found[-1]


def quick_model_path(name: str) -> Path:
    """Where set-up puts the quicker `det` or `rec` (``transcription.scans.quicker``); the file may not be there."""
    return Path(sys.prefix) / "share" / "frontdoor" / f"{name}-{version('rapidocr')}-{RECIPE}.onnx"


def session(path: Path) -> Any:
    """A model, run by one thread: a process per core does more than threads within a page."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
