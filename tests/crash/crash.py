#!/usr/bin/python3
"""Kills the server again and again (SIGKILL) while clients write, and checks from outside that nothing answered is lost,
doubled or changed. Python's standard library only.

usage: crash.py --liren PATH [--load PATH] [--rounds 8] [--seed N] [--clients 6] [--longest-ms 1500] [--keep]
                [--init ARGS] [--serve ARGS]

A round: start; retry what was sent without an answer; check all that the last round wrote and some of the
earlier; write with several clients until the kill, in every other round beside the load generator, so that the
groups are large; `journal verify` and `journal rebuild` on what the kill left. The times of the kills come from
the seed."""
import argparse
import http.client
import json
import os
import random
import shlex
import shutil
import subprocess
import tempfile
import threading
import time

import outside

OLD_CHECKED = 60  # earlier lines looked at again in each round
LOADED_CHECKED = 200  # lines of the load generator looked at one by one after each kill
LOAD_CONNECTIONS = 64
LOST = (OSError, http.client.HTTPException)
TEXTS = ["the lamp at the gate is out", "三栋二单元的门锁坏了", "\"quotes\" \\ and\ttabs\n", "é🏠",
         "x" * 700, "界" * 1300]


class Line:
    """A line that was sent: what came back, and the same for its erasure."""

    def __init__(self, text, key=None):
        self.key, self.text, self.answer = key or outside.new_key(), text, None
        self.erase_key, self.erase_answer = None, None

    def __str__(self):
        return f"{self.key} n={self.answer and self.answer['n']} erase={self.erase_key}"


class Crash:
    def __init__(self, program, check, random_, clients, load):
        self.program, self.check, self.random, self.clients, self.load = program, check, random_, clients, load
        self.lines, self.new, self.checkpoints = [], [], {}
        self.loaded = set()  # numbers of answered lines of the load generator that were not looked at
        self.guard, self.killed = threading.Lock(), threading.Event()

    def refused(self, what, status, body):
        """503 and 507 say that nothing was saved and to try again; everything else here is wrong."""
        self.check(status in (503, 507), what, status, body)

    def same(self, line, body):
        """Whether it is the answer from before; of the load generator's only number and secret are known."""
        return all(body.get(k) == line.answer.get(k, body.get(k)) for k in ("n", "entry", "salt"))

    def send(self, client, line):
        """Send or send again; remember the answer, or compare it with the one before."""
        status, body = client.write(line.text, line.key)
        if status == 410 and line.erase_key:
            return
        if status != 201:
            self.refused("a line is answered 201", status, body)
        elif line.answer:
            self.check(self.same(line, body), "sent again, a line is answered as before", line, body)
            line.answer = {**body, "secret": line.answer["secret"]}
        else:
            line.answer = body
            self.check(json.loads(body["entry"])["n"] == body["n"], "the entry has its number", body)
            self.check(line.text not in body["entry"], "the entry does not hold the text", body)

    def send_erase(self, client, line):
        status, body = client.erase(line.answer["n"], line.answer["secret"], line.erase_key)
        if status != 201:
            self.refused("an erasure is answered 201", status, body)
        elif line.erase_answer:
            self.check(all(body.get(k) == line.erase_answer[k] for k in ("n", "entry", "salt")),
                       "sent again, an erasure is answered as before", line, body)
        else:
            line.erase_answer = body

    def open(self, client, line):
        status, body = client.open(line.answer["n"], line.answer["secret"])
        if line.erase_answer:
            self.check(status == 410, "an erased line cannot be opened", line, status, body)
        elif status == 410:
            self.check(line.erase_key, "a line is there", line)
        elif self.check(status == 200, "a line can be opened", line, status, body):
            self.check(self.same(line, body), "an opened line is as when it was written", line, body)
            self.check([v["text"] for v in body["values"].values()] == [line.text], "and has its text", line, body)

    def write_until_killed(self, random_):
        client, mine = self.program.client(), []
        try:
            while not self.killed.is_set():
                dice = random_.random()
                done = [line for line in mine[-20:] if line.answer]
                if dice < 0.75 or not done:
                    line = Line(random_.choice(TEXTS) + str(random_.random()))
                    mine.append(line)
                    with self.guard:
                        self.new.append(line)
                    self.send(client, line)
                    continue
                line = random_.choice(done)
                if dice < 0.85:
                    line.erase_key = line.erase_key or outside.new_key()
                    self.send_erase(client, line)
                elif dice < 0.93:
                    self.send(client, line)
                else:
                    self.open(client, line)
        except LOST as e:
            self.check(self.killed.is_set(), "only the kill ends a connection", repr(e))

    def watch_checkpoints(self):
        client, last = self.program.client(), 0
        try:
            while not self.killed.is_set():
                found = client.checkpoint()
                if found:
                    self.keep_checkpoint(found)
                    self.check(found[1] >= last, "checkpoints do not shrink", found, last)
                    last = found[1]
                self.killed.wait(0.02)
        except LOST as e:
            self.check(self.killed.is_set(), "only the kill ends a connection", repr(e))

    def keep_checkpoint(self, found):
        origin, size, root = found
        with self.guard:
            before = self.checkpoints.setdefault(size, (origin, root))
        self.check(before == (origin, root), "there is one tree of a size", size)

    def start_load(self):
        out = os.path.join(os.path.dirname(self.program.dir), "load.out")
        return subprocess.Popen([self.load, "--port", str(self.program.port), "--connections", str(LOAD_CONNECTIONS),
                                 "--seconds", "60", "--body-size", "200", "--out", out], stdout=subprocess.DEVNULL), out

    def end_load(self, process, out):
        """What it wrote: all without an answer, and some with, become lines like the others."""
        self.check(process.wait(20) == 4, "the load generator ends with the server", process.returncode)
        rows = [row.rstrip("\n").split("\t") for row in open(out)]
        answered = [row for row in rows if row[1] == "201"]
        looked_at = set(row[0] for row in self.random.sample(answered, min(LOADED_CHECKED, len(answered))))
        for key, status, n, secret, _, text in rows:
            if status == "201" and key not in looked_at:
                self.check(int(n) not in self.loaded, "each line has its own number", n)
                self.loaded.add(int(n))
                continue
            line = Line(text, key)
            self.new.append(line)
            if status == "201":
                line.answer = {"n": int(n), "secret": secret}
        return len(rows)

    def write_and_kill(self, longest_ms, with_load):
        self.killed.clear()
        seeds = [self.random.random() for _ in range(self.clients)]
        after = self.random.uniform(0.02, longest_ms / 1000)
        threads = [threading.Thread(target=self.write_until_killed, args=(random.Random(s),)) for s in seeds]
        threads.append(threading.Thread(target=self.watch_checkpoints))
        load = self.start_load() if with_load else None
        for t in threads:
            t.start()
        time.sleep(after)
        self.killed.set()
        self.program.kill()
        for t in threads:
            t.join()
        return after, self.end_load(*load) if load else 0

    def check_after_start(self):
        client = self.program.client()
        old = self.random.sample(self.lines, min(OLD_CHECKED, len(self.lines)))
        for line in self.new:
            if not line.answer:
                self.send(client, line)
                self.check(line.answer, "sent again after the kill, a line is taken", line)
            if line.erase_key and not line.erase_answer:
                self.send_erase(client, line)
                self.check(line.erase_answer, "sent again after the kill, an erasure is taken", line)
        for line in self.new + old:
            if not line.answer:
                continue
            self.open(client, line)
            self.send(client, line)
            if line.erase_answer:
                self.send_erase(client, line)
        for line in old[:5]:
            status, body = client.write(line.text + "!", line.key)
            self.check(status == 422, "a request id with another body is refused", status, body)
        self.lines += self.new
        self.new = []
        self.check_list(client)
        self.check_log(client)

    def check_list(self, client):
        found, in_order = client.lines()
        known = {line.answer["n"]: line.erase_answer is not None for line in self.lines if line.answer}
        self.check(in_order, "the list is newest first")
        self.check(len(known) == sum(1 for line in self.lines if line.answer) and not self.loaded & set(known),
                   "each line has its own number")
        known.update((n, False) for n in self.loaded)
        self.check(found == known, "the list has each line once and no other",
                   "only listed:", sorted(set(found) - set(known))[:5],
                   "not listed:", sorted(set(known) - set(found))[:5],
                   "other state:", [n for n in found if n in known and found[n] != known[n]][:5])

    def check_log(self, client):
        """Wait for the checkpoint that covers all; then compare log, answers and all checkpoints ever seen."""
        _, status = client.call("GET", "/api/v1/status")
        entries, until = status["entries"], time.monotonic() + 5
        while (found := client.checkpoint()) and found[1] < entries and time.monotonic() < until:
            time.sleep(0.02)
        if not self.check(found and found[1] == entries, "a checkpoint covers all entries", found, entries):
            return
        self.keep_checkpoint(found)
        leaves = client.commitments(entries)
        answers = [a for line in self.lines for a in (line.answer, line.erase_answer) if a]
        for a in answers:
            self.check(a["n"] <= entries and leaves[a["n"] - 1] == outside.commitment(a["entry"], a["salt"]),
                       "an answered entry stands in the log", a)
        self.check(len({a["n"] for a in answers}) == len(answers), "each entry has its own number")
        self.check(max(self.checkpoints) <= entries, "no checkpoint is ahead of the journal", self.checkpoints.keys())
        roots = outside.roots_at(leaves, self.checkpoints)
        for size, (origin, root) in self.checkpoints.items():
            self.check(roots.get(size) == root and origin == found[0], "a checkpoint agrees with the later tree", size)

    def check_files(self):
        for args in (("journal", "verify"), ("journal", "rebuild")):
            done = self.program.run(*args, "--dir", self.program.dir, *self.program.init_args)
            self.check(done.returncode == 0, " ".join(args) + " finds nothing wrong", done.returncode, done.stdout)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--liren", required=True)
    p.add_argument("--load", help="the load generator")
    p.add_argument("--rounds", type=int, default=8)
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--clients", type=int, default=6)
    p.add_argument("--longest-ms", type=int, default=1500)
    p.add_argument("--keep", action="store_true", help="leave the store behind")
    p.add_argument("--init", default="", help="more arguments of init, verify and rebuild")
    p.add_argument("--serve", default="", help="more arguments of serve")
    o = p.parse_args()
    seed = o.seed if o.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    folder, check = tempfile.mkdtemp(prefix="liren-crash-"), outside.Checks()
    program = outside.Program(shlex.split(o.liren), folder, shlex.split(o.init), shlex.split(o.serve))
    program.init()
    crash = Crash(program, check, random.Random(seed), o.clients, o.load)
    for number in range(1, o.rounds + 2):
        begin = program.start()
        try:
            crash.check_after_start()
        except (*LOST, RuntimeError) as e:
            check(False, "the server answers after its start", repr(e))
            program.kill()
            break
        if number > o.rounds:
            continue
        after, loaded = crash.write_and_kill(o.longest_ms, bool(o.load) and number % 2 == 0)
        unanswered = sum(1 for line in crash.new if not line.answer)
        crash.check_files()
        print(f"round {number}: started in {begin * 1000:.0f} ms, killed after {after * 1000:.0f} ms, "
              f"{len(crash.new)} lines to check, {loaded} by load, {unanswered} unanswered", flush=True)
    else:
        check(program.stop() == 0, "the server stops with 0")
        crash.check_files()
    if o.keep or check.shown:
        print("left behind:", folder)
    else:
        shutil.rmtree(folder)
    raise SystemExit(check.end())


main()
