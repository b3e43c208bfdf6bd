import math

import pytest

from routing.judges import ConfigError
from routing.judges.label_tokens import LogProbs, Tokens, label_masses, spell

SPACE = 99


def digits_apart(text: str) -> Tokens:
    """A token per character."""
    return tuple(SPACE if char == " " else ord(char) for char in text)


def words(text: str) -> Tokens:
    """One token for a whole text, its space included."""
    return (sum(ord(char) * 1000**place for place, char in enumerate(text)),)


def test_one_token_labels_count_with_and_without_a_space_in_one_row() -> None:
    spelled = spell(["A", "B"], words)
    assert spelled.spellings["A"] == (words("A"), words(" A"))
    assert spelled.paths == ((),)


def test_a_shared_space_token_costs_no_second_row() -> None:
    spelled = spell(["1", "2"], digits_apart)
    assert spelled.paths == ((SPACE,),)
    assert spelled.spellings["2"] == ((50,), (SPACE, 50))


def test_spaced_spellings_are_left_out_where_they_would_cost_a_second_row() -> None:
    spelled = spell([str(n) for n in range(1, 11)], digits_apart)
    assert spelled.paths == ((49,),)
    assert spelled.spellings["10"] == ((49, 48),)


def test_labels_that_start_alike_are_told_apart_by_their_whole_text() -> None:
    spelled = spell(["xa", "xb"], digits_apart)
    x, a, b = 120, 97, 98
    log_probs: LogProbs = {(): {x: math.log(0.5)}, (x,): {a: math.log(0.6), b: math.log(0.2)}}
    assert label_masses(spelled, log_probs) == pytest.approx({"xa": 0.3, "xb": 0.1})


def test_the_mass_of_ten_is_taken_off_the_mass_of_one() -> None:
    spelled = spell(["1", "9", "10"], digits_apart)
    log_probs: LogProbs = {(): {49: math.log(0.4), 57: math.log(0.3)}, (49,): {48: math.log(0.25)}}
    # P("10") = 0.4 · 0.25; "1" that does not go on to "10" = 0.4 − 0.1.
    assert label_masses(spelled, log_probs) == pytest.approx({"1": 0.3, "9": 0.3, "10": 0.1})


def test_only_the_next_longer_spelling_is_taken_off() -> None:
    spelled = spell(["1", "10", "100"], digits_apart)
    log_probs: LogProbs = {
        (): {49: math.log(0.8)},
        (49,): {48: math.log(0.5)},
        (49, 48): {48: math.log(0.25)},
    }
    # 0.8, 0.4 and 0.1 are reached: 0.8 − 0.4, 0.4 − 0.1, 0.1.
    assert label_masses(spelled, log_probs) == pytest.approx({"1": 0.4, "10": 0.3, "100": 0.1})


def test_both_spellings_add_up() -> None:
    spelled = spell(["A", "B"], words)
    first = {words("A")[0]: 0.2, words(" A")[0]: 0.1, words("B")[0]: 0.05, words(" B")[0]: 0.15}
    log_probs: LogProbs = {(): {token: math.log(p) for token, p in first.items()}}
    assert label_masses(spelled, log_probs) == pytest.approx({"A": 0.3, "B": 0.2})


def test_labels_the_tokenizer_cannot_tell_apart_are_refused() -> None:
    with pytest.raises(ConfigError, match="label 'a' is the same as 'A' to this model's tokenizer"):
        spell(["A", "a"], lambda text: words(text.lower()))


def test_a_label_without_tokens_is_refused() -> None:
    with pytest.raises(ConfigError, match="label '' has no tokens"):
        spell(["A", ""], digits_apart)
