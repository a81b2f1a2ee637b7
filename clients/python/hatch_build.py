"""Puts the modules that are made from the protos into the package."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import generate  # noqa: E402


class ProtoHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            generate.make(Path(self.root) / "src")
            return
        self.made = tempfile.TemporaryDirectory()
        generate.make(Path(self.made.name))
        build_data["force_include"][str(Path(self.made.name) / "schakel" / "v1")] = "schakel/v1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.made.cleanup()
