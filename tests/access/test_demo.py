"""A demonstration is founded from the terminal, once, and nobody in it has a password."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from youying.access import actions
from youying.access.models import Account, Installation
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM

pytestmark = pytest.mark.django_db


def test_a_demonstration_has_an_administrator_without_a_password():
    account = actions.found_demo(by=SYSTEM, organisation="演示")
    assert (Installation.objects.get().demo, account.has_usable_password()) == (True, False)


def test_access_found_demo_is_refused_to_a_person_and_over_an_installation():
    person = Cast().ye_qing.viewer
    with pytest.raises(Refused, match="no-power"):
        actions.found_demo(by=person, organisation="演示")
    with pytest.raises(Refused, match="set-up-done"):
        actions.found_demo(by=SYSTEM, organisation="演示")
    assert Account.objects.count() == 1
