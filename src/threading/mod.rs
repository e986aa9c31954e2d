//! Which conversation an address belongs to: one resolver for what agents start and for what customers write (B1).

use std::sync::Arc;

use crate::directory::ConflictScope;
use crate::engine::{Stop, View};
use crate::model::{Address, Contact, Conversation, ConversationId, EntryPointId};

/// What is known of an address at an entry point.
#[derive(Debug)]
pub(crate) struct Resolution<'v> {
    /// The contact, once the address was seen.
    pub(crate) contact: Option<&'v Arc<Contact>>,
    /// The conversation that is not closed, if there is one.
    pub(crate) open: Option<&'v Arc<Conversation>>,
    /// The newest conversation of the thread (R39).
    pub(crate) latest: Option<ConversationId>,
}

/// B1, R11, R26: "is there a conversation?", on the record that guards the answer: the contact.
///
/// Under [`ConflictScope::Address`] an open conversation on any thread of the address counts; the thread's own comes first.
pub(crate) fn resolve<'v>(
    view: &'v View,
    entry_point: &EntryPointId,
    address: &Address,
    scope: ConflictScope,
) -> Result<Resolution<'v>, Stop> {
    let Some(contact) = view.contact(address)? else {
        return Ok(Resolution { contact: None, open: None, latest: None });
    };
    let thread = contact.thread(entry_point);
    let own = thread.and_then(|thread| thread.open);
    let open = match scope {
        ConflictScope::EntryPoint => own,
        ConflictScope::Address => own.or_else(|| contact.threads().iter().find_map(|thread| thread.open)),
    };
    let open = open.map(|open| view.named_conversation(open)).transpose()?;
    Ok(Resolution { contact: Some(contact), open, latest: thread.map(|thread| thread.latest) })
}
