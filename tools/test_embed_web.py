"""The embedded pages, compiled with both compilers and read back byte by byte; what ninja is told to watch."""
import ctypes
import gzip
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
INCLUDE = os.path.join(HERE, "..", "src", "http", "include")


class WebFile(ctypes.Structure):
    _fields_ = [("path", ctypes.c_char_p), ("content_type", ctypes.c_char_p), ("etag", ctypes.c_char_p),
                ("bytes", ctypes.c_void_p), ("bytes_n", ctypes.c_size_t),
                ("gzip", ctypes.c_void_p), ("gzip_n", ctypes.c_size_t), ("immutable", ctypes.c_bool)]


class Embed(unittest.TestCase):
    def setUp(self):
        self.root = os.path.join(tempfile.mkdtemp(), "with space")
        self.addCleanup(shutil.rmtree, os.path.dirname(self.root))
        os.makedirs(os.path.join(self.root, "web"))
        self.output = os.path.join(self.root, "web_files.c")

    def embed(self, mode="auto"):
        done = subprocess.run([sys.executable, os.path.join(HERE, "embed_web.py"), mode,
                               os.path.join(self.root, "web/dist"), self.output, self.output + ".d"],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def page(self, path, data):
        file = os.path.join(self.root, "web/dist" + path)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as f:
            f.write(data)

    def table(self, compiler="gcc"):
        library = os.path.join(self.root, f"{compiler}-{len(os.listdir(self.root))}.so")
        subprocess.run([compiler, "-std=c17", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-I", INCLUDE,
                        "-o", library, self.output], check=True)
        loaded = ctypes.CDLL(library)
        n = ctypes.c_size_t.in_dll(loaded, "web_files_n").value
        self.loaded = loaded  # the rows lie in it
        return list((WebFile * n).in_dll(loaded, "web_files"))

    def test_bytes_come_back(self):
        noise = random.Random(7).randbytes(5000)
        pages = {"/index.html": "<p>里仁 ??= \\ \"\n".encode(), "/assets/app-B1x2_-D4.js": bytes(range(256)) * 40 + b"7",
                 "/assets/plain.js": b"0" * 1000, "/font.woff2": noise, "/a.txt": b"", "/a/b.txt": b"\x001\x7f8"}
        for path, data in pages.items():
            self.page(path, data)
        self.assertEqual(self.embed("enabled"), (0, ""))
        for compiler in ("gcc", "clang"):
            rows = self.table(compiler)
            self.assertEqual([r.path.decode() for r in rows], sorted(pages))
            for r in rows:
                data = pages[r.path.decode()]
                self.assertEqual(ctypes.string_at(r.bytes, r.bytes_n), data)
                if r.gzip:
                    self.assertLess(r.gzip_n, r.bytes_n)
                    self.assertEqual(gzip.decompress(ctypes.string_at(r.gzip, r.gzip_n)), data)
                self.assertRegex(r.etag.decode(), r'^W/"[0-9a-f]{32}"$')
            by = {r.path.decode(): r for r in rows}
            self.assertIsNone(by["/font.woff2"].gzip)
            self.assertIsNotNone(by["/assets/plain.js"].gzip)
            self.assertEqual([p for p in sorted(pages) if by[p].immutable], ["/assets/app-B1x2_-D4.js"])
            self.assertEqual(by["/index.html"].content_type, b"text/html; charset=utf-8")
            self.assertEqual(len({r.etag for r in rows}), len(rows))

    def test_no_pages(self):
        self.assertEqual(self.embed()[0], 0)
        self.assertEqual(self.table(), [])
        status, said = self.embed("enabled")
        self.assertEqual(status, 1)
        self.assertIn("build the pages first", said)
        self.page("/index.html", b"x")
        self.assertEqual(self.embed("disabled")[0], 0)
        self.assertEqual(self.table(), [])

    def test_same_pages_leave_the_output_alone(self):
        self.page("/index.html", b"x" * 500)
        self.embed()
        with open(self.output, "rb") as f:
            first = f.read()
        os.utime(self.output, (1, 1))
        self.embed()
        self.assertEqual(os.stat(self.output).st_mtime, 1)
        os.remove(self.output)
        self.embed()
        with open(self.output, "rb") as f:
            self.assertEqual(f.read(), first)

    def watched(self):
        self.assertEqual(self.embed()[0], 0)
        with open(self.output + ".d", encoding="utf-8") as f:
            words = f.read().replace("\\ ", "\0").split()
        root = self.root.replace(" ", "\0")
        self.assertEqual(words[0], root + "/web_files.c:")
        return [os.path.relpath(w, root) for w in words[1:]]

    def test_ninja_watches_files_and_folders(self):
        self.assertEqual(self.watched(), ["web"])
        self.page("/assets/x.js", b"x")
        self.assertEqual(self.watched(), ["web/dist"])  # no index.html: not built yet
        self.page("/index.html", b"x")
        self.assertEqual(self.watched(), ["web/dist/assets/x.js", "web/dist/index.html", "web/dist", "web/dist/assets"])

    def test_what_it_does_not_know_it_refuses(self):
        self.page("/index.html", b"x")
        self.page("/strange.xyz", b"x")
        status, said = self.embed()
        self.assertEqual(status, 1)
        self.assertIn("no content type is known for '.xyz'", said)
        os.remove(os.path.join(self.root, "web/dist/strange.xyz"))
        self.page("/a b.txt", b"x")
        status, said = self.embed()
        self.assertEqual(status, 1)
        self.assertIn("rename it", said)


if __name__ == "__main__":
    unittest.main()
