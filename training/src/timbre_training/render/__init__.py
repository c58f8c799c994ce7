"""Rendered music with frame-true labels."""
