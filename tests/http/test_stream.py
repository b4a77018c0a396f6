#!/usr/bin/python3
"""Live changes, figures and the log of a serving program; connections that take their time. Raw sockets. Standard
library only. usage: test_stream.py PATH-OF-liren docs/metrics.md"""
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

LIREN, METRICS_DOC = (os.path.abspath(a) for a in sys.argv[1:3])
HOME = tempfile.mkdtemp(prefix="liren-stream-")
PASSED, FAILED, SKIPPED = [], [], []
WAIT = 60  # seconds until something that should end counts as hung
STREAMS, HEADER_SECONDS, BODY_SECONDS = 8, 10, 20  # of one account; src/http/include/http
MARK = "MARKED-7f3a 李四"
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
os.environ.pop("CREDENTIALS_DIRECTORY", None)


def check(what, ok, *detail):
    (PASSED if ok else FAILED).append(what)
    if not ok:
        print("FAILED", what, *detail, flush=True)


def equal(what, got, wanted):
    check(what, got == wanted, f"got {got!r}, wanted {wanted!r}")


class Office:
    def __init__(self, name, command, *options):
        self.dir, self.command, self.options = os.path.join(HOME, name), command, options
        self.cookie = None
        if command == "serve" and not os.path.exists(self.dir):
            subprocess.run([LIREN, "init", "--dir", self.dir], cwd=HOME, check=True, timeout=WAIT,
                           stdout=subprocess.DEVNULL)

    def start(self):
        self.log = open(os.path.join(HOME, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([LIREN, self.command, "--dir", self.dir, "--port", "0", *self.options], cwd=HOME,
                                        text=True, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        self.port = int(re.search(r"listening on http://localhost:(\d+)", line)[1])
        return self

    def said(self):
        with open(self.log.name, encoding="utf-8") as f:
            return f.read()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(timeout=WAIT)
        self.process.stdout.close()
        return code

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)

    def sign_in(self, name, post):
        password = os.path.join(HOME, "password")
        with open(password, "w", encoding="utf-8") as f:
            f.write("a long enough sentence\n")
        for call in (("add", "--name", name, "--post", post), ("password", name, "--password-file", password)):
            p = subprocess.run([LIREN, "user", *call, "--dir", self.dir], cwd=HOME, timeout=WAIT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            equal(f"user {call[0]}", (p.returncode, p.stdout if p.returncode else ""), (0, ""))
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/session", json.dumps(
            {"name": name, "password": "a long enough sentence"}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=WAIT) as r:
            self.cookie = r.headers["Set-Cookie"].split(";")[0]

    def open(self, *fields, path="/api/v1/events", method="GET"):
        s = self.connect()
        if self.cookie:
            fields = (*fields, f"Cookie: {self.cookie}")
        s.sendall((f"{method} {path} HTTP/1.1\r\nHost: x\r\n" + "".join(f + "\r\n" for f in fields) + "\r\n").encode())
        return s

    def ask(self, *fields, path="/healthz", method="GET"):
        """Everything that comes back until the server closes."""
        with self.open("Connection: close", *fields, path=path, method=method) as s:
            return read_to_end(s)


def read_to_end(s):
    got = b""
    while chunk := s.recv(65536):
        got += chunk
    return got


def read_until(s, end, got=b""):
    while end not in got:
        chunk = s.recv(65536)
        if not chunk:
            break
        got += chunk
    return got


def status(answer):
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


# ---- streams ----

def subscribing(office):
    with office.open() as s:
        first = read_until(s, b"\n\n")
        head, _, rest = first.partition(b"\r\n\r\n")
        equal("a stream is let in", status(head), 200)
        fields = {k.lower(): v for k, v in (line.split(": ", 1) for line in head.decode().split("\r\n")[1:])}
        equal("its type", (fields["content-type"], fields["cache-control"]), ("text/event-stream", "no-store"))
        for name in ("x-content-type-options", "referrer-policy", "content-security-policy"):
            check(f"it has {name}", name in fields)
        check("it is told when to come back, and where it is", re.fullmatch(rb"retry: \d+\nid: \d+\n\n", rest), rest)
        s.sendall(b"what a client says is dropped" * 100)
    with office.connect() as s:
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        equal("a connection that was used before", status(read_until(s, b"ok\n")), 200)
        s.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nCookie: {office.cookie}\r\n\r\n".encode())
        check("can become a stream", b"retry: " in read_until(s, b"\n\n"))
    with office.open("Last-Event-ID: 999999999") as s:
        check("of another record: load anew", b"event: reset\n" in read_until(s, b"{}\n\n"))
    with office.open(path="/api/v1/events?since=0") as s:
        check("from the beginning", b"id: 0\n" in read_until(s, b"\n\n"))
    head = office.ask(method="HEAD", path="/api/v1/events")
    check("HEAD ends", status(head) == 200 and head.endswith(b"\r\n\r\n"), head)
    equal("POST is none", status(office.ask("Content-Length: 0", method="POST", path="/api/v1/events")), 405)
    for wrong in ("x", "-1", "1e3", str(2 ** 64), "1%00"):
        equal(f"since={wrong}", status(office.ask(path=f"/api/v1/events?since={wrong}")), 400)
    equal("Last-Event-ID that is none", status(office.ask("Last-Event-ID: a", path="/api/v1/events")), 400)
    equal("it goes before since", status(office.ask("Last-Event-ID: a", path="/api/v1/events?since=1")), 400)


def caps_and_stop(office):
    while figures(office)["liren_streams"] > 0:
        pass  # of those that left
    streams = [office.open() for _ in range(STREAMS)]
    equal("all are let in", sum(b"retry: " in read_until(s, b"\n\n") for s in streams), STREAMS)
    more = office.ask(path="/api/v1/events")
    check("one more is told to wait", status(more) == 503 and b"Retry-After: 1" in more, more)
    equal("commands do not wait for them", status(office.ask()), 200)
    equal("and are counted", figures(office)["liren_streams"], STREAMS)
    streams.pop().close()
    while figures(office)["liren_streams"] == STREAMS:
        pass
    streams.append(office.open())
    equal("who leaves makes room", status(read_until(streams[-1], b"\n\n")), 200)
    begin = time.monotonic()
    equal("a stop with streams open", office.stop(), 0)
    check("takes no time", time.monotonic() - begin < WAIT / 4)
    said = [read_to_end(s) for s in streams]
    equal("each is told to come back", sum(b"event: bye\nretry: " in t for t in said), STREAMS)
    check("not all at once", len({re.search(rb"bye\nretry: (\d+)", t)[1] for t in said}) > 1)
    for s in streams:
        s.close()


def nobody_knows_you(office):
    r = office.ask(path="/api/v1/events")
    equal("who is not known does not look on", (status(r), b"/problems/not-signed-in" in r), (401, True))
    equal("figures are not on the port of the office", status(office.ask(path="/metrics")), 404)


# ---- figures ----

def page(office):
    with urllib.request.urlopen(f"http://127.0.0.1:{office.metrics}/metrics", timeout=WAIT) as r:
        equal("type of the figures", r.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return r.read().decode()


def figures(office):
    return {k: float(v) for k, v in (line.rsplit(" ", 1) for line in page(office).splitlines() if line[0] != "#")}


def all_figures(office):
    text, help_, type_ = page(office), {}, {}
    sample = re.compile(r'([a-z_]+)(\{([a-z]+="[a-zA-Z0-9+.-]*"(,[a-z]+="[a-zA-Z0-9+.-]*")*)\})? (-?[0-9.e+-]+)')
    for line in text.splitlines():
        if line.startswith("# HELP "):
            help_[line.split(" ")[2]] = line
        elif line.startswith("# TYPE "):
            type_[line.split(" ")[2]] = line.split(" ")[3]
        else:
            m = sample.fullmatch(line)
            name = m and re.sub("_(bucket|sum|count)$", "", m[1]) if m and m[1] not in type_ else m and m[1]
            check("a line as the format has it", m and name in type_, line)
            check("counters end with total", m and (type_.get(m[1]) != "counter" or m[1].endswith("_total")), line)
    equal("each has a help and a type", set(help_), set(type_))
    with open(METRICS_DOC, encoding="utf-8") as f:
        documented = dict(re.findall(r"^\| `(liren_[a-z_]+)` \| ([a-z]+) \|", f.read(), re.M))
    equal("docs/metrics.md has them all", documented, type_)
    now = figures(office)
    check("memory", now["liren_process_resident_bytes"] > 1e6)
    equal("the writer is well", now["liren_writer_ok"], 1)
    before = now["liren_commit_seconds_count"]
    post(office, {"text": "x"})
    now = figures(office)
    check("a COMMIT is timed", now["liren_commit_seconds_count"] > before)
    equal("a command is counted", now['liren_commands_total{kind="write-line",result="ok"}'], 1)
    steps = [v for k, v in now.items() if k.startswith("liren_commit_seconds_bucket")]
    check("steps grow", steps == sorted(steps) and steps[-1] == now["liren_commit_seconds_count"])


def post(office, what, path="/api/v1/lines", **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{office.port}{path}", json.dumps(what).encode(), {
        "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4()), **headers})
    with urllib.request.urlopen(request, timeout=WAIT) as r:
        return json.loads(r.read())


# ---- the log ----

def log_tells_requests_and_nobody(office):
    made = post(office, {"text": MARK}, **{"User-Agent": "MARKED-7f3a"})
    secret = made["secret"]
    post(office, {"secret": secret}, f"/api/v1/lines/{made['n']}/open")
    office.ask("Cookie: MARKED-7f3a", "Authorization: Case MARKED-7f3a", path="/api/v1/lines?before=MARKED-7f3a")
    office.ask(path="/MARKED-7f3a/x?q=MARKED-7f3a")
    office.ask(path="/log/tile/MARKED-7f3a")
    office.ask("Content-Length: 0", method="MARKED-7f3a", path="/healthz")
    office.ask("Last-Event-ID: MARKED-7f3a", path="/api/v1/events")
    post(office, {"secret": secret}, f"/api/v1/lines/{made['n']}/erase")
    equal("a request is served", status(office.ask()), 200)
    code, log = office.stop(), office.said()
    equal("an orderly stop", code, 0)
    for word in ("MARKED", "李四", secret, "127.0.0", "/api/v1", "?", "Cookie"):
        check(f"{word} is not in the log", word not in log, log)
    lines = [dict(f.split("=", 1) for f in line.split(" ")) for line in log.splitlines() if "event=request" in line]
    seen = [(d["method"], d["operation"], d["status"]) for d in lines]
    for wanted in (("POST", "writeLine", "201"), ("POST", "openLine", "200"), ("GET", "listLines", "400"),
                   ("GET", "-", "404"), ("GET", "logTile", "404"), ("other", "-", "405"), ("GET", "events", "401"),
                   ("POST", "eraseLine", "201"), ("GET", "health", "200")):
        check(f"the log has {wanted}", wanted in seen, seen)
    check("times and sizes are numbers", all(int(d[k]) >= 0 for d in lines for k in ("us", "bytes_in", "bytes_out")))
    quiet = Office("office", "serve", "--log-level", "warn")
    quiet.start().ask()
    equal("quiet", (quiet.stop(), "event=request" in quiet.said(), "event=started" in quiet.said()), (0, False, False))


def log_that_stalls_stops_nothing(office):
    r, w = os.pipe()
    p = subprocess.Popen([LIREN, "serve", "--dir", office.dir, "--port", "0"], stdout=subprocess.PIPE, stderr=w, text=True)
    os.close(w)
    office.process, office.port = p, int(re.search(r":(\d+)", p.stdout.readline())[1])
    for _ in range(1500):  # of 130 bytes each: more than a pipe takes
        if status(office.ask()) != 200:
            check("a log that nobody reads stops nothing", False)
            break
    equal("it goes on", status(office.ask()), 200)
    equal("and stops", office.stop(), 0)
    os.close(r)


# ---- those who take their time ----

def slow_ones(office):
    """300 that never end their header and 20 that never end their body, while others are served."""
    begin = time.monotonic()
    head, body, took = {}, {}, []
    for _ in range(300):
        s = office.connect()
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        head[s] = None
    for _ in range(20):
        s = office.connect()
        s.sendall(b"POST /api/v1/lines HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  b"Idempotency-Key: 0123456789abcdef\r\nContent-Length: 1000\r\n\r\n{")
        body[s] = None
    left = {**head, **body}
    while left and time.monotonic() - begin < WAIT:
        for s in select.select(list(left), [], [], 0.5)[0]:
            try:
                ended = not s.recv(4096)
            except OSError:
                ended = True
            if ended:
                (head if s in head else body)[s] = time.monotonic() - begin
                del left[s]
        for s in left:
            try:
                s.sendall(b"x")
            except OSError:
                pass
        at = time.monotonic()
        equal("others are served", status(office.ask()), 200)
        took.append(time.monotonic() - at)
    for s in {**head, **body}:
        s.close()
    check("a header has its time", all(t and HEADER_SECONDS - 1 < t < HEADER_SECONDS + 8 for t in head.values()),
          sorted(head.values(), key=lambda t: t or 0)[-3:])
    check("a body has its time", all(t and BODY_SECONDS - 1 < t < BODY_SECONDS + 12 for t in body.values()), body.values())
    check("others do not wait", max(took) < 2, max(took))
    equal("they are counted", figures(office)["liren_http_late_total"], 320)


def main():
    demo = Office("demo", "demo", "--bare", "--log-level", "info", "--metrics",
                  "127.0.0.1:0")
    demo.start()
    demo.metrics = int(re.search(r"metrics=(\d+)", demo.said())[1])
    demo.sign_in("li.na", "duty_officer:DESK")
    subscribing(demo)
    all_figures(demo)
    slow_ones(demo)
    caps_and_stop(demo)
    check("no personal text in the log", "MARKED" not in demo.said())
    office = Office("office", "serve")
    office.start()
    nobody_knows_you(office)
    log_tells_requests_and_nobody(office)
    log_that_stalls_stops_nothing(office)
    for wrong in ("nowhere", "127.0.0.1", "127.0.0.1:99999", ":1"):
        p = subprocess.run([LIREN, "serve", "--dir", office.dir, "--port", "0", "--metrics", wrong], cwd=HOME, timeout=WAIT,
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        check(f"--metrics {wrong}", p.returncode == 2 and wrong in p.stderr, p)
    shutil.rmtree(HOME)
    for why in SKIPPED:
        print("SKIPPED", why)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


main()
