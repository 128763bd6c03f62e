"""`trellis program schema`: the form of a kit, for editors."""

from interfaces.cli.screen import print_json
from kits.schema import kit_schema


def schema() -> None:
    """Print the JSON Schema of program.yaml.

    Editors use it for completion and checks; docs/kit.schema.json has the same content. With the YAML language
    server, start the kit with the line: # yaml-language-server: $schema=PATH/kit.schema.json
    """
    print_json(kit_schema())
