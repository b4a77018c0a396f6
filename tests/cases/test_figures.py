#!/usr/bin/python3
"""Figures counted twice: a store with some thousand random orders, every figure it shows against tools/figures.py, which
reads the entries alone; the rates that the program prints against those of the tool; and that a figure or an entry
which somebody changed is found. usage: test_figures.py RANDOM_STORE LIREN SOURCE"""
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

RANDOM_STORE, LIREN, SOURCE = (os.path.abspath(a) for a in sys.argv[1:4])
TOOL = os.path.join(SOURCE, "tools/figures.py")
SEED, ORDERS = "13", "6000"
sys.path.insert(0, os.path.join(SOURCE, "tools"))
sys.dont_write_bytecode = True
import figures  # noqa: E402

passed, failed = 0, 0


def check(ok, name, *more):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("failed", name, *more)


def recount(journal, *args):
    done = subprocess.run([sys.executable, "-B", TOOL, journal, *args], capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def words(path, pattern):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as f:
        return re.findall(pattern, f.read())


def numbers(text):
    """Every fraction, and what is too small to be shown, in their order."""
    return re.findall(r"\d+/\d+|<10|fewer than 10", text.replace("fewer than 10", "<10"))


def try_yaml():
    """The reader of the tool, against values written down by hand."""
    text = '''# words
code: a-b   # of what
list: [x, "y: z", 'it''s']
fields:
- {name: "01", words: {zh: "一：二", en: a b}, empty: [], n: 5}
- {name: two, of: [p,
    q]}
questions:
- name: first
  answers: [{name: "yes", en: "a, b"}]
- name: second
end: yes
'''
    check(figures.yaml(text) == {
        "code": "a-b", "list": ["x", "y: z", "it's"],
        "fields": [{"name": "01", "words": {"zh": "一：二", "en": "a b"}, "empty": [], "n": "5"},
                   {"name": "two", "of": ["p", "q"]}],
        "questions": [{"name": "first", "answers": [{"name": "yes", "en": "a, b"}]}, {"name": "second"}],
        "end": "yes"}, "the tool reads YAML", figures.yaml(text))


def try_merging():
    """Cells of a rate by hand: 30 and 12 stand alone, 4 and 5 of one unit are 9 and go to the rest of all, which with
    the 3 of another is 12."""
    def cell(up, down):
        return figures.Counter({"answered": up, "called_back": down})
    rate = figures.RATES[0]
    cells = {("A", "1"): cell(10, 30), ("A", "2"): cell(1, 4), ("A", "3"): cell(2, 5), ("B", "1"): cell(3, 12),
             ("C", "1"): cell(0, 3)}
    check(figures.cells_of(cells, rate) == {("A", "1"): [10, 30], ("B", "1"): [3, 12], ("*", "*"): [3, 12]},
          "small cells are merged", figures.cells_of(cells, rate))
    del cells["A", "2"]  # 5 and 3 are too few: the smallest of the large goes along
    check(figures.cells_of(cells, rate) == {("A", "1"): [10, 30], ("*", "*"): [5, 20]},
          "a small rest is not left alone", figures.cells_of(cells, rate))


def entries(journal):
    with contextlib.closing(sqlite3.connect(journal)) as db:
        return [(n, json.loads(body)) for n, body in db.execute("SELECT n, body FROM entry ORDER BY n")]


def tamper(journal, name, change, says):
    """Change a copy of the store; the tool must see it."""
    copy = journal + ".copy"
    shutil.copy(journal, copy)
    with contextlib.closing(sqlite3.connect(copy)) as db, db:
        change(db)
    code, out = recount(copy)
    check(code == 1 and re.search(says, out), f"found: {name}", code, out[-300:])
    os.unlink(copy)


def sql(statement):
    def change(db):
        assert db.execute(statement).rowcount == 1, statement
    return change


def edit(entry, **data):
    """Other data in an entry, as somebody would who has the file."""
    n, body = entry
    body = json.loads(json.dumps(body))
    for key, value in data.items():
        body["data"][key] = value

    def change(db):
        db.execute("UPDATE entry SET body = ? WHERE n = ?", (json.dumps(body, sort_keys=True).encode(), n))
    return change


def try_tampering(journal):
    all_ = entries(journal)
    moved = [e for e in all_ if e[1]["kind"] == "case.moved" and not e[1]["data"]["drill"]]
    one = "WHERE rowid IS NULL"
    with contextlib.closing(sqlite3.connect(journal)) as db:
        key = db.execute("SELECT month, unit, category, name FROM figure WHERE name = 'in_time'").fetchone()
    one = "WHERE month = %d AND unit = '%s' AND category = '%s' AND name = '%s'" % key
    where = " ".join(str(k) for k in key)
    tamper(journal, "a figure that is one more", sql(f"UPDATE figure SET cases = cases + 1 {one}"), where)
    tamper(journal, "a figure that is gone", sql(f"DELETE FROM figure {one}"), where)
    tamper(journal, "a grid's figure that is one more",
           sql("UPDATE figure_area SET cases = cases + 1 WHERE name = 'opened' AND area = 'G01' "
               "AND month = (SELECT max(month) FROM figure_area WHERE name = 'opened' AND area = 'G01')"),
           "G01 opened: shown")
    tamper(journal, "a hand-back that nobody upheld",
           sql("INSERT INTO hand_back VALUES ('0102', 'G99', 'URB', 'PMC', 1, 1)"), "G99 URB PMC: shown 1, counted 0")
    tamper(journal, "a figure of nothing", sql("INSERT INTO figure VALUES (202606, 'URB', '0102', 'invented', 1)"),
           "invented: shown 1, counted 0")
    # what is counted where an answer is accepted goes by the entry that fed it back
    accepted = {e[1]["data"]["case"] for e in moved if "in_time" in e[1]["data"]["figures"]}
    in_time = next(e for e in moved if e[1]["data"]["command"] == "feedback" and e[1]["data"]["case"] in accepted
                   and e[1]["data"]["clocks"]["done"]["ended"] <= e[1]["data"]["clocks"]["done"]["due"])
    late = json.loads(json.dumps(in_time[1]["data"]["clocks"]))
    late["done"]["ended"] = late["done"]["due"] + 1
    tamper(journal, "late work that is called in time", edit(in_time, clocks=late), "in_time: shown")
    solved = next(e for e in moved if "solved" in e[1]["data"]["figures"])
    tamper(journal, "an answer that leads elsewhere", edit(solved, state="not_confirmed"), f"entry {solved[0]}: it leads to")
    rated = next(e for e in moved if "rated" in e[1]["data"]["figures"])
    other = "2" if rated[1]["data"]["fields"]["answer_rate"] in "45" else "5"
    tamper(journal, "another rating", edit(rated, fields={"answer_rate": other}), "satisfied: shown")
    tamper(journal, "another command", edit(rated, command="end"), f"entry {rated[0]}: rate cannot be done by end")
    new = next(e for e in all_ if e[1]["kind"] == "case.handed_in" and e[1]["data"]["fields"]["drill"] == 0)
    tamper(journal, "a case that is called a drill", edit(new, fields={**new[1]["data"]["fields"], "drill": 1}),
           "handed_in: shown")
    opened = next(e for e in moved if "opened" in e[1]["data"]["figures"] and e[1]["data"]["prev"])
    tamper(journal, "another category", edit(opened, fields={**opened[1]["data"]["fields"], "category": "0104"})
           if opened[1]["data"]["category"] != "0104" else edit(opened, fields={}), "opened: shown")
    tamper(journal, "a step left out", edit(opened, prev=1), f"entry {opened[0]}: the entry before it is")
    # what the entry says of itself is not believed
    copy = journal + ".copy"
    shutil.copy(journal, copy)
    with contextlib.closing(sqlite3.connect(copy)) as db, db:
        edit(solved, figures=[], marks=0, month=190001, counted="X", category="X", unit="X")(db)
    code, out = recount(copy)
    check(code == 0 and ", 0 differences" in out, "the tool counts by itself", code, out[-300:])


def by_grid(store, journal):
    """Three counts a grid and month; what is under ten goes together, and is shown from ten on."""
    said = subprocess.run([LIREN, "figures", "--dir", store, "--from", "2026-06", "--until", "2027-12", "--by", "grid"],
                          env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, timeout=60)
    want = []
    with contextlib.closing(sqlite3.connect(journal)) as db:
        for (month,) in db.execute("SELECT DISTINCT month FROM figure_area ORDER BY month"):
            for name, shown in (("handed_in", "handed in"), ("opened", "opened"), ("repeated", "repeated")):
                rows = db.execute("SELECT area, cases FROM figure_area WHERE month = ? AND name = ? ORDER BY area",
                                  (month, name)).fetchall()
                if not rows:
                    continue
                want.append(f"{month // 100}-{month % 100:02d} {shown}")
                want += [f"  {area or 'in no grid'}  {n}" for area, n in rows if n >= 10]
                rest = sum(n for _, n in rows if n < 10)
                if rest >= 10:
                    want.append(f"  all others together  {rest}")
                elif rest > 0:
                    want.append("  fewer than 10 cases: not shown")
    check(said.returncode == 0 and said.stdout.splitlines() == want and len(want) > 10, "liren figures --by grid",
          said.stdout[:400] + "\n".join(want[:20]))
    said = subprocess.run([LIREN, "figures", "--dir", store, "--by", "worker"], capture_output=True, text=True, timeout=60)
    check(said.returncode == 2 and "--by unit|grid" in said.stderr, "figures by worker are refused", said.stderr)


def main():
    home = tempfile.mkdtemp(prefix="liren-figures-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        made = subprocess.run([RANDOM_STORE, SEED, ORDERS], env={**os.environ, "TMPDIR": home, "LIREN_SOURCE": SOURCE},
                              capture_output=True, text=True, timeout=280)
        store = made.stdout.strip()
        check(made.returncode == 0, "a store is made", made.stderr)
        journal = os.path.join(store, "journal.db")
        try_yaml()
        try_merging()
        done = {e["data"]["command"] for _, e in entries(journal) if e["kind"] == "case.moved"}
        offered = {c for t in os.listdir(os.path.join(SOURCE, "etc/case-types"))
                   for c in words(f"etc/case-types/{t}", r"command: (\w+)")}
        check(offered <= done, "every command was done", offered - done)
        with contextlib.closing(sqlite3.connect(journal)) as db:
            shown = {row[0] for row in db.execute("SELECT DISTINCT name FROM figure")}
        named = set(words("src/cases/include/cases/figure_table.h", r'FIGURE\(\w+, "(\w+)"'))
        check(shown == named, "every figure was counted", named ^ shown)
        check(figures.NAMES == words("src/cases/include/cases/figure_table.h", r'FIGURE\(\w+, "(\w+)"'), "slots of a line in order")
        code, out = recount(journal, "--rates", "--from", "2026-06", "--until", "2027-12")
        check(code == 0 and ", 0 differences" in out, "the figures are those of the entries", out[:2000])
        said = subprocess.run([LIREN, "figures", "--dir", store, "--from", "2026-06", "--until", "2027-12"],
                              env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, timeout=60)
        check(said.returncode == 0 and len(numbers(said.stdout)) > 50, "liren figures", said.stderr)
        check(numbers(said.stdout) == numbers(out), "rates of the program and of the tool are the same",
              numbers(said.stdout)[:20], numbers(out)[:20])
        said = subprocess.run([LIREN, "figures", "--dir", store, "--from", "2026-07", "--until", "2026-07"],
                              env={**os.environ, "LC_ALL": "zh_CN.UTF-8"}, capture_output=True, text=True, timeout=60)
        check("2026-07 响应率" in said.stdout and "2026-08" not in said.stdout, "one month, in Chinese", said.stdout[:300])
        by_grid(store, journal)
        try_tampering(journal)
    finally:
        shutil.rmtree(home)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
