"""Characters that a database refuses, in any field of a mail, make no mail unreadable."""

import pytest
from sqlmodel import select

from gateway.core import Core
from storage.attachment import Attachment
from tests.gateway.mail_house import comes_in, of

MAIL = b"""From: Jo@ <jo@@example.org>
To: referrals@northshire.example
Sender: z@@example.org
Reply-To: x@@o@.example.org
Subject: A @ worry =?utf-8?q?=00=ED=A0=80?=
Message-ID: <1@@school.example.org>
In-Reply-To: <3@@a.example.org>
References: <2@@a.example.org>
Thread-Index: @
X-Spam-Status: Yes, score=9@
Date: @
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=x@

Somebody should look @ at it
--b
Content-Type: application/x@y; name="a@.bin"
Content-ID: <c@@x>
Content-Disposition: attachment; filename="b@.bin"

\x01\x02\x03\x04\x05\x80\x81
--b
Content-Type: text/html

<p>words @ &#xD800; &#0; <img src="cid:c@@x"></p>
--b--
"""

AT = b"\x1a"


@pytest.mark.parametrize("refused", [b"\x00", b"\xff", b"\xed\xa0\x80"], ids=["nul", "byte", "surrogate"])
async def test_a_mail_that_holds_them_everywhere_is_read(core: Core, refused: bytes) -> None:
    mail = MAIL.replace(b"@@", refused + AT).replace(b"s@n", b"s" + AT + b"n").replace(b"@", refused).replace(AT, b"@")
    message = await comes_in(core, mail.replace(b"\n", b"\r\n"))
    assert message.unreadable == ""
    assert "Somebody should look" in message.text
    with core.database.reading() as session:
        parts = list(session.exec(select(Attachment).where(Attachment.message_id == message.id)))
    assert any(part.name.endswith(".bin") and part.size == 7 for part in parts)
    assert of(core, message).reference == message.reference
