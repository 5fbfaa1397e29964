#!/usr/bin/env python3
"""Hostile files by the thousand: exit codes, time and memory of `qingmu inspect` on each.

    cargo run -p qingmu-corpus --example corpus -- FOLDER hostile
    cargo run -p qingmu-corpus --example corpus -- FOLDER damaged 10000
    python benches/hostile.py QINGMU FOLDER [PARALLEL]

Memory is the larger one of the command and of its reading process (wait4 tells the largest of a process and of the
children it waited for). Ends with 1 if any file ends otherwise than with 0, 3 or 65.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def inspect(program: str, path: str) -> tuple[str, int, float, int]:
    start = time.monotonic()
    process = subprocess.Popen(
        [program, "inspect", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return path, process.returncode, time.monotonic() - start, usage.ru_maxrss


def main() -> int:
    program, folder = sys.argv[1], sys.argv[2]
    parallel = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    with ThreadPoolExecutor(parallel) as pool:
        ended = list(pool.map(lambda path: inspect(program, path), paths))
    codes: dict[int, int] = {}
    for _, code, _, _ in ended:
        codes[code] = codes.get(code, 0) + 1
    longest = max(ended, key=lambda e: e[2])
    largest = max(ended, key=lambda e: e[3])
    times = sorted(e[2] for e in ended)
    print(f"{len(ended)} files, exit codes {dict(sorted(codes.items()))}")
    print(f"time: median {times[len(times) // 2] * 1000:.0f} ms, longest {longest[2]:.2f} s ({os.path.basename(longest[0])})")
    print(f"memory: largest {largest[3] / 1024:.0f} MiB ({os.path.basename(largest[0])})")
    bad = [(path, code) for path, code, _, _ in ended if code not in (0, 3, 65)]
    for path, code in bad[:20]:
        print(f"{code} {path}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
