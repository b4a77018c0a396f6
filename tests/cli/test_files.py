#!/usr/bin/python3
"""The files of etc/ from outside: laid by init, listed, changed, refused with their place, loaded by command and by
SIGHUP, withdrawn, kept in the store and there after a restore. Hashes are computed with hashlib from the files, texts
read with SQLite. usage: test_files.py PATH-OF-liren SOURCE"""
import hashlib
import os
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time

from outside import START_S, Checks, Client, Program

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-files-")
LIREN, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Program([LIREN], HOME)
ETC = os.path.join(office.dir, "etc")
SHIPPED = {"calendars/cn-office.yaml", "case-types/dispute-mediation.yaml", "case-types/resident-request.yaml",
           "case-types/safety-incident.yaml", "catalogue.yaml", "categories.yaml", "checklists/building-fire-file.yaml",
           "checklists/care-visits.yaml", "checklists/small-places.yaml", "desk-limits.yaml", "policy.yaml", "responsibilities.yaml", "roles.yaml",
           "units.yaml"}


def liren(*args, code=0, says=None, dir_=None):
    done = office.run(*args, "--dir", dir_ or office.dir)
    check(done.returncode == code, f"{' '.join(args[:2])} ends with {code}", done.returncode, done.stdout)
    if says is not None:
        check(says in done.stdout, f"{' '.join(args[:2])} says: {says}", done.stdout)
    return done.stdout


def read(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, text):
    with open(path, "wb") as f:
        f.write(text)


def edit(name, old, new):
    """Change the file in etc/; the text it had."""
    text = read(os.path.join(ETC, name))
    check(old.encode() in text, f"{name} has what the test changes")
    write(os.path.join(ETC, name), text.replace(old.encode(), new.encode(), 1))
    return text


def rows(select_, dir_=None):
    with sqlite3.connect(f"file:{dir_ or office.dir}/journal.db?mode=ro", uri=True) as db:
        return db.execute(select_).fetchall()


def entries():
    return rows("SELECT max(n) FROM entry")[0][0]


def listed(said):
    """path -> (entry, front of the hash)"""
    found = re.findall(r"^ +(\d+)  (\S+)  ([0-9a-f]{12})  (\S+)$", said, re.M)
    return {path: (int(n), sha) for n, _, sha, path in found}


def laid():
    liren("init", says="Made")
    said = listed(liren("files", "list", says="in force as they are"))
    check(set(said) == SHIPPED, "init puts all shipped files in force", said)
    for path, (n, sha) in said.items():
        text = read(os.path.join(SOURCE, "etc", path))
        check(hashlib.sha256(text).hexdigest()[:12] == sha, "list shows the front of each file's SHA-256")
        kept = rows(f"SELECT f.sha256, c.content FROM file_version f JOIN file_content c USING (sha256) WHERE f.n = {n}")
        check(kept == [(hashlib.sha256(text).digest(), text)], "the store keeps each text under its hash")
    liren("files", "check", says="14 files are written right and hold together; 0 earlier versions")
    check(liren("doctor").count("files of etc/ are in force") == 1, "doctor says that they are in force")


def changed():
    before = listed(liren("files", "list"))
    old = edit("categories.yaml", "priority: \"2\"", "priority: \"1\"")
    said = liren("files", "check", says="changed  categories.yaml")
    check("1 earlier versions" in said, "the version that goes is looked at with them", said)
    check("warn" in [l.split()[0] for l in liren("doctor").splitlines() if "differ" in l], "doctor warns of it")
    check(listed(liren("files", "list")) == before, "check puts nothing in force")
    liren("files", "load", says="In force: 1 files; 0 withdrawn")
    after = listed(liren("files", "list", says="in force as they are"))
    check(after["categories.yaml"][0] == entries(), "the changed file has a new entry")
    check({p: v for p, v in after.items() if p != "categories.yaml"} ==
          {p: v for p, v in before.items() if p != "categories.yaml"}, "and no other")
    check(len(rows("SELECT 1 FROM file_content")) == len(SHIPPED) + 1, "both texts are kept")
    check(rows("SELECT content FROM file_content WHERE sha256 = x'" + hashlib.sha256(old).hexdigest() + "'") == [(old,)],
          "the earlier one, too")
    n = entries()
    liren("files", "load", says="in force as they are")
    check(entries() == n, "the same again writes nothing")


def refused():
    def in_force():
        return rows("SELECT path, max(n) FROM file_version GROUP BY path")

    n, before = entries(), in_force()

    def try_it(what, code, place, *says):
        for verb in ("check", "load"):
            said = liren("files", verb, code=code, says=place)
            for words in says:
                check(words in said, f"{what}: {words}", said)
        check(entries() == n and in_force() == before, f"{what}: nothing changed")

    old = edit("categories.yaml", "  type: resident-request", "  typ: resident-request")
    line = next(i for i, l in enumerate(read(os.path.join(ETC, "categories.yaml")).splitlines(), 1) if b"typ:" in l)
    try_it("a key that is none", 2, f"categories.yaml:{line}:")
    write(os.path.join(ETC, "categories.yaml"), old)
    roles = edit("roles.yaml", "name: overseer", "name: onlooker")
    units = edit("units.yaml", "zh: 社区值守台", "zh: 值守台")
    try_it("two files of which one is wrong", 1, ".yaml:", "overseer")
    write(os.path.join(ETC, "roles.yaml"), roles)
    write(os.path.join(ETC, "units.yaml"), units)
    type_ = "case-types/dispute-mediation.yaml"
    old = edit(type_, "from: opened, to: with_group", "from: opened, to: opened")
    try_it("a state that nothing reaches", 1, type_ + ":", "on the way")
    write(os.path.join(ETC, type_), old)
    os.rename(os.path.join(ETC, "roles.yaml"), os.path.join(HOME, "roles.yaml"))
    try_it("a file that the others need", 2, "roles.yaml is missing")
    os.rename(os.path.join(HOME, "roles.yaml"), os.path.join(ETC, "roles.yaml"))
    os.symlink("nothing", os.path.join(ETC, "checklists", "x.yaml"))
    try_it("a file that cannot be read", 2, os.path.join(ETC, "checklists", "x.yaml"))
    os.unlink(os.path.join(ETC, "checklists", "x.yaml"))
    liren("files", "check", says="in force as they are")
    liren("files", code=2)
    liren("files", "mend", code=2)
    liren("files", "load", code=2, says="no store", dir_=os.path.join(HOME, "nowhere"))


def obeyed():
    """The operator's commands obey the policy in force, and a changed one from then on."""
    whole = edit("policy.yaml", "load_files, erase, import", "load_files, import")
    check("who may" not in liren("erase", "1", code=2), "a changed file that is not in force refuses nothing")
    liren("files", "load")
    said = liren("erase", "1", code=2)
    check("who may" in said and "reporter" in said, "the refusal says who may", said)
    write(os.path.join(ETC, "policy.yaml"), whole.replace(b"may: [see_public, see_places, see_figures,",
                                                          b"may: [see_public, see_places,"))
    liren("files", "load")
    liren("figures", code=2)
    write(os.path.join(ETC, "policy.yaml"), whole)
    liren("files", "load")
    liren("figures")


def withdrawn():
    name = os.path.join(ETC, "checklists", "small-places.yaml")
    text = read(name)
    was, = rows("SELECT max(n) FROM file_version WHERE path = 'checklists/small-places.yaml'")[0]
    os.unlink(name)
    liren("files", "check", says="away     checklists/small-places.yaml")
    liren("files", "load", says="In force: 0 files; 1 withdrawn")
    n = entries()
    said = liren("journal", "show", str(n))
    check("small-places.yaml" in said and f"was: {was}" in said, "an entry names what it was", said)
    check("checklists/small-places.yaml" not in listed(liren("files", "list")), "it is not in force")
    liren("journal", "rebuild", says="all equal")
    liren("files", "lay", says="untouched")
    check(read(name) == text, "lay puts back what came with the program")
    liren("files", "load", says="In force: 1 files; 0 withdrawn")
    check(listed(liren("files", "list"))["checklists/small-places.yaml"][0] == n + 1, "and it is in force by a new entry")
    liren("journal", "rebuild", says="all equal")


def calendars():
    shutil.copy(os.path.join(SOURCE, "etc/calendars/us-ny.yaml"), os.path.join(ETC, "calendars"))
    check("New York" not in liren("files", "check", says="new      calendars/us-ny.yaml"), "the calendar is of the zone")
    settings = os.path.join(office.dir, "liren.yaml")
    old = read(settings)
    write(settings, old + b"calendar: us-ny\n")
    other = re.search(r"en: ([^,}]+)", read(os.path.join(ETC, "calendars/us-ny.yaml")).decode())[1].strip(' "\n')
    liren("files", "check", says=other)
    write(settings, old + b"calendar: none\n")
    liren("files", "check", code=2, says="liren.yaml: There is no calendar calendars/none.yaml")
    write(settings, old)
    os.unlink(os.path.join(ETC, "calendars/us-ny.yaml"))


def bare():
    """A store without files starts, and takes its first ones while it runs."""
    first, office.dir = office.dir, os.path.join(HOME, "bare")
    liren("init", "--bare", says="Made")
    check(rows("SELECT count(*) FROM file_version") == [(0,)] and not os.path.exists(office.dir + "/etc"), "nothing is laid, nothing is in force")
    liren("files", "list", says="No file is in force")
    liren("files", "check", code=2, says="No file is in force")
    served = Served()
    check("state=none" in served.line("event=etc") and served.line("event=started") != "", "it starts all the same")
    liren("files", "lay")
    line = served.hup()
    check("state=loaded loaded=14" in line, "the first files come into force", line)
    check(served.end() == 0, "it stops")
    os.unlink(office.dir + "/etc/roles.yaml")
    liren("init", "--bare", says="Made", dir_=os.path.join(HOME, "wrong"))
    shutil.copytree(office.dir + "/etc", os.path.join(HOME, "wrong", "etc"))
    office.dir = os.path.join(HOME, "wrong")
    served = Served()
    check(served.process.wait(START_S) == 2, "with wrong files and none in force it does not start")
    check("roles.yaml is missing" in served.process.stderr.read().decode(), "and says what is wrong")
    served.end()
    office.dir = first


class Served:
    """An office of which the log is read line by line."""

    def __init__(self):
        self.process = subprocess.Popen([LIREN, "serve", "--dir", office.dir, "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.rest = b""

    def line(self, words, until=START_S):
        """The next line of the log with these words; "" where the log ends or nothing comes in time."""
        end = time.monotonic() + until
        while True:
            first, newline, rest = self.rest.partition(b"\n")
            if newline:
                self.rest = rest
                if words in first.decode():
                    return first.decode()
                continue
            ready, _, _ = select.select([self.process.stderr], [], [], max(end - time.monotonic(), 0))
            more = os.read(self.process.stderr.fileno(), 65536) if ready else b""
            if not more:
                return ""
            self.rest += more

    def hup(self):
        self.process.send_signal(signal.SIGHUP)
        return self.line("event=etc")

    def end(self):
        self.process.terminate()
        code = self.process.wait(START_S)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


def reloaded():
    served = Served()
    line = served.line("event=etc")
    check("state=same" in line and "files=14" in line, "a start with the set in force", line)
    size = int(re.search(r"bytes=(\d+)", line)[1])
    check(size < 2 << 20, "the shelf takes less than 2 MiB", size)
    port = int(re.search(r"port=(\d+)", served.line("event=started"))[1])
    n = entries()
    old = edit("categories.yaml", "zh: 公共设施", "zh: 公共设施类")
    line = served.hup()
    check("state=loaded loaded=1 withdrawn=0" in line and f"entry={n + 1} " in line, "SIGHUP loads what changed", line)
    check("state=same" in served.hup(), "and nothing when nothing did")
    text = edit("categories.yaml", "version: 1", "version: one")
    line = served.hup()
    check("state=refused error=bad-input" in line and "categories.yaml:" in line, "what is wrong is told with its place",
          line)
    check(entries() == n + 1, "and nothing comes into force")
    client = Client(port)
    check(client.call("GET", "/healthz")[0] == 200, "the office works on")
    check(client.write("still here", "0123456789abcdef")[0] == 201, "and takes what is handed in")
    check("warn" in [l.split()[0] for l in liren("doctor").splitlines() if "differ" in l], "doctor warns meanwhile")
    liren("files", "load", code=4, says=f"kill -HUP {served.process.pid}")
    check(served.end() == 0, "it stops in order")
    # and starts as it stopped: by the set in force, though etc/ is wrong
    served = Served()
    line = served.line("event=etc")
    check("state=refused" in line and "categories.yaml:" in line, "a start with a wrong file says so", line)
    check(served.line("event=started") != "", "and starts with the set in force")
    write(os.path.join(ETC, "categories.yaml"), text)
    check("state=same" in served.hup(), "until it is mended")
    write(os.path.join(ETC, "categories.yaml"), old)
    check("state=loaded" in served.hup(), "or put back")
    check(served.end() == 0, "it stops in order again")


def kept():
    """The store is enough: after a restore without etc/ the set is in force; a text that was changed is not believed."""
    to, new = os.path.join(HOME, "backup"), os.path.join(HOME, "new")
    done = office.run("backup", to, "--dir", office.dir)
    check(done.returncode == 0, "a backup", done.stdout)
    shutil.copytree(office.dir + ".keys", new + ".keys")
    done = office.run("restore", to, "--dir", new, "--keys", new + ".keys", "--key-copy", new + ".keys/keys-copy.db")
    check(done.returncode == 0, "a restore", done.stdout)
    liren("files", "list", says="in force as they are", dir_=new)
    shutil.rmtree(new + "/etc")
    check(len(listed(liren("files", "list", says="14 files differ", dir_=new))) == 14, "what is in force is in the store")
    first, office.dir = office.dir, new
    served = Served()
    check("state=refused" in served.line("event=etc"), "an etc/ that is gone is refused, not taken for an empty set")
    check(served.line("event=started") != "", "the office starts from the store")
    check(served.end() == 0, "and stops")
    with sqlite3.connect(new + "/journal.db") as db:
        db.execute("UPDATE file_content SET content = zeroblob(9)")
    db.close()
    liren("doctor", code=1, says="FAIL  the text of roles.yaml")
    served = Served()
    check("state=not-taken-up error=corrupt" in served.line("event=etc"), "a text that is not its hash is not taken up")
    check(served.process.wait(START_S) != 0, "without any set it does not start")
    served.end()
    office.dir = first


def examples_of(guide):
    """The blocks of a guide, without their indent: what a reader would copy."""
    blocks, block = [], []
    for line in read(os.path.join(SOURCE, "docs", guide)).decode().splitlines() + ["."]:
        if line.startswith("    "):
            block.append(line)
        elif block and line:
            blocks.append(textwrap.dedent("\n".join(block)) + "\n")
            block = []
        elif block:
            block.append(line)
    return blocks


def guides():
    """Each guide, followed to the letter in either language, ends in files that hold together."""
    for tongue in ("", ".zh-CN"):
        kept = {name: read(os.path.join(ETC, name)) for name in ("categories.yaml", "responsibilities.yaml")}
        blocks = examples_of(f"writing-a-category{tongue}.md")
        condition, = [b for b in blocks if b.startswith("- {name: gap")]
        row, = [b for b in blocks if b.startswith('- code: "0106"')]
        says, = [b for b in blocks if b.startswith("says:")]
        edit("categories.yaml", "conditions:\n", "conditions:\n" + condition.strip() + "\n")
        text = read(os.path.join(ETC, "categories.yaml"))
        write(os.path.join(ETC, "categories.yaml"),
              text + (row.strip() + "\n" + textwrap.indent(says.strip(), "  ") + "\n").encode())
        line, = [b for b in examples_of(f"writing-a-responsibility{tongue}.md") if b.startswith('- category: "0102"')]
        edit("responsibilities.yaml", "rules:\n", "rules:\n" + line.strip() + "\n")
        small = os.path.join(ETC, "case-types/small.yaml")
        shutil.copy(os.path.join(SOURCE, "tests/cases/base.yaml"), small)
        text = read(small).decode()
        for block in examples_of(f"writing-a-case-type{tongue}.md"):
            for wanted in block.splitlines() if block.startswith(("code: small", "- {name: urgent")) else ():
                check(wanted in text, f"{tongue or 'en'}: the guide shows base.yaml as it is", wanted)
        done = subprocess.run([LIREN, "casetype", "check", "--etc", ETC, small, f"{ETC}/case-types/resident-request.yaml"],
                              capture_output=True, text=True, timeout=60)
        check(done.returncode == 0, f"{tongue or 'en'}: the examples are proven", done.stdout + done.stderr)
        liren("files", "check", says="15 files are written right and hold together")
        os.remove(small)
        for name, text in kept.items():
            write(os.path.join(ETC, name), text)
    for guide in ("case-type", "category", "responsibility"):
        for tongue in ("", ".zh-CN"):
            said = [b for b in examples_of(f"writing-a-{guide}{tongue}.md") if b.startswith("liren casetype")]
            check(said != [], f"{guide}{tongue} gives the command")
            for words in said:
                words = words.replace("liren-data", os.path.basename(office.dir)).split()[1:]
                done = subprocess.run([LIREN, *words], cwd=os.path.dirname(office.dir), capture_output=True, text=True,
                                      timeout=60)
                check(done.returncode == 0, f"{guide}{tongue}: its command works as it stands", done.stdout + done.stderr)
    said = liren("responsibilities", says="No hand-back was upheld")
    check("0101 manhole cover or grate missing or broken: owner of the component leads; where the look-up finds nobody, "
          "subdistrict urban management" in said, "gaps are listed", said)


laid()
guides()
changed()
refused()
obeyed()
withdrawn()
calendars()
reloaded()
kept()
bare()
shutil.rmtree(HOME)
raise SystemExit(check.end())
