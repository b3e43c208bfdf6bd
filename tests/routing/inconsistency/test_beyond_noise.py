import pytest

from routing.inconsistency.headlines import is_beyond_noise


@pytest.mark.parametrize(
    ("seen", "limits", "low", "beyond"),
    [
        (0.30, (0.27, 0.33), 0.86, True),  # 0.30 − 0.10 > √(0.03² + 0.04²) = 0.05
        (0.16, (0.13, 0.19), 0.86, True),
        (0.14, (0.11, 0.17), 0.86, False),  # above the noise for sure, were that known: 0.11 > 0.10
        (0.05, (0.02, 0.08), 0.86, False),
    ],
)
def test_inconsistency_is_more_than_noise_where_the_errors_of_both_leave_a_difference(
    seen: float, limits: tuple[float, float], low: float, beyond: bool
) -> None:
    ceiling = {"value": 0.9, "interval": [low, 0.94]}
    assert is_beyond_noise({"value": seen, "interval": limits}, ceiling) is beyond
    assert not is_beyond_noise({"value": seen, "interval": limits}, {"value": 0.9, "interval": None})
