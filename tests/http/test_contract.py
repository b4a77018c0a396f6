#!/usr/bin/python3
"""Every operation of api/openapi.yaml that is built, asked wrongly in every way that its own description rules out:
other methods, unknown and wrong parameters, bodies that are too long, of another media type, and for each property
another type, nothing, something more, something beyond each bound. Each answer is a problem that names the field.
The cases come from the file itself. usage: test_contract.py PATH-OF-liren openapi.yaml"""
import copy
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

try:
    import yaml
except ImportError:
    print("SKIP: there is no python3-yaml")
    sys.exit(77)

LIREN, OPENAPI = (os.path.abspath(a) for a in sys.argv[1:3])
HOME = tempfile.mkdtemp(prefix="liren-contract-")
WAIT = 60
PASSED, FAILED = [0], []
METHODS = ("get", "post", "put", "delete")
with open(OPENAPI, encoding="utf-8") as f:
    SPEC = yaml.safe_load(f)


def resolved(value):
    while "$ref" in value:
        node = SPEC
        for step in value["$ref"][2:].split("/"):
            node = node[step]
        value = node
    return value


# ---- values of a schema, and values that are none ----

def good(schema):
    schema = resolved(schema)
    kind = schema["type"]
    if kind == "object":
        return {name: good(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [good(schema["items"])] * max(1, schema.get("minItems", 0))
    if kind == "integer":
        return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
    if kind == "boolean":
        return True
    if "enum" in schema:
        return schema["enum"][0]
    return {"base64-16": "A" * 22 + "==", "base64-32": "A" * 43 + "=", "date": "2026-11-27", "digits": "1"}.get(
        schema.get("format"), "a" * max(1, schema.get("minLength", 0)))


def wrong(schema, path=""):
    """(what, path, how to make the value wrong there): `how` is the value that stands in its place."""
    schema = resolved(schema)
    kind = schema["type"]
    others = {"object": {}, "array": [], "string": "a", "integer": 1, "boolean": True}
    for name, value in others.items():
        if name != kind:
            yield f"{name} for {kind}", path, value, path
    yield f"null for {kind}", path, None, path
    if kind == "integer":
        yield "fraction", path, 1.5, path
        if "minimum" in schema:
            yield "below", path, schema["minimum"] - 1, path
        if "maximum" in schema:
            yield "above", path, schema["maximum"] + 1, path
    if kind == "string":
        yield "NUL", path, "a\0b", path
        if "enum" in schema:
            yield "no choice", path, "".join(schema["enum"]) + "x", path
        elif "format" in schema:
            yield "format", path, "?", path
        if schema.get("minLength", 0) > 0:
            yield "too short", path, "a" * (schema["minLength"] - 1), path
        if "maxLength" in schema and "enum" not in schema:
            yield "too long", path, "里" * (schema["maxLength"] + 1), path
        if "x-bytes-max" in schema:
            yield "too many bytes", path, "a" * (schema["x-bytes-max"] + 1), path
    if kind == "array":
        items = good(schema["items"])
        yield "too many", path, [items] * (schema["maxItems"] + 1), path
        if schema.get("minItems", 0) > 0:
            yield "too few", path, [items] * (schema["minItems"] - 1), path
        for what, inner, value, field in wrong(schema["items"], "[0]"):
            yield what, path + inner, value, path + field
    if kind == "object":
        whole = good(schema)
        yield "something more", path, {**whole, "surely_unknown": 1}, (path + "." if path else "") + "surely_unknown"
        for name in schema.get("required", []):
            left = {k: v for k, v in whole.items() if k != name}
            yield f"no {name}", path, left, (path + "." if path else "") + name
        for name, part in schema.get("properties", {}).items():
            yield from wrong(part, (path + "." if path else "") + name)


def with_value(body, path, value):
    if not path:
        return value
    body = copy.deepcopy(body)
    steps = [int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", path)]
    at = body
    for step in steps[:-1]:
        at = at[step]
    at[steps[-1]] = value
    return body


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


def operation(office, path, item, method, doc):
    name, parameters = doc["operationId"], [resolved(p) for p in doc.get("parameters", [])]
    fields = {}
    query = []
    for p in parameters:
        if p["in"] == "path":
            path = path.replace("{" + p["name"] + "}", "0/000" if p.get("x-rest") else str(good(p["schema"])))
        elif p["name"] == "Idempotency-Key":
            fields["Idempotency-Key"] = str(uuid.uuid4())
        elif p.get("required"):
            query.append(f"{p['name']}={good(p['schema'])}")
    url = path + ("?" + "&".join(query) if query else "")
    more = url + ("&" if query else "?")
    body = None
    if "requestBody" in doc:
        content = doc["requestBody"]["content"]
        fields["Content-Type"] = next(iter(content))
        if "application/json" in content:
            body = json.dumps(good(content["application/json"]["schema"])).encode()
        else:
            body = b"x"

    for other in ("PATCH", "OPTIONS", *(m.upper() for m in METHODS if m not in item)):
        r = office.ask(other, url)
        refused(f"{name}: {other}", r, (405,), None)
        allowed = {m.upper() for m in item} | ({"HEAD"} if "get" in item else set())
        if set((r.getheader("Allow") or "").split(", ")) != allowed:
            FAILED.append(f"{name}: Allow {r.getheader('Allow')}")
    refused(f"{name}: unknown parameter", office.ask(method.upper(), more + "surely_unknown=1", body, fields), (400,),
            "surely_unknown")
    cap = doc.get("x-body-max", 32768 if body is not None else 0)
    refused(f"{name}: too long", office.ask(method.upper(), url, b"x" * (cap + 1), fields), (413,), "body")
    for p in parameters:
        bad = [v for _, at, v, _ in wrong(p["schema"]) if at == "" and isinstance(v, (str, int)) and
               not isinstance(v, bool) and "\0" not in str(v)]
        if p["in"] == "query":
            if resolved(p["schema"])["type"] == "string":
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
    for what, at, value, field in wrong(content["application/json"]["schema"]):
        sent = json.dumps(with_value(whole, at, value)).encode()
        if len(sent) > cap:
            continue
        refused(f"{name}: {at or 'body'}: {what}", office.ask(method.upper(), url, sent, fields), (400, 413),
                field or "body")


def main():
    office = Office()
    built, before = 0, json.loads(office.ask("GET", "/api/v1/status").bytes)["entries"]
    for path, item in SPEC["paths"].items():
        here = {m: d for m, d in item.items() if not d.get("x-planned")}
        for method, doc in here.items():
            operation(office, path, here, method, doc)
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
