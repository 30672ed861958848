"""A small fictional street for the tests of the loop: places, units, posts and an adopted edition."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from youying.access.models import Account, Post, Unit
from youying.editions.models import Adoption, EditionRow, LocalPack
from youying.files.actions import take
from youying.kernel.moments import now
from youying.kernel.viewers import SYSTEM, Viewer
from youying.matters import actions
from youying.matters.actions import NeedIn, Opened, ReporterIn
from youying.matters.models import Matter
from youying.packs.edition import Edition, build_edition
from youying.packs.source import RawPack, library
from youying.places import actions as places
from youying.places.placing import Place, place_of

WORDS = "地下室下水道又返水了，味儿顺着楼道往上走，麻烦这回把根儿找到。"
CATEGORY = "utilities.drainage.blocked-drain"
STAFF = frozenset({"view", "intake", "act", "rates"})


@dataclass
class World:
    """The street, its people as viewers, its units and one building to report from."""

    edition: Edition
    town: str
    community: str
    place: Place
    property_company: Unit
    office: Unit
    people: dict[str, Viewer]
    clock: Any = None

    def __getattr__(self, name: str) -> Viewer:
        return self.people[name]


def build(codes: str = "m01") -> World:
    """Lay out the street and let it follow a library pack."""
    path = ""
    for code, name, level in (
        ("99", "杏江省", "province"),
        ("9901", "云川市", "city"),
        ("990101", "柳湾区", "county"),
        ("990101001", "柳湾街道", "town"),
        ("990101001001", "槐花里社区", "community"),
    ):
        path = places.add_area(code, name=name, level=level, parent=path, by=SYSTEM).path
    compound = places.add_compound(path, name="杏林小区", by=SYSTEM)
    building = places.add_building(compound.path, name="3号楼", by=SYSTEM, entrances=3, floors=6)
    places.add_grid(path, code="990101001001003", title="第3网格", by=SYSTEM, covers=[compound.path])
    town = path.rpartition("/")[0]
    edition = adopt(codes, town)
    company = Unit.objects.create(code="heshun", title="和顺物业", kind="property-company", reach=compound.path)
    office = Unit.objects.create(code="huaihuali", title="槐花里社区", kind="community-office", reach=path)
    return World(
        edition=edition,
        town=town,
        community=path,
        place=place_of(building_id=building.pk),
        property_company=company,
        office=office,
        people={
            "dispatcher": person("周智远", "dispatcher", "派单员", reach=town),
            "caller": person("苏敏", "caller", "回访员", reach=town),
            "secretary": person("林晓禾", "secretary", "社区书记", reach=path, unit=office),
            "leader": person("何立诚", "street-leader", "街道领导", reach=town),
            "manager": person("董建平", "", "项目经理", unit=company),
            "duty": person("韩树成", "duty-officer", "值班员", reach=path),
            "worker": person("马小川", "grid-worker", "网格员", reach=path),
            "stranger": person("路人甲", "secretary", "别处书记", reach=town.replace("990101001", "990101002")),
        },
    )


def adopt(pack: str | RawPack, town: str) -> Edition:
    """Adopt a library pack, or a changed one, for the town from now on."""
    lib = library()
    edition = build_edition(lib[pack] if isinstance(pack, str) else pack, lib)
    row, _ = EditionRow.objects.get_or_create(
        digest=edition.digest,
        defaults={"canonical": edition.canonical, "title": edition.pack.pack.title, "made_at": now()},
    )
    version = LocalPack.objects.filter(area_path=town).count() + 1
    local = LocalPack.objects.create(area_path=town, toml="", version=version, made_at=now())
    Adoption.objects.create(
        area_path=town, edition=row, local_pack=local, since=now(), adopted_at=now(), adopted_by="测试"
    )
    return edition


def person(name: str, code: str, title: str, *, reach: str = "", unit: Unit | None = None) -> Viewer:
    """A member of the cast: an account in a post."""
    account = Account.objects.create(username=f"u{Account.objects.count()}", name=name, made_at=now())
    post = Post.objects.create(
        account=account,
        code=code or "manager",
        title=title,
        reach=reach or "/none",
        unit=unit,
        powers=sorted(STAFF),
        since=now(),
    )
    return Viewer(
        kind="post",
        account_id=account.pk,
        post_id=post.pk,
        post_code=code,
        post_title=title,
        name=name,
        reach=reach,
        unit_id=unit.pk if unit else None,
        unit_title=unit.title if unit else "",
        unit_kind=unit.kind if unit else "",
        powers=STAFF,
    )


def need(**more: Any) -> NeedIn:
    """The need that the tests report."""
    base: dict[str, Any] = {
        "kind": "demand",
        "text": WORDS,
        "channel": "qr",
        "category": CATEGORY,
        "urgency": "ordinary",
    }
    return NeedIn(**{**base, "reporters": (ReporterIn("陈桂芳", "13800000417"),), **more})


def opened(world: World, **more: Any) -> Opened:
    """A matter just reported."""
    return actions.open_matter(need(**more), place=world.place, by=world.dispatcher)


def dispatched(world: World) -> Matter:
    """A matter sent to the property company."""
    matter = opened(world).matter
    return actions.act(matter.pk, "dispatch", by=world.dispatcher, unit=world.property_company.pk, category=CATEGORY)


def in_hand(world: World) -> Matter:
    """A matter that the property company has accepted."""
    return actions.act(dispatched(world).pk, "accept", by=world.manager)


def photo(by: Viewer) -> str:
    """A photograph just uploaded."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(picture, "JPEG")
    picture.seek(0)
    return take(SimpleUploadedFile("现场.jpg", picture.read(), "image/jpeg"), by=by).token


def completed(world: World) -> Matter:
    """A matter that the unit says is done."""
    matter = in_hand(world)
    return actions.act(matter.pk, "complete", by=world.manager, note="主管已疏通", uploads=[photo(world.manager)])
