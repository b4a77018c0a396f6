#!/usr/bin/python3
"""The wall of the desk: how many are on duty by role and by grid, never who; a break, the end; the server is killed between
steps. usage: test_duty.py PATH-OF-liren OPENAPI"""
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import uuid

from contract import Answers
from outside import Checks
from people import Office, Person

check = Checks()
Person.answers = Answers(sys.argv[2], check)
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
    said = p.day.get("/duty")
    equal((set(said), set(said["counts"]), {k for row in said["counts"]["roles"] + said["counts"]["areas"] for k in row}),
          ({"may", "counts"}, {"on_duty", "on_break", "roles", "areas"}, {"name", "on_duty", "on_break", "at"}), "and learns no more")
    equal({a["name"]: "at" in a for a in said["counts"]["areas"]}, {"": False, "G02": True, "G03": True, "G04": True},
          "the place is the grid's")


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


# ---- devices ----

MAP = """source: vendor
format: csv
%s
columns: {id: no, state: status%s}
kinds: [{kind: device}]
"""
LIST = "no,name,kind,firm,lat,lon,status\nCAM-1,一坊口,camera,SVC,22.543,113.943,在线\nCAM-2,二坊口,camera,SVC,22.544,113.943,离线\n" \
       "GAS-1,三坊,gas_alarm,GAS,22.545,113.943,Offline\n"


def imported(name, rows, code=0, **more):
    """added, changed, as they were, refused"""
    file = os.path.join(HOME, name)
    with open(file + ".csv", "w", encoding="utf-8") as f:
        f.write(rows)
    with open(file + ".yaml", "w", encoding="utf-8") as f:
        f.write(MAP % ("only: state" if more.get("only") else "datum: WGS-84", "" if more.get("only") else
                       ", name: name, device_kind: kind, maintainer: firm, lat: lat, lon: lon"))
    said = office.liren("import", "places", "--map", file + ".yaml", file + ".csv", code=code)
    return [int(n) for n in re.search(r"(\d+) added, (\d+) changed, (\d+) as they were, (\d+) refused", said).groups()]


def devices(p):
    equal(imported("full", LIST), [3, 0, 0, 0], "a list of devices with their states")
    equal(imported("full", LIST), [0, 0, 3, 0], "the same again changes nothing")
    said = p.day.get("/devices")
    equal((said["working"], said["offline"], [(k["kind"], k["working"], k["offline"]) for k in said["kinds"]]),
          (1, 2, [("camera", 1, 1), ("gas_alarm", 0, 1)]), "counts by kind and state")
    rows = {d["place"]["title"]: d for d in said["list"]}
    equal({t: (d["kind"], d["maintainer"], d["source"]) for t, d in rows.items()},
          {"二坊口": ("camera", "SVC", "离线"), "三坊": ("gas_alarm", "GAS", "Offline")}, "and those that are offline")
    page = p.day.get("/devices?limit=1")
    rest = p.day.get("/devices?limit=1&cursor=" + page["next"])
    equal((page["more"], rest["more"], {page["list"][0]["n"], rest["list"][0]["n"]}), (True, False, {d["n"] for d in rows.values()}),
          "page by page")
    equal(imported("only", "no,status\nCAM-2,online\nCAM-9,offline\n", 1, only=True), [0, 1, 0, 1], "a list of states alone")
    camera, gas = rows["二坊口"]["place"]["id"], rows["三坊"]["place"]["id"]
    card = p.day.get(f"/places/{camera}")
    equal((card["place"].get("state"), len(card["fields"])), ("working", 3), "changes the state and leaves the rest")
    check("state" not in p.nobody.get(f"/places/{camera}")["place"], "which is internal")
    key = str(uuid.uuid4())
    n = p.svc.post(f"/places/{camera}/state", {"state": "offline", "source": "巡检"}, key).get("n")
    went(p.svc, "the maintainer says that it is offline", 200)
    killed()
    equal(p.svc.post(f"/places/{camera}/state", {"state": "offline", "source": "巡检"}, key), {"n": n}, "the same request again")
    equal(p.day.post(f"/places/{camera}/state", {"state": "offline"}), {"n": n}, "said again by the desk it is no entry")
    equal(p.day.get(f"/places/{camera}")["place"]["state"], "offline", "the card shows it")
    p.svc.post(f"/places/{gas}/state", {"state": "working"})
    went(p.svc, "another's device is not theirs", 403)
    p.grid.post(f"/places/{camera}/state", {"state": "working"})
    went(p.grid, "nor a grid worker's", 403)
    p.nobody.post(f"/places/{camera}/state", {"state": "working"})
    went(p.nobody, "nor anybody's", 401)
    p.day.post(f"/places/{gas}/state", {"state": "working", "since": round(time.time() * 1e6) + HOUR})
    refused(p.day, 400, "still to come", "nothing is so since a time to come")
    lamp = p.day.get("/places?q=L-03-017")["places"][0]["id"]
    p.day.post(f"/places/{lamp}/state", {"state": "working"})
    refused(p.day, 400, "no device", "what is no device has no state")
    p.day.post("/places/1/state", {"state": "working"})
    refused(p.day, 404, "no device", "nor what is no place")
    p.nobody.get("/devices")
    went(p.nobody, "the list is not for all", 401)


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
    devices(p)
    killed()
    equal(office.stop(), 0, "an orderly stop")
    nobody_can_tell()
    said = office.liren("journal", "rebuild")
    check("duty" not in said and "device_state" not in said, "rebuilt from the entries alone all rows are equal", said)
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
