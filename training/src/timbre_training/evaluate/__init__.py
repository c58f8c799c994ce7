"""Scores, settings of events and the model card."""
