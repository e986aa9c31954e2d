//! A customer: what holds for all of one customer's addresses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::consent::{Consent, ToldBy, Wish};
use super::id::CustomerId;
use super::key::Key;
use super::reason::Reason;

/// One customer: the record that guards an opt-out from the whole organization, and how often the customer was written to
/// (B5, B6). It is there only where the set-up asks for one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    id: CustomerId,
    consent: Option<Consent>,
    written: Vec<DateTime<Utc>>,
}

/// What happened to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CustomerEvent {
    /// Something was written down about the customer for the first time.
    CustomerNoted {
        /// The customer.
        customer: CustomerId,
    },
    /// The customer told a wish that holds for all their addresses (B5).
    WishTold {
        /// The wish.
        wish: Wish,
        /// Who told it.
        by: ToldBy,
        /// Why, where somebody said so.
        reason: Option<Reason>,
    },
    /// The customer was written to without having asked (B6).
    WrittenTo {
        /// When the message may leave.
        at: DateTime<Utc>,
        /// How many of these are kept, the newest.
        keep: u16,
    },
}

impl Customer {
    /// The customer's id.
    #[must_use]
    pub const fn id(&self) -> &CustomerId {
        &self.id
    }

    /// The wish that holds for all addresses, if one was told (B5).
    #[must_use]
    pub const fn consent(&self) -> Option<&Consent> {
        self.consent.as_ref()
    }

    /// When the customer was last written to without having asked, oldest first (B6).
    #[must_use]
    pub fn written(&self) -> &[DateTime<Utc>] {
        &self.written
    }

    /// The key of its record.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::customer(&self.id)
    }

    /// The record as its first event makes it; none where the event is not a first one.
    pub(crate) fn begin(event: &CustomerEvent, _at: DateTime<Utc>) -> Option<Self> {
        let CustomerEvent::CustomerNoted { customer } = event else { return None };
        Some(Self { id: customer.clone(), consent: None, written: Vec::new() })
    }

    /// Changes the record as an event says: the only way in which it changes.
    pub(crate) fn apply(&mut self, event: &CustomerEvent, at: DateTime<Utc>) {
        match event {
            CustomerEvent::CustomerNoted { .. } => {}
            CustomerEvent::WishTold { wish, by, reason } => {
                let (by, reason) = (by.clone(), reason.clone());
                // Whatever the clock says, it is no older than the one before it.
                let at = self.consent.as_ref().map_or(at, |before| at.max(before.at));
                self.consent = Some(Consent { entry_point: None, wish: *wish, at, by, reason });
            }
            CustomerEvent::WrittenTo { at, keep } => {
                let place = self.written.partition_point(|other| other <= at);
                self.written.insert(place, *at);
                let surplus = self.written.len().saturating_sub(usize::from(*keep));
                self.written.drain(..surplus);
            }
        }
    }
}
