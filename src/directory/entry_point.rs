//! Entry points: the organization's own numbers and e-mail addresses.

use std::sync::Arc;

use super::queue::Queue;
use crate::model::{Channel, EntryPointId};

/// One of the organization's own numbers or e-mail addresses: what a conversation is sent from (R16) and answered to.
#[derive(Debug, Clone)]
pub struct EntryPoint {
    pub(super) id: EntryPointId,
    pub(super) name: String,
    pub(super) channel: Channel,
    pub(super) sender: String,
    pub(super) queue: Arc<Queue>,
    pub(super) enabled: bool,
}

impl EntryPoint {
    /// The entry point's id.
    #[must_use]
    pub fn id(&self) -> &EntryPointId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The channel it is on: one that starts outbound (R2, R16).
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The number, short code, sender name or e-mail address that a customer sees.
    #[must_use]
    pub fn sender(&self) -> &str {
        &self.sender
    }

    /// The queue that takes what arrives here; it serves the entry point's channel.
    #[must_use]
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Whether a conversation may be started from it (R16).
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }
}
