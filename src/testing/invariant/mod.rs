//! What must always hold of an organization's records, each for itself: the catalogue of invariants.
//!
//! Most are a matter of the records alone: [`check_all`] looks at those. What else a check needs, its [`Proof`] says: the
//! events, the index entries, or the directory that was decided under.
//!
//! ```
//! use outbound::memory::MemoryStore;
//! use outbound::testing::invariant;
//!
//! let store = MemoryStore::new();
//! // … commands …
//! assert_eq!(invariant::check_all(&store.world()), []);
//! assert_eq!(invariant::check_events(&store.world(), &store.all_events()), []);
//! assert_eq!(invariant::check_entries(&store.world(), &store.entries()), []);
//! ```

pub mod accepted_once;
pub mod entries_are_of_records;
pub mod events_make_the_records;
pub mod frozen_sends_nothing;
pub mod messages_are_numbered;
pub mod one_holder;
pub mod one_open_conversation;
pub mod one_open_conversation_per_address;
pub mod outbox_moves;
pub mod receipts_lead_to_what_was_done;
pub mod references_lead_to_messages;
pub mod slots_are_justified;
pub mod slots_within_limits;
pub mod subjects_were_used;
pub mod threads_lead_to_conversations;
pub mod transfers_match_frozen_tasks;
pub mod versions_count_events;

use std::fmt;

use crate::directory::Directory;
use crate::model::{Conversation, ConversationId, Key, Message, MessageId};
use crate::record::{Entry, Envelope, Record, World};

/// Something that must always hold.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// Its name.
    pub id: &'static str,
    /// What must hold, in one sentence.
    pub says: &'static str,
    /// The record whose version guards it: no two commits that would break it together can both hold.
    pub guard: &'static str,
    /// How it is checked, and what that needs.
    pub proof: Proof,
}

/// How an invariant is checked, and what that needs.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Proof {
    /// The records alone.
    Records(fn(&World) -> Result<(), Violation>),
    /// The records and all events, in the order of the feed.
    Events(fn(&World, &[Envelope]) -> Result<(), Violation>),
    /// The records and all index entries, in whatever order.
    Entries(fn(&World, &[Entry]) -> Result<(), Violation>),
    /// The records and the one directory under which everything was decided.
    Directory(fn(&World, &Directory) -> Result<(), Violation>),
}

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{invariant}, at {at}: {what}")]
pub struct Violation {
    /// The invariant's name.
    pub invariant: &'static str,
    /// The record where it was found.
    pub at: Key,
    /// What was found.
    pub what: String,
}

/// Every invariant.
pub const ALL: [Invariant; 17] = [
    one_open_conversation::INVARIANT,
    one_open_conversation_per_address::INVARIANT,
    threads_lead_to_conversations::INVARIANT,
    slots_within_limits::INVARIANT,
    slots_are_justified::INVARIANT,
    transfers_match_frozen_tasks::INVARIANT,
    one_holder::INVARIANT,
    frozen_sends_nothing::INVARIANT,
    outbox_moves::INVARIANT,
    accepted_once::INVARIANT,
    references_lead_to_messages::INVARIANT,
    messages_are_numbered::INVARIANT,
    subjects_were_used::INVARIANT,
    receipts_lead_to_what_was_done::INVARIANT,
    entries_are_of_records::INVARIANT,
    events_make_the_records::INVARIANT,
    versions_count_events::INVARIANT,
];

/// Checks every invariant that is a matter of the records alone; answers the first violation of each.
#[must_use]
pub fn check_all(world: &World) -> Vec<Violation> {
    violations(|proof| if let Proof::Records(check) = proof { check(world) } else { Ok(()) })
}

/// Checks every invariant that is a matter of records and events.
#[must_use]
pub fn check_events(world: &World, events: &[Envelope]) -> Vec<Violation> {
    violations(|proof| if let Proof::Events(check) = proof { check(world, events) } else { Ok(()) })
}

/// Checks every invariant that is a matter of records and index entries.
#[must_use]
pub fn check_entries(world: &World, entries: &[Entry]) -> Vec<Violation> {
    violations(|proof| if let Proof::Entries(check) = proof { check(world, entries) } else { Ok(()) })
}

/// Checks every invariant that is a matter of records and the directory, where it was the same one all the time: a lowered
/// limit takes nothing away, and a stricter scope closes nothing.
#[must_use]
pub fn check_directory(world: &World, directory: &Directory) -> Vec<Violation> {
    violations(|proof| if let Proof::Directory(check) = proof { check(world, directory) } else { Ok(()) })
}

fn violations(check: impl Fn(&Proof) -> Result<(), Violation>) -> Vec<Violation> {
    ALL.iter().filter_map(|invariant| check(&invariant.proof).err()).collect()
}

impl Invariant {
    const fn violation(&self, at: Key, what: String) -> Violation {
        Violation { invariant: self.id, at, what }
    }

    /// Holds where a condition does.
    fn require(&self, holds: bool, at: Key, what: impl FnOnce() -> String) -> Result<(), Violation> {
        if holds { Ok(()) } else { Err(self.violation(at, what())) }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (guarded by {})", self.id, self.says, self.guard)
    }
}

fn conversation(world: &World, id: ConversationId) -> Option<&Conversation> {
    match world.get(Key::conversation(id)) {
        Some(Record::Conversation(conversation)) => Some(conversation),
        _ => None,
    }
}

fn message(world: &World, id: MessageId) -> Option<&Message> {
    match world.get(Key::message(id)) {
        Some(Record::Message(message)) => Some(message),
        _ => None,
    }
}
