"""A pack or an edition as a page that a street secretary recognises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from youying.packs import words
from youying.packs.chinese import LITTLE_WORDS, Namer, join
from youying.packs.edition import Edition, build_edition
from youying.packs.explain_loop import loop_lines
from youying.packs.explain_means import SENTENCES, rhythm_line
from youying.packs.schema_means import Figure
from youying.packs.shape import dotted, leaves
from youying.packs.source import Library, RawPack

Mine = Callable[[str], bool]


def explain(subject: Edition | RawPack, lib: Library | None = None) -> str:
    """The page: of a raw pack what it says itself (inherited loops whole, its own lines marked); of an edition, all.

    Refused as in `build_edition` when the pack cannot be merged.
    """
    if isinstance(subject, Edition):
        return _page(subject, lambda key: True, subject.pack.pack.extends)
    lib = lib or {}
    edition = build_edition(subject, lib)
    bases = [f"{lib[code].head.get('title', code)}（{code}）" for code in subject.parents]
    own = {dotted(path) for path, _ in leaves(subject.table)}
    own |= {above for key in own for above in _above(key)}
    return _page(edition, own.__contains__, bases)


def _above(key: str) -> Iterator[str]:
    while key := key.rpartition(".")[0]:
        yield key


def _page(edition: Edition, mine: Mine, bases: Sequence[str]) -> str:
    return "\n".join([*_head(edition, bases), *_lines(edition, mine)]) + "\n"


def _lines(edition: Edition, mine: Mine) -> Iterator[str]:
    named = Namer(edition.pack)
    yield from _people(named, mine)
    yield from _small_tables(named, mine)
    for name, loop in edition.pack.loop.items():
        if mine(f"loop.{name}"):
            yield from loop_lines(name, loop, named, mine)
    for name, rhythm in edition.pack.rhythm.items():
        if mine(f"rhythm.{name}"):
            yield f"【{rhythm.title}】{rhythm_line(rhythm, named)}。"
    yield from _sentences(named, mine)
    yield from _figures(named, mine)
    yield from _last(edition)


def _head(edition: Edition, bases: Sequence[str]) -> Iterator[str]:
    head = edition.pack.pack
    mechanism = f"（{head.mechanism}，第{head.version}版）" if head.mechanism else f"（第{head.version}版）"
    yield f"{head.title}{mechanism}"
    if head.about:
        yield head.about
    if head.origin:
        yield f"出处：{head.origin}。"
    if head.sources:
        yield f"依据：{join(head.sources)}。"
    if bases:
        yield f"以{join(bases)}为基础，没有另说的都照基础办。"


def _people(named: Namer, mine: Mine) -> Iterator[str]:
    posts = [_post(code, named) for code in named.pack.posts if mine(f"posts.{code}")]
    if posts:
        yield f"【岗位】{join(posts)}。"
    units = [_unit(code, named) for code in named.pack.units if mine(f"units.{code}")]
    if units:
        yield f"【单位】{join(units)}。"
    channels = [_channel(code, named) for code in named.pack.channel if mine(f"channel.{code}")]
    if channels:
        yield f"【渠道】{join(channels)}。"


def _post(code: str, named: Namer) -> str:
    post = named.pack.posts[code]
    each = f"（每个{words.TIERS[post.at]}{post.each}名）" if post.each and post.at else ""
    return f"{post.title}{each}{'（包联）' if post.pledged and '包联' not in post.title else ''}"


def _channel(code: str, named: Namer) -> str:
    channel = named.pack.channel[code]
    roster = named.pack.roster.get(channel.roster or "")
    return f"{channel.title}（由“{roster.title}”接听，非工作时间来的诉求先到当班的人）" if roster else channel.title


def _unit(code: str, named: Namer) -> str:
    unit = named.pack.units[code]
    return f"{unit.title}（随{words.TIERS[unit.mirrors]}设置）" if unit.mirrors else unit.title


def _small_tables(named: Namer, mine: Mine) -> Iterator[str]:
    for code, calendar in named.pack.calendar.items():
        if mine(f"calendar.{code}"):
            yield f"【{calendar.title}】每周{len(calendar.week)}天，{join(calendar.hours)}，{_holidays(calendar.holidays)}。"
    if named.pack.tiers and mine("tiers"):
        yield f"【层级】{' → '.join(words.TIERS[tier] for tier in named.pack.tiers.order)}。"
    for fact, values in named.pack.values.items():
        said = [title for value, title in values.items() if mine(f"values.{fact}.{value}")]
        if said:
            yield f"【{words.OPEN_FACTS[fact]}】{join(said)}。"
    params = [named.param(code) for code in named.pack.params if mine(f"params.{code}")]
    if params:
        yield f"【本地数值】{join(params)}。"
    yield from _directory(named, mine)


def _holidays(holidays: str) -> str:
    return LITTLE_WORDS["national"] if holidays == "national" else "不按节假日放假"


def _directory(named: Namer, mine: Mine) -> Iterator[str]:
    directory = named.pack.directory
    if directory and mine("directory"):
        rows = f"，本包写了{len(directory.rows)}行" if directory.rows else "，各地在屏幕上维护或随包附表"
        yield f"【派单目录】什么分类派给谁、协办谁、多急、多久{rows}。"


def _sentences(named: Namer, mine: Mine) -> Iterator[str]:
    for section, say in SENTENCES.items():
        things: Mapping[str, object] = getattr(named.pack, "register_" if section == "register" else section)
        for name, thing in things.items():
            if mine(f"{section}.{name}"):
                yield "【" + say(thing, named).replace("：", "】", 1) + "。"


def _figures(named: Namer, mine: Mine) -> Iterator[str]:
    figures = [_figure(figure, named) for name, figure in named.pack.figure.items() if mine(f"figure.{name}")]
    if figures:
        yield f"【看哪些数】{'；'.join(figures)}。率都带件数，剔除的另列、看得见。"


def _figure(figure: Figure, named: Namer) -> str:
    notes = []
    if figure.compare and "比" not in figure.title:
        notes.append(f"与{LITTLE_WORDS[figure.compare]}相比")
    if figure.base is not None:
        notes.append(_rate(figure, named))
    elif figure.sum:
        notes.append(f"把“{named.fact(figure.sum)}”加起来")
    if figure.exclude:
        notes.append(
            f"剔除{join(named.pack.reasons[code].title for code in figure.exclude if code in named.pack.reasons)}"
        )
    return f"{figure.title}（{'，'.join(notes)}）" if notes else figure.title


def _rate(figure: Figure, named: Namer) -> str:
    base = named.tests(figure.base or {}) or "全部"
    return f"分子：{named.tests(figure.where)}；分母：{base}"


def _last(edition: Edition) -> Iterator[str]:
    if edition.pack.words:
        said = join(
            f"“{words.SCREEN_WORDS[word]}”叫“{local}”"
            for word, local in edition.pack.words.items()
            if words.SCREEN_WORDS[word] != local
        )
        if said:
            yield f"【屏幕用词】{said}。"
    for key, who in edition.dropped.items():
        yield f"【去掉】{who} 去掉了 {key}。"
    if edition.pack.beyond:
        said = "；".join(f"{words.CONTEXTS[context]}：{text}" for context, text in edition.pack.beyond.items())
        yield f"【不由本包规定，由程序保证】{said}。"
