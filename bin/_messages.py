"""Collects the texts that pages and messages show into locale/en/LC_MESSAGES/django.po, whose translations it keeps.

What GNU gettext's tools do, which a fresh machine lacks. A text that is gone goes; a new one comes with an empty
translation, and is named. --check changes nothing and fails where the file isn't up to date or lacks a translation.
"""

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "locale/en/LC_MESSAGES/django.po"
SINGLE = {"gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
HEAD = {
    "Project-Id-Version": "shebao",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
Text = tuple[str, str]  # the text, and its plural or ""


def in_python(file: Path) -> Iterator[Text]:
    tree = ast.parse(file.read_text("utf-8"))
    called = {
        one.asname or one.name: one.name  # whatever a module calls it
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            function = called.get(node.func.id)
            if function in SINGLE and words:
                yield words[0], ""
            elif function in PLURAL and len(words) == 2:
                yield words[0], words[1]


def in_template(file: Path) -> Iterator[Text]:
    """Django turns a template into calls amid rubbish; the calls are found and their text constants read."""
    source = templatize(file.read_text("utf-8"), origin=str(file))
    for call in re.finditer(r"\b(n?gettext|_)\((?=u?['\"])", source):
        words = list(_constants(source[call.end() :]))
        if words:
            yield words[0], words[1] if call[1] == "ngettext" and len(words) > 1 else ""


def _constants(source: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(StringIO(source).readline):
            if token.type == tokenize.STRING:
                yield ast.literal_eval(token.string)
            elif token.string != ",":
                return
    except (tokenize.TokenError, IndentationError):
        return


def collected() -> dict[Text, list[str]]:
    """Each text with the files it stands in."""
    found: dict[Text, list[str]] = {}
    for folder in ("shebao", "config"):
        for file in sorted((ROOT / folder).rglob("*")):
            reader = {".py": in_python, ".html": in_template}.get(file.suffix)
            if reader and "migrations" not in file.parts:
                for text in reader(file):
                    if text[0].strip():
                        found.setdefault(text, []).append(file.relative_to(ROOT).as_posix())
    return found


def renewed(old: polib.POFile) -> polib.POFile:
    """The file as it should be: these texts, with the translations there were."""
    translated = {(one.msgid, one.msgid_plural): one for one in old}
    new = polib.POFile(wrapwidth=110)
    new.metadata = HEAD
    for (text, plural), files in collected().items():
        was = translated.get((text, plural))
        entry = polib.POEntry(
            msgid=text,
            msgid_plural=plural,
            occurrences=[(name, "") for name in dict.fromkeys(files)],
            flags=["python-format"] if re.search(r"%\(\w+\)[sd]", text) else [],
        )
        if plural:
            entry.msgstr_plural = was.msgstr_plural if was else {0: "", 1: ""}
        else:
            entry.msgstr = was.msgstr if was else ""
        new.append(entry)
    return new


def main() -> None:
    settings.configure()
    old = polib.pofile(str(FILE)) if FILE.exists() else polib.POFile()
    new = renewed(old)
    missing = [one for one in new if not one.translated()]
    if "--check" in sys.argv:
        stale = {(one.msgid, one.msgid_plural) for one in new} ^ {
            (one.msgid, one.msgid_plural) for one in old
        }
        if stale or missing:
            sys.exit(f"bin/messages: {len(stale)} text(s) to collect, {len(missing)} to translate")
        return
    FILE.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(FILE))
    for one in missing:
        print(f"{one.occurrences[0][0]}: {one.msgid}")
    print(f"{len(new)} texts, {len(missing)} to translate", file=sys.stderr)


if __name__ == "__main__":
    main()
