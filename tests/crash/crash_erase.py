#!/usr/bin/python3
"""Kills the server again and again (SIGKILL) while reporters erase their cases, of each of which one mail was sent and one
still lies in the outbox, and while others work. Python's standard library only.

usage: crash_erase.py --liren PATH [--rounds 6] [--seed N] [--longest-ms 400] [--keep]

A round: cases are handed in, opened (a mail goes), dispatched (a mail waits: the mail server does not answer), withdrawn;
then all at once: their erasures, the load of crash_cases.py, the mail server's answers; SIGKILL, at some time, or when a
mail was taken, or an erasure answered. What must be so: no answered erasure is
lost or done twice; a mail is not sent again once that it was taken is on record, which at most one may lack at a kill; who
is erased gets none after the next start; of what was erased nothing is in any file, in plain or as a key that opens it; the
entries replayed make the rows that are there. Choices and times of the kills come from the seed."""
import argparse
import json
import os
import random
import shlex
import shutil
import sqlite3
import tempfile
import threading
import time

import outside
import smtp
from crash_cases import LOST, TEXTS, Asked, Crash, fields

CASES = 6      # that are erased in a round
ERASERS = 2    # at a time
WAIT_S = 60
MAIL, KEYS, FILES = 3, 1, 2  # channels
SENT, ERASED = 1, 3          # how effects of mail ended


class Doomed:
    """A case to be erased, and what must be gone then."""

    def __init__(self, number, answer):
        self.id, self.secret, self.number = answer["id"], answer["secret"], number
        self.made, self.erasing = [], None
        self.contact, self.words = doomed_contact(number), doomed_words(number)


def doomed_contact(number):
    return f"doomed{number}.k7q@example.org"


def doomed_words(number):
    return f"诉求{number}号zxw{number}kvj"


class Erase(Crash):
    def __init__(self, program, check, random_, server):
        super().__init__(program, check, random_)
        self.server, self.doomed, self.now, self.kills = server, [], [], {}
        self.wrapped = {}  # data keys as they lay in keys.db: number -> bytes
        self.answers = threading.Event()  # of the mail server
        self.moment, self.at = threading.Event(), None  # of the kill; what it waits for

    # ---- what the store says ----

    def rows(self, sql, file="journal.db"):
        db = sqlite3.connect(f"file:{os.path.join(self.program.dir, file)}?mode=ro", uri=True, timeout=10)
        found = db.execute(sql).fetchall()
        db.close()
        return found

    def waiting(self, *channels):
        return self.rows(f"SELECT n, idx FROM outbox WHERE state IN (0, 2) AND channel IN ({','.join(map(str, channels))})")

    def erased(self):
        """record -> the keys that its entries name."""
        found = {}
        for (body,) in self.rows("SELECT body FROM entry"):
            entry = json.loads(bytes(body))
            if entry["kind"] == "record.erased":
                found.setdefault(entry["data"]["record"], []).extend(entry["data"]["keys"])
        return found

    def until(self, what, condition):
        end = time.monotonic() + WAIT_S
        while not condition():
            if time.monotonic() > end:
                self.check(False, what, self.rows("SELECT n, idx, channel, tries, state FROM outbox")[:20])
                return
            self.killed.wait(0.02) if not self.killed.is_set() else time.sleep(0.02)
        self.check(True, what)

    # ---- a round ----

    def must(self, client, asked):
        answer = self.ask(client, asked)
        if not answer:
            raise RuntimeError(f"{asked} is refused: {asked.status}")
        return answer

    def prepare(self, client):
        """Cases with one mail sent and one that waits."""
        desk, intake = (next(w for w in self.people if w.name == name) for name in ("desk", "intake"))
        self.now = []
        for _ in range(CASES):
            number = len(self.doomed)
            asked = Asked("report", intake, "/api/v1/cases", {
                "type": "resident-request", "for_someone": True, "at": {"lat": 225430000, "lon": 1139430000},
                "fields": fields(place="0", text=f"{doomed_words(number)} {self.random.choice(TEXTS)}", channel="phone",
                                 has_reporter="yes", drill="no", contact=doomed_contact(number))})
            case = Doomed(number, self.must(client, asked))
            self.doomed.append(case)
            self.now.append(case)
            case.made = [asked]
            self.command(client, intake, case, "open", category="0102")
        self.until("the first mails are sent", lambda: not self.waiting(MAIL))
        self.answers.clear()
        self.server.decide = self.answer_late
        for case in self.now:
            self.command(client, desk, case, "dispatch")
            self.command(client, intake, case, "withdraw")
        self.check(len(self.waiting(MAIL)) == CASES, "the second mails wait", self.waiting(MAIL))
        self.moment.clear()
        self.wrapped.update(self.rows("SELECT id, wrapped FROM data_key", "keys.db"))
        self.done += self.new
        self.new = []

    def answer_late(self, _mail):
        self.answers.wait()
        self.come("mail")
        return smtp.TAKE

    def come(self, what):
        if self.at == what:
            self.moment.set()

    def command(self, client, who, case, command, **values):
        asked = Asked("step", who, f"/api/v1/cases/{case.id}/commands", {"command": command, "fields": fields(**values)})
        self.must(client, asked)
        case.made.append(asked)

    def eraser(self, cases, random_):
        client = self.program.client()
        for case in cases:
            for asked in case.made:
                asked.erased = True
            self.killed.wait(random_.random() * 0.02)
            case.erasing = Asked("erase", Anybody, f"/api/v1/lines/{case.id}/erase", {"secret": case.secret})
            if self.ask(client, case.erasing):
                self.come("erasure")

    def back(self, random_):
        self.killed.wait(random_.random() * 0.1)
        self.answers.set()

    def wait_for_the_end(self, after):
        if not self.at:
            time.sleep(after)
        elif self.moment.wait(WAIT_S):
            time.sleep(self.random.choice((0, 0, 0.001, 0.005, 0.02, 0.05)))
        else:
            self.check(False, "the moment of the kill comes", self.at)

    def jobs(self):
        return super().jobs() + [(self.eraser, self.now[i::ERASERS]) for i in range(ERASERS)] + [(self.back,)]

    # ---- what must be so ----

    def at_a_kill(self):
        """Between what the server has and what the record says lies at most one mail."""
        waiting = set(self.waiting(MAIL))
        open_ = [effect for effect, copies in self.server.copies().items()
                 if effect in waiting and any(c.how in smtp.CONFIRMED for c in copies)]
        self.check(len(open_) <= 1, "at a kill at most one mail is taken and not recorded", open_)
        for effect in open_:
            self.kills[effect] = self.kills.get(effect, 0) + 1
        return set(self.erased()), len(self.server.mails), len(open_)

    def check_mails(self, gone, since):
        again = {doomed_contact(case.number) for case in self.doomed if case.id in gone}
        late = [mail.to for mail in self.server.mails[since:] if mail.to in again]
        self.check(not late, "who is erased gets no mail after a start", late)
        for effect, copies in self.server.copies().items():
            taken = [c for c in copies if c.how in smtp.CONFIRMED]
            self.check(len(taken) <= 1 + self.kills.get(effect, 0), "no mail is sent again that was recorded as taken", effect,
                       [c.to for c in copies], self.kills)
        taken = {e for e, copies in self.server.copies().items() if any(c.how in smtp.CONFIRMED for c in copies)}
        ended = dict(self.rows(f"SELECT how, effects FROM outbox_ended WHERE channel = {MAIL}"))
        lost = len(taken) - ended.get(SENT, 0)  # taken, then killed, then erased: nobody sends it again to hear that
        self.check(0 <= lost <= len(self.kills), "what was taken is counted once", len(taken), ended, self.kills)
        self.check(ended.get(SENT, 0) + ended.get(ERASED, 0) == 2 * len(self.doomed), "each mail ends once", ended)
        return ended

    def files(self):
        """Every file of the store, its keys, its copy of them and its log."""
        top = os.path.dirname(self.program.dir)
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.isfile(path):
                    continue  # a socket
                try:
                    with open(path, "rb") as f:
                        yield path, f.read()
                except FileNotFoundError:
                    pass

    def check_gone(self):
        self.until("the keys are destroyed", lambda: not self.waiting(KEYS, FILES))
        erased, client = self.erased(), self.program.client()
        done = [case for case in self.doomed if case.id in erased]
        numbers = {n for case in done for n in erased[case.id]}
        self.check(all(erased[case.id] for case in done) and numbers <= set(self.wrapped), "an erasure names keys", erased)
        there = {n for n, in self.rows("SELECT id FROM data_key", "keys.db")}
        self.check(not numbers & there, "no key that was destroyed is in the keys", numbers & there)
        secrets = {f"key {n}": self.wrapped[n] for n in numbers}
        for case in self.doomed:  # no name and no word is plain, erased or not
            secrets[f"contact {case.number}"] = case.contact.split("@")[0].encode()
            secrets[f"words {case.number}"] = case.words.encode()
        living = self.wrapped[min(set(self.wrapped) & there)]
        found, living_found = [], 0
        for path, content in self.files():
            found += [(what, path) for what, secret in secrets.items() if secret in content]
            living_found += living in content
        self.check(not found, "nothing of what was erased is in any file", found[:5])
        self.check(living_found >= 1, "where a key that lives is found", living_found)
        for case in done[-CASES:]:
            status, body = client.call("POST", f"/api/v1/cases/{case.id}/texts", {"texts": [{"field": "text", "n": case.id}]},
                                       outside.new_key(), {"Authorization": "Case " + case.secret})
            self.check(status in (401, 403, 410), "its secret opens nothing", status, body)
            again = case.made[0]
            status, body = again.send(client)
            self.check(status in (200, 201, 410) and "secret" not in body, "its report sent again brings no secret back", status,
                       body)
        return len(done)

    def round(self, number, longest_ms):
        client = self.program.client()
        self.killed.clear()
        self.prepare(client)
        self.at = (None, "mail", "erasure")[number % 3]
        _, after = self.work_and_end(longest_ms, self.program.kill)
        self.server.drop(self.answers.set)
        self.server.decide = lambda mail: smtp.TAKE
        unanswered = sum(1 for case in self.now if not case.erasing or not case.erasing.answer)
        gone, since, open_ = self.at_a_kill()
        for case in self.now:
            if case.erasing and case.erasing.answer:
                self.check(case.id in gone, "an answered erasure stands", case.id)
        self.check_files()
        self.program.start()
        client = self.program.client()
        self.check_sessions(client)
        self.send_again(client)
        for case in self.now:  # who did not come to it does it now
            if not case.erasing:
                self.eraser([case], self.random)
        self.done += self.new
        self.new = []
        self.until("the mails that waited are over", lambda: not self.waiting(MAIL))
        ended, erased = self.check_mails(gone, since), self.check_gone()
        entries = self.check_journal()
        self.check_log(client)
        print(f"round {number}: killed {'at an answered ' + self.at if self.at else f'after {after * 1000:.0f} ms'}, {len(gone)} erased by then, {unanswered} erasures without an "
              f"answer, {open_} mails taken and not recorded; {erased} erased, mails {ended}, {entries} entries", flush=True)

    def run(self, rounds, longest_ms):
        self.make_accounts()
        self.program.start()
        self.people = [self.sign_in(name) for name in ("desk", "intake", "urb", "pmc")]
        for number in range(1, rounds + 1):
            self.round(number, longest_ms)
        ended = dict(self.rows(f"SELECT how, effects FROM outbox_ended WHERE channel = {MAIL}"))
        self.check(ended.get(SENT, 0) >= len(self.doomed) and ended.get(ERASED, 0) > 0, "mails of the erased were sent and stopped",
                   ended)
        self.check(self.program.stop() == 0, "the server stops with 0")
        self.check_files()


class Anybody:
    """Nobody: whoever has the secret in the body."""
    name = "reporter"

    @staticmethod
    def head(_secret=None):
        return {}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--liren", required=True)
    p.add_argument("--rounds", type=int, default=6)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--longest-ms", type=int, default=400)
    p.add_argument("--keep", action="store_true", help="leave the store behind")
    o = p.parse_args()
    seed = o.seed if o.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    folder, check = tempfile.mkdtemp(prefix="liren-crash-erase-"), outside.Checks()
    program, server = outside.Program(shlex.split(o.liren), folder), smtp.Smtp()
    program.init()
    smtp.set_mail(program.dir, server.port)
    try:
        Erase(program, check, random.Random(seed), server).run(o.rounds, o.longest_ms)
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
