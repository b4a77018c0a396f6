#!/usr/bin/python3
"""A small model of the server that the checkers are tried on: a log of JSON lines with one fsync each, the tree computed
naively. LIREN_MODEL_BREAK names one way to be wrong, which the checkers must see (test_checkers.py):
  lose    answers before the line is durable           twice   forgets request ids at a restart
  gap     leaves out a number at a restart             salt    another salt when opened later
  fork    forgets the later half of a tree it signed   unerase forgets erasures at a restart
  text    opens to another text                        verify  `journal verify` finds something wrong
  hang    stops answering                              slow    does not stop at SIGTERM
  plain   problems are not problem+json                torn    forgets every 50th line when stopped by SIGTERM
Python's standard library only; not fast."""
import base64
import hashlib
import http.server
import json
import os
import re
import secrets
import signal
import sys
import threading
import time

BREAK = os.environ.get("LIREN_MODEL_BREAK", "")
BODY_MAX, CONNECTIONS_MAX, IDLE_S = 16384, 500, 5
GUARD = threading.Lock()


def root(leaves):
    """RFC 6962 section 2.1, as it stands there."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0] if leaves else b"").digest()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


class Store:
    def __init__(self, path):
        self.rows, self.ids, self.erased = [], {}, set()
        if os.path.exists(path):
            for line in open(path, "rb"):
                if line.endswith(b"\n"):  # else it is torn: it was never answered
                    self.take(json.loads(line))
        if BREAK == "twice":
            self.ids = {}
        if BREAK == "unerase":
            self.erased = set()
        if BREAK == "fork":
            self.rows = self.rows[:1 + len(self.rows) // 2]
        if BREAK == "gap" and len(self.rows) > 1:
            self.rows.append(self.rows[-1])
        self.file = open(path, "ab", buffering=1 << 20)
        end = self.file.tell()
        if end and open(path, "rb").read()[-1:] != b"\n":
            self.file.truncate(open(path, "rb").read().rfind(b"\n") + 1)
        self.covered, self.note = -1, b""

    def take(self, row):
        self.rows.append(row)
        if row["key"]:
            self.ids[row["key"]] = row
        if row["erases"]:
            self.erased.add(row["erases"])

    def append(self, kind, key="", body="", text="", erases=0):
        n = len(self.rows) + 1
        entry = json.dumps({"at": time.time_ns() // 1000, "kind": kind, "n": n, "v": 1}, separators=(",", ":"))
        row = {"n": n, "entry": entry, "salt": base64.b64encode(secrets.token_bytes(32)).decode(), "key": key,
               "body": body, "text": text, "erases": erases, "secret": base64.b64encode(secrets.token_bytes(16)).decode()}
        self.take(row)
        if not (BREAK == "torn" and n % 50 == 0):
            self.file.write(json.dumps(row).encode() + b"\n")
        if BREAK != "lose":
            self.file.flush()
            os.fsync(self.file.fileno())
        return row

    def commitments(self):
        return [hashlib.sha256(b"liren-entry-1" + base64.b64decode(r["salt"]) + r["entry"].encode()).digest()
                for r in self.rows]

    def sign(self):
        if self.covered != len(self.rows):
            self.covered = len(self.rows)
            self.note = b"model\n%d\n%s\n\n" % (self.covered, base64.b64encode(root(self.commitments())))
        return self.note


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, timeout, wbufsize, disable_nagle_algorithm = "HTTP/1.1", IDLE_S, -1, True

    def answer(self, status, body):
        kind = "application/json" if status < 400 else "application/problem+json"
        if isinstance(body, str):
            body = {"type": "/problems/" + body, "title": body, "status": status}
        if isinstance(body, bytes):
            kind = "text/plain"
        if BREAK == "plain" and status >= 400:
            kind = "text/html"
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
        self.wfile.flush()

    def log_message(self, *args):
        pass

    def send_error(self, code, message=None, explain=None):
        self.close_connection = True
        self.answer(code, message or "error")

    def written(self, row):
        salt = row["salt"]
        if BREAK == "salt" and row["n"] % 7 == 0:
            salt = base64.b64encode(secrets.token_bytes(32)).decode()
        text = row["text"] + ("x" if BREAK == "text" and row["n"] % 7 == 0 else "")
        return {"n": row["n"], "entry": row["entry"], "salt": salt, "secret": row["secret"],
                "values": {"text": {"blind": "", "text": text}} if row["text"] else {}}

    def do_POST(self):
        if BREAK == "hang" and len(self.server.store.rows) > 60:
            time.sleep(60)
        n = int(self.headers.get("Content-Length", 0))
        if n > BODY_MAX:
            self.close_connection = True
            return self.answer(413, "too-large")
        raw = self.rfile.read(n)
        while "Transfer-Encoding" in self.headers and (n := int(self.rfile.readline(), 16)):
            raw += self.rfile.read(n + 2)[:-2]
            if len(raw) > BODY_MAX:
                self.close_connection = True
                return self.answer(413, "too-large")
        found = re.fullmatch(r"/api/v1/lines(?:/(\d+)/(open|erase))?", self.path)
        if not found:
            known = self.path.startswith(("/log/", "/api/v1/status"))
            return self.answer(405, "bad-method") if known else self.answer(404, "not-found")
        if self.headers.get("Content-Type") != "application/json":
            return self.answer(415, "bad-media-type")
        key = self.headers.get("Idempotency-Key", "")
        if found[2] != "open" and not re.fullmatch("[A-Za-z0-9_-]{16,64}", key):
            return self.answer(400, "bad-input")
        try:
            body = json.loads(raw)
            if set(body) != ({"secret"} if found[1] else {"text"}) or not all(isinstance(v, str) for v in body.values()):
                return self.answer(400, "bad-input")
        except (ValueError, TypeError, RecursionError):
            return self.answer(400, "bad-json")
        if "text" in body and not 0 < len(body["text"].encode()) <= 4000:
            return self.answer(400, "bad-input")
        with GUARD:
            self.take_command(found[1] and int(found[1]), found[2], key, raw.decode(), body)

    def take_command(self, n, verb, key, raw, body):
        store = self.server.store
        if verb != "open" and key in store.ids:
            row = store.ids[key]
            return self.answer(201, self.written(row)) if row["body"] == raw else self.answer(422, "request-id-reused")
        if not verb:
            return self.answer(201, self.written(store.append("line.written", key, raw, body["text"])))
        row = store.rows[n - 1] if 0 < n <= len(store.rows) else None
        if not row or not row["text"]:
            return self.answer(404, "not-found")
        if body["secret"] != row["secret"]:
            return self.answer(403, "forbidden")
        if n in store.erased:
            return self.answer(410, "gone")
        if verb == "open":
            return self.answer(200, self.written(row))
        return self.answer(201, self.written(store.append("line.erased", key, raw, erases=n)))

    def do_GET(self):
        with GUARD:
            self.read()

    def read(self):
        store = self.server.store
        path, _, query = self.path.partition("?")
        if path == "/api/v1/lines":
            before = int(dict(re.findall(r"(\w+)=(\d+)", query)).get("before", 1 << 60))
            lines = [{"n": r["n"], "at": 0, "erased": r["n"] in store.erased}
                     for r in reversed(store.rows) if r["text"] and r["n"] < before]
            page = {"lines": lines[:100]}
            if len(lines) > 100:
                page["next"] = lines[99]["n"]
            return self.answer(200, page)
        if path == "/api/v1/status":
            return self.answer(200, {"entries": len(store.rows)})
        if path == "/log/checkpoint":
            return self.answer(200, store.sign())
        if (m := re.fullmatch(r"/log/tile/entries/(\d{3})(\.p/\d+)?", path)):
            part = store.commitments()[256 * int(m[1]):256 * int(m[1]) + int((m[2] or ".p/256")[3:])]
            return self.answer(200, b"".join(b"\0\x20" + c for c in part))
        return self.answer(404, "not-found")

    def do_PUT(self):
        self.answer(405 if self.path.startswith(("/api/v1/lines", "/api/v1/status")) else 404, "bad-method")

    do_DELETE = do_PUT


class Server(http.server.ThreadingHTTPServer):
    request_queue_size, daemon_threads, room = 1024, True, threading.Semaphore(CONNECTIONS_MAX)

    def process_request(self, request, address):
        if self.room.acquire(blocking=False):
            super().process_request(request, address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request, address):
        super().process_request_thread(request, address)
        self.room.release()

    def handle_error(self, request, address):
        pass


def main():
    folder = sys.argv[sys.argv.index("--dir") + 1]
    path = os.path.join(folder, "log")
    if sys.argv[1] == "init":
        os.makedirs(folder)
        Store(path).append("community.opened")
    elif sys.argv[1] == "journal":
        raise SystemExit(1 if BREAK == "verify" else 0)
    else:
        server = Server(("127.0.0.1", 0), Handler)
        server.store = Store(path)
        stopping = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: BREAK != "slow" and stopping.set())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"listening on http://localhost:{server.server_address[1]}", flush=True)
        stopping.wait()
        with GUARD:
            server.store.file.flush()
            os._exit(0)


main()
