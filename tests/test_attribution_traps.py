"""Texts that mention an agency and are not that agency's."""

from __future__ import annotations

import pytest

from tests import attribution_cases as cases
from tests.attribution_cases import BODY

TRAPS = {
    "photo credit": f"The bridge, May 5, 2025. (Jane Doe/Pool Photo via AP)\n{BODY}",
    "file photo": f"FILE PHOTO: The bridge. Jane Doe/Pool via REUTERS/File Photo\n{BODY}",
    "caption at the end": f"{BODY}Picture: Jane Doe © AFP",
    "photo in brackets": f"{BODY}(Jane Doe/AP)\n{BODY}",
    "citation": f"{BODY}Reuters reported in November that it was ready.\n{BODY}",
    "told": f"The mayor told Reuters that the bridge was ready.\n{BODY}",
    "poll": f"A Reuters/Ipsos poll found the bridge popular.\n{BODY}",
    "footer": f"By Jane Doe\n{BODY}Copyright 2025 The Associated Press. All rights reserved.",
    "service notice": BODY
    + "This service may include material from Agence France-Presse (AFP), APTN, Reuters and CNN.",
    "own date": f"{BODY}First published on November 19, 2019",
    "own month": f"{BODY}This article was first published in November 2019.",
    "prose": f"The first cases first appeared in China in December, when the Times of London was told.\n{BODY}",
    "book": f"The novel was originally published in Germany and republished from there by Penguin.\n{BODY}",
    "PTI the party": f"Pakistan Tehreek-e-Insaf (PTI) – the party of the former captain – marched.\n{BODY}",
    "PTI in prose": f"Leaders of the PTI said on Tuesday that PTI would march. — the PTI\n{BODY}",
    "AAP the party": f"Aam Aadmi Party (AAP) - the ruling party - won.\n{BODY}The AAP said so.",
    "AAP the doctors": f"American Academy of Pediatrics (AAP) — the body of doctors — advised.\n{BODY}",
    "AFP the police": f"Australian Federal Police (AFP) - the force - charged him. AFP said so.\n{BODY}",
    "PA the state": f"SCRANTON (PA) — {BODY}",
    "PA at the start": f"SCRANTON, PA — {BODY}",
    "CNA the channel": f"Channel NewsAsia (CNA) - the broadcaster - {BODY}",
    "AA the airline": f"American Airlines (AA) - the carrier - cut flights.\n{BODY}",
    "AP the classes": f"AP classes are popular. AP courses cost more, an AP teacher said.\n{BODY}",
    "Bloomberg the mayor": f"Mayor Mike Bloomberg said the bridge was ready.\n{BODY}",
    "TT the races": f"DOUGLAS, Isle of Man — The TT was won by a local. — the TT\n{BODY}",
    "AP the state of India": f"VIJAYAWADA (AP): {BODY}",
    "AP the state of Brazil": f"Macapá (AP) - {BODY}",
    "PA the state at the end": f"{BODY}With reporting from Scranton, PA.",
    "AAP the physicians": f"By Dr. Ann Roe, AAP\n{BODY}",
    "Antara a first name": f"{BODY}Antara Das contributed to this report.",
    "Bloomberg a surname": f"{BODY}Emma Bloomberg contributed reporting.",
    "spokesman": f"{BODY}Lt. Mark Hill, AFP spokesman, contributed to this report.",
    "blurb": f"{BODY}“A triumph of the genre.” — Bloomberg",
    "poll as source": f"{BODY}Source: Reuters/Ipsos poll",
    "portions": f"{BODY}© Copyright 2024 Valley Herald. Portions copyright Associated Press. All rights reserved.",
    "photos beside a byline": f"By Jane Roe; photos by John Doe, AP\n{BODY}",
    "another's desk": f"{BODY}(Reporting by Jane Doe; Editing by John Roe of the Gazette)",
    "a novel": f"{BODY}First published in Paris in 1862, the novel was banned at once.",
    "a publisher": f"{BODY}First published in the United States by Random House.",
    "a report": f"{BODY}This report was published by Amnesty International last week.",
    "a platform": f"{BODY}This post was published on Truth Social shortly before midnight.",
    "a post office": f"{BODY}The post office on Main Street first appeared on maps in 1874.",
    "a deleted post": f"{BODY}The post about the mayor first appeared on Facebook late on Tuesday.",
    "a newsletter": f"{BODY}This article first appeared in Tuesday’s newsletter.",
    "a language": f"{BODY}Dieser Artikel wurde ursprünglich auf Englisch veröffentlicht.",
    "a day in Chinese": f"{BODY}本文首发于2024年3月5日",
    "staff": f"MADISON (Staff Report) - {BODY}",
    "APA the psychologists": f"WASHINGTON (APA) - {BODY}",
    "noon": f"By noon, Reuters reporters at the scene had counted ten.\n{BODY}",
    "Tuesday": f"By Tuesday, AP correspondents were allowed in.\n{BODY}",
    "published in a language": f"{BODY}This article was originally published in English.",
    "published in an issue": f"{BODY}This article first appeared in the June issue of the magazine.",
    "published on a platform": f"{BODY}This post was originally published on Facebook.",
    "reporting without brackets": f"{BODY}Reporting by Ana Ruiz. Editing by Tom Lee.",
    "small letters": f"BERLIN (ap) - {BODY}",
    "reporting": f"{BODY}Reporting by the commission shows that editing was needed.",
}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS.keys())
def test_a_mention_is_no_origin(text):
    given = cases.lone(text, outlet="Gazette")
    assert (given.origin_name, given.level) == (None, "undetermined")
    assert given.immediate_sources == (None,)
    assert not {piece.rule for piece in given.evidence if piece.weight and piece.candidate != "Gazette"}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS.keys())
def test_a_mention_does_not_make_a_lone_story_somebody_elses(text):
    assert not cases.credits_elsewhere(cases.story(text, outlet="Gazette"))


def test_a_mention_in_one_copy_does_not_outweigh_the_credit_of_another():
    given = cases.verdict(
        cases.story(TRAPS["photo credit"], "a", outlet="Gazette"),
        cases.story(f"PARIS (Reuters) - {BODY}", "b", outlet="Daily Herald"),
    )
    assert (given.origin_name, given.level, given.runner_up) == ("Reuters", "stated", None)


def test_an_outlets_footer_is_shown_as_a_citation():
    assert "agency_footer" in cases.rules_of(cases.lone(TRAPS["footer"], outlet="Gazette"), "citation")


def test_a_footer_without_a_byline_is_weighed():
    given = cases.lone(f"{BODY}Copyright 2025 The Associated Press. All rights reserved.", outlet="Gazette")
    assert (given.origin_name, given.level) == ("Associated Press", "inferred")


def test_the_same_quotation_in_two_translations_makes_no_origin():
    given = cases.verdict(
        cases.story(f"MOSCOW – “Why invite them?” he said, Reuters reported.\n{BODY}", "a", outlet="Gazette"),
        cases.story(f"MOSCOW – “Why should we invite them at all?” he said.\n{BODY}", "b", outlet="Herald"),
    )
    assert (given.origin_name, given.level) == (None, "undetermined")


@pytest.mark.parametrize("fields", [{"outlet": "Reuters"}, {"url": "https://www.reuters.com/world/1"}])
def test_an_agencys_own_page_credits_nobody_else(fields):
    story = cases.story(f"PARIS (Reuters) - {BODY}(Reporting by Jane Doe; Editing by Ann Poe)", **fields)
    assert not cases.credits_elsewhere(story)


def test_a_credit_of_a_neighbouring_story_on_the_page_does_not_count():
    page = f"PARIS (AP) — {BODY}{BODY}SOURCE: www.dailyherald.com\n"
    start = page.index(BODY) + len(BODY)
    story = cases.story(page, outlet="Gazette")
    inner = type(story)("a", page, start, start + len(BODY), outlet="Gazette")
    assert not cases.credits_elsewhere(inner)
    assert cases.verdict(inner).origin_name is None


def test_a_state_at_the_end_of_a_byline_is_no_agency():
    given = cases.lone(BODY, outlet="Gazette", byline="Jane Doe, Pittsburgh, PA")
    assert (given.origin_name, given.level) == (None, "undetermined")


def test_an_ambiguous_tag_counts_in_its_own_towns():
    assert (
        cases.lone(f"TAIPEI, Feb. 18 (CNA) {BODY}", outlet="Gazette").origin_name
        == "Central News Agency (Taiwan)"
    )
