#!/usr/bin/python3
"""liren user from outside, with the office running and without: accounts, passwords, codes, who stands behind them in
the record, and that no file holds any of it in plain. usage: test_users.py PATH-OF-liren"""
import json
import os
import pty
import re
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from outside import COMMUNITY, Checks, Program

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-users-")
LIREN = os.path.abspath(sys.argv[1])
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Program([LIREN], HOME)
DIR = ("--dir", office.dir)
SECRETS = {"wang.fang": "correct horse battery", "mei@example.org": "paper boats in April"}
CODE = re.compile(r"^ *\d+  ([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5})$", re.M)


def liren(*args, code=0, says=None, what=None, stdin="", env=None):
    done = subprocess.run([LIREN, *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, input=stdin,
                          timeout=120, env={**os.environ, **(env or {})}, check=False)
    what = what or " ".join(args[:3])
    check(done.returncode == code, f"{what} ends with {code}", done.returncode, done.stdout)
    if says is not None:
        check(says in done.stdout, f"{what} says: {says}", done.stdout)
    return done.stdout


def user(*args, **more):
    return liren("user", *args, *DIR, **more)


def number(text):
    return int(re.search(r"\d+", text).group())


def rows(select_):
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True) as db:
        return db.execute(select_).fetchall()


def entry(n):
    return json.loads(rows(f"SELECT CAST(body AS TEXT) FROM entry WHERE n = {n}")[0][0])


def in_files(needle):
    found = []
    for where, _, names in os.walk(HOME):
        for path in (os.path.join(where, n) for n in names):
            if os.path.isfile(path) and not path.endswith((".password", ".key")):
                with open(path, "rb") as f:
                    found += [path] if needle.encode() in f.read() else []
    return found


def made():
    """Without an office: a writer of the command's own."""
    user("list", says="no account of the staff yet")
    lead = number(user("add", "--name", "Wang.Fang", "--post", "desk_lead:DESK", "--post", "grid_worker:GRD:G01,G02",
                       "--lang", "zh", says="is made"))
    user("add", "--name", "wang.FANG", code=2, says="Somebody has this name", what="a name that is taken")
    user("add", "--name", "x1", "--post", "mayor", code=2, says='"mayor" is no role', what="a role that is none")
    user("add", "--name", "x1", "--post", "intake:DESK:G99", code=2, says='"G99" is no area', what="no such area")
    user("add", code=2, says="has a name", what="staff without a name")
    user("add", "--nme", "x", code=2, says="liren user add", what="an option that is none")
    check("wang.fang" in user("list") and "grid_worker:GRD:G01,G02" in user("list"), "list shows names and posts")
    user("show", "nobody", code=2, says='No account has the name or number "nobody"')
    user("password", "wang.fang", stdin="short\n", code=2, says="10 to 200 bytes", what="a short password")
    user("password", "wang.fang", stdin=SECRETS["wang.fang"] + "\n", says="is set")
    user("show", str(lead), says="password: set by entry")
    head = entry(lead)
    check(head["actor"]["role"] == "operator" and head["kind"] == "account.made", "the operator made it")
    check(head["data"]["posts"][1] == {"areas": ["G01", "G02"], "role": "grid_worker", "unit": "GRD"},
          "posts stand in the entry as they are", head["data"])
    return lead


def at_once(lead):
    """While the office runs, by its writer."""
    office.start()
    mei = number(user("add", "--resident", "--name", "mei", "--contact", "mei@example.org", "--lang", "en"))
    path = os.path.join(HOME, "mei.password")
    with open(path, "w", encoding="utf-8") as f:
        f.write(SECRETS["mei@example.org"] + "\r\nsecond line\n")
    user("password", "mei", "--password-file", path, says="is set", what="a password from a file")
    sheet = user("codes", "mei", code=2, says="a second person of the staff must be named", what="codes alone")
    sheet = user("codes", "mei", "--second", "wang.fang", what="codes by two")
    codes = CODE.findall(sheet)
    check(len(set(codes)) == 10, "a sheet has ten different codes", sheet)
    n = number(sheet)
    data = entry(n)["data"]
    check(data["codes"] == 10 and data["second"]["role"] == "desk_lead" and data["second"]["unit"] == "DESK" and
          data["account"] == mei, "the second person stands in the entry by role and handle", data)
    handle = data["second"]["handle"]
    with sqlite3.connect(f"file:{office.dir}/keys.db?mode=ro", uri=True) as db:
        check(db.execute("SELECT count(*) FROM handle WHERE handle = ?", (bytes.fromhex(handle),)).fetchone() == (1,),
              "and who it is lies sealed beside the keys")
    again = user("codes", "mei", "--second", "wang.fang", what="codes once more")
    check(entry(number(again))["data"]["replaces"] == n, "a new sheet says which one it stands for")
    user("show", "mei", says=f"sheet {number(again)}, 10 left")
    user("codes", "mei", "--second", "mei", code=2, says="somebody else of the staff", what="oneself as the second")
    user("change", "mei", "--name", "mei.li", "--contact", "", says="is changed")
    check("mei@example.org" not in user("show", "mei.li"), "a contact that was taken away is gone")
    user("post", "wang.fang", "--post", "dispatcher:DESK", says="is changed")
    check("grid_worker" not in user("show", str(lead)), "posts are those that were given last")
    user("sessions", "mei.li", says="Nobody is signed in")
    user("sessions", "mei.li", "--end", "7", code=2, what="a session that is none")
    user("end", "wang.fang", says="is ended")
    user("password", str(lead), stdin="another password\n", code=2, says="is ended", what="a password for who ended")
    user("list", env={"LC_ALL": "zh_CN.UTF-8"}, says="已停用", what="list in Chinese")
    liren("user", "list", "--dir", os.path.join(HOME, "none"), code=2, what="no store")
    return mei, codes, [n, number(again)]


def asked():
    """--ask, on a terminal."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(LIREN, ["liren", "user", "password", "mei.li", "--ask", "--second", "li", *DIR])
    told, sent = b"", 0
    while True:
        ready, _, _ = select.select([fd], [], [], 60)
        try:
            some = os.read(fd, 1000) if ready else b""
        except OSError:
            some = b""
        if not some:
            break
        told += some
        if sent < told.count(b"Password: ") + told.count(b"Once more: "):
            sent += 1
            os.write(fd, b"asked on a terminal\n")
    os.close(fd)
    check(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0 and b"is set" in told, "--ask asks twice", told)
    check(b"asked on" not in told, "and shows nothing of it", told)


def erased(mei, codes):
    check(in_files("account.made") != [], "the search finds what is there")
    plain = [*SECRETS, *SECRETS.values(), *codes, *(c.replace("-", "") for c in codes), "mei.li", "asked on a terminal"]
    for text in plain:
        check(in_files(text) == [], "no file holds a name, a contact, a password or a code", text, in_files(text))
    key = rows(f"SELECT key_id FROM account WHERE id = {mei}")[0][0]
    user("end", str(mei), "--erase", says="is erased")
    office.stop(60)
    for path in (office.dir + "/keys.db", office.dir + ".keys/keys-copy.db"):
        with sqlite3.connect(path) as db:
            check(db.execute("SELECT (SELECT count(*) FROM data_key WHERE id = ?1) + "
                             "(SELECT count(*) FROM blind WHERE key_id = ?1)", (key,)).fetchone() == (0,),
                  "the key and what the name was found by are gone, in the copy too", path)
    user("show", str(mei), says="erased")
    user("show", "mei.li", code=2, what="an erased name")
    liren("journal", "rebuild", *DIR, says="all equal")
    liren("journal", "verify", *DIR)


def restored():
    """A password that was replaced after the backup is dead in it, and nobody is signed in."""
    li = number(user("show", "li"))
    user("password", "li", stdin="the password before\n")
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("INSERT INTO session (token, account, post, secret, began, seen) VALUES (zeroblob(32), ?, 0, 0, 1, 1)",
                   (li,))
    db.close()
    seen = os.path.join(HOME, "seen")
    with open(seen, "wb") as f:
        f.write(rows("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")[0][0])
    liren("backup", os.path.join(HOME, "backup"), *DIR)
    user("password", "li", stdin="the password after\n")
    for name, more in (("another-origin", ()), ("same-origin", ("--seen", seen))):
        to, keys = os.path.join(HOME, name), os.path.join(HOME, name + "-keys")
        shutil.copytree(office.dir + ".keys", keys)
        new = ("--dir", to, "--keys", keys, "--key-copy", keys + "/keys-copy.db")
        liren("restore", os.path.join(HOME, "backup"), *new, *more, what=f"restore, {name}")
        with sqlite3.connect(to + "/journal.db") as db:
            check(db.execute("SELECT count(*) FROM session").fetchone() == (0,), f"nobody is signed in there: {name}")
            key = db.execute("SELECT key_id FROM account_secret WHERE account = ? AND over = 0", (li,)).fetchone()[0]
        with sqlite3.connect(to + "/keys.db") as db:
            check(db.execute("SELECT count(*) FROM data_key WHERE id = ?", (key,)).fetchone() == (0,),
                  "a password replaced since the backup is dead in what is restored from it")
        liren("user", "show", "li", *new, says="li", what="show in a restored store")


liren("init", *DIR, "--community", COMMUNITY)
wang = made()
resident, all_codes, _ = at_once(wang)
user("add", "--name", "li", "--post", "duty_officer:DESK")
asked()
erased(resident, all_codes)
restored()
shutil.rmtree(HOME)
raise SystemExit(check.end())
