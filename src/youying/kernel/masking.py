"""Masks: what of a person's data is shown, and what is taken out of text before it is indexed or titled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from youying.kernel.normal_forms import id_check_character, is_id_number
from youying.kernel.text_safety import HAN

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_FOLD |= {ord(dash): ord("-") for dash in "‐‑‒–—―−ー"}
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "000123456789" + "1" + "123456789")
_SPOKEN = re.compile("[零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{11,}")
_RUN = re.compile(r"[0-9]+(?:[ .()\-]{1,3}[0-9]+)*[Xx]?")
_TOKEN = re.compile(r"[0-9]+[Xx]?")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
# With a birth date that can be; a mistyped check character is no reason to show the rest.
_LIKE_ID_NUMBER = re.compile(
    r"[1-8][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
_MOST_TOKENS = 8
_MOST_DIGITS = 23
_PHONE_CUE = re.compile(r"(?:电话|手机|座机|联系方式|号码|致电|打|tel|phone)[^0-9]{0,6}$", re.IGNORECASE)
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·•. ]?[A-Za-z0-9]{4,6}[挂学警港澳]?"
)
_MAIL_USER = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_MAIL_HOST = re.compile(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_NAME_CUE = re.compile(
    "(?P<weak>我是|本人|业主|住户|居民|家属|老人|孩子|邻居)|"
    "我叫|名叫|姓名|联系人|申请人|投诉人|反映人|来电人|来访人|求助人|举报人|报修人|报告人|当事人|经办人|负责人|户主|署名|此致敬礼"
)
_CUE_LINK = re.compile(r"[ ]{0,3}(?P<colon>[:：]|是|为|叫)?[ ]{0,3}")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤祁冶韶窦麻尕仁才多扎桑索"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻"
    "祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_COMPOUND_SURNAMES = frozenset(
    ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "夏侯", "长孙", "宇文")
)
_NOT_GIVEN_NAMES = frozenset(
    "住在是的说想家有今现电因和与等来要请反投为于，已就也都不没去到及号把被让我你他她它们这那从向对先女"
)
_TITLES = (
    "先生",
    "女士",
    "小姐",
    "老师",
    "同志",
    "师傅",
    "大爷",
    "大妈",
    "阿姨",
    "书记",
    "主任",
    "经理",
    "医生",
    "警官",
)
_HAN_NAME = re.compile(rf"[{HAN}]{{2,4}}")
_DOTTED_NAME = re.compile(rf"[{HAN}]{{1,8}}(?:[·•・‧][{HAN}]{{1,8}}){{1,3}}")
_HOME_NUMBER = re.compile(
    r"[0-9一二三四五六七八九十百零〇]+(?=[ ]?(?:号楼|号院|号|栋|幢|座|单元|层|楼|室|户|门|弄|巷|附))|[0-9]+|(?<=[0-9])[A-Za-z]"
)


class _Cover(NamedTuple):
    """A stretch of text and what stands in its place."""

    start: int
    end: int
    mask: str


def mask_name(name: str) -> str:
    """Only the first character: 陈**; a name of one character not even that."""
    letters = [letter for letter in name.strip() if not letter.isspace()]
    if len(letters) < 2:
        return "*" * len(letters)
    return letters[0] + "*" * min(len(letters) - 1, 3)


def mask_phone(phone: str) -> str:
    """Mobiles 138****0417 (3 + 4); of other numbers the first three and the last two digits; short ones not at all."""
    digits = "".join(letter for letter in unicodedata.normalize("NFKC", phone) if letter.isdigit())
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) < 7:
        return "*" * len(digits)
    return digits[:3] + "*" * (len(digits) - 5) + digits[-2:]


def mask_id_number(number: str) -> str:
    """Of an ID number the first three and the last four: less than the first six and last four that practice allows."""
    letters = "".join(unicodedata.normalize("NFKC", number).split())
    if len(letters) < 12:
        return "*" * len(letters)
    return letters[:3] + "*" * (len(letters) - 7) + letters[-4:]


def mask_address(address: str) -> str:
    """Road and compound stay; the numbers of building, entrance, floor and home do not."""
    folded = address.translate(_FOLD)
    return _covered(address, [_Cover(*match.span(), "*") for match in _HOME_NUMBER.finditer(folded)])


def mask_plate(plate: str) -> str:
    """The place letters and the last character: 青A****5."""
    letters = "".join(plate.split())
    return letters[:2] + "*" * max(len(letters) - 3, 0) + letters[-1:]


def mask_email(address: str) -> str:
    """The first letter and the host: c***@example.com."""
    user, _, host = address.partition("@")
    return f"{user[:1]}***@{host}"


def mask_text(text: str, *, names: Iterable[str] = ()) -> str:
    """Take phones, ID and bank card numbers, e-mails, plates and names that are introduced as such out of a text.

    `names` are those known from the matter; they are masked wherever they stand. Takes time in proportion to length.
    """
    folded = text.translate(_FOLD)
    covers = [*_numbers(folded), *_spoken_numbers(folded), *_mails(folded), *_plates(folded), *_names(folded)]
    covers += _known_names(text, names)
    return _covered(text, covers)


def _covered(text: str, covers: Iterable[_Cover]) -> str:
    """The text with the stretches replaced; where two overlap, the one that begins first (then the longer) wins."""
    pieces, done = [], 0
    for cover in sorted(covers, key=lambda cover: (cover.start, -cover.end)):
        if cover.start >= done:
            pieces += [text[done : cover.start], cover.mask]
            done = cover.end
    return "".join([*pieces, text[done:]])


def _numbers(folded: str) -> Iterator[_Cover]:
    """Phones, ID numbers and cards, also when their digits stand in groups."""
    for run in _RUN.finditer(folded):
        tokens = [match.span() for match in _TOKEN.finditer(folded, run.start(), run.end())]
        place = 0
        while place < len(tokens):
            taken, mask = _longest_number(folded, tokens, place)
            if mask:
                yield _Cover(tokens[place][0], tokens[place + taken - 1][1], mask)
            else:
                yield from _embedded_mobiles(folded, *tokens[place])
            place += taken


def _longest_number(folded: str, tokens: list[tuple[int, int]], place: int) -> tuple[int, str]:
    """How many tokens from `place` make one number, and its mask; (1, "") when the first token begins none."""
    joined, found = "", (1, "")
    for taken, (start, end) in enumerate(tokens[place : place + _MOST_TOKENS], start=1):
        joined += folded[start : min(end, start + _MOST_DIGITS + 1)]
        if len(joined) > _MOST_DIGITS:
            break
        before = folded[max(tokens[place][0] - 16, 0) : tokens[place][0]]
        mask = _mask_of_digits(joined.upper(), before)
        if mask:
            found = (taken, mask)
    return found


def _mask_of_digits(digits: str, before: str) -> str:
    """The mask of a phone, ID or card number; nothing for any other number."""
    if _LIKE_ID_NUMBER.fullmatch(digits):
        return mask_id_number(digits)
    if len(digits) == 15 and _is_old_id_number(digits):
        return mask_id_number(digits)
    if not digits.isdigit():
        return ""
    national = re.sub(r"^(?:0086|86(?=1[3-9]))", "", digits)
    if _MOBILE.fullmatch(national) or re.fullmatch(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}", national):
        return mask_phone(national)
    if 16 <= len(digits) <= 19 and _passes_luhn(digits):
        return f"{digits[:4]}{'*' * (len(digits) - 8)}{digits[-4:]}"
    if 7 <= len(digits) <= 8 and digits[0] in "2345678" and _PHONE_CUE.search(before):
        return mask_phone(digits)
    return ""


def _embedded_mobiles(folded: str, start: int, end: int) -> Iterator[_Cover]:
    """Mobile numbers written without a gap: two in one, or after an area code."""
    if end - start < 12:
        return
    for match in _MOBILE.finditer(folded, start, end):
        if end - start >= 20 or match.end() == end:
            yield _Cover(*match.span(), mask_phone(match[0]))


def _spoken_numbers(folded: str) -> Iterator[_Cover]:
    """Mobile numbers in Chinese numerals."""
    for run in _SPOKEN.finditer(folded):
        digits = run[0].translate(_CHINESE_DIGITS)
        for match in _MOBILE.finditer(digits):
            yield _Cover(run.start() + match.start(), run.start() + match.end(), mask_phone(match[0]))


def _mails(folded: str) -> Iterator[_Cover]:
    at = folded.find("@")
    while at >= 0:
        window = max(at - 64, 0)
        user, host = _MAIL_USER.search(folded[window:at]), _MAIL_HOST.match(folded, at + 1)
        if user and host:
            yield _Cover(window + user.start(), host.end(), f"{user[0][0]}***@{host[0]}")
        at = folded.find("@", host.end() if host else at + 1)


def _plates(folded: str) -> Iterator[_Cover]:
    for match in _PLATE.finditer(folded):
        serial = match[0][2:]
        if sum(letter.isdigit() for letter in serial) >= 2 and not folded[match.end() : match.end() + 1].isdigit():
            yield _Cover(*match.span(), mask_plate(match[0].upper()))


def _names(folded: str) -> Iterator[_Cover]:
    """Names after a cue: "我叫陈水根", "联系人：陈水根"; after a weak cue only with a surname and a pause behind."""
    for cue in _NAME_CUE.finditer(folded):
        link = _CUE_LINK.match(folded, cue.end())
        start = link.end() if link else cue.end()
        length = _name_length(folded[start : start + 40], weak=bool(cue["weak"]), colon=bool(link and link["colon"]))
        if length:
            yield _Cover(start, start + length, mask_name(folded[start : start + length]))


def _name_length(after: str, *, weak: bool, colon: bool) -> int:
    """How many characters of what follows a cue are a person's name."""
    dotted = _DOTTED_NAME.match(after)
    if dotted:
        return dotted.end()
    run = _HAN_NAME.match(after)
    if run is None or any(run[0][1:].startswith(title) for title in _TITLES):
        return 0
    if colon and not weak and _ends_there(after, run.end()):
        return run.end()
    family = 2 if run[0][:2] in _COMPOUND_SURNAMES else 1 if run[0][0] in _SURNAMES else 0
    length = family
    while family and length < min(family + 2, run.end()) and run[0][length] not in _NOT_GIVEN_NAMES:
        length += 1
    if not family or length == family or (weak and not _ends_there(after, length)):
        return 0
    return length


def _ends_there(after: str, length: int) -> bool:
    """Whether the text pauses behind a name."""
    return length >= len(after) or not re.match(rf"[{HAN}]", after[length])


def _known_names(text: str, names: Iterable[str]) -> Iterator[_Cover]:
    for name in {name.strip() for name in names}:
        if len(name) < 2:
            continue
        start = text.find(name)
        while start >= 0:
            yield _Cover(start, start + len(name), mask_name(name))
            start = text.find(name, start + len(name))


def _is_old_id_number(digits: str) -> bool:
    """A 15-digit ID number: lengthened it is a possible one."""
    lengthened = f"{digits[:6]}19{digits[6:]}"
    return digits.isdigit() and is_id_number(lengthened + id_check_character(lengthened))


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812 check digit, and not one digit over and over."""
    total = sum(int(digit) for digit in digits[-1::-2])
    total += sum(int(digit) * 2 - 9 * (int(digit) > 4) for digit in digits[-2::-2])
    return total % 10 == 0 and len(set(digits)) > 2
