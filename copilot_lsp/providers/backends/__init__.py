"""One file per kind of model server; each exports BACKEND."""
