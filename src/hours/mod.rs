//! Local time: zones, those of a number, and windows of the day. Knows nothing of the domain.
