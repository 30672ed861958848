"""Writes of the text context: categories added and closed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_text
from youying.kernel.viewers import Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.text.models import LocalCategory
from youying.text.queries import forget, taxonomy

CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*){0,2}")


@act("text.add-category", power="texts")
def add_category(code: str, *, title: str, by: Viewer, words: Iterable[str] = ()) -> LocalCategory:
    """Add a category to the shipped ones; refused where the code is taken or not kebab-case in at most three levels."""
    if not CODE.fullmatch(code) or len(code) > 40:
        raise Refused(
            "bad-code", say="分类代码只用小写字母、数字、连字符，三级之间用点。", have=code[:60], field="code"
        )
    if code in taxonomy().categories:
        raise Refused("category-known", say=f"分类“{code}”已经有了。", have=code, field="code")
    name = clean_text(title, least=1, most=40, field="title")
    row = LocalCategory.objects.create(code=code, title=name, words=[str(w)[:20] for w in words][:30])
    subject = f"category:{row.pk}"
    open_subject(subject)
    write(subject, "text.add-category", by=by, facts={"code": code, "title": name})
    forget()
    return row


@act("text.close-category", power="texts")
def close_category(code: str, *, by: Viewer) -> LocalCategory:
    """Close a category that this installation added; matters keep it, new ones cannot take it."""
    row = LocalCategory.objects.filter(code=code, closed_at__isnull=True).first()
    if row is None:
        raise Refused("unknown-category", say="只能停用本地添加的分类。", have=code[:60], field="code")
    row.closed_at = now()
    row.save(update_fields=["closed_at"])
    write(f"category:{row.pk}", "text.close-category", by=by, facts={"code": code})
    forget()
    return row
