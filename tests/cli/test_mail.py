#!/usr/bin/python3
"""Mail from outside: a serving office and a real mail server, Debian's Exim, which takes mail on a port of this machine and
keeps it in its queue. What arrives, how often, and what does not; with the server away, silent, refusing, and the office
killed while mails are under way. usage: test_mail.py PATH-OF-liren. Skipped where there is no Exim or no root to run it."""
import os
import re
import secrets
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

from mta import EXIM, Desk, Mta
from outside import Checks, Program

if not os.path.exists(EXIM):
    print("SKIP: there is no exim4 (Debian's exim4-daemon-light)")
    sys.exit(77)
if os.geteuid() != 0:
    print("SKIP: Exim of Debian keeps its queue only as root")
    sys.exit(77)

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-mail-")
os.chmod(HOME, 0o755)
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
WAIT_S = 60
KILLS = 6
PASSWORD = "a password of the desk"
office = Program([os.path.abspath(sys.argv[1])], HOME)

def rows(sql):
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True, timeout=10) as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def waiting(channel=3):
    return rows(f"SELECT count(*) FROM outbox WHERE state = 0 AND channel = {channel}")[0][0]


def ended(how):
    return dict(rows("SELECT how, effects FROM outbox_ended WHERE channel = 3")).get(how, 0)


SENT, UNREACHABLE, ERASED, REFUSED = 1, 2, 3, 4


def until(what, condition):
    end = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > end:
            return check(False, what, rows("SELECT n, idx, tries, state FROM outbox"))
        select_nothing.wait(0.02)
    return check(True, what)


select_nothing = threading.Event()  # never set: a wait that ends by its time


def set_mail(port):
    with open(os.path.join(office.dir, "liren.yaml"), encoding="utf-8") as f:
        text = f.read().split("mail:")[0]
    with open(os.path.join(office.dir, "liren.yaml"), "w", encoding="utf-8") as f:
        f.write(text + f"mail: {{server: 'smtp://127.0.0.1:{port}', from: liren@mail.test, tls: 'off', "
                "url: 'https://liren.test/portal'}\n")


def what_arrives(desk, mta):
    made = desk.report("Li.Si@example.org")
    desk.open(made)
    until("a mail is sent", lambda: ended(SENT) == 1)
    (raw, mail), = mta.mails()
    check(mail["To"] == "Li.Si@example.org" and mail["From"] == "liren@mail.test", "to whom and from whom", raw)
    check(made["number"] in mail["Subject"] and "事项" in mail["Subject"], "the subject has the number", mail["Subject"])
    text = mail.get_content()
    for part in (made["number"], "已立案", "opened", "https://liren.test/portal"):
        check(part in text, f"the text says {part}" if part != made["number"] else "the text says the number", text)
    check(made["secret"] not in text and "MARKED" not in text and "路灯" not in text, "no secret and no words of the report", text)
    check(mail["Auto-Submitted"] == "auto-generated" and mail["Date"] is not None, "a program's mail, dated", raw)
    check(re.fullmatch(rb"<liren\.\d+\.0\.[0-9a-f]{16}@mail\.test>", mail["Message-ID"].encode()), "its id", mail["Message-ID"])
    check(all(len(line) <= 998 for line in raw.split(b"\n")), "lines within RFC 5322")
    desk.open(desk.report("13800000000"))
    until("a telephone number is no address: counted", lambda: ended(UNREACHABLE) == 1)
    desk.open(desk.report("refused@example.org"))
    until("a recipient that the server refuses: counted, not tried again", lambda: ended(REFUSED) == 1)
    desk.open(desk.report("after@example.org"))
    until("and the next goes", lambda: ended(SENT) == 2)
    desk.open(desk.report("drill@example.org", drill="yes"))
    until("a drill's mail goes", lambda: ended(SENT) == 3)
    drill = [m for _, m in mta.mails() if m["To"] == "drill@example.org"]
    check(len(drill) == 1 and "演练" in drill[0]["Subject"] and "演练" in drill[0].get_content(), "and says that it is one")
    said = office.run("doctor", "--dir", office.dir).stdout
    check("3 taken by the server, 1 without an address" in said or "3 封已交付服务器，1 项没有邮箱" in said, "doctor counts", said)
    check(f"smtp://127.0.0.1:{mta.port}" in said, "doctor names the server", said)
    check(len(mta.mails()) == 3, "and sends none")


def while_it_is_away(desk, mta):
    """Erased before it could be sent; nothing else waits for the server."""
    before = ended(SENT)
    mta.down()
    gone, kept = desk.report("gone@example.org"), desk.report("kept@example.org")
    desk.open(gone)
    desk.open(kept)
    check(waiting() == 2, "mails wait for a server that is away", waiting())
    said = office.run("doctor", "--dir", office.dir).stdout
    check(re.search(r"warn  .*smtp://127\.0\.0\.1", said), "doctor says that it is away", said)
    status, _ = desk.post(f"/api/v1/cases/{gone['id']}/commands", {"command": "withdraw"})
    check(status == 201, "withdrawn", status)
    status, said = office.client().erase(gone["id"], gone["secret"], secrets.token_hex(16))
    check(status in (200, 201), "its reporter erases it", status, said)
    until("its key goes although mails wait", lambda: waiting(1) == 0)
    mta.silent = True
    mta.up()
    until("the office tries again", lambda: len(mta.held) > 0)
    begin = time.monotonic()
    desk.report("quick@example.org")
    check(time.monotonic() - begin < 5, "no command waits for a silent server")
    for there in mta.held:
        there.close()
    mta.silent = False
    until("what waited is sent", lambda: ended(SENT) >= before + 1 and waiting() == 0)
    to = [m["To"] for _, m in mta.mails()]
    check("kept@example.org" in to, "to who is still there", to)
    check("gone@example.org" not in to and ended(ERASED) >= 1, "not to who is erased: counted", to)


def while_it_is_killed(mta):
    """Killed between the server's 250 and the COMMIT, each time: one more copy a kill, under the same id, and none of a
    mail that was recorded before."""
    desk, total, kills, taken = Desk(office, PASSWORD), 24, [], [0]
    mta.down()
    for i in range(total):
        desk.open(desk.report(f"n{i}@example.org"))
    check(waiting() == total, "all wait", waiting())

    def kill():
        taken[0] += 1
        if taken[0] % 3 == 0 and len(kills) < KILLS:
            serves.wait()  # the answer is held back until the office is all there
            serves.clear()
            office.process.send_signal(signal.SIGKILL)
            office.process.wait()
            kills.append(taken[0])

    serves = threading.Event()
    serves.set()
    mta.on_taken = kill
    mta.up()
    before = ended(SENT)
    while len(kills) < KILLS:
        at = len(kills)
        until("it is killed while a mail is under way", lambda: len(kills) > at)
        office.process.stdout.close()
        office.start()
        serves.set()
    until("all are sent in the end", lambda: waiting() == 0)
    counts = {}
    for _, mail in mta.mails():
        if re.fullmatch(r"n\d+@example\.org", mail["To"]):
            counts.setdefault(mail["To"], []).append(mail["Message-ID"])
    copies = sum(len(v) for v in counts.values())
    check(len(counts) == total, "nobody is left out", sorted(counts))
    check(copies == total + KILLS, "one copy more for each kill between 250 and COMMIT", copies)
    check(all(len(set(v)) == 1 for v in counts.values()), "copies have one id", counts)
    check(len({v[0] for v in counts.values()}) == total, "and each mail its own")
    check(ended(SENT) == before + total, "each is counted once", ended(SENT), before)
    print(f"{total} mails, {len(kills)} kills between 250 and COMMIT: {copies} copies at the server", flush=True)


def tries_told():
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as f:
        return len(re.findall(r"event=mail entry=\d+ index=\d+ tries=", f.read()))


def while_the_server_is_killed(mta):
    """Exim killed before the end of a mail came to it, as soon as it came, and between its 250 and us. Who has no 250 is tried
    again, under the same id; who has one never."""
    desk, total, ends, taken, lost = Desk(office, PASSWORD), 16, [0], [0], []
    before, told_before, mta.on_taken = ended(SENT), tries_told(), None

    def at_the_end(exim, got):
        ends[0] += 1
        if ends[0] % 5 == 2:
            exim.kill()
            lost.append("before")
            return
        exim.stdin.write(got)
        exim.stdin.flush()
        if ends[0] % 5 == 4:
            exim.kill()  # it may have kept the mail, and even said so
            lost.append("after")

    def at_the_answer():
        taken[0] += 1
        if taken[0] % 5 == 0:
            lost.append("answer")
            return True
        return False

    mta.on_end, mta.on_taken = at_the_end, at_the_answer
    for i in range(total):
        desk.open(desk.report(f"d{i}@example.org"))
    until("all are sent although the server is killed", lambda: waiting() == 0)
    mta.on_end = mta.on_taken = None
    counts = {}
    for _, mail in mta.mails():
        if re.fullmatch(r"d\d+@example\.org", mail["To"]):
            counts.setdefault(mail["To"], []).append(mail["Message-ID"])
    copies = sum(len(v) for v in counts.values())
    kept = lost.count("answer")  # of these it has a copy for certain, of those it was killed over perhaps
    check(len(counts) == total, "nobody is left out", sorted(counts))
    check(total + kept <= copies <= total + kept + lost.count("after"), "one copy more for each mail that it kept and did not confirm",
          copies, lost)
    check(all(len(set(v)) == 1 for v in counts.values()), "copies have one id", counts)
    check(ended(SENT) == before + total, "each is counted once", ended(SENT), before)
    told = tries_told() - told_before
    check(told >= len(lost) > 5, "the log tells each try", told, lost)
    print(f"{total} mails, the server killed or its answer lost {len(lost)} times: {copies} copies at the server", flush=True)


def main():
    mta = Mta(os.path.join(HOME, "mta"))
    office.init()
    set_mail(mta.port)
    office.start()
    path = os.path.join(HOME, "password")
    with open(path, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write(PASSWORD + "\n")
    for args in (("add", "--name", "desk", "--post", "intake:DESK"), ("password", "desk", "--password-file", path)):
        done = office.run("user", *args, "--dir", office.dir)
        check(done.returncode == 0, "an account for the desk", done.stdout)
    desk = Desk(office, PASSWORD)
    what_arrives(desk, mta)
    while_it_is_away(desk, mta)
    while_it_is_killed(mta)
    while_the_server_is_killed(mta)
    columns = rows("SELECT group_concat(name || type, ' ') FROM pragma_table_info('outbox')")[0][0]
    check("TEXT" not in columns and "BLOB" not in columns, "the outbox has room for numbers only", columns)
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as f:
        log = f.read()
    check("example.org" not in log and "event=mail" in log, "the log tells mails and no address", log[-600:])
    check(office.stop() == 0, "an orderly stop")
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
