#!/usr/bin/env python3
"""Turn text files into C: embed_files.py OUT.c ROOT FILE...

The table `embedded_files` of app/embedded.h: each file's path below ROOT and its bytes.
"""
import pathlib
import sys


def main():
    out, root, files = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    with open(out, "w") as c:
        c.write('/* Made from etc/; do not edit. */\n#include "app/embedded.h"\n\n')
        rows = []
        for i, name in enumerate(sorted(files)):
            data = pathlib.Path(name).read_bytes()
            c.write(f"static const char file_{i}[] = {{\n")
            for at in range(0, len(data), 24):
                c.write("\t" + "".join(f"{b if b < 128 else b - 256}," for b in data[at:at + 24]) + "\n")
            c.write("};\n")
            path = pathlib.Path(name).resolve().relative_to(root.resolve()).as_posix()
            rows.append(f'\t{{"{path}", {{file_{i}, sizeof file_{i}}}}},\n')
        c.write("\nconst struct embedded_file embedded_files[] = {\n" + "".join(rows) + "};\n")
        c.write("const size_t embedded_files_n = sizeof embedded_files / sizeof embedded_files[0];\n")


main()
