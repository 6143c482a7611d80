"""What a large message needed is not kept by the process that read it."""

import subprocess
import sys

LOADS = """
import sys
from pathlib import Path
from gateway.commands.memory import give_memory_back

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

if sys.argv[1] == "gives":
    give_memory_back()
before, small = held(), []
for _ in range(20):
    large = [bytes(3_000_000) for _ in range(10)]
    small.append(bytes(100_000))
    del large
print(held() - before)
"""


def test_after_large_ones_little_is_held() -> None:
    done = subprocess.run([sys.executable, "-c", LOADS, "gives"], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8_000_000
