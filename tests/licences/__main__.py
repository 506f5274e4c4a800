"""`python -m tests.licences` writes docs/licences.md; `--sbom FILE` what the image is made of."""

import json
import sys
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.licences.components import IMAGE, ROOT, WITH_SERVERS, Component, of_the_pages, packages

PAGE = ROOT / "docs" / "licences.md"
BEGIN = """# Licences

What Switchboard is shipped with, and under which licences. `poe licences` writes this page;
`poe sbom` writes the image's part of it with versions, as a bill of materials in CycloneDX
(`dist/sbom.cdx.json`). A test refuses what has no known licence, or none that allows shipping it.
"""
PARTS = (
    ("In the image", "The Python packages that production processes run with."),
    (
        "With servers of its own",
        "In addition, for `make run` and `switchboard up`, which no image has.",
    ),
    ("In the pages", "Scripts, styles and fonts; their licences are beside them."),
)


def page() -> str:
    """Return the page of licences."""
    image = packages(IMAGE)
    more = [one for one in packages(WITH_SERVERS) if one not in image]
    return BEGIN + "".join(
        "\n".join(_section(*part, components))
        for part, components in zip(PARTS, (image, more, of_the_pages()), strict=True)
    )


def _section(title: str, what: str, components: Sequence[Component]) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield f"{what}\n"
    yield "| package | licence |"
    yield "| --- | --- |"
    for name, licence in dict.fromkeys((one.name, one.licence) for one in components):
        yield f"| {name} | {licence} |"
    yield ""


def bill_of_materials() -> dict[str, Any]:
    """Return what is in the image, as CycloneDX 1.6. The same locks give the same bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    components = [_entry(one) for one in (*packages(IMAGE), *of_the_pages())]
    told = json.dumps([project["version"], components])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, told)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
    }


def _entry(one: Component) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": one.url,
        "name": one.name,
        "version": one.version,
        "purl": one.url,
        "licenses": [{"expression": one.licence}],
    }


def main(arguments: Sequence[str]) -> None:
    """Write the page, or with `--sbom FILE` the bill."""
    if arguments[:1] == ["--sbom"]:
        path = Path(arguments[1])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(bill_of_materials(), indent=2) + "\n")
        print(f"{path} has {len(bill_of_materials()['components'])} components")
    else:
        PAGE.write_text(page())


if __name__ == "__main__":
    main(sys.argv[1:])
