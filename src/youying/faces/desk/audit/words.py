"""What acts and subjects of the record are called on a page."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from youying.kernel.identifiers import matter_number
from youying.packs.words import VERBS

MATTER_KEY = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])(?!0{7})[0-9]{7}")
"""The key of a matter: the month it came in and its serial, the same as its number without the check digit."""

SUBJECTS: dict[str, Any] = {
    "matter": _("事项"),
    "account": _("账号"),
    "unit": _("单位"),
    "area": _("区划"),
    "compound": _("小区"),
    "building": _("楼栋"),
    "grid": _("网格"),
    "road": _("道路"),
    "calendar": _("日历"),
    "directory": _("派单目录"),
    "edition-of": _("机制包"),
    "upload": _("附件"),
    "person": _("人员"),
    "warning": _("预警"),
    "installation": _("安装"),
    "places-import": _("地点导入"),
    "access-import": _("单位与人员导入"),
    "import": _("热线导入"),
    "export": _("导出"),
    "notice": _("提醒"),
    "model": _("分类模型"),
    "category": _("分类"),
    "record": _("留痕"),
    "expiry": _("到期清理"),
    "people-moved": _("人员随区划移动"),
}
ACTS: dict[str, Any] = {
    "open": _("登记"),
    "add": _("补充"),
    "correct": _("更正"),
    "split": _("拆分"),
    "ask": _("申请"),
    "ask-extension": _("申请延期"),
    "approve": _("同意"),
    "refuse": _("不同意"),
    "exclude": _("剔除"),
    "include": _("恢复计入"),
    "propose-exclusion": _("提请剔除"),
    "object-exclusion": _("对剔除提异议"),
    "issue-secret": _("换发查询码"),
    "reopen": _("重启"),
    "undo": _("撤回"),
    "reassign": _("移交"),
    "move-edition": _("换版本"),
    "ring": _("期限到点"),
    "end": _("结束"),
    "raise": _("发出预警"),
    "update": _("更新预警"),
    "judge": _("研判"),
    "access.appoint": _("任命岗位"),
    "access.end-post": _("结束岗位"),
    "access.create-account": _("加账号"),
    "access.disable": _("停用账号"),
    "access.enable": _("恢复账号"),
    "access.create-unit": _("加单位"),
    "access.change-unit": _("改单位"),
    "access.import-units": _("导入单位"),
    "access.import-posts": _("导入人员与岗位"),
    "access.one-time-link": _("发一次性链接"),
    "access.redeem": _("使用链接"),
    "access.sign-in": _("登录"),
    "access.end-session": _("退出登录"),
    "access.set-password": _("改密码"),
    "access.choose-post": _("选岗位"),
    "access.unmask": _("查看完整个人信息"),
    "access.move-reach": _("辖区随区划移动"),
    "access.begin-second-factor": _("开始启用动态口令"),
    "access.confirm-second-factor": _("启用动态口令"),
    "access.drop-second-factor": _("关闭动态口令"),
    "access.offer-set-up": _("生成初始化链接"),
    "access.set-up": _("初始化"),
    "access.found-demo": _("装入演示"),
    "editions.adopt": _("采用机制包"),
    "editions.change-number": _("改一个数"),
    "editions.set-param": _("改本地数值"),
    "editions.set-day": _("改放假调休"),
    "editions.drop-day": _("去掉放假调休"),
    "editions.seed-calendar": _("填入全年放假"),
    "editions.import-directory": _("导入派单目录"),
    "editions.end-directory-row": _("停用目录一行"),
    "editions.follow-move": _("机制包随区划移动"),
    "files.take": _("收附件"),
    "files.remove": _("去掉附件"),
    "files.erase": _("删除附件"),
    "places.add-area": _("加区划"),
    "places.add-compound": _("加小区"),
    "places.add-building": _("加楼栋"),
    "places.add-grid": _("加网格"),
    "places.add-road": _("加道路"),
    "places.add-homes": _("加户"),
    "places.rename": _("改名"),
    "places.amend": _("改资料"),
    "places.move": _("移动"),
    "places.close": _("停用"),
    "places.reopen": _("恢复"),
    "places.close-road": _("停用道路"),
    "places.cover": _("改网格管辖"),
    "places.import": _("导入地点"),
    "places.issue-codes": _("发入口码"),
    "places.revoke-code": _("作废入口码"),
    "people.remember": _("记人员"),
    "people.forget": _("删除人员"),
    "record.erase": _("依规删除个人信息"),
    "record.retry": _("重送通知"),
    "record.give-up": _("放弃通知"),
    "record.rotate": _("换密钥"),
    "record.rewrap": _("重包密钥"),
    "record.seal-day": _("封存一天"),
    "text.learn": _("学分类"),
    "text.use-model": _("用回分类模型"),
    "text.drop-models": _("删分类模型"),
    "text.add-category": _("加分类"),
    "text.close-category": _("停用分类"),
    "access.close-lapsed-posts": _("结束到期的岗位"),
    "access.save-view": _("存常用筛选"),
    "access.drop-view": _("删常用筛选"),
    "files.drop-unattached": _("清理没挂上的附件"),
    "files.expire": _("删到期的文件"),
    "follow-move": _("随区划移动"),
    "hotline.take-file": _("收导入的表"),
    "hotline.remove-file": _("删原表或导出的表"),
    "hotline.map": _("对应表里的列"),
    "hotline.begin-import": _("开始导入"),
    "hotline.load-batch": _("导入一批"),
    "hotline.finish-import": _("导入完成"),
    "hotline.drop-import": _("放弃导入"),
    "hotline.start-export": _("申请导出"),
    "hotline.answer-export": _("答复导出申请"),
    "hotline.finish-export": _("导出完成"),
    "insight.warn": _("发出预警"),
    "insight.judge-warning": _("研判"),
    "lapse": _("申请作废"),
    "merged-here": _("有事项并入"),
    "notify.keep": _("发站内提醒"),
    "notify.seen": _("看过提醒"),
    "notify.expire": _("清理旧提醒"),
    "pass-up": _("转上一级答复"),
    "people.follow-move": _("人员随区划移动"),
    "record.accept-shorter": _("认可变短的留痕"),
    "wake": _("到时自动办理"),
}
AROUND: dict[str, Any] = {
    "matters.act": _("办一步"),
    "matters.open-many": _("成批登记"),
    "matters.catch-up": _("跟上原系统"),
    "matters.settle-ask": _("申请逾期未答"),
}
"""Acts that stand in the record only by the steps taken within them."""
NAMELESS = "matters."
"""The acts of the engine stand in the record by their own word, without the context's name."""
ORIGINS: dict[str, Any] = {"web": _("网页"), "portal": _("居民端")}


def act_words(code: str) -> str:
    """An act as people call it; one without a name keeps its code."""
    short = code.removeprefix(NAMELESS)
    return str(ACTS.get(code) or AROUND.get(code) or ACTS.get(short) or VERBS.get(short) or code)


def origin_words(origin: str) -> str:
    """Where an act came from, in words; "web · Chrome · Linux" is a page seen with that program on that machine."""
    first, dot, rest = origin.partition(" · ")
    return f"{ORIGINS.get(first, first)}{dot}{rest}" if origin else str(_("系统自己"))


def subject_words(subject: str) -> str:
    """A subject's kind in words with its key."""
    kind, _colon, key = subject.partition(":")
    if kind == "matter" and MATTER_KEY.fullmatch(key):
        key = matter_number(key[:4], int(key[4:]))
    return f"{SUBJECTS.get(kind, kind)} {key}".strip()
