"""These tests start and kill the service's own processes, and so take seconds."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: starts processes of the service; runs with all the others all the same")
