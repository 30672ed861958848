"""Before there is a history: the words of the taxonomy, and who decides."""

from __future__ import annotations

import pytest

from youying.kernel.refusals import Refused
from youying.text.keywords import guess
from youying.text.rules import Opinion, decide
from youying.text.taxonomy import read_taxonomy, shipped_taxonomy

TOLD = [
    ("一号楼下水管道堵塞，污水漫到一楼", "utilities.drainage.blocked-drain"),
    ("有人从楼上往下拉电线给电动车飞线充电", "fire.e-bikes.flying-wire"),
    ("地下储藏室墙面渗水，物业只肯出一千元", "housing.leaks.cellar-leak"),
    ("顶楼漏水三年了，楼顶防水老化", "housing.leaks.roof-leak"),
    ("树枝碰电线，大风天冒火花", "utilities.electricity.tree-near-line"),
    ("私家车堵塞消防通道，救护车进不来", "fire.passages.blocked-passage"),
    ("燃气软管过长，报警器也不响", "utilities.gas.gas-hose"),
    ("小区共用停车场，酒店客人车辆占位", "traffic.parking.shared-lot"),
    ("三号楼自来水管架子掉落", "utilities.water.water-pipes"),
    ("家里暖气不热，只有十四度", "utilities.heating.not-warm"),
    ("物业公司要撤，小区物业撤场以后没人管", "property.left.company-left"),
    ("业委会选举两次都失败了", "property.owners.owners-committee"),
    ("父亲得了尿毒症每周透析，想申请低保", "care.relief"),
    ("老人行动不便，养老认证怎么办", "services.errands.pension-proof"),
    ("五号楼前厅分配，几家商户都要", "neighbours.disputes.shared-space"),
    ("门口路灯不亮，漆黑一片", "city.lamps.lamp-out"),
    ("井盖缺失，晚上很危险", "city.covers.lost-cover"),
    ("楼上半夜吵闹，脚步声不断", "noise.living.neighbour-noise"),
    ("孩子河边玩，怕溺水", "hazard.public.drowning"),
    ("种玉米的地要建大棚，土地流转补偿怎么算", "rural.land.transfer"),
    ("学生营养餐补助标准多少", "education.running.meals"),
    ("村集体三资账目没有公开", "rural.village.three-assets"),
    ("家里狗叫吵了一夜", "appearance.animals.dog-noise"),
    ("想在老楼加装电梯，一楼不同意", "housing.renewal.lift-adding"),
    ("电梯停运一周，老人下不了楼", "lifts.running.lift-fault"),
]


SPOKEN = [
    ("3号楼门口的路灯坏了，晚上看不见", "city.lamps.lamp-out"),
    ("楼道灯坏了，老人上下楼不方便", "city.lamps.corridor-lamp"),
    ("下水道堵了，一楼返水", "utilities.drainage.blocked-drain"),
    ("马桶堵了", "utilities.drainage.blocked-drain"),
    ("3号楼2单元暖气不热，家里只有14度", "utilities.heating.not-warm"),
    ("电梯坏了，九楼老人下不来", "lifts.running.lift-fault"),
    ("井盖丢了，怕孩子掉下去", "city.covers.lost-cover"),
    ("垃圾桶满了没人清", "appearance.waste.waste-bins"),
    ("电动车在楼道充电", "fire.e-bikes"),
    ("老年卡年审怎么办", "care.elders.old-age-allowance"),
]
"""As people say it on a telephone; the words about who suffers from it say nothing about what it is."""
USUAL_THRESHOLD = 0.85


@pytest.mark.parametrize(("text", "code"), SPOKEN)
def test_what_people_say_every_day_is_sure_enough_without_a_history(text, code):
    found = guess(text, shipped_taxonomy())[0]
    assert found.code.startswith(code)
    assert found.confidence >= USUAL_THRESHOLD


@pytest.mark.parametrize(("text", "code"), TOLD)
def test_what_the_source_documents_tell_finds_its_category(text, code):
    assert guess(text, shipped_taxonomy())[0].code.startswith(code)


def test_a_guess_names_the_words_that_speak_for_it():
    found = guess("路 灯 不 亮 已经三天", shipped_taxonomy())[0]
    assert found.code == "city.lamps.lamp-out"
    assert "路灯不亮" in found.evidence


def test_a_text_without_a_word_of_the_taxonomy_is_not_guessed():
    assert guess("😀 ' OR 1=1 --", shipped_taxonomy()) == []
    assert guess("", shipped_taxonomy()) == []


def test_one_short_word_is_never_sure_and_more_evidence_is_surer():
    little = guess("停车", shipped_taxonomy())[0]
    more = guess("停车难，车位少，没地方停车，乱停乱放", shipped_taxonomy())[0]
    assert little.confidence < more.confidence < USUAL_THRESHOLD  # so much at once that a person looks


def test_a_group_is_the_answer_when_no_category_in_it_is_named():
    assert guess("想问一下物业的事", shipped_taxonomy())[0].code == "property.service"


def test_the_shipped_taxonomy_has_three_levels_with_codes_of_its_own():
    levels = [category.level for category in shipped_taxonomy().categories.values()]
    assert (levels.count(1) >= 15, levels.count(2) >= 70, levels.count(3) >= 250) == (True, True, True)


def test_a_title_gives_the_whole_way_down():
    assert shipped_taxonomy().title("fire.passages.blocked-passage") == "消防与用电安全 / 消防通道 / 占用消防通道"


def test_titles_that_packs_use_are_known():
    for title in ["物业", "供暖", "占用消防通道", "楼道杂物", "楼道停放电动车"]:
        assert shipped_taxonomy().by_title(title)


def test_an_unknown_code_is_refused():
    with pytest.raises(Refused) as refused:
        shipped_taxonomy().path("city.moon")
    assert refused.value.code == "category-unknown"


@pytest.mark.parametrize(
    ("toml", "code"),
    [
        ("[a\n", "taxonomy-unreadable"),
        ('[Road]\ntitle = "路"\n', "category-code-bad"),
        ("[road]\n", "category-without-title"),
        ('[road]\ntitle = "路"\n[road.lamp]\ntitle = "灯"\nout = []\n', "category-without-title"),
        ('[road]\ntitle = "路"\n[lamp]\ntitle = "路"\n', "category-word-twice"),
    ],
)
def test_a_faulty_taxonomy_is_refused(tmp_path, toml, code):
    path = tmp_path / "street.toml"
    path.write_text(toml, "utf-8")
    with pytest.raises(Refused) as refused:
        read_taxonomy(path)
    assert refused.value.code == code


SURE, UNSURE = Opinion("city.lamps", 0.9, ("路灯",)), Opinion("city.roads", 0.6, ("路面",))


def test_text_confidence_decides_whether_the_guess_stands():
    assert decide(SURE, UNSURE, threshold=0.85).label == "city.lamps"
    raised = decide(SURE, UNSURE, threshold=0.95)
    assert (raised.label, raised.why) == (None, "below-threshold")
    assert raised.suggestions == ("city.lamps", "city.roads")
    assert "95%" in raised.say


def test_a_guess_exactly_at_the_threshold_stands():
    assert decide(SURE, None, threshold=0.9).why == "model"


def test_sure_keywords_decide_where_there_is_no_model():
    decision = decide(None, SURE, threshold=0.85)
    assert (decision.label, decision.why, decision.evidence) == ("city.lamps", "keywords", ("路灯",))


def test_two_sure_guesses_that_differ_go_to_a_person():
    decision = decide(SURE, Opinion("city.roads", 0.99), threshold=0.85)
    assert (decision.label, decision.why) == (None, "guesses-differ")


def test_without_any_guess_a_person_decides():
    assert decide(None, None, threshold=0.5).why == "no-guess"
