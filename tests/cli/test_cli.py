#!/usr/bin/python3
"""The commands from outside: an office is made, served, backed up, erased from, restored and looked at. Proofs are
recomputed with hashlib, keys unwrapped with libsodium, files searched byte by byte. usage: test_cli.py PATH-OF-liren"""
import base64
import ctypes
import ctypes.util
import datetime
import hashlib
import json
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

from outside import Checks, Program, bars_are_well, commitment, new_key, on_a_terminal, sha256

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-cli-")
LIREN = os.path.abspath(sys.argv[1])
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
TEXT = "张三 lives behind the blue door, 138-0013-8000"
OTHER = "the lamp at the gate is out"

sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
office = Program([LIREN], HOME)
KEYS, COPY = office.dir + ".keys", office.dir + ".keys/keys-copy.db"


def at(*names):
    return os.path.join(HOME, *names)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def liren(*args, code=0, says=None, what=None):
    done = office.run(*args)
    check(done.returncode == code, f"{what or ' '.join(args[:2])} ends with {code}", done.returncode, done.stdout)
    if says is not None:
        check(says in done.stdout, f"{what or ' '.join(args[:2])} says: {says}", done.stdout)
    return done.stdout


def rows(path, select):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return db.execute(select).fetchall()


def holders(needle, *folders):
    """The files below the folders that hold these bytes."""
    found = []
    for folder in folders:
        for where, _, names in os.walk(folder):
            files = (os.path.join(where, n) for n in names)
            found += [f for f in files if os.path.isfile(f) and needle in read(f)]
    return found


def data_key(journal, n):
    """(number, wrapped, unwrapped) of the data key of line n, with the community key of the office."""
    number = rows(journal, f"SELECT key_id FROM line WHERE n = {n}")[0][0]
    wrapped = rows(office.dir + "/keys.db", f"SELECT wrapped FROM data_key WHERE id = {number}")[0][0]
    key = ctypes.create_string_buffer(32)
    aad = b"liren-key-1" + struct.pack(">Q", number)
    status = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        key, None, None, wrapped[24:], ctypes.c_ulonglong(48), aad, ctypes.c_ulonglong(len(aad)), wrapped[:24],
        bytes.fromhex(read(KEYS + "/community.key").decode()))
    check(status == 0, "a data key opens under the community key as formats/journal.md says")
    return number, wrapped, key.raw


def root_of(entry, salt, index, size, path):
    """RFC 9162 section 2.1.3.2."""
    node, last, h = index, size - 1, sha256(b"\0", commitment(entry, salt))
    for p in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            h = sha256(b"\1", p, h)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            h = sha256(b"\1", h, p)
        node, last = node >> 1, last >> 1
    return h if last == 0 else None


def keys_beside(name):
    """Copies of the key files and of the key copy, as for a trial."""
    shutil.copytree(KEYS, at(name))
    return ["--keys", at(name), "--key-copy", at(name, "keys-copy.db")]


def covered(client, n):
    """The proof of entry n, once a checkpoint covers it: the server signs within a second."""
    while True:
        status, proof = client.call("GET", f"/api/v1/proofs/{n}")
        if status != 409:
            return proof


def words():
    liren("init", "--dir", office.dir, "--community", "440305002005", says="Made")
    liren("init", "--dir", office.dir, code=2, says="not overwritten", what="init of a store that is there")
    liren("version", says="liren 0.")
    check("doctor" in liren("help"), "help lists the commands")
    liren("mend", code=2, what="an unknown command")
    liren("journal", code=2, what="journal without a verb")
    liren("journal", "show", "x", code=2, what="a number that is none")
    liren("journal", "verify", "--dir", at("nowhere"), code=2, says="There is no store")
    liren("erase", "1", "--dir", office.dir, code=2, says="There is no entry 1", what="erasing what is no record")


def receipts(client, line, proof):
    """One made here from two answers, checked by the program; one made by the program, checked here."""
    path = at("receipt.json")

    def verify(change=None, code=0, says=None, what="receipt verify", args=()):
        receipt = {"format": "liren-receipt-1", "key": key, "n": line["n"], "entry": line["entry"], "salt": line["salt"],
                   "values": line["values"], "proof": proof["proof"], "checkpoint": proof["checkpoint"],
                   "secret": line["secret"], **(change or {})}
        with open(path, "w", encoding="utf-8") as f:
            json.dump(receipt, f)
        return liren("receipt", "verify", path, *args, code=code, says=says, what=what)

    key = client.call("GET", "/log/key")[1].decode().strip()
    check(verify(says="The receipt holds").count("holds  ") == 5, "all five steps hold")
    verify(args=("--key", key), says="is the one that was given")
    with open(at("wall.txt"), "w", encoding="utf-8") as f:
        f.write(key + "\n")
    verify(args=("--key", at("wall.txt")), says="is the one that was given")
    value = line["values"]["text"]
    verify({"values": {"text": {**value, "text": value["text"] + "!"}}}, 1, "The text of text is not", "another text")
    verify({"entry": line["entry"].replace("reporter", "reporteR")}, 1, "does not hold this entry", "another entry")
    verify({"checkpoint": proof["checkpoint"].replace("liren/44", "liren/45", 1)}, 1, "not signed by this key", "another note")
    verify({"proof": proof["proof"][:-1]}, 1, "does not hold this entry", "a shorter proof")
    verify({"n": line["n"] + 1}, 1, what="another number")
    verify({"more": 1}, 2, "more", "a member too many")
    verify({"salt": ""}, 2, "salt", "a salt too short")
    check(".json:1" in liren("receipt", "verify", at("wall.txt"), code=2).replace("wall.txt:1", ".json:1"),
          "what is no JSON is named with its line")
    liren("receipt", "verify", at("none.json"), code=2, says="cannot be read")
    made = json.loads(liren("journal", "prove", str(line["n"]), "--dir", office.dir))
    size, root = int(made["checkpoint"].split("\n")[1]), base64.b64decode(made["checkpoint"].split("\n")[2])
    got = root_of(made["entry"], made["salt"], made["n"] - 1, size, [base64.b64decode(p) for p in made["proof"]])
    check(got == root and made["entry"] == line["entry"], "journal prove gives a path to the signed root")
    check("values" not in made and "secret" not in made, "journal prove opens nothing")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(made, f)
    liren("receipt", "verify", path, says="The receipt holds", what="receipt verify of what journal prove gave")


def looking(line):
    dir_ = ("--dir", office.dir)
    liren("journal", "verify", *dir_, says="The journal is sound")
    liren("journal", "rebuild", *dir_, says="all equal")
    shown = liren("journal", "show", str(line["n"]), *dir_, says=f"sealed, {len(TEXT.encode())} bytes")
    check(TEXT not in shown and "+08:00" in shown and "line.written" in shown, "journal show keeps texts sealed", shown)
    check(liren("journal", "show", str(line["n"]), "--json", *dir_).strip() == line["entry"], "--json gives the bytes hashed")
    check(liren("journal", "show", "1", "--to", "900", *dir_).count("actor:") >= 3, "journal show goes on to the last")
    liren("journal", "show", "900", *dir_, code=2, says="There is no entry 900")
    check("FAIL" not in liren("doctor", "--deep", *dir_, says="an office is serving it"), "a running office is well")
    check(not [n for n in os.listdir(office.dir) if n.startswith("rebuild-")], "rebuild leaves nothing behind")


def attachment(folder, content):
    """A file as the store names it; its path."""
    name = hashlib.sha256(content).hexdigest()
    os.makedirs(f"{folder}/attachments/{name[:2]}", exist_ok=True)
    with open(path := f"{folder}/attachments/{name[:2]}/{name[2:]}", "wb") as f:
        f.write(content)
    return path


def bars(*args):
    """On a terminal; elsewhere nothing is said of it."""
    what = " ".join(args[:2]) if args[0] == "journal" else args[0]
    code, _, said = on_a_terminal(LIREN, *args)
    check(code == 0, f"{' '.join(args[:2])} ends well on a terminal", code, said)
    return bars_are_well(check, what, said)


def progress():
    photo = attachment(office.dir, b"\1" * 3000000)
    shown = bars("backup", at("shown"), "--dir", office.dir)
    check(len(shown) > 3 and any(0 < done < total for _, done, total in shown), "a backup goes on file by file", shown)
    os.remove(photo)
    done = subprocess.run([LIREN, "backup", at("quiet"), "--dir", office.dir], capture_output=True, text=True, timeout=120)
    check(done.returncode == 0 and "\r" not in done.stdout + done.stderr and not done.stderr, "no bar where nobody looks", done)
    for folder in ("shown", "quiet"):
        shutil.rmtree(at(folder))


def backup_holds_no_keys(folder):
    manifest = json.loads(read(folder + "/manifest.json"))
    for f in manifest["files"]:
        raw = read(os.path.join(folder, f["path"]))
        check(hashlib.sha256(raw).hexdigest() == f["sha256"] and len(raw) == f["bytes"], "the manifest tells each file")
    etc = {os.path.relpath(os.path.join(where, name), office.dir)
           for where, _, names in os.walk(office.dir + "/etc") for name in names}
    check("etc/roles.yaml" in etc and
          {f["path"] for f in manifest["files"]} == {"journal.db", "liren.yaml", "attachments/a/photo"} | etc,
          "a backup has journal, settings, attachments and what the community edits", manifest)
    secret = [read(f"{KEYS}/{n}.key").strip() for n in ("community", "signing")]
    secret += [bytes.fromhex(s.decode()) for s in secret]
    secret += [w for (w,) in rows(office.dir + "/keys.db", "SELECT wrapped FROM data_key")]
    everything = b"".join(read(os.path.join(folder, f["path"])) for f in manifest["files"])
    check(len(secret) > 1000 and not any(s in everything for s in secret), "no key is in a backup, wrapped or not")


def nothing_left(what, key, *folders):
    for name, needle in (("text", TEXT.encode()), ("wrapped key", key[1]), ("key", key[2])):
        check(not (left := holders(needle, *folders)), f"{what}: no byte of the {name} is left", left)


def serve_and_erase():
    """Everything on the running office. Gives what later parts need."""
    os.makedirs(office.dir + "/attachments/a")
    with open(office.dir + "/attachments/a/photo", "wb") as f:
        f.write(os.urandom(100000))
    orphan = attachment(office.dir, os.urandom(500))
    left = [orphan, office.dir + "/attachments/new-left-by-a-power-cut"]
    for path in left + [office.dir + "/attachments/new-being-written"]:
        with open(path, "ab") as f:
            f.write(b"x")
    for path in left:
        os.utime(path, (0, os.path.getmtime(path) - 2 * 86400))
    office.start()
    check(office.stop(60) == 0, "the office stops in order")
    check(not any(map(os.path.exists, left)), "what no entry names is swept when the office starts")
    check(os.path.exists(office.dir + "/attachments/new-being-written"), "but not what may be being written")
    office.start()
    client = office.client()
    line, other, third = (client.write(t, new_key())[1] for t in (TEXT, OTHER, OTHER + " again"))
    proof = covered(client, third["n"])
    receipts(client, line, covered(client, line["n"]))
    looking(line)
    key = data_key(office.dir + "/journal.db", line["n"])
    check(base64.b64decode(line["secret"]) == hashlib.blake2b(b"liren-secret-1" + struct.pack(">Q", line["n"]), key=key[2],
                                                              digest_size=16).digest(), "the unwrapped key is the right one")
    check(len(holders(key[1], office.dir, KEYS)) == 2, "a data key lies wrapped in keys.db and in its copy, nowhere else")
    check(not holders(TEXT.encode(), HOME + "/store", KEYS) and not holders(key[2], office.dir, KEYS),
          "neither text nor key stands plain anywhere")
    os.remove(at("receipt.json"))  # the holder's own, with the text
    with open(at("seen-then.txt"), "w", encoding="utf-8") as f:
        f.write(proof["checkpoint"])
    liren("backup", at("backup"), "--dir", office.dir, says="no keys are in it")
    liren("backup", at("backup"), "--dir", office.dir, code=2, says="exists", what="a backup over another")
    backup_holds_no_keys(at("backup"))
    progress()
    os.symlink("/etc/hostname", office.dir + "/etc/link.yaml")
    liren("backup", at("other"), "--dir", office.dir, code=2, says="link.yaml", what="a backup with a link")
    check(not os.path.exists(at("other")), "a failed backup leaves nothing")
    os.remove(office.dir + "/etc/link.yaml")
    liren("erase", str(other["n"]), "--dir", office.dir, code=4, says="stop it", what="erasing beside the office")
    check(client.write("lost with the disk", new_key())[0] == 201, "a line is written after the backup")
    status, erased = client.erase(line["n"], line["secret"], new_key())
    check(status == 201, "the owner erases", erased)
    with open(at("seen-later.txt"), "w", encoding="utf-8") as f:
        f.write(covered(client, erased["n"])["checkpoint"])
    check(office.stop(60) == 0, "the office stops in order")
    return line, other, third, key


def erased_for_good(line, key):
    nothing_left("after erasing", key, office.dir, KEYS, at("backup"))
    liren("journal", "verify", "--dir", office.dir, says="The journal is sound", what="journal verify after erasing")
    liren("journal", "rebuild", "--dir", office.dir, says="all equal", what="journal rebuild after erasing")
    liren("journal", "show", str(line["n"]), "--dir", office.dir, says="its key is destroyed")


def erase_by_order(other):
    n = str(other["n"])
    key = data_key(office.dir + "/journal.db", other["n"])
    number = "261127-0042-X"
    liren("erase", number, "--dir", office.dir, code=2, says="There is no such case", what="erasing by a number that is none")
    liren("erase", "261127-0042-8", "--dir", office.dir, code=2, says="liren erase N", what="a number with a wrong digit")
    # the number is looked up as that of a case; the record behind it is this line
    day = (datetime.date(2026, 11, 27) - datetime.date(1970, 1, 1)).days
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("INSERT INTO case_number VALUES (?, ?)", (day << 20 | 42, other["n"]))
    db.close()
    liren("erase", number, "--dir", office.dir, says=f"Erased {n}")
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("DELETE FROM case_number")
    db.close()
    for name, needle in (("wrapped key", key[1]), ("key", key[2])):
        check(not (left := holders(needle, office.dir, KEYS)), f"erased by order: no byte of the {name} is left", left)
    liren("erase", n, "--dir", office.dir, code=2, what="erasing twice")
    shown = liren("journal", "show", "1", "--to", "99", "--dir", office.dir)
    check('reason: "order"' in shown and 'reason: "owner"' in shown, "entries say who asked for it", shown)
    check("os:" not in shown, "no account stands in the journal")
    liren("journal", "verify", "--dir", office.dir, says="The journal is sound")


def restored(line, third, key):
    """The backup from before the erasing, with copies of the keys that are left, in another place."""
    new = Program([LIREN], at("elsewhere"))
    liren("restore", at("backup"), "--dir", new.dir, *keys_beside("keys-1"), says="under a new origin")
    nothing_left("after restoring", key, new.dir, at("keys-1"), at("backup"))
    liren("journal", "verify", "--dir", new.dir, says="/2+", what="journal verify of a restored store")
    liren("journal", "rebuild", "--dir", new.dir, says="all equal", what="journal rebuild of a restored store")
    check("FAIL" not in liren("doctor", "--deep", "--dir", new.dir), "a restored store is well")
    for name in ("attachments/a/photo", "etc/calendars/cn-office.yaml"):
        check(read(f"{new.dir}/{name}") == read(f"{office.dir}/{name}"), f"{name} is restored")
    new.start()
    client = new.client()
    check(client.open(line["n"], line["secret"])[0] == 410, "a text erased since the backup stays gone")
    status, opened = client.open(third["n"], third["secret"])
    check(status == 200 and opened["values"]["text"]["text"] == OTHER + " again", "other texts open", opened)
    status, fresh = client.write("after the restore", new_key())
    check(status == 201, "a restored office writes", fresh)
    made = rows(COPY, "SELECT max(id) FROM data_key")[0][0]
    lines = rows(new.dir + "/journal.db", f"SELECT key_id FROM line WHERE n = {fresh['n']}")
    handles = set(rows(new.dir + "/keys.db", "SELECT handle, key_id FROM handle")) - set(rows(COPY, "SELECT handle, key_id FROM handle"))
    check(handles and min([k for (k,) in lines] + [k for _, k in handles]) > made, "no key made before is given out again",
          lines, handles, made)
    covered(client, fresh["n"])
    check(new.stop(60) == 0, "it stops in order")
    liren("journal", "verify", "--dir", new.dir, says="The journal is sound")


def restored_with_checkpoint():
    to = at("same")
    liren("restore", at("backup"), "--dir", to, *keys_beside("keys-2"), "--seen", at("seen-then.txt"), says="under its origin")
    liren("journal", "verify", "--dir", to, says="/1+")
    to = at("ahead")
    liren("restore", at("backup"), "--dir", to, *keys_beside("keys-3"), "--seen", at("seen-later.txt"), says="under a new origin")
    entries = [json.loads(e) for e in liren("journal", "show", "1", "--to", "99", "--json", "--dir", to).splitlines()]
    link = [e["data"]["link"] for e in entries if e["kind"] == "journal.reopened"][0].split("\n")
    seen = read(at("seen-later.txt")).decode().split("\n")
    check(link[3] == f"{seen[1]} {seen[2]}", "the link names what was seen last", link, seen)
    with open(at("seen-false.txt"), "w", encoding="utf-8") as f:
        f.write("\n".join([seen[0], "1"] + seen[2:]))
    liren("restore", at("backup"), "--dir", at("no"), *keys_beside("keys-4"), "--seen", at("seen-false.txt"), code=1,
          says="not a checkpoint signed")
    check(not os.path.exists(at("no")), "a refused restore leaves nothing")
    liren("restore", at("backup"), "--dir", to, "--keys", at("keys-4"), code=2, says="exists", what="a restore over a store")
    liren("restore", at("backup"), "--dir", at("no"), "--keys", at("wall.txt"), code=3, what="a restore without keys")
    liren("restore", at("backup"), "--dir", at("no"), "--keys", at("keys-4"), "--key-copy", at("none.db"), code=3,
          says="--key-copy", what="a restore without its key copy")
    check(not os.path.exists(at("no")), "neither do these")


def changed_backups():
    def try_it(what, says):
        before = os.stat(HOME).st_mtime_ns
        liren("restore", at("bad"), "--dir", at("no"), "--keys", at("keys-4"), code=1, says=says, what=what)
        check(os.stat(HOME).st_mtime_ns == before, f"{what}: nothing is written, not even for a moment")
        shutil.rmtree(at("bad"))
        shutil.copytree(at("backup"), at("bad"))

    def hash_again():
        manifest = json.loads(read(at("bad", "manifest.json")))
        for f in manifest["files"]:
            raw = read(at("bad", f["path"]))
            f.update(bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest())
        with open(at("bad", "manifest.json"), "w", encoding="utf-8") as out:
            json.dump(manifest, out)

    shutil.copytree(at("backup"), at("bad"))
    for name in ("journal.db", "attachments/a/photo"):
        raw = bytearray(read(at("bad", name)))
        raw[len(raw) // 2] ^= 1
        with open(at("bad", name), "wb") as f:
            f.write(raw)
        try_it(f"a byte of {name}", name)
    with sqlite3.connect(at("bad", "journal.db")) as db:
        db.execute("UPDATE entry SET salt = zeroblob(32) WHERE n = 2")
    db.close()
    hash_again()
    try_it("a changed entry under a right hash", "journal.db")
    manifest = json.loads(read(at("bad", "manifest.json")))
    manifest["files"].append({**manifest["files"][0], "path": "attachments/../../out"})
    with open(at("bad", "manifest.json"), "w", encoding="utf-8") as f:
        json.dump(manifest, f)
    try_it("a path that leads out", "not a complete backup")
    os.remove(at("bad", "manifest.json"))
    try_it("no manifest", "not a complete backup")


def changed_stores(line):
    copy = at("changed")

    def change(sql, verb, says):
        shutil.copytree(office.dir, copy)
        with sqlite3.connect(copy + "/journal.db") as db:
            db.execute(sql)
        db.close()
        liren("journal", verb, "--dir", copy, "--keys", KEYS, code=1, says=says, what=sql)
        shutil.rmtree(copy)

    change("UPDATE entry SET salt = zeroblob(32) WHERE n = 1", "verify", "An entry from 1 to ")
    change("DELETE FROM entry WHERE n = 3", "verify", "Entry 3 is missing")
    with sqlite3.connect(office.dir + "/journal.db") as db:
        (first,) = db.execute("SELECT min(size) FROM checkpoint").fetchone()
    db.close()
    change("UPDATE checkpoint SET note = CAST(replace(CAST(note AS TEXT), '4', '5') AS BLOB) "
           f"WHERE size = {first}", "verify", f"The checkpoint of size {first}")
    n = line["n"]
    change(f"UPDATE line SET erased = 0 WHERE n = {n}", "rebuild", f"The row {n} of the table line")
    liren("journal", "verify", "--dir", office.dir, "--key",
          "a+b", code=2, says="no verifier key", what="a key that is none")


def doctor_of_attachments():
    dir_ = ("--dir", office.dir)
    liren("doctor", *dir_, says="0 attachments")
    key_id = rows(office.dir + "/journal.db", "SELECT max(key_id) FROM line WHERE erased = 0")[0][0]
    content = os.urandom(70000)
    path = attachment(office.dir, content)
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("INSERT INTO attachment VALUES (3, 1, 'photo', ?, 70000, 'image/jpeg', 0, ?)", (sha256(content), key_id))
    db.close()
    liren("doctor", "--deep", *dir_, says="1 attachments")
    os.rename(path, path + ".away")
    liren("doctor", *dir_, code=1, says="1 attachments are missing and 0 were changed, the first of entry 3")
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("UPDATE attachment SET key_id = 9000000")
    db.close()
    liren("doctor", *dir_, says="1 more were erased", what="doctor, a file whose key is destroyed")
    attachment(office.dir, content)
    with open(path, "r+b") as f:
        f.write(b"?")
    liren("doctor", "--deep", *dir_, code=1, says="0 attachments are missing and 1 were changed")
    with sqlite3.connect(office.dir + "/journal.db") as db:
        db.execute("DELETE FROM attachment")
    db.close()


def doctor():
    dir_ = ("--dir", office.dir)
    liren("doctor", *dir_, says="on the disk of the store")
    os.chmod(KEYS + "/signing.key", 0o644)
    liren("doctor", *dir_, code=1, says="chmod 600", what="doctor, an open key file")
    os.chmod(KEYS + "/signing.key", 0o600)
    os.chmod(KEYS, 0o755)
    liren("doctor", *dir_, says="chmod 700", what="doctor, an open key folder")
    os.chmod(KEYS, 0o700)
    with sqlite3.connect(COPY) as db:
        db.execute("DELETE FROM data_key WHERE id = (SELECT max(id) FROM data_key)")
    db.close()
    liren("doctor", *dir_, code=1, says="differs", what="doctor, a copy that lacks a key")
    os.rename(COPY, COPY + ".away")
    liren("doctor", *dir_, code=1, says="cannot be read", what="doctor, no copy")
    office.start()
    office.stop(60)
    liren("doctor", *dir_, says="has the same", what="doctor, after the office ran")
    liren("doctor", *dir_, "--key-copy", "", says="no copy", what="doctor, no copy wanted")
    os.rename(KEYS + "/community.key", at("community.key"))
    with open(KEYS + "/community.key", "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as f:
        f.write("00" * 32 + "\n")
    liren("doctor", *dir_, code=1, says="does not open keys.db", what="doctor, another community key")
    os.replace(at("community.key"), KEYS + "/community.key")


os.makedirs(at("elsewhere"))
words()
line, other, third, key = serve_and_erase()
erased_for_good(line, key)
erase_by_order(other)
restored(line, third, key)
restored_with_checkpoint()
changed_backups()
changed_stores(line)
doctor_of_attachments()
doctor()
shutil.rmtree(HOME)
raise SystemExit(check.end())
