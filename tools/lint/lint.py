#!/usr/bin/env python3
"""The rules of the house that a machine can check. ./run lint calls it, after the release build.

usage: lint.py [--jobs N] [--write]

--write brings tables in documents up to date, and wraps wide lines of C. Each finding names file, line and remedy;
each check counts as one, and the last line is `N passed, N failed, N skipped`. Exit status 1 when a check failed.
"""
import argparse
import os
import sys

import compile as compilers
import docs
import house
import hygiene
import layers
import openapi
import pure

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = "build"


class Skip(Exception):
    pass


def manual():
    pages = house.sources(ROOT, "docs/man", ".1")
    if not pages:
        raise Skip("there is no page in docs/man yet")
    status, said = house.run(["mandoc", "-Tlint", "-W", "warning", *pages], ROOT)
    return [house.Finding("docs/man", 1, line) for line in said.splitlines()] if status != 0 or said else []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    checks = [
        ("layers", lambda: layers.check(ROOT)),
        ("pure floors", lambda: pure.check(ROOT, BUILD)),
        ("banned functions", lambda: compilers.check_banned(ROOT, BUILD, options.jobs)),
        ("headers alone", lambda: compilers.check_headers(ROOT, BUILD, options.jobs)),
        ("documents and tables", lambda: docs.check(ROOT, options.write)),
        ("files", lambda: hygiene.check(ROOT)),
        ("API file", lambda: openapi.check(ROOT)),
        ("manual", manual),
    ]
    if options.write:
        hygiene.wrap(ROOT)
    passed = failed = skipped = 0
    for name, check in checks:
        try:
            findings = list(check())
        except Skip as reason:
            print(f"SKIP: {name}: {reason}")
            skipped += 1
            continue
        except (house.Unreadable, OSError) as e:
            findings = [e]
        for finding in findings:
            print(f"{finding}")
        print(f"{'ok' if not findings else 'failed':6} {name}")
        passed += not findings
        failed += bool(findings)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
