"""Errors that a person can act on: each message says what came, what was expected, what to do."""


class CamdigitsError(Exception):
    """Base of all errors that camdigits raises for bad input; its message is one plain line."""


class PictureError(CamdigitsError):
    """A picture, document or address that cannot be read as one."""


class ModelError(CamdigitsError):
    """A model folder that is missing, broken or made for another program."""


class DataError(CamdigitsError):
    """A training or measuring data set that is missing or not laid out as expected."""


class SourceError(CamdigitsError):
    """A camera, film, folder or address that gives no frames, or a film that can't be written."""
