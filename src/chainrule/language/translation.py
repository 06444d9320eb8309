"""Translation: English sentences are the keys, and a catalogue in TOML says each of them otherwise.

>>> with speaking(read_catalogue("de")):
...     say("{function} is not written yet.", function="forward")
'forward ist noch nicht geschrieben.'
>>> say("{function} is not written yet.", function="forward")
'forward is not written yet.'
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from chainrule.errors import InvalidFile, InvalidValue, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).parent
ENGLISH = "en"
OWN = {"extends", "lang"}  # keys of a catalogue that are no sentences


class Sentence(str):
    """An English sentence that is written down before the language is known: a constant of a lab, a file's fault.

    It is its own English text; ``say`` says it in another language, what stands in its braces too.

    Parameters
    ----------
    template : str
        The sentence, with names in braces.
    **fields
        What stands in their place.

    Examples
    --------
    >>> Sentence("The bias of layer {k} is not added.", k=1)
    'The bias of layer 1 is not added.'
    """

    template: str
    fields: dict[str, Any]

    def __new__(cls, template: str, /, **fields: Any) -> Sentence:
        """Fill it in."""
        made = super().__new__(cls, template.format(**fields) if fields else template)
        made.template, made.fields = template, fields
        return made


@dataclass(frozen=True)
class Catalogue:
    """How a language says the sentences.

    Attributes
    ----------
    language : str
        Its name in pages of HTML, ``"de"``.
    sentences : mapping of str to str
        What is said for an English sentence; one that is not in it is said in English.
    missing : tuple of str
        Sentences that it should say and does not.
    """

    language: str = ENGLISH
    sentences: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


_spoken = [Catalogue()]  # the last one holds


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Say everything as this catalogue does, in all threads."""
    _spoken.append(catalogue)
    try:
        yield
    finally:
        _spoken.pop()


def spoken() -> Catalogue:
    """Return the catalogue that holds."""
    return _spoken[-1]


def say(text: str, /, **fields: Any) -> str:
    """Return an English sentence as the language of the course says it, its braces filled in.

    Parameters
    ----------
    text : str
        The sentence, or a ``Sentence``, which knows its fields.
    **fields
        What stands in place of the names in braces, itself said where it is a ``Sentence``; ``{Where}`` is ``where``
        with a capital letter.
    """
    key = text
    if isinstance(text, Sentence):
        key, fields = text.template, text.fields
    told = spoken().sentences.get(key, key)
    if not fields:
        return told
    said = {name: say(value) if isinstance(value, Sentence) else value for name, value in fields.items()}
    capitals = {name.capitalize(): capital(text) for name, text in said.items() if isinstance(text, str)}
    return told.format(**{**capitals, **said})


def capital(text: str) -> str:
    """Let a sentence begin as sentences do, if a word begins it.

    >>> capital("the output is wrong"), capital("errs = y − ŷ")
    ('The output is wrong', 'errs = y − ŷ')
    """
    return text[:1].upper() + text[1:] if re.match(r"[a-z]{2,} (?!=)", text) else text


def listed(words: Sequence[str]) -> str:
    """Join words as one says them.

    >>> listed(["dW1", "db1", "dW2"])
    'dW1, db1 and dW2'
    """
    *first, last = words or [""]
    return say("{first} and {last}", first=", ".join(first), last=last) if first else last


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """How a sentence looks with anything in its braces."""
    written: list[str] = []
    for text, name, *_ in Formatter().parse(template):
        known = f"(?P<{name}>.+?)" in written
        written += [re.escape(text), "" if name is None else f"(?P={name})" if known else f"(?P<{name}>.+?)"]
    return re.compile("".join(written), re.DOTALL)


def fields_in(text: str, template: str) -> dict[str, str] | None:
    """Return what stands in the braces of a template where a text is one of its sentences, None where it is none.

    >>> fields_in("dW1 holds NaN or infinity.", "{block} holds NaN or infinity.")
    {'block': 'dW1'}
    """
    found = _pattern(template).fullmatch(text)
    return None if found is None else found.groupdict()


# Catalogues.


def languages() -> list[str]:
    """Return the languages that there are: English, and one for each file here."""
    return [ENGLISH, *sorted(path.stem for path in HERE.glob("*.toml"))]


def read_catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language, or of a file of one's own, ``"our-course.toml"``.

    In a file of one's own, ``extends = "de"`` (or ``"en"``) says that it only words some sentences otherwise.

    Raises
    ------
    InvalidValue
        Where there is no such language.
    InvalidFile
        Where a file cannot be read, has a sentence that is none of ours, or other names in braces than it.
    """
    if language == ENGLISH:
        return Catalogue()
    if language in languages():
        return Catalogue(language, _entries(HERE / f"{language}.toml"))
    if not language.endswith(".toml"):
        raise InvalidValue(f"{unknown_name('language', language, languages())} Or name a file of your own, x.toml.")
    entries = _entries(Path(language))
    extends = entries.pop("extends", None)
    base = Catalogue() if extends is None else _base(language, extends)
    lang = entries.pop("lang", base.language)
    for key, said in entries.items():
        _check_entry(language, key, said)
    missing = () if extends else tuple(key for key in sentences() if key not in entries)
    return Catalogue(lang, {**base.sentences, **entries}, missing)


def _base(path: str, language: str) -> Catalogue:
    if language not in languages():
        raise InvalidFile(f"{path}: extends must be one of {', '.join(languages())}, got {language!r}.")
    return read_catalogue(language)


@cache
def sentences() -> tuple[str, ...]:
    """Return all sentences there are, as a test proves of the German catalogue."""
    return tuple(_entries(HERE / "de.toml"))


def _entries(path: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InvalidFile(f"Cannot read the sentences in {path}: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidFile(f"{path} is no TOML in UTF-8: {error}") from error
    for key, said in found.items():
        if not isinstance(said, str):
            raise InvalidFile(f"{path}: what is said for {key!r} must be a text in quotation marks.")
    return found


def _check_entry(path: str, key: str, said: str) -> None:
    """Refuse what says no sentence of ours, or loses one of its parts."""
    if key not in sentences():
        raise InvalidFile(f"{path}: {unknown_name('sentence', key, sentences()).args[0].partition(' The choices')[0]} "
                          "chainrule check --messages en prints all of them.")  # fmt: skip
    asked = names_in(key)
    try:
        given = names_in(said)
    except ValueError as error:
        raise InvalidFile(f"{path}: in what is said for {key!r}, {error}. Write {{name}}, both braces.") from error
    if given != asked:
        wanted = ", ".join(f"{{{name}}}" for name in sorted(asked)) or "nothing"
        got = ", ".join(f"{{{name}}}" for name in sorted(given)) or "nothing"
        raise InvalidFile(f"{path}: what is said for {key!r} must have {wanted} in braces, it has {got}.")


def names_in(text: str) -> set[str]:
    """Return the names in a text's braces; ``{Where}`` is ``{where}`` at a sentence's beginning.

    >>> sorted(names_in("{Where}: {given:.3g}, not {asked}"))
    ['asked', 'given', 'where']
    """
    return {name.lower() for _, name, _, _ in Formatter().parse(text) if name is not None}


def as_toml(catalogue: Catalogue) -> str:
    """Write all sentences as a catalogue says them, ready to be said otherwise."""
    lines = []
    for line in (HERE / "de.toml").read_text("utf-8").splitlines():
        if line.startswith('"'):
            (key,) = tomllib.loads(line)
            mark = "  # missing" if key in catalogue.missing else ""
            text = catalogue.sentences.get(key, key)
            line = f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(text, ensure_ascii=False)}{mark}"  # noqa: PLW2901
        lines.append(line)
    return "\n".join(lines)
