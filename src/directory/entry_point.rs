//! Entry points: the organization's own numbers and e-mail addresses.

use std::sync::Arc;

use super::queue::Queue;
use crate::model::{Channel, EmailAddress, EntryPointId};

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

    /// Whether what is sent to an address comes in here: for finding the entry point of what a provider hands in.
    ///
    /// A number counts with its `+` or without, an e-mail address however it is typed, and with what its local part has behind a
    /// `+`, as reply addresses of our own do. Several entry points may have one sender.
    ///
    /// ```
    /// use outbound::directory::{Directory, EntryPoint};
    /// use outbound::model::Channel;
    ///
    /// fn reached<'a>(directory: &'a Directory, number: &str) -> Option<&'a EntryPoint> {
    ///     directory.entry_points_on(Channel::Sms).find(|entry_point| entry_point.is_reached_at(number))
    /// }
    /// ```
    #[must_use]
    pub fn is_reached_at(&self, address: &str) -> bool {
        if self.channel == Channel::Email {
            is_mail_to(&self.sender, address)
        } else {
            without_plus(&self.sender).eq_ignore_ascii_case(without_plus(address))
        }
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

fn without_plus(number: &str) -> &str {
    let number = number.trim();
    number.strip_prefix('+').unwrap_or(number)
}

fn is_mail_to(sender: &str, address: &str) -> bool {
    let (Ok(own), Ok(to)) = (EmailAddress::parse(sender), EmailAddress::parse(address.trim())) else { return false };
    let without_tag = || {
        let (local, domain) = to.canonical().rsplit_once('@')?;
        Some((local.rsplit_once('+')?.0, domain))
    };
    own == to || without_tag().is_some_and(|to| own.canonical().rsplit_once('@') == Some(to))
}
