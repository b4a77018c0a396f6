#!/usr/bin/env python3
"""api/openapi.yaml as a table for the fuzzer of calls: operations.py OPENAPI OUT.h. Each operation that is built with
its method, its path with words of the fuzzer's world for what stands in braces, and what it answers when all is well.
Depends on python3-yaml."""
import sys

import yaml

WORDS = {"/log/": {"path": "entries/000"}, "/proofs/": {"n": "3"}, "/lines/": {"n": "{line}"}, "/attachments/": {"n": "{file}"}}


def example(path):
    for within, words in WORDS.items():
        for name, word in words.items():
            if within in path:
                path = path.replace("{" + name + "}", word)
    return path.replace("{id}", "{c1}" if "{file}" not in path else "{c2}")


def main():
    openapi, out = sys.argv[1:3]
    with open(openapi, encoding="utf-8") as f:
        paths = yaml.safe_load(f)["paths"]
    rows = []
    for path, item in paths.items():
        for method, doc in item.items():
            if doc.get("x-planned"):
                continue
            (status, good), = [(s, r) for s, r in doc["responses"].items() if s != "default"]
            media = list(good.get("content", {"*/*": None}))
            rows.append((doc["operationId"], method.upper(), example(path), int(status), media[0] if len(media) == 1 else "*/*"))
    with open(out, "w", encoding="utf-8") as f:
        f.write("/* Made of api/openapi.yaml by tests/fuzz/call/operations.py. */\n"
                "static const struct call_operation {\n\tconst char *operation, *method, *path;\n\tint status;\n"
                "\tconst char *media;\n} call_operations[] = {\n")
        for operation, method, path, status, media in rows:
            f.write(f'\t{{"{operation}", "{method}", "{path}", {status}, "{media}"}},\n')
        f.write("};\n#define CALL_OPERATIONS_N (sizeof call_operations / sizeof call_operations[0])\n")


main()
