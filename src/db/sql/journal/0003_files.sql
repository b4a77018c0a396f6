-- Outside the projections: what the files of etc/ said, by SHA-256; looked at against the hash when it is read. From
-- here on a row of file_version with an empty sha256 says that the file is no longer in force (file.withdrawn).
CREATE TABLE file_content (
    sha256 BLOB PRIMARY KEY NOT NULL,
    content BLOB NOT NULL
) STRICT;
