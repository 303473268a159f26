"""The loop over the bytes of stories that finds the signs of attribution."""

import numpy as np

from dedup.attribution import letters, signs
from dedup.kernels import jit
from dedup.words.blocks.kernels import eight_bytes

_HEAD, _TAIL, _ENDS, _CLOSING = map(
    int, (signs.Place.HEAD, signs.Place.TAIL, signs.Place.ENDS, signs.Place.CLOSING)
)
_WORD, _LINE = signs.WORD, signs.LINE
_HASH_FACTOR, _HASH_SHIFT = np.uint64(signs.HASH_FACTOR), np.uint64(signs.HASH_SHIFT)
_GROUP_SHIFT = np.uint64(signs.GROUP_SHIFT)
_BYTE, _EIGHT, _LOW_BYTE = np.uint64(8), 8, np.uint64(0xFF)
_UPPER, _LOWER, _LETTER = letters.UPPER, letters.LOWER, letters.LETTER
_N_LETTERS = letters.N_LETTERS
_NEWLINE, _TAB, _SPACE, _COMMA, _HYPHEN, _EN_DASH, _EM_DASH = 10, 9, 32, 44, 45, 0x2013, 0x2014
_BRACKET, _CLOSING_BRACKET, _SLASH, _B, _Y, _ZERO, _NINE = 40, 41, 47, 66, 121, 48, 57
_FIRST_MARK, _LAST_MARK = 0x2000, 0x206F  # dashes and quotation marks: never digits
_LONGEST_TAG = 32  # characters between brackets
_LONGEST_MARGIN = 12  # characters before the place of a dateline
_LONGEST_OPENING = 130  # characters from the start of a line to its dateline's tag or dash


@jit
def find_signs(text, stories, sizes, classes, lookup, literals, reaches):
    """Write how far each story holds signs.

    Each three neighbouring bytes lead to the literals that have them as their rarest ones: first by a table of pairs,
    then, where that tells, by a filter of hashes. The sign of the last column is no literal: a line in the head that
    begins as a dateline does.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    stories : starts, ends : (n,) int64, bytes; own : (n,) int64, the agency whose marks are no sign, -1 for none
    sizes : characters of head, tail and closing; 1 where what stands between head and tail is not read, else 0; the
        number of agencies: owners from there on are no agencies, and their marks no tags
    classes : (letters.N_LETTERS,) uint8, what `letters` says of the first code points
    lookup : for each pair of bytes whether to look closer, as at the ends of lines, (65536,) uint8; for each hash of
        three whether literals have it, one bit each, (32768,) uint8; the group of its higher bits, (65536,) uint16,
        of which 0 is empty; the members of each group, (n_groups + 2,) int64 offsets of (n_members, 3) uint64, as
        `signs._members` makes them
    literals : their bytes, (n_literals + 1,) offsets of these; then for each: its `signs.Place`, WORD or LINE or 0,
        its column, the agency whose mark it is or -1; all int64 but the bytes
    reaches : (n, n_columns) int32, zero throughout, written; where the last sign ends, in bytes of the story
    """
    starts, ends, own = stories
    n_head, n_tail, n_closing, ends_only, n_agencies = sizes
    is_telling, bits, groups, group_offsets, members = lookup
    spelled, offsets, places, bounds, columns, owners = literals
    openings = reaches.shape[1] - 1
    longest = 1
    for story in range(starts.shape[0]):
        longest = max(longest, ends[story] - starts[story])
    hits = np.empty(longest, np.int64)
    for story in range(starts.shape[0]):
        start, end = starts[story], ends[story]
        head_end = _forward(text, start, end, n_head)
        tail_start, closing_start = _back(text, start, end, n_tail), _back(text, start, end, n_closing)
        n_hits, own_tag = np.int64(0), np.int64(-1)
        first_end = head_end if ends_only and head_end < tail_start else end
        n_hits = _find_pairs(text, start, first_end, is_telling, hits, n_hits)
        if first_end < end:
            n_hits = _find_pairs(text, tail_start, end, is_telling, hits, n_hits)
        n_hits = _keep_triples(text, end, bits, hits, n_hits)
        for hit in range(n_hits):
            at = hits[hit]
            group = int(groups[_hash(text, at, end) >> _GROUP_SHIFT])
            for member in range(group_offsets[group], group_offsets[group + 1]):
                begins = at - np.int64(members[member, 2] & _LOW_BYTE)
                if begins < start:
                    continue
                if (
                    begins + _EIGHT <= text.shape[0]
                    and (eight_bytes(text, begins) ^ members[member, 0]) & members[member, 1]
                ):
                    continue
                literal = np.int64(members[member, 2] >> _BYTE)
                first = offsets[literal]
                size = offsets[literal + 1] - first
                if begins + size > end:
                    continue
                place = places[literal]
                in_head, in_tail = begins + size <= head_end, begins >= tail_start
                if (
                    (place == _HEAD and not in_head)
                    or (place == _TAIL and not in_tail)
                    or (place == _ENDS and not (in_head or in_tail))
                    or (place == _CLOSING and begins < closing_start)
                ):
                    continue
                same = True
                for i in range(size):
                    if text[begins + i] != spelled[first + i]:
                        same = False
                        break
                if not same:
                    continue
                column = columns[literal]
                is_own = owners[literal] >= 0 and owners[literal] == own[story]
                ends_at = begins + size
                opens_part = begins == start or begins == tail_start
                closes_part = ends_at == end or ends_at == head_end
                if bounds[literal] == _WORD and (
                    (not opens_part and _is_inside(text, begins))
                    or (not closes_part and _is_inside(text, ends_at))
                ):
                    continue
                if bounds[literal] == _LINE and not opens_part and text[begins - 1] != _NEWLINE:
                    continue
                if not is_own:
                    reaches[story, column] = ends_at - start
                elif (
                    own_tag < 0
                    and owners[literal] < n_agencies
                    and ends_at < end
                    and _is_tag(text[begins], text[ends_at])
                ):
                    own_tag = begins
        for hit in range(-1, n_hits):
            line = hits[hit] + 1 if hit >= 0 else start
            if line >= head_end:
                break
            if (line == start or text[line - 1] == _NEWLINE) and _opens(text, line, end, classes, own_tag):
                reaches[story, openings] = line - start + 1
                break


@jit
def are_wide(text, starts, ends):
    """Return whether some stretches of text hold anything but ASCII, (n,) bool.

    Parameters
    ----------
    text : (n_bytes,) uint8, UTF-8
    starts, ends : (n,) int64, bytes
    """
    are = np.empty(starts.shape[0], np.bool_)
    for i in range(starts.shape[0]):
        are[i] = not _is_ascii(text, starts[i], ends[i])
    return are


@jit
def _find_pairs(text, begin, end, is_telling, hits, n_hits):
    """Return the number of hits; write where telling pairs of bytes begin, without a branch.

    Parameters
    ----------
    is_telling : (65536,) uint8, 1 or 0
    hits : (capacity,) int64, written from `n_hits` on
    """
    part, found = text[begin:end], hits[n_hits:]  # from 0 on, so that no place can be a negative one
    if part.shape[0] == 0:
        return n_hits
    before, n_found = np.uint64(part[0]), np.uint64(0)
    for at in range(1, part.shape[0]):
        byte = np.uint64(part[at])
        found[n_found] = begin + at - 1
        n_found += np.uint64(is_telling[(before << _BYTE) | byte])
        before = byte
    return n_hits + np.int64(n_found)


@jit
def _keep_triples(text, end, bits, hits, n_hits):
    """Return the number of hits that are left: those whose three bytes may be a literal's, and the ends of lines."""
    n_kept = np.uint64(0)
    for hit in range(n_hits):
        at = hits[hit]
        found = _hash(text, at, end)
        keep = ((bits[found >> np.uint64(3)] >> np.uint8(found & np.uint64(7))) & np.uint8(1)) | np.uint8(
            text[at] == _NEWLINE
        )
        hits[n_kept] = at
        n_kept += np.uint64(keep)
    return np.int64(n_kept)


@jit
def _hash(text, at, end):
    """Return the hash of three bytes, as `signs.hashes` does; at the end of a story its last byte counts twice."""
    third = min(at + 2, end - 1)
    triple = (
        (np.uint64(text[at]) << np.uint64(16)) | (np.uint64(text[at + 1]) << _BYTE) | np.uint64(text[third])
    )
    return ((triple * _HASH_FACTOR) & np.uint64(0xFFFFFFFF)) >> _HASH_SHIFT


@jit
def _opens(text, line, end, classes, own_tag):
    """Return whether a line begins as a dateline does whose tag is no known agency's, or that has none.

    That is a bracket; or a capital without a small letter after it, and farther on a bracket, with no small letter
    before it but after a comma or beside a number, or a dash after both; or "By" and farther on a bracket. A line
    whose first bracket is the tag of the page's own agency, at `own_tag`, does not.
    """
    at, n_read = line, 0
    cls = 0
    while at < end and n_read < _LONGEST_MARGIN:
        code, size = _decode(text, at, end)
        if code == _BRACKET or code == _SLASH:
            return at != own_tag and _closes(text, at, end)
        if code == _NEWLINE:
            return False
        cls = classes[code] if code < _N_LETTERS else 0
        if cls & _LETTER:
            break
        at += size
        n_read += 1
    if at >= end or not cls & _UPPER:
        return False
    is_byline = (
        at + 2 < end
        and text[at] == _B
        and text[at + 1] == _Y
        and (text[at + 2] == _SPACE or text[at + 2] == _TAB)
    )
    after, size = _decode(text, at, end)
    if at + size < end and not is_byline:
        after, _ = _decode(text, at + size, end)
        if after < _N_LETTERS and classes[after] & _LOWER:
            return False
    tagged = line < own_tag <= line + 4 * _LONGEST_OPENING
    has_comma, has_digit, has_small = is_byline, is_byline, False
    longest = 2 * _LONGEST_OPENING if is_byline else _LONGEST_OPENING
    before = 0
    n_read = 0
    while at < end and n_read < longest:
        code, size = _decode(text, at, end)
        if code == _NEWLINE:
            return False
        if code == _BRACKET or (code == _SLASH and not tagged):
            if at == own_tag:
                return False
            if (has_comma or has_digit or not has_small) and _closes(text, at, end):
                return True
        elif code == _COMMA:
            has_comma = True
        elif code == _HYPHEN or code == _EN_DASH or code == _EM_DASH:
            if has_comma and has_digit and not is_byline and (before == _SPACE or before == _TAB):
                return True
        elif (_ZERO <= code <= _NINE) or code >= _N_LETTERS:
            has_digit = has_digit or not _FIRST_MARK <= code <= _LAST_MARK
        elif classes[code] & _LOWER:
            has_small = True
        before = code
        at += size
        n_read += 1
    return False


@jit
def _closes(text, at, end):
    """Return whether a bracket or slash at a byte encloses what can be a tag."""
    for i in range(at + 1, min(at + 4 * _LONGEST_TAG, end)):
        if text[i] == _CLOSING_BRACKET or text[i] == _SLASH:
            return True
        if text[i] == _NEWLINE or text[i] == _BRACKET:
            return False
    return False


@jit
def _is_tag(before, after):
    """Return whether an agency's name stands alone between brackets or slashes."""
    opens = before == _BRACKET or before == _SLASH
    return opens and (after == _CLOSING_BRACKET or after == _SLASH)


@jit
def _is_inside(text, at):
    """Return whether a byte and the one before it are letters or digits of ASCII, as inside of a word."""
    for i in range(at - 1, at + 1):
        byte = text[i]
        if not ((48 <= byte <= 57) or (65 <= byte <= 90) or (97 <= byte <= 122)):
            return False
    return True


@jit
def _forward(text, start, end, n_characters):
    """Return where so many characters from the start end, in bytes."""
    at = min(start + n_characters, end)
    if _is_ascii(text, start, at):
        return at
    at = start
    for _ in range(n_characters):
        if at >= end:
            break
        at += 1
        while at < end and text[at] & 0xC0 == 0x80:
            at += 1
    return at


@jit
def _back(text, start, end, n_characters):
    """Return where so many characters before the end begin, in bytes."""
    at = max(end - n_characters, start)
    if _is_ascii(text, at, end):
        return at
    at = end
    for _ in range(n_characters):
        if at <= start:
            break
        at -= 1
        while at > start and text[at] & 0xC0 == 0x80:
            at -= 1
    return at


@jit
def _is_ascii(text, begin, end):
    part, bits = text[begin:end], np.uint8(0)
    for at in range(part.shape[0]):
        bits |= part[at]
    return bits < 0x80


@jit
def _decode(text, at, end):
    """Return the code point at a byte and its size; any of the larger ones for one above the first 2048."""
    lead = text[at]
    if lead < 0x80 or at + 1 >= end:
        return int(lead), 1
    second = int(text[at + 1]) & 0x3F
    if lead < 0xE0:
        return ((int(lead) & 0x1F) << 6) | second, 2
    if lead < 0xF0:
        third = int(text[at + 2]) & 0x3F if at + 2 < end else 0
        return ((int(lead) & 0x0F) << 12) | (second << 6) | third, 3
    return 0x10000, 4
