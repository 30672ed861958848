"""The words of the help pages that the library says in English only."""

from __future__ import annotations

from typing import Any

from typer import core, rich_utils

TITLES = {
    "OPTIONS_PANEL_TITLE": "选项",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "出错",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "ABORTED_TEXT": "已中止。",
    "RICH_HELP": "看用法：[blue]{command_path} {help_option}[/]",
}


def speak_chinese() -> None:
    """Say the titles of help pages, and what --help does, in Chinese."""
    for name, said in TITLES.items():
        setattr(rich_utils, name, said)
    for kind in (core.TyperCommand, core.TyperGroup):
        kind.get_help_option = _help_option(kind.get_help_option)  # type: ignore[method-assign]


def _help_option(usual: Any) -> Any:
    def told(self: Any, context: Any) -> Any:
        """The option as it is, with its help in Chinese."""
        option = usual(self, context)
        if option is not None:
            option.help = "看说明。"
        return option

    return told
