"""The loops over the bytes of JSON Lines: where the values of each record stand, and their text without escapes."""

import numpy as np

from dedup import dates
from dedup.kernels import jit

BLANK, ROW, LEFT = 0, 1, 2
"""What a line is: white space alone; a record whose values were found; anything else, left to the strict decoder."""

NULL, TEXT, PLACE, ODD = 0, 1, 2, 3
"""What a row has in a column: nothing; a string or a whole number; the line's place; a value left to the decoder."""

ID, URL, PAGE_TEXT, PUBLISHED, FURTHER = 0, 1, 2, 6, 7
"""The columns that have rules of their own; 3 to 5 are strings that may be of any type."""

FLAGS = 4096
"""Bytes that are looked at in one go: their flags stay in the nearest cache."""

LONGEST_DATE = 25
"""Bytes of a date as it is stored, at most."""

_TAB, _NEWLINE, _RETURN, _SPACE = np.uint8(9), np.uint8(10), np.uint8(13), np.uint8(32)
_QUOTE, _PLUS, _COMMA, _MINUS, _DOT, _SLASH = (np.uint8(ord(each)) for each in '"+,-./')
_ZERO, _NINE, _COLON, _BACKSLASH = (np.uint8(ord(each)) for each in "09:\\")
_UPPER_E, _UPPER_Z, _OPEN_LIST, _CLOSE_LIST = (np.uint8(ord(each)) for each in "EZ[]")
_B, _E, _F, _N, _R, _T, _U, _OPEN, _CLOSE = (np.uint8(ord(each)) for each in "befnrtu{}")

# What may come next in a record.
_VALUE, _FIRST_VALUE, _FIRST_KEY, _KEY, _AFTER_KEY, _AFTER_VALUE, _LINE_END = range(7)

# What is known of a wanted field: the line it was seen in, what it holds, whether that is anything, and where.
_SEEN, _WHAT, _HOLDS, _START, _END, _FIRST = range(6)
FACTS = 6
"""How many things are known of a field."""

_STRING, _NUMBER, _OTHER = 1, 2, 3
_DEEPEST = 60
_MOST_DIGITS = 18
_ONE = np.uint64(1)
_FIRST_YEAR, _LAST_YEAR = dates.FIRST_YEAR, dates.LAST_YEAR
_MAX_OFFSET_MINUTES = 14 * 60
_FORM = np.frombuffer(b"0000-00-00T00:00:00", np.uint8)
_UTC = np.frombuffer(b"+00:00", np.uint8)


@jit
def index(data, flags, places):
    """Return how many bytes can end or interrupt a string: quotation marks, backslashes and control characters.

    Parameters
    ----------
    data : (n_bytes,) uint8
    flags : (FLAGS,) bool, scratch
    places : (n_bytes + 1,) int32, written; where they stand
    """
    words = flags.view(np.uint64)
    n_places = 0
    for begin in range(0, data.shape[0], FLAGS):
        piece = data[begin : begin + FLAGS]
        if piece.shape[0] < FLAGS:
            flags[:] = False
        for i in range(piece.shape[0]):
            byte = piece[i]
            flags[i] = (byte == _QUOTE) | (byte == _BACKSLASH) | (byte < _SPACE)
        for word in range(FLAGS // 8):
            if words[word]:
                for i in range(8 * word, 8 * word + 8):
                    places[n_places] = begin + i
                    n_places += flags[i]
    return n_places


@jit
def find(data, places, longest, names, candidates, values, lines, rows, dated):
    """Return the number of rows: of records whose values were found; the other lines are marked.

    A record is found only if it is certain what the strict decoder makes of it. What is not JSON, a key or a number
    of an unusual form, an id or an address that is no string or whole number, a text that is missing or may be blank
    leave the line to the decoder; any other value that is no string, whole number or null is left to it alone.

    Parameters
    ----------
    data : (n_bytes,) uint8, UTF-8, ends with a line feed
    places : int32, those of `index`
    longest : bytes of a record, at most
    names : the wanted fields' names in UTF-8, uint8, and their offsets, (n_names + 1,) int64
    candidates : the names that may hold each column, int64, and their offsets, (n_columns + 1,) int64
    values : (n_names, FACTS) int64, zeros
    lines : starts, (n_lines,) int64, and what each is, (n_lines,) uint8; written
    rows : the line of each, (n_lines,) int64; its values' start, end and first place, (n_columns, n_lines, 3) int32;
        and what they are, (n_columns, n_lines) uint8; written; that of the id is that of the page
    dated : dates as they are stored, (n_lines * LONGEST_DATE,) uint8, and the end of each, (n_lines,) int32; written
    """
    names_text, name_offsets = names
    column_names, column_offsets = candidates
    starts, kinds_of_lines = lines
    line_of, spans, kinds = rows
    dates_text, date_ends = dated
    n_rows = n_dates = line = np.int64(0)
    at = k = np.int64(0)
    while at < data.shape[0]:
        starts[line] = at
        kinds_of_lines[line] = LEFT
        depth = 0
        objects = np.uint64(0)  # a bit for each value that is open, the innermost last: 1 for an object
        expected = _VALUE
        name = -1  # of the field at hand, as far as it is a wanted one
        start = end = first = opened = np.int64(0)
        while True:
            byte = data[at]
            what = NULL
            holds = is_value = False
            if byte == _SPACE:
                at += 1
            elif byte == _TAB or byte == _RETURN:
                at += 1
                k += 1
            elif byte == _NEWLINE:
                if expected == _LINE_END and at - starts[line] <= longest:
                    kinds_of_lines[line] = ROW
                elif depth == 0 and expected == _VALUE:
                    kinds_of_lines[line] = BLANK
                break
            elif expected == _AFTER_KEY:
                if byte != _COLON:
                    break
                at += 1
                expected = _VALUE
            elif expected == _AFTER_VALUE and byte == _COMMA:
                at += 1
                expected = _KEY if objects & _ONE else _VALUE
            elif byte == _CLOSE or byte == _CLOSE_LIST:
                is_empty = expected == (_FIRST_KEY if byte == _CLOSE else _FIRST_VALUE)
                if not (is_empty or expected == _AFTER_VALUE) or np.uint64(byte == _CLOSE) != objects & _ONE:
                    break
                at += 1
                depth -= 1
                objects >>= _ONE
                expected = _AFTER_VALUE if depth else _LINE_END
                what, holds, is_value = _OTHER, not is_empty, True
                start, end = opened, at
            elif expected == _AFTER_VALUE or expected == _LINE_END:
                break
            elif byte == _QUOTE and depth:
                first = k + 1
                closing = _close(data, places, first)
                if closing < 0:
                    break
                start, end = at + 1, np.int64(places[closing])
                at = end + 1
                k = closing + 1
                if expected == _VALUE or expected == _FIRST_VALUE:
                    what, holds, is_value = _STRING, bool(end > start), True
                    expected = _AFTER_VALUE
                elif depth == 1 and closing > first:
                    break  # a name with escapes
                else:
                    if depth == 1:
                        name = _match(data, start, end, names_text, name_offsets)
                    expected = _AFTER_KEY
            elif expected == _KEY or expected == _FIRST_KEY:
                break
            elif byte == _OPEN or (byte == _OPEN_LIST and depth):
                if depth == _DEEPEST:
                    break
                if depth == 1:
                    opened = at
                at += 1
                depth += 1
                objects = (objects << _ONE) | np.uint64(byte == _OPEN)
                expected = _FIRST_KEY if byte == _OPEN else _FIRST_VALUE
            elif depth == 0:
                break
            else:
                start, first = at, k
                if byte == _MINUS or _ZERO <= byte <= _NINE:
                    end = _after_number(data, start)
                    is_whole = True
                    for i in range(start, end):
                        is_whole = is_whole and data[i] != _DOT
                        holds = holds or data[i] > _ZERO
                    what = _NUMBER if is_whole and (holds or byte != _MINUS) else _OTHER
                else:
                    end = _after_literal(data, start)
                    what = NULL if byte == _N else _OTHER
                    holds = byte == _T
                if end < 0:
                    break
                at = end
                is_value = True
                expected = _AFTER_VALUE
            if is_value and depth == 1 and name >= 0:
                values[name, _SEEN], values[name, _WHAT], values[name, _HOLDS] = line + 1, what, holds
                values[name, _START], values[name, _END], values[name, _FIRST] = start, end, first
        if kinds_of_lines[line] == ROW:
            for column in range(column_offsets.shape[0] - 1):
                chosen = -1
                for place in range(column_offsets[column], column_offsets[column + 1]):
                    asked = column_names[place]
                    if values[asked, _SEEN] == line + 1 and values[asked, _WHAT] != NULL:
                        chosen = asked
                        if values[asked, _HOLDS]:
                            break
                kind = NULL
                if chosen >= 0:
                    start, end = values[chosen, _START], values[chosen, _END]
                    first = values[chosen, _FIRST]
                    what = values[chosen, _WHAT]
                    kind = ODD
                    if what == _STRING:
                        kind = _text_or_blank(data, start, end)
                        if column == PUBLISHED and kind == TEXT:
                            length = _write_date(data, start, end, dates_text, n_dates)
                            n_dates += length
                            kind = TEXT if length else ODD
                        if kind == ODD:
                            start, end = start - 1, end + 1
                    elif what == _NUMBER and column != PUBLISHED and column != PAGE_TEXT:
                        kind = TEXT
                    if column == FURTHER:  # several fields may hold it: the decoder looks at all
                        kind = ODD
                    spans[column, n_rows, 0], spans[column, n_rows, 1] = start, end
                    spans[column, n_rows, 2] = first
                kinds[column, n_rows] = kind
                must_be_text = column == PAGE_TEXT and kind != TEXT
                if must_be_text or (kind == ODD and (column == ID or column == URL)):
                    kinds_of_lines[line] = LEFT
                    break
            if kinds_of_lines[line] == ROW:
                if kinds[ID, n_rows] == NULL:
                    kinds[ID, n_rows] = TEXT if kinds[URL, n_rows] == TEXT else PLACE
                    for i in range(3):
                        spans[ID, n_rows, i] = spans[URL, n_rows, i]
                line_of[n_rows] = line
                date_ends[n_rows] = n_dates
                n_rows += 1
        while data[places[k]] != _NEWLINE:
            k += 1
        at = np.int64(places[k]) + 1
        k += 1
        line += 1
    return n_rows


@jit
def write(data, places, spans, kinds, numbers, source, offsets, text):
    """Write the strings of one column, without their escapes.

    Parameters
    ----------
    data, places : those of `find`
    spans : (n_rows, 3) int32, start, end and first place of each value
    kinds : (n_rows,) uint8
    numbers : (n_rows,) int64, the line of each row in its file
    source : (n,) uint8, what the name of a place begins with; its number follows
    offsets : (n_rows + 1,) int32, written; zero in the first
    text : uint8, written
    """
    at = np.int64(0)
    for row in range(kinds.shape[0]):
        if kinds[row] == TEXT:
            start, end = np.int64(spans[row, 0]), np.int64(spans[row, 1])
            k = np.int64(spans[row, 2])
            while True:
                stop = min(np.int64(places[k]), end)
                found, copy = data[start:stop], text[at : at + stop - start]
                for i in range(stop - start):
                    copy[i] = found[i]
                at += stop - start
                if stop == end:
                    break
                letter = data[stop + 1]
                start = stop + 2
                k += 1
                if letter == _U:
                    code = _hexadecimal(data, start)
                    start += 4
                    if 0xD800 <= code < 0xDC00:
                        code = 0x10000 + ((code - 0xD800) << 10) + _hexadecimal(data, start + 2) - 0xDC00
                        start += 6
                        k += 1
                    at = _write_character(text, at, code)
                else:
                    k += letter == _QUOTE or letter == _BACKSLASH
                    text[at] = _plain(letter)
                    at += 1
        elif kinds[row] == PLACE:
            for i in range(source.shape[0]):
                text[at + i] = source[i]
            at += source.shape[0]
            n_digits = 1
            rest = numbers[row] // 10
            while rest:
                n_digits += 1
                rest //= 10
            rest = numbers[row]
            for i in range(n_digits):
                text[at + n_digits - 1 - i] = 48 + rest % 10
                rest //= 10
            at += n_digits
        offsets[row + 1] = at


@jit
def _close(data, places, k):
    """Return which place ends the string whose first place is k; -1 if it is none that JSON allows."""
    while True:
        at = np.int64(places[k])
        if data[at] == _QUOTE:
            return k
        if data[at] != _BACKSLASH:
            return -1
        letter = data[at + 1]
        k += 1
        if letter == _QUOTE or letter == _BACKSLASH:
            k += 1
        elif letter == _U:
            code = _hexadecimal(data, at + 2)
            if code < 0 or 0xDC00 <= code < 0xE000:
                return -1
            if code >= 0xD800 and code < 0xDC00:
                if data[at + 6] != _BACKSLASH or data[at + 7] != _U:
                    return -1
                low = _hexadecimal(data, at + 8)
                if low < 0xDC00 or low >= 0xE000:
                    return -1
                k += 1
        elif not (
            letter == _N or letter == _T or letter == _R or letter == _SLASH or letter == _B or letter == _F
        ):
            return -1


@jit
def _hexadecimal(data, at):
    """Return the number that four hexadecimal digits write; -1 if they are not four."""
    code = np.int64(0)
    for i in range(at, at + 4):
        digit = np.int64(data[i])
        if 48 <= digit <= 57:
            digit -= 48
        elif 97 <= digit | 32 <= 102:
            digit = (digit | 32) - 87
        else:
            return -1
        code = code * 16 + digit
    return code


@jit
def _plain(letter):
    """Return the character that a backslash and this letter stand for."""
    if letter == _N:
        return _NEWLINE
    if letter == _T:
        return _TAB
    if letter == _R:
        return _RETURN
    if letter == _B:
        return np.uint8(8)
    if letter == _F:
        return np.uint8(12)
    return letter


@jit
def _write_character(text, at, code):
    """Write a code point as UTF-8; return where the next one goes."""
    if code < 0x80:
        text[at] = code
        return at + 1
    if code < 0x800:
        text[at] = 0xC0 | code >> 6
        text[at + 1] = 0x80 | code & 0x3F
        return at + 2
    if code < 0x10000:
        text[at] = 0xE0 | code >> 12
        text[at + 1] = 0x80 | code >> 6 & 0x3F
        text[at + 2] = 0x80 | code & 0x3F
        return at + 3
    text[at] = 0xF0 | code >> 18
    text[at + 1] = 0x80 | code >> 12 & 0x3F
    text[at + 2] = 0x80 | code >> 6 & 0x3F
    text[at + 3] = 0x80 | code & 0x3F
    return at + 4


@jit
def _match(data, start, end, names_text, name_offsets):
    """Return the number of the name that stands in `data[start:end]`, -1 if it is no wanted one."""
    for name in range(name_offsets.shape[0] - 1):
        begin = name_offsets[name]
        if name_offsets[name + 1] - begin == end - start:
            i = start
            while i < end and data[i] == names_text[begin + i - start]:
                i += 1
            if i == end:
                return name
    return -1


@jit
def _after_number(data, at):
    """Return where a number of a usual form ends: at most 18 digits before the point, no exponent; else -1."""
    at += data[at] == _MINUS
    begin = at
    while _ZERO <= data[at] <= _NINE:
        at += 1
    n_digits = at - begin
    if n_digits == 0 or n_digits > _MOST_DIGITS or (n_digits > 1 and data[begin] == _ZERO):
        return -1
    if data[at] == _DOT:
        begin = at + 1
        at += 1
        while _ZERO <= data[at] <= _NINE:
            at += 1
        if at == begin or at > begin + _MOST_DIGITS:
            return -1
    return -1 if data[at] == _E or data[at] == _UPPER_E else at


@jit
def _after_literal(data, at):
    """Return where `null`, `true` or `false` ends; -1 if it is none of them."""
    if data[at] == _N:
        return at + 4 if data[at + 1] == _U and data[at + 2] == 108 and data[at + 3] == 108 else -1
    if data[at] == _T:
        return at + 4 if data[at + 1] == _R and data[at + 2] == _U and data[at + 3] == _E else -1
    if data[at] == _F and data[at + 1] == 97 and data[at + 2] == 108 and data[at + 3] == 115:
        return at + 5 if data[at + 4] == _E else -1
    return -1


@jit
def _text_or_blank(data, start, end):
    """Return TEXT if a string has a character that is certainly no white space, NULL if it is spaces; else ODD."""
    kind = NULL
    at = start
    while at < end:
        byte = data[at]
        if byte == _BACKSLASH:
            kind = ODD
            at += 6 if data[at + 1] == _U else 2
        elif byte == _SPACE:
            at += 1
        elif byte >= 0x7F and (
            byte < 0xC3
            or byte == 0xE1
            or (byte == 0xE2 and data[at + 1] <= 0x81)
            or (byte == 0xE3 and data[at + 1] <= 0x80)
        ):  # all white space beyond ASCII begins so
            kind = ODD
            at += 1
        else:
            return TEXT
    return kind


@jit
def _write_date(data, start, end, text, to):
    """Write a date of the usual forms of ISO 8601 as `dates.parse` does; return its length, 0 if it is none.

    The forms are a day; a day and a time in seconds, after a `T` or a space, with a fraction, which is dropped, or
    without, and with `Z`, an offset as `+01:00`, or neither.
    """
    length = 0
    while length < min(end - start, _FORM.shape[0]):
        byte, form = data[start + length], _FORM[length]
        if (
            byte != form
            and (byte != _SPACE or length != 10)
            and not (form == _ZERO and _ZERO < byte <= _NINE)
        ):
            break
        text[to + length] = form if length == 10 else byte
        length += 1
    is_day = end - start == 10
    if length < (10 if is_day else 19):
        return 0
    year, month = 100 * _two_digits(text, to) + _two_digits(text, to + 2), _two_digits(text, to + 5)
    n_days = 30 + ((month + month // 8) & 1)
    if month == 2:
        n_days = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    if (
        not _FIRST_YEAR <= year <= _LAST_YEAR
        or not 1 <= month <= 12
        or not 1 <= _two_digits(text, to + 8) <= n_days
    ):
        return 0
    if is_day:
        return length
    if _two_digits(text, to + 11) > 23 or _two_digits(text, to + 14) > 59 or _two_digits(text, to + 17) > 59:
        return 0
    at = start + length
    if at < end and data[at] == _DOT:
        at += 1
        while at < start + 29 and _ZERO <= data[at] <= _NINE:
            at += 1
        if at == start + 20:
            return 0
    if at == end:
        return length
    if data[at] == _UPPER_Z and at + 1 == end:
        for i in range(6):
            text[to + 19 + i] = _UTC[i]
        return length + 6
    if at + 6 != end or (data[at] != _PLUS and data[at] != _MINUS):
        return 0
    for i in range(6):
        byte = data[at + i]
        if i > 0 and (byte != _COLON if i == 3 else byte < _ZERO or byte > _NINE):
            return 0
        text[to + 19 + i] = byte
    minutes = _two_digits(text, to + 23)
    offset = 60 * _two_digits(text, to + 20) + minutes
    is_known = offset > 0 or data[at] == _PLUS
    return length + 6 if minutes < 60 and offset <= _MAX_OFFSET_MINUTES and is_known else 0


@jit
def _two_digits(text, at):
    return 10 * np.int64(text[at]) + np.int64(text[at + 1]) - 11 * 48
