#!/usr/bin/python3
"""A day at the desk and a resident's lamp, step by step against a serving office: handover, a call, a refusal, a hand-back, a
case from report to receipt; the server is killed between steps. usage: test_days.py PATH-OF-liren OPENAPI ACTIONS"""
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.parse
import uuid

from contract import Answers, request_of
from outside import Checks
from people import LAT, LON, Demo, Office, Person
import chains
import footage
import many
import routes
import theirs
import under
import visits

check = Checks()
answers = Person.answers = Answers(sys.argv[2], check)
HOME = tempfile.mkdtemp(prefix="liren-days-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Office(os.path.abspath(sys.argv[1]), HOME)
NOTE = "三件急事未完：污水、电梯、外墙。车牌粤B12345 挡路"
BOX = f"west={round((LON - 0.02) * 1e7)}&east={round((LON + 0.02) * 1e7)}&south={round((LAT - 0.02) * 1e7)}&north={round((LAT + 0.02) * 1e7)}"
POINT = f"lat={round(LAT * 1e7)}&lon={round(LON * 1e7)}"
SEARCHES = {"findPlaces": "q=" + urllib.parse.quote("三坊"), "searchCases": "q=" + urllib.parse.quote("下水道"), "getMap": BOX, "casesInBox": BOX,
            "placesNear": POINT, "casesNear": POINT, "getFigures": "from=202001&until=999912"}
# What the file documents and this day does not come to: asked about in another test, or of a case that stands otherwise.
ELSEWHERE = {"CaseSource", "Devices", "Duty", "DutyCount", "LineList", "Masked", "Office", "Rate", "Written"}
UNSEEN = {"Case.clocks.first_due", "Case.clocks.left", "Case.joined_to", "Case.place", "Case.recorded", "Case.source",
          "CaseFound.cases.outcome", "CaseFound.cases.place_title", "CasePublic.place_title", "CaseRow.place",
          "CaseRow.place_title", "CaseRow.source", "Done.done", "Done.refused", "HistoryStep.late",
          "LookList.looks.exceptional", "PlaceCard.children.count", "PlaceCard.children.kind", "PlaceCard.children.other_days",
          "PlaceCard.versions.from", "PlaceCard.versions.until", "PlaceRow.from", "PlaceRow.parent", "PlaceRow.state",
          "PlaceRow.state_since", "PlaceRow.until", "Proposal.duplicates.place_title", "Responsibilities.gaps.line",
          "Texts.texts.erased", "Why.clocks.dates.at", "Why.clocks.dates.command", "Why.clocks.dates.first",
          "Why.clocks.dates.now", "Why.clocks.pauses.from", "Why.clocks.pauses.state", "Why.clocks.pauses.to",
          "Why.clocks.runs.first_due"}
CONTACT = "陈女士 13800138000"


def equal(got, wanted, what):
    return check(got == wanted, what, f"got {got!r}, wanted {wanted!r}")


def went(who, what, status=201):
    return check(who.status == status, what, who.status, who.said)


def refused(who, status, words, what):
    said = who.said if isinstance(who.said, dict) else {}
    return check(who.status == status and words in json.dumps(said, ensure_ascii=False), what, who.status, said)


def entries(kind=None):
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True) as db:
        found = [json.loads(b) for (b,) in db.execute("SELECT CAST(body AS TEXT) FROM entry ORDER BY n")]
    db.close()
    return [e for e in found if kind in (None, e["kind"])]


def killed():
    """As when the power goes: nothing that was answered may be missing afterwards."""
    office.kill()
    office.start()


def texts_of(who, case, *fields):
    """What opens of these fields, by name; those that are not there or not permitted are left out."""
    sealed = [s for s in who.get(f"/cases/{case}").get("sealed", []) if s["field"] in fields]
    if not sealed:
        return {}
    said = who.post(f"/cases/{case}/texts", {"texts": [{"field": s["field"], "n": s["n"]} for s in sealed]})
    return {t["field"]: t.get("text") for t in said.get("texts", [])} if who.status == 200 else {}


def figures(lead):
    """name -> cases of this month, over units and categories, for one who may export; others get no single counts."""
    month = time.strftime("%Y%m", time.gmtime(time.time() + 8 * 3600))
    found = {}
    for who in (Person(office), lead):
        said = who.get(f"/figures?from={month}&until={month}")
        check(said["rates"] and all(r.get("denominator", 10) >= 10 for r in said["rates"]), "no rate is of a handful", said)
        check(("rows" in said) == (who is lead), "single counts are for those who may export", said)
    for row in said["rows"]:
        found[row["name"]] = found.get(row["name"], 0) + row["cases"]
    return found


# ---- A1: the desk is taken over ----

def handover(p):
    """The queue opens with the take-over, one entry has both posts, and the one before keeps nothing."""
    p.day.get("/cases")
    went(p.day, "an office that never opened a desk works without shifts", 200)
    p.night.post("/shift/open", {"desk": 1})
    went(p.night, "the first shift is opened, with nobody before")
    p.night.post("/shift/open", {"desk": 1})
    refused(p.night, 409, "yours already", "one's own desk is not taken over")
    p.day.get("/cases")
    refused(p.day, 409, "Take the desk over first", "the queue is shut before the desk is taken over, and says what to do")
    said = p.day.get("/shift")
    equal((said["queue_open"], [(d["desk"], d["role"], d["mine"], "note" in d) for d in said["desks"]]),
          (False, [(1, "duty_officer", False, False)]), "who keeps the desk is shown by role, and that no note is left")
    p.day.post("/shift/open", {"desk": 1})
    refused(p.day, 409, "no note is left yet", "a desk is not taken from somebody who left no note")
    p.day.post("/shift/open", {"desk": 1, "forced": True})
    went(p.day, "a duty officer takes no desk by force", 403)
    p.day.post("/shift/hand_over", {"desk": 1, "note": "x"})
    refused(p.day, 409, "not yours", "nobody leaves a note in another's shift")
    p.night.post("/shift/hand_over", {"desk": 1, "note": "first words"})
    n = p.night.post("/shift/hand_over", {"desk": 1, "note": NOTE}).get("n")
    went(p.night, "the night desk leaves its note")
    killed()
    note = p.day.get("/shift")["desks"][0].get("note", {})
    equal((note.get("n"), note.get("text", "")[:8]), (n, NOTE[:8]), "the newest note is read by whoever takes over")
    check("粤B12345" not in note.get("text", "粤B12345"), "a plate is taken out of it")
    p.night.get("/cases")
    went(p.night, "until then the desk is the night officer's", 200)
    for who, status in ((p.urb, 403), (p.grid, 403), (p.nobody, 401)):
        who.get("/shift")
        went(who, "only the desk reads the note", status)
    p.day.post("/shift/open", {"desk": 1, "note": n - 1})
    refused(p.day, 409, f"entry {n}", "a note that was not the newest is to be read again")
    key = str(uuid.uuid4())
    stream = p.night.stream()
    taken = p.day.post("/shift/open", {"desk": 1, "note": n}, key)
    went(p.day, "taken over")
    check(b"event: bye" in stream.read(), "what ran on the night officer's screen ends")
    killed()
    equal(p.day.post("/shift/open", {"desk": 1, "note": n}, key), taken, "the same request again has the same answer")
    both, first = entries("shift.handed_over"), entries("shift.opened")
    equal(len(both), 1, "one entry, also after the repeat")
    equal((both[0]["actor"]["role"], both[0]["actor"]["unit"], both[0]["data"]["from"]["role"], both[0]["data"]["from"]["unit"]),
          ("duty_officer", "DESK") * 2, "it has both posts")
    equal((both[0]["data"]["from"]["handle"], both[0]["data"]["shift"], both[0]["data"]["note"], both[0]["data"]["forced"]),
          (first[0]["actor"]["handle"], first[0]["n"], n, False), "and says whose shift ended, and which note was read")
    check(both[0]["actor"]["handle"] != first[0]["actor"]["handle"], "by a handle of each")
    p.day.get("/cases")
    went(p.day, "then the queue opens", 200)
    for path in ("/cases", "/cases/search?q=x", "/cases/near?lat=1&lon=1", "/events"):
        p.night.get(path)
        refused(p.night, 409, "Take the desk over first", "the night officer has nothing any more")


def stand_in(p):
    """Nobody hands over: the desk lead takes the desk, and that is in the record."""
    p.lead.get("/cases")
    went(p.lead, "the desk lead sees the queue without a desk", 200)
    p.lead.post("/shift/open", {"desk": 1, "forced": True})
    went(p.lead, "the desk lead takes a desk over without a note")
    equal([e["data"]["forced"] for e in entries("shift.handed_over")], [False, True], "and the record says so")
    p.day.get("/cases")
    went(p.day, "whose it was has it no longer", 409)
    n = p.lead.post("/shift/hand_over", {"desk": 1, "note": "back to you"}).get("n")
    p.day.post("/shift/open", {"desk": 1, "note": n})
    went(p.day, "and gets it back with a note")
    p.intake.get("/cases")
    went(p.intake, "each at the desk keeps one", 409)
    p.intake.post("/shift/open", {"desk": 2})
    went(p.intake, "a second desk is opened beside the first")
    p.intake.get("/cases")
    went(p.intake, "and its queue is open", 200)


# ---- A2, A3: the wall, an order ----

def drain(p):
    """CA-1: a blocked drain near PL-1, dispatched; reminded, supervised, fed back."""
    r = Person(office)
    made = r.hand_in("五坊下水道堵塞，污水溢出", at=(LAT + 0.00036, LON))
    went(r, "a report is handed in")
    case, r.secret = made["id"], made["secret"]
    p.intake.do(case, "open", category="0204")
    went(p.intake, "opened")
    p.day.do(case, "dispatch")
    went(p.day, "dispatched by the responsibilities")
    p.wat.do(case, "receive")
    went(p.wat, "received")
    return r, case


def wall(p, open_before):
    said = p.day.get("/cases")
    equal(said["sums"]["open"], open_before, "the wall's sums are of all open cases")
    check({"open", "overdue", "due_soon"} <= set(said["sums"]), "and have those overdue, and those within half an hour")
    check(all("unit" in c and "reporter" not in json.dumps(c) for c in said["cases"]), "who has it is a unit, no person")
    return said["sums"]


def order(p, case, r):
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400))
    p.day.do(case, "remind", order_reason="超时未反馈，请说明进度", remind_until=day)
    went(p.day, "the duty officer reminds, with an answer date")
    p.lead.do(case, "supervise", order_reason="两日内答复", order_until=day)
    went(p.lead, "the desk lead supervises, with an answer date")
    check("supervised" in p.day.get(f"/cases/{case}")["marks"], "a supervised case is marked")
    p.day.get("/cases?mark=supervised")
    equal([c["id"] for c in p.day.said["cases"]], [case], "and is in the queue of orders")
    p.wat.do(case, "supervise_answer", order_answer="抢修队在路上")
    went(p.wat, "the unit answers the order")
    clocks = {c["name"]: c for c in p.day.get(f"/cases/{case}")["clocks"]}
    check(clocks["reporter"]["state"] == "runs" and clocks["done"]["state"] == "runs" and "due" in clocks["done"],
          "both clocks are shown", clocks)
    check({"reporter", "done"} <= {c["name"] for c in r.get(f"/cases/{case}")["clocks"]}, "to the reporter, too")


def clocks_of(person, case):
    return {c["name"]: c for c in person.get(f"/cases/{case}")["clocks"]}


def why_of(person, case):
    """The whole answer, and the run of each of the two clocks."""
    said = person.get(f"/cases/{case}/why")
    went(person, "why", 200)
    return said, {c["of"]: c for c in said.get("clocks", [])}


def raised(p, demo):
    """CA-1: the limit passes, the timer goes up; the reporter's page says where to, which clock and limit, how long over."""
    r = Person(demo)
    made = r.hand_in("五坊下水道堵塞")
    case, r.secret = made["id"], made["secret"]
    p.intake.do(case, "open", category="0204")
    p.day.do(case, "dispatch", lead_unit="WAT")
    p.wat.do(case, "receive")
    p.wat.do(case, "contact", contact_outcome="reached")
    p.wat.do(case, "arrive")
    due = clocks_of(r, case)["done"]["due"]
    demo.move(due - 1000000)
    check("level" not in clocks_of(r, case)["done"] or clocks_of(r, case)["done"]["level"] == 0, "a second before nothing went up")
    demo.move(due + 5 * 3600 * 10**6)
    clock = clocks_of(r, case)["done"]
    equal((clock["level"], clock.get("raised_to"), clock["due"]), (1, "unit_lead", due), "the reporter's page has the level, to which role it went, and which limit ran out")
    check(clock["limit"]["amount"] > 0 and clock["limit"]["unit"] in ("hour", "working_hour", "working_day"), "and how long the limit was", clock)
    step = [s for s in r.get(f"/cases/{case}/history")["steps"] if s.get("raised")]
    equal([(s["command"], s["role"], [(x["clock"], x["role"], x["level"], x["due"], x["over"]) for x in s["raised"]]) for s in step],
          [("escalate", "timer", [("done", "unit_lead", 1, due, step[0]["at"] - due if step else 0)])], "the history has it as a step of the timer")
    said, _ = why_of(r, case)
    equal([(x["clock"], x["role"], x["at"]) for x in said["raised"]], [("done", "unit_lead", step[0]["at"] if step else 0)], "why has it, too")
    words = json.dumps(said["answers"], ensure_ascii=False)
    check('\\"done\\" ran out at' in words and "Gone one level up, to person in charge of the lead unit" in words and "(limit: " in words, "in public words, with the limit", words)
    r.lang = "zh"
    words = json.dumps(r.get(f"/cases/{case}/why"), ensure_ascii=False)
    check("超时提级" in words and "到期（时限：" in words, "in both languages", words)
    r.lang = "en"
    check("wat" not in json.dumps(step).replace("WAT", "") and "account" not in words, "and names no person", step)
    p.wat.do(case, "feedback", answer="已疏通", photo_after=p.wat.attach(case, "photo_after"))
    p.day.do(case, "answer_review")
    p.grid.do(case, "site_check", site_photo=p.grid.attach(case, "site_photo", 91), site_result="passed")
    went(p.grid, "checked")
    demo.move(demo.now() + 40 * 86400 * 10**6)
    page = r.get(f"/cases/{case}")
    check("outcome" in page, "then it comes to its end", page["state"])
    said, of = why_of(r, case)
    equal([(x["clock"], x["level"]) for x in said["raised"] if x["clock"] == "done"], [("done", 1)], "after the end why still has the level")
    check(of["reporter"]["runs"][0].get("ended") and of["unit"]["runs"][0].get("ended"), "and both clocks, with their ends", of)


# ---- A4: a call ----

def call(p, case, r):
    found = p.intake.get("/places?q=" + "%E8%8F%9C%E5%B8%82%E5%9C%BA%E6%97%81%E8%BE%B9")  # 菜市场旁边
    names = [x.get("title", "") for x in found.get("places", [])]
    check(len(names) == 1 and "三坊八栋" in names[0], "an alias finds the place", names)
    place = found["places"][0]["id"]
    text = "菜市场旁边那栋楼边污水溢出来了"
    said = p.intake.post("/cases/propose", {"text": text, "place": place, "at": {"lat": round(LAT * 1e7), "lon": round(LON * 1e7)}})
    equal(said.get("category"), "0204", "the category is proposed")
    same = [d for d in said.get("duplicates", []) if d["id"] == case]
    check(len(same) == 1 and 35 <= same[0].get("distance", 0) <= 45, "a live case 40 m away is shown", said.get("duplicates"))
    check(len(same) == 1 and same[0]["reasons"], "with the reasons")
    key = str(uuid.uuid4())
    made = p.intake.do(case, "follow", key, contact=CONTACT, _channel="phone", _confidential=True, _for_someone=True)
    if not went(p.intake, "'the same': the caller is a follower"):
        return
    check("secret" in made, "with a secret of their own, for the paper receipt", made)
    killed()
    again = p.intake.do(case, "follow", key, contact=CONTACT, _channel="phone", _confidential=True, _for_someone=True)
    equal((again.get("n"), again.get("secret")), (made["n"], made["secret"]), "asked again after a crash it is the same one")
    entry = [e for e in entries("case.moved") if e["n"] == made["n"]][0]
    equal((entry["actor"]["role"], entry["data"]["follower"]["channel"], entry["data"]["follower"]["confidential"]),
          ("intake", "phone", True), "the record says: phone, entered by the desk, confidential")
    equal(p.day.get(f"/cases/{case}")["followers"], 1, "once")
    view = json.dumps(p.wat.get(f"/cases/{case}"), ensure_ascii=False)
    check("陈女士" not in view and "13800138000" not in view, "the unit's view has no name and no number")
    got = p.wat.post(f"/cases/{case}/texts", {"texts": [{"field": "contact", "n": made["n"]}]})
    check("13800138000" not in json.dumps(got, ensure_ascii=False), "and opening it is refused to the unit", got)
    caller = Person(office, f"{made['n']}.{made['secret']}")
    equal(caller.get(f"/cases/{case}").get("secret_holder"), "follower", "the caller's receipt opens the page of the case")


# ---- A5: not opened ----

def mediation(p, r, case):
    """What the reason offers instead; nothing of it comes about unless the reporter writes anew and sends it."""
    equal(r.get(f"/cases/{case}").get("offer"), {"type": "dispute-mediation"}, "the reporter is offered mediation")
    check("offer" not in p.day.get(f"/cases/{case}"), "which is theirs to take up, not the desk's")

    def ask(who, **secret):
        values = {"place": 0, "text": "想请调解员帮我们谈房租", "channel": "portal", "has_reporter": "yes", "drill": "no"}
        return who.post("/cases", {"type": "dispute-mediation", "offered_by": {"id": case, **secret},
                                   "fields": [{"field": k, "value": str(v)} for k, v in values.items()]})
    nobody = Person(office)
    ask(nobody, secret="AAAAAAAAAAAAAAAAAAAAAA==")
    went(nobody, "nobody else takes it up", 403)
    made = ask(nobody, secret=r.secret)
    went(nobody, "whoever holds the receipt hands it in, without an account")
    own = Person(office, made["secret"])
    page = own.get(f"/cases/{made['id']}")
    equal((page["type"], page["state"]), ("dispute-mediation", "received"), "it is a mediation to be opened or refused")
    equal(texts_of(own, made["id"], "text"), {"text": "想请调解员帮我们谈房租"}, "with the words written anew, and no other")
    equal(r.get(f"/cases/{case}")["offer"], {"type": "dispute-mediation", "asked": made["id"]}, "the refused matter says that it was asked for")
    equal([(t["kind"], t["id"]) for t in p.day.get(f"/cases/{case}")["ties"]], [("split", made["id"])], "the desk sees the tie")
    follower = p.intake.do(case, "follow", contact=CONTACT, _channel="phone", _confidential=False, _for_someone=True)
    seen = Person(office, f"{follower['n']}.{follower['secret']}").get(f"/cases/{case}")
    equal((seen.get("secret_holder"), seen["ties"], "offer" in seen), ("follower", [], False), "whoever only follows is told nothing of it")
    ask(nobody, secret=r.secret)
    went(nobody, "a second one is not taken", 409)


def not_opened(p):
    r = Person(office)
    made = r.hand_in("房租纠纷，已在法院，请你们判")
    case, r.secret = made["id"], made["secret"]
    before = figures(p.lead)
    p.intake.do(case, "refuse", refuse_reason="in_court", refuse_ground="已由法院受理，案号见附件")
    went(p.intake, "not opening is proposed, with reason and ground")
    p.intake.do(case, "sign")
    check(p.intake.status in (403, 409), "whoever proposed it does not sign", p.intake.status, p.intake.said)
    p.lead.do(case, "sign")
    went(p.lead, "the lead signs as second person")
    page = r.get(f"/cases/{case}")
    equal((page["state"], {f["field"]: f["value"] for f in page["fields"]}.get("refuse_reason")), ("refused", "in_court"),
          "the reporter reads the reason")
    equal(texts_of(r, case, "refuse_ground"), {"refuse_ground": "已由法院受理，案号见附件"}, "and the ground")
    why = r.get(f"/cases/{case}/why")
    check(why.get("answers") and "object" in json.dumps(why).lower(), "and how to object", why)
    check("object" in r.may(case), "which is one press away")
    mediation(p, r, case)
    r.do(case, "object", objection="请复核")
    went(r, "the reporter objects")
    p.above.do(case, "review", review_ground="依据成立")
    went(p.above, "the level above upholds")
    after = figures(p.lead)
    equal((after.get("not_opened", 0) - before.get("not_opened", 0), after.get("closed", 0) - before.get("closed", 0)), (1, 0),
          "it counts as not opened, and never as closed")
    return case


# ---- A6, C1: a lamp ----

def lamp(p):
    r = Person(office)
    key = str(uuid.uuid4())
    made = r.hand_in("三坊巷子的路灯不亮", key=key, at=(LAT + 0.0011, LON))
    killed()
    equal(r.hand_in("三坊巷子的路灯不亮", key=key, at=(LAT + 0.0011, LON)), made, "a report asked again after a crash is the same one")
    case, r.secret = made["id"], made["secret"]
    p.intake.do(case, "open", category="0102")
    went(p.intake, "opened as a lamp")
    p.day.do(case, "dispatch")
    unit = p.day.get(f"/cases/{case}").get("unit")
    equal(unit, "URB", "without the component's number it goes to who stands in for an owner")
    receive_and_hand_back(p, case)
    return r, case, made


def receive_and_hand_back(p, case):
    """CA-5: the subdistrict says whose it is; the desk compares the number and sends it on."""
    before = {c["name"]: c for c in p.day.get(f"/cases/{case}")["clocks"]}
    p.urb.do(case, "hand_back", hand_back_reason="wrong_component", hand_back_ground="灯是物业的，L-03-017", proposed_unit="PMC")
    went(p.urb, "handed back with reason, ground and the unit proposed")
    found = [x for x in p.day.get("/places?q=L-03-017").get("places", [])]
    owner = p.day.get(f"/places/{found[0]['id']}") if found else {}
    check("PMC" in json.dumps(owner), "the number tells the owner of the component", owner)
    p.day.do(case, "dispatch", lead_unit="PMC")
    went(p.day, "the desk accepts and sends it to the firm")
    page = p.day.get(f"/cases/{case}")
    fields = {f["field"]: f["value"] for f in page["fields"]}
    equal((page["unit"], fields.get("hand_backs")), ("PMC", "1"), "one hand-back")
    after = {c["name"]: c for c in page["clocks"]}
    check(after["done"]["started"] > before["done"]["started"], "the unit's clock starts anew", before["done"], after["done"])
    equal(after["reporter"]["started"], before["reporter"]["started"], "the reporter's goes on")
    said = office.liren("responsibilities")
    check(re.search(r"0102 .* grid G03: subdistrict urban management → property firm, 1 times", said), "the table of responsibilities gets a proposal", said)


def told(r, case):
    words = json.dumps(r.get(f"/cases/{case}/history"), ensure_ascii=False)
    check("passed to the right unit" in words, "the reporter reads: passed to the right unit", words)
    why = json.dumps(r.get(f"/cases/{case}/why"), ensure_ascii=False)
    check("property firm leads" in why and "the component is another's" in why, "and because of what", why)


def mend(p, case, shade):
    p.pmc.do(case, "receive")
    p.pmc.do(case, "contact", contact_outcome="reached")
    photo = p.pmc.attach(case, "photo_after", shade)
    p.pmc.do(case, "feedback", answer="灯已换新", photo_after=photo)
    went(p.pmc, "the firm feeds back with a photo")
    p.day.do(case, "answer_review")
    went(p.day, "the answer fits, and is to be checked on the ground")
    check("site_check" not in p.pmc.may(case), "whoever did it is not offered the check")
    check("site_check" in p.grid.may(case), "a grid worker is")
    photo = p.grid.attach(case, "site_photo", shade + 1)
    p.grid.do(case, "site_check", site_photo=photo, site_result="passed")
    went(p.grid, "checked on the ground")


def resident(p):
    """C1: report, page, not solved, done again, confirmed, why, receipt."""
    r, case, made = lamp(p)
    told(r, case)
    mend(p, case, 100)
    equal(r.state(case), "closed", "closed by the handler")
    r.do(case, "not_solved", not_solved_text="还是不亮", partly="no")
    went(r, "not solved")
    page = p.pmc.get(f"/cases/{case}")
    equal((page["state"], page["unit"], {f["field"]: f["value"] for f in page["fields"]}.get("not_solved_times")),
          ("handling", "PMC", "1"), "it is back at the handler, once not solved")
    check("due" in {c["name"]: c for c in page["clocks"]}["done"], "with a limit")
    public = json.dumps(Person(office).get(f"/cases/number/{made['number']}"), ensure_ascii=False)
    check("not solved, says the reporter" in public, "everybody sees it", public)
    before = figures(p.lead)
    mend(p, case, 110)
    r.do(case, "callback", callback_result="solved")
    went(r, "solved")
    r.do(case, "rate", answer_rate=3)
    went(r, "three stars for the answer")
    after = figures(p.lead)
    equal({k: after.get(k, 0) - before.get(k, 0) for k in ("closed", "solved")}, {"closed": 1, "solved": 1},
          "the figures change by one")
    page = r.get(f"/cases/{case}")
    steps = r.get(f"/cases/{case}/history")["steps"]
    moves = {s["transition"]: s["at"] for s in reversed(steps) if "transition" in s}
    check(moves["pass_check"] < moves["solved"], "two dates: closed by the handler, confirmed by the reporter", moves)
    equal((page["state"], page.get("outcome")), ("ended", "confirmed"), "it ends confirmed")
    check(not any(w in json.dumps(steps) for w in ("urb", "pmc\"", "account:")), "a line has time and role, no staff name")
    said, of = why_of(r, case)
    why = json.dumps(said, ensure_ascii=False)
    check(all(w in why for w in ("it is in charge of the category", "the component is another's", "Not content?")),
          "why: the rule, the hand-back, and how to object", why)
    course(p, r, case, page, said, of)
    check(page["closed"] == moves["pass_check"], "the first of the two is on the page of the case", page["closed"], moves)
    receipt(made)
    return r, case, [s["n"] for s in page["attachments"]][0]


def course(p, r, case, page, said, of):
    """After the end: both clocks with start, limit and end, the hand-back with ground and what came of it."""
    runs = of["unit"]["runs"]
    equal([x["unit"] for x in runs], ["URB", "PMC", "PMC"], "the unit's clock: the first unit, the right one, and again after 'not solved'")
    check(all(x["from"] < x["ended"] and x["due"] > x["from"] and x["limit"]["amount"] > 0 for x in runs), "each with start, limit and end", runs)
    own = of["reporter"]["runs"]
    equal((len(own), own[0]["from"]), (1, page["handed_in"]), "the reporter's clock is one, from handing in")
    check(own[0]["ended"] > runs[2]["ended"], "until it was confirmed", own)
    back = said["hand_backs"]
    equal([(x["unit"], x["reason"], x["proposed"], x["verdict"], x["to"], x["decided"]) for x in back],
          [("URB", "wrong_component", "PMC", "upheld", "PMC", runs[0]["ended"])], "the hand-back, its reason, that it was upheld, and who has it then")
    equal(of["unit"]["pauses"], [], "the unit's clock went on meanwhile, and ended with the decision")
    equal((back[0]["ground"]["field"], back[0]["ground"]["may_open"]), ("hand_back_ground", False), "its ground in words is the units'")
    desk, _ = why_of(p.day, case)
    equal(desk["hand_backs"][0]["ground"]["may_open"], True, "and opens to the desk")
    check("at its end" in said["object"] and said["whole"], "how to object now that it has ended", said["object"])
    check(Person(office).get(f"/cases/{case}/why").get("status") in (401, 403), "nobody else is told")


def receipt(made):
    """On another machine, without the server."""
    anybody = Person(office)
    proof = anybody.get(f"/proofs/{made['n']}")
    while anybody.status == 409:  # a checkpoint covers it within a second
        proof = anybody.get(f"/proofs/{made['n']}")
    key = open(os.path.join(HOME, "key"), encoding="utf-8").read().strip()
    office.stop()
    away = tempfile.mkdtemp(dir=HOME)
    path = os.path.join(away, "receipt.json")

    def verify(entry):
        with open(path, "w", encoding="utf-8") as f:
            json.dump({"format": "liren-receipt-1", "key": key, "n": made["n"], "entry": entry, "salt": made["salt"],
                       "proof": proof["proof"], "checkpoint": proof["checkpoint"]}, f)
        return office.run("receipt", "verify", path).returncode

    equal(verify(made["entry"]), 0, "the receipt holds without the server")
    at = made["entry"].index('"reporter"') + 1
    equal(verify(made["entry"][:at] + "R" + made["entry"][at + 1:]), 1, "one changed character, and it fails")
    office.start()


# ---- beside the script ----

def two_at_once(p, case):
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400))
    seen = p.day.get(f"/cases/{case}")["n"]
    p.intake.do(case, "message", message="已联系", _seen=seen)
    went(p.intake, "the first of two is done")
    p.day.do(case, "remind", order_reason="请尽快", remind_until=day, _seen=seen)
    went(p.day, "the second is told", 409)
    seen = p.day.get(f"/cases/{case}")["n"]
    p.day.do(case, "remind", order_reason="请尽快", remind_until=day, _seen=seen)
    went(p.day, "and having looked, does it")


def suspended(p, case, number):
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 10 * 86400))
    p.wat.do(case, "suspend_ask", suspension_cause="money", order_reason="等报价")
    p.lead.do(case, "suspend", suspension_cause="money", review_on=day)
    went(p.lead, "suspended with the lead's approval")
    anybody = Person(office)
    said = anybody.get("/cases/suspended")
    equal([(c["number"], c["category"], c["cause"], c["unit"]) for c in said.get("cases", [])], [(number, "0204", "money", "WAT")],
          "it is on the public list with its cause")
    one = said["cases"][0]
    equal(time.strftime("%Y-%m-%d", time.gmtime(one["review"] * 86400)), day, "and the date of review")
    check(0 < one["since"] <= time.time() * 1e6 and not said["more"], "and since when")
    p.wat.do(case, "wake")
    equal(anybody.get("/cases/suspended")["cases"], [], "at work again it is off the list")


def found(p, case, text):
    """A search shows a unit, and a grid worker, no more than their lists do."""
    def ids(person):
        said = person.get("/cases/search?q=" + urllib.parse.quote(text))
        went(person, "a search", 200)
        return [c["id"] for c in said["cases"]]
    check(case in ids(p.day), "the desk finds it", p.day.said)
    check(case in ids(p.wat), "the unit that leads it finds it", p.wat.said)
    equal(ids(p.mkt), [], "another unit finds nothing")
    check(not p.mkt.said["more"], "and is not sent on for ever", p.mkt.said)


def joined(p, case, text):
    """A unit that has only a joint part in it has it in its lists and its live changes, and acts there; nobody else has."""
    def listed(who):
        said = who.get("/cases")
        went(who, "a list", 200)
        return [c["id"] for c in said["cases"]]
    equal(listed(p.joint), [], "before its part a unit has nothing of it")
    stream = p.joint.stream()
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400))
    p.day.do(case, "joint_add", joint_unit="MKT", joint_until=day)
    went(p.day, "a joint part is added")
    equal(listed(p.joint), [case], "then its list has the case")
    equal([c["id"] for c in p.joint.get("/cases/search?q=" + urllib.parse.quote(text))["cases"]], [case], "and a search")
    check(p.joint.get(f"/cases/{case}").get("id") == case, "which it may see", p.joint.status)
    equal(listed(p.pmc), [], "another unit has nothing")
    line = stream.readline()
    while line and not line.startswith(b"data: {\"id\""):
        line = stream.readline()
    equal(json.loads(line[6:]).get("id"), case, "and its live changes have it, too")
    stream.close()
    p.joint.do(case, "joint_result", joint_unit="MKT", joint_result="已联系商户")
    went(p.joint, "it gives its result")


def unpublished(p):
    """Of a matter that publishes nothing nobody is told that somebody reported the like, but for the desk."""
    text = "房东不退押金，要赶我们走"
    point = {"lat": round(LAT * 1e7), "lon": round(LON * 1e7)}
    values = {"place": 0, "text": text, "channel": "walk_in", "has_reporter": "yes", "drill": "no"}
    made = p.intake.post("/cases", {"type": "dispute-mediation", "at": point,
                                    "fields": [{"field": k, "value": str(v)} for k, v in values.items()]})
    went(p.intake, "a dispute is handed in")
    draft = {"text": text, "category": "0704", "at": point}
    like = [d["id"] for d in p.day.post("/cases/propose", draft)["duplicates"]]
    check(made["id"] in like, "the desk is told of it", p.day.said)
    like = [d["id"] for d in Person(office).post("/cases/propose", draft)["duplicates"]]
    check(made["id"] not in like, "and nobody else", like)


def read_by_all(p, r, case, place):
    """Every list, page and map by every kind of asker: what the file documents, whatever the post."""
    people = (p.nobody, r, p.day, p.intake, p.lead, p.wat, p.joint, p.grid, p.above)
    ids = {"/cases/": case, "/places/": place}
    check(texts_of(p.day, case, "text") and p.day.said.get("look"), "the desk opens a text: a look", p.day.said)
    for _, _, method, doc in answers.ways:
        path = next(path for path, of in answers.spec["paths"].items() if doc in of.values())
        if method != "GET" or not path.startswith("/api/v1/") or doc["operationId"] == "events":
            continue
        number = p.day.get(f"/cases/{case}")["number"]
        url, query, _, _ = request_of(answers.spec, path.replace("{number}", number), doc)
        for prefix, one in ids.items():
            url = re.sub(rf"({prefix})1(?=/|$)", rf"\g<1>{one}", url)
        query = "&".join(query) if doc["operationId"] not in SEARCHES else SEARCHES[doc["operationId"]]
        for who in people:
            who.get(url.removeprefix("/api/v1") + "?" + query)


def all_was_sent():
    """Nothing is documented that nobody was ever sent."""
    never = {name for name in answers.never() if not name.endswith(".next") and name.split(".")[0] not in ELSEWHERE}
    equal(sorted(never - UNSEEN), [], "what the file documents is sent to somebody")


def asked_again(p, r, case, place):
    """What did not change is not sent again; what did, or is another's view, is."""
    def tag(who, path):
        who.get(path)
        check(re.fullmatch(r'W/"[0-9a-f]{32}"', who.head.get("ETag", "")), "one thing has an ETag", path, who.head.get("ETag"))
        equal(who.head.get("Cache-Control"), "no-store", "which no browser keeps")
        return who.head.get("ETag")

    def again(who, path, known):
        who.call("GET", path, **{"If-None-Match": known})
        return who.status, who.said, who.head.get("ETag")
    for path in (f"/cases/{case}", f"/places/{place}"):
        known = tag(p.day, path)
        equal(again(p.day, path, f'"x", {known}'), (304, b"", known), "asked again it is a 304 without body")
        p.day.call("GET", path, **{"If-None-Match": 'W/"0"'})
        went(p.day, "with another tag it is sent", 200)
    known = tag(p.day, f"/cases/{case}")
    check(tag(r, f"/cases/{case}") != known, "the reporter's view is another")
    equal(again(r, f"/cases/{case}", known)[0], 200, "and is sent for the desk's tag")
    p.day.do(case, "message", message="已收到")
    equal(again(p.day, f"/cases/{case}", known)[0], 200, "after a step the case is sent")
    p.nobody.call("GET", f"/cases/{case}", **{"If-None-Match": known})
    went(p.nobody, "a tag lets nobody in", 401)


def moved_on():
    """What only time brings, in an office whose clock is moved."""
    demo = Demo(os.path.abspath(sys.argv[1]), os.path.join(HOME, "demo"))
    demo.start()

    class People:
        pass
    p = People()
    for name, post in (("day", "duty_officer:DESK"), ("intake", "intake:DESK"), ("wat", "unit_handler:WAT"), ("grid", "grid_worker:GRD:G03")):
        setattr(p, name, demo.add(name, post))
    raised(p, demo)
    demo.stop()  # its exit code is looked at elsewhere: with libvips loaded LeakSanitizer's own thread may fail at the end


def main():
    office.init()
    office.start()
    office.lay_places()
    with open(os.path.join(HOME, "key"), "wb") as f:
        f.write(__import__("urllib.request").request.urlopen(f"http://localhost:{office.port}/log/key").read())

    class People:
        nobody = Person(office)
    p = People()
    for name, post in (("night", "duty_officer:DESK"), ("day", "duty_officer:DESK"), ("intake", "intake:DESK"),
                       ("lead", "desk_lead:DESK"), ("urb", "unit_handler:URB"), ("pmc", "unit_handler:PMC"),
                       ("wat", "unit_handler:WAT"), ("grid", "grid_worker:GRD:G03"), ("above", "level_above"), ("mkt", "unit_handler:MKT"),
                       ("joint", "joint_handler:MKT")):
        setattr(p, name, office.add(name, post))
    moved_on()
    handover(p)
    stand_in(p)
    r, case = drain(p)
    number = p.day.get(f"/cases/{case}")["number"]
    wall(p, 1)
    order(p, case, r)
    call(p, case, r)
    found(p, case, "下水道堵塞")
    joined(p, case, "下水道堵塞")
    unpublished(p)
    two_at_once(p, case)
    suspended(p, case, number)
    not_opened(p)
    place = p.day.get("/places?q=" + urllib.parse.quote("三坊八栋"))["places"][0]["id"]
    asked_again(p, r, case, place)
    r, case, photo = resident(p)
    read_by_all(p, r, case, place)
    routes.walk(check, p, case, photo, *sys.argv[2:4])
    many.held(check, p, many.together(check, p))
    under.walk(check, p)
    visits.walk(check, p)
    footage.walk(check, p, case)
    chains.walk(check, p, office)
    theirs.walk(check, p, office)
    all_was_sent()
    stream = p.wat.stream()
    p.wat.post("/session/end", {})
    went(p.wat, "signed out", 200)
    check(b"event: bye" in stream.read(), "whoever signs out gets no more changes")
    equal(office.stop(), 0, "an orderly stop")
    said = office.liren("journal", "rebuild")
    check("shift" not in said, "rebuilt from the entries alone all rows are equal", said)
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
