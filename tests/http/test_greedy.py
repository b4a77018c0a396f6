#!/usr/bin/python3
"""A slow, silent or greedy client costs others nothing: big uploads that trickle, bodies half sent until there is no
memory for another, many who sign in at once. Raw sockets. Standard library only. usage: test_greedy.py PATH-OF-liren"""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

LIREN = os.path.abspath(sys.argv[1])
HOME = tempfile.mkdtemp(prefix="liren-greedy-")
PASSED, FAILED = [], []
WAIT = 30  # seconds until something that should end counts as hung
OTHERS_MS = 50  # what others usually wait at most
UPLOAD = 12582912  # x-body-max; five do not go into HTTP_BODIES_BYTES_MAX
HASHES = 32  # HASHING_QUEUE_MAX
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
os.environ.pop("CREDENTIALS_DIRECTORY", None)


def check(what, ok, *detail):
    (PASSED if ok else FAILED).append(what)
    if not ok:
        print("FAILED", what, *detail, flush=True)


def equal(what, got, wanted):
    check(what, got == wanted, f"got {got!r}, wanted {wanted!r}")


class Office:
    def __init__(self, name="office", behind_tls=False):
        self.dir = os.path.join(HOME, name)
        subprocess.run([LIREN, "init", "--dir", self.dir], cwd=HOME, check=True, timeout=WAIT, stdout=subprocess.DEVNULL)
        if behind_tls:
            with open(os.path.join(self.dir, "liren.yaml"), "a", encoding="utf-8") as f:
                f.write("behind_tls: yes\n")
        self.log = open(os.path.join(HOME, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([LIREN, "serve", "--dir", self.dir, "--port", "0"], cwd=HOME, text=True,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = int(re.search(r"listening on http://localhost:(\d+)", self.process.stdout.readline())[1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=WAIT)
        self.process.stdout.close()
        return code

    def begin(self, path, announced, sent, key=None, forwarded=None, expect=False):
        """A POST of which so much of the body is sent."""
        s = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)
        media = "application/octet-stream" if "attachments" in path else "application/json"
        s.sendall((f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\nIdempotency-Key: {key or uuid.uuid4()}\r\n"
                   + ("Expect: 100-continue\r\n" if expect else "") + (f"X-Forwarded-For: {forwarded}\r\n" if forwarded else "")
                   + f"Content-Length: {announced}\r\n\r\n").encode() + b" " * sent)
        return s

    def ask(self, method, path, body=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        c.request(method, path, json.dumps(body) if body is not None else None,
                  {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())})
        r = c.getresponse()
        r.bytes = r.read()
        c.close()
        return r

    def line(self):
        return self.ask("POST", "/api/v1/lines", {"text": "still served"})


def others_are_served(office, what, until=lambda: False, times=40):
    """Reads and lines go on; what they take, in ms."""
    took = []
    while len(took) < times and not until():
        begin = time.monotonic()
        status = office.ask("GET", "/api/v1/status").status
        took.append((time.monotonic() - begin) * 1000)
        if status != 200:
            check(f"{what}: others read", False, status)
            return
    check(f"{what}: others read", took)
    usual = statistics.median(took)
    check(f"{what}: within {OTHERS_MS} ms", usual < OTHERS_MS, usual)


def head_of(s):
    answer = b""
    while b"\r\n\r\n" not in answer and (chunk := s.recv(65536)):
        answer += chunk
    return answer


def status_of(s):
    answer = head_of(s)
    if answer.startswith(b"HTTP/1.1 503 "):
        check("a 503 says when to come again", b"\r\nRetry-After: 1\r\n" in answer, answer)
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


UPLOADS = "/api/v1/cases/1/attachments?field=photos"


def uploads_trickle(office):
    """Forty files of 12 MiB, each a byte at a time."""
    slow = [office.begin(UPLOADS, UPLOAD, 2000) for _ in range(40)]
    for _ in range(20):
        for s in slow:
            s.sendall(b"x")
        equal("lines are written beside uploads that trickle", office.line().status, 201)
    others_are_served(office, "uploads that trickle")
    # a whole one is read meanwhile: there is no such case
    s = office.begin(UPLOADS, UPLOAD, UPLOAD)
    check("a whole upload is answered", status_of(s) in (401, 403, 404), s)
    for one in (*slow, s):
        one.close()


def until_status(ask, wanted, what):
    """What is asked for is so in the end: bytes that were sent are read soon, not at once."""
    begin, status = time.monotonic(), None
    while status != wanted and time.monotonic() - begin < WAIT:
        status = ask()
    equal(what, status, wanted)


def at_once(s):
    """The status of an answer that comes before the body; None where the server waits for that."""
    s.settimeout(1)
    try:
        return status_of(s)
    except TimeoutError:
        return None
    finally:
        s.close()


def bodies_fill_the_memory(office):
    """Big bodies half sent, until there is no memory for another."""
    # memory grows by doubling, and while it does the old is there, too: the fifth would not grow to its end
    held = [office.begin(UPLOADS, UPLOAD, UPLOAD - 1) for _ in range(4)] + [office.begin(UPLOADS, UPLOAD, 7 << 20)]
    until_status(lambda: at_once(office.begin(UPLOADS, UPLOAD, 0)), 503, "one upload more is refused by its length alone")
    # the rest, to the last byte: a body of a power of two takes as much, and half as much while it grows
    left = 8 << 20
    while left > 0:
        size = max(left // 2, 1024)
        held.append(office.begin(UPLOADS, size, size - 1))
        left -= size
        until_status(lambda: at_once(office.begin(UPLOADS, left + 1, 0, expect=True)), 503, f"{left} bytes are left for uploads")
    equal("while small bodies are taken", {office.line().status for _ in range(40)}, {201})
    others_are_served(office, "no memory for big bodies")
    for s in held:
        s.close()
    until_status(lambda: at_once(office.begin(UPLOADS, UPLOAD, 0)), None, "when they are gone big bodies are waited for again")
    s = office.begin(UPLOADS, UPLOAD, UPLOAD)
    check("and answered", status_of(s) in (401, 403, 404))
    s.close()


def one_address_has_a_share():
    """Behind a proxy: who holds two uploads open keeps nobody else's out, and gets no third."""
    office = Office("proxied", behind_tls=True)

    def upload(address, announced=UPLOAD, sent=0):
        return office.begin(UPLOADS, announced, sent, forwarded=address)

    held = [upload("192.0.2.1", UPLOAD, UPLOAD - 1) for _ in range(2)]
    until_status(lambda: at_once(upload("192.0.2.1")), 503, "a third upload from one address is refused")
    equal("another address's is waited for", at_once(upload("192.0.2.2")), None)
    s = upload("192.0.2.2", UPLOAD, UPLOAD)
    check("and answered", status_of(s) in (401, 403, 404))
    s.close()
    held.pop().close()
    until_status(lambda: at_once(upload("192.0.2.1")), None, "when one is gone there is room for one more")
    for s in held:
        s.close()
    equal("it stops", office.stop(), 0)


def sign_ins_flood(office):
    """Three times as many as may wait to be hashed, each by a name of its own."""
    statuses, guard = [], threading.Lock()

    def one(i):
        status = office.ask("POST", "/api/v1/session", {"name": f"nobody-{i}", "password": "correct horse battery"})
        with guard:
            statuses.append((status.status, status.getheader("Retry-After"), status.bytes))

    threads = [threading.Thread(target=one, args=(i,)) for i in range(3 * HASHES)]
    for t in threads:
        t.start()
    others_are_served(office, "a flood of sign-ins", lambda: not any(t.is_alive() for t in threads))
    equal("lines are written beside a flood of sign-ins", office.line().status, 201)
    for t in threads:
        t.join(WAIT)
    codes = [s for s, _, _ in statuses]
    equal("each sign-in is answered", len(codes), len(threads))
    equal("by a refusal", set(codes), {401, 429})
    check("as many as may wait are looked at", codes.count(401) >= HASHES, codes.count(401))
    check("the others are told when to come again", all(after for s, after, _ in statuses if s == 429), statuses[:3])
    equal("afterwards one is looked at again", office.ask("POST", "/api/v1/session", {
        "name": "nobody", "password": "correct horse battery"}).status, 401)


def stops_with_all_of_them(office):
    """A stop waits for what the writer has, not for those who send nothing."""
    held = [office.begin(UPLOADS, UPLOAD, 2000) for _ in range(20)]
    threads = [threading.Thread(target=lambda: quietly(lambda: office.ask("POST", "/api/v1/session", {
        "name": "nobody", "password": "correct horse battery"}))) for _ in range(8)]
    for t in threads:
        t.start()
    equal("it stops", office.stop(), 0)
    for t in threads:
        t.join(WAIT)
    for s in held:
        s.close()


def quietly(what):
    try:
        what()
    except (OSError, http.client.HTTPException):
        pass


def main():
    office = Office()
    uploads_trickle(office)
    bodies_fill_the_memory(office)
    sign_ins_flood(office)
    stops_with_all_of_them(office)
    one_address_has_a_share()
    shutil.rmtree(HOME)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


main()
