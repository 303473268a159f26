"""Whose words a passage is, as one text says it."""

from __future__ import annotations

import pytest

from dedup.attribution import quoting, speakers

WORDS = "We will try again before the summer and nobody will stop us from building it"


def read(text, words=WORDS):
    start = text.index(words)
    return quoting.read(text, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f'The plan failed. "{WORDS}," Mayor Jane Doe said in a statement.', "Jane Doe"),
        (f"The plan failed. “{WORDS},” said Jane Doe, the mayor.", "Jane Doe"),
        (f"Jane Doe lost. “{WORDS},” she said.", None),
        (f"Jane Doe said she was sorry. “{WORDS},” she added.", "Jane Doe"),
        (f"Speaking in Paris, Prime Minister Jane Doe said: “{WORDS}.”", "Jane Doe"),
        (f"Jane Doe issued a statement on the plan.\n\n“{WORDS}.”", "Jane Doe"),
        (f"“It failed,” Jane Doe said. “{WORDS}.”", "Jane Doe"),
        (f"“{WORDS}. It failed,” Doe said. Jane Doe left.", "Jane Doe"),
        (f"“{WORDS},” said Sen. Jane Doe and Rep. Max Roe in a joint statement.", "Jane Doe and Max Roe"),
        (
            f"“{WORDS},” Slidell police said. The Slidell Police Department is small.",
            "Slidell Police Department",
        ),
        (f"Greens Old Parland (GOP).\n“{WORDS},” GOP told reporters.", "Greens Old Parland"),
        (f"'{WORDS},' Jane Doe told the paper.", "Jane Doe"),
        (f"{WORDS}. — Jane Doe (@janedoe) May 5, 2025\nMore text.", "Jane Doe"),
        (f"Jane Doe left.\n{WORDS} — jane doe (@janedoe) May 5, 2025", "Jane Doe"),
        (f"„{WORDS}“, sagte Jana Doe am Montag.", "Jana Doe"),
        (f"« {WORDS} », a déclaré Jeanne Doe.", "Jeanne Doe"),
        (f"«{WORDS}», dijo Juana Doe.", "Juana Doe"),
        (f"Jane Doe: “{WORDS}.”", "Jane Doe"),
        (f"“{WORDS},” the airline said.", None),
        (f"“{WORDS}.” The plan failed.", None),
    ],
)
def test_the_speaker_of_a_quotation_is_named_in_full(text, name):
    found = read(text)
    assert found.share >= quoting.LEAST_QUOTED
    assert (found.said.name if found.said else None) == name


@pytest.mark.parametrize(
    "text",
    [
        f"The plan failed. {WORDS}, Mayor Jane Doe said.",
        f'"It failed," Jane Doe said. {WORDS}.',
        f"The mayor's plan, the city's pride. {WORDS}.",
    ],
)
def test_what_stands_in_no_quotation_marks_is_nobodys_words(text):
    found = read(text)
    assert found.share < quoting.LEAST_QUOTED
    assert found.said is None


def test_the_words_that_name_the_speaker_stand_where_it_says():
    text = f'The plan failed. "{WORDS}," Mayor Jane Doe said in a statement.'
    said = read(text).said
    assert text[said.start : said.end] == "Mayor Jane Doe said"


def test_a_quotation_of_several_paragraphs_goes_on_where_the_next_opens_anew():
    text = f"Jane Doe said: “It failed.\n\n“{WORDS}.”"
    assert read(text).said.name == "Jane Doe"


@pytest.mark.parametrize(
    ("who", "text", "name"),
    [
        ("Ms. Doe", "Jane Doe won. Ms. Doe said no.", "Jane Doe"),
        (
            "Ford",
            "Christine Blasey Ford wrote it. Christine Blasey Ford left. Ms. Ford said so.",
            "Christine Blasey Ford",
        ),
        ("Secretary of State Jane Doe", "Secretary of State Jane Doe said so.", "Jane Doe"),
        ("the president", "President Jane Doe won. Then the president said no.", "Jane Doe"),
        ("Mayor", "The Mayor said so.", None),
        ("Florida", "A senator of Florida said so.", None),
        ("Google", "It said no. Google said so. Later Google added more.", "Google"),
        ("it", "The company said it.", speakers.UNKNOWN),
    ],
)
def test_a_name_is_spelled_out_as_the_text_has_it(who, text, name):
    assert speakers.resolve(who, text, len(text)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "« Nous avons attendu quinze ans ce train », a déclaré le maire de Brévans, Luc Delorme.",
            "Luc Delorme",
        ),
        ("«No vamos a permitir que cierre el puerto», afirmó la alcaldesa Inés Almarza.", "Inés Almarza"),
        (
            "„Wir werden das nicht hinnehmen“, sagte der Bürgermeister von Ulm, Gunter Czisch.",
            "Gunter Czisch",
        ),
        ("„Wir werden das nicht hinnehmen“, sagte die Sprecherin Anna Meier.", "Anna Meier"),
        (
            "«Non possiamo accettare che la scuola chiuda», ha detto il sindaco di Bari, Vito Leccese.",
            "Vito Leccese",
        ),
        ("“Não vamos aceitar que a escola feche”, afirmou o prefeito Ricardo Nunes.", "Ricardo Nunes"),
    ],
)
def test_an_office_in_other_languages_stands_before_its_name(text, name):
    opened, closed = min(text.index(mark) for mark in "«„“" if mark in text), text.rindex(",")
    found = quoting.read(text, opened + 2, text.rindex(text[text.index(", ") - 1], 0, closed))
    assert found.said is not None
    assert found.said.name == name
