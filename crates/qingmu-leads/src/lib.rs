//! Hits to leads and rings, and the lead files.
