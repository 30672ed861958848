"""The form of an appointment offers the units in reach, and takes no other."""

from __future__ import annotations

from django.urls import reverse

from tests.faces.desk.conftest import Enter
from tests.faces.desk_admin.test_units import account_of, appoint_form
from tests.matters.world import World
from youying.access.models import Post, Unit

COUNTY = "/99/9901/990101"


def test_the_form_offers_units_in_reach_and_takes_no_other(street: World, enter: Enter) -> None:
    above = Unit.objects.create(code="dept", title="区城管局", kind="department", reach=COUNTY)
    beside = Unit.objects.create(code="far", title="邻街物业", kind="property-company", reach=f"{COUNTY}/990101002")
    address = reverse("desk:appoint", args=[account_of(street, "duty")])
    client = enter("leader")
    page = client.get(address).content.decode()
    assert street.office.title in page
    assert above.title not in page and beside.title not in page
    before = Post.objects.count()
    for unit in (above, beside):
        answer = client.post(address, appoint_form(street, unit=str(unit.pk)))
        assert answer.status_code == 403
        assert "辖区" in answer.content.decode()
    assert Post.objects.count() == before
    assert client.post(address, appoint_form(street, unit=str(street.office.pk))).status_code == 302
