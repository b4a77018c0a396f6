#!/usr/bin/python3
"""The wall of the desk: how many are on duty by role and by grid, never who; a break, the end; the server is killed between
steps. usage: test_duty.py PATH-OF-liren"""
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
import uuid

from outside import Checks
from people import Office, Person

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-duty-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Office(os.path.abspath(sys.argv[1]), HOME)
HOUR = 3600 * 1000000
POSTS = (("day", "duty_officer:DESK"), ("lead", "desk_lead:DESK"), ("wat", "unit_handler:WAT"), ("svc", "unit_handler:SVC"),
         ("grid", "grid_worker:GRD:G03"), ("two", "grid_worker:GRD:G03,G04"), ("guard", "guard:PMC:G02"),
         ("fire", "fire_team:FIR"), ("above", "level_above"))


def equal(got, wanted, what):
    return check(got == wanted, what, f"got {got!r}, wanted {wanted!r}")


def went(who, what, status=201):
    return check(who.status == status, what, who.status, who.said)


def refused(who, status, words, what):
    said = who.said if isinstance(who.said, dict) else {}
    return check(who.status == status and words in json.dumps(said, ensure_ascii=False), what, who.status, said)


def entries(kind):
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True) as db:
        found = [json.loads(b) for (b,) in db.execute("SELECT CAST(body AS TEXT) FROM entry ORDER BY n")]
    db.close()
    return [e for e in found if e["kind"].startswith(kind)]


def killed():
    """As when the power goes: nothing that was answered may be missing afterwards."""
    office.kill()
    office.start()


def counts(p):
    said = p.day.get("/duty").get("counts", {})
    return ((said.get("on_duty"), said.get("on_break")), {r["name"]: (r["on_duty"], r["on_break"]) for r in said.get("roles", [])},
            {a["name"]: (a["on_duty"], a["on_break"]) for a in said.get("areas", [])})


def whose(p):
    """Who asks for what: one's own, the counts, neither."""
    equal(counts(p), ((0, 0), {}, {}), "nobody is on duty")
    equal(p.grid.get("/duty"), {"may": True}, "whoever can be sent sees their own duty, and no counts")
    equal(p.day.get("/duty")["may"], False, "a post at the desk has none")
    for who, status in ((p.wat, 403), (p.above, 403), (p.nobody, 401)):
        who.get("/duty")
        went(who, "others see neither", status)
        who.post("/duty/start", {})
        went(who, "and have no duty", status)
    p.day.post("/duty/start", {})
    went(p.day, "the desk is not sent", 403)


def starts(p):
    key = str(uuid.uuid4())
    first = p.grid.post("/duty/start", {}, key)
    went(p.grid, "on duty")
    killed()
    equal(p.grid.post("/duty/start", {}, key), first, "the same request again has the same answer")
    p.grid.post("/duty/start", {})
    refused(p.grid, 409, "on duty already", "one duty a person")
    mine = p.grid.get("/duty")["mine"]
    equal((mine["n"], mine["area"], "break_until" in mine), (first["n"], "G03", False), "one's own duty, in the grid of the post")
    check(15 * HOUR < mine["ends"] - time.time() * 1e6 <= 16 * HOUR, "it is over by itself after a cap", mine)
    p.two.post("/duty/start", {})
    refused(p.two, 400, "several grids", "of several grids one is said")
    p.two.post("/duty/start", {"area": "G02"})
    refused(p.two, 400, "none of this post's", "and it is one of the post's")
    p.two.post("/duty/start", {"area": "G04"})
    went(p.two, "then it starts")
    p.guard.post("/duty/start", {})
    went(p.guard, "a guard")
    p.fire.post("/duty/start", {})
    went(p.fire, "the fire team, in no grid")
    equal(counts(p), ((4, 0), {"fire_team": (1, 0), "grid_worker": (2, 0), "guard": (1, 0)},
                      {"": (1, 0), "G02": (1, 0), "G03": (1, 0), "G04": (1, 0)}), "the desk counts them by role and by grid")
    said = json.dumps(p.day.get("/duty"))
    check(all(word not in said for word in ("handle", "account", "since", "ends", '"n"', "at\"")), "and learns no more", said)


def pauses(p):
    until = round(time.time() * 1e6) + HOUR
    p.grid.post("/duty/resume", {})
    refused(p.grid, 409, "not on a break", "without a break none ends")
    p.grid.post("/duty/break", {"until": 1})
    refused(p.grid, 400, "ends after now", "a break ends later")
    p.grid.post("/duty/break", {"until": until + 20 * HOUR})
    refused(p.grid, 400, "ends after now", "within the duty")
    p.grid.post("/duty/break", {"until": until})
    went(p.grid, "a break")
    killed()
    equal(p.grid.get("/duty")["mine"].get("break_until"), until, "one's own break")
    equal(counts(p)[0], (4, 1), "is counted, among those on duty")
    equal(counts(p)[2]["G03"], (1, 1), "also in the grid")
    p.grid.post("/duty/resume", {})
    went(p.grid, "back before its time")
    equal(counts(p)[0], (4, 0), "and no longer counted so")


def ends(p):
    p.grid.post("/duty/end", {})
    went(p.grid, "the end")
    p.grid.post("/duty/end", {})
    refused(p.grid, 409, "not on duty", "of what is over nothing ends")
    killed()
    equal((p.grid.get("/duty"), counts(p)[0]), ({"may": True}, (3, 0)), "it is gone")
    p.grid.post("/duty/start", {})
    went(p.grid, "the next one")
    started = [e for e in entries("duty.started") if e["actor"]["role"] == "grid_worker"]
    equal(len({e["actor"]["handle"] for e in started}), 3, "each duty has a handle of its own")
    ended = entries("duty.ended")
    equal([e["actor"]["handle"] for e in ended], [started[0]["actor"]["handle"]], "under which it ended")
    all_ = entries("duty.")
    equal(({k for e in all_ for k in e["data"]}, {k for e in all_ for k in e["actor"]}),
          ({"area", "duty", "ends", "key", "over", "until"}, {"handle", "role", "unit"}), "no entry says who, or where but a grid")
    for who in (p.grid, p.two, p.guard, p.fire):
        who.post("/duty/end", {})
        went(who, "the end of the day")
    equal(counts(p), ((0, 0), {}, {}), "nobody is on duty")


def nobody_can_tell():
    """The keys behind the handles of duties that are over are gone, from the copy too, once the outbox has been through."""
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True) as db:
        kept = {k for (k,) in db.execute("SELECT key_id FROM duty")}
    db.close()
    keys = {e["data"]["key"] for e in entries("duty.started")}
    check(len(keys) == 5 and not kept, "five duties, and no row of any", keys, kept)
    with sqlite3.connect(f"file:{office.dir}/keys.db?mode=ro", uri=True) as db:
        there = {k for (k,) in db.execute("SELECT id FROM data_key")}
    db.close()
    check(not keys & there, "and no key", keys & there)


def main():
    office.init()
    office.start()
    office.lay_places()

    class People:
        nobody = Person(office)
    p = People()
    for name, post in POSTS:
        setattr(p, name, office.add(name, post))
    whose(p)
    starts(p)
    pauses(p)
    ends(p)
    killed()
    equal(office.stop(), 0, "an orderly stop")
    nobody_can_tell()
    said = office.liren("journal", "rebuild")
    check("duty" not in said, "rebuilt from the entries alone all rows are equal", said)
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
