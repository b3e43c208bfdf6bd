"""Whether a judge's labels may stand alone: calibration, certificates, the cascade, and the watch for drift."""
