"""The characters that may be read: those of European languages, figures, and the signs of letters and forms."""

MARKS = "–—―‘’‚“”„†‡•…‰′″‹›⁄€™№−√✓✔✗✘☐☑☒□■"
FURTHER_LETTERS = "ȘșȚțẀẁẂẃẄẅỲỳ"


def is_allowed(character: str) -> bool:
    """Whether a character may be read at all: Latin letters, figures and the signs used in letters and forms."""
    return len(character) == 1 and (
        " " <= character <= "~" or "\u00a1" <= character <= "\u017f" or character in MARKS + FURTHER_LETTERS
    )


def allowed(described: str) -> tuple[list[int], list[str]]:
    """The numbers of a model's answers that may be read and what they say, the first "nothing here".

    `described` is the model's own list of characters, one to a line.
    """
    characters = ["", *described.splitlines(), " "]
    numbers = [number for number, character in enumerate(characters) if number == 0 or is_allowed(character)]
    return numbers, [characters[number] for number in numbers]
