"""The house as the promises see it: its packages, their layers, their files."""

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEBAO = ROOT / "shebao"


@cache
def layers() -> dict[str, int]:
    """Package → height; higher may use lower. Read from import-linter's contract, so that there is one list."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    lines = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    return {name.strip(): height for height, line in enumerate(reversed(lines)) for name in line.split("|")}


def may_use(user: str, used: str) -> bool:
    """Whether a package may use another one: itself, or a lower one."""
    return user == used or layers()[user] > layers()[used]


def package_of(file: Path) -> str:
    return file.relative_to(SHEBAO).parts[0]


def modules(*, migrations: bool = False) -> list[Path]:
    """All Python files of the product."""
    return [file for file in sorted(SHEBAO.rglob("*.py")) if migrations or "migrations" not in file.parts]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def place(file: Path, node: ast.AST | None = None) -> str:
    """Where something is wrong, as an editor understands it."""
    return f"{file.relative_to(ROOT)}{f':{node.lineno}' if node else ''}"


def imports(file: Path) -> set[str]:
    """The full names a file imports, `from a import b` as a.b."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(filter(None, [start, node.module]))
            found |= {f"{base}.{name.name}" for name in node.names}
    return found
