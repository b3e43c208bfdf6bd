"""How far annotators agree, by question: alpha and other coefficients, matrices, arms, spans."""

from routing.agreement.report import NOTHING, agreement

__all__ = ["NOTHING", "agreement"]
