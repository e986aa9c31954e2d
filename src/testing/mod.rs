//! For hosts' own tests (feature `testing`): what must always hold, and what a store and a delivery must do.
