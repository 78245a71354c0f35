"""How the keys of known services are made, as a table: each by how it begins and what follows.

The facts are those that the services tell of their own keys, and what is seen of them. Case is part
of an alphabet, so no expression ignores it. Every run has an end, so each is read in linear time.

For example the table's `("AKIA", capitals(16))` finds `AKIA` and sixteen capitals and digits, and
not the first sixteen of seventeen.
"""

import re
from dataclasses import dataclass

__all__ = ["NAMED_SERVICES", "shapes"]

DIGITS = "0-9"
HEXADECIMAL = "0-9a-f"
EITHER_HEXADECIMAL = "0-9a-fA-F"
SMALL = "0-9a-z"
CAPITALS = "0-9A-Z"
LETTERS = "0-9A-Za-z"
WORD = "0-9A-Za-z_"
URL = r"0-9A-Za-z_\-"
BASE64 = "0-9A-Za-z+/"
DOTTED = r"0-9A-Za-z_.=\-"
ANY_BASE64 = r"0-9A-Za-z+/=_\-"


@dataclass(frozen=True)
class Run:
    """So many signs of one alphabet."""

    of: str
    low: int
    high: int

    @property
    def expression(self) -> str:
        return f"[{self.of}]{{{self.low},{self.high}}}"


Piece = str | tuple[str, ...] | Run
"""What is always the same; one of some; or a run."""
Shape = tuple[Piece, ...]


def run(of: str, low: int, high: int = 0) -> Run:
    return Run(of, low, high or low)


def digits(low: int, high: int = 0) -> Run:
    return run(DIGITS, low, high)


def hexadecimal(low: int, high: int = 0) -> Run:
    return run(HEXADECIMAL, low, high)


def small(low: int, high: int = 0) -> Run:
    return run(SMALL, low, high)


def capitals(low: int, high: int = 0) -> Run:
    return run(CAPITALS, low, high)


def letters(low: int, high: int = 0) -> Run:
    return run(LETTERS, low, high)


def url(low: int, high: int = 0) -> Run:
    return run(URL, low, high)


def base64(low: int, high: int = 0) -> Run:
    return run(BASE64, low, high)


def dotted(low: int, high: int = 0) -> Run:
    return run(DOTTED, low, high)


UUID = run(r"0-9a-fA-F\-", 36)
OF_A_LANGUAGE_MODEL = (("sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-or-"), url(16, 255))
KEYS: dict[str, tuple[Shape, ...]] = {
    "an access key of AWS": (
        (("AKIA", "ASIA", "ABIA", "ACCA"), capitals(16)),
        ("A3T", capitals(17)),
        ("ABSK", base64(100, 300)),
        ("bedrock-api-key-", base64(20, 400)),
        ("amzn.mws.", UUID),
    ),
    "a token of this site": (("pmk_", letters(46)),),
    "the link of a feed of this site": (("pmf_", url(43)),),
    "a token of GitHub": (
        (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), letters(36, 255)),
        ("github_pat_", run(WORD, 22, 255)),
    ),
    "a token of GitLab": (
        (
            (
                "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glsoat-",
                "glagent-", "gloas-", "glimt-", "glffct-", "glwt-",
            ),
            dotted(20, 300),
        ),
        ("GR1348941", url(20)),
        ("_gitlab_session=", hexadecimal(32)),
    ),
    "a token of Slack": (
        (
            ("xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"),
            url(10, 255),
        ),
        (("xoxe.xoxb-", "xoxe.xoxp-", "xapp-"), url(10, 255)),
    ),
    "a key of Stripe": (
        (("sk_", "rk_"), ("live_", "test_", "prod_"), letters(10, 255)),
        ("whsec_", base64(10, 255)),
    ),
    "a key of Google": (
        ("AIza", url(35)),
        ("GOCSPX-", url(20, 40)),
        ("ya29.", url(20, 300)),
        ("1//0", url(40, 200)),
        (digits(6, 24), "-", small(32), ".apps.googleusercontent.com"),
    ),
    "a token of a package registry": (
        ("npm_", letters(36)),
        ("pypi-", url(50, 255)),
        ("dckr_pat_", url(20, 60)),
        ("rubygems_", hexadecimal(48)),
        ("CLOJARS_", letters(60)),
        ("oy2", small(43)),
        ("AKCp", letters(69)),
        ("cmVmdGtu", letters(56)),
    ),
    "a key of a language model's maker": (
        OF_A_LANGUAGE_MODEL,
        ("sk-", letters(32, 64)),
        (("hf_", "api_org_"), letters(30, 64)),
        ("pplx-", letters(40, 60)),
        ("gsk_", letters(40, 60)),
        ("xai-", letters(60, 90)),
        ("r8_", letters(37)),
        ("nvapi-", url(60, 70)),
        ("tvly-", url(20, 50)),
    ),
    "a key of SendGrid": (("SG.", dotted(50, 100)),),
    "a token of a cloud service": (
        (("dop_v1_", "doo_v1_", "dor_v1_"), hexadecimal(64)),
        (("shpat_", "shpca_", "shppa_", "shpss_", "shptka_"), run(EITHER_HEXADECIMAL, 32)),
        (("hvs.", "hvb.", "hvr."), url(20, 300)),
        ("s.", letters(24)),
        ("glsa_", run(WORD, 30, 60)),
        ("glc_", base64(32, 400)),
        ("eyJrIjoi", base64(60, 400)),
        (("lin_api_", "lin_oauth_"), letters(32, 64)),
        ("dapi", hexadecimal(32)),
    ),
    "a key of a known service": (
        # Of what keeps secrets.
        ("A3-", capitals(6), "-", run(r"0-9A-Z\-", 23, 40)),
        ("ops_eyJ", base64(100, 4000)),
        ("AGE-SECRET-KEY-1", capitals(50, 60)),
        (("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."), dotted(40, 60)),
        # Of clouds, networks, and what runs on them.
        ("LTAI", letters(16, 24)),
        (run(r"0-9A-Za-z_~.", 3), digits(1), "Q~", run(r"0-9A-Za-z_~.\-", 31, 34)),
        ("v1.0-", hexadecimal(24), "-", hexadecimal(100, 160)),
        (("cfat_", "cfut_"), letters(40)),
        (("fm1_", "fm2_", "fm1a_", "fm1r_", "fm2a_", "fm2p_"), run(ANY_BASE64, 80, 500)),
        ("fo1_", url(43)),
        (("HRKU-", "HRKU-AA"), url(36, 80)),
        (letters(14), ".atlasv1.", dotted(60, 80)),
        ("tk-us-", url(40, 60)),
        ("sha256~", url(43)),
        ("dnkey-", run(r"0-9a-z=_\-", 26), "-", run(r"0-9a-z=_\-", 52)),
        ("pul-", hexadecimal(40)),
        ("ddp_", letters(36)),
        ("sbp_", hexadecimal(40)),
        ("vercel_", letters(24, 40)),
        ("nfp_", letters(36, 40)),
        ("pnu_", letters(36)),
        ("API-", capitals(26)),
        ("ico-", letters(32)),
        ("t1.", url(20, 2000), ("", "=", "=="), ".", url(80, 90)),
        ("AQVN", url(35, 38)),
        ("YC", url(38)),
        (("pat.", "sat."), url(22), ".", letters(24), ".", letters(20)),
        ("s-s4t2", ("ud-", "af-"), hexadecimal(64)),
        # Of databases and what asks them.
        (("pscale_tkn_", "pscale_pw_", "pscale_oauth_"), dotted(16, 80)),
        ("4b1d", letters(38)),
        (("sm_pat_", "sm_aat_", "sm_sat_"), letters(16, 40)),
        # Of what watches and builds.
        ("dt0", small(1), digits(2), ".", letters(24), ".", letters(64)),
        (("NRII-", "NRIQ-", "NRJS-", "NRRA-", "NRAK-"), run(r"0-9A-Za-z\-", 19, 40)),
        (("sntrys_", "sntryu_"), run(ANY_BASE64, 40, 400)),
        (("sqp_", "squ_", "sqa_"), hexadecimal(40)),
        (("sgp_", "sgp_local_"), run(EITHER_HEXADECIMAL, 40)),
        ("sgp_", run(EITHER_HEXADECIMAL, 16), "_", run(EITHER_HEXADECIMAL, 40)),
        (("api-", "sdk-", "mob-", "rel-"), hexadecimal(8), "-", run(r"0-9a-f\-", 27)),
        ("PMAK-", hexadecimal(24), "-", hexadecimal(34)),
        ("rdme_", small(50, 80)),
        # Of work, documents and drawings.
        ("pat", letters(14), ".", hexadecimal(64)),
        (("ATATT", "ATBB", "ATCTT", "ATSTT"), dotted(20, 300)),
        ("figd_", url(30, 60)),
        ("fio-u-", dotted(50, 80)),
        ("ntn_", digits(11), letters(35)),
        ("secret_", letters(43)),
        ("ion_", letters(42)),
        ("pk_", digits(5, 12), "_", capitals(32)),
        ("0/", hexadecimal(32)),
        ("CFPAT-", url(43)),
        ("tfp_", dotted(40, 80)),
        ("p8e-", letters(32)),
        ("sl.", dotted(130, 200)),
        ("aio_", letters(28)),
        ("apify_api_", letters(36)),
        (("pk.", "sk."), letters(60), ".", letters(22)),
        (("pk.eyJ", "sk.eyJ", "tk.eyJ", "uk.eyJ"), dotted(40, 200)),
        (letters(6), "_", letters(29), "_mmk"),
        # Of who sends mail and messages.
        (("key-", "pubkey-"), hexadecimal(32)),
        (hexadecimal(32), "-us", digits(1, 2)),
        (("xkeysib-", "xsmtpsib-"), hexadecimal(64), "-", letters(16)),
        (("pat-na", "pat-eu"), digits(1), "-", UUID),
        (("SK", "AC"), hexadecimal(32)),
        (("M", "N", "O"), url(23, 27), ".", url(6), ".", url(27, 38)),
        # Of doors.
        ("authress_", run(r"0-9A-Za-z_.+/=\-", 20, 200)),
        (("sc_", "ext_", "scauth_"), small(5, 30), ".", small(4, 6), ".acc"),
        ("00", run(r"0-9A-Za-z_=\-", 40)),
        ("ZXlK", run(ANY_BASE64, 30, 4000)),
        (hexadecimal(8), ":", hexadecimal(8), "@"),
        # Of who moves money and parcels.
        (("duffel_test_", "duffel_live_"), dotted(20, 60)),
        (("EZAK", "EZTK"), letters(54)),
        (("FLWPUBK-", "FLWSECK-", "FLWPUBK_TEST-", "FLWSECK_TEST-"), run(r"0-9A-Za-z\-", 12, 40)),
        (("shippo_live_", "shippo_test_"), run(EITHER_HEXADECIMAL, 40)),
        (("sq0atp-", "sq0csp-", "sq0idp-"), url(22, 60)),
        ("EAAA", url(22, 64)),
        (("access-sandbox-", "access-development-", "access-production-"), UUID),
        (("live_", "test_", "live_pub_", "test_pub_"), hexadecimal(31, 35)),
        ("live_", run(r"0-9A-Za-z_=\-", 40)),
        ("sk_", small(2, 10), "_", letters(24, 255)),
        # Of social networks.
        ("EAA", letters(30, 300)),
        (digits(15, 16), ("|", "%"), url(27, 40)),
        ("A" * 20, run("0-9A-Za-z%", 80, 104)),
    ),
    "a bot's token of Telegram": ((digits(8, 10), ":", url(35)),),
}  # fmt: skip
"""By what each is, in words."""

NAMED_SERVICES = (
    "airbrake", "appdynamics", "bugsnag", "circleci", "cloudflare", "codecov", "datadog",
    "dynatrace", "facebook", "fastly", "honeybadger", "librato", "mailgun", "newrelic", "new_relic",
    "new-relic", "opsgenie", "pagerduty", "pingdom", "rollbar", "sendbird", "snyk", "sourcegraph",
    "splunk", "statuspage", "trello", "twilio",
)  # fmt: skip
"""Whose keys are hexadecimal digits and nothing else: under the name of the service they are
keys, and alone they may be a commit."""


def shapes() -> dict[str, str]:
    """The expression of each kind of keys."""
    return {
        kind: f"(?<![0-9A-Za-z])(?:{'|'.join(map(built, keys))})" for kind, keys in KEYS.items()
    }


def built(shape: Shape) -> str:
    """What has exactly one length ends there; of what may be longer all is taken."""
    last = shape[-1]
    end = "(?![0-9A-Za-z])" if isinstance(last, Run) and last.low == last.high else ""
    return "".join(map(expression_of, shape)) + end


def expression_of(piece: Piece) -> str:
    if isinstance(piece, Run):
        return piece.expression
    if isinstance(piece, str):
        return re.escape(piece)
    return f"(?:{'|'.join(map(re.escape, piece))})"
