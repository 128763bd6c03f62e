"""Prints the OpenAPI document of this release, as /openapi.json has it; needs no server."""

import json
import sys
from typing import Any

from interfaces.http.app import create_app


def document() -> dict[str, Any]:
    unused: Any = None  # operations are described, not carried out
    return create_app(unused, unused, {}).openapi()


if __name__ == "__main__":
    json.dump(document(), sys.stdout)
