#!/usr/bin/python3
"""Loads the server from outside: many connections at once, clients that vanish, stopping under load, slow and greedy
clients, requests that are wrong, a full disk. Python's standard library only.

usage: stress.py --liren PATH --load PATH [--seconds 5] [--connections 64,256,512] [--limit 1024]
                 [--body-max 32768] [--head-max 32768] [--only NAME] [--init ARGS] [--serve ARGS] [--keep]"""
import argparse
import http.client
import json
import os
import random
import resource
import select
import shlex
import shutil
import socket
import subprocess
import tempfile
import time

import outside

SAMPLE = 200  # lines looked at one by one after a load
DISK_MIB = 24  # of the small disk that is filled
SLOW_P99_MS = 1000  # what others may wait at most while slow clients hold connections
LOST = (OSError, http.client.HTTPException)
TESTS = ["wrong", "slow", "greedy", "many", "vanish", "stop", "full"]


class Stress:
    def __init__(self, program, check, options):
        self.program, self.check, self.o, self.runs = program, check, options, 0
        self.folder = os.path.dirname(program.dir)

    def load_begin(self, connections, *more):
        self.runs += 1
        out = os.path.join(self.folder, f"out-{self.runs}")
        command = [self.o.load, "--port", str(self.program.port), "--connections", str(connections), "--out", out, "--json",
                   "--hang-seconds", str(outside.ANSWER_S)]
        return subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True), out

    def load_end(self, running, codes, what, statuses=(0, 201, 503)):
        """(numbers, rows of key, status, n, secret, text) of a load once it ended."""
        process, out = running
        said = process.communicate(timeout=120 + self.o.seconds)[0]
        self.check(process.returncode in codes, what, "exit code", process.returncode, said)
        rows = []
        for line in open(out):
            key, status, n, secret, _, text = line.rstrip("\n").split("\t")
            rows.append((key, int(status), int(n or 0), secret, text))
        os.unlink(out)
        numbers = json.loads(said) if said.startswith("{") else {}
        self.check(all(s in statuses for _, s, _, _, _ in rows), f"lines are answered {statuses}", numbers.get("status"))
        if numbers:
            print(f"{what}: {numbers['per_s']:.0f}/s, p50 {numbers['p50_us'] / 1000:.1f} ms, p99 {numbers['p99_us'] / 1000:.1f}"
                  f" ms, max {numbers['max_us'] / 1000:.1f} ms, {numbers['status']}, vanished {numbers['vanished']}, "
                  f"errors {numbers['errors']}", flush=True)
        return numbers, rows

    def check_rows(self, rows, before):
        """Each answered line is in the list, once, and opens to its text; who got no answer gets the one there is."""
        client = self.program.client()
        found, _ = client.lines()
        answered = [r for r in rows if r[1] == 201]
        self.check(len({r[2] for r in answered}) == len(answered), "each answered line has its own number")
        self.check(all(r[2] in found for r in answered), "each answered line is in the list",
                   [r for r in answered if r[2] not in found][:3])
        self.check(len(answered) <= len(found) - before <= len(answered) + sum(r[1] == 0 for r in rows),
                   "no line is there that nobody sent", len(found) - before, len(answered))
        for _, _, n, secret, text in random.sample(answered, min(SAMPLE, len(answered))):
            status, body = client.open(n, secret)
            self.check(status == 200 and [v["text"] for v in body["values"].values()] == [text], "an answered line opens",
                       n, status, body)
        silent = [r for r in rows if r[1] == 0 and r[0]]
        for key, _, _, _, text in random.sample(silent, min(SAMPLE, len(silent))):
            first, second = client.write(text, key), client.write(text, key)
            self.check(first[0] == second[0] == 201 and first[1]["n"] == second[1]["n"], "a line without an answer can be sent "
                       "again", key, first, second)
        return client

    def count(self):
        return len(self.program.client().lines()[0])

    def many(self):
        for connections in self.o.connections:
            before = self.count()
            what = f"{connections} connections"
            numbers, rows = self.load_end(self.load_begin(connections, "--seconds", str(self.o.seconds)), (0,), what)
            self.check(numbers and numbers["answered"] >= connections and numbers["errors"] == 0, what + " are answered", numbers)
            self.check_rows(rows, before)

    def vanish(self):
        before = self.count()
        running = self.load_begin(256, "--seconds", str(self.o.seconds), "--vanish", "200")
        numbers, rows = self.load_end(running, (0,), "256 connections, a fifth vanishes")
        self.check(numbers and numbers["vanished"] > 0 and numbers["errors"] == 0, "the others are answered", numbers)
        self.check_rows(rows, before)

    def stop(self):
        before = self.count()
        running = self.load_begin(256, "--seconds", "60")
        time.sleep(min(2, self.o.seconds))
        begin = time.monotonic()
        code = self.program.stop()
        took = time.monotonic() - begin
        self.check(code == 0, f"SIGTERM under load ends with 0 within {outside.ANSWER_S} s", code)
        print(f"SIGTERM under load: stopped after {took:.2f} s", flush=True)
        _, rows = self.load_end(running, (0, 4), "load until SIGTERM")
        self.program.start()
        self.check(any(r[1] == 201 for r in rows), "lines were answered before SIGTERM")
        self.check_rows(rows, before)

    def full(self):
        """On a small disk of its own: 507 while it is full, 201 once there is room, and nothing answered is lost."""
        folder = tempfile.mkdtemp(prefix="liren-full-")
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "liren", folder], stderr=subprocess.PIPE)
        if made.returncode != 0:
            print("SKIP a full disk: mount:", made.stderr.decode().strip(), flush=True)
            os.rmdir(folder)
            return
        outer, self.program = self.program, outside.Program(self.program.command, folder)
        filler = os.path.join(folder, "filler")
        try:
            self.program.init()
            self.program.start()
            with open(filler, "wb") as f:
                f.write(bytes((DISK_MIB - 16) << 20))
            running = self.load_begin(64, "--requests", "60000", "--body-size", "400")
            numbers, rows = self.load_end(running, (0,), "a full disk", (201, 507))
            self.check(numbers and numbers["status"].get("507") and numbers["status"].get("201"), "it is full", numbers)
            os.unlink(filler)
            until, status = time.monotonic() + 5, 0
            while status != 201 and time.monotonic() < until:
                status, _ = self.program.client().write("there is room again", outside.new_key())
            self.check(status == 201, "with room again lines are taken", status)
            self.check_rows([r for r in rows if r[1] == 201] + [("", 0, 0, "", "")], 0)
            self.check(self.program.stop() == 0, "and the server stops with 0")
            done = self.program.run("journal", "verify", "--dir", self.program.dir)
            self.check(done.returncode == 0, "journal verify finds nothing wrong", done.stdout)
        finally:
            self.program.abandon()
            self.program.log.close()
            self.program = outer
            subprocess.run(["umount", folder], check=True)
            os.rmdir(folder)

    def connect(self, data=b""):
        s = socket.create_connection(("127.0.0.1", self.program.port), timeout=outside.ANSWER_S)
        if data:
            s.sendall(data)
        return s

    def slow(self):
        head = b"POST /api/v1/lines HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        half = [self.connect(head) for _ in range(60)]
        silent = [self.connect() for _ in range(40)]
        body = [self.connect(head + b"Idempotency-Key: slow-client-%08d\r\nContent-Length: 100\r\n\r\n{\"te" % i) for i in range(60)]
        drip = [self.connect() for _ in range(40)]
        running = self.load_begin(64, "--seconds", str(max(3, self.o.seconds)))
        for i in range(4):
            for s in drip:
                try:
                    s.send((head + b"X: y\r\n")[i:i + 1])
                except OSError:
                    pass
            time.sleep(0.7)
        numbers, _ = self.load_end(running, (0,), "64 connections beside 200 slow clients")
        self.check(numbers and numbers["errors"] == 0 and numbers["p99_us"] < SLOW_P99_MS * 1000,
                   "slow clients do not stop others", numbers)
        for s in half + silent + body + drip:
            s.close()

    def answered(self, sockets):
        """How many of these connections answer a status request within 2 s."""
        poll, waiting, count, until = select.poll(), {}, 0, time.monotonic() + 2
        for s in sockets:
            try:
                s.sendall(b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n")
            except OSError:
                continue
            waiting[s.fileno()] = s
            poll.register(s, select.POLLIN)
        while waiting and time.monotonic() < until:
            for fd, _ in poll.poll(100):
                poll.unregister(fd)
                try:
                    count += waiting.pop(fd).recv(65536).startswith(b"HTTP/1.1 200")
                except OSError:
                    pass
        return count

    def greedy(self):
        """Those over the limit are closed or wait unanswered in the kernel's queue."""
        good = [self.connect() for _ in range(8)]
        self.check(self.answered(good) == 8, "eight clients are answered")
        greedy, over = [], 50
        for _ in range(self.o.limit + over):
            try:
                greedy.append(self.connect())
            except OSError:
                pass
        served = self.answered(greedy)
        self.check(self.o.limit - 64 <= served <= self.o.limit, "connections up to the limit are served, not more", served)
        self.check(self.answered(good) == 8, "those that were there go on")
        for s in greedy:
            s.close()
        until, back = time.monotonic() + 10, 0
        while not back and time.monotonic() < until:
            try:
                back = self.answered([self.connect()])
            except OSError:
                pass
        self.check(back, "when the greedy client is gone others come in again")

    def wrong(self):
        key, js = "wrong-request-0001", "application/json"
        line, over = b'{"text":"a"}', self.o.body_max + 1
        rows = [
            ("GET", "/nothing", None, {}, 404), ("GET", "/api/v1/lines/1/nothing", None, {}, 404),
            ("PUT", "/api/v1/lines", line, {}, 405), ("DELETE", "/api/v1/status", None, {}, 405),
            ("POST", "/log/checkpoint", line, {}, 405),
            ("POST", "/api/v1/lines", line, {"Content-Type": "text/plain", "Idempotency-Key": key}, 415),
            ("POST", "/api/v1/lines", line, {"Content-Type": js}, 400),
            ("POST", "/api/v1/lines", line, {"Content-Type": js, "Idempotency-Key": "short"}, 400),
            ("POST", "/api/v1/lines", line, {"Content-Type": js, "Idempotency-Key": "k" * 65}, 400),
            ("POST", "/api/v1/lines", line, {"Content-Type": js, "Idempotency-Key": "a bad key, with blanks"}, 400),
            ("POST", "/api/v1/lines", b"{", {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b"", {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b"[]", {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b'{"text":""}', {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b'{"text":1}', {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b'{"text":"a","more":1}', {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b'{"text":"\xff"}', {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b"[" * 2000, {"Content-Type": js, "Idempotency-Key": key}, 400),
            ("POST", "/api/v1/lines", b" " * over, {"Content-Type": js, "Idempotency-Key": key}, 413),
            ("POST", "/api/v1/lines/999999999/erase", b'{"secret":"AAAAAAAAAAAAAAAAAAAAAA=="}',
             {"Content-Type": js, "Idempotency-Key": key}, 404),
            ("POST", "/api/v1/lines/18446744073709551616/open", b'{"secret":"AAAAAAAAAAAAAAAAAAAAAA=="}',
             {"Content-Type": js}, 404),
            ("GET", "/log/tile/entries/x999/999", None, {}, 404), ("GET", "/log/tile/../../etc/passwd", None, {}, 404),
        ]
        before = self.count()
        for method, path, body, head, want in rows:
            self.problem(f"{method} {path} {str(body)[:30]} {head}", want, method, path, body, head)
        self.check(self.count() == before, "no wrong request writes a line")
        self.endless(key, over)
        self.long_head()
        self.check(self.program.client().write("after the wrong ones", outside.new_key())[0] == 201, "a right one is taken")

    def problem(self, what, want, *call):
        http_ = http.client.HTTPConnection("127.0.0.1", self.program.port, timeout=outside.ANSWER_S)
        try:
            http_.request(*call)
            answer = http_.getresponse()
            raw = answer.read()
        except LOST as e:
            self.check(False, f"{what} is answered {want}", repr(e))
            return
        finally:
            http_.close()
        self.check(answer.status == want, f"{what} is answered {want}", answer.status, raw)
        kind = answer.getheader("Content-Type", "")
        body = json.loads(raw) if kind.split(";")[0] == "application/problem+json" else {}
        self.check(body.get("status") == answer.status and str(body.get("type")).startswith("/problems/") and body.get("title"),
                   f"{what} is a problem (RFC 9457)", kind, raw)

    def status_of(self, s):
        try:
            return s.recv(65536)[:12]
        except OSError as e:
            return repr(e)

    def endless(self, key, over):
        """A body over the cap: announced, it is refused before it is sent; in chunks, once it is over."""
        head = f"POST /api/v1/lines HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        s = self.connect((head + "Content-Length: 99999999999\r\n\r\n").encode())
        got = self.status_of(s)
        self.check(got == b"HTTP/1.1 413", "a length over the cap is refused at once", got)
        s = self.connect((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
        try:
            for _ in range(over // 1000 + 2):
                s.sendall(b"3e8\r\n" + b" " * 1000 + b"\r\n")
            s.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # refused before all was sent
        got = self.status_of(s)
        self.check(got == b"HTTP/1.1 413", "chunks over the cap are refused", got)

    def long_head(self):
        for what, line in (("header", f"X: {'y' * self.o.head_max}\r\n"), ("headers", "X: y\r\n" * (self.o.head_max // 4))):
            s = self.connect()
            try:
                s.sendall(f"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n{line}\r\n".encode())
            except OSError:
                pass
            got = self.status_of(s)
            self.check(got in (b"HTTP/1.1 431", b"HTTP/1.1 413"), f"over-long {what} are answered 431", got)
        s = self.connect(b"GET /" + b"a" * self.o.head_max + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        got = self.status_of(s)
        self.check(got in (b"HTTP/1.1 414", b"HTTP/1.1 431"), "an over-long path is answered 414 or 431", got)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--liren", required=True)
    p.add_argument("--load", required=True)
    p.add_argument("--seconds", type=float, default=5)
    p.add_argument("--connections", type=lambda z: [int(n) for n in z.split(",")], default=[64, 256, 512])
    p.add_argument("--limit", type=int, default=1024, help="connections that the server takes")
    p.add_argument("--body-max", type=int, default=32768)
    p.add_argument("--head-max", type=int, default=32768)
    p.add_argument("--only", choices=TESTS, action="append")
    p.add_argument("--init", default="", help="more arguments of init")
    p.add_argument("--serve", default="", help="more arguments of serve")
    p.add_argument("--keep", action="store_true", help="leave the store behind")
    o = p.parse_args()
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    folder, check = tempfile.mkdtemp(prefix="liren-stress-"), outside.Checks()
    program = outside.Program(shlex.split(o.liren), folder, shlex.split(o.init), shlex.split(o.serve))
    program.init()
    program.start()
    stress = Stress(program, check, o)
    for name in o.only or TESTS:
        try:
            getattr(stress, name)()
        except (*LOST, RuntimeError, subprocess.TimeoutExpired) as e:
            check(False, f"{name}: the server answers", repr(e))
        if program.process.poll() is not None:
            check(False, f"{name}: the server still runs", program.process.returncode)
            break
    else:
        check(program.stop() == 0, "the server stops with 0 when idle")
    done = program.run("journal", "verify", "--dir", program.dir, *program.init_args)
    check(done.returncode == 0, "journal verify finds nothing wrong", done.stdout)
    if o.keep or check.shown:
        print("left behind:", folder)
    else:
        shutil.rmtree(folder)
    raise SystemExit(check.end())


main()
