"""Fonts and htmx: what pages load is what the lock brings, and the lock names no registry."""

import importlib.util
import json
import re
import shutil
from pathlib import Path

import pytest

from deploy.local import assets
from deploy.local.refusal import Refusal
from shared.web.assets import FOLDER

WEB = FOLDER.parent


def test_what_pages_load_is_installed_and_nothing_else() -> None:
    sources = [*FOLDER.glob("*.css"), *WEB.glob("templates/*.html")]
    loaded = {name for source in sources for name in re.findall(r"vendor/([\w.-]+)", source.read_text())}

    assert loaded == {name for name in assets.FILES if not name.endswith(".LICENSE")}


def test_every_source_comes_with_its_licence() -> None:
    packages = {"/".join(source.split("/")[: 1 + source.startswith("@")]) for source in assets.FILES.values()}

    assert {f"{package}/LICENSE" for package in packages} <= set(assets.FILES.values())


def test_the_lock_has_hashes_and_names_no_registry() -> None:
    lock = json.loads(assets.LOCK.read_text())
    installed = {name: package for name, package in lock["packages"].items() if name}

    assert installed
    assert all(package["integrity"].startswith("sha512-") for package in installed.values())
    assert "resolved" not in assets.LOCK.read_text()


def test_what_is_there_is_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def npm_ci(folder: Path) -> None:
        asked.append(folder)
        for source in assets.FILES.values():
            (folder / "node_modules" / source).parent.mkdir(parents=True, exist_ok=True)
            (folder / "node_modules" / source).write_text(source)

    monkeypatch.setattr(assets, "_npm_ci", npm_ci)
    vendor = tmp_path / "a folder" / "vendor"

    assert assets.install(vendor)
    assert not assets.install(vendor)
    (vendor / "htmx.js").unlink()
    assert assets.install(vendor)
    assert len(asked) == 2


def test_without_npm_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(Refusal, match=r"requirements/node\.txt"):
        assets.install(tmp_path / "vendor")
