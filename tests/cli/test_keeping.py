"""A backup restored onto an empty home ends with the same record root; everything else is refused in words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.databases import own_installation

RUN = [sys.executable, "-c", "from youying.cli import main; main()"]


def youying(*words, home, typed=""):
    """Run the command line in an installation of its own."""
    made = subprocess.run(
        [*RUN, *words], env={**os.environ, **home}, input=typed, capture_output=True, text=True, check=False
    )
    return made.returncode, made.stdout + made.stderr


pytestmark = pytest.mark.xdist_group("keeping")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """An installation in which the first story was told."""
    with own_installation(tmp_path_factory.mktemp("told")) as home:
        code, said = youying("story", "run", "m01", home=home)
        assert code == 0, said
        yield home


def test_a_backup_with_keys_restores_onto_an_empty_home_with_the_same_root(told, tmp_path):
    file = tmp_path / "backup.tar"
    assert youying("backup", str(file), "--keys", home=told, typed="一个够长的口令二三四五六\n" * 2)[0] == 0
    with own_installation(tmp_path / "fresh") as fresh:
        code, said = youying("restore", str(file), home=fresh, typed="一个够长的口令二三四五六\n")
        assert code == 0, said
        _, before = youying("story", "list", home=told)
        code, whole = youying("record", "verify", home=fresh)
        assert (code, "留痕完整" in whole, bool(before)) == (0, True, True)
        assert "条比树根新，还没有封进树里，已逐条校验过" in whole


def test_keys_are_backed_up_where_the_environment_gives_the_signing_secret(told, tmp_path):
    given = {**told, "YOUYING_HOME": str(tmp_path / "home"), "YOUYING_SECRET": "只在环境里的签名密钥" * 5}
    shutil.copytree(told["YOUYING_HOME"], given["YOUYING_HOME"])
    kept = Path(told["YOUYING_HOME"], "signing-secret")
    Path(given["YOUYING_HOME"], kept.name).unlink()
    word = "一个够长的口令二三四五六\n"
    for home, holds in ((given, False), (told, True)):
        file = tmp_path / f"backup-{holds}.tar"
        code, said = youying("backup", str(file), "--keys", home=home, typed=word * 2)
        assert code == 0, said
        with own_installation(tmp_path / f"fresh-{holds}") as fresh:
            code, said = youying("restore", str(file), home=fresh, typed=word)
            assert code == 0, said
            brought = Path(fresh["YOUYING_HOME"], kept.name)
            assert (brought.exists() and brought.read_text() == kept.read_text()) == holds
            assert youying("record", "verify", home=fresh)[0] == 0


WORK_GOES_ON = """
import io, sys, threading, django
django.setup()
from pathlib import Path
from django.core.files.base import File
from django.db import connection
from youying.cli import keeping
from youying.editions.actions import set_param
from youying.files.actions import take
from youying.kernel.viewers import SYSTEM
from youying.places.queries import areas_below
dump = keeping._dump_database

def work():
    town = next(area.path for area in areas_below("/") if area.level == "town")
    set_param(town, name="export-most", value="77", by=SYSTEM)
    take(File(io.BytesIO(b"a,b\\n1,2\\n"), name="late.csv"), by=SYSTEM)
    connection.close()

def meanwhile(tar, folder):
    one = threading.Thread(target=work)
    one.start()
    one.join()
    dump(tar, folder)

keeping._dump_database = meanwhile
print(keeping.back_up(Path(sys.argv[1])).files)
"""


def test_a_backup_made_while_people_work_is_one_moment_and_lacks_no_file(told, tmp_path):
    file = tmp_path / "backup.tar"
    made = subprocess.run(
        [sys.executable, "-c", WORK_GOES_ON, str(file)],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    with tarfile.open(file) as tar:
        names = tar.getnames()
    assert max(n for n, name in enumerate(names) if name.startswith("database/")) < min(
        n for n, name in enumerate(names) if name.startswith("uploads/")
    )
    with own_installation(tmp_path / "fresh") as fresh:
        keys = Path(fresh["YOUYING_HOME"]) / "keys"
        shutil.copytree(Path(told["YOUYING_HOME"]) / "keys", keys)
        code, said = youying("restore", str(file), home=fresh)
        assert code == 0, said


def test_restoring_over_data_or_without_keys_or_with_a_wrong_password_is_refused(told, tmp_path):
    file, keyed = tmp_path / "plain.tar", tmp_path / "keyed.tar"
    assert youying("backup", str(file), home=told)[0] == 0
    assert youying("backup", str(keyed), "--keys", home=told, typed="一个够长的口令二三四五六\n" * 2)[0] == 0
    over = youying("restore", str(file), home=told)
    with own_installation(tmp_path / "fresh") as fresh:
        keyless = youying("restore", str(file), home=fresh)
        wrong = youying("restore", str(keyed), home=fresh, typed="不是这个口令不是这个口令\n")
    assert ("已有数据" in over[1], "密钥" in keyless[1], "口令不对" in wrong[1]) == (True, True, True)
    assert {over[0], keyless[0], wrong[0]} == {2}


def test_something_that_is_no_backup_is_refused(told, tmp_path):
    (tmp_path / "x.tar").write_text("不是备份", "utf-8")
    code, said = youying("restore", str(tmp_path / "x.tar"), home=told)
    assert (code, "不是备份" in said) == (2, True)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Another installation, whose keys and words may go."""
    with own_installation(tmp_path_factory.mktemp("own")) as home:
        assert youying("story", "run", "m03", home=home)[0] == 0
        yield home


def first_matter(home):
    """Number and words of the first matter, as another process reads them."""
    look = (
        "import json, youying.cli; from youying.matters.models import Matter; "
        "print(json.dumps(Matter.objects.order_by('pk').values_list('number', 'words').first()))"
    )
    said = subprocess.run(
        [sys.executable, "-c", look], env=os.environ | home, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(said.stdout))


def folder(home):
    return Path(home["YOUYING_HOME"])


def test_keys_are_listed_rotated_and_rewrapped_and_everything_stays_readable(own):
    assert youying("keys", "rotate", "wings", "--yes", home=own)[0] == 2
    assert youying("keys", "rotate", "master", home=own, typed="n\n")[0] == 1
    for purpose in ("master", "index", "head", "secret"):
        code, said = youying("keys", "rotate", purpose, "--yes", home=own)
        assert (code, f"{purpose}-2" in said) == (0, True), said
    assert youying("keys", "rewrap", "--yes", home=own)[0] == 0
    code, said = youying("keys", "list", home=own)
    assert (code, "master-1" in said, "master-2" in said) == (0, True, True)
    secret = (folder(own) / "keys" / "master-2.key").read_text("ascii").split()[1]
    assert secret not in said
    assert youying("record", "verify", home=own)[0] == 0


def test_a_backup_older_than_the_anchor_is_restored_only_when_that_is_accepted(own, tmp_path):
    file, anchor = tmp_path / "old.tar", tmp_path / "anchor.json"
    assert youying("backup", str(file), home=own)[0] == 0
    assert youying("keys", "rotate", "secret", "--yes", home=own)[0] == 0
    assert youying("record", "anchor", "--to", str(anchor), home=own)[0] == 0
    with own_installation(tmp_path / "again") as again:
        shutil.copytree(folder(own) / "keys", folder(again) / "keys")
        shutil.copy(anchor, folder(again) / "anchor.json")
        code, said = youying("restore", str(file), home=again)
        assert (code, "--accept-older" in said) == (2, True), said
        code, said = youying("restore", str(file), "--accept-older", home=again)
        assert code == 0, said
        assert youying("record", "verify", home=again)[0] == 0
        code, said = youying("record", "verify", "--anchor", str(anchor), home=again)
        assert (code, "shorter" in said) == (1, True), said


def test_one_matters_personal_values_are_erased_by_its_number(own):
    number, words = first_matter(own)
    assert words
    for refused in ((number, "--reason", "陈桂芳要求"), ("2611-0000", "--reason", "asked")):
        assert youying("record", "erase", *refused, "--yes", home=own)[0] == 2
    assert youying("record", "erase", number, "--reason", "asked", home=own, typed="n\n")[0] == 1
    assert first_matter(own) == (number, words)
    code, said = youying("record", "erase", number, "--reason", "asked", "--yes", home=own)
    assert code == 0, said
    assert first_matter(own)[1] != words
    assert youying("record", "verify", home=own)[0] == 0


def test_rates_are_printed_with_their_exact_fractions(told):
    code, said = youying("report", "rates", "--json", home=told)
    rows = json.loads(said[said.index("{") :])["rows"]
    assert code == 0
    assert rows[0]["figures"]["solved"]["fraction"] == "9/9"


def test_the_rates_of_an_unknown_place_are_refused(told):
    code, said = youying("report", "rates", "--area", "/nowhere", home=told)
    assert (code, "没有代码" in said) == (2, True)


@pytest.mark.parametrize("words", [("record", "verify"), ("report", "rates"), ("demo", "links")])
def test_an_installation_without_tables_is_said_to_be_none(tmp_path, words):
    with own_installation(tmp_path) as home:
        code, said = youying(*words, home=home)
    assert (code, "先运行 youying serve" in said, "Traceback" in said) == (2, True, False)


def test_packs_are_checked_explained_compared_and_tried_out(told):
    local = Path("src/youying/stories/local/huaihuali.toml")
    said = {
        "check": youying("pack", "check", str(local), home=told),
        "explain": youying("pack", "explain", "m03", home=told),
        "diff": youying("pack", "diff", "m01", "m03", home=told),
        "simulate": youying("pack", "simulate", "m01", "--at", "2026-11-13T16:20", home=told),
    }
    assert {code for code, _ in said.values()} == {0}
    assert "通过" in said["check"][1]
    assert "怎么算完" in said["explain"][1]
    assert "2026-11-16" in said["simulate"][1]


def test_a_story_is_told_into_an_empty_installation_only(told):
    code, said = youying("story", "run", "m01", home=told)
    assert (code, "空的安装" in said) == (2, True)
