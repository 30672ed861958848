"""Write the pages that are read off the program: the acts and the pack language.

`python docs/reference.py` writes them; with `--check` it writes nothing and fails where one is out of date.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import django

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "src" / "youying"
ACTS_HEAD = """# 动作

<!-- 本页由 `make docs` 从程序生成，请不要手改。 -->

每一次写入都是一个有名字的动作：由谁、凭什么权限、做什么。没有别的写入途径。

"""


def acts() -> str:
    """Every act of the house with its power and its sentence, by context."""
    for path in sorted(PACKAGE.glob("**/actions*/*.py")) + sorted(PACKAGE.glob("**/actions.py")):
        import_module(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    registered = import_module("youying.record.acts").ACTS
    powers = import_module("youying.kernel.viewers").POWERS
    groups: dict[str, list[str]] = defaultdict(list)
    for name, info in sorted(registered.items()):
        power = f"{powers[info.power]}（`{info.power}`）" if info.power else "—"
        groups[name.split(".")[0]].append(f"| `{name}` | {power} | {info.doc.splitlines()[0]} |")
    parts = [
        f"## {group}\n\n| 动作 | 权限 | 做什么 |\n|---|---|---|\n" + "\n".join(rows) for group, rows in groups.items()
    ]
    return ACTS_HEAD + "\n\n".join(parts) + "\n"


def packs() -> str:
    """The reference of the pack language."""
    written: str = import_module("youying.packs.reference").reference()
    return written


PAGES = {DOCS / "contexts" / "acts.md": acts, DOCS / "packs.md": packs}


def main() -> int:
    """Write the pages, or say which are out of date."""
    django.setup()
    stale = []
    for path, write in PAGES.items():
        text = write()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path.relative_to(DOCS.parent)))
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    if stale and "--check" in sys.argv:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run make docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
