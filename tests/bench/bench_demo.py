#!/usr/bin/python3
"""The demo's day as fast as it goes, beside its limit: bench_demo.py LIREN"""
import os
import subprocess
import sys
import tempfile
import time

LIMIT_S = 60

with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR") or ".", prefix="liren-bench-") as folder:
    begun = time.monotonic()
    done = subprocess.run([sys.argv[1], "demo", "--once", "--dir", os.path.join(folder, "demo")], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    took = time.monotonic() - begun
if done.returncode != 0:
    sys.exit(f"bench: the demo ended with {done.returncode}: {done.stdout[-2000:]}")
print(f"{'liren demo --once: a week and a day of a community':<58} {took:>12.1f} {'s':<10} <= {LIMIT_S}", flush=True)
