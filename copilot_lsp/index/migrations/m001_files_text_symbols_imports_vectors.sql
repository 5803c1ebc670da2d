-- Ids of pieces, symbols and imports are file id * 65536 + number within the file, so that all rows of one file are one
-- range of keys: they are replaced and joined without a second index.

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,          -- relative to the root, forward slashes
    language TEXT NOT NULL,             -- empty: text without a grammar
    size INTEGER NOT NULL,              -- bytes on disk
    stamp INTEGER NOT NULL,             -- modification time in ns; with size it tells whether the file must be read again
    digest BLOB NOT NULL,               -- of the content; with equal digest the rows need not be written again
    maker INTEGER NOT NULL,             -- stands for the code and the grammars that made the rows; others are made anew
    tail TEXT NOT NULL                  -- last part of the module name that imports this file, in lower case
) STRICT;
CREATE INDEX files_by_tail ON files (tail);

-- The names in a file and how often each occurs: crc32 of the name (4 bytes) and the number up to 255 (1 byte), packed.
CREATE TABLE names (
    file INTEGER PRIMARY KEY,
    ids BLOB NOT NULL,
    counts BLOB NOT NULL
) STRICT;

CREATE TABLE pieces (
    id INTEGER PRIMARY KEY,
    line INTEGER NOT NULL,
    col INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_col INTEGER NOT NULL,
    name TEXT NOT NULL
) STRICT;

-- Words are kept by their stems: `parse` finds `parsed`. Contentless: the text is read from the file itself when shown.
CREATE VIRTUAL TABLE words USING fts5(name, body, content = '', contentless_delete = 1, tokenize = 'porter ascii');
-- Each transaction writes a segment. Joining four at a time, as is the default, took a crawl a quarter of its writing;
-- with 32 segments a search takes 3 % longer than with one.
INSERT INTO words (words, rank) VALUES ('automerge', 32);
INSERT INTO words (words, rank) VALUES ('crisismerge', 64);

CREATE TABLE symbols (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE,
    kind TEXT NOT NULL,
    container TEXT NOT NULL,
    signature TEXT NOT NULL,
    doc TEXT NOT NULL,
    line INTEGER NOT NULL,
    col INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_col INTEGER NOT NULL,
    name_line INTEGER NOT NULL,
    name_col INTEGER NOT NULL,
    name_end INTEGER NOT NULL
) STRICT;
CREATE INDEX symbols_by_name ON symbols (name);

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    tail TEXT NOT NULL,                 -- last part of the module's name, in lower case
    module TEXT NOT NULL,
    names TEXT NOT NULL                 -- separated by blanks
) STRICT;
CREATE INDEX imports_by_tail ON imports (tail);

-- Written after everything else, a file's vectors in one transaction: a file without any waits for them.
CREATE TABLE vectors (
    space INTEGER NOT NULL,             -- 0: the built-in embedder's, 1: the configured model's (see facts)
    piece INTEGER NOT NULL,
    vector BLOB NOT NULL,               -- int8, one byte for each dimension
    PRIMARY KEY (space, piece)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
