"""What others wrote and the pages use: copied out of node_modules into a folder that git ignores.

`python -m shebao.pages.vendor` is a step of the set-up, after `npm ci --ignore-scripts`. It leaves behind GOV.UK's page
script, one sprite of the icons that icons.txt names, and the licences of both. Running it again changes nothing.
"""

import json
from pathlib import Path

PAGES = Path(__file__).resolve().parent
VENDOR = PAGES / "static" / "vendor"
MODULES = PAGES.parents[1] / "node_modules"

SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
    ' stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
)


def icon_names() -> list[str]:
    """The icons that templates may use, in alphabetical order."""
    return sorted((PAGES / "icons.txt").read_text("utf-8").split())


def copy(modules: Path = MODULES, to: Path = VENDOR) -> None:
    """Fill the folder `to`. Raises FileNotFoundError where a package is missing: run npm ci first."""
    to.mkdir(parents=True, exist_ok=True)
    govuk = modules / "govuk-frontend"
    script = (govuk / "dist/govuk/govuk-frontend.min.js").read_text("utf-8")
    # Its source map isn't served, and hashed static names may not point at a file that is missing.
    (to / "govuk-frontend.min.js").write_text(script.partition("//# sourceMappingURL")[0] + "\n", "utf-8")
    (to / "icons.svg").write_text(sprite(modules / "@tabler/icons"), "utf-8")
    (to / "LICENCES.txt").write_text(_licences(modules), "utf-8")


def sprite(package: Path) -> str:
    """All icons as symbols of one SVG; `<use href="…#name">` needs no script and no inline style."""
    drawings = json.loads((package / "tabler-nodes-outline.json").read_text("utf-8"))
    missing = [name for name in icon_names() if name not in drawings]
    if missing:
        raise LookupError(f"icons.txt names icons that Tabler doesn't have: {', '.join(missing)}")
    symbols = (SYMBOL.format(name=name, shapes=_shapes(drawings[name])) for name in icon_names())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _shapes(nodes: list) -> str:
    return "".join(
        f"<{tag} " + " ".join(f'{key}="{value}"' for key, value in attributes.items()) + "/>"
        for tag, attributes in nodes
    )


def _licences(modules: Path) -> str:
    parts = []
    for name in ("@tabler/icons", "govuk-frontend"):
        about = json.loads((modules / name / "package.json").read_text("utf-8"))
        parts.append(f"{name} {about['version']}: {about['license']}\n{about.get('homepage', '')}\n")
        for licence in sorted((modules / name).glob("LICENSE*")):
            parts.append(licence.read_text("utf-8"))
        # For a package that ships without its licence's text.
        ours = MODULES.parent / f"docs/licences/{name}.txt"
        if ours.exists():
            parts.append(ours.read_text("utf-8"))
    return "\n".join(parts)


if __name__ == "__main__":
    copy()
