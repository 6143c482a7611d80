"""The sound of a recording is what lies in its file, and nothing that the file points to."""

import subprocess
import sys

ELSEWHERE = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 45678 RTP/AVP 0\n"
TRIED = """
import sys
from transcription.contract import CannotRead
from transcription.sound import waveforms
try:
    waveforms(sys.stdin.buffer.read())
except CannotRead as refused:
    print(refused.reason)
"""


def test_a_file_that_says_its_sound_lies_on_the_network_is_broken_and_nobody_listens_there() -> None:
    tried = subprocess.run([sys.executable, "-c", TRIED], input=ELSEWHERE, capture_output=True, check=True, timeout=20)
    assert tried.stdout.strip() == b"broken"
