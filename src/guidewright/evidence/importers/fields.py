"""Single fields of a record, from what exports write to what :class:`~guidewright.evidence.found.Found` holds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import unquote

#: Angle brackets only as DOIs of 1996 to 2000 have them: ``<1661::AID-SIM968>``.
_DOI = re.compile(r"10\.\d{4,9}/(?:[^\s\"<>{}|\\^`]|<\d*:[^\s\"<>]*>)+")
_DOI_ADDRESS = re.compile(
    r"(?i)(?:dx\.)?doi\.(?:org|wiley)\b|link\.cnki\.net/doi/|[?&]id=doi[:%]|^\s*doi\s*[:：]?\s*10\.|^\s*10\.\d{4,9}/"
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)(?:[01]\d[0-3]\d)(?!\d)")
_BETWEEN_HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_NO_PAGES = re.compile(
    r"(?i)^(?:no[\s-]*)?(?:pagination)?[\s-]*(?:not\s*)?specified\.?$|^no pagination.*|^undefined.*|^n/?a\.?$|^-+$|^no$"
)

#: Numbers of trial registers, in the forms that the registers give them (WHO ICTRP, list of primary registries).
_REGISTERS = re.compile(
    r"(?i)\b(?:NCT ?\d{8}|ISRCTN ?\d{8}|ChiCTR[-A-Z]{0,12}\d{8,10}|ACTRN ?\d{14}|EUCTR ?20\d\d-\d{6}-\d\d"
    r"|CTRI/20\d\d/\d{2,3}/\d{6}"
    r"|DRKS ?\d{8}|(?:JPRN-)?UMIN ?\d{9}|(?:JPRN-)?jRCTs?\d{9,10}|KCT ?\d{7}|IRCT\d{8,20}N\d+|TCTR ?\d{11}|PACTR"
    r" ?\d{12,16}"
    r"|RBR-[a-z0-9]{6,8}|SLCTR/20\d\d/\d{3}|LBCTR ?\d{10}|NTR ?\d{3,5}|NL\d{3,5}\.\d{3}\.\d\d|PER-\d{3}-\d\d"
    r"|PHRR\d{6}-\d{6})\b"
)

#: Without one of these there is no number of a register.
_REGISTER_SIGNS = (
    *(
        "NCT0",
        "NCT 0",
        "ISRCTN",
        "CHICTR",
        "ACTRN",
        "EUCTR",
        "CTRI/20",
        "DRKS",
        "UMIN",
        "JRCT",
        "KCT0",
        "KCT 0",
        "IRCT",
    ),
    *(
        "TCTR",
        "PACTR",
        "RBR-",
        "SLCTR/",
        "LBCTR",
        "PHRR",
        "PER-",
        "NL1",
        "NL2",
        "NL3",
        "NL4",
        "NL5",
        "NL6",
        "NL7",
        "NL8",
    ),
)
_NTR = re.compile(r"(?i)\bNTR ?\d{3}")

#: Languages as databases write them -> tag (ISO 639-1, by ISO 639-2 codes and English, German and Chinese names).
_LANGUAGES = {
    "ar": "ara arabic",
    "bg": "bul bulgarian",
    "ca": "cat catalan",
    "cs": "cze ces czech",
    "da": "dan danish",
    "de": "ger deu german deutsch 德语 德文",
    "el": "gre ell greek",
    "en": "eng english englisch 英语 英文",
    "es": "spa spanish 西班牙语",
    "et": "est estonian",
    "fa": "per fas persian farsi",
    "fi": "fin finnish",
    "fr": "fre fra french 法语 法文",
    "he": "heb hebrew",
    "hi": "hin hindi",
    "hr": "hrv scr croatian",
    "hu": "hun hungarian",
    "id": "ind indonesian",
    "is": "ice isl icelandic",
    "it": "ita italian",
    "ja": "jpn japanese 日语 日文",
    "ko": "kor korean 韩语",
    "lt": "lit lithuanian",
    "lv": "lav latvian",
    "ms": "may msa malay",
    "nl": "dut nld dutch",
    "no": "nor norwegian",
    "pl": "pol polish",
    "pt": "por portuguese",
    "ro": "rum ron romanian",
    "ru": "rus russian 俄语 俄文",
    "sk": "slo slk slovak",
    "sl": "slv slovenian",
    "sr": "srp scc serbian",
    "sv": "swe swedish",
    "th": "tha thai",
    "tr": "tur turkish",
    "uk": "ukr ukrainian",
    "vi": "vie vietnamese",
    "zh": "chi zho chinese mandarin zh-cn zh-chs zh-tw 中文 汉语 中文;",
}
_TAG_OF = {name: tag for tag, names in _LANGUAGES.items() for name in (tag, *names.split())}

#: Names of databases as their exports write them (in lower case; the first that is contained counts) -> one name each.
_DATABASES = (
    ("cnki", "CNKI"),
    ("中国知网", "CNKI"),
    ("万方", "Wanfang Data"),
    ("wanfang", "Wanfang Data"),
    ("维普", "VIP"),
    ("cqvip", "VIP"),
    ("sinomed", "SinoMed"),
    ("中国生物医学文献", "SinoMed"),
    ("embase", "Embase"),
    ("scopus", "Scopus"),
    ("psycinfo", "PsycINFO"),
    ("cinahl", "CINAHL"),
    ("cochrane", "Cochrane Library"),
    ("web of science", "Web of Science"),
    ("web of knowledge", "Web of Science"),
    ("medline", "MEDLINE"),
    ("pubmed", "PubMed"),
    ("clinicaltrials.gov", "ClinicalTrials.gov"),
    ("lens.org", "Lens"),
    ("dimensions", "Dimensions"),
    ("google scholar", "Google Scholar"),
    ("ieee", "IEEE Xplore"),
    ("eric", "ERIC"),
)


def joined(lines: Iterable[str]) -> str:
    """Lines of one field as one text: Chinese needs no blank between lines, other scripts do."""
    text = ""
    for line in lines:
        words = line.strip()
        if words and text and not (_BETWEEN_HAN.match(text[-1]) and _BETWEEN_HAN.match(words[0])):
            text += " "
        text += words
    return text


def plain(text: str) -> str:
    """A text on one line, character references resolved (``&amp;`` stands in most exports at some place)."""
    return " ".join((html.unescape(text) if "&" in text else text).split())


def abstract(text: str) -> str:
    """An abstract without what databases put in front or between: ``<正>`` of CNKI, ``(#br)`` for a line break."""
    text = plain(text.replace("(#br)", " ").replace("<正>", "").replace("&lt;正&gt;", ""))
    return (
        "" if text.casefold() in {"no abstract available", "[no abstract available]", "无摘要", "undefined"} else text
    )


def doi(*values: str) -> str:
    """The first DOI, in lower case and without ``https://doi.org/``; nothing where there is none."""
    for value in values:
        if not value:
            continue
        found = _DOI.search(unquote(value) if "%" in value else value)
        if found:
            text = found[0].partition("&")[0] if "://" in value else found[0]
            text = re.sub(r"(?i)\[(?:doi|pii)\].*$", "", text).rstrip(".,;:'*")
            for left, right in ("()", "[]"):
                while text.endswith(right) and text.count(right) > text.count(left):
                    text = text[:-1]
            return text.rstrip(".,;").lower()
    return ""


def doi_of_addresses(values: Iterable[str]) -> str:
    """A DOI from web addresses, of those only that are made of it."""
    return doi(*(value for value in values if _DOI_ADDRESS.search(value)))


def year(*values: str) -> int | None:
    """The first year of publication between 1500 and 2099; ``10 15`` and ``in press`` have none."""
    for value in values:
        if found := (_YEAR.search(value) or _DATE.search(value)):
            return int(found[1])
    return None


def pages(start: str, end: str = "") -> str:
    """Pages or an article number, from one field or from two. ``1106-1111+1117`` stays as it is."""
    start, end = plain(start), plain(end)
    if start.casefold() == "no" and end.casefold() == "specified":
        return ""
    if _NO_PAGES.match(start):
        start = ""
    if _NO_PAGES.match(end):
        end = ""
    start = re.sub(r"(?i)^(?:pp?\.?|pages?|第)\s*(?=[a-z]?\d)", "", start).rstrip("-‐‑–— ,;.页")
    start = re.sub(r"\s*[-‐‑–—~－]+\s*", "-", start)
    if not end or end == start or re.search(r"\d-\w*\d", start):
        return start
    return f"{start}-{end.lstrip('-‐‑–— ')}" if start else end


def pmid(*values: str) -> str:
    """The first PubMed identifier: a number of one to eight digits that stands alone or behind its name."""
    for value in values:
        if found := re.fullmatch(
            r"\s*(?:PMID|PUBMED|MEDLINE)?[:\s]*(\d{1,8})\s*(?:\[PMID\])?\s*", value, re.IGNORECASE
        ):
            return "" if not found[1].strip("0") else found[1].lstrip("0")
        if found := re.search(
            r"(?i)(?:pubmed(?:\.ncbi\.nlm\.nih\.gov)?/|\bPMID[:\s]+|\bPUBMED[:\s]+)(\d{1,8})\b", value
        ):
            return found[1].lstrip("0")
    return ""


def issn(values: Iterable[str]) -> str:
    """The first ISSN or ISBN."""
    for value in values:
        if found := re.search(r"(?<!\d)(\d{4})-?(\d{3}[\dXx])(?![\d-])", value):
            return f"{found[1]}-{found[2].upper()}"
        digits = re.sub(r"[^\dXx]", "", value.partition("(")[0])
        if len(digits) in {10, 13}:
            return digits.upper()
    return next((plain(value) for value in values if value.strip()), "")


def language(value: str) -> str:
    """Tag of a language, or the value where it is not known; the first one of several."""
    first = re.split(r"[,;/|]|\sand\s", value.strip())[0].strip(" .")
    return _TAG_OF.get(first.casefold(), plain(first))


def keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Key words, each once, in order; a field may hold several, separated by ``;``, ``；`` or line ends."""
    found: dict[str, None] = {}
    for value in values:
        for word in re.split(r"[;；\n]+|#br", value):
            if text := plain(word.strip().strip("*").strip()):
                found.setdefault(text)
    return tuple(found)


def registrations(text: str) -> tuple[str, ...]:
    """Numbers of trial registers in a text, each once."""
    upper = text.upper()
    if not (any(sign in upper for sign in _REGISTER_SIGNS) or _NTR.search(text)):
        return ()  # the search for all registers takes longer than all the rest of reading a record
    return tuple(dict.fromkeys(_register(match) for match in _REGISTERS.findall(text)))


def _register(text: str) -> str:
    text = text.replace(" ", "")
    for name in ("ChiCTR", "jRCT"):
        if text.casefold().startswith(name.casefold()):
            return name + text[len(name) :]
    return text.upper() if not text.casefold().startswith("rbr-") else "RBR-" + text[4:].lower()


def database(*values: str) -> str:
    """One name for a database, however the export writes it; the first value as it is where none is known."""
    return known_database(*values) or next((plain(value) for value in values if value.strip()), "")


def known_database(*values: str) -> str:
    """The first known database that a value names, for example in a web address."""
    for value in values:
        lower = value.casefold()
        for part, name in _DATABASES:
            if part in lower and (part != "eric" or lower.strip() == "eric"):
                return name
    return ""
