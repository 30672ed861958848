"""A street's history becomes a classifier that knows how sure it is."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pytest

from tests.text.letters import demands, many_demands
from youying.kernel.refusals import Refused
from youying.text.evaluation import evaluate, judge
from youying.text.learning import Guess, Recipe, train
from youying.text.storage import load, save

pytestmark = pytest.mark.xdist_group("learning")


@pytest.fixture(scope="module")
def model():
    return train(demands())


def test_a_demand_in_new_words_finds_its_label(model):
    guess = model.predict(["二单元门前路灯不亮，夜里看不见"])[0]
    assert guess.label == "路灯"
    assert guess.confidence > 0.5
    assert "路灯" not in [label for label, _ in guess.runners_up]


def test_the_same_letter_with_other_width_and_spaces_gets_the_same_guess(model):
    plain, wide = model.predict(["3号楼暖气不热，室温14度", "３号楼 暖气 不热 ，室温 １４ 度"])
    assert plain == wide


def test_a_text_without_known_words_is_not_guessed_with_confidence(model):
    assert model.predict(["zzzz 😀"])[0].confidence < 0.6


def test_an_empty_text_gets_a_guess_of_low_confidence_and_no_fault(model):
    assert model.predict([""])[0].confidence < 0.6
    assert model.predict([]) == []


def test_a_text_of_a_hundred_thousand_characters_is_read_in_bounded_time(model):
    assert model.predict(["路灯坏了。" + "长" * 100_000])[0].label == "路灯"


def test_a_saved_model_guesses_as_before(model, tmp_path):
    path = tmp_path / "street.npz"
    save(model, path)
    texts = [text for text, _ in demands()[::20]]
    assert load(path).predict(texts) == model.predict(texts)


def test_a_model_file_that_would_run_code_is_refused(tmp_path):
    path = tmp_path / "evil.npz"
    np.savez(path, about=np.array([{"labels": []}], dtype=object))
    with pytest.raises(Refused) as refused:
        load(path)
    assert refused.value.code == "model-file-unreadable"


def test_a_cut_off_model_file_is_refused(model, tmp_path):
    path = tmp_path / "street.npz"
    save(model, path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(Refused) as refused:
        load(path)
    assert refused.value.code == "model-file-unreadable"


def test_a_model_whose_parts_do_not_fit_is_refused(model, tmp_path):
    path = tmp_path / "street.npz"
    save(model, path)
    with np.load(path) as stored:
        parts = {name: stored[name] for name in stored.files}
    about = json.loads(parts["about"].tobytes())
    about["labels"] = about["labels"][:-1]
    parts["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    np.savez(path, **parts)
    assert zipfile.is_zipfile(path)
    with pytest.raises(Refused):
        load(path)


def test_a_missing_model_is_refused_by_name(tmp_path):
    with pytest.raises(Refused) as refused:
        load(tmp_path / "none.npz")
    assert "none.npz" in refused.value.say


def test_nineteen_rows_are_refused_and_twenty_learned():
    lamps = [row for row in demands() if row[1] == "路灯"][:10]
    noise = [row for row in demands() if row[1] == "噪音"][:10]
    assert train(lamps + noise).rows == 20
    with pytest.raises(Refused) as refused:
        train(lamps + noise[1:])
    assert (refused.value.code, refused.value.have, refused.value.need) == ("too-few-rows-to-learn", 19, 20)


def test_rows_of_a_single_label_are_refused():
    with pytest.raises(Refused) as refused:
        train([row for row in demands() if row[1] == "路灯"])
    assert refused.value.code == "too-few-labels-to-learn"


def test_rows_without_text_or_label_do_not_count():
    rows = [("", "路灯"), ("  ", "噪音"), ("路灯坏了", ""), *demands()]
    assert train(rows).rows == len(demands())


def test_a_label_seen_once_is_learned_beside_the_others():
    model = train([*demands(), ("电梯停运，老人被困在十八楼", "电梯")])
    assert "电梯" in model.labels


def test_evaluation_keeps_near_equal_letters_out_of_their_own_training():
    rows = [(f"{text}{number}", label) for number, (text, label) in enumerate(demands())]
    result = evaluate(rows, folds=3)
    assert result.rows == len(rows)
    assert 0 <= result.worst_fold_f1 <= result.macro_f1 <= 1
    assert sum(map(sum, result.confusion)) == len(rows)


def test_judging_counts_right_answers_and_coverage():
    truth = ["甲"] * 50 + ["乙"] * 50
    guesses = [Guess("甲", 0.9)] * 50 + [Guess("乙", 0.8)] * 40 + [Guess("甲", 0.4)] * 10
    result = judge(truth, guesses)
    assert result.accuracy == pytest.approx(0.9)
    assert result.accuracy_on_surest_90 == 1.0
    assert result.coverage_at_97 == pytest.approx(0.92)
    assert result.confusion == ((40, 10), (0, 50)) or result.confusion == ((50, 0), (10, 40))


@pytest.fixture(scope="module")
def wide_model():
    return train(many_demands())


def test_with_enough_rows_a_space_of_meaning_joins_in_and_is_saved(wide_model, model, tmp_path):
    assert wide_model.judges.latent is not None
    assert model.judges.latent is None
    path = tmp_path / "street.npz"
    save(wide_model, path)
    texts = [text for text, _ in demands()[::20]]
    before, after = wide_model.predict(texts), load(path).predict(texts)
    assert [guess.label for guess in before] == [guess.label for guess in after]
    assert [guess.confidence for guess in before] == pytest.approx([guess.confidence for guess in after], abs=0.01)


def test_the_recipe_can_leave_the_space_of_meaning_out():
    assert train(many_demands(), recipe=Recipe(latent=False)).judges.latent is None


def test_a_text_with_nothing_known_is_as_likely_everything(wide_model):
    guess = wide_model.predict(["zzzz 😀"])[0]
    assert guess.confidence == pytest.approx(1 / len(wide_model.labels), abs=0.001)


def test_one_text_alone_gets_the_same_guess_as_in_a_batch(wide_model):
    texts = [text for text, _ in many_demands()[:40]]
    assert [wide_model.predict([text])[0].label for text in texts] == [g.label for g in wide_model.predict(texts)]


def test_training_twice_on_the_same_rows_gives_the_same_model(wide_model):
    texts = [text for text, _ in demands()]
    again = train(many_demands())
    assert [g.label for g in again.predict(texts)] == [g.label for g in wide_model.predict(texts)]
