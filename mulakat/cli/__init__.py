"""The command `mulakat`, one module for each family of commands; no logic of its own."""
