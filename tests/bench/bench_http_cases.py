#!/usr/bin/python3
"""Durable commands of cases over HTTP, each figure beside its limit: bench_http_cases.py LIREN LOAD

Serves a new store with the shipped files and writes to it with 64 and 512 connections for SECONDS each (10): messages of
staff, who are signed in, and reports, each as many as the machine takes, then as many as must be. Then in a store whose
type of case takes ten sealed texts with a report: such reports and, as many, looks at ten texts. Then the queue, a search
and the nearest cases are asked for beside 1,000 commands a second. Load generator and server share the processors. Standard library only.

The settings: BENCH_SECONDS; CASES, how many open cases there are (2000); ONLY, one of commands, sealed, reads."""
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
CASES = int(os.environ.get("CASES", "2000"))
ONLY = os.environ.get("ONLY", "")
LIMITS = {64: (10000, 40.0), 512: (12000, 60.0)}  # commands a second at least, p99 in ms at most
OFFERED = 102  # of that rate, in hundredths: its p99 counts there, not where as many are sent as the machine takes
SEALED_PER_S = 8500
READS = [  # what, path, p99 in ms at most: what it may take within the process, and 2
    ("the queue, 50 by deadline", "/api/v1/cases?limit=50", 7),
    ("search, two characters, newest 50", "/api/v1/cases/search?limit=50&q=" + urllib.parse.quote("路灯"), 10),
    ("nearest 20 open cases", "/api/v1/cases/near?lat=225430000&lon=1139430000&limit=20", 3)]
READ_TIMES = 500
KEY = "########-####-####-####-############"  # load puts the request's own there
WORDS = ["三坊巷口路灯不亮", "楼下垃圾没有清运", "门口井盖松动有响声", "夜间施工噪音", "消防通道被占用", "水管漏水",
         "电梯停在七楼", "树枝压在电线上"]
# sealed texts beside text, contact and outside_number
MORE = ["message", "reply", "question", "refuse_ground", "place_ground", "review_ground", "answer"]


class Office:
    def __init__(self, liren, folder, name, sealed=False):
        self.liren, self.dir = liren, os.path.join(folder, name)
        self.run("init", "--dir", self.dir)
        if sealed:
            self.take_ten()
        for person, post in (("desk", "duty_officer:DESK"), ("intake", "intake:DESK")):
            self.run("user", "add", "--dir", self.dir, "--name", person, "--post", post)
            self.run("user", "password", person, "--dir", self.dir, text_in="correct horse battery\n")
        self.log = open(os.path.join(folder, name + ".log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([liren, "serve", "--dir", self.dir, "--port", "0", "--log-level", "info"],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(re.search(r"listening on http://localhost:(\d+)", self.process.stdout.readline())[1])
        self.asks = os.path.join(folder, name + ".asks")
        self.people = [self.sign_in(person) for person in ("desk", "intake")]

    def run(self, *args, text_in=None):
        subprocess.run([self.liren, *args], check=True, stdout=subprocess.DEVNULL, input=text_in, text=True)

    def take_ten(self):
        """A report of this office may hold ten sealed texts."""
        path = os.path.join(self.dir, "etc", "case-types", "resident-request.yaml")
        with open(path, encoding="utf-8") as f:
            text = f.read()
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace("start_may_fill: [", f"start_may_fill: [{', '.join(MORE)}, "))

    def cpu(self):
        """Seconds of the processor by thread: (that of http, the busiest of the others, which is the writer's)."""
        http_s, others = 0.0, []
        folder = f"/proc/{self.process.pid}/task"
        for task in os.listdir(folder):
            with open(f"{folder}/{task}/schedstat", encoding="ascii") as f, open(f"{folder}/{task}/comm", encoding="ascii") as c:
                took = int(f.read().split()[0]) / 1e9
                if c.read().startswith("MHD"):
                    http_s = took
                else:
                    others.append((took, task))
        return http_s, dict((task, took) for took, task in others)

    def measured(self, what, load, rate="", p99=""):
        """A load that was begun just now, to its end."""
        http_s, others = self.cpu()
        got = ended(load)
        http_e, others_e = self.cpu()
        busiest = max(took - others.get(task, 0) for task, took in others_e.items())
        report(what, got["per_s"], "1/s", ">=" if rate else "", rate)
        report("  p50", got["p50_us"] / 1000, "ms")
        report("  p99", got["p99_us"] / 1000, "ms", "<=" if p99 else "", p99)
        report("  processor a command, thread of http", (http_e - http_s) / got["answered"] * 1e6, "us")
        report("  processor a command, thread of the writer", busiest / got["answered"] * 1e6, "us")

    def call(self, method, path, body=None, who=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        head = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        if who:
            head.update({"Cookie": who[0], "X-CSRF-Token": who[1]})
        c.request(method, path, json.dumps(body) if body is not None else None, head)
        r = c.getresponse()
        got = r.read()
        c.close()
        if r.status not in (200, 201):
            sys.exit(f"bench: {method} {path}: {r.status} {got.decode()}")
        return json.loads(got), r.getheader("Set-Cookie", "").split(";")[0]

    def sign_in(self, person):
        body, cookie = self.call("POST", "/api/v1/session", {"name": person, "password": "correct horse battery"})
        return cookie, body["csrf"]

    def load(self, program, connections, rows, *more):
        with open(self.asks, "w", encoding="utf-8") as f:
            f.writelines("\t".join(row) + "\n" for row in rows)
        return subprocess.Popen([program, "--port", str(self.port), "--connections", str(connections), "--asks", self.asks,
                                 "--json", *more], stdout=subprocess.PIPE, text=True)

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=120) != 0:
            sys.exit("bench: the server did not stop with 0")
        self.log.seek(0)
        found = re.search(r"commands=(\d+) groups=(\d+)", self.log.read())
        return int(found[1]) / int(found[2])


def ended(load):
    said = load.communicate()[0]
    if load.returncode != 0:
        sys.exit(f"bench: load ended with {load.returncode}: {said}")
    got = json.loads(said.strip().splitlines()[-1])
    if set(got["status"]) - {"200", "201"} or got["errors"]:
        sys.exit(f"bench: not everything was done: {got}")
    return got


def body_of(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fields(**values):
    return [{"field": name, "value": value} for name, value in values.items()]


def report_of(i, **more):
    return {"type": "resident-request", "at": {"lat": 225430000 + i % 997 * 100, "lon": 1139430000 + i % 787 * 100},
            "fields": fields(place="0", text=f"{WORDS[i % len(WORDS)]} {KEY}", channel="phone", has_reporter="yes", drill="no",
                             **more)}


def ask_for_report(i, **more):
    return ("/api/v1/cases", "", "", body_of(report_of(i, **more)))


def make_cases(office, program, rows, n):
    """That there are so many open cases; their ids."""
    out = office.asks + ".out"
    ended(office.load(program, 64, rows, "--requests", str(n), "--out", out))
    with open(out, encoding="utf-8") as f:
        return [int(line.split("\t")[2]) for line in f]


def report(what, got, unit, relation="", limit=""):
    print(f"{what:<58} {got:>12.1f} {unit:<10} {relation} {limit}", flush=True)


def commands(liren, program, folder):
    office = Office(liren, folder, "commands")
    ids = make_cases(office, program, [ask_for_report(i) for i in range(64)], CASES)
    messages = [(f"/api/v1/cases/{n}/commands", *office.people[i % 2],
                 body_of({"command": "message", "fields": fields(message="明天上午去看，请留门。")})) for i, n in enumerate(ids)]
    reports = [ask_for_report(i) for i in range(64)]
    for connections, (rate, p99) in LIMITS.items():
        for what, rows in (("messages of staff", messages), ("reports handed in", reports)):
            office.measured(f"{what} over HTTP, {connections} connections",
                            office.load(program, connections, rows, "--seconds", str(SECONDS)), rate)
            office.measured(f"  as many as must be: {rate * OFFERED // 100}/s",
                            office.load(program, connections, rows, "--seconds", str(SECONDS), "--rate", str(rate * OFFERED // 100)),
                            rate, p99)
    report("commands in a group, mean", office.stop(), "")


def sealed(liren, program, folder):
    office = Office(liren, folder, "sealed", True)
    ten = {name: "补充：请从北门进，门禁在左手边。" for name in MORE}
    rows = [ask_for_report(i, contact="138 0013 8000", outside_number="A-17", **ten) for i in range(64)]
    names = ["text", "contact", "outside_number", *MORE]
    ids = make_cases(office, program, rows, CASES)
    looks = [(f"/api/v1/cases/{n}/texts", *office.people[1], body_of({"texts": [{"field": f, "n": n} for f in names]}))
             for n in ids]
    both = [row for i, look in enumerate(looks) for row in (rows[i % len(rows)], look)]
    for connections in LIMITS:
        office.measured(f"reports with ten sealed texts and looks at ten, {connections}",
                        office.load(program, connections, both, "--seconds", str(SECONDS)), SEALED_PER_S)
    office.stop()


def reads(liren, program, folder):
    office = Office(liren, folder, "reads")
    ids = make_cases(office, program, [ask_for_report(i) for i in range(997)], CASES)
    messages = [(f"/api/v1/cases/{n}/commands", *office.people[i % 2],
                 body_of({"command": "message", "fields": fields(message="明天上午去看，请留门。")})) for i, n in enumerate(ids)]
    for what, path, p99 in READS:
        load = office.load(program, 64, messages, "--rate", "1000", "--seconds", "5")
        c, took = http.client.HTTPConnection("127.0.0.1", office.port, timeout=60), []
        for _ in range(READ_TIMES):
            begin = time.perf_counter()
            c.request("GET", path, headers={"Cookie": office.people[0][0]})
            r = c.getresponse()
            got = r.read()
            took.append((time.perf_counter() - begin) * 1000)
            if r.status != 200:
                sys.exit(f"bench: {path}: {r.status} {got.decode()}")
        c.close()
        took.sort()
        got = ended(load)
        report(f"{what}, of {CASES} open, beside commands: p50", took[len(took) // 2], "ms")
        report("  p99", took[len(took) * 99 // 100], "ms", "<=", p99)
        report("  commands meanwhile", got["per_s"], "1/s")
    office.stop()


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR") or ".", prefix="liren-bench-") as folder:
        print("load of the machine before: %.1f %.1f %.1f" % os.getloadavg(), flush=True)
        for part in (commands, sealed, reads):
            if ONLY in ("", part.__name__):
                part(*sys.argv[1:3], folder)
        print("load of the machine after: %.1f %.1f %.1f" % os.getloadavg(), flush=True)


main()
