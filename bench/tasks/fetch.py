"""How does a source package get into the cache folder?"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path

from bench.tasks.packages import Package


def fetch(package: Package, cache: Path | None = None) -> Path:
    """The unpacked project, fetched by its registry's own client once and kept (default: in the user's cache folder).

    Raises ValueError where the archive is not the one in the table.
    """
    folder = cache or user_cache_path("copilot-lsp") / "bench" / "packages"
    kept = folder / f"{package.name}-{package.version}"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            archive = _CLIENTS[package.registry](package, Path(scratch))
            _check(package, archive)
            _unpack(archive, Path(scratch, "unpacked"))
            _project(package, Path(scratch, "unpacked")).rename(kept)
    return kept


def _check(package: Package, archive: Path) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise ValueError(f"{archive.name} has the digest {found}, not that of {package.name} in packages.toml")


def _unpack(archive: Path, folder: Path) -> None:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as unpacking:
            unpacking.extractall(folder)
    else:
        with tarfile.open(archive) as unpacking:
            unpacking.extractall(folder, filter="data")


def _project(package: Package, unpacked: Path) -> Path:
    """Archives hold one folder, or some that lead to one as the modules of Go do; a jar has the sources at its top."""
    top = unpacked
    while len(inside := list(top.iterdir())) == 1 and inside[0].is_dir():
        top = inside[0]
    return top / package.keep


def _pip(package: Package, folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    _run([*pip, "--dest", str(folder), f"{package.package}=={package.version}"], folder)
    return _only(folder)


def _npm(package: Package, folder: Path) -> Path:
    _run(["npm", "pack", "--silent", f"{package.package}@{package.version}"], folder)
    return _only(folder)


def _maven(package: Package, folder: Path) -> Path:
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
    artifact = f"{package.package}:{package.version}:jar:sources"
    _run(["mvn", "-q", "-B", copy, f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"], folder)
    return _only(folder)


def _go(package: Package, folder: Path) -> Path:
    told = _run(["go", "mod", "download", "-json", f"{package.package}@{package.version}"], folder)
    return Path(json.loads(told)["Zip"])


_CLIENTS: dict[str, Callable[[Package, Path], Path]] = {"pypi": _pip, "npm": _npm, "maven": _maven, "go": _go}


def _run(command: list[str], folder: Path) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(f"{command[0]} is needed to fetch a package; install it")
    done = subprocess.run([program, *command[1:]], cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _only(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.suffix in {".gz", ".tgz", ".jar"})
