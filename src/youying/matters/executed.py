"""The words of the pack language that the closed loop executes; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "matters",
    *("channel", "channel.hours", "channel.roster", "roster", "roster.hours", "roster.published", "tiers"),
    *("posts", "posts.at", "posts.each", "units", "units.at", "values", "values:satisfaction", "values:urgency", "values:class", "words"),
    *(f"reasons.for:{use}" for use in ("end", "exclude", "extend", "hand-back", "park", "pause", "unmet")),
    *("reasons", "loop.kind:demand", "loop.lamps", "loop.tier", "loop.merge"),
    *(f"loop.merge.same:{what}" for what in ("category", "place", "reporter")),
    *("loop.acts.by", "loop.acts.from", "loop.acts.to", "loop.acts.not_by", "loop.acts.tells:reporter"),
    *(f"loop.acts.by:{who}" for who in ("lead", "joint", "reporter", "system")),
    *(f"loop.acts.assigns:{role}" for role in ("lead", "joint")),
    *(
        f"loop.acts.needs:{proof}"
        for proof in ("attempts", "category", "due", "note", "photo", "reason", "scheme", "unit")
    ),
    *(f"loop.acts.on:{when}" for when in ("close", "due", "unsolved")),
    *("loop.acts.approve", "loop.acts.approve.refused:stay", "loop.acts.approve.silent:refuse"),
    "loop.acts.approve.within",
    *(
        f"loop.acts.verb:{verb}"
        for verb in (
            "accept", "call-back", "complete", "contact", "cross-off", "dispatch", "end", "hand-back", "judge", "merge",
            "park", "rework", "step", "supervise", "unpark", "urge", "verdict",
        )
    ),
    *("loop.clocks.within", "loop.clocks.within:table", "loop.clocks.per", "loop.clocks.pause", "loop.clocks.resume"),
    *("loop.clocks.extend", "loop.clocks.extend.most", "loop.clocks.extend.approve"),
    *("loop.clocks.extend.approve.refused:stay", "loop.clocks.extend.approve.silent:refuse"),
    *("loop.clocks.ladder", "loop.clocks.ladder.to"),
    *(f"loop.clocks.ladder.do:{do}" for do in ("remind", "propose-supervision", "watch-by")),
    *("loop.close.reasons", "loop.close.rework", "loop.close.verdict:resident"),
    *("loop.close.reopen", "loop.close.reopen.by:reporter", "loop.close.silence"),
    *(f"loop.close.silence.ways:{way}" for way in ("door", "phone", "sms")),
)  # fmt: skip
