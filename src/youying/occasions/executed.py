"""The words of the pack language by which things recur; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "occasions",
    *("rhythm", "rhythm.by", "rhythm.by:keeper", "rhythm.with", "rhythm.where", "rhythm.sheet"),
    *("rhythm.every", "rhythm.every:table", "rhythm.per", "rhythm.on", "rhythm.during", "rhythm.hours"),
    *(
        f"rhythm.every:{period}"
        for period in (
            "once", "as-called", "day", "week", "fortnight", "month", "quarter", "half-year", "year",
        )
    ),
    *("rhythm.date", "rhythm.within", "rhythm.opens", "rhythm.opens:loop", "reasons.for:unmet", "values:risk"),
    *(f"rhythm.of:{sort}" for sort in ("home", "building", "compound", "grid", "community", "register")),
    *(
        f"rhythm.does:{word}"
        for word in ("visit", "patrol", "inspect", "serve", "call", "activity", "register", "recheck")
    ),
    *("rhythm.unmet", "rhythm.unmet.again", "rhythm.unmet.most", "rhythm.unmet.then"),
    *("rhythm.unmet.then:tell", "rhythm.unmet.then:open", "rhythm.unmet.then:put"),
    *("rhythm.ladder", "rhythm.ladder.at", "rhythm.ladder.do", "rhythm.ladder.to"),
    *(f"rhythm.ladder.do:{word}" for word in ("remind", "tell", "watch-by", "propose-supervision")),
    *("sheet.items.fails", "sheet.items.opens", "sheet.items.opens:loop", "fact:met", "fact:attempts"),
)  # fmt: skip
