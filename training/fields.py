"""The standing fields the reader has heads for, in the order of its outputs."""

FIELDS = (
    "problem", "solution", "effect", "field", "application", "cause", "material", "process", "key_feature", "parts",
)  # fmt: skip
