"""The reference of the pack language, written from the schema: `docs/packs.md`."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from youying.packs import words
from youying.packs.faults import CODES
from youying.packs.params import ENGINE_PARAMS
from youying.packs.schema import Pack
from youying.packs.schema_base import DURATION_PATTERN, Where, Word
from youying.packs.source import library

INTRO = """# 机制包语言

<!-- 本页由 `youying.packs.reference` 从模式生成，请不要手改。 -->

一个机制包是一个 TOML 文件：它说谁来办、一件事项怎样从登记走到销号、什么要反复做、要填什么、
怎样议事表决和公示、看哪些数。没有表达式，只有“事实 = 值”。

## 合成

1. `extends` 写明以哪些包为基础；一个街道只有一个本地包（`local = true`），在里面写自己的数字。
2. 单位是键：`loop.demand.clocks.accept.within`。一个键一个赢家：直接或间接以对方为基础的那个包说了算。
   表按名字合并；列表和“一个值的表”（条件、分档时限、审批、延期、沉默、翻案、并单、没见到、异议）整个替换。
3. 互不相识的两个包对同一个键说法不一，或各自定义了同名的东西，就拒绝并点名；同时以它们为基础的包写定以后才算数。
4. `like` 是变体：合成之后先照抄那个流程，再只改写明的。`drop` 去掉键或整节；还引用它的地方会被指出来。
5. 层级、日历、派单目录只有基础包和本地包可以写。
6. 合成的结果叫版本合成（edition），以规范 JSON 的 SHA-256 命名；事项记住自己的版本，用到结束。

期限写成“数字 单位”：`minutes`、`hours`、`days`、`months`、`working-days`、`office-hours`；月是历法月。
比例写成 `">= 2/3"`、`"> 1/2"`、`"all"`。条件写成“事实 = 值”，值可以是列表（任一）、
`{ at_least | at_most | below | over | not = … }` 或 `"param:数值"`；各键须同时成立。

## 分级时限：改一处就行

各地的分级时限不同，在本地包里只差一张表或一个数，别的都不用抄。下面三段就是三个完整的本地包，
测试照着它们跑真的派单，核对到期时刻（`tests/matters/test_levels.py`）。

四级，各若干天：

```toml
[pack]
code = "four-levels"
title = "四级一、三、七、十一日"
local = true
extends = ["BASE"]
[loop.demand.clocks.complete]
within = { urgent = "1 days", simple = "3 days", ordinary = "7 days", hard = "11 days", else = "7 days" }
```

急的按小时，其余按天：

```toml
[pack]
code = "hours-and-days"
title = "二小时、二十四小时、七天、十五天"
local = true
extends = ["BASE"]
[loop.demand.clocks.complete]
within = { urgent = "2 hours", simple = "24 hours", ordinary = "7 days", hard = "15 days", else = "7 days" }
```

不分级，一律几个工作日：

```toml
[pack]
code = "one-for-all"
title = "一律五个工作日"
local = true
extends = ["BASE"]
[loop.demand.clocks.complete]
within = { else = "5 working-days" }
```

延期的截止（`extend.ask_before`）、最多几次（`extend.most`）、谁批（`extend.approve.by`），暂停几天要过问
（`params.pause-most-days`），挂账几天复核一次（`params.park-review-days`），也都是一个键一个数。
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([INTRO.replace("BASE", _base()), *_sections(), *_catalogues(), ""])


def _base() -> str:
    """The shipped pack that extends no other, as a local pack names it."""
    base = next(raw for raw in library().values() if not raw.parents)
    return f"{base.code}@{base.head.get('version', 1)}"


def _sections() -> Iterator[str]:
    seen: set[type[Word]] = set()
    for name, info in Pack.model_fields.items():
        section = info.alias or name
        yield f"## `{section}`\n\n{info.description}\n"
        for model in _models(info.annotation):
            yield from _tables(model, _inner(section, info), seen)


def _tables(model: type[Word], path: str, seen: set[type[Word]]) -> Iterator[str]:
    if model in seen:
        return
    seen.add(model)
    yield f"### {model.__name__}（`[{path}]`）\n\n{model.__doc__}\n"
    yield "| 键 | 写什么 | 说明 |\n|---|---|---|"
    for name, info in model.model_fields.items():
        yield f"| `{info.alias or name}` | {_type(info)} | {_description(info)} |"
    yield ""
    for name, info in model.model_fields.items():
        for inner in _models(info.annotation):
            yield from _tables(inner, f"{path}.{_inner(info.alias or name, info)}", seen)


def _inner(name: str, info: FieldInfo) -> str:
    """The key of a table; tables keyed by a free name show it as 名字."""
    return f"{name}.名字" if get_origin(info.annotation) is dict else name


def _description(info: FieldInfo) -> str:
    default = "" if info.is_required() or info.default in (None, "", [], {}) else info.get_default()
    shown = "" if default == "" or isinstance(default, Word) else f"默认 `{_toml(default)}`。"
    return (info.description or "").replace("|", "\\|") + shown + ("**必写。**" if info.is_required() else "")


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')


def _type(info: FieldInfo) -> str:
    patterns = [str(getattr(one, "pattern", "")) for one in info.metadata]
    return "期限" if DURATION_PATTERN in patterns else _named(info.annotation)


def _named(annotation: Any) -> str:
    if annotation == Where:
        return "条件"
    origin = get_origin(annotation)
    if origin is Annotated:
        return _annotated(annotation)
    if origin is Literal:
        return "、".join(f"`{value}`" for value in get_args(annotation))
    if origin in (Union, types.UnionType):
        return " 或 ".join(dict.fromkeys(_named(part) for part in get_args(annotation) if part is not type(None)))
    if origin is list:
        return f"列表：{_named(get_args(annotation)[0])}"
    if origin is dict:
        return f"表：名字 → {_named(get_args(annotation)[1])}"
    return _PLAIN.get(annotation) or f"{annotation.__name__}"


_PLAIN: dict[Any, str] = {str: "文字", int: "整数", float: "数字", bool: "是否"}


def _annotated(annotation: Any) -> str:
    base, *notes = get_args(annotation)
    patterns = [str(getattr(note, "pattern", "")) for note in notes]
    return "期限" if DURATION_PATTERN in patterns else _named(base)


def _models(annotation: Any) -> Iterator[type[Word]]:
    if isinstance(annotation, type) and issubclass(annotation, Word):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _catalogues() -> Iterator[str]:
    yield from _catalogue("动作目录（封闭，30 个；本地名称写 `title`）", words.VERBS)
    yield from _catalogue("系统自有的动作（每件事项都有，包里不写）", words.HOUSE_ACTS)
    yield from _catalogue("关系（`by` 里除岗位、单位类型外可写）", words.RELATIONS)
    yield from _catalogue("要件（`needs`）", words.NEEDS)
    yield from _catalogue("结论（`close.verdict`）", words.PROOFS)
    yield from _catalogue("事实（条件、台账、数字可用；表单栏目也是事实）", words.FACTS)
    yield "## 程序认得的本地数值（`params`）\n\n| 代码 | 含义 | 默认 | 可写 |\n|---|---|---|---|"
    for code, one in ENGINE_PARAMS.items():
        yield f"| `{code}` | {one.title} | {one.value}{one.unit} | {one.least} 到 {one.most} |"
    yield ""
    yield from _catalogue("检查的代码", CODES)


def _catalogue(title: str, table: dict[str, str]) -> Iterator[str]:
    yield f"## {title}\n\n| 代码 | 中文 |\n|---|---|"
    yield from (f"| `{code}` | {text} |" for code, text in table.items())
    yield ""


if __name__ == "__main__":
    sys.stdout.write(reference())
