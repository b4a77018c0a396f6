"""What every file keeps to, whatever it says: line ends, widths, lengths, and nothing that belongs to one machine."""
import os
import re

import house
from house import Finding

CODE = (".c", ".h", ".py", ".sh", ".sql", ".ts", ".vue", ".go", ".css")
TEXT = CODE + (".md", ".build", ".txt", ".yaml", ".yml", ".json", ".html", ".1", ".toml", ".js", ".mjs")
SKIPPED_FOLDERS = (".git", "node_modules", "dist", "corpus", "data")
LINES_MAX = 800
COLUMNS_MAX = 100
# A word is broken by a class of one letter here and there, so that this file does not find itself.
FORBIDDEN = (
    (re.compile(r"/(?:home|Users)/[a-z]|/roo[t]/|/wor[k]/|[A-Z]:\\Users"), "a path of one machine"),
    (re.compile(r"regist[r]y\.[a-z]+|npmmir[r]or|pypi\.o[r]g|files\.pythonhosted|prox[y]\.golang"),
     "the address of a registry; the tool's own configuration knows it"),
    (re.compile(r"\b(?:TOD[O]|FIXM[E])\b"), "a note to oneself; do it, or say in the documents what is missing"),
)


def files(root):
    """What git keeps or would keep; every file where there is no git."""
    status, said = house.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], root)
    if status == 0:
        found = [name for name in said.split("\0") if name]
    else:
        found = [path for path in house.sources(root, ".", "") if not path.startswith("build")]
    return sorted(path for path in set(found)
                  if not set(path.split("/")[:-1]) & set(SKIPPED_FOLDERS)
                  and os.path.isfile(os.path.join(root, path)))


def is_text(path):
    name = os.path.basename(path)
    return path.endswith(TEXT) or "." not in name or path.startswith(".ci/")


def wide_lines(text):
    return [n for n, line in enumerate(text.split("\n"), 1) if len(line.expandtabs(8)) > COLUMNS_MAX]


def wrap(root):
    """Wrap the wide lines of C, and no others, with clang-format. Twice: a wrapped line moves the next."""
    for path in [path for path in files(root) if path.endswith((".c", ".h"))] * 2:
        wide = wide_lines(house.read(root, path))
        if wide:
            house.run(["clang-format", "-i", *[f"--lines={n}:{n}" for n in wide], path], root)


def check_text(path, data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        yield Finding(path, data.count(b"\n", 0, e.start) + 1, "is not UTF-8")
        return
    lines = text.split("\n")
    if text and not text.endswith("\n"):
        yield Finding(path, len(lines), "does not end with a line end")
    if text.endswith("\n\n"):
        yield Finding(path, len(lines) - 1, "ends with an empty line")
    for number, line in enumerate(lines, 1):
        if "\r" in line:
            yield Finding(path, number, "has a carriage return")
        elif line != line.rstrip():
            yield Finding(path, number, "ends with a space")
        if path.endswith((".c", ".h")) and wide_lines(line):
            yield Finding(path, number, f"is {len(line.expandtabs(8))} columns wide; the limit is {COLUMNS_MAX}")
        for pattern, what in FORBIDDEN:
            if pattern.search(line):
                yield Finding(path, number, f"holds {what}")
    code = path.endswith(CODE) or os.path.basename(path) == "run"
    if code and len(lines) - 1 > LINES_MAX and not re.search(r"long-file: \w", "\n".join(lines[:20])):
        yield Finding(path, 1, f"has {len(lines) - 1} lines; above {LINES_MAX} one of its first lines says "
                      "`long-file:` and the reason")


def check(root):
    for path in files(root):
        if not is_text(path):
            continue
        with open(os.path.join(root, path), "rb") as f:
            data = f.read()
        if b"\0" in data:
            yield Finding(path, 1, "is binary, but its name says text")
        else:
            yield from check_text(path, data)
