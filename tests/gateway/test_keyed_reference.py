"""Every reference is found by its nine keys, and a slip of one key seldom leads to the reference of another."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.keyed_reference import KEY_OF, keys_of, meant_by_keys
from gateway.reference import DIGITS, EXAMPLE, LETTERS, NEVER_DRAWN, draw, parse

KEPT = 100_000
"""As many references as a county gives in some years."""


@given(seed=st.integers(0, 2**32), between=st.sampled_from(["", "*", "-", " ", "*#"]))
@settings(max_examples=300, deadline=None)
def test_every_reference_is_among_those_its_keys_can_mean(seed: int, between: str) -> None:
    reference = draw(Random(seed))
    keys = keys_of(reference)
    meant = meant_by_keys(f"{keys[:3]}{between}{keys[3:7]}{between}{keys[7:]}#")
    assert reference in meant
    assert len(set(meant)) == len(meant) <= 95
    assert all(parse(each) == each and keys_of(each) == keys for each in meant)


def test_the_keys_are_those_of_every_telephone() -> None:
    assert keys_of("KMR-4729-HX") == "567472949"
    assert {key: "".join(sorted(letter for letter in KEY_OF if KEY_OF[letter] == key)) for key in "79"} == {
        "7": "PQRS",
        "9": "WXYZ",
    }
    assert all(letter in KEY_OF for letter in LETTERS)


@given(keys=st.text(alphabet="0123456789*#٣", max_size=14))
@settings(max_examples=500, deadline=None)
def test_no_keys_mean_anything_but_whole_references_and_never_one_that_is_not_given_out(keys: str) -> None:
    meant = meant_by_keys(keys)
    digits = "".join(key for key in keys if key in "0123456789")
    assert not meant or len(digits) == 9
    assert all(keys_of(each) == digits for each in meant)
    assert not any(word in each.replace("-", "") for each in meant for word in NEVER_DRAWN)


def test_the_example_on_our_pages_is_never_meant() -> None:
    assert EXAMPLE not in meant_by_keys(keys_of(EXAMPLE))


def test_a_key_that_no_reference_has_at_its_place_means_nothing() -> None:
    assert not meant_by_keys("267472949")  # no letter of ours is on 2
    assert not meant_by_keys("867472949")
    assert not meant_by_keys("567572949")  # no 5 among the digits
    assert not meant_by_keys("56747294")
    assert not meant_by_keys("5674729499")


def test_with_a_hundred_thousand_kept_most_keys_mean_one_and_few_slips_mean_anothers() -> None:
    """Measured over 5,000: 1.9% of keys mean several that are kept, 1.8% of slips another's, 0.6% of blind guesses."""
    random = Random(20261122)
    kept = list({draw(random) for _ in range(KEPT)})
    known = set(kept)
    asked = [keys_of(reference) for reference in kept[:800]]
    several = sum(len(known.intersection(meant_by_keys(keys))) > 1 for keys in asked)
    slips = [_slipped(keys, random) for keys in asked]
    others = sum(bool(known.intersection(meant_by_keys(slip))) for slip in slips)
    assert several / len(asked) < 0.04
    assert others / len(slips) < 0.04


def _slipped(keys: str, random: Random) -> str:
    at = random.randrange(len(keys))
    keyed = random.choice([key for key in (DIGITS if 3 <= at < 7 else "345679") if key != keys[at]])
    return keys[:at] + keyed + keys[at + 1 :]
