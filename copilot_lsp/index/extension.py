"""Is sqlite-vec there, which computes with vectors inside of SQLite?"""

import importlib.util
from functools import cache
from pathlib import Path

import apsw

from copilot_lsp.store.connection import Connection


def has_vectors(connection: Connection) -> bool:
    """Whether sqlite-vec is loaded into the connection, loading it at the first use. Some platforms have none."""
    path = _path()
    if path is None:
        return False
    try:
        connection.execute("SELECT vec_version()")
    except apsw.SQLError:
        connection.enable_load_extension(True)
        try:
            connection.load_extension(path)
        except apsw.ExtensionLoadingError:
            return False
        finally:
            connection.enable_load_extension(False)
    return True


@cache
def _path() -> str | None:
    """Where it lies; found without importing the package, which would load another SQLite for nothing."""
    spec = importlib.util.find_spec("sqlite_vec")
    if spec is None or spec.origin is None:
        return None
    return str(Path(spec.origin).parent / "vec0")
