"""Who is told in the end: the desk sees at which roles chains of escalation end at nobody, and what changes when a post is given and
its account ends. As `liren doctor` says it, and never with a name."""
import json


def walk(check, p, office):
    def seen(who):
        ends = who.get("/chains").get("at_nobody")
        check(who.status == 200, "the desk sees who is told in the end", who.status, who.said)
        check("chen-night" not in json.dumps(who.said), "and no name")
        return {e["role"]: e["chains"] for e in ends}

    def doctor():
        return [line for line in office.liren("doctor").split("\n") if "escalation" in line]

    # 16 end at the level above, where the police lead at the station, and 7 at the overseer; the desk lead and the level above are held
    open_, both = {"overseer": 7}, {"station_lead": 16, "overseer": 7}
    check(seen(p.day) == both and seen(p.intake) == both and seen(p.lead) == both, "roles that nobody holds", p.lead.said)
    check(p.day.said["at_nobody"][1] == {"role": "overseer", "chains": 7, "type": "dispute-mediation", "clock": "reviewing"},
          "with the first chain of each", p.day.said)
    said = doctor()
    check(len(said) == 2 and all(s.startswith("warn") for s in said) and "7 chains" in said[1] and "overseer" in said[1], "doctor says the same", said)
    office.add("chen-night", "station_lead:POL")
    check(seen(p.day) == open_, "a post is given, and its chains end at somebody", p.day.said)
    over = office.add("chen-above", "overseer:OVR")
    check(seen(p.day) == {} == seen(over), "none is left; the overseer sees it, too", p.day.said)
    said = doctor()
    check(len(said) == 1 and said[0].startswith("ok"), "doctor says the same of none", said)
    office.liren("user", "end", "chen-night")
    check(seen(p.day) == {"station_lead": 16}, "an account that ended holds no post", p.day.said)
    office.liren("user", "end", "chen-above")
    check(seen(p.day) == both, "nor does the other", p.day.said)
    for who, status in ((p.nobody, 401), (p.grid, 403), (p.wat, 403), (over, 401)):
        who.get("/chains")
        check(who.status == status, "others are not told", who.status, who.said)
