"""Makes the files that Outlook and older mail programs make: winmail.dat, ``.msg``, signed wrappings and BinHex."""

import binascii
import struct
from collections.abc import Mapping, Sequence

import compressed_rtf  # type: ignore[import-untyped]

from tests.channels.email.compound_file import Folder, a_compound_file

Files = Sequence[tuple[str, bytes]]
UNICODE, STRING8, BINARY, OBJECT, LONG = 0x001F, 0x001E, 0x0102, 0x000D, 0x0003
_MAIL_IN_A_MAIL = bytes.fromhex("0703020000000000c000000000000046")


def a_tnef(
    *, words: str = "", rich: bytes = b"", page: bytes = b"", files: Files = (), subject: str = "",
    mails: Mapping[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """What Exchange calls winmail.dat. ``mails`` are inner TNEF files by name."""
    properties = [(0x0037, UNICODE, _wide(subject)), (0x1000, UNICODE, _wide(words))]
    if rich:
        properties.append((0x1009, BINARY, compressed_rtf.compress(rich)))
    if page:
        properties.append((0x1013, BINARY, page))
    attributes = [(1, 0x9007, struct.pack("<I", 1252)), (1, 0x9003, _properties(properties))]
    for name, content in files:
        long_name = _properties([(0x3707, UNICODE, _wide(name))])
        attributes += [(2, 0x9002, bytes(14)), (2, 0x800F, content), (2, 0x9005, long_name)]
    for name, content in (mails or {}).items():
        inner = [(0x3001, UNICODE, _wide(name)), (0x3701, OBJECT, _MAIL_IN_A_MAIL + content)]
        attributes += [(2, 0x9002, bytes(14)), (2, 0x9005, _properties(inner))]
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(_attribute(*each) for each in attributes)


def _attribute(level: int, name: int, content: bytes) -> bytes:
    head = struct.pack("<BHHI", level, name, 6, len(content))
    return head + content + struct.pack("<H", sum(content) & 0xFFFF)


def _properties(properties: Sequence[tuple[int, int, bytes]]) -> bytes:
    table = struct.pack("<I", len(properties))
    for tag, kind, content in properties:
        table += struct.pack("<HHII", kind, tag, 1, len(content)) + content + bytes(-len(content) % 4)
    return table


def _wide(words: str) -> bytes:
    return words.encode("utf-16-le", "surrogatepass") + b"\x00\x00"


def an_outlook_mail(
    *, subject: str = "", words: str = "", page: bytes = b"", sender: str = "", header: str = "", files: Files = (),
    mails: Sequence[Folder] = (),
) -> bytes:  # fmt: skip
    """A mail as Outlook saves it; ``mails`` are what ``a_mail_folder`` gives."""
    folder = a_mail_folder(
        subject=subject, words=words, page=page, sender=sender, header=header, files=files, mails=mails, head=32
    )
    return a_compound_file(folder)


def a_mail_folder(
    *, subject: str = "", words: str = "", page: bytes = b"", sender: str = "", header: str = "", files: Files = (),
    mails: Sequence[Folder] = (), head: int = 24,
) -> Folder:  # fmt: skip
    texts = {0x0037: subject, 0x1000: words, 0x0C1A: sender.partition("@")[0], 0x5D01: sender, 0x007D: header}
    folder = _kept([(tag, UNICODE, _wide(text)[:-2]) for tag, text in texts.items() if text], head)
    if page:
        folder |= {"__substg1.0_10130102": page}
    for number, (name, content) in enumerate(files):
        named = [(0x3707, UNICODE, _wide(name)[:-2]), (0x3701, BINARY, content)]
        folder[f"__attach_version1.0_#{number:08X}"] = _kept(named, 8)
    for number, mail in enumerate(mails, start=len(files)):
        folder[f"__attach_version1.0_#{number:08X}"] = _kept([], 8) | {"__substg1.0_3701000D": mail}
    return folder


def _kept(values: Sequence[tuple[int, int, bytes]], head: int) -> Folder:
    """A table of what there is, and a stream for each value."""
    table = bytes(head) + struct.pack("<HHIII", LONG, 0x3FFD, 6, 1252, 0)
    for tag, kind, content in values:
        table += struct.pack("<HHIII", kind, tag, 6, len(content) + 2 * (kind == UNICODE), 0)
    streams: Folder = {f"__substg1.0_{tag:04X}{kind:04X}": content for tag, kind, content in values}
    return {"__properties_version1.0": table} | streams


def a_signed_wrapping(content: bytes, *, open_ended: bool = False, kind: int = 2) -> bytes:
    """PKCS #7 around a mail, with no certificates: in DER, or as streaming makers write it, with open ends."""

    def item(tag: int, inner: bytes) -> bytes:
        if open_ended and tag & 0x20:
            return bytes([tag, 0x80]) + inner + b"\x00\x00"
        if len(inner) < 0x80:
            return bytes([tag, len(inner)]) + inner
        return bytes([tag, 0x84]) + len(inner).to_bytes(4, "big") + inner

    def pkcs7(last: int) -> bytes:
        return item(0x06, bytes.fromhex("2a864886f70d0107") + bytes([last]))

    half = len(content) // 2
    octets = item(0x24, item(0x04, content[:half]) + item(0x04, content[half:])) if open_ended else item(0x04, content)
    signed = item(0x02, b"\x01") + item(0x31, b"") + item(0x30, pkcs7(1) + item(0xA0, octets)) + item(0x31, b"")
    return item(0x30, pkcs7(kind) + item(0xA0, item(0x30, signed)))


def a_binhex(name: str, content: bytes, resource: bytes = b"") -> bytes:
    """A file as old Macs mailed it (RFC 1741)."""
    called = name.encode("mac_roman")
    head = bytes([len(called)]) + called + b"\x00TEXTttxt" + bytes(2)
    head += len(content).to_bytes(4, "big") + len(resource).to_bytes(4, "big")
    plain = head + bytes(2) + content + bytes(2) + resource + bytes(2)
    repeated = plain.replace(b"\x90", b"\x90\x00")
    signs = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    usual = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    coded = binascii.b2a_base64(repeated, newline=False).rstrip(b"=").translate(bytes.maketrans(usual, signs))
    lines = b"\r\n".join(coded[at : at + 64] for at in range(0, len(coded), 64))
    return b"(This file must be converted with BinHex 4.0)\r\n\r\n:" + lines + b":\r\n"
