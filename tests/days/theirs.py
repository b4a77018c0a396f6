"""A case that another office handed over is found by the number that they call it by: typed whole, in whatever way, by whoever may
open the field, and by nobody else."""
import os
import urllib.parse

THEIRS = "SZ12345-20261127-0042"
WAYS = (THEIRS, "sz12345 20261127 0042", "ＳＺ１２３４５－２０２６１１２７－００４２")


def walk(check, p, office):
    def ask(who, q, more=""):
        return who.get("/cases/search?q=" + urllib.parse.quote(q) + more)

    def ids(who, q, more=""):
        return [c["id"] for c in ask(who, q, more).get("cases", [])]

    case = p.day.hand_in("路灯坏了，来电人说是转来的", channel="hotline", has_reporter="yes", outside_number=THEIRS)["id"]
    own = p.nobody.hand_in("路灯坏了，问过 12345", outside_number="深 12345-0042-8")  # a resident may say it, too
    chinese = own["id"]
    for way in WAYS:
        check(ids(p.day, way) == [case], "found by their number, however it is written", way, p.day.said)
        check(p.day.said["cases"][0].get("by_number") is True, "and it says so", p.day.said)
    check(case in ids(p.day, "转来的") and not any("by_number" in c for c in p.day.said["cases"]), "by words it is found as any other", p.day.said)
    check(ids(p.day, THEIRS[:-1]) == [] == ids(p.day, "20261127"), "a part of the number is not it", p.day.said)
    # words that are none, and a number: whoever is not told of it is told what is wrong with the words
    check(ids(p.day, "深 12345-0042-8") == [chinese], "found by a number that is no words", p.day.said)
    refused = ask(p.lead, "深 12345-0042-8")
    check(p.lead.status == 400, "the desk lead hears what anybody hears", p.lead.status, refused)
    check(ask(p.lead, THEIRS) == ask(p.lead, "SZ12345-20261127-0049") and p.lead.status == 200 and not p.lead.said["cases"],
          "a number that is there says no more than one that is not to who may not see the field", p.lead.said)
    check(ids(p.wat, THEIRS) == [], "nor to a unit that does not lead the case", p.wat.said)
    # the page: first by number, then by words, none twice
    same = p.day.hand_in("见 7788-A 号来文：下水道堵塞", has_reporter="no", channel="hotline")["id"]
    again = p.day.hand_in("7788-A 的灯", has_reporter="no", channel="hotline", outside_number="7788-A")["id"]
    seen, more = [], "&limit=1"
    for _ in range(5):
        seen += ids(p.day, "7788-A", more)
        if not p.day.said["more"]:
            break
        more = "&limit=1&cursor=" + urllib.parse.quote(p.day.said["next"])
    check(seen == [again, same], "page by page, each once, the number first", seen, (again, same))
    # erased by its owner, it is found no more, and no log has a number
    p.intake.do(chinese, "withdraw")
    check(p.intake.status == 201, "withdrawn", p.intake.said)
    p.nobody.post(f"/lines/{chinese}/erase", {"secret": own["secret"]})
    check(p.nobody.status == 201, "and erased with the receipt", p.nobody.said)
    ask(p.day, "深 12345-0042-8")
    check(p.day.status == 400, "it is found no more", p.day.said)
    check(ids(p.day, THEIRS) == [case], "the other one is", p.day.said)
    with open(os.path.join(office.folder, "server.log"), encoding="utf-8") as f:
        log = f.read().lower()
    check("searchcases" in log and "12345-" not in log and "sz12345" not in log and "7788" not in log, "no log has a number")
