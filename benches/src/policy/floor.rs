//! The rules as ifs, written by hand.

use std::hint::black_box;

use super::Case;
use crate::by_hand::directory::{Channel, Directory, STANDARD};
use crate::by_hand::record::{Contact, Presence, Session, Slot, State, Thread};
use crate::by_hand::rules::{Start, reasons_against};

/// One question, and all that is known.
#[derive(Debug)]
pub(crate) struct Floor {
    directory: Directory,
    presence: Option<Presence>,
    contact: Contact,
    start: Start,
}

impl Floor {
    pub(crate) fn new(case: Case) -> Self {
        let allowed = case == Case::Allowed;
        let slot = |conversation| Slot { channel: Channel::Sms, outbound: true, conversation, since: 0 };
        let session = Some(Session { team: 1, state: State::Available });
        let presence = Presence { version: 1, session, slots: vec![slot(1), slot(2)] };
        let thread = Thread { entry_point: 1, open: None, latest: 3 };
        let contact =
            Contact { version: 1, customer: 7, threads: vec![thread], opted_out: !allowed, suppressed_until: None };
        let start = Start {
            agent: if allowed { 0 } else { STANDARD },
            channel: Channel::Sms,
            entry_point: if allowed { 1 } else { 2 },
            to: (Channel::Sms, 351_900_000_000),
            customer: Some(7),
            at: 10,
        };
        Self { directory: Directory::with_agents(1_000), presence: allowed.then_some(presence), contact, start }
    }

    /// How many reasons are against it.
    pub(crate) fn reasons(&self) -> usize {
        let reasons =
            reasons_against(black_box(&self.start), &self.directory, self.presence.as_ref(), Some(&self.contact));
        black_box(reasons).len()
    }
}
