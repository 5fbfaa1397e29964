mod excess;
mod groups;
mod output;
mod privacy;
mod rings;
mod stable;
