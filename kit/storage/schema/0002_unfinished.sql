-- A project that is still being filled, by an import: nobody sees it, and a start forgets it.

ALTER TABLE project ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0;
