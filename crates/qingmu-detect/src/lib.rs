//! The detection run: from an input folder's rows and baselines to an assessment of every village-year.
