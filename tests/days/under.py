"""What hangs on a place and what lies in it, over HTTP. Depends on people.py."""


def walk(check, p):
    grid = next(x["id"] for x in p.day.get("/places?q=G03")["places"] if x["kind"] == "grid")
    said = p.nobody.get(f"/places/{grid}/inside")
    kinds = [x["kind"] for x in said.get("places", [])]
    check(kinds == ["facility", "facility", "component"] and said["more"] is False, "what lies in the grid", p.nobody.status, said)
    said = p.nobody.get(f"/places/{grid}/inside?kinds=facility&limit=1")
    check(len(said["places"]) == 1 and said["more"] is True, "of a kind, up to a limit", said)
    p.nobody.get(f"/places/{said['places'][0]['id']}/inside")
    check(p.nobody.status == 400 and p.nobody.said["field"] == "id", "what has no area holds nothing", p.nobody.said)
    # the levels above the community hang one on the other, and each has one below it
    parent = p.nobody.get("/places/2")
    top = (parent["parents"] or [parent["place"]])[-1]["id"]
    said = p.nobody.get(f"/places/{top}/children?limit=1")
    check([x["parent"] for x in said.get("places", [])] == [top], "what hangs on a place", said)
    seen = []
    at = said
    while "next" in at:
        seen += at["places"]
        at = p.nobody.get(f"/places/{top}/children?limit=1&cursor={at['next']}")
    seen += at["places"]
    whole = p.nobody.get(f"/places/{top}/children?limit=500&days=any")
    check([x["id"] for x in seen] == [x["id"] for x in whole["places"]] and "next" not in whole, "page by page it is the same", seen)
    for path, status in ((f"/places/{10 ** 9}/children", 404), (f"/places/{top}/children?cursor=ff", 400),
                         (f"/places/{top}/children?kinds=castle", 400), (f"/places/{10 ** 9}/inside", 404)):
        p.nobody.get(path)
        check(p.nobody.status == status, "refused with its reason", path, p.nobody.status, p.nobody.said)
