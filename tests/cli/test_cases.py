#!/usr/bin/python3
"""Service requests of New York and Boston, as these cities publish them, imported from outside and compared with what
Python's csv, datetime and zoneinfo make of the same files. usage: test_cases.py PATH-OF-liren. Skipped where
$LIREN_DATA has no 311."""
import collections
import csv
import datetime
import fractions
import os
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import zoneinfo

from outside import Checks, Program

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(os.environ.get("LIREN_DATA") or os.path.join(SOURCE, "..", "shared", "data"), "311")
if not os.path.isdir(DATA):
    print("SKIP: there is no 311 in LIREN_DATA")
    sys.exit(77)

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-cases-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Program([os.path.abspath(sys.argv[1])], HOME)
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)

Form = collections.namedtuple("Form", "id opened closed due status ended words lat lon time")
NYC = Form("Unique Key", "Created Date", "Closed Date", "Due Date", "Status", {"Closed"},
           ("Complaint Type", "Descriptor"), "Latitude", "Longitude", "%m/%d/%Y %I:%M:%S %p")
BOSTON = Form("case_enquiry_id", "open_dt", "closed_dt", "target_dt", "case_status", {"Closed"}, ("type",),
              "latitude", "longitude", "%Y-%m-%d %H:%M:%S")


def liren(*args, code=0):
    done = office.run(*args)
    check(done.returncode == code, f"{' '.join(args[:3])} ends with {code}", done.returncode, done.stdout)
    return done.stdout


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


def instant(text, form):
    """Microseconds UTC of a local time, None for no text: what a clock shows twice is the first of both."""
    if not text.strip():
        return None
    local = datetime.datetime.strptime(text, form.time).replace(tzinfo=NEW_YORK, fold=0)
    return (local.astimezone(UTC) - EPOCH) // datetime.timedelta(microseconds=1)


def read(row, form):
    """opened, closed, due in microseconds, whether it is closed, whether its closing time was left out."""
    opened, closed, due = (instant(row[c], form) for c in (form.opened, form.closed, form.due))
    ended = row[form.status] in form.ended
    noted = closed is not None and (not ended or closed < opened)
    return opened, None if noted else closed, due, ended, noted


def words(row, form):
    return " / ".join(row[c].strip() for c in form.words if row[c].strip())


def query(where, sql, *values):
    with sqlite3.connect(f"file:{where}/journal.db?mode=ro", uri=True) as db:
        found = db.execute(sql, values).fetchall()
    db.close()
    return found


def imported(where, name, map_name, *more, code=0):
    said = liren("import", "cases", "--dir", where, "--map", os.path.join(SOURCE, "etc/maps", map_name + ".yaml"), *more,
                 name if os.path.isabs(name) else os.path.join(DATA, name), code=code)
    first = re.search(r"(\d+) added, (\d+) closed by their source since, (\d+) as they were, (\d+) refused", said)
    noted = re.search(r"with a building; (\d+) taken", said)
    return [int(n) for n in first.groups()] + [int(noted.group(1))], said


def compare(where, source, all_rows, form):
    """Every case by itself: its times, its words, its place, whether it is at an end, and that no clock runs."""
    found = {ext: rest for ext, *rest in query(
        where, "SELECT i.ext, i.opened, i.closed, i.due, i.category, i.status, c.happened, c.at, c.closed, c.state, c.marks,"
        " c.has_at, c.lat, c.lon, o.next, o.due FROM case_import i JOIN case_rec c USING (id) LEFT JOIN case_open o USING (id)"
        " WHERE i.ext LIKE ?", source + ":%")}
    check(len(found) == len(all_rows), f"every row of {source} is a case, once", len(found), len(all_rows))
    for row in all_rows:
        got = found.get(f"{source}:{row[form.id]}")
        if not check(got is not None, "a row is a case", row[form.id]):
            continue
        opened, closed, due, ended, _ = read(row, form)
        check(got[:3] == [opened, closed or 0, due or 0], f"times of {source} by their own clock", row[form.id], got[:3])
        check(got[3] == words(row, form) and got[4] == row[form.status], f"the words of {source}", got[3:5])
        check(got[5] == opened and got[6] > 1_700_000_000_000_000, "when it happened, and when it was recorded", got[5:7])
        check(got[8] == ("closed_by_source" if ended else "received"), f"{source}: open or closed", row[form.id], got[8])
        check((got[7] != 0) == ended and (not closed or got[7] == closed), "the closing is the source's", got[7])
        check(got[9] == 1024, "an imported case, and nothing else", got[9])
        check((got[13] is None) == ended and got[13] in (None, 0) and got[14] in (None, 0), "no clock runs", got[13:])
        at = [1, round(float(row[form.lat]) * 1e7), round(float(row[form.lon]) * 1e7)] if row[form.lat].strip() else [0, 0, 0]
        check(got[10] == at[0] and abs(got[11] - at[1]) <= 1 and abs(got[12] - at[2]) <= 1, "its point", got[10:13], at)


def figures(where, source, all_rows, form):
    """Durations and the share in time, by exact arithmetic."""
    took, due_n, in_time, open_n = [], 0, 0, 0
    for row in all_rows:
        opened, closed, due, ended, _ = read(row, form)
        open_n += not ended
        if not ended or closed is None:
            continue
        took.append(closed - opened)
        due_n += due is not None
        in_time += due is not None and closed <= due
    said = liren("figures", "--dir", where, "--imported", source)
    head = re.search(r"(\d+) imported, of these (\d+) wait to be taken over, (\d+) taken over, (\d+) closed", said)
    check([int(n) for n in head.groups()] == [len(all_rows), open_n, 0, len(all_rows) - open_n], f"counts of {source}", said)
    span = re.search(r": (\d+) cases, median ([\d.]+) s, mean ([\d.]+) s", said)
    mean = fractions.Fraction(sum(took), len(took))
    want = len(took), fractions.Fraction(statistics.median(took)) // 1, mean // 1
    got = int(span[1]), *(int(fractions.Fraction(n) * 10**6) for n in span.groups()[1:])
    check(got == want, f"durations of {source}", got, want)
    share = re.search(r"in time (\d+)/(\d+)", said)
    check([int(n) for n in share.groups()] == [in_time, due_n], f"share in time of {source}", said, in_time, due_n)
    check("There are no figures" in liren("figures", "--dir", where), "none of them is a figure of ours")
    return len(took), in_time, due_n


def sound(where):
    liren("journal", "verify", "--dir", where)
    check("all equal" in liren("journal", "rebuild", "--dir", where), "the rows follow from the entries")


def new_york():
    where = os.path.join(HOME, "new-york")
    liren("init", "--dir", where, "--community", "990200001001", "--zone", "America/New_York")
    every = []
    for name in ("nyc311_2018_mzuber88.csv", "nyc311_2020_nickmvega.csv"):
        these = rows(name)
        every += these
        noted = sum(read(row, NYC)[4] for row in these)
        got, _ = imported(where, name, "nyc311")
        check(got == [len(these), 0, 0, 0, noted], f"{name} is taken whole", got, noted)
        got, _ = imported(where, name, "nyc311")
        check(got == [0, 0, len(these), 0, 0], f"{name} again adds nothing", got)
    compare(where, "nyc311", every, NYC)
    figures(where, "nyc311", every, NYC)
    codes = dict(query(where, "SELECT c.category, count(*) FROM case_rec c JOIN case_import USING (id) GROUP BY 1"))
    lights = sum(row["Complaint Type"] == "Street Light Condition" for row in every)
    check(codes.get("0102") == lights, "street lights are street lights", codes, lights)
    blocked = sum(words(r, NYC) == "Illegal Parking / Blocked Hydrant" or r["Complaint Type"] == "Blocked Driveway"
                  for r in every)
    check(codes.get("0302") == blocked, "blocked ways are blocked ways", codes, blocked)
    check(sum(codes.values()) == len(every), "every case has a category", codes)
    # what is personal or may be stands in no entry and no row: the address of a complaint at home
    with open(os.path.join(where, "journal.db"), "rb") as f:
        plain = f.read()
    for row in every[::97]:
        address = row["Incident Address"].encode()
        check(len(address) < 9 or address not in plain, "no address stands plain", address)
    check("wait to be taken over" in liren("doctor", "--dir", where), "doctor says what waits")
    sound(where)


def exported(where, every, form):
    """The same cases out again: their own instants, none missing, and the days that were asked for."""
    table = list(csv.DictReader(liren("export", "cases", "--dir", where).splitlines()))
    want = sorted((instant(r[form.opened], form), instant(r[form.closed], form)) for r in every)
    def us(text):
        return (datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH) // datetime.timedelta(microseconds=1)
    got = sorted((us(r["handed_in"]), us(r["closed"]) if r["closed"] else None) for r in table)
    check(got == want, "exported as they came in", got[:3], want[:3])
    day = EPOCH + datetime.timedelta(microseconds=want[50][0])
    one = list(csv.DictReader(liren("export", "cases", "--dir", where, "--from", day.strftime("%Y-%m-%d"), "--until",
                                    day.strftime("%Y-%m-%d")).splitlines()))
    check([r["number"] for r in one] == [r["number"] for r in table if r["handed_in"][:10] == day.strftime("%Y-%m-%d")] and one,
          "and those of one day", len(one))
    liren("export", "people", "--dir", where, code=2)


def boston():
    where = os.path.join(HOME, "boston")
    liren("init", "--dir", where, "--community", "990200002001", "--zone", "America/New_York")
    every = rows("boston311_100_qsv.csv")
    got, said = imported(where, "boston311_100_qsv.csv", "boston311")
    check(got == [100, 0, 0, 0, 0], "Boston is taken whole", got)
    check("17 columns not read" in said, "columns that nobody asked for", said)
    compare(where, "boston311", every, BOSTON)
    timed, in_time, due = figures(where, "boston311", every, BOSTON)
    # and by Boston's own word
    own = [r["ontime"] == "ONTIME" for r in every if r["case_status"] == "Closed" and r["target_dt"].strip()]
    check((in_time, due) == (sum(own), len(own)) and timed == 85, "in time as Boston itself says", in_time, due, own)
    exported(where, [r for r in every if r], BOSTON)
    sound(where)


def changed(name, edit):
    """Boston's file with its rows edited."""
    every = rows("boston311_100_qsv.csv")
    path = os.path.join(HOME, name)
    with open(path, "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, every[0].keys())
        out.writeheader()
        out.writerows(edit([dict(row) for row in every]))
    return path


def while_the_office_runs():
    """The same through the office's own writer; bad rows by line; a later file closes what waits."""
    office.init()
    office.start()

    def spoil(every):
        every[3]["open_dt"] = "yesterday"
        every[7]["case_status"] = "Lost"
        every[9]["latitude"] = "north"
        return every

    rejects = os.path.join(HOME, "rejects.txt")
    got, said = imported(office.dir, changed("bad.csv", spoil), "boston311", "--rejects", rejects, code=1)
    check(got == [97, 0, 0, 3, 0], "the office takes what is good", got, said)
    with open(rejects, encoding="utf-8") as f:
        told = f.read().splitlines()
    check([line.split(" ")[:2] for line in told] == [["bad.csv:5:", "opened:"], ["bad.csv:9:", "status:"],
                                                    ["bad.csv:11:", "lat:"]], "and tells bad rows by line", told)
    got, _ = imported(office.dir, "boston311_100_qsv.csv", "boston311")
    check(got == [3, 0, 97, 0, 0], "mended, they come after", got)

    def close(every):
        for row in every:
            if row["case_status"] == "Open":
                row.update(case_status="Closed", closed_dt="2022-09-01 10:00:00")
        return every

    open_n = sum(row["case_status"] == "Open" for row in rows("boston311_100_qsv.csv"))
    got, _ = imported(office.dir, changed("later.csv", close), "boston311")
    check(got == [0, open_n, 100 - open_n, 0, 0], "a later file closes what waits", got)
    got, _ = imported(office.dir, changed("later.csv", close), "boston311")
    check(got == [0, 0, 100, 0, 0], "once", got)
    check(query(office.dir, "SELECT count(*) FROM case_open") == [(0,)], "nothing waits any more")
    office.stop(60)
    sound(office.dir)


def refusals():
    where = ("--dir", os.path.join(HOME, "boston"))
    bad = os.path.join(HOME, "bad.yaml")
    with open(os.path.join(SOURCE, "etc/maps/boston311.yaml"), encoding="utf-8") as f:
        text = f.read()
    for old, new, told in (("zone: America/New_York", "zone: ../../../etc/passwd", "bad.yaml: zone"),
                           ("zone: America/New_York", "zone: America/Nowhere", "bad.yaml: zone"),
                           ("%H:%M:%S", "%H:%M:%Q", "bad.yaml:9:7:"), ("id: case_enquiry_id", "id: number", "number")):
        with open(bad, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))
        said = liren("import", "cases", *where, "--map", bad, os.path.join(DATA, "boston311_100_qsv.csv"), code=2)
        check(told in said, f"a map with {new} is refused", said)
    liren("import", "people", *where, "--map", bad, "x", code=2)
    liren("figures", *where, "--imported", "", code=2)
    places = os.path.join(SOURCE, "etc/maps/osm-points.yaml")
    liren("import", "cases", *where, "--map", places, os.path.join(DATA, "boston311_100_qsv.csv"), code=2)


new_york()
boston()
while_the_office_runs()
refusals()
shutil.rmtree(HOME)
raise SystemExit(check.end())
