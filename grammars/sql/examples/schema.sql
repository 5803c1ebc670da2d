-- Everything with sides.
CREATE TABLE polygons (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE VIEW large AS
SELECT id FROM polygons WHERE id > 10;

CREATE INDEX by_name ON polygons (name);

SELECT p.name FROM polygons p;
