"""A visit by a checklist: a finding of it is handed in by the grid worker, and the desk opens it under the line's category.
Depends on people.py."""


def walk(check, p):
    place = p.nobody.get("/places?q=PL-1").get("places") or p.nobody.get("/places?q=%E4%B8%89%E5%9D%8A%E5%85%AB%E6%A0%8B")["places"]
    values = {"place": place[0]["id"], "text": "楼下消防通道停了货车", "channel": "grid_worker", "has_reporter": "no", "drill": "no"}
    report = {"type": "resident-request", "fields": [{"field": k, "value": str(v)} for k, v in values.items()],
              "finding": {"checklist": "small-places", "line": "lane_free"}}
    p.nobody.post("/cases", report)
    check(p.nobody.status == 403 and p.nobody.said["field"] == "finding", "a finding is staff's to say", p.nobody.said)
    made = p.grid.post("/cases", report)
    check(p.grid.status == 201, "a finding becomes a case", p.grid.status, p.grid.said)
    seen = p.day.get(f"/cases/{made['id']}").get("finding", {})
    check({k: seen.get(k) for k in ("checklist", "line", "category")} == {**report["finding"], "category": "0302"} and
          seen["words"]["en"] == "no vehicle stands on the fire lane outside", "which says what it comes of", seen)
    p.intake.do(made["id"], "open")
    check(p.day.get(f"/cases/{made['id']}").get("category") == "0302", "and is opened under the line's category", p.intake.said)
    report["finding"]["line"] = "exit_free"
    p.grid.post("/cases", report)
    check(p.grid.status == 400 and p.grid.said["field"] == "finding", "a line without a category becomes no case", p.grid.said)
