"""The public log of looks at a camera's footage, over HTTP. Depends on people.py."""


def walk(check, p, case):
    camera = p.nobody.get("/places?q=CAM-1")["places"][0]["id"]
    path, look = f"/places/{camera}/footage-looks", {"purpose": "getting-it-done", "case": case}
    for who, status in ((p.nobody, 401), (p.mkt, 403), (p.grid, 403)):
        who.post(path, look)
        check(who.status == status, "a look at footage is written down by those who may look", who.status, who.said)
    p.lead.post(path, {**look, "purpose": "curiosity"})
    check(p.lead.status == 400 and p.lead.said["field"] == "purpose", "for a purpose of the catalogue", p.lead.said)
    p.lead.post(path, {**look, "person": "x"})
    check(p.lead.status == 400 and p.lead.said["field"] == "person", "there is no field for whom it showed", p.lead.said)
    n = p.lead.post(path, look).get("n")
    check(p.lead.status == 200, "the desk lead's look is written down", p.lead.status, p.lead.said)
    for who, sees in ((p.nobody, None), (p.day, case)):
        said = who.get(path)
        one = said["looks"][0]
        check(len(said["looks"]) == 1 and (one["n"], one["role"], one["unit"], one["purpose"], one["for_case"], one.get("case")) ==
              (n, "desk_lead", "DESK", "getting-it-done", True, sees), "everybody sees which post looked, and for what", said)
        check(not {"name", "account", "handle", "person"} & set(one), "and nobody's name", one)
