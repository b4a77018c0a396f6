#!/usr/bin/python3
"""Count every figure about cases again, from the entries of a store alone, and compare with what it shows.

usage: figures.py JOURNAL.DB [--rates] [--from 2026-06] [--until 2026-06] [--day 2026-06-11 [--against FILE]]
       [--published FILE]

Reads the file, never writes it. Of an entry it takes what happened: command and transition, state, clocks, fields, ties,
the entry before. It does not take what the entry says that it counts (figures, marks, month, category, unit, counted,
final, drill): all that is worked out here, by docs/figures.md, from the case type's text as it is kept in the store. An
entry that cannot follow from the one before it is told as well.

With --day what was counted on that day follows, all units and categories together, and how often something was
dispatched; with --against it is compared with lines of another program, "name number" and whatever else behind them.

With --published a file of published figures is made again: its rates, and the line of each case (formats/figures.md).

Every difference is a line; then `N entries, N cases, N cells, N differences`. With --rates the rates follow, each with
numerator and denominator. Ends with 1 where anything differs. Depends on the standard library only (and on the zone of
the community being known on this machine). What YAML it reads is what case types use: no anchors, tags or block texts.
"""
import argparse
import base64
import datetime
import hashlib
import json
import sqlite3
import sys
import zoneinfo
from collections import Counter, defaultdict

# ---- YAML, as far as case types and units need it ----


class Flow:
    """One value in flow style: {…}, […], a quoted or a plain scalar."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self):
        self.skip()
        return self.text[self.at] if self.at < len(self.text) else ""

    def quoted(self, mark):
        out, self.at = [], self.at + 1
        while self.text[self.at] != mark or self.text[self.at:self.at + 2] == "''":
            c = self.text[self.at]
            if mark == '"' and c == "\\":
                self.at += 1
                c = {"n": "\n", "t": "\t"}.get(self.text[self.at], self.text[self.at])
            elif c == "'":
                self.at += 1
            out.append(c)
            self.at += 1
        self.at += 1
        return "".join(out)

    def scalar(self, ends):
        if self.peek() in ('"', "'"):
            return self.quoted(self.peek())
        start = self.at
        while self.at < len(self.text):
            c, after = self.text[self.at], self.text[self.at + 1:self.at + 2]
            if c in ends or (c == ":" and ends and (after == "" or after.isspace() or after in ends)):
                break
            self.at += 1
        return self.text[start:self.at].strip()

    def value(self, inside=False):
        c = self.peek()
        if c == "[":
            out, self.at = [], self.at + 1
            while self.peek() != "]":
                out.append(self.value(True))
                if self.peek() == ",":
                    self.at += 1
            self.at += 1
            return out
        if c == "{":
            out, self.at = {}, self.at + 1
            while self.peek() != "}":
                key = self.scalar(",{}[]")
                assert self.peek() == ":", f"no value of {key}"
                self.at += 1
                out[key] = self.value(True)
                if self.peek() == ",":
                    self.at += 1
            self.at += 1
            return out
        return self.scalar(",{}[]" if inside else "")


def without_comment(line):
    mark = ""
    for i, c in enumerate(line):
        if mark:
            mark = "" if c == mark else mark
        elif c in "\"'" and (i == 0 or line[i - 1] in " ,{[:"):
            mark = c
        elif c == "#" and (i == 0 or line[i - 1].isspace()):
            return line[:i].rstrip()
    return line.rstrip()


def depth(text):
    """Brackets that are open at the end."""
    mark, n = "", 0
    for i, c in enumerate(text):
        if mark:
            mark = "" if c == mark else mark
        elif c in "\"'" and (i == 0 or text[i - 1] in " ,{[:"):
            mark = c
        else:
            n += (c in "{[") - (c in "}]")
    return n


class Block:
    def __init__(self, text):
        self.lines = []
        for raw in text.splitlines():
            line = without_comment(raw)
            if self.lines and depth(self.lines[-1]) > 0:
                self.lines[-1] += " " + line.strip()
            elif line:
                self.lines.append(line)
        self.at = 0

    def indent(self):
        line = self.lines[self.at] if self.at < len(self.lines) else ""
        return len(line) - len(line.lstrip()) if line else -1

    def is_item(self):
        return self.lines[self.at].lstrip().startswith("- ")

    def value(self, indent):
        return self.sequence(indent) if self.is_item() else self.mapping(indent)

    def sequence(self, indent):
        out = []
        while self.indent() == indent and self.is_item():
            rest = self.lines[self.at].lstrip()[2:]
            head = rest.split(":", 1)[0]
            if rest[0] not in "{[\"'" and ":" in rest and head.strip("_-").replace("_", "").isalnum():
                self.lines[self.at] = " " * (indent + 2) + rest
                out.append(self.mapping(indent + 2))
            else:
                out.append(Flow(rest).value())
                self.at += 1
        return out

    def mapping(self, indent):
        out = {}
        while self.indent() == indent and not self.is_item():
            key, rest = self.lines[self.at].strip().split(":", 1)
            self.at += 1
            if rest.strip():
                out[key.strip("\"'")] = Flow(rest).value()
            elif self.indent() > indent or (self.indent() == indent and self.is_item()):
                out[key.strip("\"'")] = self.value(self.indent())
            else:
                out[key.strip("\"'")] = ""
        return out


def yaml(text):
    return Block(text).value(0)


def names(value):
    """A list of names, or one."""
    return value if isinstance(value, list) else [value] if value else []


# ---- case types ----

STEPS = ("collect", "open", "dispatch", "handle", "feed_back", "check", "evaluate")
WITHOUT_WORK = {"withdraw", "merge", "link", "pass_on"}


class CaseType:
    def __init__(self, text):
        y = yaml(text)
        self.transitions = {t["name"]: t for t in y["transitions"]}
        self.states = {s["name"]: s for s in y["states"]}
        self.start = y["start"]
        self.final = {s for s, v in self.states.items() if v.get("final") == "yes"}
        self.done = {c["name"] for c in y["clocks"] if c.get("stage") == "f"}
        self.contact = {c["name"] for c in y["clocks"] if c.get("stage") == "c"}
        self.reporter = {c["name"] for c in y["clocks"] if c.get("reporter") == "yes"}

    def leaves(self, transition, state):
        came_from = transition["from"]
        return state in names(came_from) or (came_from == "any" and state not in self.final)

    def leads_to(self, transition, state):
        return state if transition["to"] == "same" else transition["to"]

    def may(self, command, state):
        return any(t["command"] == command and self.leaves(t, state) for t in self.transitions.values())

    def comes_from(self, command, state):
        return any(t["command"] == command and t["to"] == state for t in self.transitions.values())

    def step(self, state):
        return STEPS.index(self.states[state]["step"])


# ---- one case, entry by entry ----

BY_COMMAND = {"pass_on": "passed_on", "link": "joined", "merge": "joined", "withdraw": "withdrawn", "on_spot": "on_spot",
              "hand_back": "handed_back", "extend": "extended", "suspend": "suspended", "renew": "renewed",
              "hold": "held", "remind": "reminded", "supervise": "supervised", "object": "objected"}
REPEATS = 4  # kind of the tie to a case that was closed before


class Case:
    """What is known of a case after its last entry; counts what each step comes to."""

    def __init__(self, type_, n, data):
        self.type, self.id, self.n, self.state = type_, n, n, data["state"]
        self.fields, self.clocks = dict(data["fields"]), dict(data["clocks"])
        self.is_repeat = REPEATS in data["ties"][::2]
        self.waits = False  # another office's, and nobody took it over
        self.was_opened = self.was_on_spot = self.is_closed = False
        self.with_new_unit()

    def with_new_unit(self):
        """Limit and first contact are the unit's own, from when it is given the case."""
        self.was_due = self.was_suspended = self.was_contacted = self.was_contacted_in_time = False

    def yes(self, field):
        return self.fields.get(field) == 1

    def unit(self, units):
        """The lead unit, where the list of units in force knows it."""
        unit = self.fields.get("lead_unit", "")
        return unit if unit in units else ""

    def move(self, entry, units):
        """The figures of one entry, and the unit that they stand for."""
        data, command, type_ = entry["data"], entry["data"]["command"], self.type
        before, old, old_unit = self.state, dict(self.clocks), self.unit(units)
        had_category = "category" in self.fields
        self.fields.update(data["fields"])
        for name in data["removed"]:
            self.fields.pop(name, None)
        self.clocks.update(data["clocks"])
        self.state, self.n = data["state"], entry["n"]
        self.is_repeat |= REPEATS in data["ties"][::2]
        unit = self.unit(units)
        counted = set()
        if command == "source_closed":  # of another office's work nothing counts
            return counted, unit
        if command == "adopt":  # from now on it is ours
            self.waits = False
            return {"handed_in"}, unit
        late = {c for c, v in data["clocks"].items() if v["level"] > old.get(c, v)["level"]}
        transition = type_.transitions.get(data["transition"])
        if not transition:  # only time has passed
            counted |= {"escalated"} if late else set()
            counted |= self.limit(old, late, True)
            return counted, old_unit or unit
        if command in BY_COMMAND:
            counted.add(BY_COMMAND[command])
        self.was_suspended |= command == "suspend"
        if command == "contact" and not self.was_contacted:
            self.was_contacted = True
            self.was_contacted_in_time = any(
                c in type_.contact and v["run"] == "runs" and entry["at"] <= v["due"] for c, v in old.items())
        counted |= self.opening(command, had_category)
        counted |= self.limit(old, set(), command not in WITHOUT_WORK)
        if old_unit and unit != old_unit:
            self.with_new_unit()
            if type_.comes_from("hand_back", before):
                counted.add("hand_back_upheld")
        counted |= self.closing(command)
        counted |= self.word(before, command, transition)
        counted |= self.checks(before, command)
        return counted, old_unit or unit

    def opening(self, command, had_category):
        self.was_on_spot |= command == "on_spot"
        is_named = "category" in self.fields and not had_category and command != "on_spot"
        if not self.was_opened and (command == "open" or is_named):
            self.was_opened = True
            return {"opened", "repeated"} if self.is_repeat else {"opened"}
        if (self.state in self.type.final and not self.was_opened and not self.was_on_spot
                and command not in WITHOUT_WORK):
            return {"not_opened"}
        return set()

    def limit(self, old, late, with_work):
        """The limit of the lead unit: missed when it runs out or the answer is late, kept when one in time is accepted; of whom,
        a hand-back leaves open."""
        counted = set()
        if self.type.comes_from("hand_back", self.state):
            return counted
        is_accepted = self.state in self.type.final or self.type.may("callback", self.state)
        for name in self.type.done & set(self.clocks):
            clock, was = self.clocks[name], old.get(name, {"run": "none"})["run"]
            ended = clock["run"] == "ended" and with_work and not late
            is_late = name in late or (ended and was != "ended" and clock["ended"] > clock["due"])
            in_time = ended and is_accepted and clock["ended"] <= clock["due"]
            if self.was_due or not (is_late or in_time):
                continue
            self.was_due = True
            counted.add("due")
            if self.was_suspended:
                counted.add("due_suspended")
            if in_time:
                counted.add("in_time")
                if clock["ended"] <= clock["first"]:
                    counted.add("in_time_first")
                if self.was_suspended:
                    counted.add("in_time_suspended")
        return counted

    def closing(self, command):
        can_be_asked = self.type.may("callback", self.state)
        if (self.is_closed or not self.was_opened or command in WITHOUT_WORK
                or not (can_be_asked or self.state in self.type.final)):
            return set()
        self.is_closed = True
        return {"closed"} if self.yes("has_reporter") else {"closed", "closed_by_check"}

    def word(self, before, command, transition):
        """What the reporter says, of the matter and of how it was handled; or that nothing was said."""
        self.is_closed &= command != "not_solved"
        if not self.yes("has_reporter"):
            return set()
        counted, said = set(), None
        ends = self.state in self.type.final
        if command == "not_solved":
            said = "partly" if self.yes("partly") else "not_solved"
        elif self.state != before and self.type.may("callback", before):
            if command == "callback":
                stops = self.type.reporter & set(names(transition.get("stops")))
                said = "solved" if stops or not ends else "not_confirmed"
            elif command == "end":
                said = "not_confirmed"
        if said:
            counted |= {"called_back", said}
            if self.was_contacted_in_time:
                counted.add("answered")
        if command == "rate" and str(self.fields.get("answer_rate", "")).isdecimal():
            counted.add("rated")
            if int(self.fields["answer_rate"]) >= 4:
                counted.add("satisfied")
        if command == "end" and self.type.may("rate", before):
            counted.add("not_rated")
        return counted

    def checks(self, before, command):
        was, is_ = self.type.step(before), self.type.step(self.state)
        if is_ >= was or is_ > STEPS.index("handle"):
            return set()
        if command == "answer_review":
            return {"answer_returned"}
        if STEPS[was] == "check" and command != "not_solved":
            return {"rework"}
        return set()


# ---- the store ----


class Recount:
    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.complaints, self.figures, self.entries = [], Counter(), 0
        self.areas, self.upheld, self.days = Counter(), Counter(), Counter()
        self.by_case, self.salts = defaultdict(Counter), {}
        self.texts, self.types, self.cases = {}, {}, {}
        self.units, self.zone = set(), None

    def complain(self, text):
        self.complaints.append(text)

    def text(self, n):
        """What the file said that came into force by entry n."""
        digest = bytes.fromhex(self.texts[n]["sha256"])
        row = self.db.execute("SELECT content FROM file_content WHERE sha256 = ?", (digest,)).fetchone()
        if row is None or hashlib.sha256(row[0]).digest() != digest:
            raise SystemExit(f"the text of {self.texts[n]['path']} (entry {n}) is not the one that was in force")
        return row[0].decode()

    def day(self, at):
        return datetime.datetime.fromtimestamp(at // 1000000, self.zone).date()

    def month(self, at):
        day = self.day(at)
        return day.year * 100 + day.month

    def count(self, entry, case, counted, unit):
        if case.yes("drill"):
            return
        category = case.fields.get("category", "")
        for name in counted:
            self.figures[self.month(entry["at"]), unit, category, name] += 1
            self.days[self.day(entry["at"]), name] += 1
            self.by_case[self.month(entry["at"]), case.id][name] += 1
            if name in ("handed_in", "opened", "repeated"):
                self.areas[self.month(entry["at"]), case.area, name] += 1
            if name == "hand_back_upheld":
                self.upheld[category, case.area, unit, case.unit(self.units)] += 1

    def handed_in(self, entry):
        data, n = entry["data"], entry["n"]
        if data["type"] not in self.types:
            self.types[data["type"]] = CaseType(self.text(data["type"]))
        case = self.cases[n] = Case(self.types[data["type"]], n, data)
        if case.state != case.type.start:
            self.complain(f"entry {n}: a case begins as {case.type.start}, not as {case.state}")
        case.area = data["area"]
        self.count(entry, case, {"handed_in"}, case.unit(self.units))

    def imported(self, entry):
        """Another office's case: it waits or is at an end, and counts nothing; later its source may close it."""
        data, n = entry["data"], entry["n"]
        if data["case"]:
            case = self.cases[data["case"]]
            self.follows(entry, case)
            if not case.waits:
                self.complain(f"entry {n}: a case that does not wait is closed by its source")
        else:
            if data["type"] not in self.types:
                self.types[data["type"]] = CaseType(self.text(data["type"]))
            case = self.cases[n] = Case(self.types[data["type"]], n, data)
            case.area, case.waits = data["area"], True
        case.state = data["state"]
        right = {case.type.start} | {case.type.leads_to(t, case.type.start) for t in case.type.transitions.values()
                                     if t["command"] == "source_closed"}
        if case.state not in right or data["clocks"] or data["figures"]:
            self.complain(f"entry {n}: an imported case stands in {case.state}, or its clocks run, or it counts")

    def follows(self, entry, case):
        if entry["data"]["prev"] != case.n:
            self.complain(f"entry {entry['n']}: the entry before it is {case.n}, not {entry['data']['prev']}")
        case.n = entry["n"]

    def moved(self, entry):
        data, n, case = entry["data"], entry["n"], self.cases.get(entry["data"]["case"])
        if case is None:
            self.complain(f"entry {n}: no case {data['case']}")
            return
        self.follows(entry, case)
        if case.waits != (data["command"] in ("adopt", "source_closed")):
            self.complain(f"entry {n}: {data['command']} of a case that {'waits' if case.waits else 'does not wait'}")
        transition = case.type.transitions.get(data["transition"])
        right = case.state
        if transition:
            right = case.type.leads_to(transition, case.state)
            if transition["command"] != data["command"] or not case.type.leaves(transition, case.state):
                self.complain(f"entry {n}: {data['transition']} cannot be done by {data['command']} as {case.state}")
        elif data["transition"] or data["command"] != "escalate":
            self.complain(f"entry {n}: no transition {data['transition']}")
        if data["state"] != right:
            self.complain(f"entry {n}: it leads to {right}, not to {data['state']}")
            return
        if data["where"]:
            if data["where"]["was"]["area"] != case.area:
                self.complain(f"entry {n}: the case was in {case.area}, not in {data['where']['was']['area']}")
            case.area = data["where"]["area"]  # what was counted before stays where it was counted
        counted, unit = case.move(entry, self.units)
        self.count(entry, case, counted, unit)
        if data["command"] == "dispatch" and not case.yes("drill"):
            self.days[self.day(entry["at"]), "dispatched"] += 1

    def run(self):
        for salt, body in self.db.execute("SELECT salt, body FROM entry ORDER BY n"):
            entry = json.loads(body)
            self.salts[entry["n"]] = salt
            self.entries += 1
            kind, data = entry["kind"], entry["data"]
            if kind == "journal.opened":
                self.zone = zoneinfo.ZoneInfo(data["zone"])
            elif kind == "file.loaded":
                self.texts[entry["n"]] = data
                if data["path"] == "units.yaml":
                    self.units = {u["code"] for u in yaml(self.text(entry["n"]))["units"]}
            elif kind == "case.handed_in":
                self.handed_in(entry)
            elif kind == "case.imported":
                self.imported(entry)
            elif kind == "case.attached" and data["case"] in self.cases:
                self.follows(entry, self.cases[data["case"]])
            elif kind == "case.moved":
                self.moved(entry)

    def compare(self):
        for columns, table, counted in (("month, unit, category, name", "figure", self.figures),
                                        ("month, area, name", "figure_area", self.areas),
                                        ("category, area, unit_from, unit_to", "hand_back", self.upheld)):
            shown = {tuple(row[:-1]): row[-1] for row in self.db.execute(f"SELECT {columns}, cases FROM {table}")}
            for key in sorted(shown.keys() | counted.keys()):
                if shown.get(key, 0) != counted[key]:
                    where = " ".join(str(k) or "-" for k in key)
                    self.complain(f"{where}: shown {shown.get(key, 0)}, counted {counted[key]}")


# ---- rates ----

# name, numerator, denominator, what stands beside them; a minus takes a figure away
RATES = (
    ("answered", "answered", "called_back", ""),
    ("solved", "solved", "solved partly not_solved", "not_confirmed"),
    ("satisfied", "satisfied", "rated", "not_rated"),
    ("in_time", "in_time", "due", ""),
    ("in_time_first", "in_time_first", "due", "extended"),
    ("in_time_unsuspended", "in_time -in_time_suspended", "due -due_suspended", "suspended renewed"),
    ("not_opened", "not_opened", "opened not_opened", "objected"),
    ("rework", "rework", "closed rework", "answer_returned"),
    ("handed_back", "handed_back", "due", ""),
    ("upheld", "hand_back_upheld", "handed_back", ""),
    ("repeated", "repeated", "opened", ""),
)
CELL_MIN = 10  # a rate over fewer cases is shown only together with others


def total(figures, words):
    return sum(-figures[w[1:]] if w[0] == "-" else figures[w] for w in words.split())


def shown_order(key):
    """A rest before what it is the rest of."""
    return key[0] != "*", key[0], key[1] != "*", key[1]


def cells_of(figures, rate):
    """(unit, category) → numerator, denominator, beside it; small ones merged: first all of a unit, then over units.
    A rest that is still small takes the smallest cell that is left with it, so that it cannot be told apart."""
    cells = {}
    for key, f in figures.items():
        values = [total(f, rate[1]), total(f, rate[2])] + [f[w] for w in rate[3].split()]
        if any(values):
            cells[key] = values
    for into in (lambda key: (key[0], "*"), lambda key: ("*", "*")):
        for key in [k for k, v in cells.items() if v[1] < CELL_MIN and k != into(k)]:
            values = cells.pop(key)
            rest = cells.setdefault(into(key), [0] * len(values))
            cells[into(key)] = [a + b for a, b in zip(rest, values)]
    rest = ("*", "*")
    while rest in cells and cells[rest][1] < CELL_MIN and len(cells) > 1:
        least = min((k for k in cells if k != rest), key=lambda k: (cells[k][1], shown_order(k)))
        cells[rest] = [a + b for a, b in zip(cells[rest], cells.pop(least))]
    return cells


def print_rates(figures, first, last):
    months = defaultdict(lambda: defaultdict(Counter))
    for (month, unit, category, name), cases in figures.items():
        if first <= month <= last:
            months[month][unit, category][name] += cases
    for month in sorted(months):
        for rate in RATES:
            cells = cells_of(months[month], rate)
            for unit, category in sorted(cells, key=shown_order):
                up, down, *beside = cells[unit, category]
                if down < CELL_MIN:
                    print(f"{month // 100}-{month % 100:02d} {rate[0]} * * <{CELL_MIN}")
                    continue
                more = "".join(f" {w} {v}" for w, v in zip(rate[3].split(), beside))
                print(f"{month // 100}-{month % 100:02d} {rate[0]} {unit or '-'} {category or '-'} {up}/{down}{more}")


# ---- the file that is published ----

# slots of a case's line
NAMES = """handed_in opened not_opened passed_on joined withdrawn on_spot repeated due in_time in_time_first due_suspended
in_time_suspended closed closed_by_check rework answer_returned handed_back hand_back_upheld extended suspended renewed held
reminded supervised escalated objected called_back answered solved partly not_solved not_confirmed rated satisfied
not_rated""".split()
ID_BYTES, SLOTS = 12, 48


def of_salt(tag, salt, month, part):
    return hashlib.sha256(tag + month.to_bytes(4, "big") + bytes([part]) + salt).digest()


def line_of(salt, month, counted):
    """12 bytes that only the salt of the case's first entry leads to, and 48 counts hidden by it."""
    counts = bytes(min(counted[name], 255) for name in NAMES).ljust(SLOTS, b"\0")
    mask = b"".join(of_salt(b"liren-figures-mask-1", salt, month, part) for part in (0, 1))
    hidden = bytes(a ^ b for a, b in zip(counts, mask))
    return base64.b64encode(of_salt(b"liren-figures-case-1", salt, month, 0)[:ID_BYTES] + hidden).decode()


def compare_published(r, path):
    with open(path, encoding="utf-8") as f:
        said = json.load(f)
    month, cells = said["month"], defaultdict(Counter)
    for (of, unit, category, name), cases in r.figures.items():
        if of == month:
            cells[unit, category][name] += cases
    want, shown = [], []
    for rate in RATES:
        merged = cells_of(cells, rate)
        want += [(rate[0], *key, *(merged[key] if merged[key][1] >= CELL_MIN else ())) for key in sorted(merged, key=shown_order)]
    for c in said["rates"]:
        counts = (c["numerator"], c["denominator"], *(b["cases"] for b in c["beside"])) if "denominator" in c else ()
        shown.append((c["rate"], "*" if c["all_units"] else c["unit"], "*" if c["all_categories"] else c["category"], *counts))
    for cell in sorted(set(want) ^ set(shown)) or (["their order"] if want != shown else []):
        r.complain(f"{path}: {'shown' if cell in shown else 'not shown'}: {cell}")
    lines = sorted((line_of(r.salts[case], month, counted) for (of, case), counted in r.by_case.items() if of == month),
                   key=base64.b64decode)
    if said["cases"] != lines:
        r.complain(f"{path}: {len(said['cases'])} lines of cases, and {len(set(said['cases']) ^ set(lines))} of them differ")


def month_of(text):
    year, month = text.split("-")
    return int(year) * 100 + int(month)


def day_of(text):
    return datetime.date.fromisoformat(text)


def print_day(r, day, against):
    """Each figure of the day; the differences to what another program says of it are told."""
    counted = {name: n for (of, name), n in r.days.items() if of == day}
    for name, n in sorted(counted.items()):
        print(f"  {name:18} {n:5}")
    if against is None:
        return
    with open(against, encoding="utf-8") as f:
        said = {w[0]: int(w[1]) for w in map(str.split, f) if len(w) > 1 and w[1].isdigit()}
    if not said:
        r.complain(f"{against} has no figures")
    for name in sorted(said.keys() | counted.keys()):
        if said.get(name, 0) != counted.get(name, 0):
            r.complain(f"{day} {name}: {against} says {said.get(name, 0)}, the entries {counted.get(name, 0)}")


def main():
    p = argparse.ArgumentParser(description="Count figures about cases again from the entries, and compare.")
    p.add_argument("journal")
    p.add_argument("--rates", action="store_true", help="print the rates as well")
    p.add_argument("--from", dest="first", type=month_of, default=0, help="2026-06")
    p.add_argument("--until", dest="last", type=month_of, default=999999, help="2026-06")
    p.add_argument("--day", type=day_of, help="2026-06-11")
    p.add_argument("--against", help="a file with figures of that day")
    p.add_argument("--published", help="a file of figures as it was published")
    args = p.parse_args()
    r = Recount(args.journal)
    r.run()
    r.compare()
    if args.day:
        print_day(r, args.day, args.against)
    if args.published:
        compare_published(r, args.published)
    for line in r.complaints:
        print(line)
    print(f"{r.entries} entries, {len(r.cases)} cases, {len(r.figures)} cells, {len(r.complaints)} differences")
    if args.rates:
        print_rates(r.figures, args.first, args.last)
    return 1 if r.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
