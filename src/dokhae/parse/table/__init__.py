"""Table exports of patent databases -> documents, one a row: header, cells, encodings, names of columns."""
