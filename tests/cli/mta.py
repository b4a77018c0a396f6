"""Debian's Exim as a mail server for tests: each connection to a port of this machine is one Exim, which keeps what it takes
in its queue. Plain, it is spoken to through pipes, so that the test hears its answers; with TLS it has the socket itself,
a certificate of a throw-away authority, and takes mail from whoever signed in alone. Needs exim4, openssl and root."""
import email
import email.policy
import json
import os
import secrets
import socket
import subprocess
import threading

EXIM = "/usr/sbin/exim4"

CONFIG = """\
spool_directory = {dir}/spool
log_file_path = {dir}/%slog
primary_hostname = mail.test
queue_only = true
host_lookup =
keep_environment =
acl_smtp_rcpt = rcpt
{tls}begin acl
rcpt:
  deny local_parts = refused
{acl}  accept
{authenticators}"""

TLS = """\
tls_advertise_hosts = *
tls_certificate = {dir}/server.pem
tls_privatekey = {dir}/server.key
"""

SIGNED_IN = """\
  deny !authenticated = *
"""

AUTHENTICATORS = """\
begin authenticators
one:
  driver = plaintext
  public_name = {method}
  server_advertise_condition = ${{if def:tls_in_cipher}}
  server_prompts = {prompts}
  server_condition = ${{if and{{{{eq{{{name}}}{{{user}}}}}{{eq{{{word}}}{{{password}}}}}}}}}
  server_set_id = {user}
"""
METHODS = {"PLAIN": (":", "$auth2", "$auth3"), "LOGIN": ("<| Username: | Password:", "$auth1", "$auth2")}


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Authority:
    """A throw-away one, and certificates of servers signed by it."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.pem, self.key = (os.path.join(folder, f"{name}.{end}") for end in ("pem", "key"))
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.pem)

    def sign(self, host, pem, key, days=2):
        """A certificate for a host; days -1: it was over yesterday."""
        request = pem + ".request"
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={host}",
                "-addext", f"subjectAltName=DNS:{host}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.pem, "-CAkey", self.key, "-CAcreateserial", "-days", str(days),
                "-copy_extensions", "copy", "-out", pem)
        for path in (pem, key):
            os.chmod(path, 0o644)


class Mta:
    """It can be away (refuses connections), silent (takes them and says nothing), and, plain, call somebody between the
    end of a mail and its way to Exim (on_end), and between the answer to a mail and that answer's way back (on_taken); these
    may kill the Exim, and where on_taken says so the answer is lost."""

    def __init__(self, folder, tls=False, on_connect=False, method="PLAIN", user="", password=""):
        self.dir, self.tls, self.on_connect = folder, tls, on_connect
        os.makedirs(os.path.join(self.dir, "spool"))
        for path in (self.dir, os.path.join(self.dir, "spool")):
            os.chmod(path, 0o777)
        self.config = os.path.join(self.dir, "config")
        prompts, name, word = METHODS[method]
        with open(self.config, "w", encoding="ascii") as f:
            f.write(CONFIG.format(
                dir=self.dir, tls=TLS.format(dir=self.dir) if tls else "tls_advertise_hosts =\n",
                acl=SIGNED_IN if user else "", authenticators=AUTHENTICATORS.format(
                    method=method, prompts=prompts, name=name, word=word, user=user, password=password) if user else ""))
        os.chmod(self.config, 0o644)
        self.port, self.listener, self.silent, self.on_taken, self.held = 0, None, False, None, []
        self.on_end = None
        self.open, self.calls = [], 0  # connections that may be; how many there were
        self.up()

    def certify(self, authority, host, days=2):
        authority.sign(host, os.path.join(self.dir, "server.pem"), os.path.join(self.dir, "server.key"), days)

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=[self.listener], daemon=True).start()

    def down(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for there in self.open:
            try:
                there.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def accept(self, listener):
        while True:
            try:
                there, _ = listener.accept()
            except OSError:
                return
            self.calls += 1
            if self.silent:
                self.held.append(there)
                continue
            self.open.append(there)
            if self.tls:
                threading.Thread(target=self.to_itself, args=[there], daemon=True).start()
                continue
            exim = subprocess.Popen([EXIM, "-C", self.config, "-bs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL)
            threading.Thread(target=self.to_exim, args=[there, exim], daemon=True).start()
            threading.Thread(target=self.from_exim, args=[there, exim], daemon=True).start()

    def to_itself(self, there):
        """As inetd does it: what is encrypted nobody stands between."""
        subprocess.run([EXIM, "-C", self.config, "-bs", *(["-tls-on-connect"] if self.on_connect else [])], stdin=there,
                       stdout=there, stderr=subprocess.DEVNULL, check=False)
        there.close()

    def to_exim(self, there, exim):
        try:
            tail = b""
            while got := there.recv(65536):
                tail = (tail + got)[-5:]
                if self.on_end and tail == b"\r\n.\r\n":
                    self.on_end(exim, got)
                    continue
                exim.stdin.write(got)
                exim.stdin.flush()
        except OSError:
            pass
        try:
            exim.stdin.close()
        except OSError:
            pass  # it was killed

    def from_exim(self, there, exim):
        while got := os.read(exim.stdout.fileno(), 65536):
            if b"OK id=" in got and self.on_taken and self.on_taken():
                break
            try:
                there.sendall(got)
            except OSError:
                pass
        try:
            there.shutdown(socket.SHUT_RDWR)  # the other thread still has it
        except OSError:
            pass
        there.close()
        exim.wait()

    def ids(self):
        found = os.path.join(self.dir, "spool", "input")
        return sorted(n[:-2] for n in os.listdir(found) if n.endswith("-H")) if os.path.isdir(found) else []

    def mails(self):
        """What the server holds."""
        out = []
        for n in self.ids():
            raw = subprocess.run([EXIM, "-C", self.config, "-Mvc", n], stdout=subprocess.PIPE, check=True).stdout
            out.append((raw, email.message_from_bytes(raw, policy=email.policy.SMTP)))
        return out

    def log(self):
        path = os.path.join(self.dir, "mainlog")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as f:
            return f.read()


class Desk:
    """Somebody at the desk, signed in."""

    def __init__(self, office, password):
        self.office, self.password = office, password
        self.sign_in()

    def sign_in(self):
        http = self.office.client().http
        http.request("POST", "/api/v1/session", json.dumps({"name": "desk", "password": self.password}),
                     {"Content-Type": "application/json"})
        answer = http.getresponse()
        session = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(f"nobody signs in: {session}")
        self.head = {"Cookie": answer.getheader("Set-Cookie").split(";")[0], "X-CSRF-Token": session["csrf"]}

    def post(self, path, body):
        return self.office.client().call("POST", path, body, secrets.token_hex(16), self.head)

    def report(self, contact, **more):
        fields = {"place": "0", "text": "MARKED 巷子里的路灯不亮", "channel": "phone", "has_reporter": "yes", "drill": "no",
                  "contact": contact, **more}
        status, made = self.post("/api/v1/cases", {
            "type": "resident-request", "for_someone": True, "at": {"lat": 225300000, "lon": 1139300000},
            "fields": [{"field": k, "value": v} for k, v in fields.items()]})
        if status != 201:
            raise SystemExit(f"no report is taken: {status} {made}")
        return made

    def open(self, made):
        status, done = self.post(f"/api/v1/cases/{made['id']}/commands",
                                 {"command": "open", "fields": [{"field": "category", "value": "0102"}]})
        if status != 201:
            raise SystemExit(f"the case is not opened: {status} {done}")
