"""Folds that cannot leak."""

from __future__ import annotations

import pytest

from youying.text.folds import assign_folds, fold_of, near_equal_clusters

LETTER = (
    "清泉里小区三号楼的地下车库每逢下雨就会积水，去年向物业公司反映以后修过一次，今年雨季又漏得更厉害了，请尽快处理"
)
CUT = "清泉里 小区 三号楼 地下 车库 每逢 下雨 积水 去年 物业公司 反映 修过 一次 今年 雨季 漏得 厉害 尽快 处理"
OTHERS = [
    "南塘新村门口的公交站牌被撞倒，一个月没有人修",
    "长宁巷菜市场早上五点开始卸货，吵得睡不着觉",
    "低保申请交了材料一直没有答复，想问进度",
    "三中门口放学时堵车严重，建议安排交警疏导",
]


def test_the_fold_does_not_see_white_space():
    assert fold_of("路灯 坏了\n", 5) == fold_of("路灯坏了", 5)


def test_a_letter_and_its_cut_form_share_a_cluster_and_a_fold():
    texts = [*OTHERS, LETTER, CUT, *[text + "。" for text in OTHERS]]
    clusters = near_equal_clusters(texts)
    folds = assign_folds(texts, folds=5)
    assert clusters[4] == clusters[5]
    assert folds[4] == folds[5]


def test_different_letters_do_not_share_a_cluster():
    texts = [*OTHERS, LETTER, CUT]
    clusters = near_equal_clusters(texts)
    assert len({*clusters[:4], clusters[4]}) == 5


@pytest.mark.parametrize("texts", [["甲"], ["路灯坏了", "路灯坏了"]])
def test_texts_with_nothing_to_weigh_still_get_clusters(texts):
    assert len(near_equal_clusters(texts)) == len(texts)
    assert len(set(near_equal_clusters(texts))) == len(set(texts))
