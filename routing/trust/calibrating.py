"""Calibration of a judge's pairwise probabilities on people's labels, and the calibrated judge that comes of it."""

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from django.db import transaction

from annotate.errors import Invalid
from annotate.models import User
from annotate.stats.calibration import calibration
from annotate.stats.crossfit import crossfit
from annotate.stats.orders import preference
from annotate.stats.scaling import fit, tie_band
from routing.creating import create_judge
from routing.models import Calibration, Judge
from routing.reliability.gather import gather
from routing.trust.held_out import asked_now

FEWEST = 10
PAIRWISE = "pairwise"


def calibrate(judge: Judge, question: str, user: User | None = None) -> Calibration:
    """Temperature, slot offset and tie band that suit people's labels best; see `annotate.stats.scaling`.

    The temperature is fitted to the averaged log-odds d of both orders, the offset to single orders; ECE and Brier
    score before and after are out of fold, split by prompt group. Only half of the labelled prompt groups is used: what
    calibrates does not certify, and `figures["left"]` says how many groups are left. Raises `Invalid` where there is
    too little.
    """
    asked = asked_now(judge, question)
    if asked.kind != PAIRWISE:
        raise Invalid("only pairwise questions have slots to calibrate", {"question": "a pairwise question"})
    labelled = [
        (*row.orders, float(label), row.cluster)
        for row, label in gather(judge, asked.name, asked.kind).against("people")
        if row.orders is not None
    ]
    groups = {row[3] for row in labelled}
    fitted = drawn_half(groups, judge.campaign_id)
    rows = [row for row in labelled if row[3] in fitted]
    if len(rows) < FEWEST:
        raise Invalid(
            f"{len(labelled)} pairs have both a verdict and a label of a person, and the half of the prompts that is "
            f"drawn to calibrate holds {len(rows)} of them; calibration needs {FEWEST} there",
            {"question": f"at least {2 * FEWEST} labelled pairs"},
        )
    s1, s2, sign = (np.array(column, float) for column in list(zip(*rows, strict=True))[:3])
    cluster = np.array([row[3] for row in rows])
    if np.isin([s1, s2], [0, 0.5, 1]).all():
        raise Invalid("this judge gives labels without probabilities; there is nothing to calibrate", {"question": ""})
    left = len(groups) - len(fitted)
    return _fitted(judge, asked.name, bool(asked.config.get("allow_tie", True)), s1, s2, sign, cluster, left, user)


def drawn_half(groups: Iterable[int], seed: int) -> set[int]:
    """Half of the prompt groups, drawn by seed and group alone: a calibration anew takes much the same ones."""
    drawn = sorted(groups, key=lambda group: hashlib.sha256(f"{seed}:{group}".encode()).digest())
    return set(drawn[: (len(drawn) + 1) // 2])


def _fitted(
    judge: Judge, question: str, ties: bool, s1: Any, s2: Any, sign: Any, groups: Any, left: int, user: User | None
) -> Calibration:
    averaged, outcome = 1 / (1 + np.exp(-preference(s1, s2))), (sign + 1) / 2
    scaling = fit(averaged, outcome, offset=False)
    single = fit(np.concatenate([s1, s2]), np.concatenate([outcome, 1 - outcome]))
    band = tie_band(scaling.apply(averaged), float(np.mean(sign == 0))) if ties else None
    out = crossfit(averaged, outcome, groups, offset=False, ties=ties)
    before, after = (calibration(p, outcome, groups) for p in (averaged, out.probability))
    return Calibration.objects.create(
        judge=judge,
        question=question,
        temperature=scaling.temperature,
        offset=single.offset,
        tie_band=band,
        n=len(sign),
        clusters=len(np.unique(groups)),
        figures={
            "left": left,
            **{f"ece_{when}": found.ece.value for when, found in (("before", before), ("after", after))},
            **{f"brier_{when}": found.brier.value for when, found in (("before", before), ("after", after))},
            **{f"log_loss_{when}": found.log_loss.value for when, found in (("before", before), ("after", after))},
            "agreement_before": float(np.mean(np.sign(preference(s1, s2)) == sign)),
            "agreement_after": float(np.mean(out.side == sign)),
            "notes": sorted({why for why in (scaling.why, single.why, *out.why) if why}),
        },
        groups=sorted({int(group) for group in groups}),
        created_by=user,
    )


@transaction.atomic
def calibrated_judge(found: Calibration, name: str) -> Judge:
    """A new judge that differs from the calibrated one in temperature, offset and tie band alone.

    Its prompts are the same, so a run takes the stored calls and costs nothing. Raises `Invalid`, `Exists`.
    """
    judge = found.judge
    key = f"question:{found.question}"
    chosen = judge.protocols.get(key) or judge.protocols.get(PAIRWISE)
    if chosen is None:
        raise Invalid("this judge has no pairwise protocol any more", {"question": found.question})
    settings = {"temperature": found.temperature, "offset": found.offset}
    if found.tie_band is not None:
        settings["tie_band"] = found.tie_band
    protocols = {
        **judge.protocols,
        key: {**chosen, "config": {**chosen["config"], **settings}, "calibration": found.pk},
    }
    spec = {
        "name": name,
        "provider": judge.provider,
        "config": judge.config,
        "protocols": {each: {"name": used["name"], "config": used["config"]} for each, used in protocols.items()},
        "endpoint": judge.endpoint.name if judge.endpoint else None,
        "price": judge.price,
        "too_long": judge.too_long,
    }
    made = create_judge(judge.campaign, spec)
    made.protocols = protocols  # versions, and the calibration, as they were
    made.save(update_fields=["protocols"])
    return made
