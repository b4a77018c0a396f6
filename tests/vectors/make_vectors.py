#!/usr/bin/python3
"""Test vectors of formats/journal.md, worked out from that page alone: make_vectors.py [--check]

Without an argument journal.json beside this file is written; with --check it is compared. Nothing of the program is
used: SHA-256 and BLAKE2b are Python's, Ed25519 is the openssl command's, XChaCha20-Poly1305 is written out below from
draft-irtf-cfrg-xchacha and RFC 8439 and first tried on their own examples. Every input is a fixed, telling pattern.
"""
import base64
import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
OUT = HERE / "journal.json"


# ---- XChaCha20-Poly1305: draft-irtf-cfrg-xchacha-03 section 2, RFC 8439 section 2 ----

def rotated(word, bits):
    return (word << bits | word >> 32 - bits) & 0xFFFFFFFF


def quarter(s, a, b, c, d):
    for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = s[x] + s[y] & 0xFFFFFFFF
        s[z] = rotated(s[z] ^ s[x], bits)


def twenty_rounds(start):
    s = list(start)
    for _ in range(10):
        for column in range(4):
            quarter(s, column, 4 + column, 8 + column, 12 + column)
        for i in range(4):
            quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return s


def words(b):
    return list(struct.unpack(f"<{len(b) // 4}I", b))


def state(key, last16):
    return words(b"expand 32-byte k") + words(key) + words(last16)


def hchacha20(key, nonce16):
    s = twenty_rounds(state(key, nonce16))
    return struct.pack("<8I", *s[:4], *s[12:])


def chacha20_block(key, counter, nonce12):
    start = state(key, struct.pack("<I", counter) + nonce12)
    return struct.pack("<16I", *[a + b & 0xFFFFFFFF for a, b in zip(start, twenty_rounds(start))])


def chacha20(key, counter, nonce12, text):
    out = bytearray()
    for at in range(0, len(text), 64):
        block = chacha20_block(key, counter + at // 64, nonce12)
        out += bytes(a ^ b for a, b in zip(text[at:at + 64], block))
    return bytes(out)


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at:at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return (total + int.from_bytes(key[16:], "little") & 2**128 - 1).to_bytes(16, "little")


def padded(b):
    return b + bytes(-len(b) % 16)


def xchacha20_poly1305(key, nonce24, aad, text):
    subkey, nonce12 = hchacha20(key, nonce24[:16]), bytes(4) + nonce24[16:]
    box = chacha20(subkey, 1, nonce12, text)
    sizes = struct.pack("<QQ", len(aad), len(box))
    return box + poly1305(chacha20_block(subkey, 0, nonce12)[:32], padded(aad) + padded(box) + sizes)


def try_the_drafts_examples():
    key = bytes(range(32))
    if hchacha20(key, bytes.fromhex("000000090000004a0000000031415927")).hex() != (
            "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"):
        sys.exit("HChaCha20 does not give the example of section 2.2.1")
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b"sunscreen would be it.")
    box = xchacha20_poly1305(bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58)),
                             bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), text)
    if box.hex() != (
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
            "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
            "21f9664c97637da9768812f615c68b13b52e" "c0875924c1c7987947deafd8780acf49"):
        sys.exit("XChaCha20-Poly1305 does not give the example of appendix A.3.1")


# ---- Ed25519, by the openssl command ----

PKCS8 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410 section 7, before the 32 bytes of the seed


def openssl(*args, key, message=b""):
    with tempfile.TemporaryDirectory() as folder:
        key_file, message_file = pathlib.Path(folder, "key"), pathlib.Path(folder, "message")
        key_file.write_bytes(key)
        message_file.write_bytes(message)
        names = {"KEY": key_file, "MESSAGE": message_file}
        return subprocess.run(["openssl", *[str(names.get(a, a)) for a in args]], check=True, capture_output=True).stdout


def public_key(seed):
    return openssl("pkey", "-inform", "DER", "-in", "KEY", "-pubout", "-outform", "DER", key=PKCS8 + seed)[-32:]


def signature(seed, message):
    return openssl("pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "KEY", "-in", "MESSAGE",
                   key=PKCS8 + seed, message=message)


# ---- formats/journal.md ----

def b64(b):
    return base64.b64encode(b).decode()


def sha256(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def u64(number):
    return struct.pack(">Q", number)


def commitment(salt, entry):
    return sha256(b"liren-entry-1", salt, entry.encode())


def leaf_hash(c):
    return sha256(b"\0", c)


def split_of(count):
    """The largest power of two below count."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = split_of(len(leaves))
    return sha256(b"\1", root_of(leaves[:k]), root_of(leaves[k:]))


def path_of(index, leaves):
    if len(leaves) == 1:
        return []
    k = split_of(len(leaves))
    if index < k:
        return path_of(index, leaves[:k]) + [root_of(leaves[k:])]
    return path_of(index - k, leaves[k:]) + [root_of(leaves[:k])]


class Signer:
    def __init__(self, seed, community, epoch):
        self.seed = seed
        self.public = public_key(seed)
        self.origin = f"liren/{community}/{sha256(self.public).hex()[:8]}/{epoch}"
        self.key_id = sha256(self.origin.encode(), b"\n\1", self.public)[:4]
        self.vkey = f"{self.origin}+{self.key_id.hex()}+{b64(bytes([1]) + self.public)}"

    def note(self, text):
        signed = b64(self.key_id + signature(self.seed, text.encode()))
        return f"{text}\n— {self.origin} {signed}\n"

    def checkpoint(self, leaves):
        return self.note(f"{self.origin}\n{len(leaves)}\n{b64(root_of(leaves))}\n")


def entry_of(n, at, handle, role, kind, data):
    actor = {"handle": handle.hex(), "role": role, "unit": ""}
    return canonical({"actor": actor, "at": at, "data": data, "kind": kind, "n": n, "v": 1})


def make():
    community, zone = "440305002005", "Asia/Shanghai"
    community_key, data_key = bytes(range(0x00, 0x20)), bytes(range(0x20, 0x40))
    seed, wrap_nonce = bytes(range(0x40, 0x60)), bytes(range(0x60, 0x78))
    nonce, blind = bytes(range(0x80, 0x98)), bytes(range(0xA0, 0xB0))
    salts = [bytes([0xC0 + n]) * 32 for n in (1, 2, 3)]
    handles = [bytes([0xE0 + n]) * 16 for n in (1, 2, 3)]
    k, field, text = 17, "text", "3 栋 2 楼的灯不亮了"
    at = 1781136000000000

    signer = Signer(seed, community, 1)
    value_aad = b"liren-seal-1" + u64(k) + field.encode()
    sealed = nonce + xchacha20_poly1305(data_key, nonce, value_aad, blind + text.encode())
    value = {"c": b64(sealed), "h": b64(sha256(b"liren-value-1", blind, text.encode())), "k": k}
    wrapped = wrap_nonce + xchacha20_poly1305(community_key, wrap_nonce, b"liren-key-1" + u64(k), data_key)
    secret_of = b"liren-secret-1" + u64(2)
    secret = hashlib.blake2b(secret_of, key=data_key, digest_size=16).digest()

    path = 'calendar "é" \\ 里仁\b\f\n\r\t\0\x1f\x7f\u2028\U0001f3d8.yaml'  # every way to spell a character
    file = b"zone: Asia/Shanghai\n"
    opened = {"community": community, "demo": False, "key": signer.vkey, "zone": zone}
    loaded = {"bytes": len(file), "path": path, "sha256": sha256(file).hex()}
    entries = [entry_of(1, at, handles[0], "operator", "journal.opened", opened),
               entry_of(2, at + 1, handles[1], "reporter", "line.written", {field: value}),
               entry_of(3, at + 1000000, handles[2], "operator", "file.loaded", loaded)]
    commitments = [commitment(s, e) for s, e in zip(salts, entries)]
    leaves = [leaf_hash(c) for c in commitments]
    checkpoint = signer.checkpoint(leaves)

    after = Signer(seed, community, 2)
    two = b64(root_of(leaves[:2]))
    link = signer.note(f"liren-reopened-1\n{signer.origin}\n2 {two}\n3 {b64(root_of(leaves))}\n{after.origin}\n")
    reopened = {"epoch": 2, "key": after.vkey, "link": link}
    return {
        "format": "liren-vectors-1",
        "keys": {"community_key": community_key.hex(), "signing_seed": seed.hex(), "public_key": signer.public.hex(),
                 "data_key": data_key.hex(), "data_key_number": k, "wrap_nonce": wrap_nonce.hex(),
                 "wrap_aad": (b"liren-key-1" + u64(k)).hex(), "wrapped": wrapped.hex()},
        "sealed": {"k": k, "field": field, "text": text, "nonce": nonce.hex(), "blind": blind.hex(),
                   "aad": value_aad.hex(), "sealed": sealed.hex(), "value": canonical(value)},
        "secret": {"n": 2, "message": secret_of.hex(), "secret": secret.hex()},
        "log": {"community": community, "epoch": 1, "origin": signer.origin, "key_id": signer.key_id.hex(),
                "key": signer.vkey},
        "entries": [{"n": n, "at": json.loads(e)["at"], "handle": handles[n - 1].hex(), "salt": salts[n - 1].hex(),
                     "entry": e, "c": commitments[n - 1].hex(), "leaf": leaves[n - 1].hex()}
                    for n, e in enumerate(entries, 1)],
        "file": {"path": path, "text": file.decode()},
        "tree": {"roots": [root_of(leaves[:n]).hex() for n in (1, 2, 3)],
                 "paths": [[h.hex() for h in path_of(n, leaves)] for n in range(3)],
                 "tile/0/000.p/3": b"".join(leaves).hex(),
                 "tile/entries/000.p/3": b"".join(b"\0\x20" + c for c in commitments).hex()},
        "checkpoint": checkpoint,
        "receipt": {"format": "liren-receipt-1", "key": signer.vkey, "n": 2, "entry": entries[1], "salt": b64(salts[1]),
                    "values": {field: {"blind": b64(blind), "text": text}},
                    "proof": [b64(h) for h in path_of(1, leaves)], "checkpoint": checkpoint, "secret": b64(secret)},
        "reopened": {"size": 2, "seen": checkpoint, "origin": after.origin, "data": canonical(reopened)},
    }


def main():
    try_the_drafts_examples()
    text = json.dumps(make(), indent=1, ensure_ascii=False) + "\n"
    if sys.argv[1:] != ["--check"]:
        OUT.write_text(text, encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != text:
        sys.exit("journal.json is not what formats/journal.md says; make_vectors.py writes it")


main()
