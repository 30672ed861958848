"""Every link and picture of a page of the documentation leads to something that stands in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.houserules.reading import ROOT

LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")


def pages() -> list[Path]:
    """The pages at the root and below docs and bench."""
    below = [page for folder in ("docs", "bench") for page in (ROOT / folder).rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *(page for page in below if "node_modules" not in page.parts)])


def targets(text: str) -> Iterator[str]:
    """Where a page's own links lead; what stands in code, or leads to another host, is none of ours."""
    for match in LINK.finditer(CODE.sub("", FENCED.sub("", text))):
        target = match["target"]
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def anchors(text: str) -> set[str]:
    """The names under which the headings of a page can be linked to."""
    titles = re.findall(r"^#+ (.+?)\s*$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def broken(page: Path, *, root: Path = ROOT) -> list[str]:
    """The links of a page that lead nowhere, to a missing heading, or out of the repository."""
    found = []
    for target in targets(page.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        inside = there == root or root in there.parents
        heading = not anchor or (
            there.suffix == ".md" and there.is_file() and anchor in anchors(there.read_text("utf-8"))
        )
        if not (inside and there.exists() and heading):
            found.append(f"{page.relative_to(root)}: {target}")
    return found


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    assert len(pages()) > 20
    assert [line for page in pages() for line in broken(page)] == []


def test_every_guide_and_every_folder_of_the_documentation_is_linked_from_the_front_page() -> None:
    linked = {target.partition("#")[0].rstrip("/") for target in targets((ROOT / "README.md").read_text("utf-8"))}
    folders = [folder for folder in (ROOT / "docs").iterdir() if folder.is_dir() and any(folder.rglob("*.md"))]
    guides = {str(page.relative_to(ROOT)) for page in (ROOT / "docs" / "guide").glob("*.md")}
    assert guides <= linked
    assert [f.name for f in folders if not any(link.startswith(f"docs/{f.name}") for link in linked)] == []


def test_the_rule_sees_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n[a](#title) [b](#other) [c](page.md#title) [d](gone.md) [e](../outside.md)", "utf-8")
    (tmp_path.parent / "outside.md").write_text("beyond the repository", "utf-8")
    assert broken(page, root=tmp_path) == ["page.md: #other", "page.md: gone.md", "page.md: ../outside.md"]


def test_the_rule_reads_links_and_headings_but_no_code() -> None:
    text = (
        '[a](here.md) ![b](pictures/b.png "B") [c](https://example.org/x) `[d](in-code.md)`\n```\n[e](fenced.md)\n```\n'
    )
    assert list(targets(text)) == ["here.md", "pictures/b.png"]
    assert anchors("# One door: acts\n## 动作\n```\n# not a heading\n```\n") == {"one-door-acts", "动作"}
