"""The bench's and the certificate's own style sheets."""

from pathlib import Path

from shared.web.assets import OwnAssets

OWN = OwnAssets(Path(__file__).parent / "static", at="/bench/style")
address, router = OWN.address, OWN.router
