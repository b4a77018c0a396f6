"""Tables of macro calls (err_table.h, kind_table.h, route_table.h) read without a compiler: one call a row, whose
arguments are words, numbers and strings. Adjacent strings are one, as in C. Depends on the standard library only."""
import ast
import re

import house

STRING = r'"(?:[^"\\\n]|\\.)*"'
TOKEN = re.compile(rf'\s+|({STRING})|([^\s,()"]+)|([,()])')
NO_ROW = re.compile(rf'({STRING})|/\*.*?\*/|//[^\n]*|^[ \t]*#[^\n]*', re.S | re.M)


def strings_joined(words):
    """One argument: a run of strings is one string, anything else stays as it is spelled."""
    if words and all(word.startswith('"') for word in words):
        return "".join(ast.literal_eval(word) for word in words)
    return " ".join(words)


def rows(root, path, macro):
    """The argument lists of every call of macro in a file, each as (line, [argument])."""
    text = house.read(root, path)
    # Blank comments and directives, keep the lines.
    text = NO_ROW.sub(lambda m: m.group(1) or re.sub(r"[^\n]", " ", m.group()), text)
    out, at = [], 0
    for call in re.finditer(rf"\b{macro}\s*\(", text):
        if call.start() < at:
            continue
        line = text.count("\n", 0, call.start()) + 1
        arguments, words, depth, at = [], [], 1, call.end()
        while depth > 0:
            token = TOKEN.match(text, at)
            if not token:
                raise house.Unreadable(f"{path}:{line}: this call of {macro} does not end")
            at = token.end()
            string, word, mark = token.groups()
            if mark == "(":
                depth += 1
            elif mark == ")":
                depth -= 1
            if mark == "," and depth == 1:
                arguments.append(strings_joined(words))
                words = []
            elif depth > 0 and (string or word or mark):
                words.append(string or word or mark)
        arguments.append(strings_joined(words))
        out.append((line, arguments))
    return out
