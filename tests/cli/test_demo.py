#!/usr/bin/python3
"""liren demo from outside: a day that is played and counted twice; a clock that begins at the last entry, stands still,
is moved and holds the barrier; people who live on by themselves; accounts by the API; and that no other store has any
of it. usage: test_demo.py PATH-OF-liren SOURCE"""
import datetime
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict

from outside import Checks, Program, bars_are_well, on_a_terminal

LIREN, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
sys.path.insert(0, os.path.join(SOURCE, "tools"))
sys.dont_write_bytecode = True
import figures  # noqa: E402
FIGURES = os.path.join(SOURCE, "tools/figures.py")
HOME = tempfile.mkdtemp(prefix="liren-demo-")
DEMO = os.path.join(HOME, "store")
OUT = ("grid_worker", "building_manager", "guard", "fire_team", "volunteer") # they go out, and are on duty
HOUR = 3600 * 1000000
DAY_ENDS = int(datetime.datetime(2026, 6, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=8))).timestamp()) * 1000000
check = Checks()
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")


class Office(Program):
    """Of the command `demo`."""

    def start_demo(self, *args):
        self.process = subprocess.Popen([LIREN, "demo", "--dir", DEMO, "--port", "0", *args], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        self.port = int(re.search(r"localhost:(\d+)", self.process.stdout.readline())[1])
        return self.client()


def ask(client, method, path, body=None, who=None, key=None):
    headers = {"Cookie": who[0], "X-CSRF-Token": who[1]} if who else {}
    return client.call(method, "/api/v1" + path, body, key or (str(uuid.uuid4()) if method == "POST" else None), headers)


def tap(client, account, post=0):
    status, session = ask(client, "POST", "/demo/session", {"account": account, "post": post})
    check(status == 200, "one tap signs in", session)
    return client.cookie, session["csrf"]


def entries(where="1"):
    with sqlite3.connect(f"file:{DEMO}/journal.db?mode=ro", uri=True) as db:
        return [json.loads(row[0]) for row in db.execute(f"SELECT body FROM entry WHERE {where} ORDER BY n")]


def the_day_is_counted_twice():
    begin = time.monotonic()
    code, printed, beside = on_a_terminal(LIREN, "demo", "--once", "--dir", DEMO, timeout=600)
    check(code == 0, "the day is played to its end", code, beside)
    print(f"the day took {time.monotonic() - begin:.1f} s")
    shown = bars_are_well(check, "the day", beside)
    check({total for _, _, total in shown} == {8 * 24 * 60}, "it is measured by the minutes of the demo, the week before with it", shown[:3])
    check(len(shown) > 1000 and shown[-1][1] == 8 * 24 * 60 - 1, "to the last minute", len(shown), shown[-1:])
    check(not re.sub(r"\r(\[#* *\] \d+/\d+| +\r$)", "", beside), "nobody complained", beside)
    said = {w[0]: int(w[1]) for w in map(str.split, printed.splitlines()) if len(w) > 1 and w[1].isdigit()}
    for name in ("handed_in", "opened", "not_opened", "dispatched", "handed_back", "due", "in_time", "closed", "solved",
                 "not_solved", "rework", "repeated", "escalated", "rated", "satisfied", "answered"):
        check(said.get(name, 0) > 0, f"something was {name}", said)
    check(said["in_time"] < said["due"], "some were late", said)
    text = os.path.join(HOME, "figures.txt")
    for what, changed, code in (("as printed", printed, 0),
                                ("one more", re.sub(r"opened +\d+", f"opened {said['opened'] + 1}", printed, count=1), 1),
                                ("none at all", "", 1)):
        with open(text, "w", encoding="utf-8") as f:
            f.write(changed)
        again = subprocess.run([sys.executable, "-B", FIGURES, f"{DEMO}/journal.db", "--day", "2026-06-11", "--against", text],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        check(again.returncode == code, f"figures {what} end with {code}", again.stdout[-600:])
    second = subprocess.run([LIREN, "demo", "--once", "--dir", DEMO], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            timeout=60, check=False)
    check(second.returncode != 0 and "store" in second.stderr, "a day is played in a store of its own", second)


def a_day_that_is_cut_off():
    """It ends in order, and where nobody looks there is no bar."""
    folder = os.path.join(HOME, "cut-off")
    with subprocess.Popen([LIREN, "demo", "--once", "--dir", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        begin, moved = time.monotonic(), 0
        while moved < 5 and process.poll() is None and time.monotonic() - begin < 120:
            if os.path.exists(f"{folder}/journal.db"):
                moved = moves_of(folder)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    check(moved >= 5 and process.returncode > 0 and "not played to its end" in said, "a day that is cut off says so", moved, process.returncode, said)
    check(said.startswith("liren: ") and len(said.splitlines()) == 1 and "\r" not in said, "no bar where nobody looks", said)


def moves_of(folder):
    """How often the clock was moved; 0 where the store is being made."""
    try:
        with sqlite3.connect(f"file:{folder}/journal.db?mode=ro", uri=True) as db:
            return db.execute("SELECT count(*) FROM entry WHERE CAST(body AS TEXT) LIKE '%demo.clock_moved%'").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def the_record_says_so():
    every = entries()
    check(every[0]["kind"] == "journal.opened" and every[0]["data"]["demo"] is True, "the first entry says it is a demo")
    check(all(a["at"] <= b["at"] for a, b in zip(every, every[1:])), "time does not go back")
    moves = [e for e in every if e["kind"] == "demo.clock_moved"]
    check(moves and all(e["data"]["to"] == e["at"] > e["data"]["from"] for e in moves), "each move of the clock is an entry")
    timers = [e for e in every if e["kind"] == "case.moved" and e["actor"]["role"] == "timer"]
    check(timers and not any(e["data"]["late"] for e in timers), "no timer was late by the clock's leaps")
    lamp = [e for e in every if e["kind"] == "case.moved" and e["data"]["command"] == "hand_back"
            and e["data"]["fields"].get("hand_back_reason") == "wrong_component"]
    check(len(lamp) == 1, "the lamp was handed back once", lamp)
    way = [e["data"]["command"] for e in every if e["kind"] == "case.moved" and e["data"]["case"] == lamp[0]["data"]["case"]]
    check(way[-1] == "rate" and way.count("feedback") == 2 and "not_solved" in way, "the scripted case went its way", way)
    check(every[-1]["at"] < DAY_ENDS, "the day ended in time", every[-1]["at"])


def the_clock(office):
    last = entries()[-1]["at"]
    client = office.start_demo("--speed", "0", "--bare")
    status, clock = ask(client, "GET", "/demo/clock")
    check((status, clock) == (200, {"now": last, "speed": 0}), "it goes on at the last entry", clock, last)
    status, place = ask(client, "GET", "/office")
    check(place["demo"] is True and "生成" in place["title"] and place["now"] == last, "the office says that it is a demo", place)
    key = str(uuid.uuid4())
    to = last + 40 * HOUR
    status, clock = ask(client, "POST", "/demo/clock", {"to": to}, key=key)
    check((status, clock.get("now")) == (200, to), "it is moved", status, clock)
    timers = [e for e in entries() if e["at"] > last and e["actor"]["role"] == "timer"]
    check(timers and len({e["at"] for e in timers}) > 1 and not any(e["data"].get("late") for e in timers),
          "when it is answered every timer has gone, at its own instant", timers[:2])
    check(ask(client, "POST", "/demo/clock", {"to": to}, key=key)[0] == 200, "the same request is answered again")
    status, problem = ask(client, "POST", "/demo/clock", {"to": to - 1})
    check(status == 400 and problem["field"] == "to", "it does not go back", status, problem)
    check(ask(client, "POST", "/demo/clock", {"to": to + 93 * 24 * HOUR})[0] == 400, "nor by years at once")
    check(ask(client, "GET", "/demo/clock")[1]["now"] == to, "it stands still meanwhile")
    people = ask(client, "GET", "/demo/people")[1]["people"]
    at_work = [p for p in people if any(q["unit"] == "DESK" or q["role"] in OUT for q in p["posts"])]
    check((len(at_work), sum(bool(p["posts"]) for p in people) - len(at_work)) == (12, 9),
          "as many are at work in the neighbourhood, and around it, as README says", [p["posts"] for p in people if p["posts"]])
    houses = [e for e in entries() if e["kind"] == "place.set" and e["data"]["kind"] == "building"]
    check(len(houses) == 60, "in as many buildings", len(houses))
    of_role = {p["posts"][0]["role"]: p["account"] for p in people if p["posts"]}
    the_figures_are_merged(client, of_role)
    accounts(client, of_role)
    check(office.stop() == 0, "SIGTERM ends it")
    made = subprocess.run([LIREN, "user", "add", "--dir", DEMO, "--name", "by.a.tool"], stdout=subprocess.PIPE, text=True,
                          check=False)
    check(made.returncode == 0 and entries()[-1]["at"] == to, "a tool writes at the time that the demo has", entries()[-1])
    client = office.start_demo("--speed", "0", "--bare")
    check(ask(client, "GET", "/demo/clock")[1]["now"] == to, "and there it is found again")
    the_figures_are_published(client, of_role)
    check(office.stop() == 0, "it ends again")
    a_case_that_is_not_counted()
    it_says_that_it_is_generated()
    nobody_in_charge()


def the_figures_are_merged(client, of_role):
    """Everybody gets the rates as another program merges their cells; single counts are for those who may export."""
    counted = defaultdict(lambda: defaultdict(figures.Counter))
    with sqlite3.connect(f"file:{DEMO}/journal.db?mode=ro", uri=True) as db:
        for month, unit, category, name, cases in db.execute("SELECT * FROM figure WHERE month BETWEEN 202602 AND 202606"):
            counted[month][unit, category][name] += cases
    want, shown = [], []
    for month in sorted(counted):
        for rate in figures.RATES:
            cells = figures.cells_of(counted[month], rate)
            want += [(month, rate[0], *key, *(cells[key] if cells[key][1] >= 10 else ())) for key in
                     sorted(cells, key=figures.shown_order)]
    path = "/figures?from=202602&until=202606"
    status, said = ask(client, "GET", path)
    for r in said["rates"]:
        shown.append((r["month"], r["rate"], "*" if r["all_units"] else r.get("unit", ""),
                      "*" if r["all_categories"] else r.get("category", "")))
        if "denominator" in r:
            shown[-1] += (r["numerator"], r["denominator"], *(b["cases"] for b in r["beside"]))
    check(status == 200 and shown == want and len(want) > 30, "the rates that all may see are merged", shown, want)
    check("rows" not in said, "single counts are not for all", list(said))
    lead = ask(client, "GET", path, who=tap(client, of_role["desk_lead"]))[1]
    rows = {(r["month"], r["unit"], r["category"], r["name"]): r["cases"] for r in lead["rows"]}
    check(rows == {(m, *cell, name): n for m, cells in counted.items() for cell, of in cells.items() for name, n in of.items()},
          "but for those who may export")
    check("rows" not in ask(client, "GET", path, who=tap(client, of_role["duty_officer"]))[1], "which is not all staff")


def tool(*args):
    done = subprocess.run([sys.executable, "-B", FIGURES, f"{DEMO}/journal.db", *args], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def run(*args):
    done = subprocess.run([LIREN, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def receipt_of(n):
    path = os.path.join(HOME, f"receipt-{n}.json")
    code, text = run("journal", "prove", str(n), "--dir", DEMO)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path if code == 0 else None


def the_figures_are_published(client, of_role):
    """A month that is over becomes a file on record; whoever has a case's receipt, and nobody else, finds it there."""
    path = os.path.join(HOME, "figures-2026-06.json")
    publish = ("figures", "--publish", "2026-06", "--dir", DEMO)
    code, said = run(*publish, "--out", path)
    check(code != 0 and "over in every zone" in said and not os.path.exists(path), "not before the month is over", said)
    to = int(datetime.datetime(2026, 7, 1, 15, tzinfo=datetime.timezone.utc).timestamp()) * 1000000
    check(ask(client, "POST", "/demo/clock", {"to": to}, tap(client, of_role["desk_lead"]))[0] == 200, "the month passes")
    code, said = run(*publish, "--out", path)
    published = entries()[-1]
    check(code == 0 and f"entry {published['n']}" in said, "an office that runs puts them on record", said)
    with open(path, "rb") as f:
        text = f.read()
    check((published["kind"], published["data"]["path"], published["data"]["sha256"]) ==
          ("file.loaded", "published/figures-2026-06.json", hashlib.sha256(text).hexdigest()), "by the hash of the file", published)
    check(published["actor"]["role"] == "operator", "in the operator's name", published["actor"])
    code, said = run(*publish, "--out", path)
    check(code != 0 and path in said, "a file that is there is left", said)
    again = os.path.join(HOME, "again.json")
    check(run(*publish, "--out", again)[0] == 0 and entries()[-1]["n"] == published["n"], "once")
    with open(again, "rb") as f:
        check(f.read() == text, "and as it was")
    code, said = tool("--published", path)
    check(code == 0 and ", 0 differences" in said, "another program makes the same of the entries", said)
    file = json.loads(text)
    file["rates"][0]["numerator"] += 1
    with open(again, "w", encoding="utf-8") as f:
        json.dump(file, f)
    check(tool("--published", again)[0] == 1, "and sees a rate that is one more")
    file["cases"] = file["cases"][1:]
    counted = defaultdict(Counter)
    for e in entries("1"):
        if e["kind"] in ("case.handed_in", "case.moved"):
            for name in e["data"]["figures"]:
                counted[e["data"].get("case", e["n"]) if e["kind"] == "case.moved" else e["n"], e["data"]["month"]][name] += 1
    june = {case: of for (case, month), of in counted.items() if month == 202606}
    check(len(file["cases"]) + 1 == len(june), "a line for each case that counted", len(june))
    of_published = receipt_of(published["n"])
    verify = ("--figures", path, "--published", of_published)
    for case in list(june)[:3] + [max(june, key=lambda c: sum(june[c].values()))]:
        code, said = run("receipt", "verify", receipt_of(case), *verify)
        found = {w[0]: int(w[1]) for w in map(str.split, said.partition("is counted in")[2].splitlines()) if len(w) > 2 and w[1].isdigit()}
        check(code == 0 and found == june[case], "a receipt finds its case, and as what it was counted", said, june[case])
    code, said = run("receipt", "verify", receipt_of(case), "--figures", again, "--published", of_published)
    check(code == 1 and "not the figures" in said, "another file is refused", code, said)
    code, said = run("receipt", "verify", receipt_of(case), "--figures", path, "--published", receipt_of(case))
    check(code == 1 and "not the figures" in said, "and a receipt of something else", code, said)
    code, said = run("receipt", "verify", of_published, *verify)
    check(code == 2 and "handing a case in" in said, "a receipt of no case is told", code, said)


def it_says_that_it_is_generated():
    for args in (("figures", "--from", "2026-06", "--until", "2026-06"), ("export", "cases")):
        code, said = run(*args, "--dir", DEMO)
        check(code == 0 and "generated demo data" in said.splitlines()[0] and len(said.splitlines()) > 2,
              f"{args[0]} begins with what it is of", said[:300])
    code, said = run("doctor", "--dir", DEMO)
    ages = re.findall(r"(\d+) d old", said)
    check(code == 0 and "checkpoint" in said and not ages, "doctor counts by the clock of the demo", said)
    check("every chain" not in said and "each chain of escalation ends at somebody" in said, "whose people are all there", said)


def nobody_in_charge():
    """An office without accounts: each chain of escalation ends at nobody. With a lead those that end there do not."""
    where = os.path.join(HOME, "alone")
    check(run("init", "--dir", where, "--community", "440305002005")[0] == 0, "an office is made")
    said = run("doctor", "--dir", where)[1]
    check(re.search(r'warn  [1-9]\d* chains of escalation end at "desk lead", .*\(one is [\w-]+, \w+\)', said),
          "chains that end at nobody are told", said)
    post = subprocess.run([LIREN, "user", "add", "--dir", where, "--name", "the.lead", "--post", "desk_lead:DESK"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    check(post.returncode == 0, "a lead comes", post.stdout)
    said = run("doctor", "--dir", where)[1]
    check('end at "desk lead"' not in said and "chains of escalation end at" in said, "those of the lead are told no more", said)


def a_case_that_is_not_counted():
    """By a writer of its own, of a month in which there was nothing."""
    path = os.path.join(HOME, "figures-2026-05.json")
    code, said = run("figures", "--publish", "2026-05", "--dir", DEMO, "--out", path)
    check(code == 0 and f"entry {entries()[-1]['n']}" in said, "a store without an office publishes, too", said)
    case = next(e["n"] for e in entries() if e["kind"] == "case.handed_in")
    code, said = run("receipt", "verify", receipt_of(case), "--figures", path, "--published", receipt_of(entries()[-1]["n"]))
    check(code == 1 and "not in the figures" in said, "a case that did not count is not there", code, said)


def accounts(client, of_role):
    lead, duty = tap(client, of_role["desk_lead"]), tap(client, of_role["duty_officer"])
    new = {"kind": "staff", "name": "zhang.san", "lang": "zh", "password": "correct horse battery", "mail": "z@example.org",
           "posts": [{"role": "grid_worker", "unit": "GRD", "areas": ["G01"]}]}
    check(ask(client, "POST", "/accounts", new)[0] in (401, 403), "nobody makes accounts who is not signed in")
    check(ask(client, "POST", "/accounts", new, duty)[0] == 403, "nor does a duty officer")
    check(ask(client, "GET", "/accounts", who=duty)[0] == 403, "who does not list them either")
    key = str(uuid.uuid4())
    status, made = ask(client, "POST", "/accounts", new, lead, key)
    check(status == 201 and list(made) == ["account"], "the desk lead does", status, made)
    again = ask(client, "POST", "/accounts", new, lead, key)
    check(again == (201, made), "once, however often it is sent", again)
    check(ask(client, "POST", "/accounts", {**new, "name": "li.si"}, lead, key)[0] == 422, "another body wants another id")
    status, problem = ask(client, "POST", "/accounts", new, lead)
    check(status == 409 and problem["field"] == "name", "a name is taken once", status, problem)
    for what, wrong, field in (("a role that is none", {"posts": [{"role": "mayor"}]}, "posts"),
                               ("a mail address that is none", {"mail": "nowhere"}, "mail"),
                               ("a password with a control character", {"password": "0123456789\n"}, "password")):
        status, problem = ask(client, "POST", "/accounts", {**new, "name": "li.si", **wrong}, lead)
        check(status == 400 and problem["field"] == field, f"{what} is refused", status, problem)
    check(client.call("POST", "/api/v1/session", {"name": "zhang.san", "password": new["password"]})[0] == 200,
          "the new account signs in by its password")
    status, sheet = ask(client, "POST", "/accounts", {"kind": "resident", "name": "wang.wu", "lang": "zh", "sheet": True}, lead)
    check(status == 201 and len(sheet["codes"]) == 10, "a resident gets a sheet", status, sheet)
    check(client.call("POST", "/api/v1/session/sheet", {"sheet": sheet["sheet"], "code": sheet["codes"][0]})[0] == 200,
          "and signs in by a code of it")
    listed, cursor = [], ""
    while cursor is not None:
        status, page = ask(client, "GET", f"/accounts?limit=5{cursor}", who=lead)
        check(status == 200 and len(page["accounts"]) <= 5, "accounts are listed in pages", status, page)
        listed += page["accounts"]
        cursor = f"&cursor={page['next']}" if "next" in page else None
    ids = [a["account"] for a in listed]
    check(ids == sorted(set(ids)) and made["account"] in ids, "each once, in order", ids)
    check(sheet["account"] not in ids and all(set(a) == {"account", "posts"} for a in listed), "without names and residents")


def it_lives_on(office):
    client = office.start_demo("--speed", "3600")
    begin = time.monotonic()
    seq = ask(client, "GET", "/office")[1]["seq"]
    handed_in = 0
    while handed_in == 0 and time.monotonic() - begin < 90:
        found = entries(where=f"n > {seq}")
        handed_in = sum(e["kind"] == "case.handed_in" for e in found)
        client.call("GET", "/api/v1/office")
    check(handed_in > 0, "people hand in by themselves while it is served")
    office.process.send_signal(signal.SIGINT)
    check(office.wait(20) == 0, "SIGINT drains it")


def places(office):
    client = office.start_demo("--speed", "0", "--bare")
    found = client.call("GET", "/api/v1/places?q=%E8%8F%9C%E5%B8%82%E5%9C%BA%E6%97%81%E8%BE%B9%E9%82%A3%E6%A0%8B")[1]["places"]
    check(len(found) == 1 and "三坊8栋" in found[0]["title"], "the building next to the market is found", found)
    kinds = [e["data"]["kind"] for e in entries(where="json_extract(CAST(body AS TEXT), '$.kind') = 'place.set'")]
    check([kinds.count(k) for k in ("building", "grid", "way", "component")] == [60, 4, 10, 40], "sixty buildings, four grids",
          {k: kinds.count(k) for k in set(kinds)})
    lamp = [e["data"] for e in entries(where="json_extract(CAST(body AS TEXT), '$.data.fields.number') = 'L-03-017'")]
    check(len(lamp) == 1 and lamp[0]["fields"]["owner"] == "URB" and lamp[0]["ext"].startswith("demo:"),
          "the lamp stands under the wrong owner", lamp)
    check(office.stop() == 0, "it ends")


def no_other_store_has_it():
    folder = os.path.join(HOME, "real")
    os.mkdir(folder)
    real = Program([LIREN], folder)
    real.init()
    real.start()
    client = real.client()
    for method, path, body in (("GET", "/demo/clock", None), ("POST", "/demo/clock", {"to": 2 * DAY_ENDS}),
                               ("GET", "/demo/people", None), ("POST", "/demo/session", {"account": 1})):
        check(ask(client, method, path, body)[0] == 404, f"{method} {path} is a 404 in a store that is no demo")
    check(ask(client, "GET", "/office")[1]["demo"] is False, "which says that it is none")
    check(real.stop() == 0, "it stops")
    done = subprocess.run([LIREN, "demo", "--dir", real.dir, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=60, check=False)
    check(done.returncode != 0 and "demo" in done.stdout, "liren demo does not serve it", done.stdout)


def main():
    the_day_is_counted_twice()
    a_day_that_is_cut_off()
    the_record_says_so()
    office = Office([LIREN], HOME)
    places(office)
    the_clock(office)
    it_lives_on(office)
    no_other_store_has_it()
    code = check.end()
    shutil.rmtree(HOME)
    return code


if __name__ == "__main__":
    sys.exit(main())
