#!/usr/bin/python3
"""Durable lines over HTTP, each figure beside its limit: bench_http.py LIREN LOAD PEER

Serves a new store, writes lines to it with 64 and 512 connections for SECONDS each (10), then does the same with the
peer, a raw log with one fdatasync a group behind the same HTTP, in turn on the same machine. Load generator and server
share the processors. Standard library only.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
LIMITS = {64: (12000, 40.0), 512: (14000, 60.0)}  # requests a second at least, p99 in ms at most


def start(command, folder):
    log = open(os.path.join(folder, os.path.basename(command[0]) + ".log"), "w+")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    found = re.search(r"listening on http://localhost:(\d+)", line)
    if not found:
        sys.exit(f"bench: {command[0]} did not start: {line}")
    return process, int(found[1]), log


def load(program, port, connections):
    done = subprocess.run([program, "--port", str(port), "--connections", str(connections), "--seconds", str(SECONDS),
                           "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: load ended with {done.returncode}: {done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def sync_ms(folder, rounds=300):
    """Median time of one fdatasync after 64 KiB, in the same folder."""
    block = b"\1" * 65536
    times = []
    fd = os.open(os.path.join(folder, "sync"), os.O_CREAT | os.O_RDWR, 0o600)
    for i in range(rounds):
        os.pwrite(fd, block, (i % 100) * len(block))
        begun = time.perf_counter()
        os.fdatasync(fd)
        times.append(time.perf_counter() - begun)
    os.close(fd)
    return sorted(times)[rounds // 2] * 1000


def report(what, got, unit, relation="", limit=""):
    print(f"{what:<58} {got:>12.1f} {unit:<10} {relation} {limit}", flush=True)


def main():
    liren, load_program, peer = sys.argv[1:4]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR") or ".", prefix="liren-bench-") as folder:
        report("fdatasync after 64 KiB, median", sync_ms(folder), "ms")
        store = os.path.join(folder, "store")
        subprocess.run([liren, "init", "--dir", store], check=True, stdout=subprocess.DEVNULL)
        ours, theirs = {}, {}
        process, port, log = start([liren, "serve", "--dir", store, "--port", "0"], folder)
        for connections in LIMITS:
            ours[connections] = load(load_program, port, connections)
        process.terminate()
        process.wait(timeout=60)
        log.seek(0)
        drained = re.search(r"commands=(\d+) groups=(\d+) wal_bytes=(\d+)", log.read())
        begun = time.perf_counter()
        process, port, _ = start([liren, "serve", "--dir", store, "--port", "0"], folder)
        with urllib.request.urlopen(f"http://localhost:{port}/api/v1/lines") as answer:
            answer.read()
        started = (time.perf_counter() - begun) * 1000
        with urllib.request.urlopen(f"http://localhost:{port}/api/v1/status") as answer:
            entries = json.load(answer)["entries"]
        process.terminate()
        process.wait(timeout=60)
        process, port, _ = start([peer, "--port", "0", "--file", os.path.join(folder, "raw.log")], folder)
        for connections in LIMITS:
            theirs[connections] = load(load_program, port, connections)
        process.terminate()
        process.wait(timeout=60)
    for connections, (rate, p99) in LIMITS.items():
        a, b = ours[connections], theirs[connections]
        report(f"durable lines over HTTP, {connections} connections", a["per_s"], "lines/s", ">=", rate)
        report(f"  p99 at {connections} connections", a["p99_us"] / 1000, "ms", "<=", p99)
        report("  a raw log with fsync behind the same HTTP", b["per_s"], "lines/s")
        report("  ratio to it", a["per_s"] / b["per_s"], "")
    commands, groups, wal = (int(x) for x in drained.groups())
    report(f"program start with {entries} entries to its first answer", started, "ms", "<=", 100)
    report("commands in a group, mean", commands / groups, "")
    report("WAL bytes a command", wal / commands, "bytes")


main()
