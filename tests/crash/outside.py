"""What the tests outside the process share: starting and stopping the program, HTTP with raw connections, the tree
recomputed from the public log by RFC 6962, and counted checks. Python's standard library only."""
import atexit
import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import select
import signal
import subprocess
import tempfile
import threading
import time

START_S = 30  # until the server listens
ANSWER_S = int(os.environ.get("LIREN_ANSWER_S", "10"))  # until it answers, or stops
COMMUNITY = "440305002005"


class Checks:
    """Counts what is checked: a sentence is one test, however often it was looked at. Prints those that fail, each a
    few times."""

    def __init__(self):
        self.held, self.shown, self.looks, self.guard = set(), {}, 0, threading.Lock()

    def __call__(self, ok, what, *detail):
        with self.guard:
            self.looks += 1
            if ok:
                self.held.add(what)
                return True
            self.shown[what] = self.shown.get(what, 0) + 1
            if self.shown[what] <= 5:
                print("FAILED", what, *(str(d)[:600] for d in detail), flush=True)
            return False

    def end(self):
        passed = len(self.held - set(self.shown))
        print(f"{self.looks} looks at {len(self.held | set(self.shown))} sentences", flush=True)
        print(f"{passed} passed, {len(self.shown)} failed", flush=True)
        return 1 if self.shown or not passed else 0


def on_a_terminal(*command, timeout=120):
    """What a command writes to a terminal beside its answer: its exit code, its answer, and that."""
    ours, its = os.openpty()
    with tempfile.TemporaryFile() as answer, subprocess.Popen(command, stdout=answer, stderr=its) as process:
        os.close(its)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:
            pass  # the other end was closed: the command has ended
        code = process.wait(timeout=timeout)
        answer.seek(0)
        text = answer.read().decode()
    os.close(ours)
    return code, text, said.decode()


def bars_are_well(check, what, said):
    """Long work shows how far it is, goes to one end and leaves nothing behind: the bars, each with done and total."""
    shown = [(bar, int(done), int(total)) for bar, done, total in re.findall(r"\r\[(#* *)\] (\d+)/(\d+)", said)]
    check(shown and shown[0][1] < shown[0][2], f"{what} shows how far it is", said)
    check(all(a[1] <= b[1] and a[2] == b[2] for a, b in zip(shown, shown[1:])), f"{what} goes forward to one end", shown)
    check(all(len(bar) == 40 and bar.count("#") == done * 40 // total for bar, done, total in shown), f"{what}: the bar is as full as the figures say",
          shown)
    check(re.search(r"\r +\r$", said), f"{what} wipes it when it is done", said[-100:])
    return shown


class Program:
    """One store and the program that serves it."""

    def __init__(self, command, folder, init_args=(), serve_args=()):
        self.command, self.dir = command, os.path.join(folder, "store")
        self.init_args, self.serve_args, self.verb = list(init_args), list(serve_args), "serve"
        self.log = open(os.path.join(folder, "server.log"), "ab")
        self.process = self.port = None
        atexit.register(self.abandon)

    def run(self, *args, timeout=120, text_in=None):
        return subprocess.run([*self.command, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=timeout, input=text_in)

    def init(self):
        done = self.run("init", "--dir", self.dir, "--community", COMMUNITY, *self.init_args)
        if done.returncode != 0:
            raise SystemExit(f"init failed: {done.stdout}")

    def start(self):
        """Start serving and wait until it says that it listens. Returns seconds until then."""
        begin = time.monotonic()
        self.process = subprocess.Popen(
            [*self.command, self.verb, "--dir", self.dir, "--port", "0", *self.serve_args],
            stdout=subprocess.PIPE, stderr=self.log)
        text = b""
        while not (found := re.search(rb"listening on http://localhost:(\d+)\s", text)):
            left = START_S - (time.monotonic() - begin)
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            more = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not more:
                self.kill()
                raise SystemExit(f"the server does not start: {text!r}, see {self.log.name}")
            text += more
        self.port = int(found[1])
        return time.monotonic() - begin

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def abandon(self):
        """When the test ends early, nothing is left running."""
        if self.process and self.process.poll() is None:
            self.kill()

    def stop(self, timeout=ANSWER_S):
        """SIGTERM; the exit code, or None where it does not end in time (it is killed then)."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait(self, timeout=ANSWER_S):
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        self.process.stdout.close()
        return code

    def client(self):
        return Client(self.port)


class Client:
    """One keep-alive connection. cookie: the last one that it was told, without its attributes; head: of the last
    answer."""

    def __init__(self, port):
        self.cookie, self.head = None, {}
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)

    def call(self, method, path, body=None, key=None, headers=None):
        """(status, parsed JSON or bytes). OSError or HTTPException where no answer came."""
        head = dict(headers or {})
        if body is not None:
            head.setdefault("Content-Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        if key:
            head["Idempotency-Key"] = key
        try:
            self.http.request(method, path, body, head)
            answer = self.http.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException):
            self.http.close()
            raise
        self.head, media = answer.headers, answer.getheader("Content-Type", "")
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, json.loads(raw) if "json" in media else raw

    def write(self, text, key):
        return self.call("POST", "/api/v1/lines", {"text": text}, key)

    def erase(self, n, secret, key):
        return self.call("POST", f"/api/v1/lines/{n}/erase", {"secret": secret}, key)

    def open(self, n, secret):
        return self.call("POST", f"/api/v1/lines/{n}/open", {"secret": secret})

    def lines(self):
        """All lines as n -> erased, and whether they came newest first without repeats."""
        found, in_order, before = {}, True, None
        while True:
            status, page = self.call("GET", "/api/v1/lines?limit=100" + (f"&before={before}" if before else ""))
            if status != 200:
                raise RuntimeError(f"list of lines: {status} {page}")
            for line in page["lines"]:
                in_order &= before is None or line["n"] < before
                found[line["n"]] = line["erased"]
                before = line["n"]
            if "next" not in page:
                return found, in_order
            before = page["next"]

    def checkpoint(self):
        """(origin, size, root) of the newest checkpoint; its signature is another test's matter."""
        status, note = self.call("GET", "/log/checkpoint")
        if status != 200:
            return None
        origin, size, root = note.decode().split("\n")[:3]
        return origin, int(size), base64.b64decode(root)

    def commitments(self, size):
        """The commitments of the first `size` entries, from the entry bundles."""
        found = []
        for index in range((size + 255) // 256):
            width = min(256, size - 256 * index)
            path = tile_number(index) + ("" if width == 256 else f".p/{width}")
            status, raw = self.call("GET", f"/log/tile/entries/{path}")
            if status != 200 or len(raw) != 34 * width or any(raw[i:i + 2] != b"\0\x20"
                                                               for i in range(0, len(raw), 34)):
                raise RuntimeError(f"bundle {path}: {status}, {len(raw)} bytes")
            found += [raw[i + 2:i + 34] for i in range(0, len(raw), 34)]
        return found


def tile_number(index):
    """C2SP tlog-tiles: groups of three digits, all but the last with an x before them."""
    text = f"{index % 1000:03d}"
    while (index := index // 1000):
        text = f"x{index % 1000:03d}/" + text
    return text


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(entry, salt):
    return sha256(b"liren-entry-1", base64.b64decode(salt), entry.encode())


def roots_at(commitments, sizes):
    """Roots (RFC 6962 section 2.1) of the trees of the first `size` leaves, for each of sizes: size -> root."""
    want, peaks, roots = set(sizes), [], {}
    if 0 in want:
        roots[0] = sha256()
    for i, c in enumerate(commitments):
        node, size = sha256(b"\0", c), i + 1
        while size % 2 == 0:
            node, size = sha256(b"\1", peaks.pop(), node), size // 2
        peaks.append(node)
        if i + 1 in want:
            root = peaks[-1]
            for peak in reversed(peaks[:-1]):
                root = sha256(b"\1", peak, root)
            roots[i + 1] = root
    return roots


def new_key():
    """A UUID of version 7."""
    bits = (int(time.time() * 1000) << 80) | (7 << 76) | (2 << 62) | (secrets.randbits(74) & ~(15 << 76) & ~(3 << 62))
    h = f"{bits:032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
