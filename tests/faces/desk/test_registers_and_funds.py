"""Pages of registers, purses, notices and assessments: the secretary of 槐花里 keeps them, residents read the board."""

from __future__ import annotations

import io
import re
from datetime import date
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.faces.desk.conftest import give
from tests.matters.changing import change
from youying.access.models import Unit
from youying.assessments.actions import Assessed
from youying.assessments.actions import run as run_assessment
from youying.assessments.rules import Share
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.kernel.refusals import Refused
from youying.people.models import RegisterEntry
from youying.places.models import Building, Home
from youying.places.queries import grids_below, search_homes
from youying.publications.models import Publication, PublicationObjection
from youying.record.queries import story
from youying.record.reaching import reached
from youying.sheets.models import FilledSheet


@pytest.fixture
def street(world):
    """The street follows the pack of volunteers; the secretary may do everything about it."""
    change(world, code="m35")
    give(world.secretary, "act", "export", "import", "unmask", "rates")
    return world


def make_homes(world):
    """Three homes of the building from which everything is reported; the first is 301 of the first entrance."""
    building = Building.objects.get(pk=world.place.building_id)
    doors = ((1, "301"), (2, "301"), (1, "302"))
    made = [Home.objects.create(building=building, entrance=at, floor=3, number=number) for at, number in doors]
    return made[0]


def text(page):
    """What a page says."""
    return re.sub(r"\s+", " ", page.content.decode())


def form(world, **more):
    """陈桂芳 joins the volunteers."""
    said = {
        "name": "陈桂芳", "phone": "13900010001", "path": world.community, "class_code": "resident", "consent": ["keep"],
        "way": "written", "sheet.skill": "理发", "sheet.time": "周末", "sheet.party": "no", "sheet.bank": "积分",
    }  # fmt: skip
    return {**said, **more}


def volunteer(enter, world, **more):
    """Her entry, made through the form."""
    return enter("secretary").post(reverse("desk:register-enter", args=["volunteer"]), form(world, **more))


class TestRegisters:
    def test_somebody_is_entered_with_the_sheet_found_masked_and_ended(self, street, enter):
        page = volunteer(enter, street)
        row = RegisterEntry.objects.get()
        assert (page.status_code, page["Location"]) == (302, reverse("desk:entry", args=[row.pk]))
        seen = text(enter("secretary").get(page["Location"]))
        assert "陈**" in seen and "139****0001" in seen and "理发" in seen and "0分" in seen
        assert "13900010001" not in seen
        listed = text(enter("secretary").get(reverse("desk:register", args=["volunteer"]), {"q": "陈桂芳"}))
        assert "志愿者名册，1 条" in listed
        enter("secretary").post(page["Location"], {"act": "leave", "reason": "left"})
        assert RegisterEntry.objects.get().left_reason == "left"
        assert "离开或停用" in text(
            enter("secretary").get(reverse("desk:register", args=["volunteer"]), {"state": "ended"})
        )

    def test_the_home_of_somebody_is_found_by_its_words_and_chosen(self, street, enter):
        home = make_homes(street)
        address, client = reverse("desk:register-enter", args=["volunteer"]), enter("secretary")
        said = form(street, home_said=f"{home.building.compound.name}{home.building.name}1单元301室")
        found = text(client.post(address, {**said, "do": "find"}))
        assert f'value="{home.pk}" id="home_id-{home.pk}" checked' in found and "陈桂芳" in found
        assert not RegisterEntry.objects.exists()
        unchosen = client.post(address, said)
        assert unchosen.status_code == 422 and "请点“找这一户”，再选一户" in text(unchosen)
        assert client.post(address, {**said, "home_id": home.pk}).status_code == 302
        assert RegisterEntry.objects.get().person.household.home_id == home.pk

    def test_a_home_that_is_not_meant_or_beyond_reach_is_not_offered(self, street, enter):
        home = make_homes(street)
        address, client = reverse("desk:register-enter", args=["volunteer"]), enter("secretary")
        both = text(client.post(address, {**form(street, home_said="301"), "do": "find"}))
        assert (
            both.count('name="home_id"') == 2 and "checked" not in both.split('id="home_id"')[1].split("</fieldset>")[0]
        )
        assert "没有找到这一户" in text(client.post(address, {**form(street, home_said="999"), "do": "find"}))
        other = client.post(address, form(street, home_said="302", home_id=home.pk))
        assert other.status_code == 422 and not RegisterEntry.objects.exists()
        with pytest.raises(Refused, match="out-of-reach"):
            search_homes(street.stranger, "301", within=street.community)

    @pytest.mark.word("register.sheet")
    def test_the_form_asks_for_the_sheet_that_the_pack_names(self, street, enter):
        address = reverse("desk:register-enter", args=["volunteer"])
        assert 'name="sheet.skill"' in text(enter("secretary").get(address))
        change(street, {"register.volunteer.sheet": "offer"}, code="m35")
        seen = text(enter("secretary").get(address))
        assert 'name="sheet.capacity"' in seen and 'name="sheet.skill"' not in seen

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"consent": []}, "没有本人同意不能列入"),
            ({"sheet.skill": ""}, "特长"),
            ({"since": "<b>"}, "日期请写成"),
            ({"path": "/99"}, "不在您的辖区内"),
            ({"class_code": ""}, "请选类别"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_kept(self, street, enter, more, said):
        page = volunteer(enter, street, **more)
        assert page.status_code in (403, 422)
        assert said in text(page) and "陈桂芳" in text(page)
        assert not RegisterEntry.objects.exists() and not FilledSheet.objects.exists()

    def test_consents_classes_and_days_are_changed_on_the_entry(self, street, enter):
        address = volunteer(enter, street)["Location"]
        client = enter("secretary")
        client.post(address, {"act": "class", "class_code": "party"})
        client.post(address, {"act": "consent", "purpose": "match", "way": "oral"})
        client.post(address, {"act": "correct", "since": "2026-11-01"})
        row = RegisterEntry.objects.get()
        assert (row.class_code, row.since) == ("party", date(2026, 11, 1))
        client.post(address, {"act": "withdraw", "purpose": "keep", "way": "phone"})
        assert RegisterEntry.objects.get().left_reason == "consent-withdrawn"
        assert client.post(address, {"act": "fly"}).status_code == 422

    def test_a_contact_is_shown_whole_only_for_a_purpose(self, street, enter):
        volunteer(enter, street)
        address = reverse("desk:entry-unmask", args=[RegisterEntry.objects.get().pk])
        client = enter("secretary")
        assert "13900010001" not in text(client.post(address, {"purpose": "curiosity"}))
        assert "13900010001" in text(client.post(address, {"purpose": "contact"}))

    def test_a_register_is_taken_away_masked(self, street, enter):
        volunteer(enter, street)
        page = enter("secretary").get(reverse("desk:register-table", args=["volunteer"]))
        cells = CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_index(0).to_python()
        assert any("陈**" in row for row in cells) and not any("陈桂芳" in str(row) for row in cells)

    def test_a_table_of_volunteers_comes_in_and_what_does_not_fit_comes_back(self, street, enter):
        table = "姓名,电话,类别,同意方式\n孙德顺,13900010004,报到党员,书面签字\n吴家栋,13900010002,居民,\n孙德顺,13900010004,居民,电话\n"
        client = enter("secretary")
        upload = {"kind": "volunteer", "file": SimpleUploadedFile("志愿者.csv", table.encode())}
        address = client.post(reverse("desk:entry-imports"), upload)["Location"]
        seen = text(client.get(address))
        assert "新增 1" in seen and "没有本人同意不能列入" in seen and "13900010004" not in seen
        assert not RegisterEntry.objects.exists()
        client.post(address)
        assert [row.class_code for row in RegisterEntry.objects.all()] == ["party"]
        assert client.get(address + "to-fix/").status_code == 200
        assert client.get(reverse("desk:entry-blank", args=["volunteer"])).status_code == 200


class TestPurses:
    @pytest.fixture
    def purse(self, street, enter):
        """陈桂芳 has five points."""
        volunteer(enter, street)
        row = Purse.objects.get(outside=False)
        said = {"act": "take", "line": "hour", "amount": "5", "other-evidence": "签到表第2行"}
        assert enter("secretary").post(reverse("desk:purse", args=[row.pk]), said).status_code == 302
        return Purse.objects.get(pk=row.pk)

    def test_a_statement_runs_and_a_wrong_booking_is_taken_back(self, street, enter, purse):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        seen = text(client.get(address))
        assert "余额 5分" in seen and "服务一小时" in seen and "签到表第2行" in seen
        client.post(address, {"act": "reverse", "booking": Booking.objects.get().pk, "reason": "记重了"})
        assert "余额 0分" in text(client.get(address)) and Booking.objects.count() == 2
        assert client.get(reverse("desk:purse-table", args=[purse.pk])).status_code == 200

    def test_a_booking_of_another_purse_is_not_taken_back_from_this_one(self, street, enter, purse):
        client, booking = enter("secretary"), Booking.objects.get()
        volunteer(enter, street, name="林小满", phone="13900010002")
        other = Purse.objects.filter(outside=False).exclude(pk=purse.pk).get()
        said = {"act": "reverse", "booking": booking.pk, "reason": "记重了"}
        page = client.post(reverse("desk:purse", args=[other.pk]), said)
        assert page.status_code == 422 and "不在这本账里" in text(page)
        assert list(Booking.objects.all()) == [booking]
        assert client.post(reverse("desk:purse", args=[purse.pk]), said).status_code == 302

    def test_a_statement_is_taken_away_with_its_numbers_masked_as_on_the_page(self, street, enter, purse):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        client.post(address, {"act": "take", "line": "hour", "amount": "1", "other-evidence": "13900010001来电登记"})
        page = client.get(reverse("desk:purse-table", args=[purse.pk]))
        said = str(CalamineWorkbook.from_filelike(io.BytesIO(page.content)).get_sheet_by_index(0).to_python())
        assert "139****0001" in said and "13900010001" not in said
        taken = [one.facts for one in story(f"account:{street.secretary.account_id}") if one.act == "access.log-export"]
        assert [(one["what"], one["rows"], one["path"]) for one in taken] == [("purse:points", 2, purse.area_path)]

    def test_a_spending_far_down_the_list_is_answered_too(self, street, enter, purse, monkeypatch):
        give(street.worker, "act")
        monkeypatch.setattr("youying.funds.queries.PAGE", 1)
        said = {"act": "spend", "line": "gift", "amount": "1", "other-evidence": "第3行"}
        for _number in range(2):
            enter("worker").post(reverse("desk:purse", args=[purse.pk]), said)
        last = SpendAsk.objects.latest("pk")
        assert (
            enter("secretary").post(reverse("desk:answer-spending", args=[last.pk]), {"answer": "yes"}).status_code
            == 302
        )
        assert SpendAsk.objects.get(pk=last.pk).granted

    def test_what_is_refused_stays_in_the_form(self, street, enter, purse):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        page = client.post(address, {"act": "spend", "line": "gift", "amount": "50", "other-evidence": "第3行"})
        assert page.status_code == 422 and "余额只有5分" in text(page) and 'value="50"' in page.content.decode()
        assert client.post(address, {"act": "grant"}).status_code == 422

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"pieces": "-1"}, "件数要写大于零的整数"),
            ({"pieces": "11"}, "还剩10件"),
            ({"act": "take", "line": "hour", "amount": "9" * 30}, "积分请写大于零的整数"),
            ({"act": "take", "line": "hour", "amount": "-1"}, "积分请写大于零的整数"),
        ],
    )
    def test_a_number_that_does_not_fit_is_told_what_would(self, street, enter, purse, more, said):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        shelf = {"line": "gift", "title": "时令蔬菜一袋", "price": "1", "pieces": "10", "place": street.community}
        client.post(reverse("desk:gifts", args=["points"]), shelf)
        gift = re.search(r'<option value="(\d+)">时令蔬菜', client.get(address).content.decode())[1]
        page = client.post(address, {"act": "exchange", "gift": gift, "other-evidence": "登记第1行", **more})
        assert page.status_code == 422 and said in text(page)
        assert Purse.objects.get(pk=purse.pk).balance == 5

    def test_a_spending_waits_for_the_secretary(self, street, enter, purse):
        give(street.worker, "act")
        said = {"act": "spend", "line": "gift", "amount": "3", "other-evidence": "第3行"}
        enter("worker").post(reverse("desk:purse", args=[purse.pk]), said)
        assert "等审批的开支 1 笔" in text(enter("secretary").get(reverse("desk:funds")))
        enter("secretary").post(reverse("desk:answer-spending", args=[SpendAsk.objects.get().pk]), {"answer": "yes"})
        assert Purse.objects.get(pk=purse.pk).balance == 2

    def test_points_are_exchanged_for_what_the_shelf_holds(self, street, enter, purse):
        client = enter("secretary")
        shelf = {"line": "gift", "title": "时令蔬菜一袋", "price": "4", "pieces": "10", "place": street.community}
        assert client.post(reverse("desk:gifts", args=["points"]), shelf).status_code == 302
        assert client.post(reverse("desk:gifts", args=["points"]), {**shelf, "price": "x"}).status_code == 422
        address = reverse("desk:purse", args=[purse.pk])
        gift = re.search(r'<option value="(\d+)">时令蔬菜', client.get(address).content.decode())[1]
        client.post(address, {"act": "exchange", "gift": gift, "pieces": "1", "other-evidence": "登记第1行"})
        assert Purse.objects.get(pk=purse.pk).balance == 1

    def test_what_was_exchanged_and_taken_back_stands_on_the_shelf_again(self, street, enter, purse):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        shelf = {"line": "gift", "title": "时令蔬菜一袋", "price": "2", "pieces": "10", "place": street.community}
        client.post(reverse("desk:gifts", args=["points"]), shelf)
        said = {"gift": f"{Gift.objects.get().pk}", "pieces": "2", "other-evidence": "登记第1行"}
        client.post(address, {"act": "exchange", **said})
        assert Gift.objects.get().stock == 8
        done = Booking.objects.get(kind="spend")
        client.post(address, {"act": "reverse", "booking": done.pk, "reason": "拿错了"})
        assert (Gift.objects.get().stock, Purse.objects.get(pk=purse.pk).balance) == (10, 5)

    @pytest.mark.parametrize("who", ["secretary", "worker"])
    def test_a_form_sent_twice_books_or_asks_once(self, street, enter, purse, who):
        give(street.worker, "act")
        client, address = enter(who), reverse("desk:purse", args=[purse.pk])
        mark = re.search(r'name="form" value="([^"]+)"', client.get(address).content.decode())[1]
        said = {"act": "spend", "form": mark, "line": "gift", "amount": "1", "other-evidence": "第3行"}
        assert [client.post(address, said).status_code for _number in range(2)] == [302, 422]
        assert Booking.objects.filter(kind="spend").count() + SpendAsk.objects.count() == 1

    def test_only_the_form_that_was_sent_keeps_its_words_and_says_what_is_wrong(self, street, enter, purse):
        client, address = enter("secretary"), reverse("desk:purse", args=[purse.pk])
        said = {"act": "spend", "spend-line": "gift", "spend-amount": "50", "spend-other-evidence": "第3行"}
        page = client.post(address, said).content.decode()
        assert page.count('value="50"') == 1 and page.count("余额只有5分") == 2  # in the summary and beside the field
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))

    def test_a_place_has_its_purse_opened_by_who_books(self, street, enter):
        change(street, code="m09")
        client = enter("secretary")
        grids = [one.path for one in grids_below(street.community)]
        page = client.get(reverse("desk:purses", args=["grid-fund"])).content.decode()
        assert grids and all(f'value="{one}"' in page for one in grids)
        address = reverse("desk:open-purse", args=["grid-fund"])
        answer = client.post(address, {"path": grids[0]})
        row = Purse.objects.get(outside=False)
        assert (answer["Location"], row.path) == (reverse("desk:purse", args=[row.pk]), grids[0])
        assert client.post(address, {"path": street.town}).status_code in (403, 422)

    def test_who_stands_on_the_shelf_lies_at_its_place_in_the_record(self, street, enter):
        shelf = {"line": "gift", "title": "肥皂", "price": "2", "pieces": "1", "place": street.community}
        enter("secretary").post(reverse("desk:gifts", args=["points"]), shelf)
        row = Gift.objects.get()
        assert reached(street.secretary, [row.subject]) == {row.subject}
        assert reached(street.stranger, [row.subject]) == set()

    def test_the_books_are_shown_to_balance(self, street, enter, purse):
        assert "账平" in text(enter("secretary").get(reverse("desk:funds")))
        assert "每一本的余额都和流水对得上" in text(
            enter("secretary").get(reverse("desk:purse-balance", args=["points"]))
        )
        Purse.objects.filter(pk=purse.pk).update(balance=7)
        assert "账不平" in text(enter("secretary").get(reverse("desk:purse-balance", args=["points"])))

    @pytest.mark.word("purse.publish")
    def test_what_purses_hold_is_posted_as_the_pack_says(self, street, enter, purse):
        address = reverse("desk:publish-purse", args=["points"])
        enter("secretary").post(address)
        assert [row.code for row in Publication.objects.all()] == ["points"]
        other = {"title": "积分公告", "shows": "purse:points", "days": "15 days", "at": ["portal"]}
        change(street, {"publication.other": other, "purse.points.publish": "other"}, code="m35")
        enter("secretary").post(address)
        assert [row.code for row in Publication.objects.order_by("pk")] == ["points", "other"]

    def test_whoever_did_not_agree_to_be_shown_stands_in_one_sum(self, street, enter, purse):
        volunteer(enter, street, name="孙德顺", phone="13900010004", consent=["keep", "show"])
        enter("secretary").post(reverse("desk:publish-purse", args=["points"]))
        rows = Publication.objects.get().content["rows"]
        assert [(row[0], row[2]) for row in rows] == [("孙**", "0分"), ("未公开姓名的1人合计", "5分")]

    def test_more_than_a_notice_holds_is_refused_and_not_cut(self, street, enter, purse, monkeypatch):
        volunteer(enter, street, name="孙德顺", phone="13900010004", consent=["keep", "show"])
        volunteer(enter, street, name="吴家栋", phone="13900010002", consent=["keep", "show"])
        for where in ("youying.publications.rules", "youying.faces.desk.funds.views"):
            monkeypatch.setattr(f"{where}.MOST_ROWS", 1)
        page = enter("secretary").post(reverse("desk:publish-purse", args=["points"]))
        assert "最多1行" in text(page) and not Publication.objects.exists()


class TestBoard:
    @pytest.fixture
    def notice(self, street, enter):
        """The points hang on the board; objections go to the secretary."""
        change(street, {"publication.points.objection": {"to": ["secretary"], "within": "5 days"}}, code="m35")
        volunteer(enter, street, consent=["keep", "show"])
        enter("secretary").post(reverse("desk:publish-purse", args=["points"]))
        return Publication.objects.get()

    def test_everybody_reads_the_board_and_may_object(self, street, enter, notice):
        anybody = Client()
        assert "积分光荣榜" in text(anybody.get(reverse("portal:board")))
        assert "积分光荣榜" not in text(anybody.get(reverse("portal:board"), {"at": "portal"}))
        address = reverse("portal:notice", args=[notice.pk])
        assert "陈**" in text(anybody.get(address)) and "陈桂芳" not in text(anybody.get(address))
        assert anybody.post(address, {"words": ""}).status_code == 422
        made = anybody.post(address, {"words": "少了3分", "contact": "13900010001"})
        assert made.status_code == 302 and "收到您的异议了" in text(anybody.get(made["Location"]))
        desk = text(enter("secretary").get(reverse("desk:publications")))
        assert "等答复的异议 1 条" in desk and "少了3分" in desk and "13900010001" not in desk
        objection = PublicationObjection.objects.get()
        enter("secretary").post(
            reverse("desk:answer-objection", args=[objection.pk]), {"upheld": "yes", "words": "补记，问13900010001"}
        )
        seen = text(anybody.get(address))
        assert "异议 1 条，已答复 1 条" in seen
        assert "异议成立" in seen and "补记" in seen and "13900010001" not in seen and "少了3分" not in seen
        assert "补记" in text(enter("secretary").get(reverse("desk:publication", args=[notice.pk])))

    def test_a_form_that_was_tapped_twice_objects_once_and_a_new_one_again(self, street, enter, notice):
        anybody, address = Client(), reverse("portal:notice", args=[notice.pk])
        [mark] = re.findall(r'name="form" value="([^"]+)"', text(anybody.get(address)))
        again = text(anybody.post(address, {"words": "", "form": mark}))
        assert f'name="form" value="{mark}"' in again
        said = {"words": "少了3分", "form": mark}
        first, second = (anybody.post(address, said) for _tap in range(2))
        assert first.status_code == 302 and first["Location"] == second["Location"]
        assert PublicationObjection.objects.count() == 1
        [fresh] = re.findall(r'name="form" value="([^"]+)"', text(anybody.get(address)))
        assert fresh != mark and anybody.post(address, said | {"form": fresh}).status_code == 302
        assert PublicationObjection.objects.count() == 2

    def test_one_address_objects_so_many_times_an_hour_and_closes_the_door_for_nobody_else(
        self, street, enter, notice, monkeypatch
    ):
        monkeypatch.setattr("youying.channels.intake.rules.SENDINGS", 2)
        address = reverse("portal:notice", args=[notice.pk])
        answers = [Client().post(address, {"words": "少了"}, REMOTE_ADDR="192.0.2.1") for _number in range(3)]
        assert [one.status_code for one in answers] == [302, 302, 429]
        assert Client().post(address, {"words": "少了"}, REMOTE_ADDR="192.0.2.2").status_code == 302
        assert PublicationObjection.objects.count() == 3

    def test_after_its_days_its_content_stands_on_the_desk_alone(self, street, enter, notice):
        address, desk = reverse("portal:notice", args=[notice.pk]), reverse("desk:publication", args=[notice.pk])
        street.clock.forward(days=40)
        seen = text(Client().get(address))
        assert "公示期满" in seen and notice.digest[:16] in seen and "陈**" not in seen
        assert "陈**" in text(enter("secretary").get(desk))

    def test_what_was_typed_stays_when_an_answer_or_a_taking_down_is_refused(self, street, enter, notice):
        Client().post(reverse("portal:notice", args=[notice.pk]), {"words": "少了"})
        client, long = enter("secretary"), "核" * 1001
        address = reverse("desk:answer-objection", args=[PublicationObjection.objects.get().pk])
        page = client.post(address, {"upheld": "no", "words": long})
        assert page.status_code == 422 and long in text(page) and "最多1000个字" in text(page)
        page = client.post(reverse("desk:withdraw-publication", args=[notice.pk]), {"reason": long})
        assert page.status_code == 422 and long in text(page) and "最多1000个字" in text(page)

    def test_the_board_is_leafed_through_and_narrowed_to_a_place(self, street, enter, notice, monkeypatch):
        monkeypatch.setattr("youying.publications.queries.PAGE", 1)
        enter("secretary").post(reverse("desk:publish-purse", args=["points"]))
        board, first = reverse("portal:board"), reverse("portal:notice", args=[notice.pk])
        page = Client().get(board).content.decode()
        assert 'rel="next"' in page and first not in page
        assert first in Client().get(board, {"from": "1"}).content.decode()
        elsewhere = Client().get(board, {"place": street.community + "9"})
        assert "现在没有公示" in text(elsewhere)

    def test_a_notice_is_printed_and_taken_down_early(self, street, enter, notice):
        client = enter("secretary")
        assert "打印张贴" in text(client.get(reverse("desk:publication", args=[notice.pk])))
        client.post(reverse("desk:withdraw-publication", args=[notice.pk]), {"reason": "记错了"})
        assert "现在没有公示" in text(Client().get(reverse("portal:board")))
        seen = text(Client().get(reverse("portal:notice", args=[notice.pk])))
        assert "提前撤下" in seen and "记错了" in seen and "陈**" not in seen
        assert "陈**" in text(client.get(reverse("desk:publication", args=[notice.pk])))
        assert Client().get(reverse("portal:notice", args=[999])).status_code == 404


class TestAssessments:
    def test_a_month_is_assessed_from_what_the_record_says(self, street, enter):
        change(street, code="m05")
        Unit.objects.create(code="zhifa", title="综合执法队", kind="department", reach=street.town)
        client = enter("secretary")
        assert "按时报到率 60%" in text(client.get(reverse("desk:assessments")))
        address = reverse("desk:run-assessment", args=["departments"])
        assert 'value="2026-10-01"' in client.get(address).content.decode()
        page = client.post(address, {"since": "2026-10-01", "until": "2026-10-31"})
        seen = text(client.get(page["Location"]))
        assert "综合执法队" in seen and "本期无数据" in seen
        again = client.post(address, {"since": "2026-10-01", "until": "2026-10-31"})
        assert again.status_code == 422 and "已经考评过了" in text(again)
        assert client.post(address, {"since": "x", "until": "2026-10-31"}).status_code == 422
        assert client.get(page["Location"] + "table/").status_code == 200

    def test_units_stand_in_classes_with_their_working(self, street, enter):
        change(street, code="m05")
        shares = {"arrive": Share(Fraction(9), Fraction(10)), "effect": Share(Fraction(34), Fraction(40))}
        assessed = [Assessed("unit:1", "综合执法队", shares)]
        period = {"since": date(2026, 10, 1), "until": date(2026, 11, 1)}
        by = street.secretary
        row = run_assessment("departments", by=by, path=street.community, assessed=assessed, **period)
        seen = text(enter("secretary").get(reverse("desk:assessment", args=[row.pk])))
        assert "良好" in seen and "88.0" in seen and "54.0" in seen
