"""The one error type that the command line shows as a sentence instead of a traceback."""


class TrainingError(Exception):
    """Something that the person at the command line can put right; the message names what and where."""
