"""The words of the pack language that partners execute; each has a test named after it."""

from youying.packs.executed import executes

executes("partners")
