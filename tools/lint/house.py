"""The house as its Meson file describes it: layers, their order and their libraries; and the one shape of a finding.
Depends on the standard library only."""
import ast
import os
import re
import subprocess
from dataclasses import dataclass

# Floors 1 and 2: no I/O, no clock, no threads, no state of their own.
PURE = ("base", "place", "sense", "cases", "respond", "rehearse", "trust")


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Layer:
    name: str
    below: tuple
    libraries: tuple


class Unreadable(Exception):
    """A file that a check depends on does not have the form it must have."""


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as f:
        return f.read()


# The program itself: an executable above all rows, which sees every one of them and is seen by none.
PROGRAM = "cli"


def layers(root):
    """The rows of the table `layers` in meson.build, in their order."""
    text = re.sub(r"#[^\n]*", "", read(root, "meson.build"))
    start = re.search(r"^layers = \[", text, re.M)
    if not start:
        raise Unreadable("meson.build: there is no table `layers = [`")
    spelled, depth = [], 0
    for token in re.findall(r"'[^'\n]*'|\w+|[\[\],]", text[start.end() - 1:]):
        depth += {"[": 1, "]": -1}.get(token, 0)
        spelled.append(f"'{token}'" if re.match(r"\w", token) else token)
        if depth == 0:
            break
    rows = ast.literal_eval("".join(spelled))
    return [Layer(r[0], tuple(r[1]), tuple(r[2])) for r in rows]


def sources(root, folder, *endings):
    """Files below folder with one of the endings, as paths from root, sorted."""
    found = []
    for where, names, files in os.walk(os.path.join(root, folder)):
        names.sort()
        found += [os.path.relpath(os.path.join(where, f), root) for f in files if f.endswith(endings)]
    return sorted(found)


def run(command, cwd, stdin=None):
    """Run a tool: its status and everything it said."""
    done = subprocess.run(command, cwd=cwd, input=stdin, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout
