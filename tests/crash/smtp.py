"""A mail server that does around its own confirmation what a test says: takes a mail, or goes away right before its 250, in
the middle of it, right behind it. It remembers each mail that came whole, as often as it came, and whether its 250 was
given away. One thread a connection. Python's standard library only."""
import email
import email.policy
import os
import re
import socket
import struct
import threading

TAKE = "take"      # 250, and on
BEFORE = "before"  # closes where the 250 should come
HALF = "half"      # closes within it
AFTER = "after"    # 250, and closes
RESET = "reset"    # 250, and resets the connection: it may be lost on its way
SILENT = "silent"  # says nothing more, and stays
LATER = "later"    # 451
REFUSE = "refuse"  # 554
CONFIRMED = (TAKE, AFTER)


class Mail:
    """One copy of a mail. effect: (entry, index), of which its id is made."""

    def __init__(self, raw, number):
        self.raw, self.mail = raw, email.message_from_bytes(raw, policy=email.policy.SMTP)
        self.id, self.to, self.number, self.how = self.mail["Message-ID"], self.mail["To"], number, None
        found = re.match(r"<liren\.(\d+)\.(\d+)\.", self.id)
        self.effect = (int(found[1]), int(found[2]))


class Smtp:
    """decide(mail): what happens to it; asked in the thread of its connection."""

    def __init__(self, decide=lambda mail: TAKE):
        self.decide, self.mails, self.guard, self.open, self.threads = decide, [], threading.Lock(), [], []
        self.silent_ones, self.listener = 0, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def drop(self, meanwhile=lambda: None):
        """End every connection that there is; afterwards what became of each mail is final."""
        with self.guard:
            there, threads, self.open, self.threads = self.open, self.threads, [], []
        for one in there:
            self.end(one)
        meanwhile()
        for one in threads:
            one.join()

    @staticmethod
    def end(there):
        try:
            there.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def accept(self):
        while True:
            there, _ = self.listener.accept()
            one = threading.Thread(target=self.speak, args=[there], daemon=True)
            with self.guard:
                self.open.append(there)
                self.threads.append(one)
            one.start()

    def speak(self, there):
        try:
            self.session(there, there.makefile("rb"))
        except OSError:
            pass
        there.close()

    def session(self, there, lines):
        there.sendall(b"220 mail.test ESMTP\r\n")
        while line := lines.readline():
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                there.sendall(b"250-mail.test\r\n250 8BITMIME\r\n")
            elif verb == b"DATA":
                there.sendall(b"354 go on\r\n")
                raw = self.data(lines)
                if raw is None or not self.answer(there, raw):
                    return
            elif verb == b"QUIT":
                there.sendall(b"221 bye\r\n")
                return
            else:
                there.sendall(b"250 OK\r\n")

    @staticmethod
    def data(lines):
        """None: it did not come whole."""
        raw = b""
        while line := lines.readline():
            if line == b".\r\n":
                return raw
            raw += line[1:] if line.startswith(b".") else line
        return None

    def answer(self, there, raw):
        """False: the connection is over."""
        with self.guard:
            mail = Mail(raw, len(self.mails))
            self.mails.append(mail)
        how = self.decide(mail)
        if how == SILENT:
            self.silent_ones += 1
            while there.recv(4096):
                pass
        elif how == HALF:
            there.sendall(b"25")
        elif how == LATER:
            there.sendall(b"451 not now\r\n")
        elif how == REFUSE:
            there.sendall(b"554 not this one\r\n")
        elif how != BEFORE:
            there.sendall(b"250 OK\r\n")
        mail.how = how  # None: nobody was there any more to hear it
        if how == RESET:
            there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if how in (BEFORE, HALF, AFTER):
            self.end(there)
        return how in (TAKE, LATER, REFUSE)

    def copies(self):
        """Of each effect its copies, as they came."""
        with self.guard:
            mails = list(self.mails)
        found = {}
        for mail in mails:
            found.setdefault(mail.effect, []).append(mail)
        return found


def set_mail(folder, port):
    """Into liren.yaml of this data folder."""
    path = os.path.join(folder, "liren.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read().split("mail:")[0]
    with open(path, "w", encoding="utf-8") as f:
        f.write(text + f"mail: {{server: 'smtp://127.0.0.1:{port}', from: liren@mail.test, tls: 'off', "
                "url: 'https://liren.test/portal'}\n")
