"""Copies of a folder of FAQ files: one to try a change in, and the last good one to compare with."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpdesk.faq.loader.accepted import FILE as ACCEPTED
from helpdesk.faq.loader.folder import files_of

MESSAGES = "messages.jsonl"
BESIDE = (MESSAGES, ACCEPTED)


@contextmanager
def changed_copy(folder: Path, name: str, text: str) -> Iterator[Path]:
    """A copy of the folder in which one file holds this text; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="faq-") as made:
        copy = Path(made)
        copy_files(folder, copy)
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
        yield copy


def keep_snapshot(folder: Path, snapshot: Path) -> None:
    """Keep the folder as it is now as the last good one."""
    if is_same(folder, snapshot):
        return
    shutil.rmtree(snapshot, ignore_errors=True)
    copy_files(folder, snapshot)


def snapshot_folder(data_dir: Path, folder: Path) -> Path:
    """Where the last good state of this folder is kept."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return data_dir / "faq_published" / name


def is_same(folder: Path, snapshot: Path) -> bool:
    """Whether both hold the same files."""
    return _contents(folder) == _contents(snapshot)


def hash_of_folder(folder: Path) -> str:
    """Equal for folders that hold the same files, wherever they are."""
    parts = (f"{name}\0{hashlib.sha256(content).hexdigest()}" for name, content in _contents(folder).items())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def copy_files(folder: Path, to: Path) -> None:
    """Copy all that makes up the FAQ."""
    for path in _all_files(folder):
        target = to / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def copy_one(path: Path, kept: Path) -> None:
    """Let a snapshot follow one published file, where there is a snapshot."""
    if kept.parent.is_dir():
        shutil.copyfile(path, kept)


def write_atomically(path: Path, text: str) -> None:
    """Replace the file at once: who reads it meanwhile gets the old text or the new one, never half of either."""
    # Hidden, so that the loader leaves it out while it is being written.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode if path.exists() else 0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in _all_files(folder)}


def _all_files(folder: Path) -> list[Path]:
    return [*files_of(folder), *(folder / name for name in BESIDE if (folder / name).exists())]
