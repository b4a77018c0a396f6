#!/usr/bin/python3
"""Tries crash.py and stress.py on the model: they find nothing in the right one and see each wrong one.

usage: test_checkers.py PATH-OF-load"""
import os
import re
import subprocess
import sys

import outside

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = ["--liren", f"{sys.executable} {HERE}/model.py"]
CRASH = ["crash.py", *MODEL, "--rounds", "2", "--seed", "5", "--longest-ms", "400", "--clients", "3"]
STRESS = ["stress.py", *MODEL, "--load", sys.argv[1], "--seconds", "1", "--limit", "500", "--connections", "16",
          "--head-max", "70000", "--only"]
ROWS = [  # script, how the model is wrong, a sentence that must be among those said
    (CRASH, "", None), (CRASH, "lose", "a line can be opened"), (CRASH, "twice", "sent again, a line is answered as before"),
    (CRASH, "gap", "an answered entry stands in the log"), (CRASH, "salt", "an opened line is as when it was written"),
    (CRASH, "fork", "a checkpoint agrees with the later tree"), (CRASH, "unerase", "an erased line cannot be opened"),
    (CRASH, "text", "and has its text"), (CRASH, "verify", "journal verify finds nothing wrong"),
    (CRASH, "hang", "the server answers after its start"), (CRASH, "slow", "the server stops with 0"),
    (STRESS + ["wrong"], "", None), (STRESS + ["wrong"], "plain", "is a problem (RFC 9457)"),
    (STRESS + ["slow"], "", None), (STRESS + ["greedy"], "", None), (STRESS + ["vanish"], "", None),
    (STRESS + ["many"], "", None), (STRESS + ["many"], "hang", "exit code 3"), (STRESS + ["many"], "text", "an answered line opens"),
    (STRESS + ["stop"], "", None), (STRESS + ["stop"], "slow", "SIGTERM under load ends with 0 within 3 s"),
    (STRESS + ["stop"], "torn", "each answered line is in the list"),
]

check = outside.Checks()
for (script, *args), wrong, sentence in ROWS:
    done = subprocess.run([sys.executable, f"{HERE}/{script}", *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, timeout=120, env={**os.environ, "LIREN_MODEL_BREAK": wrong, "LIREN_ANSWER_S": "3"})
    name = f"{script} {args[-1] if script == 'stress.py' else ''} with the model {wrong or 'as it is'}"
    if sentence is None:
        check(done.returncode == 0 and re.search(r"[1-9]\d* passed, 0 failed\n$", done.stdout), name + " finds nothing", done.stdout)
    else:
        check(done.returncode == 1 and sentence in done.stdout, f"{name} says: {sentence}", done.stdout[-900:])
    for folder in re.findall(r"left behind: (\S+)", done.stdout):
        subprocess.run(["rm", "-r", folder], check=True)
raise SystemExit(check.end())
