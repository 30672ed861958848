"""The words of the pack language by which sheets are filled in; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "sheets",
    *("sheet", "sheet.items.mask", "sheet.items.must", "sheet.items.points", "sheet.items.unit"),
    *(
        f"sheet.items.type:{kind}"
        for kind in (
            "yes-no", "choice", "number", "money", "text", "photo", "date", "time", "person", "place", "signature",
            "file", "phone",
        )
    ),
)  # fmt: skip
