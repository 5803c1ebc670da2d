"""What the user may set about the index."""

from pydantic import BaseModel, ConfigDict, Field

from copilot_lsp.index.scope import Scope

# Lock files, minified and generated code: large, never written by hand, and found by every search.
_EXCLUDE = (
    "node_modules/",
    "bower_components/",
    "__pycache__/",
    "site-packages/",
    ".tox/",
    ".nox/",
    ".eggs/",
    "*.egg-info/",
    ".gradle/",
    ".terraform/",
    "*.min.js",
    "*.min.css",
    "*.bundle.js",
    "*.map",
    "*.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
)


class IndexSettings(BaseModel):
    """The index of a workspace: what is in it and what is not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(default=True, description="Index the workspace in the background.")
    max_file_bytes: int = Field(default=1_000_000, ge=1_000, le=50_000_000, description="Larger files are left out.")
    max_files: int = Field(default=200_000, ge=1, description="No more files than this are indexed.")
    exclude: tuple[str, ...] = Field(
        default=_EXCLUDE,
        description="Patterns as in .gitignore of what is left out besides .gitignore and .copilotignore.",
    )
    text: tuple[str, ...] = Field(
        default=(
            ".txt",
            ".rst",
            ".adoc",
            ".org",
            ".proto",
            ".graphql",
            ".cmake",
            ".gradle",
            ".ini",
            ".cfg",
            ".properties",
        ),
        description="Extensions of files without a grammar that are indexed as text.",
    )
    vectors: bool = Field(
        default=True, description="Also find similar code, and what is meant where a model server offers embeddings."
    )

    @property
    def scope(self) -> Scope:
        """The same for those who do not check it."""
        return Scope(self.max_file_bytes, self.max_files, self.exclude, self.text, self.vectors)
