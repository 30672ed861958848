"""The words of the pack language that the closed loop executes; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "matters",
    *("channel", "channel.hours", "channel.roster", "roster.published", "tiers"),
    *("posts", "posts.at", "posts.each", "units", "units.at", "values", "values:satisfaction", "values:urgency", "values:class", "values:outcome", "words"),
    *(f"reasons.for:{use}" for use in ("end", "exclude", "extend", "hand-back", "park", "pause", "refuse", "unmet")),
    *("reasons", "loop.kind:demand", "loop.kind:order", "loop.kind:hazard", "loop.kind:topic", "loop.lamps", "loop.tier", "loop.merge"),
    *(f"loop.merge.same:{what}" for what in ("category", "place", "reporter")),
    *("loop.acts.by", "loop.acts.from", "loop.acts.to", "loop.acts.not_by", "loop.acts.tells:reporter"),
    *("loop.acts.where", "loop.acts.most", "loop.acts.tier"),
    *(f"loop.acts.by:{who}" for who in ("affected", "lead", "joint", "reporter", "summoned", "system")),
    *(f"loop.acts.assigns:{role}" for role in ("lead", "joint", "summoned")),
    *(
        f"loop.acts.needs:{proof}"
        for proof in ("attempts", "category", "due", "note", "offer", "person", "photo", "reason", "scheme", "unit")
    ),
    *(f"loop.acts.on:{when}" for when in ("clock", "close", "due", "met", "unsolved")),
    *("loop.acts.approve", "loop.acts.approve.within", "loop.acts.approve.refused", "loop.acts.approve.refused:stay"),
    *(f"loop.acts.approve.silent:{silent}" for silent in ("refuse", "grant", "escalate")),
    *(
        f"loop.acts.verb:{verb}"
        for verb in (
            "accept", "call-back", "complete", "contact", "cross-off", "deliver", "dispatch", "end", "escalate", "hand-back", "judge", "meet", "merge", "object",
            "park", "recheck", "report-in", "rework", "step", "supervise", "unpark", "urge", "verdict", "whistle",
        )
    ),
    *("loop.clocks.within", "loop.clocks.within:table", "loop.clocks.within:given", "loop.clocks.per"),
    *("loop.clocks.pause", "loop.clocks.resume"),
    *("loop.clocks.each:lead", "loop.clocks.each:joint", "loop.clocks.each:summoned"),
    *("loop.acts.units", "loop.acts.tells", "loop.acts.tells:summoned"),
    *("loop.clocks.extend", "loop.clocks.extend.most", "loop.clocks.extend.by", "loop.clocks.extend.approve"),
    *("loop.clocks.extend.approve.within", "loop.clocks.extend.approve.refused"),
    *("loop.clocks.extend.approve.refused:stay", "loop.clocks.extend.approve.silent:refuse"),
    "loop.clocks.extend.approve.silent:grant",
    *("loop.clocks.ladder", "loop.clocks.ladder.to"),
    *(f"loop.clocks.ladder.do:{do}" for do in ("remind", "tell", "propose-supervision", "watch-by")),
    *("loop.close.reasons", "loop.close.rework", "loop.close.verdict:resident", "loop.close.verdict:recheck"),
    *("loop.close.reopen", "loop.close.reopen.by:reporter", "loop.close.silence"),
    *(f"loop.close.silence.ways:{way}" for way in ("door", "phone", "sms", "web")),
    *("loop.sheet", "loop.acts.sheet"),
    *(f"loop.acts.needs:{proof}" for proof in ("before-after", "papers", "place", "sheet", "signature")),
    *("loop.kind:application", "loop.kind:commitment", "loop.protects:person", "loop.acts.reason"),
    *("loop.parts", "loop.parts.after", "loop.parts.loop", "loop.parts.within", "loop.parts_on", "loop.adds_parts"),
    *("loop.acts.needs:parts", "loop.acts.needs:session", "loop.acts.on:parts", "loop.acts.opens:loop", "loop.acts.tells:applicant"),
    *(f"loop.acts.by:{who}" for who in ("applicant", "host", "keeper")),
    *("loop.acts.verb:decide", "loop.acts.verb:deliver", "loop.close.verdict:received"),
)  # fmt: skip
