"""What invented mails are made of: words, names, charsets and values, usual and strange."""

import random

SENTENCES = (
    "Please check on the children next door.", "He was left alone on Saturday — again.", "Zoë said: “I don’t know”.",
    "Она боится идти домой.", "子供が泣いている。", "طفل صغير", "", " ", "From the window I saw it.", "> quoted words",
    "-- ", "begin 644 a.txt", ".", "..", "-----BEGIN PGP MESSAGE-----", "On Monday, Jo <jo@example.org> wrote:",
    "\t\tx", "\x00\x01", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "£5 = €6", "a" * 300,
)  # fmt: skip
CHARSETS = (
    "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "koi8-r", "gb2312", "big5", "shift_jis", "iso-2022-jp", "utf-7",
    "utf-16", "utf-16le", "hz-gb-2312", "euc-kr", "x-unknown", "unicode-1-1-utf-7", "idna", "zlib", "", "\"",
    "undefined",
    "windows-874", "cp65001", "iso-8859-8-i", "utf-32", "x-user-defined", "%s", "é",
)  # fmt: skip
ENCODINGS = (
    "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "BASE64 ", "base-64", "", "8-bit", "unknown",
    "\"base64\"", "quoted-printable; x",
)  # fmt: skip
KINDS = (
    "text/plain", "text/html", "text/calendar", "text/enriched", "text/richtext", "application/octet-stream",
    "image/png", "message/rfc822", "message/partial; number=2; total=3; id=x", "message/delivery-status",
    "message/external-body; access-type=anon-ftp; name=x", "application/pkcs7-mime", "application/ms-tnef",
    "application/mac-binhex40", "application/zip", "text", "/", ";;;", "text/plain; format=flowed; delsp=yes",
    "application/ics", "message/disposition-notification", "application/vnd.ms-outlook", "text/x-amp-html",
    "text/rfc822-headers", "message/global", "application/applefile", "text/plain; name*0=a; name*1*=%41; name=b",
    "multipart/mixed", "multipart/alternative; boundary=", "text/html; charset=utf-16",
)  # fmt: skip
MULTIPARTS = (
    "mixed", "alternative", "related", "digest", "report; report-type=delivery-status", "signed", "encrypted",
    "appledouble", "parallel", "x-strange", "",
)  # fmt: skip
BOUNDARIES = ("b", "=_x", "b b", "--", "a'b", "b" * 80, "é", "b;c", "(b)", 'b\\"c', "0", ".", "=")
NAMES = (
    "a.pdf", "photo of door.jpg", "../../etc/passwd", "C:\\x\\y.doc", "=?utf-8?B?wqM1LnBuZw==?=", "", "\x00", "x" * 500,
    "a.eml", "b.zip", "winmail.dat", "c.msg", "d.tar.gz", "smime.p7m", "f.hqx", "invite.ics",
)  # fmt: skip
FIELDS = (
    "From", "To", "Subject", "Date", "Message-ID", "Received", "MIME-Version", "Return-Path", "Sender", "Reply-To",
    "Cc",
    "X-Mailer", "Auto-Submitted", "Delivered-To", "In-Reply-To", "References", "Precedence", "List-Id", "X-Loop",
    "Content-ID", "DKIM-Signature", "Authentication-Results", "X-Auto-Response-Suppress", "X-Failed-Recipients",
    "Content-Disposition", "X-Spam-Flag", "Thread-Topic", "Original-Message-ID", "Disposition", "", "X Y", "É",
)  # fmt: skip
VALUES = (
    "Jo Example <jo@school.example.org>", "jo@example.org", "\"Smith, Jo\" <jo@example.org>", "undisclosed:;", "<>",
    "=?utf-8?q?Zo=C3=AB?= <zoe@example.org>", "=?utf-8?b?////?=", "=?x?q?=zz?=", "=?" * 40, "(" * 60, ")" * 60,
    "\"" * 41, "<" * 50, "a@" * 30, "Mon, 23 Nov 2026 10:15:00 +0000", "<1@example.org> <2@example.org>", "Re: A worry",
    "yes", "no", "auto-replied", "bulk", "All", "é à ü", "\xff\xfe", "x" * 2000, "a, b, c, d; e: f;", "\\" * 50, "",
    "=?utf-8?q?" + "=41" * 100 + "?=", "mx.northshire.example; spf=pass dkim=fail", "@@@", "[" * 30, "KMR-4729-HX",
)  # fmt: skip
HTML = (
    "<p>He was hungry.</p>", "<div><br>", "<table><tr><td>a<td>b</table>", "<script>x</script>", "<!--", "<![CDATA[",
    "<img alt='door' src=cid:x>", "<blockquote>old</blockquote>", "&nbsp;&#x0;&#99999999;&bogus;", "<a href=x>",
    "<style>", "</p></p>", "<p style='display:none'>x", "<svg><title>t</title></svg>", "<template>x</template>",
    "<meta charset=koi8-r>", "<plaintext>", "<textarea>", "<b><i></b></i>", "<o:p></o:p>", "<font size=\"",
)  # fmt: skip


def sentences(drawn: random.Random, most: int = 8) -> str:
    return drawn.choice(("\r\n", "\n", " ")).join(drawn.choices(SENTENCES, k=drawn.randrange(most)))


def in_some_charset(drawn: random.Random, text: str) -> bytes:
    """The words in a charset that may have nothing to do with the one that is claimed."""
    charset = drawn.choice(
        ("utf-8", "utf-8", "cp1252", "koi8-r", "gb18030", "shift_jis", "utf-16", "iso2022_jp", "utf-7")
    )
    return text.encode(charset, "replace")
