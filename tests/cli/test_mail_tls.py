#!/usr/bin/python3
"""Mail to a server that encrypts and wants to know who brings it: STARTTLS and smtps, PLAIN and LOGIN, against Debian's Exim
with a certificate of an authority that the test makes. Nothing is said, neither address nor password, to a server whose
certificate is another's, of nobody who is believed, or over, nor to one that does not encrypt; a wrong password is no refusal
of a mail, which waits. No password and no address stands in the log. usage: test_mail_tls.py PATH-OF-liren. Skipped
where there is no Exim or no root to run it."""
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time

from mta import EXIM, METHODS, Authority, Desk, Mta
from outside import Checks, Program

if not os.path.exists(EXIM):
    print("SKIP: there is no exim4 (Debian's exim4-daemon-light)")
    sys.exit(77)
if os.geteuid() != 0:
    print("SKIP: Exim of Debian keeps its queue only as root")
    sys.exit(77)

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-mailtls-")
os.chmod(HOME, 0o755)
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
WAIT_S = 60
PASSWORD, USER, WORD = "a password of the desk", "liren-sender", "Wort-4711-geheim"
office = Program([os.path.abspath(sys.argv[1])], HOME)
nothing = threading.Event()  # never set: a wait that ends by its time


def rows(sql):
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True, timeout=10) as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def sent():
    return dict(rows("SELECT how, effects FROM outbox_ended WHERE channel = 3")).get(1, 0)


def waiting():
    return rows("SELECT count(*), sum(tries) FROM outbox WHERE state = 0 AND channel = 3")[0]


def until(what, condition):
    end = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > end:
            return check(False, what, rows("SELECT n, idx, tries, state FROM outbox"))
        nothing.wait(0.02)
    return check(True, what)


def write(name, text):
    path = os.path.join(HOME, name)
    with open(path, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
        f.write(text + "\n")
    return path


def set_mail(url, ca, word=WORD, tls="required"):
    """Serve with this server for mails from here on."""
    path = os.path.join(office.dir, "liren.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read().split("mail:")[0]
    user = f", user: {USER}, password_file: {write('word', word)}" if word else ""
    with open(path, "w", encoding="utf-8") as f:
        f.write(text + f"mail: {{server: '{url}', from: liren@mail.test, tls: '{tls}'{user}, "
                + (f"ca_file: {ca}, " if ca else "") + "url: 'https://liren.test/portal'}\n")


def serve_with(*args, **more):
    if office.process:
        office.stop()
    set_mail(*args, **more)
    office.start()


def doctor():
    return office.run("doctor", "--dir", office.dir).stdout


def goes(desk, mta, url, ca, what, word=WORD):
    """One mail more, taken once, by who signed in over TLS."""
    before, to = sent(), f"{what.replace(' ', '-').lower()}@example.org"
    serve_with(url, ca, word=word)
    desk.open(desk.report(to))
    until(f"{what}: a mail is sent", lambda: sent() == before + 1)
    found = [m for _, m in mta.mails() if m["To"] == to]
    check(len(found) == 1, f"{what}: the server has it once", len(found))
    lines = [line for line in mta.log().split("\n") if " <= liren@mail.test" in line]
    check(lines and all("X=TLS1." in line for line in lines), f"{what}: over TLS", mta.log())
    if word:
        check(all(f"A=one:{USER}" in line for line in lines), f"{what}: by who signed in", lines)
    said = doctor()
    check(f"ok    the mail server {url}" in said or f"邮件服务器 {url} 可以连接" in said, f"{what}: doctor reaches it", said)


def does_not_go(desk, mta, url, ca, what, word=WORD):
    """It waits and is tried again; the server has heard nothing of it."""
    before, held = sent(), len(mta.ids())
    serve_with(url, ca, word=word)
    tries = waiting()[1] or 0
    desk.open(desk.report("held-back@example.org"))
    until(f"{what}: it is tried, and waits", lambda: waiting()[0] > 0 and (waiting()[1] or 0) > tries)
    check(sent() == before and len(mta.ids()) == held, f"{what}: none is sent", sent(), before)
    check("held-back" not in mta.log(), f"{what}: the server hears of no recipient", mta.log())
    said = doctor()
    check(f"warn  " in said and url in said, f"{what}: doctor says so", said)
    check(WORD not in said, f"{what}: without the password", said)


def server(name, authority, host="localhost", days=2, **more):
    mta = Mta(os.path.join(HOME, name), tls=True, **more)
    mta.certify(authority, host, days)
    return mta


def what_goes(desk, ours):
    for method in METHODS:
        for on_connect in (False, True):
            mta = server(f"{method}-{on_connect}", ours, on_connect=on_connect, method=method, user=USER, password=WORD)
            scheme = "smtps" if on_connect else "smtp"
            goes(desk, mta, f"{scheme}://localhost:{mta.port}", ours.pem, f"{scheme} {method}")
            mta.down()


def what_does_not(desk, ours, others):
    good = {"user": USER, "password": WORD}
    for scheme in ("smtp", "smtps"):
        on = {"on_connect": scheme == "smtps", **good}
        for what, mta in (("a certificate of another host", server(f"{scheme}-host", ours, host="elsewhere.test", **on)),
                          ("an authority that nobody believes", server(f"{scheme}-other", others, **on)),
                          ("a certificate that is over", server(f"{scheme}-over", ours, days=-1, **on))):
            does_not_go(desk, mta, f"{scheme}://localhost:{mta.port}", ours.pem, f"{scheme}, {what}")
            check("AUTH" not in mta.log() and "A=one" not in mta.log(), f"{scheme}, {what}: nobody signs in", mta.log())
            mta.down()
    mta = server("system", ours, **good)
    does_not_go(desk, mta, f"smtp://localhost:{mta.port}", None, "an authority that the system does not know")
    mta.down()
    mta = Mta(os.path.join(HOME, "plain"))
    does_not_go(desk, mta, f"smtp://localhost:{mta.port}", ours.pem, "a server that does not encrypt", word=None)
    mta.down()
    mta = server("who", ours, **good)
    does_not_go(desk, mta, f"smtp://localhost:{mta.port}", ours.pem, "a wrong password", word="not-" + WORD)
    check("authenticator failed" in mta.log(), "a wrong password: the server says so", mta.log())
    return mta


def what_waited_goes(mta, ours):
    """With the right password all of it goes, each once."""
    count, before = waiting()[0], sent()
    serve_with(f"smtp://localhost:{mta.port}", ours.pem)
    until("what waited is sent", lambda: waiting()[0] == 0)
    check(sent() == before + count and len(mta.ids()) == count, "each once", sent(), before, count, len(mta.ids()))
    check(len({m["Message-ID"] for _, m in mta.mails()}) == count, "each with its own id")


def main():
    ours, others = Authority(HOME, "ours"), Authority(HOME, "others")
    office.init()
    office.start()
    path = write("password", PASSWORD)
    for args in (("add", "--name", "desk", "--post", "intake:DESK"), ("password", "desk", "--password-file", path)):
        done = office.run("user", *args, "--dir", office.dir)
        check(done.returncode == 0, "an account for the desk", done.stdout)
    desk = Desk(office, PASSWORD)
    what_goes(desk, ours)
    what_waited_goes(what_does_not(desk, ours, others), ours)
    with open(os.path.join(HOME, "server.log"), encoding="utf-8") as f:
        log = f.read()
    check("event=mail" in log, "the log tells of mails", log[-600:])
    check(not any(word in log for word in ("example.org", WORD, USER, "MARKED", "localhost:")),
          "and neither of an address nor of a password", log[-600:])
    check(office.stop() == 0, "an orderly stop")
    shutil.rmtree(HOME)
    sys.exit(check.end())


main()
