"""`liren casetype check`: exit codes, both languages, the proof named and the way shown."""
import glob
import os
import subprocess
import sys
import tempfile

PROGRAM, ROOT = sys.argv[1:3]
ETC = os.path.join(ROOT, "etc")


def run(*args, lang="C"):
    done = subprocess.run([PROGRAM, "casetype", *args], env={"LC_ALL": lang}, capture_output=True,
                          text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


def check(*files, lang="C"):
    return run("check", "--etc", ETC, *files, lang=lang)


def want(condition, *said):
    if not condition:
        print("does not hold:", *said)
        sys.exit(1)


def main():
    count = 0
    shipped = sorted(glob.glob(os.path.join(ETC, "case-types", "*.yaml")))
    for lang, words in (("C", "all seven proofs hold"), ("zh_CN.UTF-8", "七项证明全部通过")):
        status, out, err = check(*shipped, lang=lang)
        want(status == 0 and out.count(words) == len(shipped) == 3 and err == "", lang, status, out, err)
        count += 1
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/cases/bad", "*.yaml"))):
        proof = os.path.basename(path)[0]
        for lang, words in (("C", f"Proof {proof} fails: {path}:"), ("zh", f"第 {proof} 项证明不成立：{path}:")):
            status, out, err = check(path, lang=lang)
            want(status == 1 and out.startswith(words) and err == "", path, status, out, err)
            count += 1
    # a bad file among good ones is still told, and decides the end
    status, out, _ = check(path, *shipped)
    want(status == 1 and "Proof" in out and out.count("all seven") == 3, status, out)
    with tempfile.TemporaryDirectory() as folder:
        broken = os.path.join(folder, "broken.yaml")
        with open(broken, "w", encoding="utf-8") as f:
            f.write("code: a\n  version: 1\n")
        status, out, err = check(broken)
        want(status == 2 and out == "" and "broken.yaml:2:" in err, status, out, err)
        status, _, err = check(os.path.join(folder, "absent.yaml"))
        want(status == 2 and "absent.yaml" in err, status, err)
        status, _, err = run("check", "--etc", folder, broken)
        want(status == 2 and "roles.yaml" in err, status, err)
    for args in ((), ("check",), ("prove", shipped[0]), ("check", "--what", shipped[0])):
        status, out, err = run(*args)
        want(status == 2 and out == "" and "casetype check" in err, args, status, out, err)
    status, out, _ = run("--help")
    want(status == 0 and "casetype check" in out, status, out)
    print(f"{count + 9} calls of the program answered as they should")


main()
