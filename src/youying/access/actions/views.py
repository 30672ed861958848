"""Views of lists that somebody keeps for oneself."""

from __future__ import annotations

from youying.access.actions.rows import account_row
from youying.access.models import SavedView
from youying.access.rules import words_that_fit
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import write
from youying.record.acts import act

MOST_VIEWS = 12
MOST_QUERY = 500


@act("access.save-view")
def save_view(*, by: Viewer, page: str, title: str, query: str) -> SavedView:
    """Keep the filters of a list under a name; the same name again takes the new filters."""
    account = account_row(_own(by))
    words = words_that_fit(title, field="title", title="视图名称", most=20)
    if len(query) > MOST_QUERY:
        raise Refused("view-too-long", say="筛选条件太多，存不下，请去掉几个再存。", field="title")
    held = SavedView.objects.filter(account=account, page=page)
    if not held.filter(title=words).exists() and held.count() >= MOST_VIEWS:
        raise Refused("too-many-views", say=f"最多存{MOST_VIEWS}个视图，请先删去一个。", field="title")
    view, _made = SavedView.objects.update_or_create(
        account=account, page=page, title=words, defaults={"query": query, "made_at": now()}
    )
    write(account.subject, "access.save-view", by=by, facts={"page": page, "view": view.pk})
    return view


@act("access.drop-view")
def drop_view(view_id: int, *, by: Viewer) -> None:
    """Forget a view of one's own."""
    view = SavedView.objects.filter(pk=view_id, account_id=_own(by)).first()
    if view is None:
        raise Refused("not-found", say="没有这个视图。", have=view_id)
    account = account_row(_own(by))
    view.delete()
    write(account.subject, "access.drop-view", by=by, facts={"page": view.page, "view": view_id})


def _own(by: Viewer) -> int:
    if by.account_id is None:
        raise Refused("sign-in-first", say="请先登录。")
    return by.account_id
