"""What a folder of src may include is what its row in meson.build lists, and rows list only what stands above them.
The compiler refuses most of this too; here it is said in the words of the house, and what gets past the compiler is
caught: relative paths, libraries the row does not name, angle brackets around our own headers."""
import os
import re

import house
from house import Finding

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
LIBRARY_OF = {
    "sodium.h": "sodium", "sqlite3.h": "sqlite", "sqlite3ext.h": "sqlite", "microhttpd.h": "microhttpd",
    "jansson.h": "jansson", "yaml.h": "yaml", "pthread.h": "threads", "threads.h": "threads",
}


def check_table(table):
    seen = set()
    for layer in table:
        if layer.name in seen:
            yield Finding("meson.build", 1, f"layer '{layer.name}' has two rows")
        for below in layer.below:
            if below not in seen:
                yield Finding("meson.build", 1, f"layer '{layer.name}' may include '{below}', which does not stand "
                              "above it in the table; dependencies point one way")
        seen.add(layer.name)


def check_file(root, path, layer, names):
    for number, line in enumerate(house.read(root, path).splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        bracket, target = found.groups()
        first, slash, _ = target.partition("/")
        if ".." in target.split("/") or "." in target.split("/"):
            yield Finding(path, number, f"'{target}' is a relative path; name the header as \"folder/header.h\"")
        elif slash and first in names:
            if bracket == "<":
                yield Finding(path, number, f"'{target}' is ours; include it with quotation marks")
            if first != layer.name and first not in layer.below:
                yield Finding(path, number, f"layer '{layer.name}' may not include '{target}'; its row in "
                              f"meson.build lists {', '.join(layer.below) or 'nothing'}")
        elif bracket == '"' and slash:
            yield Finding(path, number, f"'{target}' is in no layer of meson.build")
        elif bracket == '"' and not os.path.exists(os.path.join(root, os.path.dirname(path), target)):
            yield Finding(path, number, f"'{target}' is not beside this file; name it as \"folder/header.h\"")
        elif bracket == "<" and LIBRARY_OF.get(target, None) not in (None, *layer.libraries):
            yield Finding(path, number, f"layer '{layer.name}' may not use {LIBRARY_OF[target]}; its row in "
                          f"meson.build lists {', '.join(layer.libraries) or 'no library'}")


def check(root):
    table = house.layers(root)
    yield from check_table(table)
    names = {layer.name for layer in table}
    for layer in table:
        for path in house.sources(root, f"src/{layer.name}", ".c", ".h"):
            yield from check_file(root, path, layer, names)
    program = house.Layer(house.PROGRAM, tuple(names), tuple(LIBRARY_OF.values()))
    for path in house.sources(root, f"src/{program.name}", ".c", ".h"):
        yield from check_file(root, path, program, names)
    for path in house.sources(root, "src", ".c", "meson.build"):
        folder = path.split("/")[1]
        if folder not in names and folder != program.name:
            yield Finding(path, 1, f"folder '{folder}' has no row in the table `layers` of meson.build")
