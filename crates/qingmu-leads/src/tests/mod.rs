mod excess;
mod groups;
mod model;
mod output;
mod privacy;
mod rings;
mod slips;
mod stable;
