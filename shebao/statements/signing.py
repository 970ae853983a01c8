"""Put the agency's signature under a finished PDF.

The signature covers the whole file and certifies it: readers are told that no change at all is allowed. The
document is appended to, never rewritten, so what Typst made stays as it was, byte for byte.
"""

from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from shebao.statements import cms
from shebao.statements.keys import Agency

FIELD = "AgencySignature"
_RESERVED = 2 * 2048  # hexadecimal digits for a signature of about 1,100 bytes
# Without a place on the page: PDF/A forbids to hide it, PDF/UA forbids to leave it untagged within the page.
_SPEC = SigFieldSpec(FIELD, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))


def sign(pdf: bytes, agency: Agency, *, at: datetime, reason: str = "") -> bytes:
    """The signed document. `at` is the time it claims to be signed, with a time zone."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    steps = PdfCMSEmbedder(_SPEC).write_cms(FIELD, writer)
    next(steps)
    place = SignatureObject(
        timestamp=at, subfilter=SigSeedSubFilter.PADES, reason=reason or None, bytes_reserved=_RESERVED
    )
    steps.send(SigObjSetup(place, SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)))
    prepared, output = steps.send(SigIOSetup("sha256"))
    steps.send(cms.sign(agency.form, agency.key, prepared.document_digest))
    return output.getvalue()
