"""Patents as plain text or markdown: copied from a viewer, or converted."""
