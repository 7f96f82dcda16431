-- Sounds and gestures beside pictures: what a project is told apart by, what a sample holds.

ALTER TABLE project ADD COLUMN hearing TEXT;             -- of sounds: words or sounds
ALTER TABLE project ADD COLUMN hands INTEGER;            -- of gestures: 1 or 2
ALTER TABLE project ADD COLUMN blur_faces TEXT NOT NULL DEFAULT 'uploads';

ALTER TABLE sample ADD COLUMN media TEXT NOT NULL DEFAULT 'picture';
ALTER TABLE sample ADD COLUMN sent_bytes INTEGER;        -- of the picture that a gesture was made from

-- A clip that was trimmed: the whole of it, until it can come back no more.
ALTER TABLE sample ADD COLUMN whole_hash TEXT;
ALTER TABLE sample ADD COLUMN whole_bytes INTEGER;
ALTER TABLE sample ADD COLUMN trimmed INTEGER;           -- the trimming's mark, as a removal's
CREATE INDEX sample_trimmed ON sample (trimmed) WHERE trimmed IS NOT NULL;
CREATE INDEX sample_by_whole ON sample (project_id, whole_hash) WHERE whole_hash IS NOT NULL;
