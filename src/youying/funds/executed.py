"""The words of the pack language that purses execute; each has a test named after it."""

from youying.packs.executed import executes

executes(
    "funds",
    *("purse", "purse.takes", "purse.spends", "purse.approve", "purse.approve.refused:stay", "purse.publish"),
    *("purse.earns", "purse.earns.of:loop", "purse.earns.where"),
    *("purse.grant", "purse.every:year", "purse.every:quarter", "purse.every:month"),
    *("purse.of:person", "purse.of:community", "purse.of:building", "purse.of:compound", "purse.of:grid"),
    *("purse.unit:yuan", "purse.unit:points", "purse.unit:hours"),
    *("purse.needs:payment", "purse.needs:other-evidence", "register.purse", "reasons.for:refuse"),
)  # fmt: skip
