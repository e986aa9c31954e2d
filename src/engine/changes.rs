//! What a decision changes: plain data that a store commits whole or not at all.

use serde::{Deserialize, Serialize};

use crate::model::{CommandId, Key};
use crate::record::{Entry, Envelope, Version, Versioned};

/// A record that must still be as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The record.
    pub key: Key,
    /// The version that was seen; none where it was absent.
    pub version: Option<Version>,
}

/// A record to be written: created where its guard saw none, else replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// The record's key.
    pub key: Key,
    /// The record with its new version.
    pub versioned: Versioned,
}

/// An entry that comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexChange {
    /// It comes.
    Add(Entry),
    /// It goes.
    Remove(Entry),
}

/// Everything that one command changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The command.
    pub command: CommandId,
    /// What must still hold, in the order of the keys: the order in which a store locks. Every write has its guard here.
    pub guards: Vec<Guard>,
    /// The records, in the order of their keys.
    pub writes: Vec<Write>,
    /// The entries that go and come.
    pub index: Vec<IndexChange>,
    /// The events, in the order in which they happened.
    pub events: Vec<Envelope>,
}
