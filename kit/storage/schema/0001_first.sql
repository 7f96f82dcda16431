-- The first schema: one class, its spaces, projects, samples and models.
--
-- Labels and samples are numbered inside their project, so that a project is duplicated by
-- copying rows. Numbers only rise and are the only order there is: the kit has no clock to trust.

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL                     -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('change', 0);   -- rises with every change, never falls

CREATE TABLE space (
    id TEXT PRIMARY KEY,
    animal TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE project (
    id TEXT PRIMARY KEY,
    space_id TEXT NOT NULL REFERENCES space ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    activity TEXT,
    is_example INTEGER NOT NULL,
    threshold REAL,
    changed_seq INTEGER NOT NULL,
    last_label INTEGER NOT NULL DEFAULT 0,
    last_sample INTEGER NOT NULL DEFAULT 0,
    last_model INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX project_by_space ON project (space_id);

CREATE TABLE label (
    project_id TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    style INTEGER NOT NULL,
    is_nothing INTEGER NOT NULL,
    samples INTEGER NOT NULL DEFAULT 0,     -- kept by the triggers below: never counted again
    removed INTEGER,                        -- the removal's mark; NULL: it is there
    PRIMARY KEY (project_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX label_by_name ON label (project_id, name) WHERE removed IS NULL;

CREATE TABLE sample (
    project_id TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    label INTEGER NOT NULL,
    burst_id TEXT NOT NULL,
    media_hash TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    source TEXT NOT NULL,
    facets TEXT,                            -- JSON; NULL: none
    removed INTEGER,
    PRIMARY KEY (project_id, sequence),
    FOREIGN KEY (project_id, label) REFERENCES label ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_by_label ON sample (project_id, label, sequence);
CREATE INDEX sample_by_media ON sample (project_id, media_hash);
CREATE INDEX sample_removed ON sample (removed) WHERE removed IS NOT NULL;

CREATE TRIGGER sample_added AFTER INSERT ON sample WHEN new.removed IS NULL BEGIN
    UPDATE label SET samples = samples + 1
    WHERE project_id = new.project_id AND number = new.label;
END;
CREATE TRIGGER sample_gone AFTER DELETE ON sample WHEN old.removed IS NULL BEGIN
    UPDATE label SET samples = samples - 1
    WHERE project_id = old.project_id AND number = old.label;
END;
CREATE TRIGGER sample_changed AFTER UPDATE OF label, removed ON sample BEGIN
    UPDATE label SET samples = samples - 1
    WHERE project_id = old.project_id AND number = old.label AND old.removed IS NULL;
    UPDATE label SET samples = samples + 1
    WHERE project_id = new.project_id AND number = new.label AND new.removed IS NULL;
END;

-- Everything an embedding depends on but the picture itself; a few rows in all.
CREATE TABLE embedder (
    id INTEGER PRIMARY KEY,
    backbone_hash TEXT NOT NULL,
    input_size INTEGER NOT NULL,
    cut TEXT NOT NULL,
    preparation_version INTEGER NOT NULL,
    runtime_version TEXT NOT NULL,
    view INTEGER NOT NULL,
    UNIQUE (backbone_hash, input_size, cut, preparation_version, runtime_version, view)
) STRICT;

-- A table with rowids: its leaves hold a vector of 5 KB in place, an index tree's would not.
CREATE TABLE embedding (
    id INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    media_hash TEXT NOT NULL,
    embedder INTEGER NOT NULL REFERENCES embedder,
    vector BLOB NOT NULL,                   -- float32, little-endian
    UNIQUE (project_id, media_hash, embedder)
) STRICT;

CREATE TABLE model (
    project_id TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    number INTEGER NOT NULL,
    record TEXT NOT NULL,                   -- JSON
    arrays BLOB NOT NULL,                   -- .npz, read without pickle
    PRIMARY KEY (project_id, number)
) STRICT;

CREATE TABLE job (
    id TEXT PRIMARY KEY,
    verb TEXT NOT NULL,
    project_id TEXT REFERENCES project ON DELETE CASCADE,
    space_id TEXT REFERENCES space ON DELETE CASCADE,
    state TEXT NOT NULL,
    progress REAL NOT NULL,
    result TEXT,                            -- JSON
    error TEXT                              -- JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX job_by_project ON job (project_id);
CREATE INDEX job_by_space ON job (space_id);
