"""The API file: it parses, without a key written twice; each operation has an id of its own and each reference leads
somewhere. That each has its function, and the other way round, tools/openapi_c.py sees when it makes the tables. Depends
on Debian's python3-yaml."""
import re

import yaml

import house
from house import Finding

API = "api/openapi.yaml"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Strict(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key.value}' stands here twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def leads_somewhere(document, reference):
    if not reference.startswith("#/"):
        return False
    at = document
    for word in reference[2:].split("/"):
        if not isinstance(at, dict) or word not in at:
            return False
        at = at[word]
    return True


def operations(document):
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item and not item[method].get("x-planned"):
                yield method.upper(), path, item[method].get("operationId")


def line_of(text, word):
    found = re.search(rf"^.*{re.escape(word)}.*$", text, re.M)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def check(root):
    text = house.read(root, API)
    try:
        document = yaml.load(text, Loader=Strict)
    except yaml.MarkedYAMLError as e:
        yield Finding(API, e.problem_mark.line + 1 if e.problem_mark else 1, f"does not parse: {e.problem}")
        return
    seen = {}
    for method, path, identity in operations(document):
        if not identity:
            yield Finding(API, line_of(text, path + ":"), f"{method} {path} has no operationId")
        elif identity in seen:
            yield Finding(API, line_of(text, identity), f"operationId '{identity}' is that of {seen[identity]} and of "
                          f"{method} {path}")
        seen.setdefault(identity, f"{method} {path}")
    for reference in sorted(set(references(document))):
        if not leads_somewhere(document, reference):
            yield Finding(API, line_of(text, reference), f"'{reference}' leads nowhere")
