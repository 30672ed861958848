"""Numbers that the engine asks for by name: a pack may set them in `params`; else the documented default holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class EngineParam:
    """One number of the engine: what it means, its default, unit and bounds."""

    title: str
    value: int | float
    unit: str
    least: int | float
    most: int | float

    def allows(self, value: Any) -> bool:
        """Whether a pack may set it so."""
        return isinstance(value, (int, float)) and not isinstance(value, bool) and self.least <= value <= self.most


ENGINE_PARAMS: Final[dict[str, EngineParam]] = {
    "text-confidence": EngineParam("自动分类的把握低于此值时由人来定", 0.85, "", 0.5, 1),
    "duplicate-likeness": EngineParam("文字相似到此值就提示可能重复", 0.8, "", 0.5, 1),
    "repeat-days": EngineParam("同一诉求人在前一件了结后几天内，就同一处再提同类的事，算重复诉求", 30, "天", 1, 365),
    "export-most": EngineParam("一人一天导出合计超过此数要另一岗位批准", 2000, "件", 1, 500_000),
    "batch-most": EngineParam("一次批量最多办几件", 200, "件", 1, 2000),
    "urge-gap-hours": EngineParam("居民两次催办至少间隔", 24, "小时", 1, 720),
    "urges-most": EngineParam("一件事项居民最多催办", 10, "次", 1, 100),
    "duty-rest-hours": EngineParam("同一个人两个班之间至少歇多久", 8, "小时", 0, 48),
    "duty-swap-yes": EngineParam("换班要不要管值班表的人同意（1要，0不要）", 0, "", 0, 1),
    "duty-plan-days": EngineParam("值班表排到头前几天，提醒管值班表的人接着排（0 不提醒）", 7, "天", 0, 60),
    "pause-most-days": EngineParam("计时暂停满几天还没恢复，就告诉批准暂停的岗位和承办单位", 15, "天", 1, 730),
    "park-review-days": EngineParam("挂账以后每隔几天复核一次，到期没复核就提醒", 30, "天", 1, 365),
    "rework-alarm": EngineParam("重办满几次就请上一级关注并提请提级督办（0 不提）", 3, "次", 0, 50),
    "redispatch-alarm": EngineParam("转办（再次派单）满几次就请上一级关注并提请提级督办（0 不提）", 3, "次", 0, 50),
    "supervise-ordinary-days": EngineParam("一般督办几个工作日内答复", 5, "个工作日", 1, 250),
    "supervise-key-days": EngineParam("重点督办几个工作日内答复", 3, "个工作日", 1, 250),
    "supervise-listed-days": EngineParam("挂牌督办几个工作日内答复", 10, "个工作日", 1, 250),
    "grade-first": EngineParam("各率达到此值及以上为一档", 95, "%", 1, 100),
    "grade-second": EngineParam("各率达到此值及以上、不到一档为二档，以下为三档", 85, "%", 0, 100),
    "exclusion-review-days": EngineParam("提请剔除或对剔除提异议，几个工作日内答复", 5, "个工作日", 1, 60),
    "undo-minutes": EngineParam("办错以后多久内还可以撤回（页面上的按钮留10秒）", 1, "分钟", 0, 1440),
}


def engine_param(params: Mapping[str, Any], name: str) -> int | float:
    """The number in force: the pack's if it sets one, else the default."""
    value = params.get(name, ENGINE_PARAMS[name].value)
    return value if isinstance(value, (int, float)) else ENGINE_PARAMS[name].value


RISK_WORDS: Final = "risk-words"
RISK_WORDS_DEFAULT: Final = "自杀、轻生、跳楼、爆炸、起火、燃气泄漏、触电、坍塌、持刀、群体聚集"
"""What a street that writes no `params.risk-words` of its own looks for; a setting without a source in law."""


def risk_words(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The words that put a matter before a higher tier at once: one text, separated by 、or commas; empty looks for none."""
    said = params.get(RISK_WORDS, RISK_WORDS_DEFAULT)
    return tuple(dict.fromkeys(word.strip() for word in re.split("[、，,；;\\s]+", str(said)) if word.strip()))
