"""What in a report speaks against using a judge's labels, or is to be minded: a sentence each, or nothing."""

from annotate.stats.intervals import FEW_CLUSTERS
from routing.reliability.table import Reference
from routing.reliability.writing import WHOM, Figures, bracketed, count, percent, share

FEW = 10
FEWEST_VALID = 0.8
MOST_FLIPS = 0.30
FIRST_SLOT = (0.35, 0.65)
LEAST_SAME = 0.8


def invalid(question: Figures) -> list[str]:
    rate = question["valid_rate"]
    if rate is None or rate >= FEWEST_VALID:
        return []
    return [f"Only {percent(rate)} of its verdicts are answers: what it leaves out may be just what is hard."]


def flips(question: Figures) -> list[str]:
    flips = question.get("flip_rate")
    if flips is None or flips <= MOST_FLIPS:
        return []
    return [
        f"In {percent(flips)} of the pairs it names the other completion once the order is turned: its verdicts "
        "depend more on the order than a judge's should."
    ]


def lean(question: Figures, held: Figures | None) -> list[str]:
    first = question.get("first_slot_share")
    if first is None or FIRST_SLOT[0] <= first <= FIRST_SLOT[1]:
        return []
    slot = "first" if first > FIRST_SLOT[1] else "second"
    said = (
        f"It leans to the {slot} slot, whatever stands there. Both orders are averaged, which frees the answers of it"
    )
    return [said + ("." if held else "; but little of the completions may be left in them.")]


def cut(question: Figures) -> list[str]:
    cut = question.get("cut") or 0
    return [f"{cut:,} of its verdicts were made on texts cut to fit the model."] if cut else []


def too_few(question: Figures, held: Figures, reference: Reference) -> list[str]:
    if held["n"] >= FEW:
        return []
    return [f"Only {count(question, held['n'])} can be held against {WHOM[reference]}: an impression, not a figure."]


def no_better(question: Figures, held: Figures) -> list[str]:
    found = []
    numbers = held.get("numbers")
    name, figure = ("Spearman's rho", numbers["spearman"]) if numbers else ("kappa", held["agreement"]["kappa"])
    if figure["n"] >= FEW and figure["value"] is not None and figure["interval"] and figure["interval"][0] <= 0:
        found.append(f"Its agreement is not clearly above chance: {name} is {bracketed(figure)}.")
    averaged, rule = ((held.get(name) or {}) for name in ("accuracies", "longer_wins"))
    right = (averaged.get("averaged") or {}).get("value")
    if right is not None and rule.get("value") is not None and rule["n"] >= FEW and right <= rule["value"]:
        found.append(
            f"Always taking the longer completion is right in {share(rule)} of the decided pairs, "
            f"and this judge in {share(averaged['averaged'])}."
        )
    return found


def below_people(held: Figures) -> list[str]:
    people, one = held.get("people") or {}, held.get("with_one_person") or {}
    if not people.get("interval") or not one.get("interval") or one["interval"][1] >= people["value"]:
        return []
    return [
        f"People agree with each other more often ({share(people)}) than it agrees with one of them ({share(one)})."
    ]


def clusters(held: Figures) -> list[str]:
    n = held["clusters"]
    if n >= FEW_CLUSTERS:
        return []
    groups = "one prompt group" if n == 1 else f"{n} prompt groups"
    return [f"Only {groups} (below {FEW_CLUSTERS}): answers to one prompt are not independent, so intervals are wide."]


def length(held: Figures) -> list[str]:
    found = (held.get("lengths") or {}).get("preference") or {}
    if not found.get("interval") or found["interval"][0] <= 0 <= found["interval"][1]:
        return []
    more = "more" if found["value"] > 0 else "less"
    points, (low, high) = abs(100 * found["value"]), sorted(abs(100 * limit) for limit in found["interval"])
    return [
        f"It picks the longer completion {more} often than people do, by {points:.0f} points ({low:.0f}–{high:.0f})."
    ]


def wavering(question: Figures) -> list[str]:
    same = ((question.get("repeats") or {}).get("agreement") or {}).get("value")
    if same is None or same >= LEAST_SAME:
        return []
    return [f"Asked again it gives the same answer in {percent(same)} only."]


def left_out(question: Figures) -> list[str]:
    left, found = question.get("left_out") or {}, []
    if left.get("fitted"):
        units = "unit" if left["fitted"] == 1 else "units"
        found.append(f"{left['fitted']:,} {units} that it was fitted on are in no figure against people.")
    return found
