# What the comparison cells call. Run this cell first, and leave it as it is.
import json
import re
from decimal import Decimal

import numpy as np

EMPTY = "nothing: the blank above is still empty"


def numbers(printed):
    """The numbers of a text as the book prints them, in their shape."""
    return np.array(json.loads(printed), dtype=float)


def last_place(printed):
    """One unit of the last digit that is printed."""
    digits = re.findall(r"\d+(?:\.\d+)?(?:e-?\d+)?", printed)
    return float(min(Decimal(1).scaleb(Decimal(one).as_tuple().exponent) for one in digits))


def as_printed(what, printed, found):
    """Compares with what the book prints, to its last digit."""
    compare(what, numbers(printed), found, 0.500001 * last_place(printed))


def same(what, expected, found, digits=9):
    """Compares entry by entry, to so many digits of the largest expected one."""
    expected = np.array(expected, dtype=float)
    size = np.max(np.abs(expected), initial=0.0)
    compare(what, expected, found, size * 10.0**-digits)


def each_same(names, expected, found, digits=9):
    """Compares several results that a function returns together."""
    if not isinstance(found, (tuple, list)) or len(found) != len(names):
        many = len(found) if isinstance(found, (tuple, list)) else "one"
        told = EMPTY if empty(found) else f"{many} of them"
        raise AssertionError(f"expected {', '.join(names)}, found {told}")
    for what, one, other in zip(names, expected, found):
        same(what, one, other, digits)


def compare(what, expected, found, room):
    expected = np.array(expected, dtype=float)
    if empty(found):
        raise AssertionError(f"{what}: expected {described(expected)}, found {EMPTY}")
    try:
        found = np.array(found, dtype=float)
    except (TypeError, ValueError):
        kind = type(found).__name__
        raise AssertionError(f"{what}: expected {described(expected)}, found a {kind}") from None
    if found.shape != expected.shape:
        turned = ": rows and columns are exchanged" if found.T.shape == expected.shape else ""
        raise AssertionError(
            f"{what}: expected {described(expected)}, found {described(found)}{turned}"
        )
    for at in np.ndindex(expected.shape):
        # A NaN is near nothing.
        if not abs(found[at] - expected[at]) <= room:
            index = f"[{', '.join(map(str, at))}]" if at else ""
            raise AssertionError(
                f"{what}{index}: expected {expected[at]:.10g}, found {found[at]:.10g}"
                + remark(expected, found, room)
            )
    print(f"{what}: as expected")


def empty(found):
    return found is None or found is ...


def described(array):
    return f"an array of shape {array.shape}" if array.shape else "one number"


def remark(expected, found, room):
    """What a wrong array has in common with the right one."""
    if not np.all(np.isfinite(found)):
        return ": not all entries are finite"
    if expected.size < 2:
        return ""
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    factor = found[largest] / expected[largest]
    # One of 1 tells nothing: a single entry is off by a little.
    if abs(factor) < 1e-3 or abs(factor - 1) < 1e-3:
        return ""
    if np.any(np.abs(found - factor * expected) > 2 * room * max(1, abs(factor))):
        return ""
    if abs(factor + 1) < 1e-3:
        return ": all signs are turned"
    return f": all entries are {factor:.4g} times what they should be"
