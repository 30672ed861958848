"""Figures: the number, its exact fraction, what is kept out, and the year before."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.insight.street import COUNTY, DUKOU, HUAILI, OTHER_TOWN, TOWN, adopt
from youying.insight.facts import in_cells
from youying.insight.queries import Narrow, drill, figures, same_type
from youying.insight.report import rates_report
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.places import actions as places

YEAR = {"since": date(2026, 1, 1), "until": date(2027, 1, 1)}
DONE = {
    "contacted_on_time": True, "completed_on_time": True, "solved": True, "satisfaction": "满意", "crossed_off": True,
}  # fmt: skip


def done(street, **more):
    """Matters that went the whole way."""
    when = more.pop("at", "2026-03-10 09:00")
    return street.matter(when, **DONE | {"completed_at": street.evening(when)} | more)


def total(board):
    """The total line as (n, d) by figure."""
    return {code: (cell.n, cell.d) for code, cell in board.total.cells.items()}


def test_the_community_of_m03_answers_all_138_completes_129_and_satisfies_99_in_100(street):
    done(street, n=127)
    done(street, n=2, satisfaction="不满意", solved=True)
    street.matter(n=9, contacted_on_time=True)
    said = figures(street.viewer(), **YEAR)
    assert total(said)["received"] == (138, None)
    assert total(said)["response"] == (138, 138)
    assert total(said)["completion"] == (129, 138)
    assert said.total.cells["completion"].fraction == Fraction(129, 138)
    assert said.total.cells["completion"].say == "93.5%"
    assert total(said)["satisfaction"] == (127, 129)


def test_the_town_of_m02_keeps_all_182(street):
    done(street, n=182)
    cells = figures(street.viewer(), **YEAR).total.cells
    assert {cells[code].say for code in ("on-time", "response", "satisfaction")} == {"100.0%"}
    assert cells["received"].n == 182


def test_a_matter_kept_out_for_a_reason_stands_beside_the_rate_and_not_in_it(street):
    done(street, n=30)
    done(street, n=3, solved=None, satisfaction="", excluded="unreachable")
    done(street, n=2, solved=False, satisfaction="不满意", excluded="", end_reason="litigation")
    cell = figures(street.viewer(), ["solved"], **YEAR).total.cells["solved"]
    assert (cell.n, cell.d) == (30, 30)
    assert cell.with_excluded == (30, 32)
    assert cell.excluded == {"litigation": 2, "unreachable": 3}


def test_the_board_counts_what_any_figure_leaves_out_once(street):
    done(street, n=3, solved=None, excluded="unreachable")
    assert figures(street.viewer(), **YEAR).left_out == {"unreachable": 3}


def test_fewer_than_thirty_are_shown_as_counts_and_compared_with_nothing(street):
    done(street, n=28)
    done(street, n=100, at="2025-03-10 09:00", solved=False)
    cell = figures(street.viewer(), ["solved"], **YEAR, compare="last-year").total.cells["solved"]
    assert (cell.say, cell.too_few, cell.say_change) == ("28 / 28 件", True, "")
    assert cell.change == 1


def test_a_rate_without_a_denominator_shows_no_rate(street):
    cell = figures(street.viewer(), ["solved"], **YEAR).total.cells["solved"]
    assert (cell.fraction, cell.say) == (None, "—")


def test_year_on_year_is_exact_and_of_the_same_days(street):
    done(street, n=46)
    done(street, n=4, solved=False)
    done(street, n=45, at="2025-03-10 09:00")
    done(street, n=5, at="2025-03-10 09:00", solved=False)
    done(street, n=9, at="2025-12-10 09:00", solved=False)
    cell = figures(street.viewer(), ["solved"], **YEAR, compare="last-year").total.cells["solved"]
    assert (cell.last.n, cell.last.d) == (45, 50)
    assert cell.change == Fraction(2, 100)
    assert cell.say_change == "↑2.0点"


def test_a_drop_is_as_plain_as_a_rise(street):
    done(street, n=45)
    done(street, n=5, solved=False)
    done(street, n=46, at="2025-03-10 09:00")
    done(street, n=4, at="2025-03-10 09:00", solved=False)
    cell = figures(street.viewer(), ["solved"], **YEAR, compare="last-year").total.cells["solved"]
    assert cell.say_change == "↓2.0点"


def test_same_type_demands_fell_from_725_to_158(street):
    street.matter("2025-05-01 09:00", n=725, category="utilities.drainage.blocked-drain")
    street.matter("2026-05-01 09:00", n=158, category="utilities.drainage.blocked-drain")
    one = same_type(street.viewer(), **YEAR)[0]
    assert (one.last, one.n, one.change, one.say_change) == (725, 158, Fraction(158 - 725, 725), "−78%")


@pytest.mark.parametrize("by", ["unit", "grid", "compound", "area", "category", "channel", "urgency", "kind", "month"])
def test_the_lines_of_a_board_add_up_to_its_total(street, by):
    for unit, area, grid, estate, month, channel in (
        ("和顺物业", HUAILI, "第1网格", "杏林小区", 3, "hotline"),
        ("安居物业", DUKOU, "第2网格", "渡口家园", 4, "qr"),
    ):
        done(
            street, n=month, at=f"2026-0{month}-10 09:00", area=area, lead_id=street.units[unit].pk, channel=channel,
            grid_id=street.grids[grid], compound_id=street.compounds[estate], category=f"a.b.{channel}", urgency="hard",
        )  # fmt: skip
    board = figures(street.viewer(), **YEAR, by=by)
    assert board.rows[0].total
    assert sum(row.cells["received"].n for row in board.rows[1:]) == board.total.cells["received"].n == 7


def test_lines_stand_in_the_order_of_codes_with_their_titles_and_the_unknown_last(street):
    done(street, n=1, area=DUKOU, lead_id=None)
    done(street, n=2, area=HUAILI, lead_id=street.units["和顺物业"].pk)
    board = figures(street.viewer(), **YEAR, by="area")
    assert [row.title for row in board.rows] == ["合计", "槐花里社区", "渡口社区"]
    assert [row.title for row in figures(street.viewer(), **YEAR, by="unit").rows[1:]] == ["和顺物业", "尚未派单"]


def test_two_dimensions_make_one_line_a_pair(street):
    done(street, n=2, lead_id=street.units["和顺物业"].pk)
    done(street, n=1, at="2026-04-01 00:00", lead_id=street.units["和顺物业"].pk)
    board = figures(street.viewer(), ["received"], **YEAR, by=("unit", "month"))
    assert [(row.title, row.cells["received"].n) for row in board.rows[1:]] == [
        ("和顺物业·2026年3月", 2),
        ("和顺物业·2026年4月", 1),
    ]


def test_a_month_stands_beside_the_same_month_of_the_year_before(street):
    done(street, n=2)
    done(street, n=5, at="2025-03-31 23:59")
    board = figures(street.viewer(), ["received"], **YEAR, by="month", compare="last-year")
    march = next(row for row in board.rows if row.key == date(2026, 3, 1))
    assert (march.cells["received"].n, march.cells["received"].last.n) == (2, 5)


def test_months_turn_at_midnight_where_the_matter_stands(street):
    street.matter("2026-03-31 23:59")
    street.matter("2026-04-01 00:00")
    march = figures(street.viewer(), ["received"], since=date(2026, 3, 1), until=date(2026, 4, 1))
    days = figures(street.viewer(), ["received"], since=date(2026, 3, 2), until=date(2026, 4, 1))
    assert (march.total.cells["received"].n, days.total.cells["received"].n) == (1, 1)


def test_two_zones_within_reach_each_count_by_their_own_wall_clock(street):
    path = places.add_area(
        "990101003", name="西岭街道", level="town", parent=COUNTY, zone="Asia/Urumqi", by=SYSTEM
    ).path
    adopt(path=path)
    street.matter("2026-04-01 01:30")
    street.matter("2026-04-01 01:30", area=path)  # still 31 March there, 23:30
    for until in (date(2026, 4, 1), date(2026, 4, 2)):
        march = {"since": date(2026, 3, 1), "until": until}
        board = figures(street.viewer(COUNTY), ["received"], **march, by="area")
        assert [row.cells["received"].n for row in board.rows[1:]] == ([1] if until.day == 1 else [1, 1])
        assert drill(street.viewer(COUNTY), "received", **march).count() == board.total.cells["received"].n


def test_whole_months_cost_one_statement_and_other_days_one_more(street, count_statements):
    done(street, n=3)
    figures(street.viewer(), **YEAR)
    with count_statements(at_most=1):
        figures(street.viewer(), **YEAR, by="month")
    with count_statements(at_most=2):
        figures(street.viewer(), since=date(2026, 2, 10), until=date(2026, 5, 3), by="area")


def test_days_and_months_give_the_same_numbers(street):
    for month in range(1, 11):
        done(street, n=month, at=f"2026-{month:02}-15 12:00", lead_id=street.units["和顺物业"].pk)
    whole = figures(street.viewer(), since=date(2026, 1, 1), until=date(2026, 11, 1), by="unit")
    days = figures(street.viewer(), since=date(2026, 1, 2), until=date(2026, 10, 31), by="unit")
    assert [row.cells for row in whole.rows] == [row.cells for row in days.rows]


def test_what_a_reader_picks_narrows_every_line(street):
    unit, grid = street.units["和顺物业"].pk, street.grids["第1网格"]
    for category, channel, lead in (("a.b", "qr", unit), ("a.b.c", "qr", None), ("a.bc", "hotline", None)):
        done(street, n=1, category=category, channel=channel, lead_id=lead, grid_id=grid)
    done(street, n=3, area=DUKOU)

    def picked(**narrow):
        """How many there are of what was picked."""
        return figures(street.viewer(), ["received"], **YEAR, narrow=Narrow(**narrow)).total.cells["received"].n

    assert [picked(category="a.b"), picked(channel="qr"), picked(unit=unit), picked(grid=grid)] == [2, 2, 1, 3]
    assert [picked(place=DUKOU), picked(place=DUKOU, channel="qr")] == [3, 0]


class TestWhoSeesWhat:
    def test_a_community_sees_its_own_figures(self, street):
        done(street, n=2, area=HUAILI)
        done(street, n=3, area=DUKOU)
        assert figures(street.viewer(HUAILI), ["received"], **YEAR).total.cells["received"].n == 2
        assert figures(street.viewer(TOWN), ["received"], **YEAR).total.cells["received"].n == 5

    def test_another_town_sees_none_of_them(self, street):
        done(street, n=2)
        adopt(path=OTHER_TOWN)
        assert figures(street.viewer(OTHER_TOWN), ["received"], **YEAR).total.cells["received"].n == 0

    def test_nobody_sees_them_without_the_power(self, street):
        with pytest.raises(Refused, match="no-power"):
            figures(street.viewer(powers="view"), **YEAR)

    def test_nobody_narrows_to_a_place_out_of_reach(self, street):
        with pytest.raises(Refused, match="out-of-reach"):
            figures(street.viewer(HUAILI), **YEAR, narrow=Narrow(place=DUKOU))

    def test_a_unit_that_reaches_no_place_sees_its_own_matters(self, street):
        unit = street.units["和顺物业"]
        done(street, n=2, lead_id=unit.pk)
        done(street, n=3)
        viewer = street.viewer("", unit_id=unit.pk)
        adopt(path="/")
        assert figures(viewer, ["received"], **YEAR).total.cells["received"].n == 2

    def test_a_grid_and_a_building_count_what_lies_in_them(self, street):
        done(street, n=2, grid_id=street.grids["第1网格"], building_id=34)
        done(street, n=3)
        grid = street.viewer(f"{HUAILI}/g{street.grids['第1网格']}")
        building = street.viewer(f"{HUAILI}/c{street.compounds['杏林小区']}/b34")
        assert figures(grid, ["received"], **YEAR).total.cells["received"].n == 2
        assert figures(building, ["received"], **YEAR).total.cells["received"].n == 2


class TestEditions:
    def test_two_towns_with_the_same_declaration_are_counted_together(self, street):
        adopt(path=OTHER_TOWN)
        done(street, n=2)
        done(street, n=3, area=OTHER_TOWN)
        board = figures(street.viewer(COUNTY), ["received"], **YEAR, by="area")
        assert [(row.title, row.cells["received"].n) for row in board.rows] == [
            ("合计", 5),
            ("柳湾街道", 2),
            ("临溪街道", 3),
        ]

    def test_two_towns_that_count_differently_are_not_mixed(self, street):
        adopt('[figure.solved]\nexclude = ["unreachable"]', path=OTHER_TOWN)
        with pytest.raises(Refused) as refused:
            figures(street.viewer(COUNTY), ["solved"], **YEAR)
        assert refused.value.code == "figure-disagrees"
        assert "算法不同" in refused.value.say

    def test_a_period_is_read_by_the_edition_then_in_force(self, street):
        done(street, n=30)
        done(street, n=10, solved=False, excluded="withdrawn")
        adopt('[figure.solved]\nexclude = ["withdrawn"]')
        march = figures(street.viewer(), ["solved"], since=date(2026, 3, 1), until=date(2026, 4, 1))
        year = figures(street.viewer(), ["solved"], **YEAR)
        assert (march.total.cells["solved"].d, year.total.cells["solved"].d) == (40, 30)
        assert march.editions != year.editions

    def test_a_place_that_follows_no_pack_has_no_figures(self, street):
        with pytest.raises(Refused, match="edition-missing"):
            figures(street.viewer(OTHER_TOWN), **YEAR)

    def test_an_unknown_figure_is_refused_with_those_there_are(self, street):
        with pytest.raises(Refused) as refused:
            figures(street.viewer(), ["happiness"], **YEAR)
        assert "response" in refused.value.say

    def test_the_sentence_says_what_is_divided_by_what(self, street):
        said = figures(street.viewer(), ["response"], **YEAR).measures["response"].sentence
        assert said.startswith("按时联系 ÷ ")
        assert "；剔除“已进入诉讼、仲裁、复议或信访程序”、“" in said


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "period-empty"),
        ({"since": date(2027, 2, 1), "until": date(2027, 3, 1)}, "period-in-future"),
        ({"by": "weather"}, "dimension-unknown"),
        ({"compare": "last-century"}, "compare-unknown"),
        ({"since": date(2024, 1, 1), "compare": "last-year"}, "period-too-long"),
    ],
)
def test_a_question_without_sense_is_refused_in_words(street, asked, code):
    with pytest.raises(Refused) as refused:
        figures(street.viewer(), **YEAR | asked)
    assert refused.value.code == code


def test_the_report_carries_numerator_denominator_and_the_exact_fraction(street):
    done(street, n=135)
    done(street, n=3, completed_at=None, completed_on_time=None)
    said = rates_report(SYSTEM, TOWN, since=YEAR["since"], until=YEAR["until"], by="area", compare="last-year")
    one = said["rows"][0]["figures"]["completion"]
    assert (one["numerator"], one["denominator"], one["fraction"], one["percent"]) == (135, 138, "135/138", "97.8%")
    assert said["rows"][1]["title"] == "槐花里社区"
    assert one["last-year"]["denominator"] == 0


def test_what_was_called_done_twice_and_not_solved_has_a_rate_of_its_own(street):
    """虚假办结: twice back to the unit counts, once does not, and the board answers from the cells alone."""
    street.matter(n=40, solved=True)
    street.matter(n=6, solved=False, reworks=1)
    street.matter(n=4, solved=False, reworks=2)
    street.matter(n=2, solved=True, reworks=5)
    held = figures(street.viewer(), ["false-completion"], **YEAR).total.cells["false-completion"]
    assert (held.n, held.d) == (6, 52)
    table = {"reworks": {"at_least": 2}}
    assert in_cells(table, params={})
    assert not in_cells({"reworks": {"at_least": 3}}, params={})
