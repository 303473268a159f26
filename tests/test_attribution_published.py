"""Credits to whom published a text before, in many languages."""

import pytest

from dedup.attribution import names
from tests import attribution_cases as cases
from tests.attribution_cases import BODY

CREDITS = [
    ("Zuerst erschienen im „Tagesspiegel“.", "Tagesspiegel"),
    ("This article was originally published on ProPublica.", "ProPublica"),
    ("This story was originally published by Grist with support.", "Grist"),
    (
        "This article is republished from The Conversation under a Creative Commons license.",
        "The Conversation",
    ),
    ("This story was produced by Chalkbeat and reviewed and distributed by Stacker Media.", "Chalkbeat"),
    ("Dieser Artikel erschien zuerst auf Übermedien.", "Übermedien"),
    ("Dieser Text ist zuerst bei der Frankfurter Rundschau erschienen.", "Frankfurter Rundschau"),
    ("Dieser Artikel wurde ursprünglich von Correctiv veröffentlicht.", "Correctiv"),
    ("Cet article a été initialement publié sur Mediapart.", "Mediapart"),
    (
        "Cet article est republié à partir de The Conversation sous licence Creative Commons.",
        "The Conversation",
    ),
    ("Cet article a été publié à l'origine par Global Voices.", "Global Voices"),
    ("Cette tribune est d'abord parue dans Le Temps.", "Le Temps"),
    ("Este artículo fue publicado originalmente en El Confidencial.", "El Confidencial"),
    ("Este artículo se publicó originalmente en The Conversation.", "The Conversation"),
    ("Esta nota fue publicada originalmente por Agencia Presentes.", "Agencia Presentes"),
    ("Publicado originalmente en Ojo Público", "Ojo Público"),
    ("Este artigo foi publicado originalmente no Jornal da USP.", "Jornal da USP"),
    ("Este texto foi originalmente publicado em The Conversation.", "The Conversation"),
    ("Questo articolo è stato pubblicato originariamente su Valigia Blu.", "Valigia Blu"),
    ("Questo articolo è uscito su Domani.", "Domani"),
    ("Dit artikel verscheen eerder in De Groene Amsterdammer.", "De Groene Amsterdammer"),
    ("Dit artikel is oorspronkelijk gepubliceerd op Follow the Money.", "Follow the Money"),
    ("Artikeln publicerades först i Dagens Nyheter.", "Dagens Nyheter"),
    ("Artiklen er oprindeligt udgivet på Zetland.", "Zetland"),
    ("Tekst ukazał się na portalu OKO.press", "OKO.press"),
    ("Оригинал статьи: Медуза", "Медуза"),
    ("Статья впервые опубликована на сайте Новая Газета", "Новая Газета"),
    ('Artikel ini telah tayang di Kompas.com dengan judul "Harga"', "Kompas.com"),
    ("La entrada Un día en Madrid se publicó primero en Diario Vasco.", "Diario Vasco"),
    ("Der Beitrag Neue Zahlen erschien zuerst auf Heimatblog.", "Heimatblog"),
    ("L’article Le jour d’après est apparu en premier sur Basta!.", "Basta!"),
    ("L'articolo Mario Rossi vince proviene da Pagella Politica.", "Pagella Politica"),
    ("Bir gün yazısı ilk önce Evrensel üzerinde ortaya çıktı.", "Evrensel"),
    ("本文转载自《财新网》。", "财新网"),
    ("この記事は「東洋経済オンライン」からの転載です。", "東洋経済オンライン"),
    ("The post A b c d appeared first on Breitbart.", "Breitbart"),
    ("This story was originally published by The 19th.", "The 19th"),
    ("This story was originally published by The 74.", "The 74"),
    ("This story first appeared on KQED’s website.", "KQED"),
    ("This story was originally published by 404 Media.", "404 Media"),
    ("Syndicated from The Daily Yonder.", "The Daily Yonder"),
    ("Story courtesy of Cronkite News.", "Cronkite News"),
    ("This story comes from The Lens, a nonprofit newsroom.", "The Lens"),
    ("Originally published under Creative Commons by 360info™.", "360info"),
    ("Article initialement publié le 5 mars sur Basta!", "Basta"),
    ("This article originally appeared on USA TODAY: Some headline here", "USA TODAY"),
    ("This article was first published on Global Voices on 5 March 2024.", "Global Voices"),
]  # fmt: skip
RULES = {"published_by", "published_in", "post_elsewhere"}


@pytest.mark.parametrize(("line", "name"), CREDITS)
def test_a_credit_names_who_published_the_text_before(line, name):
    given = cases.verdict(cases.story(f"{BODY}{line}", outlet="Gazette"))
    found = [piece for piece in given.evidence if piece.rule in RULES]
    assert [piece.quote in f"{BODY}{line}" for piece in found] == [True]
    assert names.key(found[0].candidate) == names.key(name)
    assert names.key(given.origin_name) == names.key(name)


@pytest.mark.parametrize(("line", "name"), CREDITS)
def test_in_the_outlet_s_own_page_it_is_no_credit(line, name):
    given = cases.verdict(cases.story(f"{BODY}{line}", outlet=name))
    assert not [piece for piece in given.evidence if piece.rule in {"published_by", "published_in"}]
