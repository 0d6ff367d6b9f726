"""Sentences that outlive the moment in which they are made: kept in every language, told in the reader's."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils import translation

from layers.importing.problems import Problem

Words = dict[str, str]


def in_every_language(sentence: Callable[[], object]) -> Words:
    """Language code to what ``sentence`` says in it."""
    words = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words[code] = str(sentence())
    return words


def told(words: Mapping[str, str]) -> str:
    """In the reader's language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return words.get(language) or next(iter(words.values()), "")


def problem_words(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """As a job keeps them: code, whether it is an error, the place, and the sentence without and with it."""
    return [
        {
            "code": str(problem.code),
            "is_error": problem.is_error,
            "feature": problem.feature,
            "field": problem.field,
            "message": in_every_language(problem.message),
            "sentence": in_every_language(problem.sentence),
        }
        for problem in problems
    ]
