"""Who acts, for whom, with which rights: handed down from the page to every deed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

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
    as if it did not exist.
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
                return to_log_in(request, kinds[0])
            if acting.kind not in kinds or (roles and not any(acting.may(one) for one in roles)):
                raise Http404
            return view(request, acting, *args, **kwargs)

        authorised.acting_for = kinds  # a promise test asks every route
        return authorised

    return decorate


def to_log_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Lead to the log-in page of that kind, and back here afterwards if this was a page and not a deed."""
    back = request.htmx.current_url_abs_path if _is_fragment(request) else request.get_full_path()
    query = urlencode({"next": back}) if back and request.method in ("GET", "HEAD") else ""
    where = reverse("login", args=[kind]) + (f"?{query}" if query else "")
    if _is_fragment(request):
        # A redirect would be followed inside the fragment; this makes the whole page go there.
        return HttpResponse(headers={"HX-Redirect": where})
    return redirect(where)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
