"""What a hotline export may say of a demand, and the headers under which systems say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can mean; `titles` are the headers by which it is known, likeliest first."""

    code: str
    title: str
    titles: tuple[str, ...]
    hint: str = ""


FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        "工单编号",
        (
            *("工单编号", "留言编号", "诉求编号", "受理编号", "工单号", "单号", "案件编号", "事项编号", "编号"),
            *("case_enquiry_id", "case_id", "service_request_id", "request_id"),
        ),
        "没有就按整行内容认",
    ),
    Field(
        "opened_at",
        "来电时间",
        (
            *("来电时间", "受理时间", "留言时间", "登记时间", "提出时间", "诉求时间", "反映时间", "创建时间"),
            *("open_dt", "open_date", "opened_at", "requested_datetime"),
        ),
        "必须有",
    ),
    Field(
        "words",
        "诉求内容",
        (
            *("诉求内容", "留言详情", "诉求详情", "工单内容", "反映内容", "问题描述", "来电内容", "事项内容", "内容"),
            *("详情", "正文", "description", "case_description"),
        ),
        "没有这一列时用主题",
    ),
    Field(
        "title",
        "主题",
        ("诉求主题", "留言主题", "工单标题", "诉求标题", "主题", "标题", "case_title", "case_topic", "title"),
    ),
    Field(
        "name",
        "诉求人",
        ("诉求人", "来电人", "反映人", "诉求人姓名", "来电人姓名", "留言用户", "联系人", "姓名"),
        "加密保存",
    ),
    Field(
        "phone",
        "电话",
        ("联系电话", "来电号码", "电话", "手机号码", "手机号", "手机", "联系方式", "主叫号码"),
        "加密保存",
    ),
    Field("protected", "是否保密", ("是否保密", "保密", "信息保密")),
    Field(
        "address",
        "事发地址",
        (
            *("事发地址", "诉求地址", "问题地址", "事发地点", "地址", "地点", "详细地址"),
            *("full_address", "location_street_name", "location", "address"),
        ),
    ),
    Field("longitude", "经度", ("经度", "longitude", "lng", "lon")),
    Field("latitude", "纬度", ("纬度", "latitude", "lat")),
    Field(
        "category_1", "一级分类", ("一级分类", "一级标签", "诉求一级分类", "问题大类", "subject")
    ),
    Field("category_2", "二级分类", ("二级分类", "二级标签", "诉求二级分类", "问题小类", "reason")),
    Field(
        "category_3",
        "分类",
        (
            *("三级分类", "三级标签", "诉求三级分类", "诉求分类", "事项分类", "问题分类", "问题类别", "分类", "标签"),
            *("service_name", "type", "category"),
        ),
        "最细的一级，或唯一的一列",
    ),
    Field(
        "unit",
        "承办单位",
        (
            *("承办单位", "主办单位", "责任单位", "办理单位", "处理单位", "首派单位"),
            *("assigned_department", "department", "agency_responsible"),
        ),
    ),
    Field("urgency", "紧急程度", ("紧急程度", "缓急程度", "优先级", "priority")),
    Field("channel", "来源渠道", ("来源渠道", "诉求来源", "诉求渠道", "受理渠道", "渠道", "来源", "report_source", "source")),
    Field("accepted_at", "签收时间", ("签收时间", "接单时间")),
    Field("contacted_at", "首次联系时间", ("首次联系时间", "联系时间", "响应时间")),
    Field(
        "due_at",
        "办理期限",
        (
            *("办理期限", "办结期限", "截止时间", "要求办结时间", "应办结时间", "到期时间"),
            *("sla_target_dt", "target_close_date", "target_dt", "expected_datetime"),
        ),
        "按它判断是否按时",
    ),
    Field(
        "done_at",
        "答复（办结）时间",
        (
            *("答复时间", "办结时间", "回复时间", "完成时间", "结案时间"),
            *("closed_dt", "close_date", "closed_date", "closed_at"),
        ),
    ),
    Field(
        "note",
        "答复意见",
        (
            *("答复意见", "答复内容", "办理结果", "处理结果", "回复内容", "办理情况", "处理意见"),
            *("closure_comments", "closure_reason", "status_notes", "resolution"),
        ),
    ),
    Field("on_time", "原系统说是否按时", ("是否按时", "是否按期", "按期办结", "on_time"), "只用来核对，不照抄"),
    Field("solved", "是否解决", ("是否解决", "解决情况", "解决与否")),
    Field("satisfaction", "满意度", ("满意度", "满意情况", "满意程度", "满意度评价", "是否满意", "评价")),
)  # fmt: skip
BY_CODE = {field.code: field for field in FIELDS}
MOMENTS = ("opened_at", "accepted_at", "contacted_at", "due_at", "done_at")
CHOSEN = ("category", "unit", "channel", "urgency", "satisfaction")
"""What a street has its own list for: words that are not on it are matched by a person."""
