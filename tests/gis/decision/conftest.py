"""A shared machine stalls now and then, which is no fault of an example's."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
