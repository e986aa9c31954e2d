//! Which conversation an address belongs to: one answer for what agents start and for what customers write (B1).

use crate::directory::ConflictScope;
use crate::model::{Contact, ConversationId, EntryPointId};

/// What a contact says about a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearing {
    /// The conversation that is not closed and in the way of another, if there is one.
    pub(crate) open: Option<ConversationId>,
    /// The newest conversation of the thread (R39).
    pub(crate) latest: Option<ConversationId>,
}

/// B1, R11, R26: "is there a conversation?", answered by the record that guards it: the contact.
///
/// Under [`ConflictScope::Address`] an open conversation on any thread of the address counts; the thread's own comes first.
pub(crate) fn bearing(contact: &Contact, entry_point: &EntryPointId, scope: ConflictScope) -> Bearing {
    let thread = contact.thread(entry_point);
    let own = thread.and_then(|thread| thread.open);
    let open = match scope {
        ConflictScope::EntryPoint => own,
        ConflictScope::Address => own.or_else(|| contact.threads().iter().find_map(|thread| thread.open)),
    };
    Bearing { open, latest: thread.map(|thread| thread.latest) }
}
