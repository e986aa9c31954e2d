//! The checks of a store, by group.

pub(super) mod load;
