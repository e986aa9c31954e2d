//! The floor: a contact centre written by hand for one task, with the same records, index entries, events and rules in std's hash maps
//! behind one mutex. It has small numbers for ids, no guards, no store that could be another, no reasons beyond an enum: what is
//! left when everything that a library is for is left out.

pub(crate) mod centre;
pub(crate) mod directory;
pub(crate) mod event;
pub(crate) mod messages;
pub(crate) mod record;
pub(crate) mod rules;
