"""Fetches the front-end files that are kept in the repository: `python -m helpdesk.web.vendor`.

A person runs this when a version changes, reads the diff and commits it; the product never runs it.
It needs the ordinary `npm` client. A package whose integrity is not the one pinned here is refused.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Blocks we draw ourselves or never use. Without them nobody can show the NHS header by accident.
UNUSED_BLOCKS = (
    "nhsuk-breadcrumb",
    "nhsuk-file-upload",
    "nhsuk-footer",
    "nhsuk-header",
    "nhsuk-hero",
    "nhsuk-image",
    "nhsuk-u-static",
)

NOTICE = "/*! nhsuk-frontend, MIT, (c) NHS England; changed, see LICENSE and vendor.json. */\n"

# The npm package carries no licence file; its package.json and README say MIT, © NHS England.
NHSUK_LICENCE = """\
MIT License

Copyright (c) NHS England

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


class VendorError(Exception):
    """A package is not what was agreed to, or still holds what must not be shipped."""


@dataclass(frozen=True)
class Package:
    """One npm package, the files taken from it, and where they are kept."""

    name: str
    version: str
    integrity: str
    folder: Path
    # The name we write, against its path in the package and what is changed on the way.
    files: Mapping[str, tuple[str, Callable[[str], str]]]
    extra_texts: Mapping[str, str]
    changes: str


def without_nhs_brand(css: str) -> str:
    """Removes the Frutiger font, NHS icons and unused blocks from the NHS.UK stylesheet."""
    css = _without_source_map(css)
    css = re.sub(r"@font-face\{[^{}]*\}", "", css)
    css = css.replace("Frutiger W01,", "")
    css = re.sub(r"([^{}]+)\{([^{}]*)\}", _kept_rule, css)
    return _without_empty_blocks(css)


def main() -> None:
    """Fetches every package, checks it, and writes its files."""
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            write(package, fetch(package, Path(folder)))
        print(f"{package.name} {package.version}: {package.folder.relative_to(ROOT)}")


def fetch(package: Package, folder: Path) -> Path:
    """The tarball from npm, refused unless its integrity is the pinned one."""
    npm = shutil.which("npm")
    if npm is None:
        raise VendorError("npm is not installed. It is needed only to vendor front-end files.")
    spec = f"{package.name}@{package.version}"
    command = [
        npm,
        "pack",
        spec,
        "--json",
        "--ignore-scripts",
        "--pack-destination",
        str(folder),
    ]
    packed = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # our own words
    tarball = folder / str(json.loads(packed.stdout)[0]["filename"])
    digest = hashlib.sha512(tarball.read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if found != package.integrity:
        raise VendorError(f"{spec}: integrity is {found}, expected {package.integrity}")
    return tarball


def write(package: Package, tarball: Path) -> None:
    """Writes the files and, next to them, vendor.json with what they are and their sha256."""
    with tarfile.open(tarball) as archive:
        texts = {name: change(_text(archive, path)) for name, (path, change) in package.files.items()}
    texts |= package.extra_texts
    for name, text in texts.items():
        _ensure_clean(name, text)
    record = {
        "name": package.name,
        "version": package.version,
        "integrity": package.integrity,
        "changes": package.changes,
        "files": {name: _sha256(text) for name, text in sorted(texts.items())},
    }
    texts["vendor.json"] = json.dumps(record, indent=2) + "\n"
    package.folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (package.folder / name).write_bytes(text.encode())


def _kept_rule(match: re.Match[str]) -> str:
    selectors, declarations = match.groups()
    if "/assets/images/" in declarations:
        return ""
    parts = re.split(r",(?![^(]*\))", selectors)
    kept = [part for part in parts if not any(f".{block}" in part for block in UNUSED_BLOCKS)]
    return f"{','.join(kept)}{{{declarations}}}" if kept else ""


def _without_empty_blocks(css: str) -> str:
    while True:
        css, removed = re.subn(r"@[^{}@;]+\{\s*\}", "", css)
        if not removed:
            return css


def _without_source_map(text: str) -> str:
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)
    return re.sub(r"//# sourceMappingURL=\S*", "", text).rstrip() + "\n"


def _nhs_stylesheet(text: str) -> str:
    return without_nhs_brand(text) + NOTICE


def _nhs_script(text: str) -> str:
    return _without_source_map(text) + NOTICE


def _unchanged(text: str) -> str:
    return text


def _text(archive: tarfile.TarFile, path: str) -> str:
    member = archive.extractfile(f"package/{path}")
    if member is None:
        raise VendorError(f"{path} is not a file in the package")
    return member.read().decode()


def _ensure_clean(name: str, text: str) -> None:
    if not name.endswith(".css"):
        return
    for forbidden in ("Frutiger", "assets.nhs.uk", "/assets/", "url(http"):
        if forbidden in text:
            raise VendorError(f"{name} still mentions {forbidden}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


PACKAGES = (
    Package(
        name="nhsuk-frontend",
        version="10.6.1",
        integrity="sha512-PZorqQZjZx/A26yJoskCL9z0ib6AtkAyF0o4K/RHr8zRrJyXrUOCnMbjy0VNXsGO4tfTNMwqlkwATKs4a0xayw==",
        folder=ROOT / "helpdesk/web/static/vendor/nhsuk-frontend",
        files={
            "nhsuk-frontend.min.css": (
                "dist/nhsuk/nhsuk-frontend.min.css",
                _nhs_stylesheet,
            ),
            "nhsuk-frontend.min.js": ("dist/nhsuk/nhsuk-frontend.min.js", _nhs_script),
        },
        extra_texts={"LICENSE": NHSUK_LICENCE},
        changes="Frutiger, NHS icons, source maps and unused blocks removed.",
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        folder=ROOT / "tests/vendor",
        files={
            "axe.min.js": ("axe.min.js", _unchanged),
            "axe-LICENSE": ("LICENSE", _unchanged),
        },
        extra_texts={},
        changes="None. For browser tests only; never served.",
    ),
)


if __name__ == "__main__":
    main()
