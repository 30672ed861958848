"""The words of the pack language that publications execute; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "publications",
    *("publication", "publication.hides", "publication.objection", "publication.at:board", "publication.at:portal"),
    *("publication.law:village-affairs", "publication.law:residents-affairs"),
)  # fmt: skip
