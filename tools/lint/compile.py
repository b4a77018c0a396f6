"""What the compilers must refuse, and what they must take: banned functions do not compile, and each public header
compiles alone, with only the folders in sight that its layer may see."""
import json
import os
import re
import shlex
from concurrent.futures import ThreadPoolExecutor

import house
from house import Finding

COMPILERS = ("gcc", "clang")
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-"]


def banned_names(root):
    names = []
    for line in re.findall(r"^#pragma GCC poison (.+)$", house.read(root, "src/banned.h"), re.M):
        names += line.split()
    return names


def uses(name):
    """A function that uses a name, whatever its type is."""
    return f"void *probe(void);\nvoid *probe(void)\n{{\n\treturn (void *){name};\n}}\n"


def refuses(root, compiler, name):
    status, said = house.run([compiler, "-include", "src/banned.h", *FLAGS], root, stdin=uses(name))
    return status != 0 and "poison" in said


def compiled(root, build):
    """Each file that the build compiles, and the command."""
    with open(os.path.join(root, build, "compile_commands.json"), encoding="utf-8") as f:
        for row in json.load(f):
            yield os.path.relpath(os.path.join(row["directory"], row["file"]), root), row["command"]


def check_banned(root, build, jobs):
    names = banned_names(root)
    if not names:
        yield Finding("src/banned.h", 1, "bans nothing")
    tasks = [(compiler, name) for compiler in COMPILERS for name in names]
    with ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda task: refuses(root, *task), tasks)
    for (compiler, name), refused in zip(tasks, results):
        if not refused:
            yield Finding("src/banned.h", 1, f"{compiler} compiles '{name}', which is banned")
    # The ban is worth something only where it is included.
    for path, command in compiled(root, build):
        words = shlex.split(command)
        included = [after for word, after in zip(words, words[1:]) if word == "-include"]
        if path.startswith("src/") and not any(file.endswith("src/banned.h") for file in included):
            yield Finding(path, 1, "is compiled without src/banned.h")


def public_headers(root, layer):
    """Public headers of a layer but its tables, which are lists of macro calls and not headers."""
    folder = f"src/{layer}/include"
    return [os.path.relpath(path, folder) for path in house.sources(root, folder, ".h")
            if not path.endswith("_table.h")]


def defines(root, build, layer):
    """The macros with which the build compiles a layer's own files, such as the version."""
    found = set()
    for path, command in compiled(root, build):
        if path.startswith(f"src/{layer}/"):
            found |= {word for word in shlex.split(command) if word.startswith("-D")}
    return sorted(found)


def check_header(root, build, compiler, layer, header):
    # Without banned.h, which includes some of the C library's headers itself. Headers made at build time lie in
    # build/src; who may include them is what layers.py checks.
    seen = [f"-Isrc/{name}/include" for name in (layer.name, *layer.below)] + [f"-I{build}/src"]
    seen += defines(root, build, layer.name)
    status, said = house.run([compiler, *seen, *FLAGS], root, stdin=f'#include "{header}"\n')
    if status != 0:
        first = next((line for line in said.splitlines() if "error" in line), said.strip())
        return Finding(f"src/{layer.name}/include/{header}", 1, f"does not compile alone with {compiler}: {first}")
    return None


def check_headers(root, build, jobs):
    tasks = [(compiler, layer, header) for layer in house.layers(root)
             for header in public_headers(root, layer.name) for compiler in COMPILERS]
    with ThreadPoolExecutor(jobs) as pool:
        yield from filter(None, pool.map(lambda task: check_header(root, build, *task), tasks))
    for layer in house.layers(root):
        for header in public_headers(root, layer.name):
            if not header.startswith(layer.name + "/"):
                yield Finding(f"src/{layer.name}/include/{header}", 1,
                              f"belongs in src/{layer.name}/include/{layer.name}/")
