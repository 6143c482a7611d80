"""Measures how easy a text is to read, without leaving this machine."""

import re
from dataclasses import dataclass

SENTENCE_END = re.compile(r"(?<=[.?!:])\s+|\n+")
WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?<![aeiouy])(?:es?|ed)$")
SOUNDED_END = re.compile(r"(?:[td]ed|[cgsxz]es|[^aeiouy]le|[^aeiouy]les|shes|ches)$")
SCHOOL_STARTS_AT = 5


@dataclass(frozen=True, kw_only=True)
class Readability:
    """``age`` in years at which a text is read with ease; ``longest_sentence`` in words."""

    age: float
    longest_sentence: int


def readability(text: str) -> Readability:
    """The Flesch-Kincaid grade (Kincaid and others, 1975) of `text`, plus five years, and its longest sentence.

    Only words of letters count: times, numbers and references are read at a glance.
    """
    sentences = [words for part in SENTENCE_END.split(text) if (words := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Readability(age=SCHOOL_STARTS_AT, longest_sentence=0)
    a_sentence = len(words) / len(sentences)
    a_word = sum(map(syllables, words)) / len(words)
    grade = 0.39 * a_sentence + 11.8 * a_word - 15.59
    return Readability(age=grade + SCHOOL_STARTS_AT, longest_sentence=max(map(len, sentences)))


def syllables(word: str) -> int:
    """How many syllables an English word has, by its vowels: right for nine words in ten."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    if len(bare) <= 3:
        return 1
    stem = bare if SOUNDED_END.search(bare) else SILENT_END.sub("", bare)
    return max(1, len(VOWELS.findall(stem)))
