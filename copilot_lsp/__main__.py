"""Where `copilot-lsp` and `python -m copilot_lsp` begin."""

import sys


def main() -> int:
    """Run the command line. Asking for the version imports nothing: installers ask for it under a time limit."""
    if sys.argv[1:] == ["--version"]:
        from copilot_lsp import __version__

        print(f"copilot-lsp {__version__}")
        return 0
    from copilot_lsp.cli.main import main as run

    return run()


if __name__ == "__main__":
    # `python -m` puts the current folder first on the path, where a file of the workspace named json.py would be run.
    if not sys.flags.safe_path:
        del sys.path[0]
    sys.exit(main())
