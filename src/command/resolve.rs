//! The one way in which commands find the conversation of an address (B1).

use std::sync::Arc;

use crate::engine::{Context, Stop, View};
use crate::model::{Address, Contact, Conversation, ConversationId, CustomerId, EntryPointId};
use crate::threading::bearing;

/// What is known of an address at an entry point.
#[derive(Debug)]
pub(super) struct Resolution<'v> {
    /// The contact, once the address was seen.
    pub(super) contact: Option<&'v Arc<Contact>>,
    /// The conversation that is not closed, if there is one.
    pub(super) open: Option<&'v Arc<Conversation>>,
    /// The newest conversation of the thread (R39).
    pub(super) latest: Option<ConversationId>,
}

impl Resolution<'_> {
    /// R26: the customer of the address: whom the contact knows, else whom the host names, else one who is met now.
    pub(super) fn customer(&self, cx: &Context<'_>, given: Option<&CustomerId>) -> CustomerId {
        let known = self.contact.map(|contact| contact.customer());
        known.or(given).cloned().unwrap_or_else(|| CustomerId::met_by(cx.command))
    }
}

/// B1: the contact of an address, and the conversation that it leads to.
///
/// B9: a contact's key is one for both numbers of a phone, so that its one record guards both.
pub(super) fn resolve<'v>(
    cx: &Context<'_>,
    view: &'v View,
    entry_point: &EntryPointId,
    address: &Address,
) -> Result<Resolution<'v>, Stop> {
    let Some(contact) = view.contact(address)? else {
        return Ok(Resolution { contact: None, open: None, latest: None });
    };
    let bearing = bearing(contact, entry_point, cx.directory().organization().conflict_scope());
    let open = bearing.open.map(|open| view.named_conversation(open)).transpose()?;
    Ok(Resolution { contact: Some(contact), open, latest: bearing.latest })
}
