"""Negative controls: for each rule, a small house that breaks it, and the finding that must come; and the same house
unbroken, where none may. Without them a check that looks at nothing would pass for good."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest

import compile as compilers
import docs
import house
import hygiene
import layers
import openapi
import pure
import tables

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MESON = """layers = [
  ['base', [], [sodium]], # a comment
  ['place', ['base'], []],
  ['db', ['base'], [sqlite, threads]],
  ['http', ['base'], [microhttpd], 'a further column'],
]
"""


class House(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())

    def only(self, findings, *words):
        """Exactly one finding, which says all of the words."""
        findings = [str(f) for f in findings]
        self.assertEqual(len(findings), 1, findings)
        for word in words:
            self.assertIn(word, findings[0])

    def none(self, findings):
        self.assertEqual([str(f) for f in findings], [])


class Layers(House):
    def setUp(self):
        super().setUp()
        self.write("meson.build", MESON)
        self.write("src/banned.h", "")
        self.write("src/place/inner.h", "")

    def source(self, text, path="src/place/x.c"):
        self.write(path, text)
        return list(layers.check(self.root))

    def test_table_is_read(self):
        table = house.layers(self.root)
        self.assertEqual([row.name for row in table], ["base", "place", "db", "http"])
        self.assertEqual(table[2], house.Layer("db", ("base",), ("sqlite", "threads")))

    def test_what_the_row_lists_is_allowed(self):
        self.none(self.source('#include "base/str.h"\n#include "place/place.h"\n#include "inner.h"\n'
                              '#include <string.h>\n#include <sys/stat.h>\n'))

    def test_forbidden_layer(self):
        self.only(self.source('\n#  include "db/db.h"\n'), "src/place/x.c:2", "may not include 'db/db.h'")

    def test_forbidden_layer_in_a_header(self):
        self.only(self.source('#include "db/db.h"\n', "src/place/include/place/place.h"), "place.h:1")

    def test_layer_above(self):
        self.only(self.source('#include "place/place.h"\n', "src/base/x.c"), "layer 'base' may not include")

    def test_relative_path(self):
        self.only(self.source('#include "../db/include/db/db.h"\n'), "relative path")

    def test_angle_brackets_do_not_hide_a_layer(self):
        findings = [str(f) for f in self.source("#include <db/db.h>\n")]
        self.assertEqual(len(findings), 2)
        self.assertIn("quotation marks", findings[0])
        self.assertIn("may not include", findings[1])

    def test_unknown_folder_and_file(self):
        self.only(self.source('#include "elsewhere/x.h"\n'), "in no layer")
        self.only(self.source('#include "absent.h"\n'), "not beside this file")

    def test_library(self):
        self.only(self.source("#include <sqlite3.h>\n"), "may not use sqlite")
        os.remove(os.path.join(self.root, "src/place/x.c"))
        self.none(self.source("#include <sqlite3.h>\n#include <pthread.h>\n", "src/db/x.c"))

    def test_rows_point_up_only(self):
        self.write("meson.build", "layers = [\n  ['base', ['db'], []],\n  ['db', [], []],\n]\n")
        self.only(layers.check(self.root), "layer 'base' may include 'db'", "one way")

    def test_the_program_sees_all_and_is_not_seen(self):
        self.none(self.source('#include "db/db.h"\n#include "http/http.h"\n#include <sqlite3.h>\n', "src/cli/main.c"))
        self.only(self.source('#include "elsewhere/x.h"\n', "src/cli/main.c"), "in no layer")
        os.remove(os.path.join(self.root, "src/cli/main.c"))
        self.only(self.source('#include "cli/common.h"\n'), "in no layer")

    def test_folder_without_a_row(self):
        self.only(self.source("", "src/extra/x.c"), "folder 'extra' has no row")

    def test_no_table_at_all(self):
        self.write("meson.build", "project('x')\n")
        self.assertRaises(house.Unreadable, lambda: list(layers.check(self.root)))


class Pure(House):
    def archive(self, text, known=()):
        self.write("x.c", text)
        subprocess.run(["gcc", "-w", "-O2", "-fPIE", "-fstack-protector-strong", "-c", "x.c"], cwd=self.root, check=True)
        path = os.path.join(self.root, "libx.a")
        if os.path.exists(path):
            os.remove(path)
        subprocess.run(["ar", "csrDT", "libx.a", "x.o"], cwd=self.root, check=True)
        return pure.check_archive(self.root, "libx.a", set(known))[0]

    def test_pure_code(self):
        self.none(self.archive(
            "#include <string.h>\n#include <math.h>\n#include <assert.h>\n"
            "int crypto_sign_detached(int);\nint helper(int);\nint helper(int x) { return x; }\n"
            "static const char *const names[] = {\"a\", \"b\"};\nconst char *name(int i);\n"
            "const char *name(int i) { return names[i]; }\n"
            "double f(char *a, const char *b, int n);\ndouble f(char *a, const char *b, int n)\n"
            "{ assert(n); memcpy(a, b, (size_t)n); return sin(n) + crypto_sign_detached(n) + helper(n); }\n"))

    def test_calls_from_outside(self):
        for name in ("malloc", "open", "clock_gettime", "pthread_create", "getenv", "printf", "time",
                     "randombytes_buf", "crypto_sign_keypair", "crypto_secretbox_keygen", "sqlite3_open", "qsort"):
            self.only(self.archive(f"int {name}(int);\nint f(int);\nint f(int x) {{ return {name}(x); }}\n"),
                      f"calls '{name}'", "libx.a(x.o)")

    def test_floors_below_are_allowed(self):
        text = "int str_eq(int);\nint f(int);\nint f(int x) { return str_eq(x); }\n"
        self.none(self.archive(text, ["str_eq"]))
        self.only(self.archive(text), "calls 'str_eq'")

    def test_data_that_can_change(self):
        for text, name in (("int counter = 3;", "counter"), ("int zero;", "zero"),
                           ("_Thread_local int mine;", "mine"), ("_Thread_local int ours = 4;", "ours"),
                           ("int f(void);\nint f(void) { static int calls; return ++calls; }", "calls"),
                           ("const char *name = \"x\";", "name"),
                           ("__attribute__((common)) int shared;", "shared")):
            findings = self.archive(text + "\nint g(void);\nint g(void) { return 1; }\n")
            self.only(findings, name, "data that can change")

    def test_nothing_to_see_is_a_finding(self):
        self.only(self.archive("extern int x;\n"), "no function")

    def test_pure_floor_on_an_impure_one(self):
        self.write("meson.build", "layers = [\n  ['db', [], []],\n  ['sense', ['db'], [sqlite]],\n]\n")
        self.archive("int g(void);\nint g(void) { return 1; }\n")
        os.rename(os.path.join(self.root, "libx.a"), os.path.join(self.root, "libliren_sense.a"))
        findings = [str(f) for f in pure.check(self.root, ".")]
        self.assertEqual(len(findings), 2)
        self.assertIn("'db' below it is not", findings[0])
        self.assertIn("no library but sodium", findings[1])


class Compile(House):
    def test_each_banned_name_is_refused(self):
        names = compilers.banned_names(ROOT)
        self.assertIn("strcpy", names)
        for compiler in compilers.COMPILERS:
            for name in names:
                with self.subTest(compiler=compiler, name=name):
                    self.assertTrue(compilers.refuses(ROOT, compiler, name))

    def test_other_names_are_not(self):
        for compiler in compilers.COMPILERS:
            self.assertEqual(house.run([compiler, "-include", "src/banned.h", *compilers.FLAGS], ROOT,
                                       stdin=compilers.uses("memcpy")), (0, ""))
            self.assertFalse(compilers.refuses(ROOT, compiler, "memcpy"))

    def test_a_name_that_is_not_poisoned_is_found(self):
        self.write("src/banned.h", "#include <string.h>\n#if 0\n#pragma GCC poison strcpy\n#endif\n")
        self.write("build/compile_commands.json", "[]")
        findings = [str(f) for f in compilers.check_banned(self.root, "build", 2)]
        self.assertEqual(len(findings), 2, findings)
        self.assertIn("gcc compiles 'strcpy'", findings[0])

    def test_a_file_compiled_without_the_ban_is_found(self):
        self.write("src/banned.h", "#include <string.h>\n#pragma GCC poison strcpy\n")
        rows = [{"directory": os.path.join(self.root, "build"), "file": f"../src/base/{name}.c", "command": command}
                for name, command in (("a", "cc -include '/some where/src/banned.h' -c a.c"), ("b", "cc -c b.c"))]
        self.write("build/compile_commands.json", json.dumps(rows))
        self.only(compilers.check_banned(self.root, "build", 2), "src/base/b.c", "without src/banned.h")

    def header(self, text, path="src/place/include/place/x.h"):
        self.write("meson.build", MESON)
        self.write("src/base/include/base/str.h", "struct str { const char *p; };\n")
        self.write("src/db/include/db/db.h", "struct db { int x; };\n")
        self.write("build/compile_commands.json", json.dumps([
            {"directory": os.path.join(self.root, "build"), "file": "../src/place/x.c",
             "command": "cc '-DPLACE_NAME=\"a b\"' -c x.c"}]))
        self.write(path, text)
        return [str(f) for f in compilers.check_headers(self.root, "build", 2)]

    def test_header_alone(self):
        self.none(self.header('#include "base/str.h"\nvoid f(struct str s);\n'))

    def test_header_that_leans_on_its_users(self):
        findings = self.header("void f(size_t n);\n")
        self.assertEqual(len(findings), 2)
        self.assertIn("does not compile alone with gcc", findings[0])
        self.assertIn("does not compile alone with clang", findings[1])

    def test_header_that_sees_too_much(self):
        self.assertEqual(len(self.header('#include "db/db.h"\n')), 2)

    def test_header_in_the_wrong_folder(self):
        self.only(self.header("struct x { int y; };\n", "src/place/include/db/x.h"), "belongs in")

    def test_header_made_at_build_time(self):
        self.write("build/src/place/made.h", "struct made { int x; };\n")
        self.none(self.header('#include "place/made.h"\nvoid f(struct made m);\n'))

    def test_header_with_a_macro_of_the_build(self):
        text = "struct x { char name[sizeof PLACE_NAME]; };\n"
        self.none(self.header(text))
        os.remove(os.path.join(self.root, "src/place/include/place/x.h"))
        self.assertEqual(len(self.header(text, "src/base/include/base/x.h")), 2)  # not a macro of that layer

    def test_tables_are_not_headers(self):
        self.none(self.header("ROW(1)\n", "src/place/include/place/place_table.h"))


class Tables(House):
    def test_rows(self):
        self.write("t.h", '/* ROW(0) */\n#define ROW(a) a\nROW(1, "a, \\"b\\" (c) //",\n    "d" "e")\n'
                          'ROW(X, f(1, 2), /* why */ "里") // ROW(9)\n')
        got = tables.rows(self.root, "t.h", "ROW")
        self.assertEqual([line for line, _ in got], [3, 5])
        self.assertEqual(got[0][1], ["1", 'a, "b" (c) //', "de"])
        self.assertEqual(got[1][1][0::2], ["X", "里"])
        self.assertEqual(len(got), 2)

    def test_row_without_an_end(self):
        self.write("t.h", 'ROW(1, "a"\n')
        self.assertRaises(house.Unreadable, lambda: tables.rows(self.root, "t.h", "ROW"))


class Docs(House):
    def setUp(self):
        super().setUp()
        self.write(docs.ERRORS, 'ERR(OK, 0, 200, 0, "ok", "成功", "Done")\n'
                                'ERR(BUSY, 10, 503, 1, "busy", "忙", "Full | try again")\n')
        self.write("docs/errors.md", "# E\n<!-- errors:begin (…) -->\nold\n<!-- errors:end -->\nafter\n")

    def text(self, path):
        return house.read(self.root, path)

    def test_difference_is_found_and_written(self):
        self.only(docs.check(self.root), "docs/errors.md:3", "--write")
        self.none(docs.check(self.root, write=True))
        self.assertIn("| 10 | `busy` | 503 | yes | 忙 | Full \\| try again |\n<!-- errors:end -->\nafter\n",
                      self.text("docs/errors.md"))
        self.none(docs.check(self.root))

    def test_a_changed_table_is_found(self):
        list(docs.check(self.root, write=True))
        self.write(docs.ERRORS, 'ERR(OK, 0, 200, 0, "ok", "成功", "Fine")\n')
        self.only(docs.check(self.root), "docs/errors.md")

    def test_a_removed_last_row_is_found(self):
        list(docs.check(self.root, write=True))
        self.write("docs/errors.md", self.text("docs/errors.md").replace(
            "| 10 | `busy` | 503 | yes | 忙 | Full \\| try again |\n", ""))
        self.only(docs.check(self.root), "docs/errors.md")

    def test_problems_begin_at_400(self):
        self.assertEqual(docs.problems(self.root)[2:],
                         ["| 503 | `/problems/busy` | yes | Full \\| try again · 忙 |"])

    def test_kinds_wait_for_their_table(self):
        list(docs.check(self.root, write=True))
        block = "<!-- kinds:begin -->\n<!-- kinds:end -->\n"
        self.write("formats/journal.md", block)
        self.none(docs.check(self.root))
        self.write(docs.KINDS, 'KIND(LINE_WRITTEN, "line.written", 1, "写", "Written", "text: sealed")\n')
        self.only(docs.check(self.root), "formats/journal.md")
        list(docs.check(self.root, write=True))
        self.assertIn("| `line.written` Written · 写 | 1 | text: sealed |\n", self.text("formats/journal.md"))

    def test_media_are_listed_with_their_caps(self):
        list(docs.check(self.root, write=True))
        self.write("formats/attachment.md", "<!-- media:begin -->\n<!-- media:end -->\n")
        self.write(docs.MEDIA, 'MEDIA(WAV, SOUND, "WAV", "audio/wav", "wav", 16u << 20)\n')
        self.only(docs.check(self.root, write=False), "formats/attachment.md")
        list(docs.check(self.root, write=True))
        self.assertIn("| WAV | sound | `audio/wav` | `wav` | 16 |\n", self.text("formats/attachment.md"))
        self.write(docs.MEDIA, 'MEDIA(WAV, SOUND, "WAV", "audio/wav", "wav", 16777216)\n')
        with self.assertRaises(house.Unreadable):
            list(docs.check(self.root))

    def test_broken_blocks(self):
        list(docs.check(self.root, write=True))
        for text, word in (("<!-- errors:begin -->\n", "does not end"), ("<!-- odd:begin -->\n<!-- odd:end -->\n", "odd"),
                           ("<!-- errors:begin -->\n<!-- kinds:begin -->\n<!-- kinds:end -->\n", "before the next")):
            self.write("README.md", text)
            self.only(docs.check(self.root, write=True), "README.md", word)
            self.assertEqual(self.text("README.md"), text)

    def test_short_row(self):
        self.write(docs.ERRORS, 'ERR(OK, 0, 200)\n')
        self.assertRaises(house.Unreadable, lambda: list(docs.check(self.root)))


class Hygiene(House):
    def one(self, text, path="src/x.c"):
        return list(hygiene.check_text(path, text if isinstance(text, bytes) else text.encode()))

    def test_clean(self):
        self.none(self.one("int x;\n\tint y;\n" + "/" * 100 + "\n" + "里" * 100 + "\n"))
        self.none(self.one("x" * 300 + "\n", "README.md"))
        self.none(self.one("line\n" * 900, "formats/x.md"))

    def test_each_rule(self):
        for text, word in (("int x;\r\n", "carriage"), ("int x; \n", "ends with a space"), ("int x;", "line end"),
                           ("int x;\n\n", "empty line"), ("/" * 101 + "\n", "101 columns"),
                           ("\t" * 12 + "12345\n", "101 columns"), (b"\xff\n", "not UTF-8"),
                           ("/* TO" "DO: later */\n", "oneself"), ("/* FIX" "ME */\n", "oneself"),
                           ("\"/ho" "me/ada/x\"\n", "one machine"), ("/ro" "ot/x\n", "one machine"),
                           ("https://registry" ".npmjs.org/\n", "registry"),
                           ("int x;\n" * 801, "801 lines")):
            with self.subTest(text=text[:40]):
                self.only(self.one(text), word)

    def test_long_file_with_a_reason(self):
        self.none(self.one("/* long-file: one state machine */\n" + "int x;\n" * 900))
        self.only(self.one("/* long-file: */\n" + "int x;\n" * 900), "long-file")

    def test_wide_lines_are_wrapped_and_no_others(self):
        shutil.copy(os.path.join(ROOT, ".clang-format"), self.root)
        kept = "int  odd ( int x ) ;\n"
        self.write("a.c", kept + "/* " + "word " * 30 + "*/\n" + kept)
        hygiene.wrap(self.root)
        text = house.read(self.root, "a.c")
        self.none(hygiene.check_text("a.c", text.encode()))
        self.assertEqual(text.count(kept), 2)
        self.assertEqual(text.count("word"), 30)

    def test_which_files(self):
        for path in ("a.c", "run", "web/node_modules/x.js", "tests/fuzz/corpus/note/1.txt", "picture.png", "built.o"):
            self.write(path, "x \n")
        self.write(".gitignore", "*.o\n")
        subprocess.run(["git", "init", "-q"], cwd=self.root, check=True)
        paths = [f.path for f in hygiene.check(self.root)]
        self.assertEqual(paths, ["a.c", "run"])
        shutil.rmtree(os.path.join(self.root, ".git"))
        self.assertEqual([f.path for f in hygiene.check(self.root)], ["a.c", "run"])

    def test_binary_named_as_text(self):
        self.write("a.c", b"x\0y\n")
        self.only(hygiene.check(self.root), "binary")


class Api(House):
    FILE = """paths:
  /a/{n}:
    parameters: []
    get: {operationId: readA, responses: {"200": {$ref: "#/components/responses/Found"}}}
    post: {operationId: writeA}
components: {responses: {Found: {description: it}}}
"""

    def api(self, *replaced):
        self.write(openapi.API, self.FILE.replace(*replaced) if replaced else self.FILE)
        return list(openapi.check(self.root))

    def test_file(self):
        self.none(self.api())
        self.only(self.api("writeA", "readA"), "GET /a/{n}", "POST /a/{n}")
        self.only(self.api("{operationId: writeA}", "{summary: x}"), "no operationId")
        self.only(self.api("post:", "get:"), "twice")
        self.only(self.api("parameters: []", "parameters: ["), "does not parse")
        self.only(self.api("responses/Found\"", "responses/No\""), "leads nowhere")


if __name__ == "__main__":
    unittest.main()
