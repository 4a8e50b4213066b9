"""The tables of library.db, format 2.

In: nothing.  Out: SQL.  ``user_version`` of the file is the format; ``application_id`` says that it is ours.  Changing
a table raises FORMAT and adds a step to ``upgrading.STEPS``; an older program then refuses the study by name.

applications 1-n publications 1-n sources n-n texts 1-n answers.  ``publications.view`` is derived: what the records of
its sources add up to (identity.py), written in the same transaction, so that reading is one row a patent.  ``filed``
and ``family_id`` stand in the view too: families (families.py) are made of them and of ``numbers`` without unpacking.

    format 1   the first
    format 2   publications.filed, publications.family_id; views hold every status supplied, and records without an
               application number join the application that has their publication or grant number
"""

from __future__ import annotations

FORMAT = 2
APPLICATION_ID = 0x444F4B48  # "DOKH"

TABLES = """
-- seq: of the latest change.  schema: the one whose answers are shown.
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('seq', 0);

CREATE TABLE applications (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE);

-- seq: of its last change that a reader can see.  text: digest of the current text.  view: packed Record.
CREATE TABLE publications (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    application INTEGER NOT NULL REFERENCES applications (id),
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    is_representative INTEGER NOT NULL,
    view BLOB NOT NULL,
    filed TEXT NOT NULL DEFAULT '',
    family_id TEXT NOT NULL DEFAULT ''
);
CREATE INDEX publications_by_seq ON publications (seq);
CREATE INDEX publications_by_application ON publications (application);
CREATE INDEX publications_by_text ON publications (text);

-- Tombstones: indexes learn from here what to drop.
CREATE TABLE removed (seq INTEGER PRIMARY KEY, publication INTEGER NOT NULL);

CREATE TABLE numbers (
    publication INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    office TEXT NOT NULL,
    role TEXT NOT NULL,
    digits TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (publication, office, role, digits, kind)
) WITHOUT ROWID;
CREATE INDEX numbers_by_digits ON numbers (digits, office);

-- stem: file name without folder and suffix, case-folded.  record: what this source says, packed; content: its digest.
CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    publication INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    item INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    stem TEXT NOT NULL,
    content TEXT NOT NULL,
    record BLOB NOT NULL,
    UNIQUE (publication, path, member, item)
);
CREATE INDEX sources_by_stem ON sources (stem);
CREATE INDEX sources_by_file ON sources (path, member);

CREATE TABLE texts (digest TEXT PRIMARY KEY, words BLOB NOT NULL, structure BLOB NOT NULL);
CREATE TABLE text_uses (
    source INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (source, text)
) WITHOUT ROWID;
CREATE INDEX text_uses_by_text ON text_uses (text);

-- schema: digest of the fields, models and settings that made the answers.
CREATE TABLE answers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL REFERENCES texts (digest) ON DELETE CASCADE,
    schema TEXT NOT NULL,
    packed BLOB NOT NULL,
    UNIQUE (text, schema)
);
CREATE TABLE quantities (
    text TEXT PRIMARY KEY REFERENCES texts (digest) ON DELETE CASCADE,
    made_by TEXT NOT NULL,
    packed BLOB NOT NULL
);

CREATE TABLE rejected (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    item INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    stage TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    made_by TEXT NOT NULL,
    UNIQUE (path, member, item, stage, code)
);

-- Which units of work (files, archive members, ranges of long files) have been read to their end, by which version.
CREATE TABLE files (
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    place INTEGER NOT NULL,
    start INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    n_documents INTEGER NOT NULL,
    PRIMARY KEY (sha256, place, start, path)
) WITHOUT ROWID;
CREATE INDEX files_by_path ON files (path);

-- What people said about an answer (feedback.py); a text stays while one points to it.  verdict: accept, reject or
-- correct, after "moved " or "lost " where it was said of the text this one replaced.  A row for each passage.
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL REFERENCES texts (digest),
    field TEXT NOT NULL,
    verdict TEXT NOT NULL,
    start INTEGER,
    "end" INTEGER,
    quote TEXT,
    by_whom TEXT NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL);
"""
