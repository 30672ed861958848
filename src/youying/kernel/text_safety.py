"""Text as people send it, made safe to keep, and cut into tokens to be found by."""

from __future__ import annotations

import re
import unicodedata

from youying.kernel.refusals import Refused

# Zero-width space, byte order marks, bidirectional controls, separators that break JavaScript, lone surrogates.
_UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85|\x0b|\x0c")
_MANY_BLANK_LINES = re.compile(r"\n[ \t\u3000]*\n(?:[ \t\u3000]*\n)+")
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>[^\W_{HAN}]+)")
MOST_QUERY = 200


def clean_text(text: str, *, least: int = 1, most: int, field: str, label: str = "") -> str:
    """Text of several lines: NFC, one kind of line end, nothing unseen, emoji kept; refused when too short or long.

    Lengths are in characters after cleaning; `label` is what the page calls the field.
    """
    composed = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    cleaned = _CONTROL.sub("", _UNSEEN.sub("", composed).replace("\t", " "))
    return _measured(_MANY_BLANK_LINES.sub("\n\n", cleaned).strip(), least, most, field=field, label=label)


def clean_line(text: str, *, least: int = 1, most: int, field: str, label: str = "") -> str:
    """Text of one line (a title, a name): as `clean_text`, with every stretch of white space made one space."""
    composed = _LINE_ENDS.sub(" ", unicodedata.normalize("NFC", text))
    cleaned = _CONTROL.sub("", _UNSEEN.sub("", composed).replace("\t", " ").replace("\n", " "))
    return _measured(" ".join(cleaned.split()), least, most, field=field, label=label)


def clean_identifier(text: str, *, least: int = 1, most: int, field: str, label: str = "") -> str:
    """A number or code that somebody typed: full-width letters and digits to ASCII, no white space."""
    cleaned = _CONTROL.sub("", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    return _measured("".join(cleaned.split()), least, most, field=field, label=label)


def bigrams(text: str) -> list[str]:
    """Search tokens in order: Chinese by overlapping pairs and the last character alone, other words whole, folded.

    The last character stands alone too, so that a search for one character finds it wherever it stands.
    """
    tokens: list[str] = []
    for match in _RUN.finditer(_folded(text)):
        run = match["han"]
        if run is None:
            tokens.append(match["word"])
        else:
            tokens.extend(run[at : at + 2] for at in range(len(run)))
    return tokens


def query_phrases(text: str) -> list[list[str]]:
    """What somebody searches for, as phrases that must all occur: each a list of neighbouring tokens.

    A phrase of one Chinese character or one word is to be matched by its beginning. Refused when nothing is left.
    """
    phrases: list[list[str]] = []
    for match in _RUN.finditer(_folded(text[:MOST_QUERY])):
        run = match["han"]
        if run is None or len(run) == 1:
            phrases.append([match[0]])
        else:
            phrases.append([run[at : at + 2] for at in range(len(run) - 1)])
    if not phrases:
        raise Refused("search-empty", say="请输入要找的字、词或编号。", have=text[:MOST_QUERY], field="q")
    return phrases


def fts5_query(text: str) -> str:
    """The search as an SQLite FTS5 MATCH expression over the tokens of `bigrams`."""
    return " AND ".join(
        f'"{" ".join(phrase)}"' + ("*" if _by_beginning(phrase) else "") for phrase in query_phrases(text)
    )


def tsquery(text: str) -> str:
    """The search as a PostgreSQL tsquery over a 'simple' tsvector of the same tokens."""
    return " & ".join(
        f"'{phrase[0]}':*" if _by_beginning(phrase) else " <-> ".join(f"'{token}'" for token in phrase)
        for phrase in query_phrases(text)
    )


def _by_beginning(phrase: list[str]) -> bool:
    """One character, or one word that is not a pair of Chinese characters."""
    return len(phrase) == 1 and not re.fullmatch(rf"[{HAN}]{{2}}", phrase[0])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _measured(text: str, least: int, most: int, *, field: str, label: str) -> str:
    name = label or "这一项"
    if not text and least > 0:
        raise Refused("text-empty", say=f"{name}还没有填，请写上。", have=0, need=least, field=field)
    if len(text) < least:
        raise Refused("text-too-short", say=f"{name}太短，至少写{least}个字。", have=len(text), need=least, field=field)
    if len(text) > most:
        raise Refused(
            "text-too-long",
            say=f"{name}最多{most}个字，现在有{len(text)}个，请删短一些。",
            have=len(text),
            need=most,
            field=field,
        )
    return text
