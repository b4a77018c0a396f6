"""A power cut: three reports of one mother case get one answer; then a storm, and the desk lead holds what can wait. Each is
one act on the record, and the same request again does nothing. Depends on people.py."""
import json
import uuid


def fields(**values):
    return {"fields": [{"field": k, "value": v} for k, v in values.items()]}


def act_of(check, who, what, **wanted):
    """The answer's counts, and the entry that it names as the act."""
    said = who.said
    check(who.status == 201 and {k: said.get(k) for k in wanted} == wanted, what, who.status, said)
    entry = json.loads(said.get("entry", "{}")) if who.status == 201 else {}
    check(entry.get("kind") == "cases.ordered" and entry["n"] == said["n"], "the act is an entry", entry)
    return said


def handled(p, text, priority="3"):
    case = p.day.hand_in(text, channel="phone").get("id")
    p.intake.do(case, "open", category="0102", priority=priority)
    p.day.do(case, "dispatch", lead_unit="WAT")
    p.wat.do(case, "receive")
    return case


def together(check, p):
    mother = handled(p, "整栋楼停电")
    children = [handled(p, f"{i} 楼停电") for i in (3, 5, 7)]
    for child in children:
        p.day.do(child, "mother", mother_case=mother)
    path, answer, key = f"/cases/{mother}/children/answer", fields(answer="变压器已修复，粤B12345 已移开"), str(uuid.uuid4())
    p.nobody.post(path, answer)
    check(p.nobody.status == 401, "nobody without a name answers", p.nobody.status, p.nobody.said)
    p.mkt.post(path, answer)
    check(p.mkt.status == 403, "nor does another unit", p.mkt.status, p.mkt.said)
    p.day.post(path, fields(question="?"))
    check(p.day.status == 400 and p.day.said.get("field"), "an answer says something", p.day.status, p.day.said)
    p.intake.do(children[1], "withdraw")
    p.day.post(path, answer, key)
    first = act_of(check, p.day, "one answer reaches the two that wait for it", done=2, refused=1)
    check(first["masked"] == {"plates": 1}, "the plate is taken out, once", first["masked"])
    states = [p.day.state(c) for c in children]
    check(states[1] == "withdrawn" and states[0] == states[2] != "handling", "each by a step of its own", states)
    p.day.post(path, answer, key)
    again = act_of(check, p.day, "the same request again: the same answer", done=2, refused=1)
    check((again["n"], again["masked"]) == (first["n"], first["masked"]), "of the same entry", again)
    p.day.post(path, fields(answer="another"), key)
    check(p.day.status == 422, "and with another body it is refused", p.day.status, p.day.said)
    p.day.post(path, answer)
    act_of(check, p.day, "whoever still waits for the check has a later answer, too", done=2, refused=1)
    check([p.day.state(c) for c in children] == states, "and waits on", states)
    p.day.post("/cases/999999/children/answer", answer)
    check(p.day.status == 404, "a mother has to be there", p.day.status, p.day.said)
    return mother


def held(check, p, mother):
    urgent = handled(p, "电线落在路上", "1")
    order, key = fields(hold_order="台风红色预警，街道令第 3 号"), str(uuid.uuid4())
    for who, status in ((p.nobody, 401), (p.day, 403), (p.mkt, 403)):
        who.post("/emergency-orders", order)
        check(who.status == status, "an emergency order is the desk lead's", who.status, who.said)
    p.lead.post("/emergency-orders", fields(answer="?"))
    check(p.lead.status == 400, "it has to say by whose order", p.lead.status, p.lead.said)
    p.lead.post("/emergency-orders", order, key)
    first = p.lead.said
    act_of(check, p.lead, "the desk lead holds what can wait", done=first.get("done"))
    check(first["done"] >= 1 and "next" not in first, "in one page", first)
    check(p.day.state(mother) == "held", "a usual case waits", p.day.said.get("state"))
    check(p.day.state(urgent) == "handling", "an urgent one goes on", p.day.said.get("state"))
    p.lead.post("/emergency-orders", order, key)
    check((p.lead.said["n"], p.lead.said["done"]) == (first["n"], first["done"]), "asked again it is the same act", p.lead.said)
    p.lead.post("/emergency-orders", {**order, "after": 10 ** 9})
    act_of(check, p.lead, "beyond the last there is nothing", done=0, refused=0)
