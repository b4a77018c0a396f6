#!/usr/bin/env python3
"""Count the tests that ./run test has run.

usage: count_tests.py REPORTS PART...          a row for each part, the skipped and failed by name, then the total
       count_tests.py REPORTS --row PART       the row of one part

REPORTS/PART holds what the part wrote; each file is counted by its name:
  ended.txt        exit status and seconds; a status that is not 0 is a failure when no test of the part is one
  meson.json       meson's testlog.json: a cmocka program counts by its tests, a program that prints its own line
                   `N passed, N failed` (and `, N skipped`) by that, any other as one; lines `failed NAME` and
                   `SKIP: reason` name what is behind the numbers
  go.txt           go test -v
  *.unittest.txt   python -m unittest -v
  vitest.json, playwright.json    their JSON reporters
  counted.txt      such a line of its own
  steps.txt        lines `ok NAME`, `failed NAME`, `SKIP: reason`
The last line of all is the total alone; the exit status is 1 when anything failed. A part in which nothing was
counted has failed: a test that vanished is not a test that passed. Depends on the standard library only.
"""
import json
import os
import re
import sys

COUNTED = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.M)
SKIP = re.compile(r"^SKIP: (.+)$", re.M)
FAILED = re.compile(r"^failed +(.+)$", re.M)


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []  # names
        self.skipped = []  # (name, reason)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def total(self):
        return self.passed + len(self.failed) + len(self.skipped)


def own_line(name, text):
    """The last line `N passed, N failed, N skipped` of a text, or None."""
    lines = COUNTED.findall(text)
    if not lines:
        return None
    passed, failed, skipped = (int(n or 0) for n in lines[-1])
    c = Count()
    c.passed = passed
    names = [f"{name}/{what}" if name else what for what in FAILED.findall(text)]
    c.failed = (names + [name] * failed)[:failed]
    reasons = SKIP.findall(text)
    reasons += ["no reason given"] * (skipped - len(reasons))
    c.skipped = [(name, r) for r in reasons[:skipped]]
    return c


def cmocka(name, text):
    """The tests of a cmocka program; None when it is none. One that began and did not end has failed."""
    if not re.search(r"^\[=+\] .*Running \d+ test\(s\)", text, re.M):
        return None
    c = Count()
    results = re.findall(r"^\[ +(OK|FAILED|ERROR|SKIPPED) +\] (\S+)$", text, re.M)
    ended = {}
    for word, test in results:
        ended.setdefault(test, word)
    reasons = SKIP.findall(text)
    for test, word in ended.items():
        if word == "OK":
            c.passed += 1
        elif word == "SKIPPED":
            reason = reasons.pop(0) if reasons else "no reason given"
            c.skipped.append((f"{name}/{test}", reason))
        else:
            c.failed.append(f"{name}/{test}")
    for test in re.findall(r"^\[ RUN +\] (\S+)$", text, re.M):
        if test not in ended:
            c.failed.append(f"{name}/{test} (did not end)")
    return c


def meson(text):
    c = Count()
    for line in text.splitlines():
        t = json.loads(line)
        name = t["name"]
        printed = (t.get("stdout") or "") + "\n" + (t.get("stderr") or "")
        one = cmocka(name, printed) or own_line(name, printed) or Count()
        good = t["result"] in ("OK", "EXPECTEDFAIL")
        if t["result"] == "SKIP":
            one = Count()
            one.skipped = [(name, (SKIP.findall(printed) or ["no reason given"])[-1])]
        elif good and one.total() == 0:
            one.passed = 1
        elif not good and not one.failed:
            one.failed.append(f"{name} ({t['result'].lower()})")
        c.add(one)
    return c


def go(text):
    c = Count()
    c.passed = len(re.findall(r"^--- PASS: ", text, re.M))
    c.failed = re.findall(r"^--- FAIL: (\S+)", text, re.M)
    # The reason stands before the result, in what the test printed.
    for printed, name in re.findall(r"((?:^    .*\n)*)^--- SKIP: (\S+)", text, re.M):
        reason = re.sub(r"^\s*\S+\.go:\d+: ", "", printed).strip() or "no reason given"
        c.skipped.append((name, reason))
    return c


def python_unittest(text):
    c = Count()
    tests = re.findall(r"^(\w+) \(([\w.]+)\)(?:\n.*)? \.\.\. (?:.*\n)*?.*?"
                       r"\b(ok|FAIL|ERROR|skipped '.*')$", text, re.M)
    for method, where, result in tests:
        name = f"{where.split('.')[-1]}.{method}"
        if result == "ok":
            c.passed += 1
        elif result.startswith("skipped"):
            c.skipped.append((name, result[len("skipped '"):-1]))
        else:
            c.failed.append(name)
    ran = re.findall(r"^Ran (\d+) tests? in", text, re.M)
    if not ran or int(ran[-1]) != len(tests):
        c.failed.append("unittest (its lines and its total disagree)")
    return c


def vitest(text):
    c = Count()
    for file in json.loads(text)["testResults"]:
        if file["status"] == "failed" and not file["assertionResults"]:
            c.failed.append(f"{os.path.basename(file['name'])} (did not load)")
        for t in file["assertionResults"]:
            if t["status"] == "passed":
                c.passed += 1
            elif t["status"] == "failed":
                c.failed.append(t["fullName"])
            else:
                c.skipped.append((t["fullName"], t["status"]))
    return c


def playwright(text):
    c = Count()
    report = json.loads(text)

    def visit(suite):
        for spec in suite.get("specs", []):
            for t in spec["tests"]:
                name = f"{spec['title']} ({t['projectName']})" if t.get("projectName") else spec["title"]
                if t["status"] in ("expected", "flaky"):
                    c.passed += 1
                elif t["status"] == "skipped":
                    notes = [a.get("description") or a["type"] for a in t.get("annotations", [])]
                    c.skipped.append((name, "; ".join(notes) or "no reason given"))
                else:
                    c.failed.append(name)
        for inner in suite.get("suites", []):
            visit(inner)

    for suite in report["suites"]:
        visit(suite)
    c.failed += [e.get("message", "error").splitlines()[0] for e in report.get("errors", [])]
    return c


def steps(text):
    c = Count()
    for line in text.splitlines():
        word, _, rest = line.partition(" ")
        if word == "ok":
            c.passed += 1
        elif word == "failed":
            c.failed.append(rest)
        elif word == "SKIP:":
            c.skipped.append(("", rest))
    return c


COUNTERS = {
    "meson.json": meson,
    "go.txt": go,
    "vitest.json": vitest,
    "playwright.json": playwright,
    "counted.txt": lambda text: own_line("", text) or Count(),
    "steps.txt": steps,
}


def count_part(folder):
    c, status, seconds = Count(), 1, 0
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") if os.path.isfile(
                os.path.join(folder, name)) else open(os.devnull) as f:
            if name == "ended.txt":
                status, seconds = (int(word) for word in f.read().split())
            elif name in COUNTERS or name.endswith(".unittest.txt"):
                try:
                    c.add(COUNTERS.get(name, python_unittest)(f.read()))
                except (ValueError, KeyError, TypeError) as e:
                    c.failed.append(f"{name} cannot be read: {e}")
    if status != 0 and not c.failed:
        c.failed.append(f"ended with status {status}")
    if c.total() == 0:
        c.failed.append("nothing was counted")
    return c, seconds


def row(part, c, seconds):
    return (f"{part:8} {c.passed:6} passed {len(c.failed):4} failed {len(c.skipped):4} skipped"
            f" {seconds:5} s")


def main(argv):
    if len(argv) < 2:
        sys.exit(__doc__)
    reports, parts = argv[0], argv[1:]
    if parts[0] == "--row":
        c, seconds = count_part(os.path.join(reports, parts[1]))
        print(row("", c, seconds).lstrip(), flush=True)
        return 1 if c.failed else 0
    total = Count()
    print()
    for part in parts:
        c, seconds = count_part(os.path.join(reports, part))
        print(row(part, c, seconds))
        c.failed = [f"{part}: {name or 'see its log'}" for name in c.failed]
        c.skipped = [(f"{part}: {name}" if name else part, reason) for name, reason in c.skipped]
        total.add(c)
    for name, reason in total.skipped:
        print(f"skipped  {name}: {reason}")
    for name in total.failed:
        print(f"failed   {name}")
    print(f"{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
