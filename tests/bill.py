"""What `make sbom` runs: a bill of materials (CycloneDX 1.6) of what a lock pins.

    python -m tests.bill LOCK FILE

The same lock gives the same bill, byte by byte: it has no time, and a number that is made of the
lock.
"""

import sys
import tomllib
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tests.architecture.source import ROOT
from tests.locks import Pin, pins


def component(pin: Pin) -> Component:
    """With the hashes of its files, each of which an installation may take."""
    files = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.sha256]
    return Component(
        type=ComponentType.LIBRARY,
        name=pin.name,
        version=pin.version,
        bom_ref=f"{pin.name}@{pin.version}",
        purl=PackageURL(type="pypi", name=pin.name, version=pin.version),
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(f"https://pypi.org/project/{pin.name}/{pin.version}/"),
                hashes=files,
            )
        ],
    )


def project() -> Component:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return Component(
        type=ComponentType.APPLICATION,
        name=told["name"],
        version=told["version"],
        description=told["description"],
        bom_ref=told["name"],
        licenses=[DisjunctiveLicense(id=told["license"])],
    )


def bill(lock: str) -> str:
    """As JSON, with who wants whom."""
    root, found = project(), pins(lock)
    made = {pin.name: component(pin) for pin in found}
    bom = Bom(
        metadata=BomMetaData(component=root),
        components=made.values(),
        serial_number=uuid5(NAMESPACE_URL, (ROOT / lock).read_text()),
    )
    wanting = {root.name: root, **made}
    wants: dict[str, list[Component]] = {name: [] for name in wanting}
    for pin in found:
        for name in pin.wanted_by:
            wants[name].append(made[pin.name])
    for name, wanted in wants.items():
        bom.register_dependency(wanting[name], wanted)
    # Nothing that is different every time.
    bom.metadata.timestamp = None  # type: ignore[assignment]  # left out, as the schema allows
    return str(JsonV1Dot6(bom).output_as_string(indent=2)) + "\n"


if __name__ == "__main__":
    path = Path(sys.argv[2])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(bill(sys.argv[1]))
