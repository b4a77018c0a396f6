#!/usr/bin/python3
"""Every operation of api/openapi.yaml that is built, asked wrongly in every way that its own description rules out:
other methods, unknown and wrong parameters, bodies that are too long, of another media type, and for each property
another type, nothing, something more, something beyond each bound. Each answer is a problem that names the field.
The cases come from the file itself. usage: test_contract.py PATH-OF-liren openapi.yaml"""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

from contract import request_of, resolved, with_value, wrong

try:
    import yaml
except ImportError:
    print("SKIP: there is no python3-yaml")
    sys.exit(77)

LIREN, OPENAPI = (os.path.abspath(a) for a in sys.argv[1:3])
HOME = tempfile.mkdtemp(prefix="liren-contract-")
WAIT = 60
PASSED, FAILED = [0], []
# actions that are not for everybody, and are asked before the request is looked at: who may
NOT_FOR_ALL = {"keep_shift": "lead", "hold_all": "lead", "log_footage": "lead", "manage_accounts": "lead", "be_on_duty": "grid"}
POSTS = {"lead": "desk_lead:DESK", "grid": "grid_worker:GRD:G03"}
METHODS = ("get", "post", "put", "delete")
with open(OPENAPI, encoding="utf-8") as f:
    SPEC = yaml.safe_load(f)


# ---- asking ----

class Office:
    def __init__(self):
        self.dir = os.path.join(HOME, "office")
        subprocess.run([LIREN, "init", "--dir", self.dir], check=True, stdout=subprocess.DEVNULL, timeout=WAIT)
        self.process = subprocess.Popen([LIREN, "serve", "--dir", self.dir, "--port", "0"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = int(re.search(r"localhost:(\d+)", self.process.stdout.readline())[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        r = self.connection.getresponse()
        r.bytes = r.read()
        return r

    def staff(self, name):
        """Headers of somebody who may do what nobody may: that what is asked is looked at at all."""
        password = "a password for this test"
        for args in (["add", "--name", name, "--post", POSTS[name]], ["password", name]):
            subprocess.run([LIREN, "user", *args, "--dir", self.dir], check=True, text=True, input=password + "\n",
                           stdout=subprocess.DEVNULL, timeout=WAIT)
        r = self.ask("POST", "/api/v1/session", json.dumps({"name": name, "password": password}),
                     {"Content-Type": "application/json"})
        return {"Cookie": r.getheader("Set-Cookie").split(";")[0], "X-CSRF-Token": json.loads(r.bytes)["csrf"]}

    def announce(self, method, path, length, headers):
        """A body that is announced and not sent: its length alone decides."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        c.putrequest(method, path)
        for name, value in {**headers, "Content-Length": str(length), "Expect": "100-continue"}.items():
            c.putheader(name, value)
        c.endheaders()
        r = c.getresponse()
        r.bytes = r.read()
        c.close()
        return r

    def stop(self):
        self.connection.close()
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(WAIT)


def refused(what, r, statuses, field):
    try:
        problem = json.loads(r.bytes)
    except ValueError:
        problem = {}
    got = (r.status, r.getheader("Content-Type"), problem.get("status"), problem.get("field"))
    if r.status in statuses and got[1:] == ("application/problem+json", r.status, field):
        PASSED[0] += 1
    else:
        FAILED.append(what)
        print("FAILED", what, "got", got, "wanted", statuses, field, flush=True)


def operation(office, path, item, method, doc, staff):
    name, parameters = doc["operationId"], [resolved(SPEC, p) for p in doc.get("parameters", [])]
    path, query, body, fields = request_of(SPEC, path, doc)
    fields = {**fields, **staff.get(NOT_FOR_ALL.get(doc["x-action"]), {})}
    content = doc.get("requestBody", {}).get("content", {})
    url = path + ("?" + "&".join(query) if query else "")
    more = url + ("&" if query else "?")

    for other in ("PATCH", "OPTIONS", *(m.upper() for m in METHODS if m not in item)):
        r = office.ask(other, url)
        refused(f"{name}: {other}", r, (405,), None)
        allowed = {m.upper() for m in item} | ({"HEAD"} if "get" in item else set())
        if set((r.getheader("Allow") or "").split(", ")) != allowed:
            FAILED.append(f"{name}: Allow {r.getheader('Allow')}")
    refused(f"{name}: unknown parameter", office.ask(method.upper(), more + "surely_unknown=1", body, fields), (400,),
            "surely_unknown")
    cap = doc.get("x-body-max", 32768 if body is not None else 0)
    refused(f"{name}: too long", office.announce(method.upper(), url, cap + 1, fields), (413,), "body")
    for p in parameters:
        bad = [v for _, at, v, _ in wrong(SPEC, p["schema"]) if at == "" and isinstance(v, (str, int)) and
               not isinstance(v, bool) and "\0" not in str(v)]
        if p["in"] == "query":
            if resolved(SPEC, p["schema"])["type"] == "string":
                bad = [v for v in bad if isinstance(v, str)]
            for value in bad:
                kept = [q for q in query if not q.startswith(p["name"] + "=")] + [f"{p['name']}={value}"]
                refused(f"{name}: {p['name']}={value}", office.ask(method.upper(), path + "?" + "&".join(
                    urllib.parse.quote(k, safe="=") for k in kept), body, fields), (400,), p["name"])
            if p.get("required"):
                kept = [q for q in query if not q.startswith(p["name"] + "=")]
                refused(f"{name}: no {p['name']}", office.ask(method.upper(), path + "?" + "&".join(kept), body, fields),
                        (400,), p["name"])
        if p["name"] == "Idempotency-Key":
            refused(f"{name}: no request id", office.ask(method.upper(), url, body, {
                k: v for k, v in fields.items() if k != p["name"]}), (400,), p["name"])
    if body is None:
        return
    refused(f"{name}: media type", office.ask(method.upper(), url, body, {**fields, "Content-Type": "text/x"}), (415,),
            "Content-Type")
    if "application/json" not in content:
        return
    whole = json.loads(body)
    for what, at, value, field in wrong(SPEC, content["application/json"]["schema"]):
        sent = json.dumps(with_value(whole, at, value)).encode()
        if len(sent) > cap:
            continue
        refused(f"{name}: {at or 'body'}: {what}", office.ask(method.upper(), url, sent, fields), (400, 413),
                field or "body")


def main():
    office = Office()
    staff = {name: office.staff(name) for name in POSTS}
    built, before = 0, json.loads(office.ask("GET", "/api/v1/status").bytes)["entries"]
    for path, item in SPEC["paths"].items():
        here = {m: d for m, d in item.items() if not d.get("x-planned")}
        for method, doc in here.items():
            operation(office, path, here, method, doc, staff)
            built += 1
    if json.loads(office.ask("GET", "/api/v1/status").bytes)["entries"] != before:
        FAILED.append("something was written")
    if built < 10:
        FAILED.append(f"only {built} operations were found")
    if office.stop() != 0:
        FAILED.append("it stops")
    shutil.rmtree(HOME)
    print(f"{PASSED[0]} passed, {len(FAILED)} failed", *FAILED[:20], sep="\n")
    sys.exit(1 if FAILED else 0)


main()
