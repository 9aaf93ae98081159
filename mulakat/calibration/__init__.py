"""Scores held against reviewers' ratings: agreement, better weights, proposals. Nothing is applied."""
