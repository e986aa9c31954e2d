//! What happened, as the floor writes it down: complete enough to make its records again.

use std::sync::Arc;

/// An event with its circumstances.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) struct Envelope {
    /// The kind of the record that it happened to.
    pub(crate) kind: u8,
    /// That record's id.
    pub(crate) stream: u128,
    pub(crate) sequence: u64,
    pub(crate) command: u128,
    pub(crate) ordinal: u16,
    pub(crate) actor: u32,
    pub(crate) at: i64,
    pub(crate) directory: u64,
    pub(crate) event: Event,
}

/// What happened.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) enum Event {
    Opened(Box<Opening>),
    Offered { offer: u128, to: u32, expires: i64 },
    Accepted { agent: u32 },
    Closed { by: u32 },
    WrappedUp { agent: u32, reason: u32 },
    ContactMade { address: u64, customer: u128 },
    ThreadOpened { entry_point: u32, conversation: u128 },
    ThreadClosed { entry_point: u32 },
    SlotTaken { outbound: bool, conversation: u128 },
    SlotChanged { conversation: u128, deadline: i64 },
    SlotFreed { conversation: u128 },
    MessageMade(Box<Made>),
    MessageReceived { message: u128 },
    MessageSent { message: u128 },
    MessageSettled { message: u128 },
    AttemptBegun { attempt: u16, lease: i64 },
    AcceptedByProvider { provider: Box<str> },
}

/// What is settled about a conversation when it opens.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) struct Opening {
    pub(crate) task: u128,
    pub(crate) customer: u128,
    pub(crate) previous: Option<u128>,
    pub(crate) address: u64,
    pub(crate) entry_point: u32,
    /// Who wrote first, where an agent did.
    pub(crate) agent: Option<u32>,
}

/// What is settled about a message when it is made.
#[derive(Debug)]
#[expect(dead_code, reason = "written, as the library writes it")]
pub(crate) struct Made {
    pub(crate) conversation: u128,
    pub(crate) text: Arc<str>,
    pub(crate) not_after: i64,
    pub(crate) number: u32,
    pub(crate) by: Option<u32>,
}
