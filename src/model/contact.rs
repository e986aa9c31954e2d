//! A contact: one customer address with its threads, and the customer behind it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::consent::{Consent, Suppression, ToldBy, Wish};
use super::id::{ConversationId, CustomerId, EntryPointId};
use super::key::Key;
use super::reason::Reason;
use crate::hours::ZoneId;

/// All conversations between one entry point and one customer address; at most one of them is not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The entry point.
    pub entry_point: EntryPointId,
    /// The conversation that is not closed, if there is one.
    pub open: Option<ConversationId>,
    /// The newest conversation; each names the one before it.
    pub latest: ConversationId,
}

/// One customer address: the record that guards "one conversation that is not closed per thread" (R11), and "nothing is sent to
/// an address that opted out or is suppressed" (B5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    address: Address,
    customer: CustomerId,
    threads: Vec<Thread>,
    #[serde(default)]
    standing: Option<Box<Standing>>,
}

/// What is known of an address besides its threads; of most there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Standing {
    /// At most one for each entry point, and one for all.
    consents: Vec<Consent>,
    /// At most one that people told, and one that a provider did.
    suppressions: Vec<Suppression>,
    zone: Option<ZoneId>,
}

/// What happened to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContactEvent {
    /// The address was seen for the first time.
    ContactMade {
        /// The address.
        address: Address,
        /// The customer behind it.
        customer: CustomerId,
    },
    /// A conversation was opened on a thread.
    ThreadOpened {
        /// The thread's entry point.
        entry_point: EntryPointId,
        /// The conversation.
        conversation: ConversationId,
    },
    /// The open conversation of a thread was closed.
    ThreadClosed {
        /// The thread's entry point.
        entry_point: EntryPointId,
    },
    /// The customer wants no more messages (B5).
    OptedOut {
        /// From this entry point; none for all.
        entry_point: Option<EntryPointId>,
        /// Who told it.
        by: ToldBy,
        /// Why, where somebody said so.
        reason: Option<Reason>,
    },
    /// The customer wants messages (B5).
    OptedIn {
        /// From this entry point; none for all.
        entry_point: Option<EntryPointId>,
        /// Who told it.
        by: ToldBy,
        /// Why, where somebody said so.
        reason: Option<Reason>,
    },
    /// The address is not written to for a while (B5).
    Suppressed {
        /// Until when.
        until: DateTime<Utc>,
        /// Who told it.
        by: ToldBy,
        /// Why, where somebody said so.
        reason: Option<Reason>,
    },
    /// The address may be written to again (B5).
    SuppressionLifted {
        /// Who told it.
        by: ToldBy,
        /// Why, where somebody said so.
        reason: Option<Reason>,
    },
    /// It was told where the owner of the address is (B6).
    ZoneSet {
        /// The zone; none where it is not known after all.
        zone: Option<ZoneId>,
    },
}

impl Contact {
    /// The address, as it was first seen; each conversation has the form that it was begun with.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The customer behind the address.
    #[must_use]
    pub const fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The threads, in the order in which they began.
    #[must_use]
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// The thread with an entry point.
    #[must_use]
    pub fn thread(&self, entry_point: &EntryPointId) -> Option<&Thread> {
        self.threads.iter().find(|thread| thread.entry_point == *entry_point)
    }

    /// The customer's wishes on record (B5).
    #[must_use]
    pub fn consents(&self) -> &[Consent] {
        self.standing.as_ref().map_or(&[], |standing| &standing.consents)
    }

    /// The customer's newest wish about messages from an entry point (B5).
    #[must_use]
    pub fn consent(&self, entry_point: &EntryPointId) -> Option<&Consent> {
        let concerns = |consent: &&Consent| consent.entry_point.as_ref().is_none_or(|about| about == entry_point);
        self.consents().iter().filter(concerns).max_by_key(|consent| (consent.at, consent.wish))
    }

    /// The suppressions on record, those that are over too: at most one that people told, and one that a provider did (B5).
    #[must_use]
    pub fn suppressions(&self) -> &[Suppression] {
        self.standing.as_ref().map_or(&[], |standing| &standing.suppressions)
    }

    /// Why the address is not written to at a time, if it is not (B5): of two, the one that lasts longer.
    #[must_use]
    pub fn suppression(&self, now: DateTime<Utc>) -> Option<&Suppression> {
        let stand = self.suppressions().iter().filter(|suppression| suppression.until > now);
        stand.max_by_key(|suppression| suppression.until)
    }

    /// The time zone in which its owner is, where somebody told (B6).
    #[must_use]
    pub fn zone(&self) -> Option<&ZoneId> {
        self.standing.as_ref()?.zone.as_ref()
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::contact(&self.address)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &ContactEvent, _at: DateTime<Utc>) -> Option<Self> {
        let ContactEvent::ContactMade { address, customer } = event else { return None };
        Some(Self { address: address.clone(), customer: customer.clone(), threads: Vec::new(), standing: None })
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &ContactEvent, at: DateTime<Utc>) {
        match event {
            ContactEvent::ContactMade { .. } => {}
            ContactEvent::ThreadOpened { entry_point, conversation } => {
                match self.threads.iter_mut().find(|thread| thread.entry_point == *entry_point) {
                    Some(thread) => {
                        thread.open = Some(*conversation);
                        thread.latest = *conversation;
                    }
                    None => {
                        // Most addresses ever write to one entry point.
                        self.threads.reserve_exact(1);
                        self.threads.push(Thread {
                            entry_point: entry_point.clone(),
                            open: Some(*conversation),
                            latest: *conversation,
                        });
                    }
                }
            }
            ContactEvent::ThreadClosed { entry_point } => {
                if let Some(thread) = self.threads.iter_mut().find(|thread| thread.entry_point == *entry_point) {
                    thread.open = None;
                }
            }
            ContactEvent::OptedOut { entry_point, by, reason } => {
                let (entry_point, by, reason) = (entry_point.clone(), by.clone(), reason.clone());
                self.tell(Consent { entry_point, wish: Wish::OptedOut, at, by, reason });
            }
            ContactEvent::OptedIn { entry_point, by, reason } => {
                let (entry_point, by, reason) = (entry_point.clone(), by.clone(), reason.clone());
                self.tell(Consent { entry_point, wish: Wish::OptedIn, at, by, reason });
            }
            ContactEvent::Suppressed { until, by, reason } => {
                let suppressions = &mut self.standing().suppressions;
                suppressions.retain(|other| !other.is_replaced_by(by));
                let (by, reason) = (by.clone(), reason.clone());
                suppressions.push(Suppression { since: at, until: *until, by, reason });
            }
            ContactEvent::SuppressionLifted { by, .. } => {
                self.standing().suppressions.retain(|suppression| !suppression.is_lifted_by(by));
            }
            ContactEvent::ZoneSet { zone } => self.standing().zone.clone_from(zone),
        }
    }

    fn standing(&mut self) -> &mut Standing {
        self.standing.get_or_insert_default()
    }

    /// A wish replaces those that it covers: a word about all entry points covers every other. It is no older than those before
    /// it, whatever the clock says.
    fn tell(&mut self, mut consent: Consent) {
        let consents = &mut self.standing().consents;
        consent.at = consents.iter().map(|other| other.at).fold(consent.at, DateTime::max);
        let about = consent.entry_point.as_ref();
        consents.retain(|other| about.is_some_and(|about| other.entry_point.as_ref() != Some(about)));
        consents.push(consent);
    }
}
