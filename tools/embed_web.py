#!/usr/bin/env python3
"""Turn the built web pages into one C file (struct web_file of http/web_files.h).

usage: embed_web.py MODE DIST OUTPUT.c DEPFILE

MODE      auto: what DIST holds, nothing if there is no DIST/index.html; enabled: DIST must be there; disabled: nothing.
DEPFILE   names for ninja every file and folder that was looked at, so that a new build of the pages is noticed.

Depends on the standard library only. Promises the same bytes out for the same bytes in, and leaves an output that
would not change untouched. String literals, because gcc reads them about twenty times as fast as lists of numbers.
"""
import gzip
import hashlib
import os
import re
import sys

TOTAL_BYTES_MAX = 32 << 20  # a program is no place for more; large things are served from a folder
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".pbf": "application/x-protobuf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
HASHED = re.compile(r"^/assets/(?:.*/)?[^/]+-[A-Za-z0-9_-]{8}\.[A-Za-z0-9.]+$")
PATH = re.compile(r"^/[A-Za-z0-9._/-]+$")


def fail(message):
    sys.exit(f"embed_web.py: {message}")


def walk(dist):
    """Every file below dist as (path from its root, file), in byte order; every folder that was looked at."""
    files, folders = [], []
    for folder, names, found in os.walk(dist):
        names.sort()
        folders.append(folder)
        for name in found:
            file = os.path.join(folder, name)
            path = "/" + os.path.relpath(file, dist).replace(os.sep, "/")
            if not PATH.match(path):
                fail(f"{file}: a path here has only letters, digits, '.', '_', '-' and '/'; rename it")
            files.append((path, file))
    return sorted(files, key=lambda f: f[0].encode()), folders


def octal(data):
    """Bytes as lines of a C string literal. Three octal digits never run into the character after them."""
    spelled = {b: chr(b) for b in range(0x20, 0x7F)}
    spelled.update({0x22: '\\"', 0x5C: "\\\\", 0x3F: "\\077", 0x0A: "\\n"})  # no '?': no trigraphs
    text = [spelled.get(b) or f"\\{b:03o}" for b in data]
    return "".join(f'\t"{"".join(text[i:i + 64])}"\n' for i in range(0, len(text), 64)) or '\t""\n'


def emit(files):
    rows, out = [], []
    out.append("/* Written by embed_web.py; do not edit. */\n#include \"http/web_files.h\"\n")
    total = 0
    for i, (path, file) in enumerate(files):
        with open(file, "rb") as f:
            data = f.read()
        total += len(data)
        if total > TOTAL_BYTES_MAX:
            fail(f"{file}: with it the pages are over the cap of {TOTAL_BYTES_MAX} bytes; serve it from a folder")
        ext = os.path.splitext(path)[1]
        if ext not in CONTENT_TYPES:
            fail(f"{file}: no content type is known for '{ext}'; add it to CONTENT_TYPES")
        small = gzip.compress(data, 9, mtime=0)
        # The tenth byte tells the system that packed it; versions of Python differ in what they put there.
        small = small[:9] + b"\xff" + small[10:]
        etag = hashlib.sha256(data).hexdigest()[:32]
        out.append(f"\nstatic const unsigned char bytes_{i}[] =\n{octal(data)};\n")
        packed = "NULL, 0"
        if len(small) < len(data):
            out.append(f"\nstatic const unsigned char gzip_{i}[] =\n{octal(small)};\n")
            packed = f"gzip_{i}, {len(small)}"
        immutable = "true" if HASHED.match(path) else "false"
        rows.append(f'\t{{"{path}", "{CONTENT_TYPES[ext]}", "W/\\"{etag}\\"",\n'
                    f"\t bytes_{i}, {len(data)}, {packed}, {immutable}}},\n")
    if rows:
        out.append("\nconst struct web_file web_files[] = {\n" + "".join(rows) + "};\n")
    else:
        out.append("\nconst struct web_file web_files[1];\n")
    out.append(f"const size_t web_files_n = {len(rows)};\n")
    return "".join(out)


def nearest_folder(path):
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def main(mode, dist, output, depfile):
    there = os.path.isfile(os.path.join(dist, "index.html"))
    files, seen = [], []
    if mode == "enabled" and not there:
        fail(f"{dist}/index.html is not there; build the pages first (npm run build in web)")
    if mode != "disabled":
        # Nothing there yet: the nearest folder changes when it comes.
        files, seen = walk(dist) if there else ([], [nearest_folder(dist)])
    text = emit(files)
    try:
        with open(output, encoding="ascii") as f:
            before = f.read()
    except FileNotFoundError:
        before = None
    if text != before:
        with open(output, "w", encoding="ascii") as f:
            f.write(text)
    spelled = [name.replace(" ", "\\ ") for name in [output] + [f for _, f in files] + seen]
    with open(depfile, "w", encoding="utf-8") as f:
        f.write(f"{spelled[0]}: {' '.join(spelled[1:])}\n")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
