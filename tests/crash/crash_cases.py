#!/usr/bin/python3
"""Kills the server again and again (SIGKILL) while clients hand in reports, do steps, open texts and attach files, and
checks from outside that nothing answered is lost, doubled or changed. Python's standard library only.

usage: crash_cases.py --liren PATH [--rounds 5] [--seed N] [--longest-ms 1500] [--keep]

Clients are residents by the secret of their report and staff by their session, begun once and used through every kill.
A round: start; send again, with its request id, what had no answer and some of what had; compare; work until the kill;
`journal verify` and `journal rebuild` on what the kill left, each attachment with its file. In the end SIGTERM while they
work. Each entry of a case belongs to one answered request. Choices and times of the kills come from the seed."""
import argparse
import http.client
import json
import os
import random
import shlex
import shutil
import sqlite3
import struct
import tempfile
import threading
import time
import zlib

import outside

# LeakSanitizer cannot read the thread-local memory of libraries that were loaded while the program ran, as those of
# pictures are: it ends with a signal of its own. What glib and the loader keep there is in the list.
os.environ.setdefault("LSAN_OPTIONS", "print_suppressions=0:use_tls=0:suppressions="
                      + os.path.join(os.path.dirname(os.path.abspath(__file__)), "lsan.txt"))

LOST = (OSError, http.client.HTTPException)
STAFF = [("desk", "duty_officer:DESK"), ("intake", "intake:DESK"), ("urb", "unit_handler:URB"), ("pmc", "unit_handler:PMC")]
RESIDENTS = 3
SENT_AGAIN = 40  # earlier requests that are sent again in each round
BUSY = (503, 507)  # nothing was saved, try again
TEXTS = ["三坊巷口路灯不亮，晚上看不见路", "the lamp at the gate is out", "\"quotes\" \\ and\ttabs", "é🏠", "界" * 600,
         "粤B12345 堵在巷口"]
# What else may come of it: of a step that the case does not take now, of a look at a case of another unit
REFUSED = {"step": (400, 403, 409, 422), "look": (403,)}


def picture(seed):
    """A PNG of 24 × 24 pixels of one colour."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = b"\0" + bytes((seed, 255 - seed, 90)) * 24
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(row * 24)) + chunk(b"IEND", b""))


class Who:
    """Somebody who asks: an account with its session, or whoever has a report's secret."""

    def __init__(self, name, cookie=None, csrf=None, account=None):
        self.name, self.cookie, self.csrf, self.account = name, cookie, csrf, account

    def head(self, secret=None):
        if self.cookie:
            return {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        return {"Authorization": "Case " + secret} if secret else {}


class Asked:
    """A request with its id; answer: what came back with 200 or 201."""

    def __init__(self, kind, who, path, body, secret=None, media="application/json"):
        self.kind, self.who, self.path, self.body, self.secret, self.media = kind, who, path, body, secret, media
        self.key, self.answer, self.status = outside.new_key(), None, 0
        self.erased = False  # what it was answered cannot be said any more

    def send(self, client):
        return client.call("POST", self.path, self.body, self.key, {"Content-Type": self.media, **self.who.head(self.secret)})

    def __str__(self):
        return f"{self.kind} by {self.who.name} {self.path} {self.key} n={self.answer and number_of(self)}"


def number_of(asked):
    """The entry that it made; 0: reading one's own makes none."""
    return asked.answer.get("n", asked.answer.get("look", 0))


class Town:
    """What the clients know of the cases together."""

    def __init__(self):
        self.cases, self.guard = [], threading.Lock()

    def add(self, answer):
        with self.guard:
            self.cases.append({"id": answer["id"], "secret": answer["secret"], "files": []})

    def some(self, random_):
        with self.guard:
            return random_.choice(self.cases[-12:]) if self.cases else None


def fields(**values):
    return [{"field": name, "value": value} for name, value in values.items()]


class Crash:
    def __init__(self, program, check, random_):
        self.program, self.check, self.random = program, check, random_
        self.town, self.done, self.new, self.sessions = Town(), [], [], []
        self.guard, self.killed = threading.Lock(), threading.Event()

    # ---- accounts ----

    def password(self, name):
        return "correct horse battery " + name

    def make_accounts(self):
        for name, post in STAFF:
            done = self.program.run("user", "add", "--dir", self.program.dir, "--name", name, "--post", post)
            self.check(done.returncode == 0, "an account is made", done.stdout)
            done = self.program.run("user", "password", name, "--dir", self.program.dir, text_in=self.password(name) + "\n")
            self.check(done.returncode == 0, "it has a password", done.stdout)

    def sign_in(self, name):
        client = self.program.client()
        status, body = client.call("POST", "/api/v1/session", {"name": name, "password": self.password(name)})
        if status == 503 and self.killed.is_set():
            raise RuntimeError("it is stopping")
        if not self.check(status == 200 and client.cookie, "an account signs in", name, status, body):
            raise RuntimeError(f"{name} cannot sign in")
        who = Who(name, client.cookie, body["csrf"], body["account"])
        with self.guard:
            self.sessions.append(who)
        return who

    def check_sessions(self, client):
        """Every session whose beginning was answered is there, as it was."""
        for who in self.sessions:
            status, body = client.call("GET", "/api/v1/session", headers={"Cookie": who.cookie})
            self.check(status == 200 and body.get("signed_in") and body.get("account") == who.account
                       and body.get("csrf") == who.csrf, "a session goes on after a kill", who.name, status, body)

    # ---- asking ----

    def take(self, asked, status, body):
        """Remember an answer, or compare it with the one before."""
        good = status in (200, 201)
        if asked.answer:
            known = ("n", "entry", "salt", "id", "number", "secret", "look", "texts", "masked")
            self.check(good and all(body.get(k) == asked.answer.get(k) for k in known),
                       "sent again, a request is answered as before", asked, status, asked.answer, body)
        elif good:
            asked.answer, asked.status = body, status
            if "entry" in body:
                self.check(json.loads(body["entry"])["n"] == body["n"], "the entry has its number", body)
        else:
            self.check(status in (*BUSY, *REFUSED.get(asked.kind, ())),
                       f"a {asked.kind} is taken", asked, status, body)
            asked.status = status

    def ask(self, client, asked):
        with self.guard:
            self.new.append(asked)
        self.take(asked, *asked.send(client))
        return asked.answer

    def hand_in(self, client, who, random_):
        # each text once, so that a doubled report cannot hide
        body = {"type": "resident-request", "at": {"lat": 225430000, "lon": 1139430000},
                "fields": fields(place="0", text=f"{random_.choice(TEXTS)} {random_.random()}", channel="portal",
                                 has_reporter="yes", drill="no")}
        if who.cookie:
            body["for_someone"] = True
        answer = self.ask(client, Asked("report", who, "/api/v1/cases", body))
        if answer and self.check("secret" in answer, "a report is answered with its secret", answer):
            self.town.add(answer)

    def step(self, client, who, case, command, secret=None, **values):
        return self.ask(client, Asked("step", who, f"/api/v1/cases/{case['id']}/commands",
                                      {"command": command, "fields": fields(**values)}, secret))

    def attach(self, client, who, case, random_, secret=None):
        asked = Asked("attach", who, f"/api/v1/cases/{case['id']}/attachments?field=photos", picture(random_.randrange(256)),
                      secret, "application/octet-stream")
        answer = self.ask(client, asked)
        if answer:
            case["files"].append(answer["n"])

    def look(self, client, who, case, secret=None):
        body = {"texts": [{"field": "text", "n": case["id"]}]}
        answer = self.ask(client, Asked("look", who, f"/api/v1/cases/{case['id']}/texts", body, secret))
        if answer:
            self.check(len(answer["texts"]) == 1 and answer["texts"][0]["text"], "a look opens the text", answer)
            self.check(("look" in answer) == (secret is None), "a look is on the record, reading one's own is none", answer)

    def open_file(self, client, case, random_):
        """The bytes, the same each time."""
        n = random_.choice(case["files"])
        status, body = client.call("POST", f"/api/v1/cases/{case['id']}/attachments/{n}/open", {}, outside.new_key(),
                                   {"Authorization": "Case " + case["secret"]})
        self.check(status in BUSY or (status == 200 and body.startswith(b"\xff\xd8")), "an attachment opens", n, status, body[:200])

    def resident(self, random_):
        client, who, dice = self.program.client(), Who("resident"), random_.random
        while not self.killed.is_set():
            case = self.town.some(random_)
            if not case or (what := dice()) < 0.4:
                self.hand_in(client, who, random_)
            elif what < 0.6:
                self.step(client, who, case, "message", case["secret"], message=random_.choice(TEXTS))
            elif what < 0.75:
                self.attach(client, who, case, random_, case["secret"])
            elif what < 0.9 or not case["files"]:
                self.look(client, who, case, case["secret"])
            else:
                self.open_file(client, case, random_)

    def staff(self, who, random_):
        client, dice = self.program.client(), random_.random
        ways = {"desk": [("dispatch", {})], "intake": [("open", {"category": "0102"})]}
        unit = [("receive", {}), ("contact", {"contact_outcome": "reached"})]
        while not self.killed.is_set():
            case = self.town.some(random_)
            if not case:
                self.killed.wait(0.005)
            elif (what := dice()) < 0.5:
                command, values = random_.choice(ways.get(who.name, unit))
                self.step(client, who, case, command, **values)
            elif what < 0.7:
                self.step(client, who, case, "message", message=random_.choice(TEXTS))
            elif what < 0.95:
                self.look(client, who, case)
            elif what < 0.98 and who.name == "intake":
                self.hand_in(client, who, random_)
            elif what > 0.99:
                self.sign_in(who.name)

    def until_killed(self, work, *args):
        try:
            work(*args)
        except (*LOST, RuntimeError) as e:
            self.check(self.killed.is_set(), "only the kill ends a connection", repr(e))

    def jobs(self):
        return [(self.resident,) for _ in range(RESIDENTS)] + [(self.staff, who) for who in self.people]

    def wait_for_the_end(self, after):
        time.sleep(after)

    def work_and_end(self, longest_ms, end):
        """Clients work until `end` ends the server: what it says, and after how long it was called."""
        self.killed.clear()
        after = self.random.uniform(0.05, longest_ms / 1000)
        threads = [threading.Thread(target=self.until_killed, args=(*job, random.Random(self.random.random())))
                   for job in self.jobs()]
        for t in threads:
            t.start()
        self.wait_for_the_end(after)
        self.killed.set()
        said = end()
        for t in threads:
            t.join()
        return said, after

    def stop_under_load(self, longest_ms):
        """SIGTERM answers or refuses everything: what is in the journal was answered, without asking again."""
        code, _ = self.work_and_end(longest_ms, self.program.stop)
        self.check(code == 0, "SIGTERM under load ends with 0", code)
        self.check(any(a.answer for a in self.new), "requests were answered before SIGTERM")
        self.done += [a for a in self.new if a.answer]
        self.new = [a for a in self.new if not a.answer]
        self.check_journal()
        self.check_files()
        self.program.start()
        client = self.program.client()
        self.check_sessions(client)
        self.send_again(client)
        self.check_journal()

    # ---- what must be so ----

    def send_again(self, client):
        for asked in self.new:
            if asked.answer or asked.status not in (0, *BUSY):
                continue
            self.take(asked, *asked.send(client))
            if asked.kind == "report" and asked.answer:
                self.town.add(asked.answer)
        answered = [a for a in self.new if a.answer]
        old = [a for a in self.done if not a.erased]
        old = self.random.sample(old, min(SENT_AGAIN, len(old)))
        for asked in answered[-SENT_AGAIN:] + old:
            self.take(asked, *asked.send(client))
        for asked in [a for a in old if a.kind == "report"][:3]:
            other = Asked(asked.kind, asked.who, asked.path, {**asked.body, "happened": 1})
            other.key = asked.key
            status, body = other.send(client)
            self.check(status == 422, "a request id with another body is refused", status, body)
        self.done += answered
        self.new = []

    def check_journal(self):
        """Each answered request has its entry with the bytes that were answered; each entry of a case its request."""
        with sqlite3.connect(f"file:{self.program.dir}/journal.db?mode=ro", uri=True) as db:
            entries = {n: bytes(body).decode() for n, body in db.execute("SELECT n, body FROM entry")}
        made = {}
        for asked in self.done:
            if not (n := number_of(asked)):
                continue
            self.check(n not in made, "each request has its own entry", asked, made.get(n))
            made[n] = asked
            self.check(n in entries and asked.answer.get("entry", entries[n]) == entries[n],
                       "an answered entry stands in the journal with the same bytes", asked, entries.get(n))
        mine = {n for n, body in entries.items() if json.loads(body)["kind"].startswith("case.")
                or json.loads(body)["kind"] in ("look", "record.erased")}
        self.check(sorted(entries) == list(range(1, len(entries) + 1)), "entries are numbered without a gap")
        self.check(mine == set(made), "each entry of a case was answered once",
                   [entries[n] for n in sorted(mine - set(made))[:3]], sorted(set(made) - mine)[:3])
        return len(made)

    def check_log(self, client):
        """The entry and salt that were answered are what the public tree commits to."""
        _, status = client.call("GET", "/api/v1/status")
        until = time.monotonic() + 5
        while (found := client.checkpoint()) and found[1] < status["entries"] and time.monotonic() < until:
            time.sleep(0.02)
        if not self.check(found and found[1] >= status["entries"], "a checkpoint covers all entries", found, status):
            return
        leaves = client.commitments(found[1])
        for a in (asked.answer for asked in self.done if "entry" in asked.answer):
            self.check(leaves[a["n"] - 1] == outside.commitment(a["entry"], a["salt"]), "an answered entry stands in the log", a)

    def check_files(self):
        for args in (("journal", "verify"), ("journal", "rebuild")):
            done = self.program.run(*args, "--dir", self.program.dir, *self.program.init_args)
            self.check(done.returncode == 0, " ".join(args) + " finds nothing wrong", done.returncode, done.stdout)
        self.check_attachments()

    def check_attachments(self):
        """Every attachment that an entry names has its sealed file, of its size."""
        with sqlite3.connect(f"file:{self.program.dir}/journal.db?mode=ro", uri=True) as db:
            named = [(bytes(hash_).hex(), size) for hash_, size in db.execute("SELECT hash, bytes FROM attachment")]
        for hash_, size in named:
            path = os.path.join(self.program.dir, "attachments", hash_[:2], hash_[2:])
            there = os.path.getsize(path) if os.path.exists(path) else None
            self.check(there == size, "an attachment that is named has its file", hash_, size, there)

    def run(self, rounds, longest_ms):
        self.make_accounts()
        self.program.start()
        self.people = [self.sign_in(name) for name, _ in STAFF]
        for number in range(1, rounds + 1):
            _, after = self.work_and_end(longest_ms, self.program.kill)
            unanswered = sum(1 for a in self.new if a.status == 0)
            asked = len(self.new)
            self.check_files()
            begin = self.program.start()
            client = self.program.client()
            self.check_sessions(client)
            self.send_again(client)
            entries = self.check_journal()
            self.check_log(client)
            print(f"round {number}: killed after {after * 1000:.0f} ms, {asked} requests, {unanswered} without an answer, "
                  f"started in {begin * 1000:.0f} ms, {entries} entries answered so far", flush=True)
        kinds = {a.kind for a in self.done}
        self.check(kinds == {"report", "step", "look", "attach"}, "everything was tried", kinds)
        self.stop_under_load(longest_ms)
        self.check(self.program.stop() == 0, "the server stops with 0")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--liren", required=True)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--longest-ms", type=int, default=1500)
    p.add_argument("--keep", action="store_true", help="leave the store behind")
    o = p.parse_args()
    seed = o.seed if o.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    folder, check = tempfile.mkdtemp(prefix="liren-crash-cases-"), outside.Checks()
    program = outside.Program(shlex.split(o.liren), folder)
    program.init()
    try:
        Crash(program, check, random.Random(seed)).run(o.rounds, o.longest_ms)
    except (*LOST, RuntimeError) as e:
        check(False, "the server answers after its start", repr(e))
        program.abandon()
    if o.keep or check.shown:
        print("left behind:", folder)
    else:
        shutil.rmtree(folder)
    raise SystemExit(check.end())


if __name__ == "__main__":
    main()
