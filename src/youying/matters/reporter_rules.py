"""What may be said of a reporting person: one rule for the resident's own form and for the desk's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from youying.kernel.normal_forms import dialled_phone
from youying.kernel.refusals import Refused
from youying.kernel.text_safety import clean_line
from youying.matters.intake_rules import ReporterIn

NAME_MOST, PHONE_MOST, ADDRESS_MOST, SPOT_MOST = 30, 30, 120, 60


def read_name(said: str) -> str:
    """How somebody wants to be called, in one line."""
    return clean_line(said, least=0, most=NAME_MOST, field="name", label="称呼")


def read_phone(said: str) -> str:
    """A telephone that can be rung back, half width; empty where none was given."""
    return (
        clean_line(dialled_phone(said), least=0, most=PHONE_MOST, field="phone", label="电话") if said.strip() else ""
    )


def read_address(said: str) -> str:
    """Where somebody lives, in one line."""
    return clean_line(said, least=0, most=ADDRESS_MOST, field="address", label="住址")


def read_spot(said: str) -> str:
    """Where exactly it is, in one line."""
    return clean_line(said, least=0, most=SPOT_MOST, field="spot", label="具体地点")


def read_person(person: ReporterIn) -> ReporterIn:
    """The person with everything read; refused where one of it does not fit."""
    name, phone, address = read_name(person.name), read_phone(person.phone), read_address(person.address)
    return replace(person, name=name, phone=phone, address=address)


def faults_of(*checks: Callable[[], object]) -> list[Refused]:
    """The refusal of each of several checks, so that everything that is wrong is said at once."""
    found = []
    for check in checks:
        try:
            check()
        except Refused as refused:
            found.append(refused)
    return found


def person_faults(person: ReporterIn) -> list[Refused]:
    """Everything that does not fit of what was said of a person."""
    return faults_of(
        lambda: read_phone(person.phone), lambda: read_name(person.name), lambda: read_address(person.address)
    )
