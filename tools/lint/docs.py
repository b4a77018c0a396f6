"""Documents that repeat a table of the code or of a test. Between `<!-- NAME:begin … -->` and `<!-- NAME:end -->` stands what the
table says, and nothing else; --write brings it up to date."""
import json
import os
import re

import house
import tables
from house import Finding

ERRORS = "src/base/include/base/err_table.h"
KINDS = "src/journal/include/journal/kind_table.h"
MEDIA = "src/media/include/media/kind_table.h"
VECTORS = "tests/vectors/journal.json"
BEGIN = re.compile(r"^<!-- ([a-z-]+):begin\b.*-->$")


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def table_row(cells):
    return "| " + " | ".join(cell(c) for c in cells) + " |"


def error_rows(root):
    for line, row in tables.rows(root, ERRORS, "ERR"):
        if len(row) != 7:
            raise house.Unreadable(f"{ERRORS}:{line}: a row has 7 columns, this one {len(row)}")
        yield row


def errors(root):
    lines = ["| number | name | HTTP | may be tried again | 中文 | English |", "| --- | --- | --- | --- | --- | --- |"]
    for _, number, http, retry, name, zh, en in error_rows(root):
        lines.append(table_row([number, f"`{name}`", http, "yes" if retry == "1" else "no", zh, en]))
    return lines


def problems(root):
    """What a client of the API meets: the errors by the problem type that stands in the answer (RFC 9457)."""
    lines = ["| HTTP | type | may be tried again | title |", "| --- | --- | --- | --- |"]
    rows = [row for row in error_rows(root) if int(row[2]) >= 400]
    for _, _, http, retry, name, zh, en in sorted(rows, key=lambda row: (int(row[2]), row[4])):
        lines.append(table_row([http, f"`/problems/{name}`", "yes" if retry == "1" else "no", f"{en} · {zh}"]))
    return lines


def kinds(root):
    """Rows of the table of journal.md, whose head stands above the block."""
    lines = []
    for line, row in tables.rows(root, KINDS, "KIND"):
        if len(row) != 6:
            raise house.Unreadable(f"{KINDS}:{line}: a row has 6 columns, this one {len(row)}")
        _, name, version, zh, en, form = row
        lines.append(table_row([f"`{name}` {en} · {zh}", version, form]))
    return lines


def media(root):
    """Rows of the table of attachment.md, whose head stands above the block."""
    lines = []
    for line, row in tables.rows(root, MEDIA, "MEDIA"):
        cap = re.fullmatch(r"(\d+)u << 20", row[-1])
        if len(row) != 6 or not cap:
            raise house.Unreadable(f"{MEDIA}:{line}: a row has 6 columns, the last a cap like 16u << 20")
        _, group, name, kind, extension, _ = row
        lines.append(table_row([name, group.lower(), f"`{kind}`", f"`{extension}`", cap[1]]))
    return lines


def vectors(root):
    """The test vectors that one needs first; rows of the table of journal.md, whose head stands above the block."""
    v = json.loads(house.read(root, VECTORS))
    keys, sealed, entry, note = v["keys"], v["sealed"], v["entries"][1], v["checkpoint"].split("\n")
    rows = [("community key", "the store", keys["community_key"]),
            ("data key", f"k = {sealed['k']}", keys["data_key"]),
            ("wrapped key", f"nonce {keys['wrap_nonce']}", keys["wrapped"]),
            ("sealed value", f"field `{sealed['field']}`, nonce {sealed['nonce']}, blind {sealed['blind']}, "
             f"text {sealed['text']}", sealed["value"]),
            ("secret", f"n = {v['secret']['n']}", v["secret"]["secret"]),
            ("signing seed", "the log", keys["signing_seed"]),
            ("verifier key", f"community {v['log']['community']}, epoch {v['log']['epoch']}", v["log"]["key"]),
            ("salt", "entry 2", entry["salt"]),
            ("entry", "entry 2", entry["entry"]),
            ("`c`", "entry 2", entry["c"]),
            ("leaf", "entry 2", entry["leaf"]),
            ("root", "3 entries", v["tree"]["roots"][2]),
            ("root as it is signed", "3 entries", note[2]),
            ("signature line", "its checkpoint", note[4])]
    return [table_row([name, of, f"`{value}`"]) for name, of, value in rows]


# name of the block -> where it comes from, and how it is written
BLOCKS = {"errors": (ERRORS, errors), "problems": (ERRORS, problems), "kinds": (KINDS, kinds), "media": (MEDIA, media),
          "vectors": (VECTORS, vectors)}


def documents(root):
    found = [name for name in sorted(os.listdir(root)) if name.endswith(".md")]
    for folder in ("docs", "formats", "api", "etc"):
        found += house.sources(root, folder, ".md")
    return found


def renewed(root, path):
    """The text of a document as it should be, and the findings where that cannot be said."""
    out, findings, waiting = [], [], None
    for number, line in enumerate(house.read(root, path).split("\n"), 1):
        begin = BEGIN.match(line)
        if waiting:
            if line == f"<!-- {waiting}:end -->":
                out.append(line)
                waiting = None
            elif begin:
                findings.append(Finding(path, number, f"block '{waiting}' does not end before the next begins"))
                break
            elif waiting not in BLOCKS or not os.path.exists(os.path.join(root, BLOCKS[waiting][0])):
                out.append(line)
            continue
        out.append(line)
        if not begin:
            continue
        waiting = begin.group(1)
        if waiting not in BLOCKS:
            findings.append(Finding(path, number, f"no table is known for block '{waiting}'"))
        elif os.path.exists(os.path.join(root, BLOCKS[waiting][0])):
            out += BLOCKS[waiting][1](root)
    if waiting and not findings:
        findings.append(Finding(path, 1, f"block '{waiting}' does not end"))
    return "\n".join(out), findings


def check(root, write=False):
    for path in documents(root):
        text, findings = renewed(root, path)
        yield from findings
        before = house.read(root, path)
        if findings or text == before:
            continue
        if write:
            with open(os.path.join(root, path), "w", encoding="utf-8") as f:
                f.write(text)
            continue
        pairs = zip(before.split("\n") + [""], text.split("\n") + [""])
        line = next((n for n, (was, is_) in enumerate(pairs, 1) if was != is_), 1)
        yield Finding(path, line, "is not what its table says; ./run lint --write brings it up to date")
