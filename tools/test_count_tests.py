"""What count_tests.py must see in the words of each tool, and that a test which vanishes is a failure."""
import contextlib
import io
import json
import os
import tempfile
import unittest

import count_tests as ct


def meson_line(name, result, stdout="", stderr=""):
    return json.dumps({"name": name, "result": result, "stdout": stdout, "stderr": stderr}) + "\n"


CMOCKA = """[==========] Running 3 test(s).
[ RUN      ] first
[       OK ] first
[ RUN      ] second
[       OK ] second
[ RUN      ] third
"""


class Counting(unittest.TestCase):
    def numbers(self, c):
        return c.passed, len(c.failed), len(c.skipped)

    def test_cmocka_counts_its_tests(self):
        text = CMOCKA + "[       OK ] third\n[==========] 3 test(s) run.\n"
        c = ct.meson(meson_line("base", "OK", text, "[  PASSED  ] 3 test(s).\n"))
        self.assertEqual(self.numbers(c), (3, 0, 0))

    def test_cmocka_failure_has_its_name(self):
        c = ct.meson(meson_line("base", "FAIL", CMOCKA,
                                "[  FAILED  ] third\n[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] third\n"))
        self.assertEqual(self.numbers(c), (2, 1, 0))
        self.assertEqual(c.failed, ["base/third"])

    def test_cmocka_that_dies_has_failed(self):
        c = ct.meson(meson_line("base", "FAIL", CMOCKA))
        self.assertEqual(c.failed, ["base/third (did not end)"])

    def test_cmocka_skip_has_its_reason(self):
        c = ct.meson(meson_line("base", "OK", CMOCKA + "SKIP: no data\n[  SKIPPED ] third\n",
                                "[  SKIPPED ] 1 test(s), listed below:\n[  SKIPPED ] third\n"))
        self.assertEqual(self.numbers(c), (2, 0, 1))
        self.assertEqual(c.skipped, [("base/third", "no data")])

    def test_passed_tests_and_a_leak_is_one_failure(self):
        c = ct.meson(meson_line("base", "FAIL", CMOCKA + "[       OK ] third\n", "LeakSanitizer"))
        self.assertEqual(self.numbers(c), (3, 1, 0))

    def test_plain_programs_own_lines_and_timeouts(self):
        c = ct.meson(meson_line("plain", "OK") + meson_line("own", "OK", "7 passed, 0 failed\n")
                     + meson_line("slow", "TIMEOUT") + meson_line("away", "SKIP", "SKIP: no LIREN_DATA\n"))
        self.assertEqual(self.numbers(c), (8, 1, 1))
        self.assertEqual(c.failed, ["slow (timeout)"])
        self.assertEqual(c.skipped, [("away", "no LIREN_DATA")])

    def test_go(self):
        c = ct.go("=== RUN   TestA\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/inner (0.00s)\n"
                  "--- FAIL: TestB (0.00s)\n=== RUN   TestC\n    c_test.go:7: no tiles\n--- SKIP: TestC (0.00s)\nPASS\n")
        self.assertEqual(self.numbers(c), (1, 1, 1))
        self.assertEqual(c.skipped, [("TestC", "no tiles")])

    def test_unittest(self):
        c = ct.python_unittest(
            "test_a (test_x.X.test_a) ... ok\ntest_b (test_x.X.test_b)\nWhat it says. ... FAIL\n"
            "test_c (test_x.X.test_c) ... skipped 'no clang'\nRan 3 tests in 0.1s\n\nFAILED (failures=1, skipped=1)\n")
        self.assertEqual(self.numbers(c), (1, 1, 1))
        c = ct.python_unittest("test_a (test_x.X.test_a) ... ok\nRan 2 tests in 0.1s\n")
        self.assertEqual(len(c.failed), 1)

    def test_vitest(self):
        c = ct.vitest(json.dumps({"testResults": [
            {"name": "a.test.ts", "status": "failed", "assertionResults": [
                {"fullName": "one", "status": "passed"}, {"fullName": "two", "status": "failed"},
                {"fullName": "three", "status": "todo"}]},
            {"name": "b.test.ts", "status": "failed", "assertionResults": []}]}))
        self.assertEqual(self.numbers(c), (1, 2, 1))

    def test_playwright(self):
        def spec(title, status, **more):
            return {"title": title, "tests": [dict(projectName="", status=status, **more)]}
        c = ct.playwright(json.dumps({"errors": [], "suites": [{"specs": [spec("a", "expected")], "suites": [
            {"specs": [spec("b", "unexpected"),
                       spec("c", "skipped", annotations=[{"type": "skip", "description": "no pages"}])]}]}]}))
        self.assertEqual(self.numbers(c), (1, 1, 1))
        self.assertEqual(c.skipped, [("c", "no pages")])

    def test_own_line_needs_the_whole_line(self):
        self.assertIsNone(ct.own_line("x", "about 3 passed, 0 failed, 0 skipped"))
        c = ct.own_line("x", "SKIP: why\nfailed this\n3 passed, 2 failed, 2 skipped\n")
        self.assertEqual(self.numbers(c), (3, 2, 2))
        self.assertEqual(c.failed, ["x/this", "x"])
        self.assertEqual(c.skipped, [("x", "why"), ("x", "no reason given")])


class Summary(unittest.TestCase):
    def summary(self, parts):
        with tempfile.TemporaryDirectory() as reports:
            for part, files in parts.items():
                os.mkdir(os.path.join(reports, part))
                for name, text in files.items():
                    with open(os.path.join(reports, part, name), "w", encoding="utf-8") as f:
                        f.write(text)
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                status = ct.main([reports, *parts])
        return status, out.getvalue().splitlines()

    def test_last_line_is_the_total_alone(self):
        status, lines = self.summary({
            "a": {"ended.txt": "0 4\n", "steps.txt": "ok one\nok two\n"},
            "b": {"ended.txt": "0 1\n", "steps.txt": "SKIP: there is no b\n"}})
        self.assertEqual(status, 0)
        self.assertEqual(lines[-1], "2 passed, 0 failed, 1 skipped")
        self.assertTrue(any("there is no b" in line for line in lines))

    def test_a_status_without_a_failed_test_is_a_failure(self):
        status, lines = self.summary({"a": {"ended.txt": "3 4\n", "steps.txt": "ok one\n"}})
        self.assertEqual((status, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"))

    def test_nothing_counted_is_a_failure(self):
        status, lines = self.summary({"a": {"ended.txt": "0 4\n"}})
        self.assertEqual((status, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))

    def test_a_report_cut_short_is_a_failure(self):
        status, lines = self.summary({"a": {"ended.txt": "0 4\n", "vitest.json": '{"testResults": ['}})
        self.assertEqual((status, lines[-1]), (1, "0 passed, 1 failed, 0 skipped"))


if __name__ == "__main__":
    unittest.main()
