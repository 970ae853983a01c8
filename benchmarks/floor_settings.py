"""The demo's settings, with the floor page among the addresses."""

from config.settings.demo import *  # noqa: F403

ROOT_URLCONF = "benchmarks.floor"
