"""What every test may ask for: the `--update` flag that rewrites golden files, and property tests without deadlines."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["servers.fixtures"]

# A busy machine makes single examples slow; a wall-clock deadline per example would fail for that reason alone.
settings.register_profile("quiet", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quiet")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files and lists instead of comparing them")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten instead of compared."""
    return bool(request.config.getoption("--update"))
