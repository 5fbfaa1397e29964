//! Seeded counties on real gazetteers with invented claims, and their planted truth.
