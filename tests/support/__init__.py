"""What several tests share: recordings made for them, real servers, data."""
