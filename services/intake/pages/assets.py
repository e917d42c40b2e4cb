"""Intake's own style sheet and script."""

from pathlib import Path

from shared.web.assets import OwnAssets

OWN = OwnAssets(Path(__file__).parent / "static", at="/intake")
address, router = OWN.address, OWN.router
