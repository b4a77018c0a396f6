"""An office with people in it: places, accounts, sessions, cases by HTTP. Python's standard library only."""
import json
import os
import struct
import subprocess
import uuid
import zlib

from outside import Client, Program

LAT, LON = 22.5430000, 113.9430000  # of lane 3; a degree of latitude is 111 km
LANES = """source: lanes
format: geojson
datum: WGS-84
columns: {id: "@id", number: number, name: name, aliases: alias, owner: owner, device_kind: device_kind, maintainer: maintainer}
kinds:
  - {kind: grid, where: {kind: [grid]}, constants: {post: grid_worker}}
  - {kind: component, where: {kind: [component]}, constants: {use: lane_lamp}}
  - {kind: facility, where: {kind: [facility]}}
  - {kind: device, where: {kind: [device]}}
"""


def password(name):
    return "correct horse battery " + name


def picture(shade=90):
    """A PNG of one colour, made here: 16 by 16."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([shade, 120, 150]) * 16 for _ in range(16))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Person:
    """Somebody at a screen: by a session, by the secret of a receipt, or nobody. Every request has an id of its own
    unless one is given; the last answer is kept, and compared with api/openapi.yaml where `answers` is set."""
    answers = None

    def __init__(self, office, secret=None, lang="en"):
        self.office, self.secret, self.lang, self.cookie, self.csrf = office, secret, lang, None, None
        self.status, self.said, self.head = 0, None, {}

    def call(self, method, path, body=None, key=None, **headers):
        head = {"Accept-Language": self.lang, **headers}
        if self.cookie:
            head["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            head["X-CSRF-Token"] = self.csrf
        if self.secret:
            head["Authorization"] = "Case " + self.secret
        if isinstance(body, bytes):
            head["Content-Type"] = "application/octet-stream"
        client = Client(self.office.port)
        self.status, self.said = client.call(method, "/api/v1" + path, body,
                                             (key or str(uuid.uuid4())) if method == "POST" else None, head)
        client.http.close()
        self.cookie, self.head = client.cookie or self.cookie, client.head
        if Person.answers:
            Person.answers.look(method, "/api/v1" + path, self.status, client.head.get("Content-Type", ""), self.said)
        return self.said

    def sign_in(self, name):
        said = self.call("POST", "/session", {"name": name, "password": password(name)})
        if self.status != 200:
            raise SystemExit(f"{name} is not let in: {said}")
        self.csrf = said["csrf"]
        return self

    def stream(self):
        """Live changes, as an answer that is read until the office ends it."""
        client = Client(self.office.port)
        client.http.request("GET", "/api/v1/events", headers={"Cookie": self.cookie})
        return client.http.getresponse()

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body, key=None):
        return self.call("POST", path, body, key)

    def do(self, case, command, key=None, **fields):
        """One step; what begins with _ is of the command, the rest are fields."""
        body = {"command": command, "fields": [{"field": k, "value": str(v)} for k, v in fields.items() if k[0] != "_"],
                **{k[1:]: v for k, v in fields.items() if k[0] == "_"}}
        return self.post(f"/cases/{case}/commands", body, key)

    def attach(self, case, field, shade=90):
        return self.post(f"/cases/{case}/attachments?field={field}", picture(shade)).get("n")

    def hand_in(self, text, place=0, key=None, at=None, **fields):
        more = {k[1:]: v for k, v in fields.items() if k[0] == "_"}
        values = {"place": place, "text": text, "channel": "portal", "has_reporter": "yes", "drill": "no",
                  **{k: v for k, v in fields.items() if k[0] != "_"}}
        if at:
            more["at"] = {"lat": round(at[0] * 1e7), "lon": round(at[1] * 1e7)}
        return self.post("/cases", {"type": "resident-request", **more,
                                    "fields": [{"field": k, "value": str(v)} for k, v in values.items()]}, key)

    def state(self, case):
        return self.get(f"/cases/{case}").get("state")

    def may(self, case):
        return {c["command"] for c in self.get(f"/cases/{case}").get("commands", [])}


class Office(Program):
    """A store with files, three grids, some places and staff."""

    def __init__(self, liren, folder):
        super().__init__([liren], folder)
        self.folder, self.serial = folder, 0

    def liren(self, *args, stdin="", code=0):
        done = subprocess.run([*self.command, *args, "--dir", self.dir], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, input=stdin, timeout=120, check=False)
        if done.returncode != code:
            raise SystemExit(f"liren {args}: {done.returncode} {done.stdout}")
        return done.stdout

    def lay_places(self):
        def square(west, south, side):
            corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
            return [[[west + side * x, south + side * y] for x, y in corners]]

        def thing(id_, kind, lat, lon, **more):
            return {"type": "Feature", "id": id_, "properties": {"kind": kind, **more},
                    "geometry": {"type": "Point", "coordinates": [lon, lat]}}

        made = [{"type": "Feature", "id": f"G{i:02}", "properties": {"kind": "grid", "number": f"G{i:02}", "name": f"第{i}网格"},
                 "geometry": {"type": "Polygon", "coordinates": square(LON - 0.005 + 0.01 * (i - 3), LAT - 0.005, 0.01)}}
                for i in (2, 3, 4)]
        made += [thing("PL-1", "facility", LAT, LON, name="三坊八栋", alias="菜市场旁边那栋"),
                 thing("PL-2", "facility", LAT + 0.003, LON, name="五坊十二栋"),
                 thing("CO-1", "component", LAT + 0.001, LON, number="L-03-017", owner="PMC"),
                 thing("CAM-1", "device", LAT + 0.02, LON, number="CAM-1", device_kind="camera", maintainer="WAT")]
        for name, text in (("lanes.geojson", json.dumps({"type": "FeatureCollection", "features": made})),
                           ("lanes.yaml", LANES)):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        return self.liren("import", "places", "--map", os.path.join(self.folder, "lanes.yaml"),
                          os.path.join(self.folder, "lanes.geojson"))

    def add(self, name, *posts):
        self.liren("user", "add", "--name", name, *(w for p in posts for w in ("--post", p)))
        self.liren("user", "password", name, stdin=password(name) + "\n")
        return Person(self).sign_in(name)


class Demo(Office):
    """An office whose clock stands still until it is moved; without places."""

    def __init__(self, liren, folder):
        os.makedirs(folder)
        super().__init__(liren, folder)
        self.verb, self.serve_args = "demo", ["--bare", "--speed", "0"]

    def now(self):
        return Person(self).get("/demo/clock")["now"]

    def move(self, to_us):
        """All that is due until then is done when this returns."""
        return Person(self).post("/demo/clock", {"to": to_us})
