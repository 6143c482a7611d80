"""Pages as scanners see them, drawn at 150 dots per inch: paper, marks of writing, and marks that are none."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from transcription.sheets.pages import Grey

WIDTH, HEIGHT = 1240, 1100
WORDS = "Ellis told his teacher that he does not want to go home on Friday and would not say why."


@cache
def paper(shade: int = 244, grain: float = 2.0, seed: int = 1) -> Grey:
    """Unwritten paper under a lamp that is a little brighter in the middle."""
    drawn = np.random.default_rng(seed).normal(0, grain, (HEIGHT, WIDTH)) + shade
    down, across = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    return np.asarray((drawn - 8 * (down**2 + across**2)).clip(0, 255), np.uint8)


def drawn_on(page: Grey, ink: int, *lines: tuple[int, int, int, int], width: int = 3) -> Grey:
    """With straight strokes."""
    image = Image.fromarray(page)
    draw = ImageDraw.Draw(image)
    for line in lines:
        draw.line(line, fill=ink, width=width)
    return np.asarray(image, np.uint8)


def written_on(page: Grey, ink: int = 40, *, lines: int = 20, size: int = 30, top: int = 200) -> Grey:
    """With lines of print."""
    image = Image.fromarray(page)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for number in range(lines):
        draw.text((120, top + number * (size + 14)), WORDS[: 70 - 3 * (number % 5)], fill=ink, font=font)
    return np.asarray(image, np.uint8)


def signed(page: Grey, ink: int = 60) -> Grey:
    """With a small signature at its foot: one looping stroke, 25 mm long."""
    at = np.linspace(0, 1, 60)
    across = 800 + 150 * at + 12 * np.cos(at * 40)
    down = 900 + 18 * np.sin(at * 34)
    points = np.stack([across, down], axis=1).astype(np.int32).reshape(-1, 1, 2)
    return np.asarray(cv2.polylines(page.copy(), [points], False, ink, 2, cv2.LINE_AA), np.uint8)


def shining_through(page: Grey, front: Grey, part: float = 0.12) -> Grey:
    """As the back of ``front``: its writing seen through the paper, mirrored and without edges."""
    darker = cv2.GaussianBlur(255.0 - np.fliplr(front).astype(np.float32), (0, 0), 2.5)
    moved = np.roll(darker, (6, -9), (0, 1))
    return np.asarray((page - part * moved).clip(0, 255), np.uint8)


def punched(page: Grey) -> Grey:
    """With two holes, dark as the lid of the scanner."""
    held = page.copy()
    for down in (400, 750):
        cv2.circle(held, (70, down), 18, 50, -1, cv2.LINE_AA)
    return np.asarray(held, np.uint8)


def rimmed(page: Grey) -> Grey:
    """Scanned a little askew, with the dark lid beside two of its sides."""
    held = page.copy()
    cv2.fillPoly(held, [np.array([[0, 0], [22, 0], [4, HEIGHT], [0, HEIGHT]])], 30)
    cv2.fillPoly(held, [np.array([[0, HEIGHT], [WIDTH, HEIGHT], [WIDTH, HEIGHT - 20], [0, HEIGHT - 6]])], 45)
    return held


def dusty(page: Grey, specks: int = 60) -> Grey:
    """With specks of dust, each smaller than a full stop."""
    held, random = page.copy(), np.random.default_rng(3)
    for down, across in random.integers(80, [HEIGHT - 80, WIDTH - 80], (specks, 2)):
        held[down : down + 2, across : across + 3] = 90
    return held


def stamped(page: Grey, shade: int = 150) -> Grey:
    """With a date stamp in pale ink."""
    image = Image.fromarray(page)
    draw = ImageDraw.Draw(image)
    draw.rectangle((760, 160, 1000, 250), outline=shade, width=3)
    draw.text((785, 190), "19 NOV 2026", fill=shade, font=ImageFont.load_default(30))
    return np.asarray(image, np.uint8)


def coded(page: Grey, text: str, form: str = "QRCode", *, scale: int = 5, across: int = 500, down: int = 500) -> Grey:
    """With a machine-readable code."""
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(form))
    picture = np.asarray(zxingcpp.write_barcode_to_image(made, scale=scale, add_quiet_zones=True))
    held = page.copy()
    held[down : down + picture.shape[0], across : across + picture.shape[1]] = picture
    return held
