"""Who is looking or acting: an account in a post, the system, a reporter or the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from youying.kernel.refusals import Refused

POWERS: dict[str, str] = {
    "view": "看本辖区事项",
    "intake": "登记事项",
    "act": "办理事项",
    "unmask": "查看完整个人信息",
    "protected": "查看受保护的举报人信息",
    "export": "导出",
    "approve-export": "批准大批量导出",
    "import": "导入",
    "places": "管理区划、小区、网格",
    "accounts": "管理账号、单位、岗位",
    "packs": "管理机制包与本地数值",
    "rosters": "排值班表",
    "rates": "看三率",
    "audit": "查看留痕与校验",
    "texts": "管理分类与训练",
}
"""What a post may do beside the acts its pack gives it; chosen at appointment."""

Kind = Literal["post", "system", "reporter", "public"]


@dataclass(frozen=True, slots=True)
class Viewer:
    """One looking or acting party; every read and every write starts from it.

    `reach` is a path prefix ("/63/6301/630103/…"); empty means nowhere, "/" means everywhere.
    A reporter carries `reporter_of`, the matter it proved its secret for.
    """

    kind: Kind = "public"
    account_id: int | None = None
    post_id: int | None = None
    post_code: str = ""
    post_title: str = ""
    name: str = ""
    reach: str = ""
    unit_id: int | None = None
    unit_title: str = ""
    unit_kind: str = ""
    powers: frozenset[str] = frozenset()
    reporter_of: int | None = None
    reporter_id: int | None = None

    def may(self, power: str) -> bool:
        """True where the post holds the power; the system holds all."""
        return self.kind == "system" or power in self.powers

    def reaches(self, path: str) -> bool:
        """True where the path lies at or below this viewer's reach."""
        if self.kind == "system":
            return True
        return bool(self.reach) and (path == self.reach or path.startswith(self.reach.rstrip("/") + "/"))

    def require(self, power: str) -> None:
        """Refuse unless the post holds the power."""
        if not self.may(power):
            title = POWERS.get(power, power)
            raise Refused(
                "no-power", say=f"您的岗位没有“{title}”的权限，请找本单位管理员。", have=self.post_title, need=title
            )

    def require_reach(self, path: str) -> None:
        """Refuse unless the path lies within reach."""
        if not self.reaches(path):
            raise Refused("out-of-reach", say="这里不在您的辖区内，请找负责该辖区的同事。", have=self.reach, need=path)


SYSTEM = Viewer(kind="system", name="系统", reach="/")
PUBLIC = Viewer(kind="public", name="来访者")
