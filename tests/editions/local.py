"""Local packs for tests of adoption; the places are made up."""

LIUWAN = """\
# 柳湾街道自己的写法
[pack]
code = "liuwan-test"
title = "柳湾街道本地包"
version = 1
local = true
origin = "测试：地名是虚构的"
about = "柳湾街道采用基础包，写上自己的数字。"
extends = ["m01@1"]

[loop.demand]
title = "接诉即办"  # 我们的叫法

[loop.demand.clocks]
accept.within = "2 office-hours"  # 快签收
"""


def with_section(section: str) -> str:
    """The local pack with something more said."""
    return f"{LIUWAN}\n{section}\n"
