"""The ops room's own style sheet."""

from pathlib import Path

from shared.web.assets import OwnAssets

OWN = OwnAssets(Path(__file__).parent / "static", at="/ops/look")
address, router = OWN.address, OWN.router
