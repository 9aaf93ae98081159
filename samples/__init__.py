"""The sample interview; installed as `mulakat_samples`."""
