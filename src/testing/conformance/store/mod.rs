//! The checks of a store, by group.

pub(super) mod commit;
pub(super) mod dedupe;
pub(super) mod events;
pub(super) mod failures;
pub(super) mod histories;
pub(super) mod isolation;
pub(super) mod load;
pub(super) mod outbox;
pub(super) mod queries;
