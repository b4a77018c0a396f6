#!/usr/bin/python3
"""Whatever comes over a socket is answered in kind: lengths that lie, pieces of wrong sizes, paths of 8 bits, heads that are
too large, garbage behind a request, other protocols; then requests changed at random. Nothing is written that was not
answered with 201, nothing ends the program, nothing that was sent stands in its log, and whoever asks rightly meanwhile waits
no longer than without. Standard library only. usage: test_hostile.py PATH-OF-liren [SEED]"""
import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

LIREN = os.path.abspath(sys.argv[1])
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20261128
HOME = tempfile.mkdtemp(prefix="liren-hostile-")
PASSED, FAILED = [], []
WAIT = 30      # seconds until something that should end counts as hung
SLOWER = 20    # how many times longer one may wait beside hostile clients than without
CONNECTIONS = 1024  # HTTP_CONNECTIONS_MAX
MARK = b"MARK-4711"
PATIENCE = 0.5  # seconds until a server that says nothing is told that nothing more comes
PACE = 0.1      # seconds between two bytes of a slow client
PASSWORD = "a password of the desk"
QUIET = b"\0quiet\0"
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
os.environ.pop("CREDENTIALS_DIRECTORY", None)


def check(what, ok, *detail):
    (PASSED if ok else FAILED).append(what)
    if not ok:
        print("FAILED", what, *detail, flush=True)


class Office:
    def __init__(self):
        self.dir = os.path.join(HOME, "office")
        subprocess.run([LIREN, "init", "--dir", self.dir], cwd=HOME, check=True, timeout=WAIT, stdout=subprocess.DEVNULL)
        self.cookie = None
        self.log = open(os.path.join(HOME, "log"), "wb")
        self.process = subprocess.Popen([LIREN, "serve", "--dir", self.dir, "--port", "0"], cwd=HOME, text=True,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = int(re.search(r"localhost:(\d+)", self.process.stdout.readline())[1])

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)

    def raw(self, request, stays=False):
        """What comes back on a connection of its own until the server ends it; None: it did not within WAIT. The client
        ends its side with the last byte of its request, or, where it stays, when the server has begun to answer or waits
        for more."""
        answer, told = b"", not stays
        with self.connect() as s:
            try:
                s.sendall(request)
                if told:
                    s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has answered before it had read all
            try:
                s.settimeout(PATIENCE if stays else WAIT)
                while chunk := self.more(s, told):
                    answer, told = answer + (b"" if chunk is QUIET else chunk), True
            except TimeoutError:
                return None
            except OSError:
                pass  # nor need it read all
        return answer

    @staticmethod
    def more(s, told):
        """The next bytes; QUIET, once, where it waits for more of us."""
        try:
            chunk = s.recv(65536)
        except TimeoutError:
            if told:
                raise
            chunk = QUIET
        if chunk and not told:
            s.settimeout(WAIT)
            s.shutdown(socket.SHUT_WR)
        return chunk

    def entries(self):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        c.request("GET", "/api/v1/status")
        n = json.loads(c.getresponse().read())["entries"]
        c.close()
        return n

    def sign_in(self):
        """An account of the desk; its cookie as it is sent."""
        for args in (["add", "--name", "desk", "--post", "intake:DESK"], ["password", "desk"]):
            subprocess.run([LIREN, "user", *args, "--dir", self.dir], check=True, timeout=WAIT, input=PASSWORD + "\n", text=True,
                           stdout=subprocess.DEVNULL)
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        c.request("POST", "/api/v1/session", json.dumps({"name": "desk", "password": PASSWORD}),
                  {"Content-Type": "application/json"})
        answer = c.getresponse()
        self.cookie = answer.getheader("Set-Cookie").split(";")[0].encode()
        c.close()

    def stop(self):
        self.process.terminate()
        code = self.process.wait(WAIT)
        self.process.stdout.close()
        self.log.close()
        return code


def statuses(answer):
    return [int(s) for s in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d+)", answer or b"")]


def get(path=b"/healthz", *fields, version=b"HTTP/1.1", method=b"GET", host=b"Host: x\r\n"):
    return method + b" " + path + b" " + version + b"\r\n" + host + b"".join(f + b"\r\n" for f in fields) + b"\r\n"


def post(*fields, body=b'{"text":"' + MARK + b'"}', path=b"/api/v1/lines"):
    key = b"Idempotency-Key: " + str(uuid.uuid4()).encode()
    return get(path, b"Content-Type: application/json", key, *fields, method=b"POST") + body


def length(n):
    return b"Content-Length: " + n


CHUNKED = b"Transfer-Encoding: chunked"
CLOSE = b"Connection: close"
NO, OK, WRITTEN = {400}, {200}, {201}


def table():
    """(what, request, the statuses that its first answer may have; 0: the connection is closed without)"""
    body = b'{"text":"' + MARK + b'"}'
    n = str(len(body)).encode()
    yield "as it should be", post(length(n)), WRITTEN
    # ---- lengths ----
    for lie in (b"-1", b"+" + n, b"0x13", n + b"abc", n + b", " + n, b"99999999999999999999999", b"", b"1e1"):
        yield f"Content-Length: {lie.decode()}", post(length(lie)), {400, 413}
    yield "a length over what comes", post(length(b"500")), NO
    yield "a length under what comes", post(length(b"3")), NO
    yield "two lengths alike", post(length(n), length(n)), NO
    yield "a length and pieces", post(length(n), CHUNKED, body=b"0\r\n\r\n"), NO
    # ---- pieces ----
    for what, pieces in (("no number", b"zz\r\n" + body), ("a number of 80 bits", b"F" * 20 + b"\r\n" + body),
                         ("a negative number", b"-5\r\n" + body), ("more than it says", b"2\r\n" + body + b"\r\n0\r\n\r\n"),
                         ("less than it says", b"fff\r\n" + body), ("no end", b"13\r\n" + body), ("nothing", b""),
                         ("a line that never ends", b"1" * 30000)):
        yield f"a piece with {what}", post(CHUNKED, body=pieces), {400, 413}
    size = f"{len(body):x}".encode()
    yield "pieces with words beside", post(CHUNKED, body=size + b";a=b\r\n" + body + b"\r\n0\r\nX: y\r\n\r\n"), WRITTEN
    for coding in (b"gzip, chunked", b"xchunked", b"chunked, identity", b"\x0bchunked"):
        yield f"Transfer-Encoding: {coding!r}", post(b"Transfer-Encoding: " + coding, body=size + b"\r\n" + body + b"\r\n0\r\n\r\n"), \
            {201, 400, 501}
    yield "a great many pieces", post(CHUNKED, body=b"1\r\n \r\n" * 40000 + b"0\r\n\r\n"), {400, 413}
    # ---- paths ----
    for path in (b"/api/v1/\xff\xfe", b"/\x80" * 100, b"/api/v1/cases/%ff%00", b"/%2e%2e/%2e%2e/etc/passwd", b"//", b"/..",
                 "/三坊巷".encode(), b"/api/v1/cases/1%2fhistory", b"/" + MARK):
        yield f"path {path[:24]!r}", get(path), {400, 404}
    yield "a path of 15,000 bytes", get(b"/" + b"a" * 15000), {404, 414, 431}
    yield "a path of 40,000 bytes", get(b"/" + b"a" * 40000), {414}
    yield "a NUL in the path", get(b"/heal\0thz"), {200, 400, 404}
    yield "a query of 8 bits", get(b"/api/v1/lines?limit=\xff"), NO
    yield "a blank in the path", get(b"/heal thz"), NO
    for n in (17, 250, 3000):
        yield f"{n} parameters", get(b"/api/v1/lines?" + b"&".join([b"limit=1"] * n if n < 1000 else [b"a=1"] * n)), NO
    yield "a whole address", get(b"http://x/healthz"), {200, 400, 404}
    # ---- fields ----
    yield "a cookie of 12,000 bytes", get(b"/api/v1/session", b"Cookie: liren_session=" + b"c" * 12000), OK | {431}
    yield "a cookie of 60,000 bytes", get(b"/api/v1/session", b"Cookie: liren_session=" + b"c" * 60000), {431}
    yield "1,000 cookies", get(b"/api/v1/session", b"Cookie: " + b"; ".join(b"a%d=b" % i for i in range(1000))), OK
    yield "broken cookies", get(b"/api/v1/session", b'Cookie: ;;=;liren_session="\xff;= =,liren_session'), OK | {400}
    yield "200 fields", get(b"/healthz", *(b"A%d: b" % i for i in range(200))), OK | {431}
    yield "5,000 fields", get(b"/healthz", *(b"A%d: b" % i for i in range(5000))), {431}
    yield "a field without colon", get(b"/healthz", b"nothing here"), NO
    yield "a blank before the colon", get(b"/healthz", b"Content-Length : 5"), {200, 400}
    yield "a field that goes on", get(b"/healthz", b"A: b\r\n c"), {200, 400}
    yield "8 bits in every field", get(b"/api/v1/cases/1", *(f + b": \xff\x80\xfe" for f in (
        b"Authorization", b"If-None-Match", b"Last-Event-ID", b"Accept-Language", b"Accept-Encoding", b"X-CSRF-Token",
        b"X-Forwarded-For", b"Expect", b"Range", b"Upgrade"))), {400, 401}
    yield "no host", get(host=b""), NO
    yield "two hosts", get(b"/healthz", b"Host: y"), NO
    yield "no host in HTTP/1.0", get(host=b"", version=b"HTTP/1.0"), OK
    # ---- lines and protocols ----
    for method in (b"get", b"FOO", b"\xff\xfe", b"CONNECT", b"TRACE", b"M" * 3000):
        yield f"method {method[:8]!r}", get(method=method), {400, 404, 405, 501}
    for version in (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/9.9", b"HTTP/1.1.1", b"HTTP", b"\xff"):
        yield f"version {version!r}", get(version=version), {400, 505}
    yield "a line that never ends", b"a" * 100000, {414}
    yield "zeros", bytes(50000), {400, 414}
    # what has no word and blank in front is no request: closed
    yield "empty lines", b"\r\n" * 3000, {0}
    yield "a hello of TLS", bytes.fromhex("16030100c4010000c00303") + bytes(range(200)), {0}
    yield "a preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {505}
    yield "a request, then garbage", get() + bytes(range(256)) * 40, OK
    yield "a request, then half of one", get() + b"GET /healthz HT", OK
    yield "a body where none is taken", get(b"/healthz", length(b"5")) + b"hello", {200, 413}
    yield "HEAD with a body", get(b"/healthz", length(b"5"), method=b"HEAD") + b"hello", {200, 413}
    yield "300 requests at once", get() * 299 + get(b"/healthz", CLOSE), OK


def each_of_the_table(office):
    for what, request, wanted in table():
        before = office.entries()
        answer = office.raw(request)
        got = statuses(answer) if answer is not None else None
        first = got[0] if got else 0
        check(f"{what}: answered in kind", answer is not None and first in wanted, got, wanted, (answer or b"")[:300])
        check(f"{what}: nothing is written beside", office.entries() - before == (got or []).count(201), got)
    # each step shorter than what lies between memory for a head and memory for one more field
    ends = [set(statuses(office.raw(get(b"/healthz", b"A: " + b"a" * n)))) for n in range(10000, 17000, 25)]
    check("a head of any length has an answer", all(e in ({200}, {431}) for e in ends) and ends == sorted(ends, key=max), ends)
    ends = [set(statuses(office.raw(get(b"/healthz", *(b"A%d: b" % i for i in range(n)))))) for n in range(0, 400, 3)]
    check("any number of fields has an answer", all(e in ({200}, {431}) for e in ends) and ends == sorted(ends, key=max), ends)
    many = office.raw(get(b"/healthz", *(b"A%d: b" % i for i in range(90))) * 8)
    check("so have heads that come with the next ones", statuses(many) == [200] * 8, statuses(many))
    many = office.raw(get() * 299 + get(b"/healthz", CLOSE))
    check("300 requests have 300 answers", statuses(many) == [200] * 300, len(statuses(many)))


def who_end_their_side(office):
    """Two hundred that have said all they had to, before, while and after the writer has their commands: every answer comes."""
    before, sockets = office.entries(), [office.connect() for _ in range(200)]
    n = str(len(post(body=b'{"text":"' + MARK + b'"}').split(b"\r\n\r\n")[1])).encode()
    for i, s in enumerate(sockets):
        s.sendall(post(length(n)))
        if i % 3 == 0:
            s.shutdown(socket.SHUT_WR)
    for i, s in enumerate(sockets):
        if i % 3 == 1:
            s.shutdown(socket.SHUT_WR)
    answers = []
    for i, s in enumerate(sockets):
        answer = s.recv(65536)
        if i % 3 == 2:
            s.shutdown(socket.SHUT_WR)
        while chunk := s.recv(65536):
            answer += chunk
        answers.append(statuses(answer))
        s.close()
    check("who ends their side has the answer to a command", all(a == [201] for a in answers), [a for a in answers if a != [201]][:5])
    check("and each command stands once", office.entries() - before == len(sockets))
    office.sign_in()
    body = json.dumps({"name": "desk", "password": PASSWORD}).encode()
    signing = get(b"/api/v1/session", b"Content-Type: application/json", length(b"%d" % len(body)), method=b"POST") + body
    sockets = [office.connect() for _ in range(5)]
    for s in sockets:  # each waits for its hash, after those of the others, and then for the writer
        s.sendall(signing)
    for s in sockets:
        s.shutdown(socket.SHUT_WR)
    for s in sockets:
        answer = b"".join(iter(lambda: s.recv(65536), b""))
        s.close()
        check("also to one that waits twice", statuses(answer) == [200] and b"Set-Cookie: liren_session=" in answer, statuses(answer))
    for cookies in (office.cookie, b"a=1; " + office.cookie, b"; ".join(b"a%d=b" % i for i in range(1000)) + b";" + office.cookie):
        answer = office.raw(get(b"/api/v1/session", b"Cookie: " + cookies))
        check("a session is found among others' cookies", b'"signed_in":true' in answer.replace(b" ", b""), answer[:600])
    answer = office.raw(get(b"/api/v1/session", b"Cookie: x" + office.cookie + b"; none="))
    check("and not by another name", b'"signed_in":false' in answer.replace(b" ", b""), answer[:600])


def changed(request, dice):
    """A request with some bytes of it other ones, doubled, or gone."""
    request = bytearray(request)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(request))
        what = dice.random()
        if what < 0.4:
            request[at] = dice.randrange(256)
        elif what < 0.6:
            del request[at:at + dice.randint(1, 30)]
        elif what < 0.8:
            request[at:at] = request[at:at + dice.randint(1, 200)] * dice.randint(1, 4)
        else:
            request[at:at] = dice.choice([b"\r\n", b"\n", b"\r", b"\0", b":", b" ", b"%", b"\xff" * 9, b"Content-Length: 7\r\n",
                                          b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"\t"])
        if not request:
            return b"x"
    return bytes(request)


def at_random(office, rounds):
    dice, before, written, seen = random.Random(SEED), office.entries(), 0, {}
    forms = [lambda: post(length(b"20"), CLOSE), lambda: post(CHUNKED, CLOSE, body=b"14\r\n" + b'{"text":"MARK-4711"}' + b"\r\n0\r\n\r\n"),
             lambda: get(b"/api/v1/cases/1?x=y", b"Authorization: Case AAAA", b"Cookie: liren_session=00"),
             lambda: get(b"/api/v1/lines?limit=3", b"If-None-Match: *", CLOSE), lambda: get(b"/api/v1/events", b"Last-Event-ID: 3")]
    for i in range(rounds):
        request = changed(dice.choice(forms)(), dice)
        answer = office.raw(request, stays=dice.random() < 0.5)
        got = statuses(answer)
        if answer is None or any(s >= 500 and s not in (501, 505) for s in got):
            check(f"request {i} of seed {SEED} is answered in kind", False, got, request)
            break
        written += got.count(201)
        for s in got:
            seen[s] = seen.get(s, 0) + 1
    check("what was answered with 201 is written, and nothing else", office.entries() - before == written, written)
    check("changed requests come to several ends", len(seen) > 4, seen)
    print(f"{rounds} changed requests, seed {SEED}: {dict(sorted(seen.items()))}", flush=True)


# ---- somebody who asks rightly ----

class Steady:
    """One connection, one request after the other: how long each took."""

    def __init__(self, office):
        self.http = http.client.HTTPConnection("127.0.0.1", office.port, timeout=WAIT)
        self.wrong = 0
        self.ask()

    def ask(self):
        begin = time.monotonic()
        self.http.request("GET", "/api/v1/status")
        r = self.http.getresponse()
        r.read()
        self.wrong += r.status != 200
        return time.monotonic() - begin

    def p99(self, times=200):
        return sorted(self.ask() for _ in range(times))[times * 99 // 100 - 1]


def beside(office, what, begin, end):
    """The 99th of a hundred beside hostile clients, and without: taken in turn, so that a busy machine slows both."""
    steady, alone, with_them = Steady(office), [], []
    for _ in range(5):
        alone.append(steady.p99())
        state = begin()
        with_them.append(steady.p99())
        end(state)
    ratio = statistics.median(with_them) / statistics.median(alone)
    check(f"beside {what} nobody waits {SLOWER} times longer", ratio < SLOWER, ratio)
    check(f"beside {what} everybody is answered", steady.wrong == 0, steady.wrong)
    print(f"beside {what}: {ratio:.1f} times", flush=True)


def byte_by_byte(office):
    """Forty bodies and forty heads, a byte of each ten times a second."""
    request, stop = post(length(b"3000"), body=b" " * 3000), threading.Event()

    def drip(sockets):
        for i in range(len(request)):
            for s in sockets:
                if stop.is_set():
                    return
                try:
                    s.sendall(request[i:i + 1])
                except OSError:
                    return
            stop.wait(PACE)

    def begin():
        stop.clear()
        sockets = [office.connect() for _ in range(80)]
        for s in sockets[:40]:
            s.sendall(request[:200])
        dripping = threading.Thread(target=drip, args=[sockets])
        dripping.start()
        return sockets, dripping

    def end(state):
        stop.set()
        state[1].join(WAIT)
        for s in state[0]:
            s.close()

    beside(office, "80 that send byte by byte", begin, end)


def silent_ones(office):
    """More that say nothing than there are connections: who is there is served, who comes is as soon as they are late."""
    def begin():
        return [office.connect() for _ in range(CONNECTIONS - 64)]

    def end(sockets):
        for s in sockets:
            s.close()

    beside(office, f"{CONNECTIONS - 64} that say nothing", begin, end)
    steady, sockets = Steady(office), []
    for _ in range(CONNECTIONS + 100):
        sockets.append(office.connect())
    check("over the cap, whoever is there is served", steady.ask() >= 0 and steady.wrong == 0)
    begin, served = time.monotonic(), False
    while not served and time.monotonic() - begin < WAIT:
        served = statuses(office.raw(get(b"/healthz", CLOSE))) == [200]
    check("and who comes later, when the silent ones are late", served)
    end(sockets)


def main():
    office = Office()
    each_of_the_table(office)
    who_end_their_side(office)
    at_random(office, 600)
    byte_by_byte(office)
    silent_ones(office)
    check("it stops", office.stop() == 0)
    with open(os.path.join(HOME, "log"), "rb") as f:
        log = f.read()
    check("the log has nothing of what was sent", MARK not in log and b"liren_session" not in log and b"aaaa" not in log)
    check("the log counts requests", b"event=request" in log)
    shutil.rmtree(HOME)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


main()
