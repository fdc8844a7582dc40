"""The examples in the docstrings of the room are true."""

from __future__ import annotations

import doctest

import pytest

from steppe.routing import backbone, latency


@pytest.mark.parametrize("module", [backbone, latency])
def test_examples(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
