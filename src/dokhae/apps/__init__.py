"""The doors: what people type.  Each command is one call of ``Study``; nothing is decided here."""
