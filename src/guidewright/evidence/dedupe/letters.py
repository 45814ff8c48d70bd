"""Letters of any script brought to one form, so that the same words compare as the same.

Databases write one title as ``β-blockers``, ``beta-blockers`` or ``&beta;-blockers``, in full-width or half-width
signs, with accents or without. What is compared is never shown: records keep their own words.
"""

from __future__ import annotations

import html
import re
import unicodedata

#: Letters that Unicode does not take apart into a plain letter and a mark, and Greek letters by name.
_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ŋ": "n",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
        "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi",
        "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi",
        "ω": "omega", "’": "'", "‘": "'", "ʼ": "'", "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
        "，": ",", "；": ";", "：": ":", "。": ".", "、": ",",
        "《": " ", "》": " ", "〔": "[", "〕": "]", "【": "[", "】": "]",
    }
)  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_WORDS = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[㐀-䶿一-鿿豈-﫿぀-ヿ가-힯]")


def plain(text: str) -> str:
    """Lower case without accents, mark-up or full-width forms; Greek letters by name."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLED)
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c))).translate(_SPELLED)


def words(text: str) -> list[str]:
    """Runs of letters and digits of a text that is already plain."""
    return _WORDS.findall(text)


def squeezed(text: str) -> str:
    """Letters and digits alone, since hyphens and spaces differ from database to database."""
    return "".join(_WORDS.findall(text))


def has_cjk(text: str) -> bool:
    """Whether a text has Chinese, Japanese or Korean characters."""
    return not text.isascii() and _CJK.search(text) is not None
