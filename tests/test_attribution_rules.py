"""Each rule on forms as they stand in print: what it finds, for whom, and in which words."""

from __future__ import annotations

import dataclasses

import pytest

from dedup import records
from dedup.attribution import registry
from tests import attribution_cases as cases
from tests.attribution_cases import BODY

FORMS = [
    (
        "agency_dateline",
        f"A bridge agreed\n\nPARIS, May 5 (Reuters) – {BODY}",
        "Reuters",
        "PARIS, May 5 (Reuters)",
    ),
    ("agency_dateline", f"HAVELOCK, N.C. (AP) — {BODY}", "Associated Press", "HAVELOCK, N.C. (AP)"),
    (
        "agency_dateline",
        f"OFER PRISON, West Bank, Jan 1 (Reuters) - {BODY}",
        "Reuters",
        "OFER PRISON, West Bank, Jan 1 (Reuters)",
    ),
    ("agency_dateline", f"MOSCOW, February 18. /TASS/. {BODY}", "TASS", "MOSCOW, February 18. /TASS/"),
    ("agency_dateline", f"MOSCOW. Feb 18 (Interfax) - {BODY}", "Interfax", "MOSCOW. Feb 18 (Interfax)"),
    ("agency_dateline", f"RAMALLAH, Dec. 29 (Xinhua) -- {BODY}", "Xinhua", "RAMALLAH, Dec. 29 (Xinhua)"),
    ("agency_dateline", f"New Delhi, Feb 18 (PTI) {BODY}", "Press Trust of India", "New Delhi, Feb 18 (PTI)"),
    (
        "agency_dateline",
        f"Mumbai (Maharashtra) [India], February 18 (ANI): {BODY}",
        "ANI",
        "Mumbai (Maharashtra) [India], February 18 (ANI)",
    ),
    ("agency_dateline", f"Hamburg (dpa/lno) – {BODY}", "Deutsche Presse-Agentur", "Hamburg (dpa/lno)"),
    ("agency_dateline", f"(ANSA) - ROMA, 18 FEB - {BODY}", "ANSA", "(ANSA)"),
    (
        "agency_dateline",
        f"MADRID, 18 Feb. (EUROPA PRESS) - {BODY}",
        "Europa Press",
        "MADRID, 18 Feb. (EUROPA PRESS)",
    ),
    ("agency_dateline", f"TORONTO (AP) {BODY}", "Associated Press", "TORONTO (AP)"),
    ("agency_dateline", f"By Jane Doe PARIS  (Reuters) - {BODY}", "Reuters", "PARIS  (Reuters)"),
    (
        "agency_dateline",
        f"МОСКВА, 18 фев – РИА Новости. {BODY}",
        "RIA Novosti",
        "МОСКВА, 18 фев – РИА Новости",
    ),
    ("agency_dateline", f"新华社北京2月18日电 {BODY}", "Xinhua", "新华社"),
    ("agency_dateline", f"(서울=연합뉴스) 홍길동 기자 = {BODY}", "Yonhap", "(서울=연합뉴스"),
    (
        "outlet_dateline",
        f"NEW YORK (Hollywood Reporter) - {BODY}",
        "The Hollywood Reporter",
        "NEW YORK (Hollywood Reporter)",
    ),
    (
        "reporting_by",
        f"{BODY}(Reporting by Jane Doe and Max Roe; Writing by Max Roe; Editing by Ann Poe)",
        "Reuters",
        "(Reporting by Jane Doe and Max Roe; Writing by Max Roe; Editing by Ann Poe)",
    ),
    (
        "canadian_press",
        f"OTTAWA — {BODY}This report by The Canadian Press was first published Feb. 18, 2025.",
        "The Canadian Press",
        "This report by The Canadian Press was first published Feb. 18, 2025.",
    ),
    ("closing_tag", f"{BODY}He left early. — AAP", "Australian Associated Press", ". — AAP"),
    ("closing_tag", f"{BODY}/ritzau/", "Ritzau", "/ritzau/"),
    ("closing_tag", f"{BODY}He left early. (AFP)", "Agence France-Presse", ". (AFP)"),
    ("closing_tag", f"{BODY}Er ging früh. (dpa)", "Deutsche Presse-Agentur", ". (dpa)"),
    ("closing_tag", f"{BODY}Er ging früh. (APA)", "Austria Presse Agentur", ". (APA)"),
    ("closing_tag", f"{BODY}(sda)", "Keystone-SDA", "(sda)"),
    ("closing_tag", f"{BODY}(©NTB)", "NTB", "(©NTB)"),
    ("closing_tag", f"{BODY}He left early. - Sapa\nAnother story begins", "Sapa", ". - Sapa"),
    ("closing_tag", f"{BODY}He left early. — Bernama", "Bernama", ". — Bernama"),
    ("desk_initials", f"{BODY}He left early. PTI KND SMN", "Press Trust of India", "PTI KND SMN"),
    ("desk_initials", f"{BODY}He left early.\n--IANS vg/ksk", "IANS", "--IANS vg/ksk"),
    ("desk_initials", f"{BODY}He left early. afp/slj", "Agence France-Presse", "afp/slj"),
    ("source_line", f"{BODY}Quelle: dpa", "Deutsche Presse-Agentur", "Quelle: dpa"),
    ("source_line", f"{BODY}Fuente: EFE", "Agencia EFE", "Fuente: EFE"),
    ("source_line", f"{BODY}Fonte: ANSA", "ANSA", "Fonte: ANSA"),
    ("source_line", f"{BODY}Источник: ТАСС", "TASS", "Источник: ТАСС"),
    ("source_line", f"{BODY}Bron: ANP", "ANP", "Bron: ANP"),
    ("source_line", f"{BODY}Source: AFP", "Agence France-Presse", "Source: AFP"),
    ("sources_line", f"{BODY}Quelle: ntv.de, dpa", "Deutsche Presse-Agentur", "Quelle: ntv.de, dpa"),
    ("sources_line", f"{BODY}Il est parti. (avec AFP)", "Agence France-Presse", "(avec AFP)"),
    ("sources_line", f"{BODY}Avec l'AFP", "Agence France-Presse", "Avec l'AFP"),
    ("sources_line", f"{BODY}Mit Material von dpa", "Deutsche Presse-Agentur", "Mit Material von dpa"),
    ("sources_line", f"{BODY}Con información de EFE", "Agencia EFE", "Con información de EFE"),
    ("sources_line", f"{BODY}(com Lusa)", "Lusa", "(com Lusa)"),
    ("sources_line", f"{BODY}det/dpa", "Deutsche Presse-Agentur", "det/dpa"),
    ("sources_line", f"{BODY}red, APA", "Austria Presse Agentur", "red, APA"),
    (
        "agency_writer",
        f"{BODY}Associated Press writer Jane Doe contributed to this report.",
        "Associated Press",
        "Associated Press writer Jane Doe contributed to this report.",
    ),
    (
        "agency_copyright",
        f"{BODY}Copyright 2025 The Associated Press. All rights reserved.",
        "Associated Press",
        "Copyright 2025 The Associated Press. All rights reserved.",
    ),
    (
        "agency_copyright",
        f"{BODY}© dpa-infocom, dpa:250218-99-123/4",
        "Deutsche Presse-Agentur",
        "© dpa-infocom, dpa:250218-99-123/4",
    ),
    ("agency_copyright", f"{BODY}RIPRODUZIONE RISERVATA © Copyright ANSA", "ANSA", "© Copyright ANSA"),
    (
        "with_files_from",
        f"{BODY}With files from The Canadian Press",
        "The Canadian Press",
        "With files from The Canadian Press",
    ),
    (
        "with_files_from",
        f"{BODY}Additional reporting by AFP",
        "Agence France-Presse",
        "Additional reporting by AFP",
    ),
    (
        "contributed",
        f"{BODY}The Associated Press contributed to this report.",
        "Associated Press",
        "The Associated Press contributed to this report.",
    ),
    (
        "contributed",
        f"{BODY}Jane Doe and Reuters contributed to this report.",
        "Reuters",
        "Jane Doe and Reuters contributed to this report.",
    ),
    (
        "agency_byline",
        f"By Jane Doe, Associated Press\n{BODY}",
        "Associated Press",
        "By Jane Doe, Associated Press",
    ),
    (
        "agency_byline",
        f"By JANE DOE AND MAX ROE\nAP Sports Writer\n{BODY}",
        "Associated Press",
        "AP Sports Writer",
    ),
    ("agency_byline", f"Reuters Staff\n{BODY}", "Reuters", "Reuters Staff"),
    (
        "agency_byline",
        f"By JOHN O’HANLON\nAssociated Press\n{BODY}",
        "Associated Press",
        "By JOHN O’HANLON\nAssociated Press",
    ),
    (
        "issuer_distributed",
        f"{BODY}Distributed by APO Group on behalf of Ministry of Health.",
        "Ministry of Health",
        "Distributed by APO Group on behalf of Ministry of Health.",
    ),
    (
        "issuer_distributed",
        f"{BODY}Original-Content von: Acme AG, übermittelt durch news aktuell",
        "Acme AG",
        "Original-Content von: Acme AG, übermittelt durch news aktuell",
    ),
    (
        "syndicated",
        f"{BODY}©2025 Chicago Tribune. Visit at chicagotribune.com. Distributed by Tribune Content Agency, LLC.",
        "Chicago Tribune",
        "©2025 Chicago Tribune. Visit at chicagotribune.com. Distributed by Tribune Content Agency, LLC.",
    ),
    (
        "published_in",
        f"{BODY}First published in The Daily Yonder.",
        "The Daily Yonder",
        "First published in The Daily Yonder",
    ),
    ("outlet_dateline", f"SINGAPORE (CNA) - {BODY}", "CNA", "SINGAPORE (CNA)"),
    (
        "reporting_by",
        f"{BODY}(Reportage Jane Doe, version française John Roe)",
        "Reuters",
        "(Reportage Jane Doe, version française John Roe)",
    ),
    ("closing_tag", f"{BODY}(भाषा)", "Press Trust of India", "(भाषा)"),
    ("closing_tag", f"{BODY}（共同）", "Kyodo News", "（共同）"),
    ("closing_tag", f"{BODY}--आईएएनएस", "IANS", "--आईएएनएस"),
    ("closing_tag", f"{BODY}/ATS", "Keystone-SDA", "/ATS"),
    (
        "closing_tag",
        f"{BODY}Australian Associated Press",
        "Australian Associated Press",
        "Australian Associated Press",
    ),
    (
        "outlet_copyright",
        f"{BODY}Copyright 2024 NPR. To see more, visit https://www.npr.org.",
        "NPR",
        "Copyright 2024 NPR. To see more, visit https://www.npr.org.",
    ),
    (
        "outlet_copyright",
        f"{BODY}Copyright: Project Syndicate, 2024.",
        "Project Syndicate",
        "Copyright: Project Syndicate, 2024.",
    ),
    ("source_line", f"{BODY}Forrás: MTI", "MTI", "Forrás: MTI"),
    ("agency_copyright", f"{BODY}© dpa", "Deutsche Presse-Agentur", "© dpa"),
    (
        "agency_byline",
        f"By JANE DOE, For The Associated Press 2 hours ago\n{BODY}",
        "Associated Press",
        "By JANE DOE, For The Associated Press 2 hours ago",
    ),
    ("agency_byline", f"Von Jana Doe, dpa\n{BODY}", "Deutsche Presse-Agentur", "Von Jana Doe, dpa"),
    (
        "published_by",
        f"{BODY}This article was originally published on ProPublica.",
        "ProPublica",
        "This article was originally published on ProPublica",
    ),
    (
        "published_by",
        f"{BODY}This column first appeared in the Louisville Courier Journal.",
        "The Courier-Journal",
        "This column first appeared in the Louisville Courier Journal",
    ),
    (
        "published_by",
        f"{BODY}Republished with permission from The Conversation.",
        "The Conversation",
        "Republished with permission from The Conversation",
    ),
    (
        "published_by",
        f"{BODY}Read the rest of the story at www.example.com",
        "example.com",
        "Read the rest of the story at www.example.com",
    ),
    (
        "post_elsewhere",
        f"{BODY}The post Bridge agreed appeared first on Daily Herald.",
        "Daily Herald",
        "The post Bridge agreed appeared first on Daily Herald.",
    ),
    (
        "outlet_head",
        f"DAILY HERALD | Published May 5, 2025\n{BODY}",
        "Daily Herald",
        "DAILY HERALD | Published May 5, 2025",
    ),
    ("source_host", f"{BODY}SOURCE: www.dailyherald.com\n", "dailyherald.com", "SOURCE: www.dailyherald.com"),
    (
        "read_full_article",
        f"{BODY}READ FULL ARTICLE\n\nSOURCE: www.dailyherald.com",
        "dailyherald.com",
        "READ FULL ARTICLE",
    ),
    (
        "read_full_article",
        f"{BODY}Read the full story at Daily Herald",
        "Daily Herald",
        "Read the full story at Daily Herald",
    ),
    (
        "release_wire",
        f"PARIS, Feb. 18, 2025 /PRNewswire/ -- {BODY}",
        "PR Newswire",
        "PARIS, Feb. 18, 2025 /PRNewswire/",
    ),
    ("release_wire", f"LAS VEGAS--(BUSINESS WIRE)--{BODY}", "Business Wire", "LAS VEGAS--(BUSINESS WIRE)"),
    ("release_wire", f"{BODY}Copyright Business Wire 2025", "Business Wire", "Copyright Business Wire 2025"),
    (
        "issuer",
        f"PARIS, Feb. 18, 2025 /PRNewswire/ -- {BODY}SOURCE Acme Inc.",
        "Acme Inc.",
        "SOURCE Acme Inc.",
    ),
    (
        "issuer_in_lead",
        f"LAS VEGAS--(BUSINESS WIRE)--Acme Widgets (NYSE: ACM) has a bridge.\n{BODY}",
        "Acme Widgets",
        "Acme Widgets",
    ),
    ("outlet_dateline", f"DENVER, Colorado (KCNC) — {BODY}", "KCNC", "DENVER, Colorado (KCNC)"),
    ("outlet_dateline", f"(CNN) — {BODY}", "CNN", "(CNN)"),
    ("outlet_dateline", f"NEW ORLEANS (WVUE/Gray News) - {BODY}", "WVUE", "NEW ORLEANS (WVUE/Gray News)"),
    ("host_dateline", f"TEMPO.CO, Jakarta - {BODY}", "Tempo", "TEMPO.CO, Jakarta - "),
    ("host_dateline", f"JAKARTA, KOMPAS.com – {BODY}", "Kompas", "JAKARTA, KOMPAS.com – "),
    (
        "outlet_byline",
        f"By Jane Doe, The Gulfside Herald\n{BODY}",
        "The Gulfside Herald",
        "By Jane Doe, The Gulfside Herald",
    ),
    (
        "outlet_byline",
        f"By JANE DOE Capitol Valley News\n{BODY}",
        "Capitol Valley News",
        "By JANE DOE Capitol Valley News",
    ),
    (
        "agency_byline",
        f"By VOA News April 26, 2024\n{BODY}",
        "Voice of America",
        "By VOA News April 26, 2024",
    ),
    ("outlet_line", f"The Irish Times\nA headline\n{BODY}", "The Irish Times", "The Irish Times"),
    ("feed_line", f"8/31(火) 10:00配信 毎日新聞\n{BODY}", "毎日新聞", "8/31(火) 10:00配信 毎日新聞"),
    ("outlet_source", f"{BODY}Courtesy: The Hindu", "The Hindu", "Courtesy: The Hindu"),
    ("outlet_source", f"{BODY}Источник: Коммерсантъ", "Коммерсантъ", "Источник: Коммерсантъ"),
    ("outlet_source", f"{BODY}来源：澎湃新闻", "澎湃新闻", "来源：澎湃新闻"),
    ("outlet_source", f"{BODY}By Eurasianet.org", "Eurasianet", "By Eurasianet.org"),
    (
        "outlet_source",
        f"{BODY}National Post, with files from The Canadian Press",
        "National Post",
        "National Post, with files from The Canadian Press",
    ),
    (
        "outlet_presented",
        f"{BODY}The Big Lake Current is a nonprofit newsroom that covers the lake.",
        "The Big Lake Current",
        "The Big Lake Current is a nonprofit newsroom that covers the lake.",
    ),
    (
        "outlet_presented",
        f"{BODY}Ohio Capital Journal is part of States Newsroom, a network.",
        "Ohio Capital Journal",
        "Ohio Capital Journal is part of States Newsroom, a network.",
    ),
    (
        "issued_by",
        f"The following is a news release from the Merrick County Sheriff’s Office:\n{BODY}",
        "Merrick County Sheriff’s Office",
        "The following is a news release from the Merrick County Sheriff’s Office",
    ),
    (
        "issued_by",
        f"(Press release from the Acme Foundation)\n{BODY}",
        "Acme Foundation",
        "(Press release from the Acme Foundation",
    ),
    (
        "issued_by",
        f"Pressemitteilung der Stadtwerke Neudorf\n{BODY}",
        "Stadtwerke Neudorf",
        "Pressemitteilung der Stadtwerke Neudorf",
    ),
    ("issuer_named", f"Source: Acme Foundation\n{BODY}###", "Acme Foundation", "Source: Acme Foundation"),
    (
        "issuer",
        f"AUSTIN, May 1, 2024 /EINPresswire.com/ -- {BODY}Jane Doe\nAcme Foundation\n+1 512-555-0100\nemail us here",
        "Acme Foundation",
        "Acme Foundation\n+1 512-555-0100\nemail us here",
    ),
    (
        "transcript",
        f"Following is the text of Gov. Ellen Marsh’s State of the State address, as prepared:\n{BODY}",
        "Ellen Marsh",
        "Following is the text of Gov. Ellen Marsh",
    ),
    (
        "transcript",
        f"Remarks by President Jane Doe at the opening of the bridge\n{BODY}",
        "Jane Doe",
        "Remarks by President Jane Doe at the opening of the bridge",
    ),
    (
        "published_by",
        f"{BODY}Оригинал статьи опубликован в «Новой газете».",
        "Новая газета",
        "Оригинал статьи опубликован в «Новой газете",
    ),
    (
        "published_by",
        f"{BODY}Article paru initialement dans Ouest-France.",
        "Ouest-France",
        "Article paru initialement dans Ouest-France",
    ),
    (
        "published_by",
        f"{BODY}Este artigo foi originalmente publicado no jornal Público.",
        "Público",
        "Este artigo foi originalmente publicado no jornal Público",
    ),
    (
        "published_by",
        f"{BODY}Dieser Artikel erschien zuerst im Standard.",
        "Der Standard",
        "Dieser Artikel erschien zuerst im Standard",
    ),
    (
        "published_by",
        f"{BODY}Dieser Artikel ist zuerst in der Süddeutschen Zeitung erschienen.",
        "Süddeutsche Zeitung",
        "Dieser Artikel ist zuerst in der Süddeutschen Zeitung",
    ),
    (
        "syndicated",
        f"{BODY}(c)2024 Tulsa World (Tulsa, Okla.) Visit tulsaworld.com Distributed by Tribune Content Agency",
        "Tulsa World",
        "(c)2024 Tulsa World (Tulsa, Okla.) Visit tulsaworld.com Distributed by Tribune Content Agency",
    ),
    ("outlet_source", f"{BODY}（来源：央视新闻客户端）", "央视新闻", "（来源：央视新闻客户端）"),
    ("source_line", f"{BODY}（原题为《一》，来源：新华社）", "Xinhua", "（原题为《一》，来源：新华社）"),
    (
        "issuer_named",
        f"FOR IMMEDIATE RELEASE\nFrom the Acme Office, District of Kansas:\n{BODY}",
        "Acme Office, District of Kansas",
        "From the Acme Office, District of Kansas:",
    ),
    (
        "source_line",
        f"{BODY}(This story has not been edited by our staff and is auto-generated from PTI.)",
        "Press Trust of India",
        "auto-generated from PTI.)",
    ),
    (
        "issued_by",
        f"{BODY}Provided by University of Bristol",
        "University of Bristol",
        "Provided by University of Bristol",
    ),
    ("outlet_line", f"CBC\n{BODY}", "CBC News", "CBC"),
    (
        "byline_lines",
        f"Maude Tessier\nLa Presse canadienne\n{BODY}",
        "The Canadian Press",
        "Maude Tessier\nLa Presse canadienne",
    ),
    ("byline_lines", f"A headline\nJane Doe\nBelga\n{BODY}", "Belga", "Jane Doe\nBelga"),
    (
        "agency_dateline",
        f"NAIROBI, March 4 (Thomson Reuters Foundation) - {BODY}",
        "Thomson Reuters Foundation",
        "NAIROBI, March 4 (Thomson Reuters Foundation)",
    ),
    (
        "published_by",
        f"{BODY}This article is republished under a community partnership agreement with RNZ.",
        "RNZ",
        "This article is republished under a community partnership agreement with RNZ",
    ),
    (
        "published_by",
        f"{BODY}Artykuł ukazał się pierwotnie w Gazecie Wyborczej.",
        "Gazeta Wyborcza",
        "Artykuł ukazał się pierwotnie w Gazecie Wyborczej",
    ),
    ("agency_dateline", f"واس - الرياض: {BODY}", "Saudi Press Agency", "واس"),
    ("closing_tag", f"{BODY}(أ ف ب)", "Agence France-Presse", "(أ ف ب)"),
    ("agency_dateline", f"الرياض - واس: {BODY}", "Saudi Press Agency", "الرياض - واس"),
    ("cited", f"{BODY}Reuters reported in May that it failed.\n{BODY}", "Reuters", "Reuters reported"),
    ("cited", f"{BODY}It failed, he told Reuters.\n{BODY}", "Reuters", "told Reuters"),
    ("cited", f"{BODY}It failed, according to the AP.\n{BODY}", "Associated Press", "according to the AP"),
    ("cited", f"{BODY}A Reuters/Ipsos poll found it.\n{BODY}", "Reuters", "Reuters/Ipsos poll"),
    ("photo_credit", f"The bridge. (Jane Doe/Pool Photo via AP)\n{BODY}", "Associated Press", "via AP"),
    (
        "photo_credit",
        f"FILE PHOTO: The bridge. Jane Doe/Pool via REUTERS/File Photo\n{BODY}",
        "Reuters",
        "via REUTERS",
    ),
    ("photo_credit", f"Photo: Reuters\n{BODY}", "Reuters", "Photo: Reuters"),
]
ELSEWHERE = {"origin", "immediate_source"}


@pytest.mark.parametrize(("rule", "text", "candidate", "quote"), FORMS)
def test_a_form_is_found_for_its_candidate_in_its_words(rule, text, candidate, quote):
    given = cases.lone(text)
    found = {(piece.candidate, piece.quote) for piece in given.evidence if piece.rule == rule}
    assert found == {(candidate, quote)}
    assert cases.quotes_hold(given, cases.story(text))


@pytest.mark.parametrize(("rule", "text"), [form[:2] for form in FORMS])
def test_the_quick_test_passes_each_form_that_credits_somebody(rule, text):
    says = {known.name: known.says for known in registry.RULES}[rule]
    assert cases.credits_elsewhere(cases.story(text, outlet="Gazette")) == (says in ELSEWHERE)


@pytest.mark.parametrize(
    ("byline", "candidates"),
    [
        ("The Associated Press", {"Associated Press"}),
        ("Associated Press, Dailyherald.com Reporter", {"Associated Press"}),
        ("Jane Doe, Associated Press, Max Roe", {"Associated Press"}),
        ("AFP", {"Agence France-Presse"}),
        ("Reuters Staff", {"Reuters"}),
        ("Jane Doe", set()),
        ("Michael Bloomberg", set()),
        ("afp", set()),
        ("By Agencies", set()),
    ],
)
def test_an_agency_in_the_records_byline_counts_only_as_a_part_of_its_own(byline, candidates):
    given = cases.lone(BODY, outlet="Gazette", byline=byline)
    assert {piece.candidate for piece in given.evidence if piece.rule == "record_byline"} == candidates
    story = cases.story(BODY, outlet="Gazette", byline=byline)
    assert cases.credits_elsewhere(story) == bool(candidates)


NOBODYS = [
    "Trump Team Botches Press Release\n{}", "Read Full Press Release\n{}", "{}Contact Media Release",
    "Press release by PETA Prompts Outrage\n{}", "Pressemitteilung: Zwei Verletzte bei Unfall auf der A1\n{}",
    "Communiqué: La grève continue\n{}", "Nota de prensa: El Gobierno aprueba la ley\n{}", "Comunicado de Guerra\n{}",
    "{}Dieser Artikel stammt von Jane Doe.", "{}Dieser Text stammt aus Berlin.", "{}Tekst pochodzi z Warszawy.",
    "{}Převzato z Facebooku.", "{}This story was originally published in “Chicken Soup for the Soul”.",
    "{}This story was produced for Season Two.",
    "{}Jane Doe is a reporter for KFF Health News, a national newsroom that",
    "{}Jane Doe is a former news agency reporter.", "{}Tasnim is a semi-official news agency close to the Guards.",
    "{}There is a news organization in every town, she said.", "{}Fox News is a news organization that he said lied.",
    "AD\n{}", "Today\n{}", "By Jane Doe\nRT\n{}", "The Irish Times\nThe Guardian\n{}",
    "By Joel Achenbach, Lena H. Sun\n{}", "By Jane Mayer, Eyal Press\n{}", "By Jane Doe, Majority Leader\n{}",
    "By Jane Doe, Press Secretary\n{}", "By Jane Doe, Cambridge University Press\n{}",
    "By Jane Doe, Head of Press\n{}",
    "By Jane Doe\nTaylor Swift Becomes Biggest Star\n{}", "By Jane Doe\nMayor Breaks Record\n{}",
    "PRISTINA (KFOR) - {}", "NEW YORK (WNBA) - {}", "(KPMG) — {}", "MAN CITY (VG) - {}",
    "U.S. OCEAN SERVICE (NOS) - {}",
    "{}Source: Pew Research Center\n{}", "{}Credit: ESPN", "A chart of it.\n{}The chart below.\nSource: Axios",
    "{}via twitter.com", "{}By jane.doe", "Remarks by Jerome Powell in Jackson Hole lifted markets on Friday.\n{}",
    "Statement of Financial Affairs, filed in court on Monday\n{}",
    "Full text of Paris Agreement, reached in 2015\n{}",
    "FULL TEXT: Trump Peace Plan, Explained\n{}", "Amazon.com - The online retailer turns 30.\n{}",
    "Source: U.S. Census Bureau\n{}-30-", "FOR IMMEDIATE RELEASE\nFrom Our Readers:\n{}",
]  # fmt: skip


@pytest.mark.parametrize("text", NOBODYS)
def test_what_only_looks_like_a_credit_names_nobody(text):
    given = cases.lone(
        text.replace("{}", BODY), outlet="Gulfside Herald", url="https://gulfsideherald.example/a"
    )
    assert (given.origin_name, given.level) == (None, "undetermined")


def test_a_paragraph_on_an_agency_takes_nothing_from_another_ones_dateline():
    given = cases.lone(f"WASHINGTON (AP) — {BODY}Xinhua is the state news agency.")
    assert (given.origin_name, given.level) == ("Associated Press", "stated")


@pytest.mark.parametrize("byline", ["Jane Doe, The Times of India", "Jane Doe, Los Angeles Times (TNS)"])
def test_a_name_of_several_words_is_read_whole(byline):
    given = cases.lone(BODY, outlet="Gulfside Herald", byline=byline)
    assert given.origin_name == byline.removeprefix("Jane Doe, ").removesuffix(" (TNS)")


def test_a_headline_of_double_names_is_read_as_fast_as_another():
    given = cases.lone(f"Remarks by {'Anna-Lena ' * 60}!\n{BODY}")  # would take hours if tried in every way
    assert given.origin_name is None


BESIDE = [
    ("agency_beside", "supplemental", "Reuters Published March 4, 2021\nShare Tweet", "Reuters", "Reuters"),
    ("agency_byline", "supplemental", "By JANE DOE AP Technology Writer", "Associated Press", None),
    ("agency_byline", "supplemental", "15 January, 2008\nBy JANE DOE, Associated Press Writer 42 minutes ago",
     "Associated Press", "By JANE DOE, Associated Press Writer 42 minutes ago"),
    ("byline_then_agency", "supplemental", "By JANE DOE\nAP Golf Writer", "Associated Press", None),
    ("byline_then_agency", "supplemental", "6:07 a.m. EST\nBy JANE DOE\nThe Associated Press", "Associated Press",
     "By JANE DOE\nThe Associated Press"),
    ("dateline_beside", "supplemental", "SEATTLE Jan 14, 2008 (AP)", "Associated Press", None),
    ("credited_from", "supplemental", "Article from: Agence France-Presse\nBy Jane Doe", "Agence France-Presse",
     "Article from: Agence France-Presse"),
    ("credited_from", "supplemental", "19 January 2008\nBrought to you by NZPA", "NZPA", "Brought to you by NZPA"),
    ("agency_beside", "supplemental", "Associated Press - January 2, 2008 7:33 AM ET", "Associated Press",
     "Associated Press"),
    ("agency_copyright", "supplemental", "Copyright 2007 The Associated Press. All rights reserved.",
     "Associated Press", None),
    ("copyright_holder", "copyrightHolder", "Agence France-Presse", "Agence France-Presse", None),
    ("stated_source", "dc:source", "Daily Planet", "Daily Planet", None),
    ("canonical_elsewhere", "canonical", "https://www.dailyplanet.example/a", "dailyplanet.example",
     "https://www.dailyplanet.example/a"),
    ("own_holder", "og:site_name", "Gazette", "Gazette", None),
    ("release_wire_beside", "supplemental", "LAS VEGAS--(BUSINESS WIRE)--\nSource: Acme", "Business Wire",
     "LAS VEGAS--(BUSINESS WIRE)--"),
    ("author_beside", "author", "Associated Press", "Associated Press", None),
    ("released_by", "supplemental", "LAS VEGAS--(BUSINESS WIRE)--\nSource: Acme", "Acme", "Source: Acme"),
    ("released_by", "supplemental", "LAS VEGAS--(BUSINESS WIRE)--\n(C) 2008 Acme Works, Inc.\nSource: Acme",
     "Acme Works", None),
]  # fmt: skip


def beside(field, text, **fields):
    """Return a story whose record has one further field."""
    role = next((role for role, names in records.MARGINS.items() if field in names), field)
    return cases.story(
        BODY, outlet="Gazette", url="https://gazette.example/a",
        margins=(records.Margin(role, "html" if field == "author" else field, 0, text),), **fields,
    )  # fmt: skip


@pytest.mark.parametrize(("rule", "field", "text", "candidate", "quote"), BESIDE)
def test_a_form_beside_the_text_is_found_for_its_candidate_in_its_words(rule, field, text, candidate, quote):
    given = cases.verdict(beside(field, text))
    found = {piece.candidate: piece for piece in given.evidence if piece.rule == rule}
    assert set(found) == {candidate}
    piece = found[candidate]
    assert piece.field == ("html" if field == "author" else field)
    assert text[piece.start : piece.end] == piece.quote
    if quote is not None:
        assert piece.quote == quote


@pytest.mark.parametrize(
    "text",
    [
        "by Jane Doe on January 7th, 2008\nReuters",
        "Enlarge This Image\nReuters",
        "Photo: Getty Images/ Jane Doe\nAFP",
        "Reuters Editorial Handbook",
        "This service may include material from Agence France-Presse (AFP)",
        "Jane Doe/Associated Press",
        "Photo courtesy of Reuters",
        "Market data provided by Bloomberg",
        "By Jane Doe\nPA Turnpike tolls to rise again",
    ],
)
def test_an_agency_beside_the_text_is_no_credit_where_it_is_a_photos_or_a_footers(text):
    given = cases.verdict(beside("supplemental", text))
    assert given.origin_name is None


def test_a_further_field_of_a_page_of_several_stories_tells_of_none():
    story = beside("supplemental", "Article from: Agence France-Presse")
    page = dataclasses.replace(story, page_text=f"Another story.\n{BODY}", start=15, end=15 + len(BODY))
    assert cases.verdict(page).origin_name is None


def test_every_rule_on_a_story_has_a_form_here():
    by_record = {
        "record_byline",
        "record_outlet",
        "shared_byline",
        "own_publisher",
        "agency_page",
        "own_post",
        "agency_footer",
    }
    beside = {form[0] for form in BESIDE}
    assert {rule.name for rule in registry.STORY_RULES} == {form[0] for form in FORMS} | by_record | beside


def test_no_two_rules_share_a_name():
    names = [rule.name for rule in registry.RULES]
    assert len(names) == len(set(names))


def test_a_citation_weighs_nothing_and_nothing_else_does():
    assert {rule.name for rule in registry.RULES if rule.weight == 0} == {
        rule.name for rule in registry.RULES if rule.says == "citation"
    }


def test_a_release_is_its_issuers_and_the_wire_its_immediate_source():
    given = cases.lone(
        f"PARIS, Feb. 18, 2025 /PRNewswire/ -- Acme (NYSE: ACM) today announced a bridge.\n{BODY}SOURCE Acme Inc."
    )
    assert (given.origin_name, given.origin_kind, given.level) == ("Acme Inc.", "issuer", "stated")
    assert given.immediate_sources == ("PR Newswire",)
    assert given.runner_up is None


def test_a_release_on_an_agencys_page_is_not_the_agencys():
    given = cases.lone(
        f"LAS VEGAS--(BUSINESS WIRE)--{BODY}", url="https://www.reuters.com/article/pressRelease/1"
    )
    assert given.origin_name is None


def test_a_post_footer_on_its_own_feed_is_a_self_claim():
    given = cases.lone(f"{BODY}The post Bridge agreed appeared first on Daily Herald.", outlet="Daily Herald")
    assert "own_post" in cases.rules_of(given, "self_claim")
    assert "post_elsewhere" not in cases.rules_of(given)
    assert given.immediate_sources == (None,)
