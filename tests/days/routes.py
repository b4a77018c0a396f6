"""Every operation of api/openapi.yaml has a decision: its action is one of the table, and what is about one case, or personal,
says 401 to nobody and 403 to a role that may not. Reads the file line by line: the form is the house's own."""
import re
import uuid

CASE_ACTIONS = {"CASE", "PERSONAL"}


def operations(path):
    """(method, path, operation, action, planned), in the order of the file."""
    found, where, method, one = [], None, None, {}
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("components:")[0].split("\n")
    for line in [*lines, "  /end:"]:
        new_path, new_method = re.match(r"  (/\S*):$", line), re.match(r"    (get|post|put|delete):$", line)
        if (new_path or new_method) and method:
            found.append((method.upper(), where, one.get("operationId"), one.get("x-action"), "x-planned" in one))
            method, one = None, {}
        if new_path:
            where = new_path[1]
        elif new_method:
            method = new_method[1]
        elif (key := re.match(r"      (operationId|x-action|x-planned): (\S+)", line)):
            one[key[1]] = key[2]
    return found


def actions(path):
    """name -> what it is about."""
    with open(path, encoding="utf-8") as f:
        return dict(re.findall(r'^ACTION\(\w+, "(\w+)", (\w+)', f.read(), re.M))


BODIES = {"answerChildren": {"fields": [{"field": "answer", "value": "x"}]},
          "doCommand": {"command": "remind", "fields": [{"field": "order_reason", "value": "x"}]},
          "openTexts": {"texts": [{"field": "text", "n": 1}]}, "openAttachment": {}, "attach": b"x"}


def walk(check, people, case, photo, openapi, table):
    known, all_ = actions(table), operations(openapi)
    check(len(all_) > 40 and len(known) > 30, "the two tables are read", len(all_), len(known))
    check(len({o for _, _, o, _, _ in all_}) == len(all_), "every operation has a name of its own")
    asked = 0
    for method, path, operation, action, planned in all_:
        if not check(action in known, "every operation has an action of the table", operation, action):
            continue
        if planned or known[action] not in CASE_ACTIONS:
            continue
        asked += 1
        url = path.removeprefix("/api/v1").replace("{id}", str(case)).replace("{n}", str(photo))
        url += "?field=photos" if operation == "attach" else ""
        for who, status in ((people.nobody, 401), (people.mkt, 403)):
            who.call(method, url, BODIES.get(operation), str(uuid.uuid4()))
            check(who.status == status, "a route about a case says 401 to nobody and 403 to a wrong role", operation, who.status,
                  who.said)
    check(asked >= 7, "routes about a case are asked", asked)
