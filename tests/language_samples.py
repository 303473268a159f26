"""Made-up news in many scripts: common words of each language put together at random, the same from one seed."""

from __future__ import annotations

import dataclasses
import random
import re
import unicodedata


@dataclasses.dataclass(frozen=True)
class Language:
    """Words of a language, how they are joined, and what ends a sentence."""

    name: str
    words: tuple[str, ...]
    joint: str
    stop: str
    size: int = 12  # words in a sentence

    def paragraph(self, chance):
        """Return four sentences; of a script without spaces, of its characters at random."""
        parts = self.words if self.joint else clusters("".join(self.words))
        sentences = [self.joint.join(chance.choices(parts, k=self.size)) for _ in range(4)]
        return f"{self.stop}{self.joint}".join(sentences) + self.stop

    def article(self, number, paragraphs=4):
        """Return an article, the same for the same number."""
        chance = random.Random(f"{self.name} {number}")
        return "\n\n".join(self.paragraph(chance) for _ in range(paragraphs))


def clusters(text):
    """Return the characters of a text with the marks, joiners and stacked consonants that belong to each."""
    found = []
    for character in text:
        if found and (belongs(character) or found[-1][-1] in "\u1039\u17d2"):
            found[-1] += character
        else:
            found.append(character)
    return found


def belongs(character):
    """Return whether a character stands with the one before it: a mark, a joiner, Thai and Lao aa."""
    return (
        unicodedata.category(character)[0] == "M"
        or character in "\u200c\u200d\u0e32\u0e33\u0eb2\u0eb3\uff9e\uff9f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _language(name, words, stop=".", joint=" ", size=12):
    return Language(name, tuple(words.split()), joint, stop, size)


LANGUAGES = {
    language.name: language
    for language in (
        _language(
            "German",
            "der die Straße müssen größer Fußball Österreich Äußerung Gespräche Weiß Übung könnte Behörden "
            "und Maß Präsident schließlich Regierung über Öl für Strauß heißt daß wäre am Dienstag Müller",
        ),
        _language(
            "Turkish",
            "İstanbul Diyarbakır ılık ışık için Başbakan görüşme İzmir kararı çığlık IŞIK dün yağmur "
            "Ankara'da hükümet büyük ağır ışıklar şirket iki milyar açıkladı Kıbrıs Irak İran istanbul ülke",
        ),
        _language(
            "Polish",
            "Wałęsa powiedział że premier łączy źródła Łódź żeby więc środa święto między Gdańsk część "
            "rząd wódz około również dążyć według szczęście żółty naród głos władza złoty",
        ),
        _language(
            "French",
            "œuvre cœur élève Noël président garçon où être aïeul naïf l’État d’été sœur français déjà "
            "ministre forêt août hôpital réunion après Œuvres L’Europe très sûr à mardi",
        ),
        _language(
            "Vietnamese",
            "Thủ tướng Việt Nam đã nói rằng người dân được hưởng những điều kiện tốt nhất ở Hà Nội và "
            "thành phố Hồ Chí Minh trong năm nay Đảng chính phủ quyết định mới",
        ),
        _language(
            "Russian",
            "ёлка министр заявил что переговоры пойдут дальше Йошкар её съезд ещё самолёт объявил новый "
            "российский Алексей вчера чтобы район объём край Кремль рублей всё твёрдый",
        ),
        _language(
            "Ukrainian",
            "п’ять її Київ з’їзд ґанок президент об’єкт європейський їхній також що Україна міністр м’яч "
            "сьогодні рішення війна область життя день зв’язок нині імʼя",
        ),
        _language(
            "Serbian",
            "Ђорђе Београд чланак љубав њива ћирилица џеп влада је рекао данас нови закон који грађани "
            "Њујорк председник од године састанак Љубљана људи већ",
        ),
        _language(
            "Greek",
            "Ο πρωθυπουργός είπε ότι η κυβέρνηση θα στηρίξει τους Έλληνες πολίτες στην Αθήνα σήμερα ΰψος "
            "Ελλάδος Οδυσσεύς προϋπολογισμός λόγος Μαΐου ρεύμα άνθρωπος ναός μέρες",
            stop=".",
        ),
        _language(
            "Arabic",
            "أعلن رئيس الوزراء إن الحكومة ستعقد اجتماعا آخر في مدينة القاهرة مستشفى كبرى على مسؤول سئل "
            "الأمم المتحدة إلى قرية جديدة العربية لأن مساء ٢٠٢٤ وقال شيء",
        ),
        _language(
            "Persian",
            "می‌خواهم رئیس جمهوری گفت که دولت ایران کشور می‌شود خانه‌ها تهران پیش بینی یک کتاب‌های گروه ۱۴۰۳ "
            "این است شد مردم تحریم وزیر نیروی کار بازی یکی",
        ),
        _language(
            "Urdu",
            "وزیر اعظم نے کہا ہے کہ حکومت پاکستان عوام کے لیے بہتر منصوبے بنائے گی اسلام آباد میں آج "
            "اجلاس ہوا تھا ملک بھر ہیں یہ فیصلہ کیا گیا لاہور",
            stop="۔",
        ),
        _language(
            "Hebrew",
            "ראש הממשלה אמר כי שלום ירושלים צה״ל ארה״ב היום בערב מדינת ישראל החליטה על תקציב חדש כנסת "
            "ועדה שר הביטחון תל אביב עיתון פגישה ג׳ורג׳ ביום",
        ),
        _language(
            "Hindi",
            "प्रधानमंत्री ने कहा कि भारत सरकार हिंदी फ़िल्म ज़रूर पढ़ाई लड़का हैं हँसी मंगलवार को दिल्ली में क्षेत्र "
            "राष्ट्रीय बैठक सड़क शक्ति विद्यार्थी क़ानून माँ गाँव",
            stop="।",
        ),
        _language(
            "Bengali",
            "প্রধানমন্ত্রী বলেছেন যে সরকার বাংলাদেশ ঢাকা বাড়ি হয়েছে উৎসব জনগণের জন্য আজ নতুন কর্মসূচি মঙ্গলবার "
            "কোটি টাকা ভবিষ্যৎ রাষ্ট্র দেওয়া পড়া সময়",
            stop="।",
        ),
        _language(
            "Tamil",
            "முதல்வர் கூறினார் தமிழ் நாடு அரசு சென்னை கொடுத்தது மக்கள் புதிய திட்டம் இன்று நடந்தது கோவை "
            "பேச்சு நாள் போது அமைச்சர் தெரிவித்தார் வௌவால் ஸ்ரீ",
        ),
        _language(
            "Malayalam",
            "മുഖ്യമന്ത്രി പറഞ്ഞു കേരളം സർക്കാർ അവൻ നിന്ന് ജനങ്ങൾ തിരുവനന്തപുരം പുതിയ ഇന്ന് വാർത്ത അവൾ "
            "കൊച്ചി യോഗം പോലീസ് ചെയ്തു പൗരന്മാർ കൂടുതൽ",
        ),
        _language(
            "Korean",
            "대통령은 오늘 서울에서 기자회견을 열고 정부가 새로운 경제 정책을 "
            "발표했다고 밝혔다 한국 국회 삼성전자 지난 "
            "값을 닭고기 미국과 회의가 화요일 2024년 억원 투자",
        ),
        _language(
            "Thai",
            "นายกรัฐมนตรี กล่าวว่า รัฐบาล น้ำ ทำ ประเทศไทย เมื่อวันนี้ ประชาชน กรุงเทพฯ ตำรวจ เศรษฐกิจ โครงการ "
            "ใหม่ จังหวัด ประชุม คณะ ที่ ๒๕๖๗ เกาะ สำคัญ และ ได้ ผู้ ไม่",
            stop=" ",
            joint="",
        ),
        _language(
            "Lao",
            "ນາຍົກລັດຖະມົນຕີ ກ່າວ ວ່າ ລັດຖະບານ ລາວ ນ້ຳ ທຳ ວຽງຈັນ ປະຊາຊົນ ໃໝ່ ໜັງສື ເສດຖະກິດ ໂຄງການ ແລະ ທີ່ ໄດ້ ບໍ່ ມື້ນີ້",
            stop=" ",
            joint="",
        ),
        _language(
            "Khmer",
            "នាយករដ្ឋមន្ត្រី បាន ថ្លែង ថា រដ្ឋាភិបាល កម្ពុជា ភ្នំពេញ ប្រជាពលរដ្ឋ ថ្ងៃនេះ "
            "សេដ្ឋកិច្ច ក្រសួង ខេត្ត និង ការប្រជុំ គម្រោង ថ្មី ដែល ស្រុក",
            stop="។",
            joint="",
        ),
        _language(
            "Burmese",
            "ဝန်ကြီးချုပ် က ပြောကြား ခဲ့သည် မြန်မာ နိုင်ငံ ရန်ကုန် ပြည်သူ အစိုးရ မန္တလေး ဒီနေ့ သတင်း စီးပွားရေး အသစ် အင်္ဂလိပ် တက္ကသိုလ် များ နှင့်",
            stop="။",
            joint="",
        ),
        _language(
            "Chinese",
            "总理 表示 政府 将 继续 推动 经济 发展 北京 星期二 会议 人民 2024年 "
            "国际 合作 企业 的 在 了 种种 投资 问题 "
            "iPhone 市场 增长 5% 公司 新 和 上海 记者",
            stop="。",
            joint="",
        ),
        _language(
            "Japanese",
            "首相 は 会見 で 経済 ガイドライン を 発表 した サーバー 人々 の ため "
            "に 東京 午後 ３時 から パーティー が "
            "開かれ プロジェクト 政府 です 方針 について グループ 時々 ヴァイオリン ゴルフ",
            stop="。",
            joint="",
        ),
        _language(
            "mixed",
            "Apple 发布 iPhone 👩‍👩‍👧 中国 Müller 🇩🇪 价格 5,999元 ☕️ Москва "
            "говорит 東京 カフェ 👍🏽 القاهرة Straße 1️⃣ "
            "नमस्ते 서울 ประเทศ Google的 ❤️‍🔥 搜索 "
            "Huawei 5G Λαμία ভারত תל 한국어 USB-C WeChat微信 COVID-19 ﷺ Ελλάδα 大阪 ロンドン Ⅳ İzmir",
            stop="。",
        ),
    )
}


def spread(mark, every=3):
    """Return what puts a mark after every third letter inside a word."""

    def put(text):
        return re.sub(rf"(\w{{{every}}})(?=[^\W\d_])", rf"\1{mark}", text)

    return put


def swap(pairs):
    """Return what puts the second of each pair of characters in the place of the first."""
    return lambda text: text.translate(dict(_swapped(pairs)))


def _swapped(pairs):
    for pair in pairs.split():
        one, other = pair.split("=")
        yield ord(one), other


def form(name):
    """Return what changes a text to a normal form."""
    return lambda text: unicodedata.normalize(name, text)


def presented(text):
    """Return Arabic letters in their presentation forms, as old fonts and PDF files have them."""
    forms = {
        unicodedata.normalize("NFKC", chr(code)): chr(code)
        for first, last in ((0xFB50, 0xFBB1), (0xFBD3, 0xFBE9), (0xFBFC, 0xFBFF), (0xFE80, 0xFEF4))
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) == "Lo"
    }
    return "".join(forms.get(letter, letter) for letter in text)


def pointed(text):
    """Return an Arabic text with a vowel point over each letter."""
    return re.sub("([\u0621-\u063a\u0641-\u064a])", "\\1\u064e", text)


def in_full_width(text):
    """Return a text with the full-width forms of ASCII letters and digits."""
    return re.sub("[0-9A-Za-z]", lambda found: chr(ord(found.group()) + 0xFEE0), text)


def in_half_width(text):
    """Return a text with half-width katakana."""
    halves = {
        unicodedata.normalize("NFKC", chr(code)): chr(code)
        for code in range(0xFF66, 0xFFA0)
        if unicodedata.category(chr(code))[0] == "L"
    }
    return "".join(halves.get(letter, letter) for letter in unicodedata.normalize("NFD", text))


def spaced(text):
    """Return a text with a space of no width after every third character."""
    parts = clusters(text)
    return "\u200b".join("".join(parts[place : place + 3]) for place in range(0, len(parts), 3))


def unjoined(text):
    """Return a text without joiners."""
    return text.replace("\u200c", "").replace("\u200d", "")


EVERYWHERE = {
    "NFC": form("NFC"),
    "NFD": form("NFD"),
    "NFKC": form("NFKC"),
    "NFKD": form("NFKD"),
    "lower case": str.lower,
    "small letters of small letters": str.casefold,
    "byte order mark": lambda text: f"\ufeff{text}",
    "full width": in_full_width,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "joined words": spread("\u2060"),
}
WITH_CASE = {"upper case": str.upper, "titles": str.title, "soft hyphens": spread("\u00ad")}
WITH_ARABIC = {
    "presentation forms": presented,
    "lengthened": spread("\u0640", 2),
    "points": pointed,
    "digits": swap("٠=0 ١=1 ٢=2 ٣=3 ٤=4 ۰=0 ۱=1 ۲=2 ۳=3 ۴=4"),
    "direction marks": lambda text: text.replace(" ", " \u200f"),
}
IN_ONE = {
    "German": {"double s": swap("ß=ss"), "capital sharp s": lambda text: text.replace("ß", "ẞ"), **WITH_CASE},
    "Turkish": {
        "dots lost": swap("İ=I ı=i"),
        "dots everywhere": swap("I=ı i=İ"),
        "curled": swap("'=’"),
        **WITH_CASE,
    },
    "Polish": {"ASCII": swap("ł=l Ł=L ż=z ó=o ą=a ę=e ć=c ń=n ś=s ź=z"), **WITH_CASE},
    "French": {"ligatures": swap("œ=oe Œ=OE"), "straight": swap("’='"), **WITH_CASE},
    "Vietnamese": {**WITH_CASE},
    "Russian": {"no dots": swap("ё=е Ё=Е"), **WITH_CASE},
    "Ukrainian": {"straight": swap("’=' ʼ='"), "letters": swap("’=ʼ"), **WITH_CASE},
    "Serbian": {**WITH_CASE},
    "Greek": {"no accents": swap("ά=α έ=ε ή=η ί=ι ό=ο ύ=υ ώ=ω Έ=Ε ΰ=ϋ"), **WITH_CASE},
    "Arabic": {
        **WITH_ARABIC,
        "bare alef": swap("أ=ا إ=ا آ=ا"),
        "bare carriers": swap("ؤ=و ئ=ي"),
        "dotless": swap("ي=ى ة=ه"),
    },
    "Persian": {
        **WITH_ARABIC,
        "Arabic letters": swap("ی=ي ک=ك"),
        "half spaces lost": unjoined,
    },
    "Urdu": {**WITH_ARABIC, "Arabic letters": swap("ی=ي ک=ك ہ=ه")},
    "Hebrew": {
        "points": lambda text: re.sub("([\u05d0-\u05ea])", "\\1\u05b8\u05bc", text),
        "straight": swap("״=\" ׳='"),
    },
    "Hindi": {
        "no nuktas": lambda text: form("NFD")(text).replace("\u093c", ""),
        "dots": swap("ँ=ं"),
        "joiners": lambda text: text.replace("\u094d", "\u094d\u200d"),
    },
    "Bengali": {
        "old khanda ta": lambda text: text.replace("ৎ", "ত্\u200d"),
        "joiners": lambda text: text.replace("্", "্\u200c"),
    },
    "Tamil": {"joiners": lambda text: text.replace("்", "்\u200c")},
    "Malayalam": {
        "old chillus": lambda text: (
            text.replace("ർ", "ര്\u200d").replace("ൻ", "ന്\u200d").replace("ൾ", "ള്\u200d")
        )
    },
    "Thai": {
        "spaced": spaced,
        "digits": swap("๒=2 ๕=5 ๖=6 ๗=7"),
    },
    "Khmer": {"spaced": spaced},
    "Burmese": {"spaced": spaced},
    "Japanese": {"half width": in_half_width, "variants": lambda text: text.replace("政", "政\U000e0100")},
    "Chinese": {"variants": lambda text: text.replace("的", "的\ufe00"), "straight": swap("。=. ，=,")},
    "mixed": {**WITH_CASE},
}


def copies(name):
    """Return copies of a language's first article that hold the same words, by what was done to them."""
    text = LANGUAGES[name].article(0)
    return {label: change(text) for label, change in (EVERYWHERE | IN_ONE.get(name, {})).items()}
