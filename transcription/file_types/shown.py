"""Says what kind of file some bytes are, by looking at the bytes alone."""

from transcription.file_types.beginnings import COMPOUND, ZIP, begins_as
from transcription.file_types.compound import in_a_compound_file
from transcription.file_types.writing import script_by_name, written_as
from transcription.file_types.zips import in_a_zip

PROGRAMS = frozenset(
    {
        "application/hta",
        "application/java-archive",
        "application/vnd.android.package-archive",
        "application/vnd.ms-htmlhelp",
        "application/wasm",
        "application/x-dosexec",
        "application/x-executable",
        "application/x-iso9660-image",
        "application/x-java-applet",
        "application/x-mach-binary",
        "application/x-ms-shortcut",
        "application/x-msi",
        "application/x-mswinurl",
        "text/javascript",
        "text/vbscript",
        "text/x-ms-regedit",
        "text/x-msdos-batch",
        "text/x-php",
        "text/x-powershell",
        "text/x-python",
        "text/x-shellscript",
    }
)
"""What does something by itself when somebody opens it, or holds what does: nobody should."""


def shown_by(content: bytes) -> str:
    """The media type the bytes show; empty when they show none, as plain words do."""
    begun = begins_as(content)
    if begun == ZIP:
        return in_a_zip(content)
    if begun == COMPOUND:
        return in_a_compound_file(content)
    return begun or written_as(content)


def is_program(media_type: str, name: str = "") -> bool:
    """Whether a file of this kind, or text under such a name, could do something when it is opened."""
    return media_type.lower() in PROGRAMS or bool(media_type.startswith("text/") and script_by_name(name))
