"""What a text means to its grammar: languages as data, incremental trees, and one module per kind of question."""
