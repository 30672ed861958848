"""The words of the pack language that assessments execute; each has a test named after it."""

from youying.packs.executed import executes

executes("assessments", "assessment", "assessment.of:unit", "assessment.lines", "assessment.bands")
