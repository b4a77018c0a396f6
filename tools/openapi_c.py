#!/usr/bin/env python3
"""api/openapi.yaml as C: openapi_c.py OPENAPI OUT.c OUT.h [SOURCE.c ...].

Writes the tables of src/api/include/api/contract.h: routes with what they take, schemas of bodies and parameters, the
tree that finds a route by its path, and the file itself. Refuses, with the line, whatever it does not understand: a
keyword that is passed over here would be a promise that nobody keeps. SOURCE.c are looked through for the functions
of the routes; none is asked for where an operation is `x-planned: true`. Depends on python3-yaml."""
import hashlib
import re
import sys

import yaml

METHODS = ("get", "put", "post", "delete")
REQUEST_ID = ("Idempotency-Key", "^[A-Za-z0-9_-]{16,64}$")
BODY_MAX = 32768           # of a body, where x-body-max says nothing
BODY_MAX_MAX = 12 << 20     # one photo or recording
DEPTH_MAX = 8
PARAMS_MAX = 16
NUMBER_MIN, NUMBER_MAX = -2**63, 2**63 - 1
LENGTH_MAX = 2**32 - 1
FORMATS = {"base64-16": "BASE64_16", "base64-32": "BASE64_32", "name": "NAME", "digits": "DIGITS", "date": "DATE"}
SCHEMA_KEYS = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "x-bytes-max", "enum", "const", "format", "pattern"},
    "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"},
    "boolean": set(),
}


class Wrong(Exception):
    def __init__(self, line, text):
        super().__init__(text)
        self.line = line


class Map(dict):
    """A mapping that knows where it and each of its keys stand."""
    line = 1
    lines = {}

    def at(self, key):
        return self.lines.get(key, self.line)

    def refuse(self, key, text):
        raise Wrong(self.at(key), text)


def value_of(node, loader):
    if isinstance(node, yaml.MappingNode):
        made = Map()
        made.line, made.lines = node.start_mark.line + 1, {}
        for key, inner in node.value:
            name = key.value
            if name in made:
                raise Wrong(key.start_mark.line + 1, f"'{name}' stands here twice")
            made[name] = value_of(inner, loader)
            made.lines[name] = key.start_mark.line + 1
        return made
    if isinstance(node, yaml.SequenceNode):
        return [value_of(inner, loader) for inner in node.value]
    return loader.construct_object(node)


def parse(text):
    loader = yaml.SafeLoader(text)
    try:
        root = value_of(loader.get_single_node(), loader)
    except yaml.MarkedYAMLError as e:
        raise Wrong(e.problem_mark.line + 1 if e.problem_mark else 1, f"does not parse: {e.problem}")
    if not isinstance(root, Map):
        raise Wrong(1, "is no mapping")
    return root


def only(mapping, names, what):
    for key in mapping:
        if key not in names:
            mapping.refuse(key, f"'{key}' is not understood in {what}")


def whole(mapping, key, low, high, otherwise):
    value = mapping.get(key, otherwise)
    if key in mapping and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
        mapping.refuse(key, f"'{key}' is a whole number from {low} to {high}")
    return value


class Contract:
    def __init__(self, root):
        self.root = root
        only(root, {"openapi", "info", "servers", "paths", "components"}, "the file")
        self.operations = []
        seen = {}
        for path, item in root.get("paths", Map()).items():
            line = root["paths"].at(path)
            if not isinstance(item, Map):
                raise Wrong(line, f"{path} has no operations")
            only(item, METHODS, "a path")
            for method, doc in item.items():
                op = self.operation(path, method, doc, item.at(method))
                if op["id"] in seen:
                    raise Wrong(op["line"], f"operationId '{op['id']}' is that of {seen[op['id']]}, too")
                seen[op["id"]] = f"{method.upper()} {path}"
                self.operations.append(op)
        for name, schema in root.get("components", Map()).get("schemas", Map()).items():
            self.answer_schema(schema, root["components"]["schemas"].at(name))

    # ---- references ----

    def resolve(self, value, line, trail=()):
        """What a $ref leads to; beside it only a description may stand."""
        while isinstance(value, Map) and "$ref" in value:
            only(value, {"$ref", "description"}, "a reference")
            line, name = value.at("$ref"), value["$ref"]
            if name in trail:
                raise Wrong(line, f"'{name}' leads to itself")
            trail = (*trail, name)
            if not isinstance(name, str) or not name.startswith("#/"):
                raise Wrong(line, f"'{name}' is no reference within this file")
            value = self.root
            for step in name[2:].split("/"):
                if not isinstance(value, Map) or step not in value:
                    raise Wrong(line, f"'{name}' leads nowhere")
                value = value[step]
        if not isinstance(value, Map):
            raise Wrong(line, "is no mapping")
        return value, line, trail

    # ---- schemas ----

    def schema(self, doc, line, depth=1, trail=()):
        """Of what a client sends: everything in it is understood and has an end."""
        doc, line, trail = self.resolve(doc, line, trail)
        kind = doc.get("type")
        if kind not in SCHEMA_KEYS or kind == "number":
            raise Wrong(doc.at("type"), f"type '{kind}' is not one of object, array, string, integer, boolean")
        if depth > DEPTH_MAX:
            raise Wrong(line, f"is nested more than {DEPTH_MAX} deep")
        only(doc, SCHEMA_KEYS[kind] | {"type", "description", "default"}, f"a schema of type {kind}")
        made = {"type": kind, "line": line}
        getattr(self, "of_" + kind)(doc, made, depth, trail)
        return made

    def of_object(self, doc, made, depth, trail):
        if doc.get("additionalProperties", False) is not False:
            doc.refuse("additionalProperties", "a body has only the properties that are named: false, or left out")
        properties = doc.get("properties", Map())
        required = doc.get("required", [])
        for name in required:
            if name not in properties:
                doc.refuse("required", f"'{name}' is required and is no property")
        made["properties"] = [(name, self.schema(inner, properties.at(name), depth + 1, trail), name in required)
                              for name, inner in properties.items()]

    def of_array(self, doc, made, depth, trail):
        if "maxItems" not in doc:
            raise Wrong(made["line"], "an array has maxItems")
        if "items" not in doc:
            raise Wrong(made["line"], "an array has items")
        made["low"] = whole(doc, "minItems", 0, LENGTH_MAX, 0)
        made["high"] = whole(doc, "maxItems", 1, LENGTH_MAX, 0)
        made["items"] = self.schema(doc["items"], doc.at("items"), depth + 1, trail)

    def of_string(self, doc, made, depth, trail):
        del depth, trail
        if "pattern" in doc:
            doc.refuse("pattern", "a pattern is not understood: name a format")
        words = doc.get("enum", [doc["const"]] if "const" in doc else [])
        if ("enum" in doc and not words) or not all(isinstance(w, str) and w for w in words):
            doc.refuse("enum" if "enum" in doc else "const", "a choice is of texts (quote yes, no, on, off)")
        form = doc.get("format")
        if form is not None and form not in FORMATS:
            doc.refuse("format", f"format '{form}' is not one of {', '.join(FORMATS)}")
        if not words and form not in ("base64-16", "base64-32", "date") and "maxLength" not in doc:
            raise Wrong(made["line"], "a text has maxLength, a choice or a format of fixed length")
        made["low"] = whole(doc, "minLength", 0, LENGTH_MAX, 0)
        made["high"] = whole(doc, "maxLength", 1, LENGTH_MAX // 4, LENGTH_MAX // 4)
        made["bytes"] = whole(doc, "x-bytes-max", 1, LENGTH_MAX, 4 * made["high"])
        made["words"], made["format"] = words, form

    def of_integer(self, doc, made, depth, trail):
        del depth, trail
        made["low"] = whole(doc, "minimum", NUMBER_MIN, NUMBER_MAX, NUMBER_MIN)
        made["high"] = whole(doc, "maximum", NUMBER_MIN, NUMBER_MAX, NUMBER_MAX)
        if made["low"] > made["high"]:
            doc.refuse("minimum", "minimum is above maximum")

    def of_boolean(self, doc, made, depth, trail):
        pass

    def answer_schema(self, doc, line, trail=()):
        """Of what the program sends, or of a part of either: no keyword that nobody looks at."""
        if isinstance(doc, Map) and "$ref" in doc:
            self.resolve(doc, line)
            return
        if not isinstance(doc, Map) or doc.get("type") not in SCHEMA_KEYS:
            raise Wrong(doc.at("type") if isinstance(doc, Map) else line, "a schema has a type that is understood")
        only(doc, SCHEMA_KEYS[doc["type"]] | {"type", "description", "default"}, f"a schema of type {doc['type']}")
        inner = list(doc.get("properties", Map()).items())
        if isinstance(doc.get("additionalProperties"), Map):
            inner.append(("additionalProperties", doc["additionalProperties"]))
        if "items" in doc:
            inner.append(("items", doc["items"]))
        for name, part in inner:
            self.answer_schema(part, doc.get("properties", doc).at(name))

    # ---- operations ----

    def operation(self, path, method, doc, line):
        if not isinstance(doc, Map):
            raise Wrong(line, f"{method.upper()} {path} is no mapping")
        only(doc, {"operationId", "summary", "description", "parameters", "requestBody", "responses", "x-action",
                   "x-planned", "x-body-max", "x-gzip"}, "an operation")
        identity, action = doc.get("operationId"), doc.get("x-action")
        if not isinstance(identity, str) or not re.fullmatch(r"[a-z][A-Za-z0-9]*", identity):
            raise Wrong(line, f"{method.upper()} {path} has no operationId")
        if not isinstance(action, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", action):
            raise Wrong(line, f"{identity} has no x-action")
        if "x-gzip" in doc and not isinstance(doc["x-gzip"], bool):
            doc.refuse("x-gzip", "x-gzip is yes or no")
        op = {"id": identity, "action": action, "method": method, "path": path, "line": line, "request_id": False,
              "planned": doc.get("x-planned", False) is True, "params": [], "body": None, "media": [], "body_max": 0,
              "gzip": doc.get("x-gzip", method == "get")}
        for parameter in doc.get("parameters", []):
            self.parameter(op, parameter, doc.at("parameters"))
        self.path_parameters(op)
        if len(op["params"]) > PARAMS_MAX:
            raise Wrong(line, f"{identity} has more than {PARAMS_MAX} parameters")
        if "requestBody" in doc:
            self.body(op, doc)
        elif "x-body-max" in doc:
            doc.refuse("x-body-max", f"{identity} has no body")
        self.responses(doc, line)
        return op

    def parameter(self, op, doc, line):
        doc, line, _ = self.resolve(doc, line)
        only(doc, {"name", "in", "required", "schema", "description", "x-rest"}, "a parameter")
        name, where, required = doc.get("name"), doc.get("in"), doc.get("required", False)
        if not isinstance(doc.get("schema"), Map) or not isinstance(name, str):
            raise Wrong(line, "a parameter has a name and a schema")
        if where == "header":
            if name == "Last-Event-ID" and not required:
                return  # of a stream: its route reads it
            if (name, doc["schema"].get("pattern")) != REQUEST_ID or required is not True:
                raise Wrong(doc.line, f"of header parameters only {REQUEST_ID[0]}, required, and Last-Event-ID are understood")
            op["request_id"] = True
            return
        if where not in ("path", "query"):
            doc.refuse("in", f"a parameter stands in path, query or header, not in '{where}'")
        if any(p["name"] == name for p in op["params"]):
            raise Wrong(doc.line, f"parameter '{name}' stands here twice")
        rest = doc.get("x-rest", False)
        schema = {"type": "string", "line": doc.line, "low": 1, "high": 256, "bytes": 1024, "words": [], "format": None} \
            if rest else self.schema(doc["schema"], doc.at("schema"))
        if schema["type"] not in ("integer", "string"):
            doc.refuse("schema", "a parameter is an integer or a string")
        default = doc["schema"].get("default")
        if default is not None and (where == "path" or required or type(default) is not
                                    {"integer": int, "string": str}[schema["type"]]):
            raise Wrong(doc.line, f"the default of '{name}' is of its type, and of a query parameter that is not required")
        if where == "path" and required is not True:
            raise Wrong(doc.line, "a parameter of the path is required")
        op["params"].append({"name": name, "in": where, "required": required, "schema": schema, "default": default,
                             "rest": rest, "line": doc.line})

    @staticmethod
    def path_parameters(op):
        """Those of the path first, in its order."""
        named = re.findall(r"\{([^}]*)\}", op["path"])
        given = {p["name"]: p for p in op["params"] if p["in"] == "path"}
        if sorted(named) != sorted(given):
            raise Wrong(op["line"], f"{op['path']} and its parameters name different things")
        op["params"] = [given[n] for n in named] + [p for p in op["params"] if p["in"] != "path"]
        segments = op["path"][1:].split("/")
        for i, segment in enumerate(segments):
            if "{" in segment and not re.fullmatch(r"\{[A-Za-z_]+\}", segment):
                raise Wrong(op["line"], f"'{segment}': a parameter is a whole segment of the path")
            if "{" in segment and given[segment[1:-1]]["rest"] and i + 1 < len(segments):
                raise Wrong(op["line"], f"'{segment}': x-rest stands at the end of the path")

    def body(self, op, doc):
        body, line, _ = self.resolve(doc["requestBody"], doc.at("requestBody"))
        only(body, {"required", "content", "description"}, "a body")
        if op["method"] == "get":
            raise Wrong(line, "a GET has no body")
        if body.get("required") is not True:
            raise Wrong(line, "a body is `required: true`, or there is none")
        content = body.get("content", Map())
        if "application/json" in content and len(content) > 1 or not content:
            raise Wrong(line, "a body is application/json, or of other media types")
        for media, inner in content.items():
            op["media"].append(media)
            if not re.fullmatch(r"[a-z]+/(\*|[a-z0-9.+-]+)", media):
                content.refuse(media, f"'{media}' is no media type")
            if media == "application/json":
                if not isinstance(inner, Map) or "schema" not in inner:
                    content.refuse(media, "a body has a schema")
                op["body"] = self.schema(inner["schema"], inner.at("schema"))
                if op["body"]["type"] != "object":
                    content.refuse(media, "a body is an object")
        op["body_max"] = whole(doc, "x-body-max", 1, BODY_MAX_MAX, BODY_MAX)

    def responses(self, doc, line):
        responses = doc.get("responses")
        if not isinstance(responses, Map) or not responses:
            raise Wrong(line, f"{doc['operationId']} has no responses")
        for status, answer in responses.items():
            at = responses.at(status)
            if not re.fullmatch(r"[1-5]\d\d|default", str(status)):
                raise Wrong(at, f"'{status}' is no status")
            answer, at, _ = self.resolve(answer, at)
            only(answer, {"description", "content"}, "a response")
            for media, inner in answer.get("content", Map()).items():
                if isinstance(inner, Map) and "schema" in inner:
                    only(inner, {"schema"}, "a content")
                    if media.endswith("json"):
                        self.answer_schema(inner["schema"], inner.at("schema"))


# ---- C ----

def quoted(text):
    made = '"'
    for byte in text.encode():
        made += f"\\{byte:03o}" if byte < 32 or byte > 126 else "\\" + chr(byte) if byte in b'"\\' else chr(byte)
    return made + '"'


def number(value):
    return "INT64_MIN" if value == NUMBER_MIN else f"INT64_C({value})"


class Writer:
    def __init__(self):
        self.out, self.known = [], {}

    def table(self, prefix, kind, body):
        """A constant of its own name; the same content is there once."""
        key = (kind, body)
        if key not in self.known:
            self.known[key] = f"{prefix}_{len(self.known)}"
            self.out.append(f"static const {kind.replace('@', self.known[key])} = {body};\n")
        return self.known[key]

    def schema(self, s):
        parts = [f".type = SCHEMA_{s['type'].upper()}"]
        if s["type"] == "integer":
            parts.append(f".minimum = {number(s['low'])}, .maximum = {number(s['high'])}")
        if s["type"] in ("string", "array"):
            parts.append(f".length_min = {s['low']}u, .length_max = {s['high']}u")
        if s["type"] == "string":
            parts.append(f".bytes_max = {s['bytes']}u")
            if s["words"]:
                words = self.table("words", "char *const @[]", "{" + ", ".join(map(quoted, s["words"])) + ", NULL}")
                parts.append(f".one_of = {words}")
            if s["format"]:
                parts.append(f".format = SCHEMA_{FORMATS[s['format']]}")
        if s["type"] == "array":
            parts.append(f".items = &{self.schema(s['items'])}")
        if s["type"] == "object" and s["properties"]:
            rows = [f"{{{quoted(name)}, &{self.schema(inner)}, {str(must).lower()}}}"
                    for name, inner, must in s["properties"]]
            body = "{\n\t" + ",\n\t".join(rows) + "}"
            parts.append(f".properties = {self.table('properties', 'struct schema_property @[]', body)}, "
                         f".properties_n = {len(rows)}")
        return self.table("schema", "struct schema @", "{" + ", ".join(parts) + "}")

    def route(self, op):
        parts = [f".operation = {quoted(op['id'])}, .action = {quoted(op['action'])}, "
                 f".method = API_{op['method'].upper()}, .begin = route_{op['id']}"]
        if op["params"]:
            rows = []
            for p in op["params"]:
                row = f".name = {quoted(p['name'])}, .schema = &{self.schema(p['schema'])}"
                row += ", .in_path = true" if p["in"] == "path" else ""
                row += ", .required = true" if p["required"] else ""
                if p["default"] is not None:
                    row += ", .has_default = true, "
                    row += f".default_text = {quoted(p['default'])}" if isinstance(p["default"], str) else \
                        f".default_number = {number(p['default'])}"
                rows.append("{" + row + "}")
            body = "{\n\t" + ",\n\t".join(rows) + "}"
            parts.append(f".params = {self.table('params', 'struct api_param @[]', body)}, .params_n = {len(rows)}")
        if op["media"]:
            media = self.table("media", "char *const @[]", "{" + ", ".join(map(quoted, op["media"])) + ", NULL}")
            parts.append(f".media = {media}, .body_max = {op['body_max']}u")
        if op["body"]:
            parts.append(f".body = &{self.schema(op['body'])}")
        parts += [".request_id = true"] if op["request_id"] else []
        parts += [".gzip = true"] if op["gzip"] else []
        return self.table("route", "struct api_route @", "{" + ",\n\t".join(parts) + "}")

    def node(self, tree):
        parts = []
        words = sorted(w for w in tree["next"] if not w.startswith("{"))
        if words:
            rows = [f"{{{quoted(w)}, &{self.node(tree['next'][w])}}}" for w in words]
            parts.append(f".words = {self.table('words_of', 'struct api_word @[]', '{' + ', '.join(rows) + '}')}, "
                         f".words_n = {len(rows)}")
        for word in tree["next"]:
            if word.startswith("{"):
                parts.append(f".param = &{self.node(tree['next'][word])}, .param_is = API_SEGMENT_{word[1:-1].upper()}")
        if tree["routes"]:
            found = {op["method"]: self.route(op) for op in tree["routes"]}
            parts.append(".routes = {" + ", ".join(f"[API_{m.upper()}] = &{found[m]}" for m in METHODS if m in found) + "}")
            allow = [m.upper() if m != "get" else "GET, HEAD" for m in ("get", "post", "put", "delete") if m in found]
            parts.append(f".allow = {quoted(', '.join(allow))}")
        return self.table("node", "struct api_node @", "{" + ",\n\t".join(parts) + "}")


def tree_of(operations):
    root = {"next": {}, "routes": []}
    for op in operations:
        at, params = root, {p["name"]: p for p in op["params"]}
        for word in op["path"][1:].split("/"):
            if word.startswith("{"):
                p = params[word[1:-1]]
                word = "{rest}" if p["rest"] else "{number}" if p["schema"]["type"] == "integer" else "{text}"
                if any(w.startswith("{") and w != word for w in at["next"]):
                    raise Wrong(op["line"], f"{op['path']}: another path has a parameter of another type in this place")
            at = at["next"].setdefault(word, {"next": {}, "routes": []})
        at["routes"].append(op)
    return root


def functions(operations, sources):
    """Which route functions there are; each belongs to an operation that is not only planned, and the other way round."""
    found = set()
    for path in sources:
        with open(path, encoding="utf-8") as f:
            found |= set(re.findall(r"^enum api_next route_(\w+)\(", f.read(), re.M))
    for op in operations:
        if op["planned"] and op["id"] in found:
            raise Wrong(op["line"], f"there is a function route_{op['id']}: take x-planned away")
        if not op["planned"] and op["id"] not in found:
            raise Wrong(op["line"], f"there is no function route_{op['id']}: write it, or say x-planned: true")
    for name in sorted(found - {op["id"] for op in operations}):
        raise Wrong(1, f"there is a function route_{name}, but no operation")


def c_of(text, sources=None):
    """The tables, and the header that declares the functions of routes."""
    operations = Contract(parse(text)).operations
    if sources is not None:
        functions(operations, sources)
    built = [op for op in operations if not op["planned"]]
    writer = Writer()
    root = writer.node(tree_of(built))
    declared = "".join(f"api_step_fn route_{op['id']};\n" for op in built)
    data = text.encode()
    file = "".join("\t" + "".join(f"{b if b < 128 else b - 256}," for b in data[at:at + 24]) + "\n"
                   for at in range(0, len(data), 24))
    made = "/* Made from api/openapi.yaml by tools/openapi_c.py; do not edit. */\n"
    header = f'{made}#include "api/api.h"\n\n{declared}'
    return (f'{made}#include "api/contract.h"\n#include "api/route_list.h"\n\n{"".join(writer.out)}\nconst struct api_node *const api_paths = &{root};\n\n'
            f"static const char file[] = {{\n{file}}};\n"
            f"const struct str api_file = {{file, sizeof file}};\n"
            f"const char api_file_tag[] = {quoted(hashlib.sha256(data).hexdigest()[:16])};\n"), header


def main():
    source, outs, sources = sys.argv[1], sys.argv[2:4], sys.argv[4:]
    try:
        with open(source, encoding="utf-8") as f:
            made = c_of(f.read(), sources)
    except Wrong as e:
        sys.exit(f"{source}:{e.line}: {e}")
    for out, text in zip(outs, made):
        with open(out, "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    main()
