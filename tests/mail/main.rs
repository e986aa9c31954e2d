//! Mail as it is in the world: ids, headers, own ids, binding, threads, automatic mail, bounces (B7).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::type_complexity,
    clippy::panic,
    reason = "tables, and tests that say by a panic that they cannot go on"
)]

mod automatic;
mod binding;
mod forest;
mod headers;
mod ids;
#[cfg(feature = "mime")]
mod mime;
mod own_ids;
mod reports;
mod subjects;
