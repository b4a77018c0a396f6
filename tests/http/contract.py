"""api/openapi.yaml for the tests over HTTP: values that a schema takes, values that it does not, and whether an answer
is as documented. Depends on nothing but the parsed file."""
import copy
import json
import re
import uuid


def resolved(spec, value):
    """What a $ref leads to."""
    while "$ref" in value:
        node = spec
        for step in value["$ref"][2:].split("/"):
            node = node[step]
        value = node
    return value


# ---- values of a schema, and values that are none ----

def good(spec, schema):
    """A value that the schema takes, with every property."""
    schema = resolved(spec, schema)
    kind = schema["type"]
    if kind == "object":
        return {name: good(spec, inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [good(spec, schema["items"])] * max(1, schema.get("minItems", 0))
    if kind == "integer":
        return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
    if kind == "boolean":
        return True
    if "enum" in schema:
        return schema["enum"][0]
    return {"base64-16": "A" * 22 + "==", "base64-32": "A" * 43 + "=", "date": "2026-11-27", "digits": "1"}.get(
        schema.get("format"), "a" * max(1, schema.get("minLength", 0)))


def wrong(spec, schema, path=""):
    """(what, path, how to make the value wrong there): `how` is the value that stands in its place."""
    schema = resolved(spec, schema)
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
        items = good(spec, schema["items"])
        yield "too many", path, [items] * (schema["maxItems"] + 1), path
        if schema.get("minItems", 0) > 0:
            yield "too few", path, [items] * (schema["minItems"] - 1), path
        for what, inner, value, field in wrong(spec, schema["items"], "[0]"):
            yield what, path + inner, value, path + field
    if kind == "object":
        whole = good(spec, schema)
        yield "something more", path, {**whole, "surely_unknown": 1}, (path + "." if path else "") + "surely_unknown"
        for name in schema.get("required", []):
            left = {k: v for k, v in whole.items() if k != name}
            yield f"no {name}", path, left, (path + "." if path else "") + name
        for name, part in schema.get("properties", {}).items():
            yield from wrong(spec, part, (path + "." if path else "") + name)


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


def request_of(spec, path, doc):
    """An operation asked rightly, as far as its form goes: path with query, body, fields of the header."""
    query, fields, body = [], {}, None
    for p in (resolved(spec, p) for p in doc.get("parameters", [])):
        if p["in"] == "path":
            path = path.replace("{" + p["name"] + "}", "0/000" if p.get("x-rest") else str(good(spec, p["schema"])))
        elif p["name"] == "Idempotency-Key":
            fields["Idempotency-Key"] = str(uuid.uuid4())
        elif p.get("required"):
            query.append(f"{p['name']}={good(spec, p['schema'])}")
    if "requestBody" in doc:
        media, inner = next(iter(doc["requestBody"]["content"].items()))
        fields["Content-Type"] = media
        body = json.dumps(good(spec, inner["schema"])).encode() if media == "application/json" else b"x"
    return path, query, body, fields


# ---- answers ----

KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}


def is_a(kind, value):
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def fits(schema, value, spec, where):
    """What is wrong with a value under the part of JSON Schema that openapi.yaml uses; "" where nothing is."""
    schema = resolved(spec, schema)
    kind = schema.get("type")
    if kind and not is_a(kind, value):
        return f"{where} is no {kind}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{where} is {value!r}, which is not documented"
    if is_a("number", value) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{where} is {value!r}, which is out of bounds"
    for name in schema.get("required", []):
        if name not in value:
            return f"{where} lacks {name}"
    if isinstance(value, dict) and "properties" in schema:
        for name, v in value.items():
            if name not in schema["properties"]:
                return f"{where} has {name}, which is not documented"
            if wrong := fits(schema["properties"][name], v, spec, f"{where}.{name}"):
                return wrong
    elif isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        for name, v in value.items():
            if wrong := fits(schema["additionalProperties"], v, spec, f"{where}.{name}"):
                return wrong
    if isinstance(value, list):
        for i, v in enumerate(value):
            if wrong := fits(schema["items"], v, spec, f"{where}[{i}]"):
                return wrong
    return ""


def properties(spec, schema, where, value=None, all_=False):
    """The names of the properties that a value has under its schema, or with `all_` those that it could have. They are
    called by the nearest schema that has a name: Case.clocks.due."""
    if "$ref" in schema:
        where = schema["$ref"].rsplit("/", 1)[1]
    schema, found = resolved(spec, schema), set()
    for name, inner in schema.get("properties", {}).items():
        if all_ or isinstance(value, dict) and name in value:
            found |= {f"{where}.{name}"} | properties(spec, inner, f"{where}.{name}", (value or {}).get(name), all_)
    for one in [None] if all_ else value if isinstance(value, list) else ():
        found |= properties(spec, schema["items"], where, one, all_) if "items" in schema else set()
    return found


class Answers:
    """Every answer of a test beside the file, whoever asked. `check(ok, sentence, *detail)`."""

    def __init__(self, openapi, check):
        import yaml
        with open(openapi, encoding="utf-8") as f:
            self.spec = yaml.safe_load(f)
        self.check, self.sent, self.could, self.ways = check, set(), set(), []
        for path, methods in self.spec["paths"].items():
            form = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            # a path without parameters goes before one that would take it, too
            self.ways += [(path.count("{"), form, method.upper(), doc) for method, doc in methods.items()]
        self.ways.sort(key=lambda way: way[0])

    def look(self, method, path, status, media, said):
        """One answer: its status, its media type and, of JSON, every name and value."""
        path = path.split("?")[0]
        doc = next((d for _, form, m, d in self.ways if m == method and form.fullmatch(path)), None)
        if not doc:
            return status in (404, 405) or self.check(False, "every route that answers is documented", method, path, status)
        name = doc["operationId"]
        answer = resolved(self.spec, doc["responses"].get(str(status)) or doc["responses"].get("default") or {})
        media = media.split(";")[0]
        if status == 304:
            return True
        if not self.check(media in answer.get("content", {}) and (status < 300) == (str(status) in doc["responses"]),
                          "status and media type of each answer are as documented", name, status, media):
            return False
        if "json" not in media:
            return True
        schema = answer["content"][media]["schema"]
        if status < 300:
            self.sent |= properties(self.spec, schema, name, said)
            self.could |= properties(self.spec, schema, name, None, True)
        wrong = fits(schema, said, self.spec, name)
        return self.check(not wrong, f"{name} answers what the file documents, and nothing else", status, wrong)

    def never(self):
        """What is documented of the operations that were asked, and was in no answer."""
        return self.could - self.sent
