#!/usr/bin/env python3
"""Turn the .sql files of src/db/sql into C: embed_sql.py SQL_DIR OUT.c OUT.h

Migrations are SQL_DIR/<schema>/NNNN_name.sql, applied in order; statements are the blocks of
SQL_DIR/statements.sql, each headed "-- name: x", and become enum sql { SQL_x }.
"""
import pathlib
import re
import sys


def c_text(sql):
    lines = [line for line in sql.splitlines() if line.strip() and not line.lstrip().startswith("--")]
    return "\n".join('\t"%s\\n"' % line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)


def statements(text):
    blocks = re.split(r"^-- name: (\w+)\s*$", text, flags=re.M)
    names, bodies = blocks[1::2], blocks[2::2]
    if len(set(names)) != len(names):
        sys.exit("embed_sql: a statement name stands twice")
    return list(zip(names, bodies))


def migrations(root):
    rows = []
    for schema in sorted(p for p in root.iterdir() if p.is_dir()):
        for i, path in enumerate(sorted(schema.glob("*.sql")), 1):
            if int(path.name[:4]) != i:
                sys.exit(f"embed_sql: {path.name}: the next number is {i:04d}")
            rows.append((schema.name, i, path))
    return rows


def main():
    root, out_c, out_h = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    named = statements((root / "statements.sql").read_text())
    steps = migrations(root)
    schemas = sorted({s for s, _, _ in steps})
    with open(out_h, "w") as h:
        h.write("/* Made from src/db/sql; do not edit. */\n#ifndef LIREN_DB_SQL_H\n#define LIREN_DB_SQL_H\n\n")
        h.write("enum sql {\n" + "".join(f"\tSQL_{n},\n" for n, _ in named) + "\tSQL_COUNT\n};\n\n")
        h.write("enum db_schema {\n" + "".join(f"\tDB_SCHEMA_{s},\n" for s in schemas) + "};\n\n")
        h.write("struct sql_migration {\n\tenum db_schema schema;\n\tint number;\n\tconst char *name, *sql;\n};\n\n")
        h.write("extern const char *const sql_statements[SQL_COUNT];\n")
        h.write(f"#define SQL_MIGRATIONS {len(steps)}\n")
        h.write("extern const struct sql_migration sql_migrations[SQL_MIGRATIONS];\n\n#endif\n")
    with open(out_c, "w") as c:
        c.write('/* Made from src/db/sql; do not edit. */\n#include "db/sql.h"\n\n')
        c.write("const char *const sql_statements[SQL_COUNT] = {\n")
        c.write("".join(f"\t[SQL_{n}] = (\n{c_text(b)}),\n" for n, b in named))
        c.write("};\n\nconst struct sql_migration sql_migrations[SQL_MIGRATIONS] = {\n")
        c.write("".join(f'\t{{DB_SCHEMA_{s}, {i}, "{p.name}",\n{c_text(p.read_text())}}},\n' for s, i, p in steps))
        c.write("};\n")


main()
