"""Judges, their runs, calls and verdicts; the servers they use; what is known of them; routes and reports."""

from routing.models.endpoints import Endpoint, Flight, Slots
from routing.models.judges import Judge, JudgeCall, JudgeRun, Verdict
from routing.models.money import Budget, Price
from routing.models.reports import Link, Report, WinRate
from routing.models.routes import Route
from routing.models.training import HeadTraining
from routing.models.trust import Calibration, Cascade, Certificate, Proposal

__all__ = [
    "Budget",
    "Calibration",
    "Cascade",
    "Certificate",
    "Endpoint",
    "Flight",
    "HeadTraining",
    "Judge",
    "JudgeCall",
    "JudgeRun",
    "Link",
    "Price",
    "Proposal",
    "Report",
    "Route",
    "Slots",
    "Verdict",
    "WinRate",
]
