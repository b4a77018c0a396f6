#!/usr/bin/python3
"""Tests the load generator against a small server of known behaviour, and the peer with the load generator.
Python's standard library only.

usage: test_load.py PATH-OF-load PATH-OF-peer"""
import json
import math
import re
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

LOAD, PEER = sys.argv[1:]
PASSED, FAILED = [], []


def check(what, ok, detail=""):
    (PASSED if ok else FAILED).append(what)
    if not ok:
        print(f"FAILED {what} {detail}")


class Server(socketserver.ThreadingTCPServer):
    """Answers as `behave(count)` says: (status, delay_s), "hang", "close" or "garbage". Remembers keys and texts."""
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, behave):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behave, self.seen, self.guard = behave, [], threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while self.one():
                pass
        except OSError:  # the client vanished
            pass

    def one(self):
        first = self.rfile.readline()
        if not first:
            return False
        head = {}
        while (line := self.rfile.readline().strip()):
            name, value = line.decode().split(":", 1)
            head[name.lower()] = value.strip()
        body = self.rfile.read(int(head["content-length"]))
        server = self.server
        with server.guard:
            server.seen.append((first.decode().strip(), head, json.loads(body)))
            what = server.behave(len(server.seen))
            n = len(server.seen)
        if what == "hang":
            time.sleep(30)
        if what in ("hang", "close"):
            return False
        if what == "garbage":
            self.wfile.write(b"no http at all\r\n\r\n")
            return False
        status, delay = what
        time.sleep(delay)
        text = json.dumps({"n": n, "secret": "c2VjcmV0"}).encode()
        self.wfile.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(text)) + text)
        return True


def load(server, *more):
    with tempfile.NamedTemporaryFile("r") as out:
        done = subprocess.run([LOAD, "--port", str(server.server_address[1]), "--out", out.name, *more],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        rows = [line.rstrip("\n").split("\t") for line in out]
    server.shutdown()
    return done, rows


def good_answers():
    server = Server(lambda n: (503 if n % 10 == 0 else 201, 0.001 * (n % 7)))
    done, rows = load(server, "--connections", "4", "--requests", "400", "--body-size", "60", "--json")
    got = json.loads(done.stdout)
    keys = [head["idempotency-key"] for _, head, _ in server.seen]
    check("exit code 0", done.returncode == 0, done)
    check("as many requests as asked", got["answered"] == len(server.seen) == len(rows) == 400, got)
    check("status counted", got["status"] == {"201": 360, "503": 40}, got)
    check("keys differ", len(set(keys)) == 400)
    check("keys are UUIDs of version 7",
          all(re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", k) for k in keys))
    ms = [int(k[:8] + k[9:13], 16) for k in keys]
    check("keys carry the time", abs(ms[-1] / 1000 - time.time()) < 60)
    check("request line", {first for first, _, _ in server.seen} == {"POST /api/v1/lines HTTP/1.1"})
    check("text has the size and the key",
          all(len(b["text"]) == 60 and b["text"].startswith(h["idempotency-key"]) for _, h, b in server.seen))
    check("out has the keys, texts, n and secret",
          sorted((r[0], r[2], r[5]) for r in rows)
          == sorted((h["idempotency-key"], str(i + 1), b["text"]) for i, (_, h, b) in enumerate(server.seen))
          and {r[3] for r in rows} == {"c2VjcmV0"})
    times = sorted(int(r[4]) for r in rows)
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)):
        exact = times[math.ceil(share * len(times)) - 1]
        check(f"{name} is right within 0.8 %", exact <= got[name + "_us"] <= exact * 1.008 + 1, (exact, got))
    check("max", got["max_us"] == times[-1])
    # on one connection, for the threads of the server may overtake each other
    single = Server(lambda n: (201, 0))
    load(single, "--connections", "1", "--requests", "50", "--body-size", "60", "--json")
    sent = [head["idempotency-key"] for _, head, _ in single.seen]
    check("keys are sent in their order", len(sent) == 50 and sent == sorted(sent), sent)


def vanishing():
    server = Server(lambda n: (201, 0.002))
    done, rows = load(server, "--connections", "8", "--requests", "400", "--vanish", "250", "--json")
    got = json.loads(done.stdout)
    gone = [r for r in rows if r[1] == "0"]
    check("a quarter vanishes", 60 < got["vanished"] < 140, got)
    check("the others are answered", got["answered"] + got["vanished"] == 400 and got["errors"] == 0, got)
    check("out has those that vanished", len(gone) == got["vanished"] and len(rows) == 400)


def hang():
    server = Server(lambda n: "hang" if n == 20 else (201, 0))
    begin = time.monotonic()
    done, _ = load(server, "--connections", "3", "--seconds", "20", "--hang-seconds", "1")
    check("a hang ends the run with 3", done.returncode == 3 and "hang: connection" in done.stdout, done)
    check("and soon", 1 <= time.monotonic() - begin < 5)


def errors():
    server = Server(lambda n: "close" if n == 5 else "garbage" if n == 9 else (201, 0))
    done, rows = load(server, "--connections", "2", "--requests", "50", "--json")
    got = json.loads(done.stdout)
    check("errors are counted and the run goes on", got["errors"] == 2 and got["answered"] == 48, got)
    check("out has them without an answer", sum(r[1] == "0" for r in rows) == 2)
    server.server_close()
    done, _ = load(server, "--connections", "2", "--seconds", "5")
    check("a server that is gone is exit code 4", done.returncode == 4, done)


def asks():
    """What a file asks, in turn; the key where the body wants it; not faster than told."""
    with tempfile.NamedTemporaryFile("w") as f:
        f.write("/a\t\t\t{\"k\":\"" + "########-####-####-####-############" + "\"}\n/b\tc=1\ttoken\t{\"x\":2}\n")
        f.flush()
        server = Server(lambda n: (201, 0))
        begin = time.monotonic()
        done, _ = load(server, "--connections", "1", "--requests", "40", "--asks", f.name, "--rate", "100", "--json")
        took = time.monotonic() - begin
        check("it ends", done.returncode == 0 and json.loads(done.stdout)["answered"] == 40, done)
        check("asked in turn", [first.split()[1] for first, _, _ in server.seen] == ["/a", "/b"] * 20)
        check("the key stands in the body", all(b["k"] == h["idempotency-key"] for _, h, b in server.seen[::2]))
        check("each has a key of its own", len({h["idempotency-key"] for _, h, _ in server.seen}) == 40)
        check("cookie and token", all((h["cookie"], h["x-csrf-token"], b) == ("c=1", "token", {"x": 2})
                                      for _, h, b in server.seen[1::2]))
        check("none where none is given", all("cookie" not in h and "x-csrf-token" not in h for _, h, _ in server.seen[::2]))
        check("no faster than its rate", took >= 0.39, took)
        f.write("/c\t\t\n")
        f.flush()
        done, _ = load(Server(lambda n: (201, 0)), "--connections", "1", "--requests", "1", "--asks", f.name)
        check("a line that lacks a part is refused", done.returncode == 2 and "line 3" in done.stderr, done)


def peer():
    with tempfile.NamedTemporaryFile("r") as log, tempfile.NamedTemporaryFile("r") as out:
        process = subprocess.Popen([PEER, "--port", "0", "--file", log.name], stdout=subprocess.PIPE, text=True)
        port = process.stdout.readline().rsplit(":", 1)[1].strip()
        done = subprocess.run([LOAD, "--port", port, "--connections", "32", "--requests", "2000", "--vanish", "20",
                               "--out", out.name, "--json"], stdout=subprocess.PIPE, text=True, timeout=60)
        process.terminate()
        check("the peer stops with 0", process.wait(10) == 0)
        got = json.loads(done.stdout)
        rows = [line.rstrip("\n").split("\t") for line in out]
        kept = [json.loads(line)["text"] for line in log]
        answered = [r for r in rows if r[1] == "201"]
        check("the peer answers", got["answered"] == len(answered) > 1900 and got["errors"] == 0, got)
        check("each record once", len(set(kept)) == len(kept))
        check("each answer stands where it says", all(kept[int(r[2]) - 1] == r[5] for r in answered))


for test in (good_answers, vanishing, hang, errors, asks, peer):
    test()
print(f"{len(PASSED)} passed, {len(FAILED)} failed")
sys.exit(1 if FAILED else 0)
