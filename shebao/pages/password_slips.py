"""密码条 as the doors hand it out: one PDF, never kept by a browser, or back to the page with the reason why not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.debug import sensitive_variables

from shebao.identity import password_slips
from shebao.identity.acting import Acting
from shebao.identity.hashers import TooBusy
from shebao.identity.models import Account
from shebao.identity.refusals import Refused
from shebao.pages import downloads
from shebao.statements import handouts


@sensitive_variables("made")
def hand_out(
    request: HttpRequest,
    account: Account,
    *,
    way: str,
    by: Acting,
    otherwise: HttpResponseRedirect,
    first_only: bool = False,
) -> HttpResponse:
    """A new first password for the account, printed; `otherwise` where there is none, with a message why.

    `way` and `first_only` are those of `identity.password_slips.make`. The file is named by the slip's own number: a
    user name may be somebody's ID number.
    """
    try:
        made = password_slips.make(account, way=way, by=by, first_only=first_only)
    except (Refused, TooBusy) as why_not:
        messages.warning(request, str(why_not))
        return otherwise
    return downloads.file(handouts.password_slip(made), f"密码条-{made.number}.pdf")
