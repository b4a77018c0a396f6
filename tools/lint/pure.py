"""The pure floors, read from their object files: which functions they call from outside, and whether they own data
that can change. Reads the release build, because sanitisers add calls and data of their own."""
import os
import re

import house
from house import Finding

# What a pure floor may call besides itself and the floors below. Compilers also put in the checked twins (__x_chk).
ALLOWED = re.compile(
    r"(memcpy|memmove|memset|memcmp|memchr|mempcpy|memmem|memrchr|rawmemchr"
    r"|strlen|strnlen|strcmp|strncmp|strchr|strchrnul|strrchr|strstr|strspn|strcspn|strpbrk"
    r"|bsearch|abs|labs|llabs"
    r"|(sin|cos|sincos|tan|asin|acos|atan|atan2|sqrt|cbrt|exp|exp2|expm1|log|log2|log10|log1p|pow|hypot|floor|ceil|trunc"
    r"|round|lround|llround|rint|lrint|llrint|nearbyint|fabs|fmod|fmin|fmax|fma|erf|erfc|frexp|ldexp|scalbn)f?"
    r"|nettle_sha256_\w+"
    r"|sodium_(memcmp|memzero|is_zero|increment|add|sub|compare|pad|unpad|bin2hex|hex2bin|bin2base64|base642bin"
    r"|base64_encoded_len)"
    r"|crypto_(?!.*(keygen|random|keypair$|box_seal$|pwhash))\w+|crypto_sign_seed_keypair|crypto_kx_seed_keypair"
    r"|crypto_box_seed_keypair"
    r"|__assert_fail|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
    r"|__mem(cpy|move|set|pcpy)_chk)")
WRITABLE = re.compile(r"\.(data|bss|tdata|tbss|sdata|sbss|ldata|lbss)(?!\.rel\.ro)(\.|$)|\*COM\*")


def symbols(root, archive):
    """(object, name, kind, section) of each symbol of an archive."""
    status, said = house.run(["nm", "--format=sysv", archive], root)
    if status != 0:
        raise house.Unreadable(f"{archive}: nm could not read it: {said.strip()}")
    member, rows = archive, []
    for line in said.splitlines():
        header = re.match(r"^(?:Undefined s|S)ymbols from (?:.*\[)?([^\]]+?)\]?:$", line)
        if header:
            member = os.path.basename(header.group(1))
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 7 and cells[0] != "Name":
            rows.append((member, cells[0], cells[2], cells[6]))
    return rows


def check_archive(root, archive, known):
    """known: names that the floors below define. Returns findings and the names this one defines."""
    rows = symbols(root, archive)
    findings = []
    defined = {name for _, name, kind, _ in rows if kind in "TRDBVWC" and kind.isupper()}
    if not any(kind in "tT" for _, _, kind, _ in rows):
        findings.append(Finding(archive, 1, "holds no function that nm can see (built with -flto?)"))
    for member, name, kind, section in rows:
        if kind in "UwV" and section in ("*UND*", "") and name not in defined | known and not ALLOWED.fullmatch(name):
            findings.append(Finding(f"{archive}({member})", 1, f"calls '{name}'; a pure floor does no I/O, asks no "
                            "clock, starts no thread and takes no memory. Pass the value in from above"))
        if WRITABLE.match(section):
            findings.append(Finding(f"{archive}({member})", 1, f"'{name}' is data that can change ({section}); "
                            "make it const, or keep it with the caller"))
    return findings, defined


def check(root, build):
    known = {}
    for layer in house.layers(root):
        if layer.name not in house.PURE:
            continue
        for below in layer.below:
            if below not in house.PURE:
                yield Finding("meson.build", 1, f"'{layer.name}' is pure, '{below}' below it is not")
        if set(layer.libraries) - {"sodium", "nettle", "m"}:
            yield Finding("meson.build", 1, f"'{layer.name}' is pure; it may use no library but sodium and nettle")
        archive = os.path.join(build, f"libliren_{layer.name}.a")
        names = set().union(*(known.get(below, set()) for below in layer.below))
        findings, known[layer.name] = check_archive(root, archive, names)
        yield from findings
