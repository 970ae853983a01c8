"""Who acts, for whom, with which rights: handed down from the page to every deed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from shebao.identity.models import Account, Kind, Role


@dataclass(frozen=True)
class Acting:
    """A person or clerk who acts through an account, or the system itself.

    `party_id` is the person or employer acted for (both from one sequence), None for the agency, a community and
    the system. `grade` is the employer's (`trusted` or `ordinary`), empty for others. `through` is the reference of
    the API key by which an employer's own system acts; the account is then the one that issued it.
    """

    account_id: int | None
    account_name: str
    kind: str
    party_id: int | None
    party_name: str
    roles: frozenset[str] = frozenset()
    office_code: str = ""
    grade: str = ""
    through: str = ""

    @property
    def ref(self) -> str:
        """account:12, system:timetable, key:k3xq8m2p; of an applicant without an account applicant:1001."""
        if self.through:
            return self.through
        if self.account_id is None:
            return f"{self.kind}:{self.account_name if self.party_id is None else self.party_id}"
        return f"account:{self.account_id}"

    @property
    def party_ref(self) -> str:
        """person:88, employer:86; of those who act for no party, their own reference."""
        return self.ref if self.party_id is None else f"{self.kind}:{self.party_id}"

    @property
    def inbox(self) -> frozenset[str]:
        """The references whose messages are for him."""
        return frozenset({self.ref, self.party_ref})

    @property
    def person_id(self) -> int | None:
        """The insured person, if he acts for himself."""
        return self.party_id if self.kind == Kind.PERSON else None

    @property
    def employer_id(self) -> int | None:
        return self.party_id if self.kind == Kind.EMPLOYER else None

    @property
    def in_words(self) -> str:
        """Who that is, as others read it in the audit: the party and the clerk."""
        names = dict.fromkeys(name for name in (self.party_name, self.account_name) if name)
        return " ".join(names)

    def may(self, role: str) -> bool:
        """Whether he has this right. An employer's administrator has all rights of his employer."""
        return role in self.roles or (Role.ADMIN in self.roles and role in (Role.FILER, Role.PAYER))


def ref_of(by: Acting | str) -> str:
    """Who did it, as rows keep it; a job that goes on with another's deed hands in what they kept."""
    return by if isinstance(by, str) else by.ref


SYSTEM = "system"


def system(name: str) -> Acting:
    """A job that acts by itself, e.g. `system("timetable")`; it has every right, and its ref is system:timetable."""
    return Acting(None, name, SYSTEM, None, "", roles=frozenset(Role.values))


def acting_as(account: Account) -> Acting:
    """For whom this account acts."""
    return Acting(
        account_id=account.pk,
        account_name=account.display_name,
        kind=account.kind,
        party_id=account.person_id or account.employer_id,
        party_name=account.party_name or (account.display_name if account.kind == Kind.PERSON else ""),
        roles=frozenset(account.roles),
        office_code=account.office_code,
        grade=account.grade,
    )


def acting_of(request: HttpRequest) -> Acting | None:
    """Who is signed in, or None."""
    return acting_as(request.user) if request.user.is_authenticated else None


View = Callable[..., HttpResponse]


def acting_for(*kinds: str, role: str | tuple[str, ...] | None = None) -> Callable[[View], View]:
    """Only for those who act on this side of the counter (and have one of these roles); hands the view an Acting.

    Whoever isn't signed in is led to the log-in page and back. To whoever has no business here the page answers
    as if it did not exist; an employer's clerk without the right is told so.
    """
    unknown = set(kinds) - set(Kind.values)
    if unknown or not kinds:
        raise TypeError(
            f"acting_for needs kinds of account; there is no {', '.join(sorted(unknown)) or 'none given'}"
        )
    roles = (role,) if isinstance(role, str) else role

    def decorate(view: View) -> View:
        @wraps(view)
        def authorised(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            acting = acting_of(request)
            if acting is None:
                if request.method == "POST" or _is_fragment(
                    request
                ):  # he had a page open, so he was signed in
                    messages.warning(request, _("登录已超时，请重新登录"), fail_silently=True)
                return to_log_in(request, kinds[0])
            if acting.kind not in kinds:
                raise Http404
            if roles and not any(acting.may(one) for one in roles):
                raise lacks_right(acting)
            return view(request, acting, *args, **kwargs)

        authorised.acting_for = kinds  # a promise test asks every route
        return authorised

    return decorate


def lacks_right(acting: Acting) -> Exception:
    """What a page raises for somebody of the right kind without the right it takes.

    An employer's clerks know what their hall can do, and their administrator gives rights; others need not know.
    """
    if acting.kind != Kind.EMPLOYER:
        return Http404()
    return PermissionDenied(_("您的账户没有办理这项业务的权限，请联系本单位管理员"))


def to_log_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Lead to the log-in page of that kind, and afterwards back: to this page, or of a deed to the page it was on."""
    back = _page_in_hand(request)
    where = reverse("login", args=[kind]) + (f"?{urlencode({'next': back})}" if back else "")
    if _is_fragment(request):
        # A redirect would be followed inside the fragment; this makes the whole page go there.
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


def _page_in_hand(request: HttpRequest) -> str:
    """The address of the page that asks, as one opens it; empty where nobody said."""
    if _is_fragment(request):
        return request.htmx.current_url_abs_path or ""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")  # a form's own address may take deeds only
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return ""
    parts = urlsplit(came_from)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
