"""Files that are known by bytes at a fixed place: pictures, sound, films, documents, archives and programs."""

PDF = "application/pdf"
RICH_TEXT = "application/rtf"
ZIP = "application/zip"
COMPOUND = "application/x-ole-storage"
DOS_PROGRAM = "application/x-dosexec"

PDF_SEARCHED = 1024
"""A PDF may begin this many bytes into its file (ISO 32000-1, Annex H, note 13)."""

STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"8BPS\x00", "image/vnd.adobe.photoshop"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"{\\rtf", RICH_TEXT),
    (b"\xffWPC", "application/vnd.wordperfect"),
    (b"%!PS", "application/postscript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", COMPOUND),
    (b'x\x9f>"', "application/ms-tnef"),
    (b"!BDN", "application/vnd.ms-outlook-pst"),
    (b"\xe4R\\{\x8c\xd8\xa7M\xae\xb1Sx\xd0)\x96\xd3", "application/onenote"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe", "application/x-java-applet"),
    (b"\x00asm\x01\x00\x00\x00", "application/wasm"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"ITSF\x03\x00", "application/vnd.ms-htmlhelp"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR-WB\n", "audio/amr-wb"),
    (b"#!AMR", "audio/amr"),
    (b"MThd\x00\x00\x00\x06", "audio/midi"),
    (b".snd\x00", "audio/basic"),
    (b"caff\x00", "audio/x-caf"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
)

ASF = b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel"
ASF_VIDEO = b"\xc0\xef\x19\xbcM[\xcf\x11\xa8\xfd\x00\x80_\\D+"

PLACED = (
    (257, b"ustar", "application/x-tar"),
    (40, b" EMF", "image/emf"),
    (128, b"DICM", "application/dicom"),
    (32769, b"CD001", "application/x-iso9660-image"),
)

IN_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wave", b"AVI ": "video/x-msvideo", b"RMID": "audio/midi"}
IN_FORM = {b"AIFF": "audio/aiff", b"AIFC": "audio/aiff"}

BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis"), "image/heic"),
    **dict.fromkeys((b"mif1", b"msf1", b"heif"), "image/heif"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), "audio/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3gr6", b"3gs7", b"3ge6"), "video/3gpp"),
    **dict.fromkeys((b"3g2a", b"3g2b", b"3g2c"), "video/3gpp2"),
    b"qt  ": "video/quicktime",
}
"""The main brand of an ISO media file (ISO/IEC 14496-12); any other brand is a film in MP4."""


NO_LAYER, FIRST_LAYER = 0x00, 0x06
"""The first layer of MPEG audio is on no phone, but its mark is that of text in UTF-16."""


def begins_as(content: bytes) -> str:
    """The media type that bytes at a fixed place show; empty when they show none."""
    for start, media_type in STARTS:
        if content.startswith(start):
            return media_type
    for place, sign, media_type in PLACED:
        if content[place : place + len(sign)] == sign:
            return media_type
    return _in_a_container(content) or _bitmap_or_program(content) or _frames(content) or _pdf_further_in(content)


def _in_a_container(content: bytes) -> str:
    if content[:4] == b"RIFF":
        return IN_RIFF.get(content[8:12], "")
    if content[:4] == b"FORM":
        return IN_FORM.get(content[8:12], "")
    if content[4:8] == b"ftyp":
        return BRANDS.get(content[8:12], "video/mp4")
    if content[4:8] in {b"moov", b"mdat"} and content[:1] == b"\x00":
        return "video/quicktime"
    if content[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in content[:64] else "video/x-matroska"
    if content.startswith(ASF):
        return "video/x-ms-wmv" if ASF_VIDEO in content[:4096] else "audio/x-ms-wma"
    return ""


def _bitmap_or_program(content: bytes) -> str:
    """Two letters alone show too little: a bitmap tells its length, a program is no text."""
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    return DOS_PROGRAM if content[:2] == b"MZ" and b"\x00" in content[:64] else ""


def _frames(content: bytes) -> str:
    """Sound without any header: frames of MPEG audio and AAC begin with eleven or twelve set bits (ISO/IEC 11172-3)."""
    if len(content) < 4 or content[0] != 0xFF:
        return ""
    if content[1] & 0xF6 == 0xF0:
        return "audio/aac"
    layer, is_known = content[1] & 0x06, content[1] & 0x18 != 0x08
    if content[1] & 0xE0 != 0xE0 or not is_known or layer in {NO_LAYER, FIRST_LAYER}:
        return ""
    return "audio/mpeg" if content[2] & 0xF0 not in {0x00, 0xF0} and content[2] & 0x0C != 0x0C else ""


def _pdf_further_in(content: bytes) -> str:
    return PDF if b"%PDF-" in content[:PDF_SEARCHED] else ""
