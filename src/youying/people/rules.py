"""What is taken down of a person, in its normal form; pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from youying.kernel.normal_forms import normal_id_number, normal_name, normal_phone
from youying.kernel.refusals import Refused

MOST_NAME = 40


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What somebody said of a person: as written, and in the form that fingerprints are made of."""

    name: str
    phone: str
    id_number: str
    normal_name: str
    normal_phone: str


def short_name(name: str) -> str:
    """A name with single blanks; refused when it is too long."""
    written = " ".join(name.split())
    if len(written) > MOST_NAME:
        raise Refused(
            "name-too-long", say=f"姓名最多{MOST_NAME}个字。", have=len(written), need=MOST_NAME, field="name"
        )
    return written


def checked_name(name: str) -> str:
    """A name that must be there."""
    written = short_name(name)
    if not written:
        raise Refused("name-missing", say="请填写姓名。", field="name")
    return written


def taken_down(*, name: str, phone: str, id_number: str) -> TakenDown:
    """Check what was said; refused when nothing can find the person again, or a value is not one."""
    if not (phone.strip() or id_number.strip()):
        raise Refused("person-unfindable", say="请至少填写电话或身份证号，否则以后找不到这个人。", field="phone")
    written = short_name(name)
    number = normal_phone(phone) if phone.strip() else ""
    return TakenDown(
        name=written,
        phone=number,
        id_number=normal_id_number(id_number) if id_number.strip() else "",
        normal_name=normal_name(written),
        normal_phone=number,
    )
