"""One form for every spelling of a text: what all of this context compares and learns from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import rjieba

MOST_CHARACTERS = 4_000
"""What lies beyond is not read for a category: a letter says early what it is about."""

_SPACE = re.compile(r"\s+")
_NO_WORD = re.compile(r"[\W_]+|[a-z]?\d+[a-z]?|\d+(?:[.:/-]\d+)+|[a-z]")

_FUNCTION_WORDS = """的 了 是 在 我 我们 你 你们 他 她 它 他们 们 和 与 及 或 也 都 就 还 又 而 但 但是 而且 因为 所以 如果 这 那 这个 那个
    这样 那样 这些 那些 着 过 吗 呢 吧 啊 把 被 给 让 使 向 对 对于 关于 从 到 由 于 之 其 此 该 各 每 等 上 下 中 里 内 外 不 没
    没有 无 很 太 更 最 已 已经 正 将 要 会 能 可 可以 能够 应该 有 为 以 以及 并 并且 则 却 只 才 再 个 一 一个 一些 什么 怎么 怎样
    如何 为什么 多 少 去 来 说 做 用 得 地 自己 尊敬 您 您好 你好 谢谢 感谢 领导 请 希望 请问 现在 目前 时候 进行 通过 根据
    按照"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


def canonical(text: str) -> str:
    """Give the text in half width, lower case and without white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower()


def words(text: str) -> list[str]:
    """Cut a canonical text into words, all of them."""
    return list(rjieba.cut(text))


def content_words(text: str) -> list[str]:
    """Cut a canonical text into the words that carry its meaning: no function words, numbers or marks."""
    return [word for word in rjieba.cut(text) if word not in FUNCTION_WORDS and not _NO_WORD.fullmatch(word)]


def char_grams(text: str, shortest: int, longest: int) -> Iterator[str]:
    """Yield every run of `shortest` to `longest` characters."""
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def word_grams(found: list[str], longest: int) -> Iterator[str]:
    """Yield every run of one to `longest` words, joined by a space."""
    for size in range(1, longest + 1):
        for start in range(len(found) - size + 1):
            yield " ".join(found[start : start + size])
