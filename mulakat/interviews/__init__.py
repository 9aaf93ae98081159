"""What the platform remembers: documents, MongoDB, media store, where recordings come from, events, settings."""
