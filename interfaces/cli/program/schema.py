"""`trellis program schema`: the form of a kit, for editors."""

from interfaces.cli.screen import print_json


def schema() -> None:
    """Print the JSON Schema of program.yaml. Editors complete and check by it; docs/kit.schema.json is the same.

    With the YAML language server, the first line of a kit says: # yaml-language-server: $schema=PATH/kit.schema.json
    """
    from kits.schema import kit_schema

    print_json(kit_schema())
