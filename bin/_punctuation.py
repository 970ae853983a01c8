"""Chinese text has Chinese punctuation: finds half-width marks beside Han characters in pages and messages.

Looks at templates, and at string constants (not docstrings) in Python. --fix mends templates. A line that must keep
its marks, for example because a file format asks for them, says so with the comment `half-width`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HAN = "\u4e00-\u9fff\u3001-\u3011"
FULL = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}


def mended(text: str) -> str:
    """The same text with full-width marks where they stand beside Han characters."""
    # Brackets that hold Han text, or follow it.
    text = re.sub(rf"\(([^()\n{{}}<>='\"]{{0,60}}[{HAN}][^()\n{{}}<>='\"]{{0,60}})\)", r"（\1）", text)
    text = re.sub(rf"(?<=[{HAN}])\(([\w ,.%-]{{1,14}})\)", r"（\1）", text)
    # Stops after Han text or its closing marks, and between a figure or letter and Han text.
    text = re.sub(rf"(?<=[{HAN}）」》])([,:;?!])", lambda found: FULL[found[1]], text)
    text = re.sub(rf"(?<=[\dA-Za-z>])([,;:])(?=[{HAN}])", lambda found: FULL[found[1]], text)
    return re.sub(rf"([，：；？！）]) (?=[{HAN}])", r"\1", text)


def in_template(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if "half-width" not in line and mended(line) != line:
            yield number, line.strip()


def in_python(file: Path) -> Iterator[tuple[int, str]]:
    source = file.read_text()
    lines = source.splitlines()
    tree = ast.parse(source)
    # A string that is a statement by itself is a docstring, for programmers.
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            text = node.value
            if "\\" in text or len(re.findall(r"[A-Za-z]", text)) > len(re.findall(f"[{HAN}]", text)):
                continue  # a pattern for a machine, or an English sentence that quotes a Chinese term
            if mended(text) != text and "half-width" not in lines[node.lineno - 1]:
                yield node.lineno, text.strip().replace("\n", " ")


def main() -> None:
    found = 0
    for file in sorted([*ROOT.glob("shebao/**/*"), *ROOT.glob("demo/**/*"), *ROOT.glob("config/**/*.py")]):
        if "vendor" in file.parts or "migrations" in file.parts:
            continue
        if file.suffix == ".html" and "--fix" in sys.argv:
            lines = file.read_text().splitlines(keepends=True)
            better = "".join(line if "half-width" in line else mended(line) for line in lines)
            if better != "".join(lines):
                file.write_text(better)
        looking = {".html": in_template, ".txt": in_template, ".py": in_python}.get(file.suffix)
        for number, text in looking(file) if looking else ():
            found += 1
            print(f"{file.relative_to(ROOT)}:{number}: {text[:60]}  →  {mended(text)[:60]}")
    if found:
        sys.exit(f"{found} half-width mark(s) beside Chinese text")


main()
