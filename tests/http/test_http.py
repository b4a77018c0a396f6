#!/usr/bin/python3
"""The program over HTTP: every route against api/openapi.yaml, every refusal in both languages, lengths, repeats, HEAD,
conditional requests, gzip, headers, start and stop. Raw sockets where a library would tidy up. Standard library only
(the schemas need python3-yaml, and are skipped visibly without). usage: test_http.py PATH-OF-liren openapi.yaml"""
import base64
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import uuid

from contract import fits, request_of

LIREN, OPENAPI = (os.path.abspath(a) for a in sys.argv[1:3])
HOME = tempfile.mkdtemp(prefix="liren-http-")
PASSED, FAILED, SKIPPED = [], [], []
TEXT = "张三 lives behind the blue door, 138-0013-8000"
WAIT = 60  # seconds until something that should end counts as hung
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
os.environ.pop("CREDENTIALS_DIRECTORY", None)


def check(what, ok, *detail):
    (PASSED if ok else FAILED).append(what)
    if not ok:
        print("FAILED", what, *detail, flush=True)


def equal(what, got, wanted):
    check(what, got == wanted, f"got {got!r}, wanted {wanted!r}")


def run(*args, **more):
    return subprocess.run([LIREN, *args], cwd=HOME, text=True, timeout=WAIT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more)


class Office:
    """A store and the process that serves it."""

    def __init__(self, name, *options):
        self.dir = os.path.join(HOME, name)
        self.options = options
        made = run("init", "--dir", self.dir, *options)
        # what was made, and its levels (or why they have no names)
        equal(f"init {name}", (made.returncode, made.stdout.count("\n")), (0, 2))

    def start(self):
        self.log = open(os.path.join(HOME, "log"), "w+")
        self.process = subprocess.Popen([LIREN, "serve", "--dir", self.dir, "--port", "0"], cwd=HOME, text=True,
                                        stdout=subprocess.PIPE, stderr=self.log)
        self.port = int(re.search(r"listening on http://localhost:(\d+)", self.process.stdout.readline())[1])
        return self

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=WAIT)
        self.process.stdout.close()
        self.log.seek(0)
        return code, self.log.read()

    def ask(self, method, path, body=None, headers=None, lang="en"):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        c.request(method, path, body, {"Accept-Language": lang, **(headers or {})})
        r = c.getresponse()
        r.bytes = r.read()
        c.close()
        return r

    def post(self, path, what, key=None, lang="en", **headers):
        body = what if isinstance(what, (bytes, str)) else json.dumps(what)
        fields = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4()), **headers}
        return self.ask("POST", path, body.encode() if isinstance(body, str) else body,
                        {k: v for k, v in fields.items() if v}, lang)

    def raw(self, request):
        """Everything that comes back on a connection of its own, until the server ends it or nothing follows."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as s:
            try:
                s.sendall(request)
            except OSError:
                pass  # it need not read all before it answers
            answer = b""
            try:
                while chunk := s.recv(65536):
                    answer += chunk
            except OSError:
                pass
        return answer


def proven(office, n):
    """The proof, as soon as a checkpoint covers it: the server says in how many seconds to ask again."""
    while (r := office.ask("GET", f"/api/v1/proofs/{n}")).status == 409:
        equal("not-yet says when", r.getheader("Retry-After"), "1")
        threading.Event().wait(0.1)
    return r


# ---- schemas ----

class Contract:
    def __init__(self):
        self.seen, self.spec = set(), None
        try:
            import yaml
            with open(OPENAPI, encoding="utf-8") as f:
                self.spec = yaml.safe_load(f)
        except ImportError:
            SKIPPED.append("schemas: there is no python3-yaml")

    def holds(self, operation, response):
        self.seen.add(operation)
        if not self.spec:
            return response
        for methods in self.spec["paths"].values():
            for doc in methods.values():
                if doc["operationId"] == operation:
                    self.one(operation, doc["responses"], response)
                    return response
        check(f"{operation} is documented", False)
        return response

    def one(self, operation, responses, response):
        doc = responses.get(str(response.status)) or responses.get("default")
        what = f"{operation} {response.status} is as documented"
        if not doc:
            check(what, False, "this status is not")
            return
        if "$ref" in doc:
            doc = self.spec["components"]["responses"][doc["$ref"].rsplit("/", 1)[1]]
        media = response.getheader("Content-Type").split(";")[0]
        if media not in doc["content"]:
            check(what, False, "media type", media)
            return
        wrong = ""
        if "json" in media:
            wrong = fits(doc["content"][media]["schema"], json.loads(response.bytes), self.spec, operation)
        check(what, not wrong, wrong)

    def rest(self, office):
        """What nothing else here asks, asked by nobody: permitted or not, the answer is as documented."""
        for path, methods in (self.spec["paths"] if self.spec else {}).items():
            for method, doc in methods.items():
                if doc["operationId"] in self.seen or doc.get("x-planned"):
                    continue
                url, query, body, fields = request_of(self.spec, path, doc)
                answer = office.ask(method.upper(), url + "?" + "&".join(query), body, fields)
                check(f"{doc['operationId']} is no failure of ours", answer.status < 500, answer.bytes)
                self.holds(doc["operationId"], answer)

    def all_were_asked(self):
        if self.spec:
            names = {d["operationId"] for m in self.spec["paths"].values() for d in m.values()
                     if not d.get("x-planned")}
            equal("every documented route was asked", self.seen, names)


def routes(office, contract):
    line = office.post("/api/v1/lines", {"text": TEXT})
    contract.holds("writeLine", line)
    equal("a line is 201", line.status, 201)
    made = json.loads(line.bytes)
    n, secret = made["n"], {"secret": made["secret"]}
    equal("its entry names its number", json.loads(made["entry"])["n"], n)
    equal("salt of 32 bytes", len(base64.b64decode(made["salt"])), 32)
    equal("the text comes back", made["values"]["text"]["text"], TEXT)
    opened = contract.holds("openLine", office.post(f"/api/v1/lines/{n}/open", secret))
    equal("opened, it is as when it was written", json.loads(opened.bytes), made)
    contract.holds("proveEntry", proven(office, n))
    contract.holds("listLines", office.ask("GET", "/api/v1/lines"))
    status = json.loads(contract.holds("status", office.ask("GET", "/api/v1/status")).bytes)
    equal("status", (status["community"], status["demo"]), ("440305002005", False))
    check("key", contract.holds("logKey", office.ask("GET", "/log/key")).bytes.startswith(b"liren/440305002005/"))
    equal("nobody is known", contract.holds("events", office.ask("GET", "/api/v1/events")).status, 401)
    contract.holds("logCheckpoint", office.ask("GET", "/log/checkpoint"))
    size = int(office.ask("GET", "/log/checkpoint").bytes.split(b"\n")[1])
    tile = contract.holds("logTile", office.ask("GET", f"/log/tile/0/000.p/{size}"))
    equal("a tile of its width", len(tile.bytes), 32 * size)
    check("kept for a while", tile.getheader("Cache-Control") == "public, max-age=3600")
    contract.holds("apiFile", office.ask("GET", "/api/openapi.yaml"))
    equal("healthy", contract.holds("health", office.ask("GET", "/healthz")).bytes, b"ok\n")
    gone = contract.holds("eraseLine", office.post(f"/api/v1/lines/{n}/erase", secret))
    equal("erased is 201", gone.status, 201)
    equal("then gone", office.post(f"/api/v1/lines/{n}/open", secret).status, 410)
    contract.rest(office)
    contract.all_were_asked()


# ---- refusals ----

def refusals(office):
    made = json.loads(office.post("/api/v1/lines", {"text": "x"}).bytes)
    n = made["n"]
    wrong = {"secret": base64.b64encode(bytes(16)).decode()}
    lines, erase = "/api/v1/lines", f"/api/v1/lines/{n}/erase"
    used = "used-before-0000"
    office.post(lines, {"text": "first"}, used)

    def has(lang, text):
        return any("\u4e00" <= c <= "\u9fff" for c in text) == (lang == "zh")

    rows = [  # what, call, status, name, field, is there a remedy
        ("no such path", lambda l: office.ask("GET", "/nothing", lang=l), 404, "not-found", None, False),
        ("no such line", lambda l: office.post("/api/v1/lines/999999/erase", wrong, lang=l), 404, "not-found", "n", False),
        ("line 0", lambda l: office.post("/api/v1/lines/0/open", wrong, lang=l), 404, "not-found", "n", False),
        ("largest n", lambda l: office.ask("GET", f"/api/v1/proofs/{2**64 - 1}", lang=l), 404, "not-found", "n", False),
        ("n over 64 bits", lambda l: office.ask("GET", f"/api/v1/proofs/{2**64}", lang=l), 404, "not-found", "n", False),
        ("no such tile", lambda l: office.ask("GET", "/log/tile/0/999", lang=l), 404, "not-found", "path", False),
        ("NUL in the path", lambda l: office.ask("GET", "/healthz%00", lang=l), 404, "not-found", None, False),
        ("method", lambda l: office.ask("DELETE", lines, lang=l), 405, "bad-method", None, False),
        ("media type", lambda l: office.post(lines, "{}", lang=l, **{"Content-Type": "text/plain"}), 415,
         "bad-media-type", "Content-Type", True),
        ("no media type", lambda l: office.post(lines, "{}", lang=l, **{"Content-Type": None}), 415, "bad-media-type",
         "Content-Type", True),
        ("no body", lambda l: office.post(lines, "", lang=l), 400, "bad-json", "body", True),
        ("no JSON", lambda l: office.post(lines, "{", lang=l), 400, "bad-json", "body", True),
        ("no object", lambda l: office.post(lines, "[]", lang=l), 400, "bad-json", "body", True),
        ("no UTF-8", lambda l: office.post(lines, b'{"text":"\xff"}', lang=l), 400, "bad-json", "body", True),
        ("a key twice", lambda l: office.post(lines, '{"text":"a","text":"b"}', lang=l), 400, "bad-json", "body", True),
        ("too deep", lambda l: office.post(lines, '{"text":' + "[" * 5000, lang=l), 400, "bad-json", "body", True),
        ("unknown member", lambda l: office.post(lines, {"text": "a", "more": 1}, lang=l), 400, "bad-input", "more", True),
        ("no text", lambda l: office.post(lines, {}, lang=l), 400, "bad-input", "text", True),
        ("empty text", lambda l: office.post(lines, {"text": ""}, lang=l), 400, "bad-input", "text", True),
        ("text no string", lambda l: office.post(lines, {"text": 5}, lang=l), 400, "bad-input", "text", True),
        ("NUL in a text", lambda l: office.post(lines, {"text": "a\0b"}, lang=l), 400, "bad-input", "text", True),
        ("text over its cap", lambda l: office.post(lines, {"text": "x" * 4001}, lang=l), 413, "too-large", "text", True),
        ("body over its cap", lambda l: office.post(lines, "x" * 40000, lang=l), 413, "too-large", "body", True),
        ("body of a GET", lambda l: office.ask("GET", lines, b"x", lang=l), 413, "too-large", "body", True),
        ("no request id", lambda l: office.post(lines, {"text": "a"}, lang=l, **{"Idempotency-Key": None}), 400,
         "bad-input", "Idempotency-Key", True),
        ("short request id", lambda l: office.post(lines, {"text": "a"}, "short", l), 400, "bad-input",
         "Idempotency-Key", True),
        ("request id reused", lambda l: office.post(lines, {"text": "second"}, used, l), 422, "request-id-reused",
         "Idempotency-Key", True),
        ("secret no base64", lambda l: office.post(erase, {"secret": "?"}, lang=l), 400, "bad-input", "secret", True),
        ("secret wrong, erase", lambda l: office.post(erase, wrong, lang=l), 403, "forbidden", "secret", True),
        ("secret wrong, open", lambda l: office.post(f"{lines}/{n}/open", wrong, lang=l), 403, "forbidden", "secret", True),
        ("limit 0", lambda l: office.ask("GET", lines + "?limit=0", lang=l), 400, "bad-input", "limit", True),
        ("limit 101", lambda l: office.ask("GET", lines + "?limit=101", lang=l), 400, "bad-input", "limit", True),
        ("limit with NUL", lambda l: office.ask("GET", lines + "?limit=1%00", lang=l), 400, "bad-input", "limit", True),
        ("before no number", lambda l: office.ask("GET", lines + "?before=-1", lang=l), 400, "bad-input", "before", True),
    ]
    for what, call, status, name, field, remedy in rows:
        for lang in ("zh", "en"):
            r = call(lang)
            p = json.loads(r.bytes)
            equal(f"{what}, {lang}", (r.status, r.getheader("Content-Type"), p["status"], p["type"], p.get("field")),
                  (status, "application/problem+json", status, "/problems/" + name, field))
            check(f"{what}, {lang}: its language", r.getheader("Content-Language") == lang and has(lang, p["title"])
                  and ("remedy" in p) == remedy and (not remedy or has(lang, p["remedy"])), p)
    equal("nothing of it was written", json.loads(office.ask("GET", lines).bytes)["lines"][0]["n"], n + 1)


def methods(office):
    for path, allow in (("/api/v1/lines", "GET, HEAD, POST"), ("/api/v1/status", "GET, HEAD"), ("/log/key", "GET, HEAD"),
                        ("/api/v1/lines/1/erase", "POST"), ("/healthz", "GET, HEAD")):
        for method in ("PUT", "DELETE", "OPTIONS", "PATCH", "get"):
            r = office.ask(method, path)
            equal(f"{method} {path}", (r.status, r.getheader("Allow")), (405, allow))
    equal("HEAD where only POST is", office.ask("HEAD", "/api/v1/lines/1/open").getheader("Allow"), "POST")
    for path in ("/api/v1/lines", "/api/v1/status", "/log/key", "/log/checkpoint", "/healthz", "/nothing"):
        get, head = office.ask("GET", path), office.ask("HEAD", path)
        skip = {"Date"}
        equal(f"HEAD {path} is GET without the body",
              (head.status, head.bytes, {k: v for k, v in head.getheaders() if k not in skip}),
              (get.status, b"", {k: v for k, v in get.getheaders() if k not in skip}))
        for name in ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy",
                     "Content-Security-Policy", "Cache-Control"):
            check(f"{path} has {name}", get.getheader(name))


def pages(office):
    page = office.ask("GET", "/")
    if page.status == 404:
        SKIPPED.append("pages: they were not built into this program")
        return
    etag = page.getheader("ETag")
    policy = page.getheader("Content-Security-Policy")
    check("pages run nothing but their own", "default-src 'none'" in policy and "unsafe" not in policy, policy)
    check("a page's workers are its own", "worker-src 'self'" in policy, policy)
    for path in ("/console/", "/record/"):
        folder, bare = office.ask("GET", path), office.ask("GET", path[:-1])
        equal(f"{path} is a page, with and without its last stroke", (folder.status, bare.status, bare.bytes),
              (200, 200, folder.bytes))
        check(f"{path} is a page of its own", folder.bytes != page.bytes)
    for path in ("/consol", "/console//", "/console/index", "/assets/", "/assets"):
        equal(f"{path} is no page", office.ask("GET", path).status, 404)
    equal("POST to a page", (lambda r: (r.status, r.getheader("Allow")))(office.ask("POST", "/", b"")), (405, "GET, HEAD"))
    for have, status in ((etag, 304), (f'"x", {etag}', 304), (etag.removeprefix("W/"), 304), ("*", 304), ('"x"', 200)):
        r = office.ask("GET", "/", headers={"If-None-Match": have})
        equal(f"If-None-Match: {have}", (r.status, r.getheader("ETag")), (status, etag))
    for accept, packed in (("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("gzip;q=0", False),
                           ("gzip; q=0.0", False), ("identity", False), ("*;q=0", False)):
        r = office.ask("GET", "/", headers={"Accept-Encoding": accept})
        equal(f"Accept-Encoding: {accept}", (r.getheader("Content-Encoding") == "gzip", r.getheader("Vary")),
              (packed, "Accept-Encoding"))
        equal("  it is the page", gzip.decompress(r.bytes) if packed else r.bytes, page.bytes)


def packed(office):
    """The API file is an answer like others, and long: what holds for it holds for lists."""
    path = "/api/openapi.yaml"
    whole = office.ask("GET", path)
    with open(OPENAPI, "rb") as f:
        equal("the API file is that of the program", whole.bytes, f.read())
    etag = whole.getheader("ETag")
    equal("it may be kept, and is asked for again", whole.getheader("Cache-Control"), "private, no-cache")
    for have, status in ((etag, 304), (f'"x", {etag}', 304), (etag.removeprefix("W/"), 304), ("*", 304), ('"x"', 200)):
        r = office.ask("GET", path, headers={"If-None-Match": have})
        equal(f"{path} If-None-Match: {have}", (r.status, r.getheader("ETag"), r.getheader("Vary"), r.bytes == b""),
              (status, etag, "Accept-Encoding", status == 304))
    for accept, is_packed in (("gzip", True), ("br, GZIP;q=0.5", True), ("gzip;q=0", False), ("identity", False)):
        r = office.ask("GET", path, headers={"Accept-Encoding": accept})
        equal(f"{path} Accept-Encoding: {accept}", (r.getheader("Content-Encoding") == "gzip", r.getheader("Vary")),
              (is_packed, "Accept-Encoding"))
        equal("  it is the file", gzip.decompress(r.bytes) if is_packed else r.bytes, whole.bytes)
        head = office.ask("HEAD", path, headers={"Accept-Encoding": accept})
        equal("  HEAD says the same", (head.getheader("Content-Length"), head.getheader("Content-Encoding")),
              (r.getheader("Content-Length"), r.getheader("Content-Encoding")))
    short = office.ask("GET", "/api/v1/status", headers={"Accept-Encoding": "gzip"})
    equal("a short answer goes as it is", short.getheader("Content-Encoding"), None)
    text = "x" * 3000
    line = office.post("/api/v1/lines", {"text": text}, **{"Accept-Encoding": "gzip"})
    equal("what holds a secret is never packed", (line.getheader("Content-Encoding"), text in line.bytes.decode()),
          (None, True))


def behind_proxy():
    """Told that a proxy is before it, an office counts by the address that the proxy names, and by that alone."""
    office = Office("proxied")
    with open(os.path.join(office.dir, "liren.yaml"), "a", encoding="utf-8") as f:
        f.write("behind_tls: maybe\n")
    equal("yes or no", run("serve", "--dir", office.dir).returncode, 2)
    path = os.path.join(office.dir, "liren.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("maybe", "yes"))
    office.start()

    def tries(address, n, method="POST"):
        answers = [office.ask(method, "/api/v1/lines/1/open" if method == "POST" else "/api/v1/lines", b"{}" if method ==
                              "POST" else None, {"X-Forwarded-For": address} if address else {}) for _ in range(n)]
        return answers

    burst = tries("198.51.100.1, 192.0.2.1", 70)
    refused = [r for r in burst if r.status == 429]
    equal("a burst is taken first", [r.status for r in burst[:60]], [415] * 60)
    check("then it is too much", 5 <= len(refused) <= 10, len(refused))
    equal("as a problem", json.loads(refused[0].bytes)["type"], "/problems/too-many")
    check("that says when", refused[0].getheader("Retry-After") == "1", refused[0].getheader("Retry-After"))
    equal("another name before it changes nothing", tries("203.0.113.9, 192.0.2.1", 1)[0].status, 429)
    equal("another address is not meant", tries("192.0.2.2", 1)[0].status, 415)
    equal("reading is not counted", {r.status for r in tries("192.0.2.1", 70, "GET")}, {200})
    equal("who is at the machine is not counted", {r.status for r in tries(None, 70)}, {415})
    equal("stop", office.stop()[0], 0)


# ---- lengths and spellings ----

def status_of(answer):
    return [int(s) for s in re.findall(rb"(?:^|\n)HTTP/1\.1 (\d+)", answer)]


def spellings(office):
    body = b'{"text":"a"}'

    def request(*fields, key=None, rest=body, version="HTTP/1.1", host="Host: x\r\n"):
        head = f"POST /api/v1/lines {version}\r\n{host}Connection: close\r\nContent-Type: application/json\r\n"
        head += f"Idempotency-Key: {key or uuid.uuid4()}\r\n" + "".join(f + "\r\n" for f in fields) + "\r\n"
        return office.raw(head.encode() + rest)

    equal("a length", status_of(request("Content-Length: 12")), [201])
    equal("in pieces", status_of(request("Transfer-Encoding: chunked",
                                         rest=b'8\r\n{"text":\r\n4\r\n"a"}\r\n0\r\n\r\n')), [201])
    equal("100-continue", status_of(request("Content-Length: 12", "Expect: 100-continue")), [100, 201])
    equal("100-continue over the cap is not asked for",
          status_of(request("Content-Length: 50000", "Expect: 100-continue", rest=b"")), [413])
    equal("nobody reads 2 GB", status_of(request("Content-Length: 2000000000", rest=b"")), [413])
    equal("no body", status_of(request("Content-Length: 0", rest=b"")), [400])
    equal("two lengths", status_of(request("Content-Length: 12", "Content-Length: 13")), [400])
    equal("two kinds of length", status_of(request("Content-Length: 12", "Transfer-Encoding: chunked",
                                                   rest=b"c\r\n" + body + b"\r\n0\r\n\r\n")), [400])
    equal("no host", status_of(request("Content-Length: 12", host=""))[:1], [400])
    equal("a header over its cap", status_of(request("X: " + "y" * 20000))[:1], [431])
    equal("an escaped path", office.ask("GET", "/%68ealthz").status, 200)
    equal("an escaped number", len(json.loads(office.ask("GET", "/api/v1/lines?limit=%31").bytes)["lines"]), 1)
    lines = office.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 3 + b"GET /log/key HTTP/1.1\r\nHost: x\r\n"
                       b"Connection: close\r\n\r\n")
    equal("four requests at once", status_of(lines), [200] * 4)


def repeats(office):
    key = str(uuid.uuid4())
    first = office.post("/api/v1/lines", {"text": "once"}, key)
    again = office.post("/api/v1/lines", {"text": "once"}, key.upper())
    equal("the same id, the same answer", (again.status, again.bytes), (201, first.bytes))
    made = json.loads(first.bytes)
    key, path = str(uuid.uuid4()), f"/api/v1/lines/{made['n']}/erase"
    wrong = base64.b64encode(bytes(16)).decode()
    equal("a refused command", office.post(path, {"secret": wrong}, key).status, 403)
    equal("is not remembered", office.post(path, {"secret": made["secret"]}, key).status, 201)
    before = json.loads(office.ask("GET", "/api/v1/status").bytes)["entries"]
    answers, key = [], str(uuid.uuid4())
    threads = [threading.Thread(target=lambda: answers.append(office.post("/api/v1/lines", {"text": "race"}, key).bytes))
               for _ in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    equal("sixteen at once, one answer", len(set(answers)), 1)
    equal("and one entry", json.loads(office.ask("GET", "/api/v1/status").bytes)["entries"], before + 1)


def pagination(office):
    first = json.loads(office.ask("GET", "/api/v1/lines?limit=100").bytes)["lines"]
    for limit in (1, 2, len(first)):
        seen, path = [], f"/api/v1/lines?limit={limit}"
        while path:
            page = json.loads(office.ask("GET", path).bytes)
            check(f"no empty page of {limit}", page["lines"])
            seen += [row["n"] for row in page["lines"]]
            path = f"/api/v1/lines?limit={limit}&before={page['next']}" if "next" in page else None
        equal(f"pages of {limit}", seen, [row["n"] for row in first])


# ---- start and stop ----

def stop_under_load(office):
    """Every line that is durable was answered, and every answer is durable."""
    for _ in range(5):
        office.start()
        answered, enough, threads = [], threading.Event(), []

        def client():
            c = http.client.HTTPConnection("127.0.0.1", office.port, timeout=WAIT)
            try:
                while True:
                    c.request("POST", "/api/v1/lines", b'{"text":"x"}', {"Content-Type": "application/json",
                                                                         "Idempotency-Key": str(uuid.uuid4())})
                    r = c.getresponse()
                    body = r.read()
                    if r.status != 201:
                        return
                    answered.append(json.loads(body)["n"])
                    if len(answered) > 200:
                        enough.set()
            except (OSError, http.client.HTTPException):
                return
            finally:
                c.close()

        with sqlite3.connect(os.path.join(office.dir, "journal.db")) as db:
            before = {n for n, in db.execute("SELECT n FROM line")}
        threads = [threading.Thread(target=client) for _ in range(24)]
        for t in threads:
            t.start()
        enough.wait(WAIT)
        equal("it stops under load", office.stop()[0], 0)
        for t in threads:
            t.join(WAIT)
        with sqlite3.connect(os.path.join(office.dir, "journal.db")) as db:
            after = {n for n, in db.execute("SELECT n FROM line")}
        equal("durable is what was answered", (after - before) ^ set(answered), set())


def privacy(office, log):
    check("no text in the log", TEXT not in log and "blue door" not in log and "138-0013" not in log, log)
    for folder, _, names in [*os.walk(office.dir), *os.walk(office.dir + ".keys")]:
        equal(f"mode of {folder}", stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        for name in names:
            path = os.path.join(folder, name)
            equal(f"mode of {name}", stat.S_IMODE(os.stat(path).st_mode), 0o600)
            with open(path, "rb") as f:
                check(f"no text in {name}", "blue door".encode() not in f.read())


def processes(office):
    second = run("serve", "--dir", office.dir, "--port", "0")
    check("a second process is refused and told by whom",
          second.returncode == 4 and str(office.process.pid) in second.stdout, second.returncode, second.stdout)
    other = Office("other")
    taken = run("serve", "--dir", other.dir, "--port", str(office.port))
    equal("a port that is taken", (taken.returncode, str(office.port) in taken.stdout), (4, True))
    with open(os.path.join(other.dir, "lock"), "w", encoding="ascii") as f:
        f.write("1\n")  # of a process that is gone
    equal("a stale lock file is no lock", other.start().ask("GET", "/healthz").status, 200)
    equal("clock confirm reaches it", run("clock", "confirm", "--dir", other.dir).returncode, 0)
    equal("and it goes on", other.ask("GET", "/healthz").status, 200)
    equal("stop", other.stop()[0], 0)
    equal("clock confirm where nothing serves", run("clock", "confirm", "--dir", other.dir).returncode, 1)
    for call in (("serve", "--port", "65536"), ("serve", "--port", "x"), ("serve", "more"), ("nothing",), (),
                 ("init", "--community", "1"), ("clock",), ("serve", "--listen", "nowhere", "--dir", other.dir)):
        equal(f"{call} ends with 2", run(*call).returncode, 2)
    equal("no store", run("serve", "--dir", os.path.join(HOME, "none")).returncode, 2)


def signals(office):
    fifo = os.path.join(HOME, "fifo")
    os.mkfifo(fifo)
    p = subprocess.Popen([LIREN, "receipt", "verify", fifo], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(fifo, "wb"):  # returns when the program has it open
        p.send_signal(signal.SIGUSR1)
    check("SIGUSR1 ends no other command", p.wait(WAIT) >= 0, p.returncode)
    r, w = os.pipe()
    p = subprocess.Popen([LIREN, "serve", "--dir", office.dir, "--port", "0"], stdout=subprocess.PIPE, stderr=w)
    os.close(w)
    p.stdout.readline()
    os.close(r)
    p.terminate()
    equal("a log that nobody reads stops nothing", p.wait(WAIT), 0)
    p.stdout.close()


def starts():
    """Settings, keys and what an init that was cut off leaves."""
    empty = os.path.join(HOME, "empty.keys")
    os.mkdir(empty, 0o700)
    office = Office("keys-folder-there", "--keys", empty)
    equal("keys in a folder that was there", sorted(os.listdir(empty))[0], "community.key")
    equal("it serves", office.start().stop()[0], 0)
    office = Office("no-copy", "--key-copy", "")
    equal("without a copy", office.start().ask("GET", "/healthz").status, 200)
    equal("stop", office.stop()[0], 0)
    equal("there is none", sorted(os.listdir(office.dir + ".keys")), ["community.key", "signing.key"])
    cut = os.path.join(HOME, "cut-off")
    os.mkdir(cut, 0o700)
    open(os.path.join(cut, "journal.db"), "wb").close()
    equal("a journal without entries is no store", run("serve", "--dir", cut).returncode, 2)
    office = Office("cut-off")
    equal("and can be made again", office.start().stop()[0], 0)
    equal("a store is not", run("init", "--dir", cut).returncode, 2)
    with open(os.path.join(cut, "liren.yaml"), "w", encoding="utf-8") as f:
        f.write("keys: ../cut-off/within\n")
    within = run("serve", "--dir", cut)
    equal("keys within the data", (within.returncode, "must not lie within" in within.stdout), (2, True))
    with open(os.path.join(cut, "liren.yaml"), "w", encoding="utf-8") as f:
        f.write("keys: ../cut-off.keys\n")
    equal("a path that counts from the data folder", office.start().stop()[0], 0)
    nowhere = os.path.join(office.dir, "etc", "calendars", "nowhere.yaml")
    os.symlink("nothing", nowhere)
    equal("a file that cannot be read stops nothing", office.start().ask("GET", "/healthz").status, 200)
    code, log = office.stop()
    equal("and is named", (code, f"state=refused error=not-found detail=\"{nowhere} cannot" in log), (0, True))
    os.unlink(nowhere)
    calendars = os.path.dirname(nowhere)
    os.rename(calendars, calendars + "-away")
    open(calendars, "wb").close()
    code, log = office.start().stop()
    equal("a folder that is none is named", (code, f"detail=\"{calendars} cannot" in log), (0, True))
    deep = HOME
    while len(deep) < 1200:
        deep = os.path.join(deep, "d" * 200)
    os.makedirs(deep)
    os.symlink(deep, os.path.join(HOME, "short"))
    equal("a short name of a long path", run("init", "--dir", os.path.join(HOME, "short")).returncode, 2)


def main():
    office = Office("office").start()
    routes(office, Contract())
    refusals(office)
    methods(office)
    pages(office)
    packed(office)
    spellings(office)
    repeats(office)
    pagination(office)
    processes(office)
    code, log = office.stop()
    equal("an orderly stop", code, 0)
    privacy(office, log)
    stop_under_load(office)
    signals(office)
    starts()
    behind_proxy()
    shutil.rmtree(HOME)
    for why in SKIPPED:
        print("SKIPPED", why)
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


main()
