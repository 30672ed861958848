"""督办函: the letter of a supervision as a PDF and as a Word file; masked, with who printed it and when."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter.order import chinese_font
from youying.faces.shared.words import full
from youying.kernel.masking import mask_text
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters import queries

SHEET = Path(__file__).with_name("letter.typ")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@at_post()
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The letter as a PDF."""
    letter = letter_of(viewer_for(request), number)
    return as_pdf(letter, f"supervision-{number}.pdf")


@at_post()
def word(request: HttpRequest, number: str) -> HttpResponse:
    """The letter as a Word file, which an office can go on writing in."""
    return as_word(letter_of(viewer_for(request), number), f"supervision-{number}.docx")


def letter_of(viewer: Viewer, number: str) -> dict[str, Any]:
    """The letter as data: every word that stands on it, masked; refused where this viewer may not read it."""
    view, matter = queries.supervision(viewer, number)
    row = view.row
    said = [
        (_("督办事由"), view.reason),
        (_("要求"), view.asked),
        (_("答复"), view.reply),
        (_("解除意见"), view.release),
    ]
    facts = [
        (_("事项编号"), row.matter),
        (_("事项"), matter.title),
        (_("地点"), matter.place_words),
        (_("督办级别"), row.level),
        (_("发出时间"), full(row.opened_at)),
        (_("答复期限"), full(row.due_at)),
        (_("答复时间"), full(view.replied_at) if view.replied_at else ""),
    ]
    return {
        "heading": _("督办函"),
        "number": _("编号：%(number)s") % {"number": row.number},
        "to": _("%(unit)s：") % {"unit": row.unit or _("承办单位")},
        "facts": [[name, mask_text(value)] for name, value in facts if value],
        "parts": [[name, mask_text(words)] for name, words in said if words],
        "closing": _("请在%(when)s前书面答复。逾期没有答复的，记为逾期，并告知发出督办的岗位。")
        % {"when": full(row.due_at)},
        "signed": view.opened_by,
        "date": full(row.opened_at),
        "mark": printed_by(viewer),
    }


def printed_by(viewer: Viewer) -> str:
    """Who printed a paper and when, for its foot."""
    said = {"name": viewer.name, "post": viewer.post_title, "when": full(now())}
    return _("%(name)s（%(post)s）%(when)s打印") % said


def as_pdf(letter: dict[str, Any], name: str) -> HttpResponse:
    """A letter or minutes as a PDF to be kept as a file."""
    data = msgspec.json.encode(letter | {"font": chinese_font()}).decode()
    made = typst.compile(SHEET.read_bytes(), sys_inputs={"letter": data})
    return _file(bytes(made), "application/pdf", name)


def as_word(letter: dict[str, Any], name: str) -> HttpResponse:
    """The same as a Word file, in a font that Word has on every Chinese machine."""
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "SimSun", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "SimSun")
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title = heading.add_run(letter["heading"])
    title.bold, title.font.size = True, Pt(22)
    paper.add_paragraph(letter["number"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph(letter["to"])
    table = paper.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for what, value in letter["facts"]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = what, value
    for what, words in letter["parts"]:
        paper.add_paragraph().add_run(what).bold = True
        paper.add_paragraph(words)
    paper.add_paragraph(letter["closing"])
    for line in (letter["signed"], letter["date"]):
        paper.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.sections[0].footer.paragraphs[0].text = letter["mark"]
    kept = io.BytesIO()
    paper.save(kept)
    return _file(kept.getvalue(), WORD, name)


def _file(made: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
