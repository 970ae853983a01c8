"""What is answered when a page can't be: the handlers of config/urls.py and the setting CSRF_FAILURE_VIEW."""

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shebao.pages.screens import page


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also the answer to whoever asks for somebody else's record, so it says nothing about why."""
    return _trouble(
        request,
        404,
        "file-search",
        _("没有找到这一页"),
        _("地址可能写错了，或者这件业务不属于您的账号。请从首页或工作台重新进入。"),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: what was raised says why, in a sentence for whoever reads it."""
    why = str(exception or "") or _("请换用有权限的账号登录后再试。")
    return _trouble(request, 403, "lock", _("现在不能打开这一页"), why)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _trouble(
        request, 400, "alert-triangle", _("收到的内容不完整"), _("请返回上一页，重新填写后再提交。")
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was opened before the log-in ended, or elsewhere. `reason` is Django's, for programmers."""
    return _trouble(
        request,
        403,
        "clock",
        _("这一页打开太久了"),
        _("为了安全，请返回上一页刷新后再提交。已经保存的业务没有丢。"),
        lost=True,
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500. It leans on nothing that could be what is broken: no session, no database, no translation."""
    html = render_to_string("ui/broken.html", {"number": getattr(request, "number", "")})
    return HttpResponseServerError(html)


def _trouble(
    request: HttpRequest, status: int, picture: str, title: str, sentence: str, *, lost: bool = False
) -> HttpResponse:
    """`lost`: a form did not arrive, so the page's script holds on to what was typed in it."""
    return page(
        request,
        "ui/trouble.html",
        status=status,
        picture=picture,
        title=title,
        sentence=sentence,
        lost=lost,
        number="" if status == 404 else getattr(request, "number", ""),
    )
