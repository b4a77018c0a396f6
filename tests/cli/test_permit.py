#!/usr/bin/python3
"""The command line obeys policy.yaml: every command, by one table, refused where the policy in force does not name its
action, let through where it names nothing else, and refused where no policy can be read, but for what mends that. That the
table has every command and verb is read from the program's own help. usage: test_permit.py PATH-OF-liren"""
import os
import re
import shutil
import sqlite3
import sys
import tempfile

from outside import Checks, Program

HOME = tempfile.mkdtemp(prefix="liren-permit-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
check = Checks()
office = Program([os.path.abspath(sys.argv[1])], HOME)
POLICY = os.path.join(office.dir, "etc", "policy.yaml")
BACKUP, NEW, EMPTY = (os.path.join(HOME, name) for name in ("backup", "new", "empty"))

# action, whether it is let through where no policy can be read, the words of the call
TABLE = [
    ("see_staff_places", False, ["place find x", "place near 22.5 113.9", "place number 1", "place card 1",
                                  "place children 1", "place inside 1"]),
    ("see_figures", False, ["figures", "figures --by grid", "figures --imported x"]),
    ("export", False, ["export cases", "responsibilities"]),
    ("manage_accounts", False, ["user list", "user add --name somebody", "user show x", "user change x --lang en", "user post x",
                                f"user password x --password-file {EMPTY}", "user codes x", "user sessions x", "user end x"]),
    ("erase", False, ["erase 1"]),
    ("import", False, [f"import places --map {EMPTY} {EMPTY}", f"import cases --map {EMPTY} {EMPTY}"]),
    ("backup", False, [f"backup {HOME}/another"]),
    ("backup", True, [f"restore {BACKUP} --dir {NEW}"]),
    ("confirm_clock", False, ["clock confirm"]),
    ("see_record", True, ["journal verify", "journal rebuild", "journal prove 1", "journal show 1"]),
    ("see_metrics", True, ["doctor", "doctor --deep", "serve --port 0 --metrics nowhere", "demo --port 0 --metrics nowhere"]),
    ("see_files", True, ["files list", "files check"]),
    ("load_files", True, ["files load", "files lay"]),
]
# makes a store, serves one (whoever asks it is asked by the office), or needs none
NOT_ASKED = {"init", "serve", "demo", "receipt", "casetype", "version", "help"}


def liren(words):
    """A restore is asked by what the backup has in force: it gets the store's journal."""
    args = words.split()
    if args[0] == "restore":
        shutil.copy(f"{office.dir}/journal.db", BACKUP)
    return office.run(*args, *([] if "--dir" in args else ["--dir", office.dir]), text_in="")


def refused(done):
    """By the policy, or for want of one."""
    return done.returncode == 2 and ("who may:" in done.stdout or "No policy is in force" in done.stdout)


def in_force(*may):
    """The operator may this and load files; nobody else any of it."""
    text = re.sub(r"(who: operator\n  may: )\[[^]]*\]", rf"\1[{', '.join({'load_files', *may})}]", SHIPPED)
    text = re.sub(r"may: \[see_public, see_places, [^]]*\]", "may: [see_public]", text)
    with open(POLICY, "w", encoding="utf-8") as f:
        f.write(text)
    done = liren("files load")
    check(done.returncode == 0 and "In force: 1 files" in done.stdout, "a policy is brought into force", may, done.stdout)


def every_command_is_in_the_table():
    words = [call.split() for _, _, calls in TABLE for call in calls]
    said = office.run("help").stdout
    commands = set(re.findall(r"^  liren (\w+)", said, re.M))
    check(len(commands) > 15 and commands == {w[0] for w in words} | NOT_ASKED, "every command is in the table",
          commands ^ ({w[0] for w in words} | NOT_ASKED))
    for command in commands - NOT_ASKED:
        for verbs in re.findall(rf"^liren {command} ([a-z|]+)\b", office.run(command, "--help").stdout, re.M):
            for verb in verbs.split("|"):
                check([command, verb] in [w[:2] for w in words], f"{command} {verb} is in the table")


def denied_by_default():
    in_force()
    for action, _, calls in TABLE:
        for call in calls:
            done = liren(call)
            check(refused(done) == (action != "load_files"), f"{call.split()[0]} needs {action}", call, done.returncode, done.stdout)
    check(not os.path.exists(NEW) and not os.path.exists(HOME + "/another"), "nothing was made")


def let_through_by_its_own():
    for action in sorted({action for action, _, _ in TABLE}):
        in_force(action)
        for call in (call for of, _, calls in TABLE for call in calls if of == action):
            check(not refused(done := liren(call)), f"{call.split()[0]} needs nothing but {action}", call, done.stdout)
    check(os.path.isdir(HOME + "/another"), "a backup is made where the operator may")
    shutil.rmtree(HOME + "/another")


def text_of_policy(change):
    with sqlite3.connect(f"{office.dir}/journal.db") as db:
        return db.execute(f"{change} WHERE sha256 = (SELECT sha256 FROM file_version WHERE path = 'policy.yaml' "
                          "ORDER BY n DESC LIMIT 1)").rowcount


def nothing_where_none_can_be_read():
    for what, change in (("is damaged", "UPDATE file_content SET content = x'00'"), ("is gone", "DELETE FROM file_content")):
        in_force(*(action for action, _, _ in TABLE))
        check(text_of_policy(change) == 1, f"the policy {what}")
        for _, mends, calls in TABLE:
            for call in calls:
                done = liren(call)
                check(refused(done) != mends, f"{call.split()[0]} is {'open' if mends else 'shut'} where the policy {what}",
                      call, done.returncode, done.stdout)
        check(not os.path.exists(HOME + "/another"), "no backup was made")
        in_force("see_figures")  # mends it
        check(not refused(liren("figures")) and refused(liren("backup " + HOME + "/another")), "and a policy rules again")


open(EMPTY, "w", encoding="utf-8").close()
office.init()
with open(POLICY, encoding="utf-8") as f_:
    SHIPPED = f_.read()
check(liren(f"backup {BACKUP}").returncode == 0, "a backup is made by what is shipped")
FILES = sorted(os.listdir(BACKUP))
check(not refused(office.run("restore", BACKUP, "--dir", NEW, "--keys", EMPTY)), "and may be restored")
check(sorted(os.listdir(BACKUP)) == FILES, "asking leaves a backup as it is", os.listdir(BACKUP))
every_command_is_in_the_table()
denied_by_default()
let_through_by_its_own()
nothing_where_none_can_be_read()
shutil.rmtree(HOME)
sys.exit(check.end())
