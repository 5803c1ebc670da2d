-- One row for each suggestion that was shown: names and numbers, never text.

CREATE TABLE outcomes (
    id INTEGER PRIMARY KEY,             -- random, so that processes need not agree on the next one
    at INTEGER NOT NULL,                -- when it was shown, seconds since 1970
    language TEXT NOT NULL,
    source TEXT NOT NULL,               -- the embedded engine or a model's name
    surface TEXT NOT NULL,              -- where it was shown: inline, popup
    confidence REAL NOT NULL,
    lines INTEGER NOT NULL,
    length INTEGER NOT NULL,            -- characters of the suggestion
    verdict TEXT NOT NULL,              -- accepted, partly, typed, rejected, ignored
    told INTEGER NOT NULL,              -- 1: the editor said so; 0: inferred from what happened to the text
    taken INTEGER NOT NULL,             -- characters that were accepted
    typed INTEGER NOT NULL,             -- characters that were typed by hand as suggested
    seconds REAL NOT NULL,              -- from being shown to the verdict
    kept_30 REAL,                       -- share of the accepted text that stood there 30 s later, and so on
    kept_90 REAL,
    kept_180 REAL,
    kept_360 REAL
) STRICT;
CREATE INDEX outcomes_by_time ON outcomes (at);
