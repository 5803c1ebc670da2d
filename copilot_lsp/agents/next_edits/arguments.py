"""How must the arguments of a call be written when the parameters they are given to have changed?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from copilot_lsp.syntax.signatures import Argument, Parameter


class Changed(NamedTuple):
    """The parameters before and after, and for each new one's name its old name (itself where it was there)."""

    before: tuple[Parameter, ...]
    after: tuple[Parameter, ...]
    origin: Mapping[str, str]

    @property
    def added(self) -> tuple[Parameter, ...]:
        return tuple(one for one in self.after if one.name not in self.origin)

    @property
    def removed(self) -> tuple[Parameter, ...]:
        kept = set(self.origin.values())
        return tuple(one for one in self.before if one.name not in kept)

    @property
    def breaking(self) -> bool:
        """Whether calls that were right are wrong now, and not only may give more than before."""
        order = [self.origin[one.name] for one in self.after if one.name in self.origin]
        moved = order != [one.name for one in self.before if one not in self.removed]
        return moved or bool(self.removed) or any(not one.optional for one in self.added)


class Written(NamedTuple):
    """The new arguments, each with the old one that it was (None for one that was added)."""

    text: str
    old: Argument | None


def compared(before: tuple[Parameter, ...], after: tuple[Parameter, ...]) -> Changed | None:
    """What changed between two lists; None when they take the same arguments in the same order."""
    old, new = [one.name for one in before], [one.name for one in after]
    if len(set(old)) < len(old) or len(set(new)) < len(new):
        return None
    gone, come = [name for name in old if name not in new], [name for name in new if name not in old]
    pairs = zip(come, gone, strict=False) if len(old) == len(new) else ()
    # What stands at the same place of a list of the same length got another name.
    other_names = {name: one for name, one in pairs if old.index(one) == new.index(name)}
    origin = {name: name for name in new if name in old} | other_names
    if [origin.get(name) for name in new] == old:
        return None
    return Changed(before, after, origin)


def rewritten(
    changed: Changed, given: Sequence[Argument], values: Mapping[str, str], by_name: str
) -> list[Written] | None:
    """The arguments for the new parameters; None where the call does not fit the old ones.

    `values` has what is given to an added parameter, by its name; `by_name` is how an argument is given by name.
    """
    known = _assigned(changed.before, given, bool(by_name))
    if known is None:
        return None
    written: list[Written] = []
    named = False
    last = _last(changed, known)
    for index, parameter in enumerate(changed.after):
        origin = changed.origin.get(parameter.name)
        argument = known.get(origin) if origin else None
        if argument is None:
            if origin or parameter.optional:
                # Left out: what comes behind it must say whose it is, or the value is written out.
                if by_name or index > last:
                    named = named or index < last
                    continue
                value = parameter.default
            else:
                value = values.get(parameter.name, parameter.name)
            if not value:
                return None
            labelled = bool(by_name) and (named or parameter.named)
            written.append(Written(by_name.format(name=parameter.name, value=value) if labelled else value, None))
        elif argument.label:
            label = argument.label if argument.label == parameter.name else parameter.name
            written.append(Written(argument.text.replace(argument.label, label, 1), argument))
            named = True
        elif named:
            if not by_name:
                return None
            written.append(Written(by_name.format(name=parameter.name, value=argument.text), argument))
        else:
            written.append(Written(argument.text, argument))
    return _in_written_order(written, given)


def list_edit(
    source: str, start: int, end: int, old: Sequence[tuple[int, int]], new: Sequence[str]
) -> tuple[int, int, str] | None:
    """The smallest replacement that makes a list in `source[start:end]`, with items at `old`, one of the items `new`.

    None when nothing changes. What separates items is written as it was.
    """
    texts = [source[low:high] for low, high in old]
    if texts == list(new):
        return None
    head = 0
    while head < min(len(texts), len(new)) and texts[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(texts), len(new)) - head and texts[-1 - tail] == new[-1 - tail]:
        tail += 1
    if len(texts) == len(new):
        last = len(new) - tail
        between = [source[old[at][1] : old[at + 1][0]] for at in range(head, last - 1)]
        text = new[head] + "".join(gap + one for gap, one in zip(between, new[head + 1 : last], strict=True))
        return old[head][0], old[last - 1][1], text
    comma = _separator(source, old)
    items = list(new[head : len(new) - tail])
    if not old:
        return start, end, comma.join(items)
    if head:
        return old[head - 1][1], old[len(old) - tail - 1][1], "".join(comma + one for one in items)
    if tail:
        return old[0][0], old[len(old) - tail][0], "".join(one + comma for one in items)
    return old[0][0], old[-1][1], comma.join(items)


def _assigned(
    parameters: tuple[Parameter, ...], given: Sequence[Argument], labelled: bool
) -> dict[str, Argument] | None:
    """Which argument each parameter gets; None when they do not fit."""
    names = [one.name for one in parameters]
    found: dict[str, Argument] = {}
    for index, argument in enumerate(given):
        if argument.spread or (argument.label and not labelled):
            return None
        name = argument.label or (names[index] if index < len(names) else "")
        if name not in names or name in found:
            return None
        found[name] = argument
    if any(one.name not in found and not one.optional for one in parameters):
        return None
    return found


def _last(changed: Changed, known: Mapping[str, Argument]) -> int:
    """The index of the last new parameter that must be given something."""
    needed = [
        index
        for index, one in enumerate(changed.after)
        if (changed.origin.get(one.name) in known if one.name in changed.origin else not one.optional)
    ]
    return max(needed, default=-1)


def _in_written_order(written: list[Written], given: Sequence[Argument]) -> list[Written]:
    """Arguments given by name stay in the order in which they were written."""
    places = [index for index, one in enumerate(written) if one.old is not None and one.old.label]
    order = sorted((written[index] for index in places), key=lambda one: given.index(one.old) if one.old else 0)
    result = list(written)
    for place, one in zip(places, order, strict=True):
        result[place] = one
    return result


def _separator(source: str, items: Sequence[tuple[int, int]]) -> str:
    if len(items) < 2:
        return ", "
    between = source[items[0][1] : items[1][0]]
    return between if between.strip() == "," else ", "
