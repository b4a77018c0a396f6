#!/usr/bin/python3
"""A mail server that dies around its own confirmation: right before its 250, in the middle of it, right behind it, or that
never says it. What was confirmed is never sent again; what was not is tried again under the same id, and record, log and
doctor say so. Standard library only. usage: test_mail_dies.py PATH-OF-liren"""
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

import smtp
from mta import Desk
from outside import Checks, Program

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-mail-dies-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
WAIT_S = 120
TIMEOUT_S = 60  # MAIL_WHOLE_TIMEOUT_MS
PASSWORD = "a password of the desk"
SENT, REFUSED = 1, 4
# what happens to the first copy of each; all later copies are taken
FIRST = [smtp.TAKE, smtp.BEFORE, smtp.AFTER, smtp.HALF, smtp.AFTER, smtp.RESET, smtp.LATER, smtp.TAKE, smtp.BEFORE, smtp.REFUSE,
         smtp.RESET, smtp.AFTER, smtp.HALF, smtp.TAKE]
office = Program([os.path.abspath(sys.argv[1])], HOME)
never = threading.Event()  # a wait that ends by its time


def rows(sql):
    db = sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True, timeout=10)
    found = db.execute(sql).fetchall()
    db.close()
    return found


def waiting():
    return rows("SELECT n, idx, tries FROM outbox WHERE state = 0 AND channel = 3")


def ended(how):
    return dict(rows("SELECT how, effects FROM outbox_ended WHERE channel = 3")).get(how, 0)


def until(what, condition):
    end = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > end:
            return check(False, what, waiting())
        never.wait(0.02)
    return check(True, what)


def tries_told():
    """By the log: how often each effect is to be tried again."""
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as f:
        found = re.findall(r"event=mail entry=(\d+) index=(\d+) tries=(\d+)", f.read())
    told = {}
    for n, index, tries in found:
        told.setdefault((int(n), int(index)), []).append(int(tries))
    return told


def around_the_confirmation(desk, server):
    """One mail after the other, so that what is asked of the server falls on the one it is meant for."""
    want = {}
    for i, how in enumerate(FIRST):
        server.decide = lambda mail, how=how: how if len(server.copies()[mail.effect]) == 1 else smtp.TAKE
        seen, sent = len(server.mails), ended(SENT) + ended(REFUSED)
        desk.open(desk.report(f"m{i}@example.org"))
        until("a mail comes to the server", lambda: len(server.mails) > seen)
        effect = server.mails[seen].effect
        want[effect] = how
        if how in (smtp.BEFORE, smtp.HALF, smtp.LATER):
            until("one without its 250 is on record as tried", lambda: (*effect, 1) in waiting() or ended(SENT) > sent)
        until("and is over in the end", lambda: ended(SENT) + ended(REFUSED) > sent and not waiting())
    told = tries_told()
    for effect, copies in server.copies().items():
        hows, how = [c.how for c in copies], want[effect]
        if how in (smtp.TAKE, smtp.AFTER):
            check(hows == [how], "what was confirmed is never sent again", hows)
        elif how == smtp.REFUSE:
            check(hows == [how], "nor what was refused", hows)
        elif how == smtp.RESET:
            check(hows == [how] or (hows == [how, smtp.TAKE] and effect in told),
                  "one whose 250 was lost on its way comes again only where the log says so", hows, told)
        else:
            check(hows == [how, smtp.TAKE], "what was not confirmed is sent once more", how, hows)
            check(effect in told, "and the log says so", how, told)
        check(len({c.id for c in copies}) == 1 and len({c.to for c in copies}) == 1, "copies have one id", [c.id for c in copies])
    check(len(server.copies()) == len(FIRST), "each mail has an id of its own")
    check((ended(SENT), ended(REFUSED)) == (len(FIRST) - 1, 1), "each is counted once", ended(SENT), ended(REFUSED))


def without_an_answer(desk, server):
    """Stopped while a server owes its answer, and then the whole time that it has for one."""
    sent, seen = ended(SENT), len(server.mails)
    server.decide = lambda mail: smtp.SILENT if server.silent_ones < 2 else smtp.TAKE
    desk.open(desk.report("silent@example.org"))
    until("the server has a mail and says nothing", lambda: server.silent_ones == 1)
    begin = time.monotonic()
    check(office.stop() == 0, "an orderly stop although it owes an answer", time.monotonic() - begin)
    check(len(waiting()) == 1, "the mail waits", waiting())
    office.start()
    begin = time.monotonic()
    until("after a start it is tried again", lambda: server.silent_ones == 2)
    said = office.run("doctor", "--dir", office.dir).stdout
    check(f"{sent} taken by the server" in said or f"{sent} 封已交付服务器" in said, "doctor does not count it as sent", said)
    until("it is given up and tried once more", lambda: len(server.mails) == seen + 3)
    check(time.monotonic() - begin >= TIMEOUT_S, "not before its time", time.monotonic() - begin)
    until("and sent", lambda: not waiting())
    copies = server.copies()[server.mails[-1].effect]
    check([c.how for c in copies] == [smtp.SILENT, smtp.SILENT, smtp.TAKE], "with three copies", [c.how for c in copies])
    check(len({c.id for c in copies}) == 1, "under one id")
    check(ended(SENT) == sent + 1, "counted once", ended(SENT))
    said = office.run("doctor", "--dir", office.dir).stdout
    check(f"{sent + 1} taken by the server" in said or f"{sent + 1} 封已交付服务器" in said, "doctor counts it", said)


def main():
    server = smtp.Smtp()
    office.init()
    smtp.set_mail(office.dir, server.port)
    office.start()
    for args in (("add", "--name", "desk", "--post", "intake:DESK"), ("password", "desk")):
        done = office.run("user", *args, "--dir", office.dir, text_in=PASSWORD + "\n")
        check(done.returncode == 0, "an account for the desk", done.stdout)
    desk = Desk(office, PASSWORD)
    around_the_confirmation(desk, server)
    without_an_answer(desk, server)
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as f:
        check("example.org" not in f.read(), "the log has no address")
    check(office.stop() == 0, "an orderly stop")
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
