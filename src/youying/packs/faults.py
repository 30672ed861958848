"""What is wrong with a pack: a code, the file, the key, a sentence and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

CODES: dict[str, str] = {
    "L01": "走不到的阶段",
    "L02": "走不出去的阶段",
    "L03": "没人办的动作",
    "L04": "没有日历",
    "L05": "审批没写不同意怎么办",
    "L06": "没写怎么才算完",
    "L07": "不认识的词、名字、事实或取值",
    "L08": "时限不比申请延期的截止长",
    "L09": "子任务互相等待",
    "L10": "分母可能为零",
    "L11": "超过最高层级",
    "L12": "没有责任岗位",
    "L13": "不经销号就结束",
    "L14": "该有理由而没有",
    "L15": "自己复查自己",
    "L16": "分档没有其余",
    "L17": "没写什么时候",
    "L18": "权重或份额合计不对",
    "L19": "各包说法不一",
    "L20": "系统动作不全",
    "L21": "从未指派",
    "L22": "说没解决却无路可走",
    "L23": "没有动作留下证据",
    "L24": "结束以后才计时",
    "L25": "时钟没有时间",
    "L26": "没有销号或没有联系记录",
    "L27": "理由用不上",
    "L28": "承诺异议却无人受理",
    "L29": "缺少主路",
    "L30": "永远数不到的数字",
    "L31": "名字写法不对",
    "L32": "没有谁用到",
    "L33": "子任务没有流程可走",
    "L34": "子任务没办齐就能办结",
    "F01": "低于业主表决的法定下限",
    "F02": "低于业主公告的法定期限",
    "F03": "救助不予确认须书面说明理由",
    "F04": "司法确认的法定期限",
    "F05": "低于村务居务公开的法定期限",
    "F06": "回访、复查须由另一个人",
    "F07": "没有联系记录不得按沉默销号",
    "F08": "销号须有凭据",
    "F09": "暂停计时须有理由和凭据",
    "E01": "说了但程序还不执行",
}


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of a pack; `say` tells what is wrong, `remedy` what to do."""

    code: str
    file: str
    key: str
    say: str
    remedy: str

    @property
    def title(self) -> str:
        """The code in words."""
        return CODES[self.code]

    def __str__(self) -> str:
        return f"{self.code} {self.title}｜{self.file} 的 {self.key}：{self.say}{self.remedy}"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word a reader most likely meant; empty when none is near."""
    near = difflib.get_close_matches(word, sorted(map(str, known)), n=1, cutoff=0.5)
    return near[0] if near else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """The remedy for an unknown word: the nearest right one, else all that may stand here."""
    options = sorted(map(str, known))
    if near := nearest(word, options):
        return f"最接近的是“{near}”，请改正。"
    if not options:
        return "请删去，或先定义它。"
    return f"可以写：{'、'.join(options[:12])}{' 等' if len(options) > 12 else ''}。"
