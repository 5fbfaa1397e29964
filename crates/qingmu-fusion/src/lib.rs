//! From deviations and counted rows to one probability per village-year, rings, and money with intervals.
